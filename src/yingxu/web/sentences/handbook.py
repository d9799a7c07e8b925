"""Refusals of posts and of the handbook, in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from yingxu.ground.refusals import Refusal
from yingxu.team import refusals as team

SENTENCES: dict[type[Refusal], Callable[[Any], str]] = {
    team.PostCodeTaken: lambda r: (
        _("There is a post with the code %(code)s already; take another code.") % {"code": r.name}
    ),
    team.EmptyPost: lambda r: _("A post needs at least one service line or one item."),
    team.NotOfTeam: lambda r: (
        _("%(name)s does not work in %(team)s; a post is held by its own team.") % {"name": r.person, "team": r.team}
    ),
    team.PostHeldAlready: lambda r: _("%(name)s holds the post %(post)s already.") % {"name": r.person, "post": r.post},
    team.NothingToRead: lambda r: _("You have signed for this already, or it is not in your handbook."),
    team.ReadingChanged: lambda r: _(
        "The standard or the questions changed since you opened the page. Read it as it is now and answer again."
    ),
    team.SignForAnother: lambda r: _("Everybody signs for themselves, with their own account."),
}
