"""A proposal for one text: line, item, urgency, danger, places, how many problems, and why."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from yingxu.core.language.bare import is_bare
from yingxu.core.language.book import catalogue, line_of
from yingxu.core.language.danger import alarms
from yingxu.core.language.english import is_english, propose_item
from yingxu.core.language.finals import DANGER_FROM, chance, facts_of, sureness_facts, urgency_of
from yingxu.core.language.numbers import half_width
from yingxu.core.language.places import places_in
from yingxu.core.language.reasons import deciding_words
from yingxu.core.language.scorer import Table, shipped_table
from yingxu.core.language.splitting import asked_for, several_facts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from yingxu.core.language.danger import Alarm

N_ALTERNATIVES: Final = 4
#: Characters read at most.
READ_AT_MOST: Final = 2000
#: From this chance on, a text is said to hold several problems.
SEVERAL_FROM: Final = 0.12
#: A clause with less than this share asks for nothing of its own.
CLAUSE_FROM: Final = 0.2
MOST_PROBLEMS: Final = 4


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the text seems to ask for; a person sees it with its reasons and decides, only P1 by rule acts at once.

    Attributes
    ----------
    line, item : str
        Service line and item code of the main problem.
    items : tuple of str
        All items found, the main one first; `problems` is their number.
    priority : int
        1 (most urgent) to 4.
    is_danger : bool
        The text reports a present or just-happened hazard.
    places : tuple of str
        Verbatim substrings of the text.
    reasons : tuple of str
        Words that decided, verbatim, then ``RULE: words`` for each rule that fired.
    confidence : float
        Estimated probability 0..1 that the item is right.
    alternatives : tuple of str
        Other item codes, best first.
    is_p1_by_rule : bool
        The priority is 1 and a P1 rule of the item's line fired: this alone may act before a person has looked.
    is_bare : bool
        The text asks for nothing (thanks, a greeting, a trial, signs alone): nothing to do was recognised.
    """

    line: str
    item: str
    items: tuple[str, ...]
    priority: int
    is_danger: bool
    places: tuple[str, ...]
    reasons: tuple[str, ...]
    confidence: float
    alternatives: tuple[str, ...]
    is_p1_by_rule: bool = False
    is_bare: bool = False

    @property
    def problems(self) -> int:
        """Number of service items asked for."""
        return len(self.items)


def propose(text: str, table: Table | None = None) -> Proposal:
    """Return the proposal for `text`.

    Parameters
    ----------
    text : str
        As written; may be empty, which reads as "too little said"; only the first `READ_AT_MOST` characters are read.
    table : Table, optional
        A trained table; the shipped one by default.
    """
    smooth = half_width(text[:READ_AT_MOST])
    table = table or shipped_table()
    places = tuple(places_in(text[:READ_AT_MOST], table.finals["final_place"], table.finals.get("final_place_end")))
    if not smooth.strip():
        return _unclear(places)
    if is_bare(smooth):
        return replace(_unclear(places), priority=4, reasons=(text.strip()[:40],), is_bare=True)
    if is_english(smooth):
        item, priority, danger, words = propose_item(smooth)
        return Proposal(
            line_of(item),
            item,
            (item,),
            priority,
            danger,
            places,
            words,
            0.5 if words else 0.1,
            ("gen.unclear",) if words else (),
        )
    fired = list(alarms(smooth))
    reading = table.read(smooth, fired)
    order = np.argsort(-reading.items, kind="stable")
    top = int(order[0])
    item = table.items[top]
    facts = facts_of(smooth, reading, fired, table.items)
    holding = [alarm for alarm in fired if alarm.holds_for(item)]
    priority, is_danger = _urgency_and_danger(table, facts, reading.told, holding)
    return Proposal(
        line=line_of(item),
        item=item,
        items=(item, *_others(smooth, item, table, fired)),
        priority=priority,
        is_danger=is_danger,
        places=places,
        reasons=(
            *deciding_words(table, reading, top, smooth),
            *(f"{alarm.rule.code}: {alarm.words}" for alarm in holding),
        ),
        confidence=round(chance(table.finals["final_sureness"], sureness_facts(reading)), 3),
        alternatives=tuple(table.items[int(i)] for i in order[1 : 1 + N_ALTERNATIVES]),
        is_p1_by_rule=priority == 1 and any(alarm.rule.priority == 1 for alarm in holding),
    )


def _urgency_and_danger(
    table: Table, facts: NDArray[np.float64], told: NDArray[np.float64], holding: Sequence[Alarm]
) -> tuple[int, bool]:
    """Return urgency and danger. What a house told may raise anything, and lower only what no rule stands behind."""
    weights, danger = table.finals["final_urgency"], table.finals["final_danger"]
    priority = urgency_of(weights, facts, told[:4])
    is_danger = chance(danger, facts, float(told[4])) >= DANGER_FROM
    if told.any():
        if any(alarm.rule.priority == 1 for alarm in holding) and urgency_of(weights, facts) == 1:
            priority = 1
        if any(alarm.rule.is_danger for alarm in holding) and chance(danger, facts) >= DANGER_FROM:
            is_danger = True
    return (min(priority, 2) if is_danger else priority), is_danger


def _others(text: str, main: str, table: Table, fired: Sequence[Alarm]) -> tuple[str, ...]:
    others = asked_for(text, main, table, fired)
    if not others or chance(table.finals["final_several"], several_facts(text, others)) < SEVERAL_FROM:
        return ()
    sure = [asked.item for asked in others if asked.share >= CLAUSE_FROM]
    return tuple(sure[: MOST_PROBLEMS - 1] or [others[0].item])


def _unclear(places: tuple[str, ...]) -> Proposal:
    item = catalogue()["gen.unclear"]
    return Proposal(line_of(item.code), item.code, (item.code,), item.priority, False, places, (), 1.0, ())
