"""Refusals of call-backs, in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from yingxu.ground.refusals import Refusal
from yingxu.verify import refusals


def _settled(refusal: refusals.AlreadyAsked) -> str:
    from yingxu.web.callbacks.words import outcome_word  # the sentences of facts know screens that know refusals

    return _("Somebody was quicker: this call is settled already (%(outcome)s).") % {
        "outcome": outcome_word(refusal.outcome)
    }


SENTENCES: dict[type[Refusal], Callable[[Any], str]] = {
    refusals.AlreadyAsked: _settled,
    refusals.WorkGoesOn: lambda refusal: (
        _("The work on %(number)s was taken up again. Ask when it is finished; the call stays on the list.")
        % {"number": refusal.number}
    ),
}
