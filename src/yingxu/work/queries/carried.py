"""What a worker's phone carries for hours without signal: the parts of its jobs, what the stores hold, transports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Case, F, Sum, Value, When

from yingxu.ground.actor import Actor
from yingxu.work.custody import marks_of, normal
from yingxu.work.models import CustodyScan, Job, Level, Movement, Reservation, Shortage
from yingxu.work.queries.stores import seen_stores
from yingxu.work.transport import Transport, transports_of_jobs

#: A phone carries so much of a mark: enough to see a difference.
MARK = 16


@dataclass
class HeldPart:
    """So many of a part that a job has taken, and that are kept for it."""

    level_id: UUID
    used: Decimal = Decimal(0)
    kept: Decimal = Decimal(0)


@dataclass(frozen=True)
class LackedPart:
    """A part that a job waits for."""

    shortage_id: UUID
    part_id: UUID
    name: str
    name_en: str
    unit: str
    unit_en: str
    quantity: Decimal
    state: str


@dataclass
class CarriedParts:
    """What one job has and lacks."""

    held: dict[UUID, HeldPart] = field(default_factory=dict)
    lacking: list[LackedPart] = field(default_factory=list)


@dataclass(frozen=True)
class ShelfRow:
    """A part in a store, as a phone offers it."""

    level_id: UUID
    part_id: UUID
    store_id: UUID
    code: str
    name: str
    name_en: str
    spec: str
    unit: str
    unit_en: str
    is_whole: bool
    store_name: str
    store_name_en: str
    free: Decimal
    item_codes: tuple[str, ...]


def parts_of_jobs(job_ids: Iterable[UUID]) -> dict[UUID, CarriedParts]:
    """Return what these jobs, the reader's own, have and lack. Budget: three queries, none without jobs."""
    ids = list(job_ids)
    found = {one: CarriedParts() for one in ids}
    if not ids:
        return found
    used = Movement.objects.filter(job__uid__in=ids).values_list("job__uid", "level__uid")
    for job, level, n in used.annotate(n=-Sum("quantity")).order_by("job__uid", "level__uid"):
        if n:
            found[job].held[level] = HeldPart(level, used=n)
    kept = Reservation.objects.filter(job__uid__in=ids, ended_at=None).order_by("id")
    for job, level, n in kept.values_list("job__uid", "level__uid", "quantity"):
        found[job].held.setdefault(level, HeldPart(level)).kept = n
    lacking = Shortage.objects.filter(job__uid__in=ids, settled_at=None).order_by("asked_at", "id")
    columns = ("uid", "part__uid", "part__name", "part__name_en", "part__unit", "part__unit_en", "quantity", "state")
    for job, *row in lacking.values_list("job__uid", *columns):
        found[job].lacking.append(LackedPart(*row))
    return found


def shelves_carried(actor: Actor, site_id: int, item_codes: Iterable[str], *, limit: int = 400) -> tuple[ShelfRow, ...]:
    """Return what the stores hold that the actor may look into: first what these items of work usually need.

    No prices. Budget: two queries.
    """
    rows = Level.objects.filter(store__in=seen_stores(actor, site_id).filter(is_open=True), part__is_active=True)
    rows = rows.annotate(free=F("on_hand") - F("reserved"))
    order = ["part__code", "id"]
    usual = [When(part__item_codes__contains=[code], then=Value(True)) for code in sorted(set(item_codes))]
    if usual:
        rows = rows.annotate(is_usual=Case(*usual, default=Value(False), output_field=BooleanField()))
        order.insert(0, "-is_usual")
    columns = (
        *("uid", "part__uid", "store__uid", "part__code", "part__name", "part__name_en", "part__spec", "part__unit"),
        *("part__unit_en", "part__is_whole", "store__name", "store__name_en", "free", "part__item_codes"),
    )
    found = rows.order_by(*order).values_list(*columns)[:limit]
    return tuple(ShelfRow(*[*row[:-1], tuple(row[-1])]) for row in found)


@dataclass(frozen=True)
class CarriedLoad:
    """A transport of the reader's own, and marks of the two identifiers that the asker named; "" where none was."""

    row: Transport
    marks: tuple[str, str]


def loads_of_jobs(job_ids: Iterable[UUID]) -> dict[UUID, CarriedLoad]:
    """Return the transports among these jobs, the reader's own. Budget: four queries, none without jobs.

    The identifiers themselves stay here: a phone compares what is read with their marks, and the server judges again.
    What a load was taken with counts more than what its asker named.
    """
    ids = list(job_ids)
    if not ids:
        return {}
    forms = dict(Job.objects.filter(uid__in=ids).values_list("uid", "request__form"))
    taken = dict(CustodyScan.objects.filter(job__uid__in=ids, kind="taken").values_list("job__uid", "marks"))
    return {
        row.uid: CarriedLoad(row, _marks(row.uid, forms[row.uid], taken.get(row.uid)))
        for row in transports_of_jobs(ids)
    }


def _marks(job_id: UUID, form: Mapping[str, Any], taken: Sequence[str] | None) -> tuple[str, str]:
    if taken:
        return taken[0][:MARK], taken[1][:MARK]
    said = [normal(str(form.get(name, ""))) for name in ("patient_name", "patient_no")]
    first, second = (mark[:MARK] for mark in marks_of(job_id, (said[0], said[1])))
    return first if said[0] else "", second if said[1] else ""
