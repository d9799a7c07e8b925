"""Questions to the editions: under which one something is asked, what it promises and what it asks of the worker.

Editions never change once in force, so terms and procedures are kept in the process by their key.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from yingxu.ground.kept import keep, kept, may_rely
from yingxu.ground.models import Contract, Place
from yingxu.ground.queries import PlaceRow
from yingxu.ground.refusals import NotFound
from yingxu.ground.unit import Unit, recalled, run_prepared
from yingxu.standards.forms import Field, fields_of
from yingxu.standards.models import Edition, Item, Line, Term


@dataclass(frozen=True)
class TermRow:
    """A promised milestone: seconds of service time by a calendar, and the share that is promised."""

    priority: int
    milestone: str
    place_class: str
    limit_s: int
    percentile: float
    calendar_id: int
    is_pausable: bool


@dataclass(frozen=True)
class ItemRow:
    """A catalogue item with its edition in force."""

    id: int
    code: str
    name: str
    name_en: str
    kind: str
    line_id: int
    line_code: str
    default_priority: int
    is_answered_only: bool
    is_place_needed: bool
    minutes: int
    edition_id: int


@dataclass(frozen=True)
class Asking:
    """What one read tells of an asking: the place, the item with its edition, and who serves it.

    ``default_edition_id``: where no item is named, the edition that such an asking stands under.
    """

    place: PlaceRow | None
    item: ItemRow | None
    contract_id: int | None
    party_id: int | None
    default_edition_id: int | None = None
    #: The site's own form of the item; None stands for the library's.
    own_form: list[dict[str, Any]] | None = None

    def fields(self) -> tuple[Field, ...]:
        """Return what the item asks besides the words."""
        return fields_of(self.item.code, self.own_form) if self.item is not None else ()


@dataclass(frozen=True)
class ProcedureRow:
    """What an edition asks of the one who works."""

    edition_id: int
    number: int
    item_code: str
    goal: str
    goal_en: str
    requirement: str
    requirement_en: str
    steps: tuple[dict[str, Any], ...]
    evidence: dict[str, Any]


#: What an asking without an item stands under, until the desk knows better.
UNCLEAR = "gen.unclear"

# the hot read, in SQL: the place by code, key or printed token, the item by code with the spans of its editions, the
# contracts of its line in force that day, the most specific first; the moment and the place's branch stay outside, so
# that each part is read once however they come together
_ASKING = """
WITH p AS (
    SELECT p.id, p.uid, p.site_id, p.code, p.kind, p.name, p.name_en, p.full_name, p.full_name_en, p.path,
           p.place_class, p.department_id, p.floor_no
    FROM ground_place p
    WHERE p.site_id = %s AND p.is_active AND (p.code = %s OR p.id = %s)
    LIMIT 1
), i AS (
    SELECT i.id, i.code, i.name, i.name_en, i.kind, i.line_id, l.code AS line_code, i.default_priority,
           i.is_answered_only, i.is_place_needed, i.minutes, e.spans::text,
           i.form::text AS form
    FROM standards_item i
    JOIN standards_line l ON l.id = i.line_id
    JOIN LATERAL (
        SELECT json_agg(json_build_array(e.id, extract(epoch FROM e.from_at), e.state) ORDER BY e.from_at) AS spans
        FROM standards_edition e
        WHERE e.item_id = i.id AND e.from_at IS NOT NULL
    ) e ON e.spans IS NOT NULL
    WHERE i.site_id = %s AND i.code = coalesce(%s::text, 'gen.unclear') AND (i.state = 'active' OR %s::text IS NULL)
)
SELECT p.*, i.*, c.contracts, (SELECT value FROM ground_mark WHERE name = 'asking')
FROM (SELECT 1) AS one
LEFT JOIN p ON true
LEFT JOIN i ON true
LEFT JOIN LATERAL (
    SELECT json_agg(json_build_array(c.id, c.party_id, coalesce(cp.path, ''))
        ORDER BY (c.line_code <> '') DESC, length(coalesce(cp.path, '')) DESC, c.id)::text AS contracts
    FROM ground_contract c
    LEFT JOIN ground_place cp ON cp.id = c.place_id
    WHERE c.site_id = %s AND %s::text IS NOT NULL AND i.id IS NOT NULL AND c.line_code IN (i.line_code, '')
      AND c.period @> %s::date
) c ON true
"""
_N_PLACE = len(PlaceRow.__dataclass_fields__)
_N_ITEM = len(ItemRow.__dataclass_fields__)

#: An edition's key, the moment from which it is in force, its state; oldest first.
Span = tuple[int, datetime, str]


def in_force(spans: Sequence[Span], at: datetime | None) -> int:
    """Return the edition in force at a moment: the last to have begun by then, or the first of all before any had.

    Without a moment: the one whose state says so, which follows the spans within the clock's tick.
    """
    if at is None:
        return next((key for key, _, state in spans if state == "in_force"), spans[-1][0])
    return max((span for span in spans if span[1] <= at), key=lambda span: span[1], default=spans[0])[0]


def _spans(rows: Iterable[Sequence[Any]]) -> tuple[Span, ...]:
    return tuple((key, datetime.fromtimestamp(float(begins), UTC), state) for key, begins, state in rows)


@dataclass(frozen=True)
class _Offered:
    """An item as it can be asked for at any moment: in each of its editions by key, which of them holds when."""

    editions: dict[int, ItemRow]
    spans: tuple[Span, ...]
    own_form: list[dict[str, Any]] | None

    def at(self, moment: datetime | None) -> ItemRow:
        """Return the item with its edition in force at a moment."""
        return self.editions[in_force(self.spans, moment)]


#: A line's contract on a day: its key, its party, the branch of places that it serves.
_Contracts = tuple[tuple[int, int, str], ...]


def asking(
    site_id: int,
    *,
    on: date,
    at: datetime | None = None,
    item_code: str | None = None,
    place_code: str | None = None,
    place_id: int | None = None,
    unit: Unit | None = None,
) -> Asking:
    """Return the place, the item with its edition in force ``at`` a moment, and the contract, in one read.

    ``unit``: relies on what the process keeps of it, and on nothing having changed when it writes.
    Refuses: NotFound for a place or an item that is named and not known (or not active).
    Budget: one query, none where a unit relies on what is kept.
    """
    of_place = ("place", site_id, place_code, place_id)
    of_item = ("item", site_id, item_code)
    of_contracts = ("contracts", site_id, item_code, on)
    is_relied_on = unit is not None and may_rely()
    known = kept() if is_relied_on else None
    readings = known.readings if known is not None else {}
    place, offered = readings.get(of_place), readings.get(of_item)
    contracts = readings.get(of_contracts)
    if offered is None or contracts is None or (place is None and (place_code or place_id)):
        values = (site_id, place_code, place_id, site_id, item_code, item_code, site_id, item_code, on)
        row = recalled(
            ("asking", values), lambda: run_prepared(_ASKING, values)[0], of=(Place, Item, Line, Edition, Contract)
        )
        place, offered, contracts = _parts(row)
        if place is None and (place_code or place_id):
            raise NotFound(kind="place", name=place_code or str(place_id))
        if offered is None and item_code:
            raise NotFound(kind="item", name=item_code)
        if is_relied_on:
            known = keep(row[-1], {of_place: place, of_item: offered, of_contracts: contracts})
    if unit is not None and known is not None:
        unit.relies_on(known.mark)
    if offered is None:
        return Asking(place, None, None, None)
    item = offered.at(at)
    if not item_code:
        return Asking(place, None, None, None, default_edition_id=item.edition_id)
    path = place.path if place is not None else ""
    key, party_id = next(((key, party) for key, party, branch in contracts if path.startswith(branch)), (None, None))
    return Asking(place, item, key, party_id, own_form=offered.own_form)


def _parts(row: Sequence[Any]) -> tuple[PlaceRow | None, _Offered | None, _Contracts]:
    """Return the place, the item and the contracts of the one read."""
    place = PlaceRow(*row[:_N_PLACE]) if row[0] is not None else None
    contracts = tuple((key, party, branch) for key, party, branch in json.loads(row[-2] or "[]"))
    if row[_N_PLACE] is None:
        return place, None, contracts
    *values, said = row[_N_PLACE : _N_PLACE + _N_ITEM]
    spans, form = _spans(json.loads(said)), row[_N_PLACE + _N_ITEM]
    editions = {key: ItemRow(*(*values, key)) for key, _, _ in spans}
    return place, _Offered(editions, spans, json.loads(form) if form is not None else None), contracts


def terms_of(edition_id: int) -> tuple[TermRow, ...]:
    """Return an edition's promise terms; a draft has none yet. Budget: one query, once a process."""
    found = _terms(edition_id)
    if not found:
        _terms.cache_clear()  # they come with the approval: nothing is not remembered
    return found


