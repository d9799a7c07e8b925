"""One text read for the desk: each field with the words that decided, and what is still missing as a question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from yingxu.core.language import propose
from yingxu.core.language.danger import alarms
from yingxu.core.language.numbers import half_width
from yingxu.core.language.proposal import Proposal
from yingxu.core.language.splitting import asked_for
from yingxu.demand.likely import named_in_english
from yingxu.demand.triage.tables import InUse, PlaceName, Tree
from yingxu.demand.triage.twins import Twin
from yingxu.standards.queries import CatalogueRow

#: From this chance on an item is proposed; below it the desk is asked to choose.
SURE_FROM = 0.35
_CJK = re.compile(r"[\u3400-\u9fff]")
#: Kinds of places that are too wide to walk to.
_WIDE = frozenset({"campus", "building", "floor"})
#: Kinds that hold rooms.
_WITH_ROOMS = _WIDE | {"ward", "department"}
#: Lines whose work stands at one point: a tap, a lamp, a bed.
_AT_A_POINT = frozenset({"PLB", "ELE", "FUR", "BLD", "HVA", "ITT", "GAS"})
_MOVES = frozenset({"ESC", "DLV"})
#: From this share on a clause of another line is offered as a problem of its own.
CLAUSE_FROM = 0.5
#: Where two complaints run on without a stop: 马桶堵了灯也不亮.
_ALSO = re.compile(r"(?<=[了坏断])(?=[^\s,了]{1,3}也(?:不|没|坏|漏|堵|断|掉|松|关|打))")
_TO = re.compile(r"到|去|往|至|回|转.*科")


@dataclass(frozen=True)
class Read:
    """What a text seems to ask for. ``question`` is a code of what is missing: item, place, building, room, lift,
    route, phone; empty when nothing is.
    """

    version: int
    item: CatalogueRow | None
    runners_up: tuple[CatalogueRow, ...]
    #: All problems found, the main one first.
    problems: tuple[CatalogueRow, ...]
    confidence: float
    priority: int
    is_danger: bool
    is_p1_by_rule: bool
    #: Verbatim words that decided the item; words that set off a rule of urgency.
    words: tuple[str, ...]
    danger_words: tuple[str, ...]
    place: PlaceName | None
    place_words: tuple[str, ...]
    #: Places that the words fit equally well.
    places: tuple[PlaceName, ...]
    question: str
    #: Verbatim names of places that the text holds.
    said_places: tuple[str, ...] = ()
    item_codes: tuple[str, ...] = ()
    twins: tuple[Twin, ...] = ()
    #: The words ask for nothing: thanks, a greeting, a trial.
    is_bare: bool = False


def read(
    text: str,
    *,
    catalogue: Sequence[CatalogueRow],
    tree: Tree,
    in_use: InUse,
    near: str = "",
    place_code: str = "",
    has_phone: bool = False,
) -> Read:
    """Return what ``text`` seems to ask for at a site. ``near``: code of a place around the asker, for a tie.

    ``place_code``: the place that is known already; only a place within it says more.

    Budget: none; some two milliseconds.
    """
    said = text.strip()
    proposal = propose(said, in_use.table)
    known = {row.code: row for row in catalogue}
    item, runners = _items(said, proposal, catalogue, known)
    found = _places(said, proposal, tree, near or place_code)
    if place_code in tree.keys:
        known_place = tree.rows[tree.keys[place_code]]
        within = tuple(one for one in found if one.path.startswith(known_place.path))
        found = within if len(within) == 1 else (known_place,)
    place = found[0] if len(found) == 1 else None
    priority = proposal.priority if _CJK.search(said) or item is None else item.default_priority
    words, fired = _reasons(said, proposal)
    codes = proposal.items if _CJK.search(said) else ((item.code,) if item else ("gen.unclear",))
    return Read(
        version=in_use.number,
        item=item,
        runners_up=runners,
        problems=_problems(said, proposal, known, in_use),
        confidence=proposal.confidence,
        priority=priority,
        is_danger=proposal.is_danger,
        is_p1_by_rule=proposal.is_p1_by_rule,
        words=words,
        danger_words=fired if proposal.is_danger or proposal.priority <= 2 else (),
        place=place,
        place_words=() if place_code else _place_words(said, tree, found, near, proposal),
        places=found if len(found) > 1 else (),
        question=_question(item, place, found, priority, said, has_phone=has_phone),
        said_places=proposal.places,
        item_codes=codes,
        is_bare=proposal.is_bare,
    )


def _items(
    said: str, proposal: Proposal, catalogue: Sequence[CatalogueRow], known: dict[str, CatalogueRow]
) -> tuple[CatalogueRow | None, tuple[CatalogueRow, ...]]:
    if proposal.is_bare:
        return None, ()
    if not _CJK.search(said):
        rows = named_in_english(said, catalogue)
        return (rows[0] if rows else None), rows[1:3]
    rows = tuple(known[code] for code in (proposal.item, *proposal.alternatives) if code in known)
    if not rows:
        return None, ()
    if proposal.confidence < SURE_FROM or proposal.item not in known:
        return None, rows[:3]
    return rows[0], rows[1:3]


def _problems(said: str, proposal: Proposal, known: dict[str, CatalogueRow], in_use: InUse) -> tuple[CatalogueRow, ...]:
    """Return all problems when there are several. A desk sees what it is offered: a sure clause of another line is
    offered where the command line, which nobody looks over, stays silent.
    """
    codes = list(proposal.items)
    if len(codes) == 1 and not proposal.is_bare:
        smooth = _ALSO.sub(",", half_width(said))
        fired = list(alarms(smooth))
        codes += [
            asked.item
            for asked in asked_for(smooth, proposal.item, in_use.table, fired)
            if asked.share >= CLAUSE_FROM and asked.item.split(".")[0] not in {proposal.item.split(".")[0], "gen"}
        ][:2]
    rows = tuple(known[code] for code in codes if code in known)
    return rows if len(rows) > 1 else ()


def _places(said: str, proposal: Proposal, tree: Tree, near: str) -> tuple[PlaceName, ...]:
    around = [tree.keys[near]] if near in tree.keys else []
    around = [*around, *tree.places.above(around[0])[:1]] if around else []
    found = tree.places.find(said, spans=proposal.places, near=around)
    return tuple(tree.rows[one.key] for one in found)


def _place_words(said: str, tree: Tree, found: tuple[PlaceName, ...], near: str, proposal: Proposal) -> tuple[str, ...]:
    if not found:
        return ()
    around = [tree.keys[near]] if near in tree.keys else []
    return tree.places.find(said, spans=proposal.places, near=around)[0].words


def _reasons(said: str, proposal: Proposal) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the words that decided, those that overlap as one, and the words that set off rules."""
    words, fired = [], []
    for reason in proposal.reasons:
        rule, mark, heard = reason.partition(": ")
        if mark and rule.replace("_", "").isupper() and rule.isascii():
            fired.append(heard)
        else:
            words.append(reason)
    return _joined(said, words), tuple(dict.fromkeys(fired))


