"""The one thing that acts before a person has looked: a rule of the urgent facts that fires (domain 2.1)."""

from __future__ import annotations

from dataclasses import dataclass

from yingxu.core.language import propose
from yingxu.core.language.danger import alarms, worth_searching
from yingxu.core.language.numbers import half_width

#: Channels whose words nobody in need has just said: a retold log, what a plan writes.
_NOT_HEARD = frozenset({"log", "plan"})


@dataclass(frozen=True)
class RuleHit:
    """A rule of class P1 and the verbatim words that set it off."""

    rule: str
    words: str


def rule_hit(text: str, *, channel: str) -> RuleHit | None:
    """Return the P1 rule that ``text`` sets off for what it seems to ask for, whichever item was chosen; else None.

    Budget: none; a few microseconds unless a rule fires, a millisecond then.
    """
    if channel in _NOT_HEARD:
        return None
    smooth = half_width(text)
    if not any(rule.priority == 1 and rule.words.search(smooth) for rule in worth_searching(smooth)):
        return None
    proposal = propose(text)
    if not proposal.is_p1_by_rule:
        return None
    fired = (alarm for alarm in alarms(smooth) if alarm.rule.priority == 1)
    holding = next((alarm for alarm in fired if alarm.holds_for(proposal.item)), None)
    return RuleHit(holding.rule.code, holding.words[:64]) if holding is not None else None