@lru_cache(maxsize=4096)
def _terms(edition_id: int) -> tuple[TermRow, ...]:
    rows = Term.objects.filter(edition_id=edition_id).order_by("priority", "milestone", "place_class")
    return tuple(
        TermRow(t.priority, t.milestone, t.place_class, t.limit_s, float(t.percentile), t.calendar_id, t.is_pausable)
        for t in rows
    )


def terms_at(edition_id: int, *, priority: int, place_class: str) -> dict[str, TermRow]:
    """Return the terms for one priority, those for the class of place before the general ones, by milestone."""
    found: dict[str, TermRow] = {}
    for term in terms_of(edition_id):
        is_meant = term.priority == priority and term.place_class in ("", place_class)
        if is_meant and (term.place_class or term.milestone not in found):
            found[term.milestone] = term
    return found


def default_edition(site_id: int, *, at: datetime | None = None) -> int:
    """Return the edition that a request without an item stands under; refuses: NotFound. Budget: one query."""
    return edition_in_force(site_id, UNCLEAR, at=at)


def edition_in_force(site_id: int, item_code: str, *, at: datetime | None = None) -> int:
    """Return the key of an item's edition in force at a moment (now, when none is said); refuses: NotFound.

    Budget: one query.
    """
    spans = _spans_of(site_id, item_code)
    if not spans:
        raise NotFound(kind="item", name=item_code)
    return in_force(spans, at)


