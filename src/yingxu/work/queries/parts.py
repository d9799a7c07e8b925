"""Questions about parts of jobs: what a job has, what it may take, what is lacking, what is being counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import BooleanField, Case, F, Q, Sum, Value, When

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.refusals import NotFound
from yingxu.work.models import Counted, Job, Level, Movement, Reservation, Shortage, StockTake
from yingxu.work.queries.jobs import Page, read_cursor, write_cursor
from yingxu.work.queries.stores import StockRow, named_like, seen_stores, stock_rows
from yingxu.work.snapshots import where_of
from yingxu.work.stock import WITH_PARTS, where_kept


@dataclass(frozen=True)
class UsedRow:
    """A part that a job has, or that is kept for it."""

    level_id: UUID
    part_id: UUID
    code: str
    name: str
    name_en: str
    unit: str
    unit_en: str
    store_name: str
    store_name_en: str
    used: Decimal
    kept: Decimal
    cost_fen: int


@dataclass(frozen=True)
class ShortageRow:
    """What a job lacks."""

    id: int
    shortage_id: UUID
    state: str
    part_id: UUID
    code: str
    name: str
    name_en: str
    unit: str
    unit_en: str
    quantity: Decimal
    store_id: UUID
    store_name: str
    store_name_en: str
    job_id: UUID
    job_number: str
    job_state: str
    priority: int
    request_id: UUID
    item_name: str
    item_name_en: str
    note: str
    by: str
    asked_at: datetime
    expected_at: datetime | None
    supplier: str
    settled_at: datetime | None
    #: Who keeps the store may order it; who does the job may say that it is not needed.
    may_keep: bool = False


@dataclass(frozen=True)
class JobParts:
    """Parts of one job."""

    job_id: UUID
    number: str
    state: str
    item_code: str
    item_name: str
    item_name_en: str
    place_name: str
    place_name_en: str
    used: tuple[UsedRow, ...]
    lacking: tuple[ShortageRow, ...]
    #: Parts move for the job now, by this actor.
    may_use: bool
    may_ask: bool


_SHORTAGE = (
    "id",
    "uid",
    "state",
    "part__uid",
    "part__code",
    "part__name",
    "part__name_en",
    "part__unit",
    "part__unit_en",
    "quantity",
    "store__uid",
    "store__name",
    "store__name_en",
    "job__uid",
    "job__number",
    "job__state",
    "job__priority",
    "job__request__uid",
    "job__item__name",
    "job__item__name_en",
    "note",
    "asked_by__name",
    "asked_at",
    "expected_at",
    "supplier",
    "settled_at",
)


def parts_of_job(actor: Actor, job_id: UUID) -> JobParts:
    """Return what a job has and lacks. Refuses: NotFound, NotAllowed. Budget: four queries."""
    job = Job.objects.select_related("item").filter(uid=job_id).first()
    if job is None:
        raise NotFound(kind="job", name=str(job_id))
    where = where_of(job)
    authority.require(actor, "job.read", where=where)
    lacking = Shortage.objects.filter(job=job, settled_at=None).order_by("asked_at", "id")
    may_use = job.state in WITH_PARTS and authority.may(actor, "part.use", where=where)
    may_ask = job.state in WITH_PARTS - {"finished"} and authority.may(actor, "part.ask", where=where)
    return JobParts(
        job_id=job.uid,
        number=job.number,
        state=job.state,
        item_code=job.item.code,
        item_name=job.item.name,
        item_name_en=job.item.name_en,
        place_name=job.place_name,
        place_name_en=job.place_name_en,
        used=_used(job),
        lacking=tuple(ShortageRow(*row) for row in lacking.values_list(*_SHORTAGE)),
        may_use=may_use,
        may_ask=may_ask,
    )


def _used(job: Job) -> tuple[UsedRow, ...]:
    columns = (
        *("level__uid", "level__part__uid", "level__part__code", "level__part__name", "level__part__name_en"),
        *("level__part__unit", "level__part__unit_en", "level__store__name", "level__store__name_en"),
    )
    used = Movement.objects.filter(job=job).values_list(*columns).annotate(n=-Sum("quantity"), cost=Sum("cost_fen"))
    kept = Reservation.objects.filter(job=job, ended_at=None).values_list(*columns, "quantity")
    rows: dict[UUID, UsedRow] = {}
    for row in used.order_by("level__part__code"):
        if row[-2] or row[-1]:
            rows[row[0]] = UsedRow(*[*row[:9], row[-2], Decimal(0), row[-1]])
    for one in kept:
        before = rows.get(one[0])
        had, cost_fen = (before.used, before.cost_fen) if before is not None else (Decimal(0), 0)
        rows[one[0]] = UsedRow(*[*one[:9], had, one[9], cost_fen])
    return tuple(sorted(rows.values(), key=lambda row: row.code))


def offered(actor: Actor, job_id: UUID, q: str = "", *, limit: int = 12) -> tuple[StockRow, ...]:
    """Return what the stores hold for a job: its item's usual parts, or what a search finds, those first.

    Refuses: NotFound. Budget: two queries.
    """
    job = Job.objects.filter(uid=job_id).values_list("site_id", "item__code").first()
    if job is None:
        raise NotFound(kind="job", name=str(job_id))
    site_id, item_code = job
    rows = Level.objects.filter(
        named_like(q), store__in=seen_stores(actor, site_id).filter(is_open=True), part__is_active=True
    ).annotate(
        is_usual=Case(
            When(part__item_codes__contains=[item_code], then=Value(True)),
            default=Value(False),
            output_field=BooleanField(),
        ),
        is_there=Case(
            When(on_hand__gt=F("reserved"), then=Value(True)), default=Value(False), output_field=BooleanField()
        ),
    )
    if not q:
        rows = rows.filter(is_usual=True)
    return stock_rows(rows.order_by("-is_usual", "-is_there", "part__code", "id")[:limit])


def shortages(
    actor: Actor, site_id: int, *, is_open: bool = True, cursor: str | None = None, limit: int = 25
) -> Page[ShortageRow]:
    """Return what jobs lack: open ones longest waiting first, settled ones newest first. Budget: two queries."""
    seen = {row.pk: row for row in seen_stores(actor, site_id)}
    rows = Shortage.objects.filter(store__in=seen, site_id=site_id, settled_at__isnull=is_open)
    if is_open:
        if cursor:
            at, key = read_cursor(cursor)
            rows = rows.filter(Q(asked_at__gt=at) | Q(asked_at=at, id__gt=key))
        rows = rows.order_by("asked_at", "id")
    else:
        if cursor:
            at, key = read_cursor(cursor)
            rows = rows.filter(Q(asked_at__lt=at) | Q(asked_at=at, id__lt=key))
        rows = rows.order_by("-asked_at", "-id")
    found = list(rows.values_list(*_SHORTAGE, "store_id")[: limit + 1])
    page = tuple(
        ShortageRow(*[*row[:-1], authority.may(actor, "stock.keep", where=where_kept(seen[row[-1]]))])
        for row in found[:limit]
    )
    return Page(page, write_cursor(page[-1].asked_at, page[-1].id) if len(found) > limit else None)


def n_lacking(actor: Actor, site_id: int) -> int:
    """Return how many shortages are open, for the menu; 99 is many. Budget: one query."""
    rows = Shortage.objects.filter(store__in=seen_stores(actor, site_id), site_id=site_id, settled_at=None)
    return rows[:99].count()


def job_numbered(actor: Actor, site_id: int, number: str) -> UUID:
    """Return the key of a job by its number, for who keeps stores. Refuses: NotFound, NotAllowed. Budget: one query."""
    if not authority.may_anywhere(actor, "stock.keep"):
        authority.require(actor, "stock.keep", where=Where(site_id=site_id))
    found = Job.objects.filter(site_id=site_id, number=number.strip()).values_list("uid", flat=True).first()
    if found is None:
        raise NotFound(kind="job", name=number.strip())
    return found


# stock-takes


@dataclass(frozen=True)
class TakeRow:
    """A stock-take in a list."""

    take_id: UUID
    store_name: str
    store_name_en: str
    begun_by: str
    begun_at: datetime
    settled_by: str
    settled_at: datetime | None
    ended_how: str


@dataclass(frozen=True)
class CountRow:
    """A part of the store: what the book says, what was counted."""

    stock: StockRow
    expected: Decimal | None
    counted: Decimal | None
    reason: str
    note: str
    by: str

    @property
    def difference(self) -> Decimal | None:
        """What there is more than the book says."""
        if self.counted is None or self.expected is None:
            return None
        return self.counted - self.expected


@dataclass(frozen=True)
class TakeDetail:
    """A stock-take with its lines."""

    row: TakeRow
    lines: Page[CountRow]
    n_counted: int
    n_differ: int
    may_count: bool
    may_settle: bool
    #: Who counted does not settle.
    has_counted: bool


def stock_takes(actor: Actor, site_id: int, *, limit: int = 30) -> tuple[TakeRow, ...]:
    """Return stock-takes, open ones first, newest first. Budget: one query."""
    rows = StockTake.objects.filter(store__in=seen_stores(actor, site_id), site_id=site_id)
    rows = rows.select_related("store", "begun_by", "settled_by").order_by(
        F("settled_at").desc(nulls_first=True), "-id"
    )
    return tuple(_take_row(row) for row in rows[:limit])


def _take_row(row: StockTake) -> TakeRow:
    return TakeRow(
        row.uid,
        row.store.name,
        row.store.name_en,
        row.begun_by.name if row.begun_by else "",
        row.begun_at,
        row.settled_by.name if row.settled_by else "",
        row.settled_at,
        row.ended_how,
    )


def stock_take(
    actor: Actor, site_id: int, take_id: UUID, *, q: str = "", cursor: str | None = None, limit: int = 25
) -> TakeDetail:
    """Return a stock-take and a page of the store's parts with their counts. Refuses: NotFound. Budget: three."""
    rows = StockTake.objects.filter(store__in=seen_stores(actor, site_id), uid=take_id, site_id=site_id)
    take = rows.select_related("store", "begun_by", "settled_by").first()
    if take is None:
        raise NotFound(kind="stock_take", name=str(take_id))
    counts = {row.level_id: row for row in Counted.objects.filter(take=take).select_related("counted_by")}
    levels = Level.objects.filter(named_like(q), store=take.store)
    if take.settled_at is not None:
        levels = levels.filter(pk__in=counts)
    if cursor:
        code, _, key = cursor.rpartition("~")
        levels = levels.filter(Q(part__code__gt=code) | Q(part__code=code, id__gt=int(key) if key.isdigit() else 0))
    found = stock_rows(levels.order_by("part__code", "id")[: limit + 1])
    lines = tuple(_count_row(row, counts.get(row.id)) for row in found[:limit])
    last = found[limit - 1] if len(found) > limit else None
    where, is_open = where_kept(take.store), take.settled_at is None
    return TakeDetail(
        row=_take_row(take),
        lines=Page(lines, f"{last.code}~{last.id}" if last is not None else None),
        n_counted=len(counts),
        n_differ=sum(row.counted != row.expected for row in counts.values()),
        may_count=is_open and authority.may(actor, "stock.count", where=where),
        may_settle=is_open and authority.may(actor, "stock.settle", where=where),
        has_counted=actor.account_id in {take.begun_by_id, *(row.counted_by_id for row in counts.values())},
    )


def _count_row(stock: StockRow, row: Counted | None) -> CountRow:
    if row is None:
        return CountRow(stock, None, None, "", "", "")
    return CountRow(
        stock, row.expected, row.counted, row.reason, row.note, row.counted_by.name if row.counted_by else ""
    )
