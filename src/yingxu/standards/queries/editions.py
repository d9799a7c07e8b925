"""Questions to the editions: under which one something is asked, what it promises and what it asks of the worker.

Editions never change once in force, so terms and procedures are kept in the process by their key.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from yingxu.ground.models import Contract, Place
from yingxu.ground.queries import PlaceRow
from yingxu.ground.refusals import NotFound
from yingxu.ground.unit import recalled, run_prepared
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
    """What one read tells of an asking: the place, the item with its edition, who serves it, and the site's zone."""

    place: PlaceRow | None
    item: ItemRow | None
    contract_id: int | None
    party_id: int | None


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


# the hot read, in SQL: the place by code, key or printed token, the item by code, the most specific contract in force
_ASKING = """
WITH p AS (
    SELECT p.id, p.uid, p.site_id, p.code, p.kind, p.name, p.name_en, p.full_name, p.full_name_en, p.path,
           p.place_class, p.department_id, p.floor_no
    FROM ground_place p
    WHERE p.site_id = %s AND p.is_active AND (p.code = %s OR p.id = %s)
    LIMIT 1
), i AS (
    SELECT i.id, i.code, i.name, i.name_en, i.kind, i.line_id, l.code AS line_code, i.default_priority,
           i.is_answered_only, i.is_place_needed, i.minutes, e.id AS edition_id
    FROM standards_item i
    JOIN standards_line l ON l.id = i.line_id
    JOIN standards_edition e ON e.item_id = i.id AND e.state = 'in_force'
    WHERE i.site_id = %s AND i.code = %s AND i.state = 'active'
)
SELECT p.*, i.*, c.id, c.party_id
FROM (SELECT 1) AS one
LEFT JOIN p ON true
LEFT JOIN i ON true
LEFT JOIN LATERAL (
    SELECT c.id, c.party_id
    FROM ground_contract c
    LEFT JOIN ground_place cp ON cp.id = c.place_id
    WHERE c.site_id = %s AND i.id IS NOT NULL AND c.line_code IN (i.line_code, '') AND c.period @> %s::date
      AND (cp.id IS NULL OR p.path LIKE cp.path || '%%')
    ORDER BY (c.line_code <> '') DESC, length(coalesce(cp.path, '')) DESC, c.id
    LIMIT 1
) c ON true
"""
_N_PLACE = len(PlaceRow.__dataclass_fields__)
_N_ITEM = len(ItemRow.__dataclass_fields__)


def asking(
    site_id: int, *, on: date, item_code: str | None = None, place_code: str | None = None, place_id: int | None = None
) -> Asking:
    """Return the place, the item and the contract that an asking concerns, in one read.

    Refuses: NotFound for a place or an item that is named and not known (or not active). Budget: one query.
    """
    values = (site_id, place_code, place_id, site_id, item_code, site_id, on)
    row = recalled(
        ("asking", values), lambda: run_prepared(_ASKING, values)[0], of=(Place, Item, Line, Edition, Contract)
    )
    place = PlaceRow(*row[:_N_PLACE]) if row[0] is not None else None
    if place is None and (place_code or place_id):
        raise NotFound(kind="place", name=place_code or str(place_id))
    item = ItemRow(*row[_N_PLACE : _N_PLACE + _N_ITEM]) if row[_N_PLACE] is not None else None
    if item is None and item_code:
        raise NotFound(kind="item", name=item_code)
    return Asking(place, item, row[-2], row[-1])


@lru_cache(maxsize=4096)
def terms_of(edition_id: int) -> tuple[TermRow, ...]:
    """Return an edition's promise terms. Budget: one query, once a process."""
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


@lru_cache(maxsize=256)
def default_edition(site_id: int) -> int:
    """Return the edition that a request without an item stands under. Budget: one query, once a process."""
    key = (
        Edition.objects.filter(site_id=site_id, item__code="gen.unclear", state="in_force")
        .values_list("id", flat=True)
        .first()
    )
    if key is None:
        raise NotFound(kind="item", name="gen.unclear")
    return key


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
def _edition_in_force(site_id: int, item_code: str) -> int | None:
    rows = Edition.objects.filter(site_id=site_id, item__code=item_code, state="in_force")
    return rows.values_list("id", flat=True).first()


def procedure_in_force(site_id: int, item_code: str) -> ProcedureRow:
    """Return what the item's edition in force asks; refuses: NotFound. Budget: two queries, once a process."""
    key = _edition_in_force(site_id, item_code)
    if key is None:
        raise NotFound(kind="item", name=item_code)
    return procedure_of(key)


def promised_words(
    site_id: int, item_code: str, *, priority: int | None = None, place_class: str = ""
) -> dict[str, TermRow]:
    """Return what would be promised if the item were asked for now, by milestone. Budget: two queries at most."""
    row = (
        Edition.objects.filter(site_id=site_id, item__code=item_code, state="in_force")
        .values_list("id", "item__default_priority")
        .first()
    )
    if row is None:
        raise NotFound(kind="item", name=item_code)
    return terms_at(row[0], priority=priority or row[1], place_class=place_class)


def forget() -> None:
    """Forget the editions kept in the process. Budget: no query."""
    terms_of.cache_clear()
    default_edition.cache_clear()
    procedure_of.cache_clear()
    _edition_in_force.cache_clear()
