"""Refusals of the look-ahead calendar, in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from yingxu.ground.refusals import Refusal
from yingxu.upkeep import refusals as upkeep

SENTENCES: dict[type[Refusal], Callable[[Any], str]] = {
    upkeep.OnCalendarAlready: lambda r: (
        _("%(name)s is on the calendar already: open it there and change its days.") % {"name": r.name}
    ),
    upkeep.NotOpenAnyMore: lambda r: _("Somebody was faster: this was made ready or left out. Look at it again."),
    upkeep.PreparationInWork: lambda r: (
        _("Somebody works on it under %(number)s: when that work is found good, it is ready.") % {"number": r.number}
    ),
    upkeep.AfterItBegins: lambda r: (
        _("It begins on %(day)s: it cannot be ready only after that.") % {"day": r.begins_on}
    ),
    upkeep.NobodyToTell: lambda r: _("Nobody with an account is touched by it; the announcement would reach nobody."),
}
