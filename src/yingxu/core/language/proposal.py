"""A proposal for one text: line, item, urgency, danger, places, how many problems, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from yingxu.core.language.book import LINE_OF_ITEM, catalogue
from yingxu.core.language.danger import Alarm, alarms
from yingxu.core.language.numbers import half_width
from yingxu.core.language.places import places_in
from yingxu.core.language.reasons import deciding_words
from yingxu.core.language.scorer import Reading, Table, shipped_table

if TYPE_CHECKING:
    from numpy.typing import NDArray

N_ALTERNATIVES: Final = 4
READ_AT_MOST: Final = 2000


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the text seems to ask for; a person sees it with its reasons and decides, only P1 by rule acts at once.

    Attributes
    ----------
    item, line : str
        Item code of the main problem and its service line.
    items : tuple of str
        All items found, the main one first; `problems` is their number.
    priority : int
        1 (most urgent) to 4.
    is_danger : bool
        The text reports a present or just-happened hazard.
    places : tuple of str
        Verbatim substrings of the text.
    reasons : tuple of str
        Words that decided, verbatim, and codes of rules that fired.
    confidence : float
        Estimated probability 0..1 that the item is right.
    alternatives : tuple of str
        Other item codes, best first.
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

    @property
    def problems(self) -> int:
        """Number of service items asked for."""
        return len(self.items)


def propose(text: str, table: Table | None = None) -> Proposal:
    """Return the proposal for `text`.

    Parameters
    ----------
    text : str
        As written; may be empty; only the first `READ_AT_MOST` characters are read.
    table : Table, optional
        A trained table; the shipped one by default.
    """
    table = table or shipped_table()
    smooth = half_width(text[:READ_AT_MOST])
    reading = table.read(smooth)
    order = np.argsort(-reading.items, kind="stable")
    item = table.items[int(order[0])]
    fired = [alarm for alarm in alarms(smooth) if alarm.holds_for(item)]
    danger = any(alarm.rule.is_danger for alarm in fired) or reading.extra["danger"] > 0
    priority = min([catalogue()[item].priority, *(alarm.rule.priority for alarm in fired)])
    if danger:
        priority = min(priority, 2)
    return Proposal(
        line=LINE_OF_ITEM(item),
        item=item,
        items=(item,),
        priority=priority,
        is_danger=danger,
        places=tuple(places_in(text[:READ_AT_MOST])),
        reasons=tuple(deciding_words(table, reading, int(order[0]), smooth)) + tuple(f"{a.rule.code}: {a.words}" for a in fired),
        confidence=_share_of_first(reading.items[order]),
        alternatives=tuple(table.items[int(i)] for i in order[1 : 1 + N_ALTERNATIVES]),
    )


def _share_of_first(ranked: NDArray[np.float64]) -> float:
    shares = np.exp(4.0 * (ranked - ranked[0]))
    return round(float(shares[0] / shares.sum()), 3)


__all__ = ["Alarm", "Proposal", "Reading", "propose"]