def _joined(said: str, words: Sequence[str]) -> tuple[str, ...]:
    """Return the words as they stand in the text, those that touch or overlap as one piece."""
    marked: set[int] = set()
    for word in words:
        start = said.find(word)
        marked |= set(range(start, start + len(word))) if start >= 0 else set()
    pieces, at = [], 0
    while at < len(said):
        end = at
        while end in marked:
            end += 1
        if end > at:
            pieces.append(said[at:end])
        at = max(end, at + 1)
    return tuple(pieces) or tuple(words)


def _question(
    item: CatalogueRow | None,
    place: PlaceName | None,
    found: tuple[PlaceName, ...],
    priority: int,
    said: str,
    *,
    has_phone: bool,
) -> str:
    """Return what to ask the asker: one thing, the most needed first; it never stops anybody from being taken in."""
    if not said:
        return ""
    if item is None or item.code == "gen.unclear":
        return "item"
    line = item.code.split(".")[0].upper()
    if len(found) > 1:
        return "lift" if line == "ELV" else "which"
    if place is None:
        if line == "ELV":
            return "lift"
        return "phone" if priority == 1 and not has_phone else "place"
    if line == "ELV" and place.kind in _WITH_ROOMS:
        return "lift"
    if line in _MOVES and not _TO.search(said):
        return "route"
    if place.kind in _WIDE or (place.kind in _WITH_ROOMS and line in _AT_A_POINT):
        return "room"
    return ""