def has_standard(item_id: int, *, at: datetime) -> bool:
    """Tell whether an item has a standard in force at a moment. Budget: one query."""
    return Edition.objects.filter(item_id=item_id, from_at__lte=at).exclude(to_at__lte=at).exists()


def _spans_of(site_id: int, item_code: str) -> tuple[Span, ...]:
    rows = Edition.objects.filter(site_id=site_id, item__code=item_code, from_at__isnull=False).order_by("from_at")
    return tuple((key, begins, state) for key, begins, state in rows.values_list("id", "from_at", "state") if begins)


def items_in_force(item_ids: Iterable[int], *, at: datetime) -> dict[int, ItemRow]:
    """Return items by key with the edition in force at a moment; one without a standard is left out.

    Budget: one query.
    """
    spans: dict[int, list[Span]] = {}
    items: dict[int, Item] = {}
    rows = Edition.objects.filter(item_id__in=tuple(item_ids), from_at__isnull=False).order_by("from_at")
    for row in rows.select_related("item__line").defer("procedure", "basis", "draft_terms", "requirement", "goal"):
        spans.setdefault(row.item_id, []).append((row.pk, row.from_at or at, row.state))
        items[row.item_id] = row.item
    names = [name for name in ItemRow.__dataclass_fields__ if name not in {"line_code", "edition_id"}]
    return {
        key: ItemRow(
            **{name: getattr(item, name) for name in names},
            line_code=item.line.code,
            edition_id=in_force(spans[key], at),
        )
        for key, item in items.items()
    }


@lru_cache(maxsize=4096)
def procedure_of(edition_id: int) -> ProcedureRow:
    """Return an edition's procedure; refuses: NotFound. Budget: one query, once a process."""
    row = (
        Edition.objects.filter(pk=edition_id)
        .values_list(
            "id",
            "number",
            "item__code",
            "goal",
            "goal_en",
            "requirement",
            "requirement_en",
            "procedure",
            "item__evidence",
        )
        .first()
    )
    if row is None:
        raise NotFound(kind="edition", name=str(edition_id))
    return ProcedureRow(*row[:7], steps=tuple(row[7]), evidence=row[8])


@lru_cache(maxsize=4096)
def _kept_spans(site_id: int, item_code: str) -> tuple[Span, ...]:
    return _spans_of(site_id, item_code)


def procedure_in_force(site_id: int, item_code: str, *, at: datetime | None = None) -> ProcedureRow:
    """Return what the item's edition in force at a moment asks; refuses: NotFound. Budget: two, once a process.

    For the demo and for history, which ask again and again; what is published meanwhile is seen after :func:`forget`.
    """
    spans = _kept_spans(site_id, item_code)
    if not spans:
        raise NotFound(kind="item", name=item_code)
    return procedure_of(in_force(spans, at))


def promised_words(
    site_id: int, item_code: str, *, at: datetime | None = None, priority: int | None = None, place_class: str = ""
) -> dict[str, TermRow]:
    """Return what is promised if the item is asked for at a moment, by milestone. Budget: two queries at most."""
    rows = Edition.objects.filter(site_id=site_id, item__code=item_code, from_at__isnull=False).order_by("from_at")
    found = list(rows.values_list("id", "from_at", "state", "item__default_priority"))
    if not found:
        raise NotFound(kind="item", name=item_code)
    key = in_force([(key, begins, state) for key, begins, state, _ in found if begins], at)
    return terms_at(key, priority=priority or found[0][3], place_class=place_class)


def forget() -> None:
    """Forget the editions kept in the process. Budget: no query."""
    _terms.cache_clear()
    procedure_of.cache_clear()
    _kept_spans.cache_clear()
