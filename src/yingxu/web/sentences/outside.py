"""Refusals about work that an outside company does, in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from yingxu.ground.refusals import Refusal
from yingxu.web.outside.words import dead_words
from yingxu.work import refusals

SENTENCES: dict[type[Refusal], Callable[[Any], str]] = {
    refusals.LinkEnded: lambda r: dead_words(r.why),
    refusals.OutsideAlready: lambda r: (
        _("Job %(number)s is with %(company)s already. Take that link back before you send another.")
        % {"number": r.number, "company": r.company}
    ),
    refusals.NoOneAnswers: lambda r: (
        _("%(name)s serves another line than job %(number)s; choose somebody of its line.")
        % {"name": r.name, "number": r.number}
        if r.name
        else _("Nobody here has job %(number)s yet: say who answers for it while the company works.")
        % {"number": r.number}
    ),
    refusals.CostTaken: lambda r: (
        _("The bill for job %(number)s is taken already; it can be struck on the page of costs.") % {"number": r.number}
    ),
    refusals.NotAccepted: lambda r: _("First say that you come and when."),
}
