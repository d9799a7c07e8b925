"""Refusals of transport, in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from yingxu.ground.refusals import Refusal
from yingxu.web.templatetags.yingxu import is_english
from yingxu.work import refusals


def _differ(refusal: refusals.IdentifiersDiffer) -> str:
    names = {"first": _("the first identifier"), "second": _("the second identifier")}
    which = _(", ").join(names[one] for one in refusal.which)
    return _(
        "Stop: %(which)s does not agree with job %(number)s. Nothing was accepted. Keep the load where it is and call."
    ) % {"which": which, "number": refusal.number}


def _scanned(refusal: refusals.AlreadyScanned) -> str:
    names = {
        "taken": _("The load of %(number)s was taken over already."),
        "given": _("The load of %(number)s was handed over already."),
        "delay": _("%(number)s stands still already; say first that it goes on."),
    }
    return names.get(refusal.kind, names["taken"]) % {"number": refusal.number}


SENTENCES: dict[type[Refusal], Callable[[Any], str]] = {
    refusals.IdentifiersDiffer: _differ,
    refusals.AlreadyScanned: _scanned,
    refusals.LoadCarried: lambda refusal: (
        _("%(number)s is on the way in somebody's hands: have it handed over or brought back first, then call it off.")
        % {"number": refusal.number}
    ),
    refusals.ScanNeeded: lambda refusal: (
        _("“%(step)s” is done by taking over or handing over with both identifiers, not by typing a number here.")
        % {"step": (refusal.step_en if is_english() else "") or refusal.step}
    ),
    refusals.NotTaken: lambda refusal: _("The load of %(number)s was not taken over yet.") % {"number": refusal.number},
}
