"""What is to be made ready: the list, one of them, how many alarm."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.refusals import Malformed, NotFound
from yingxu.upkeep.models import Preparation, PreparationState
from yingxu.upkeep.reads import where_of


@dataclass(frozen=True)
class PreparationRow:
    """A preparation as a list shows it; ``shown``: ready, skipped, open, near, late (past its day)."""

    id: UUID
    text: str
    text_en: str
    occasion_id: UUID
    occasion_name: str
    occasion_name_en: str
    begins_on: date
    due_on: date
    shown: str
    #: Days until its day; less than none: so many past it.
    days_left: int
    is_short: bool
    owner_name: str
    owner_name_en: str
    line_code: str
    request_id: UUID
    number: str
    request_state: str
    note: str
    ended_at: datetime | None
    ended_by: str


@dataclass(frozen=True)
class PreparationPage:
    """A page of preparations by their day."""

    rows: tuple[PreparationRow, ...]
    next: str


#: What a list can be narrowed to.
SHOWN = ("open", "late", "unowned", "mine", "over")
_NEAR = 7


def preparations(
    actor: Actor,
    site_id: int,
    *,
    today: date,
    shown: str = "open",
    occasion_id: UUID | None = None,
    after: str = "",
    limit: int = 30,
) -> PreparationPage:
    """Return preparations that the actor may see, the next day first (what is over: the last first).

    Refuses: NotAllowed, Malformed (the cursor). Budget: one query.
    """
    authority.require(actor, "lookahead.read", where=Where(site_id))
    rows = Preparation.objects.filter(authority.visible(actor, "lookahead.read"), site_id=site_id)
    is_over = shown == "over"
    if occasion_id is not None:
        rows = rows.filter(occasion__uid=occasion_id)
    if is_over:
        rows = rows.exclude(state=PreparationState.OPEN)
    elif shown != "all":
        rows = rows.filter(state=PreparationState.OPEN)
    narrower = {"late": Q(due_on__lt=today), "unowned": Q(owner=None), "mine": Q(owner_id=actor.account_id)}
    rows = rows.filter(narrower.get(shown, Q()))
    if after:
        on, key = _cursor(after)
        beyond = Q(due_on__lt=on) | Q(due_on=on, id__lt=key) if is_over else Q(due_on__gt=on) | Q(due_on=on, id__gt=key)
        rows = rows.filter(beyond)
    order = ("-due_on", "-id") if is_over else ("due_on", "id")
    found = list(rows.select_related("occasion", "owner", "request", "ended_by").order_by(*order)[: limit + 1])
    last = found[limit - 1] if len(found) > limit else None
    page = tuple(_preparation(row, today) for row in found[:limit])
    return PreparationPage(page, f"{last.due_on.isoformat()}.{last.pk}" if last is not None else "")


def _cursor(said: str) -> tuple[date, int]:
    on, _dot, key = said.partition(".")
    try:
        return date.fromisoformat(on), int(key)
    except ValueError:
        raise Malformed(field="after", problem="wrong_type") from None


def _preparation(row: Preparation, today: date) -> PreparationRow:
    left = (row.due_on - today).days
    shown: str = row.state
    if shown == PreparationState.OPEN:
        shown = "late" if left < 0 else "near" if left <= _NEAR else "open"
    return PreparationRow(
        row.uid,
        row.text,
        row.text_en,
        row.occasion.uid,
        row.occasion.name,
        row.occasion.name_en,
        row.begins_on,
        row.due_on,
        shown,
        left,
        row.is_short,
        row.owner.name if row.owner is not None else "",
        row.owner.name_en if row.owner is not None else "",
        row.line_code,
        row.request.uid,
        row.request.number,
        row.request.shown_state,
        row.note,
        row.ended_at,
        row.ended_by.name if row.ended_by is not None else "",
    )


@dataclass(frozen=True)
class PreparationDetail:
    """One preparation, and what the actor may do with it."""

    row: PreparationRow
    may_answer: bool
    may_assign: bool
    may_skip: bool
    may_postpone: bool


def preparation_for(actor: Actor, preparation_id: UUID, *, today: date) -> PreparationDetail:
    """Return one preparation. Refuses: NotFound (also to who may not see it). Budget: one query."""
    rows = Preparation.objects.filter(authority.visible(actor, "lookahead.read"), uid=preparation_id)
    row = rows.select_related("occasion", "owner", "request", "ended_by").first()
    if row is None:
        raise NotFound(kind="preparation", name=str(preparation_id))
    where, is_open = where_of(row), row.state == PreparationState.OPEN
    acts = ("answer", "assign", "skip", "postpone")
    return PreparationDetail(
        _preparation(row, today), *(is_open and authority.may(actor, f"lookahead.{act}", where=where) for act in acts)
    )


def n_alarms(actor: Actor, site_id: int, *, today: date) -> int:
    """Return how many preparations are late or nobody's, of those that the actor may see. Budget: one query."""
    rows = Preparation.objects.filter(authority.visible(actor, "lookahead.read"), site_id=site_id)
    return rows.filter(Q(owner=None) | Q(due_on__lt=today), state=PreparationState.OPEN).count()


def preparation_of_request(actor: Actor, request_key: int) -> UUID | None:
    """Return the preparation that a request was raised for, where the actor may see it. Budget: one query."""
    rows = Preparation.objects.filter(authority.visible(actor, "lookahead.read"), request_id=request_key)
    return rows.values_list("uid", flat=True).first()
