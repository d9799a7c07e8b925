"""Refusals of call-backs, in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from yingxu.ground.refusals import Refusal
from yingxu.verify import refusals
from yingxu.web.facts.calls import outcome_word

SENTENCES: dict[type[Refusal], Callable[[Any], str]] = {
    refusals.AlreadyAsked: lambda refusal: (
        _("Somebody was quicker: this call is settled already (%(outcome)s).")
        % {"outcome": outcome_word(refusal.outcome)}
    ),
    refusals.WorkGoesOn: lambda refusal: (
        _("The work on %(number)s was taken up again. Ask when it is finished; the call stays on the list.")
        % {"number": refusal.number}
    ),
}
