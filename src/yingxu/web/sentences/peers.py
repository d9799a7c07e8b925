"""Refusals of peer checks, in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from yingxu.ground.refusals import Refusal
from yingxu.verify import refusals as verify
from yingxu.web.peers.words import outcome_word

SENTENCES: dict[type[Refusal], Callable[[Any], str]] = {
    verify.LookedAlready: lambda r: (
        _("This look is over already (%(outcome)s).") % {"outcome": outcome_word(r.outcome)}
    ),
    verify.NobodyToAsk: lambda r: (
        _("There is nobody else of the skill to ask about %(number)s who had no hand in it and was not asked before.")
        % {"number": r.number}
    ),
}
