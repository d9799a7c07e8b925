"""Refusals of supervisors, remarks and forums, in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from yingxu.ground.refusals import Refusal
from yingxu.voice.refusals import overseeing as voice


def _criterion(code: str) -> str:
    names = {
        "conscience": _("Conscientious"),
        "insight": _("Has insight"),
        "in_touch": _("Deals with the service often"),
    }
    return names.get(code, code)


SENTENCES: dict[type[Refusal], Callable[[Any], str]] = {
    voice.CriterionMissing: lambda r: (
        _("Say by what it shows: %(criterion)s. A supervisor is nominated by all three.")
        % {"criterion": _criterion(r.criterion)}
    ),
    voice.SupervisesAlready: lambda r: _("%(name)s is nominated or in office already.") % {"name": r.name},
    voice.ForumHeldAlready: lambda r: _("This month's forum was held; its minutes stand."),
    voice.FindingInWork: lambda r: (
        _(
            "Work on it is on its way under %(number)s: what comes of that is the answer. Until then promise a day "
            "(being studied), or have the work called off first."
        )
        % {"number": r.number}
    ),
    voice.RemarkNotOpen: lambda r: _("Somebody was faster: this is not open any more. Look at it again."),
}
