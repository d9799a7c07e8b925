"""Questions about stores: what lies where, what is low, what a part's shelf went through."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.refusals import NotFound
from yingxu.work.models import Level, Lot, Movement, Part, Reservation, Store
from yingxu.work.queries.jobs import Page, read_cursor, write_cursor
from yingxu.work.stock import where_kept


@dataclass(frozen=True)
class StoreRow:
    """A store, and what the reader may do there."""

    id: int
    store_id: UUID
    code: str
    name: str
    name_en: str
    place_code: str
    place_name: str
    place_name_en: str
    party_id: int | None
    party_name: str
    keeper_id: int | None
    keeper_name: str
    is_open: bool
    may_keep: bool
    may_count: bool
    may_manage: bool


@dataclass(frozen=True)
class StockRow:
    """A part in a store."""

    id: int
    level_id: UUID
    part_id: UUID
    code: str
    name: str
    name_en: str
    spec: str
    unit: str
    unit_en: str
    is_whole: bool
    store_id: UUID
    store_name: str
    store_name_en: str
    on_hand: Decimal
    reserved: Decimal
    minimum: Decimal
    is_low: bool

    @property
    def free(self) -> Decimal:
        """What nobody is promised."""
        return self.on_hand - self.reserved


@dataclass(frozen=True)
class PartRow:
    """A kind of part."""

    id: int
    part_id: UUID
    code: str
    name: str
    name_en: str
    spec: str
    unit: str
    unit_en: str
    is_whole: bool
    item_codes: tuple[str, ...]
    is_active: bool


@dataclass(frozen=True)
class LotRow:
    """What is left of a lot."""

    store_name: str
    store_name_en: str
    batch: str
    supplier: str
    document: str
    received_on: date
    expires_on: date | None
    price_fen: int
    quantity: Decimal
    left: Decimal


@dataclass(frozen=True)
class MovementRow:
    """Stock moved."""

    id: int
    kind: str
    store_name: str
    store_name_en: str
    quantity: Decimal
    price_fen: int
    batch: str
    job_number: str
    request_id: UUID | None
    by: str
    note: str
    moved_at: datetime


@dataclass(frozen=True)
class ReservedRow:
    """What is kept for a job."""

    level_id: UUID
    store_name: str
    store_name_en: str
    job_id: UUID
    job_number: str
    request_id: UUID
    quantity: Decimal
    by: str
    made_at: datetime


def seen_stores(actor: Actor, site_id: int) -> QuerySet[Store]:
    """Return the site's stores that the actor may look into, to be asked on. Budget: none by itself."""
    return Store.objects.filter(authority.visible(actor, "store.read"), site_id=site_id)


def stores(actor: Actor, site_id: int) -> tuple[StoreRow, ...]:
    """Return the stores that the actor may look into, by code. Budget: one query."""
    rows = seen_stores(actor, site_id).select_related("place", "party", "keeper").order_by("-is_open", "code")
    return tuple(_store(actor, row) for row in rows)


def _store(actor: Actor, row: Store) -> StoreRow:
    where = where_kept(row)
    return StoreRow(
        id=row.pk,
        store_id=row.uid,
        code=row.code,
        name=row.name,
        name_en=row.name_en,
        place_code=row.place.code if row.place else "",
        place_name=row.place.full_name if row.place else "",
        place_name_en=row.place.full_name_en if row.place else "",
        party_id=row.party_id,
        party_name=row.party.name if row.party else "",
        keeper_id=row.keeper_id,
        keeper_name=row.keeper.name if row.keeper else "",
        is_open=row.is_open,
        may_keep=row.is_open and authority.may(actor, "stock.keep", where=where),
        may_count=row.is_open and authority.may(actor, "stock.count", where=where),
        may_manage=authority.may(actor, "store.manage", where=where),
    )


_STOCK = (
    "id",
    "uid",
    "part__uid",
    "part__code",
    "part__name",
    "part__name_en",
    "part__spec",
    "part__unit",
    "part__unit_en",
    "part__is_whole",
    "store__uid",
    "store__name",
    "store__name_en",
    "on_hand",
    "reserved",
    "minimum",
    "is_low",
)


def stock_rows(levels: QuerySet[Level]) -> tuple[StockRow, ...]:
    """Return levels as rows. Budget: one query."""
    return tuple(StockRow(*row) for row in levels.values_list(*_STOCK))


def named_like(q: str, prefix: str = "part__") -> Q:
    """Return the filter of the parts that a search means: code, name in both languages, specification."""
    found = Q()
    for word in q.split():
        one = Q()
        for column in ("code", "name", "name_en", "spec"):
            one |= Q(**{f"{prefix}{column}__icontains": word})
        found &= one
    return found


def stock(
    actor: Actor,
    site_id: int,
    *,
    q: str = "",
    store_id: UUID | None = None,
    only_low: bool = False,
    cursor: str | None = None,
    limit: int = 25,
) -> Page[StockRow]:
    """Return what lies in the stores, low ones first, then by code. Refuses: NotFound (cursor). Budget: one query."""
    rows = Level.objects.filter(store__in=seen_stores(actor, site_id), site_id=site_id, part__is_active=True)
    rows = rows.filter(named_like(q))
    if store_id is not None:
        rows = rows.filter(store__uid=store_id)
    if only_low:
        rows = rows.filter(is_low=True)
    if cursor:
        low, code, key = _after(cursor)
        later = Q(part__code__gt=code) | Q(part__code=code, id__gt=key)
        rows = rows.filter(Q(is_low=low) & later) if not low else rows.filter(Q(is_low=False) | later)
    found = stock_rows(rows.order_by("-is_low", "part__code", "id")[: limit + 1])
    last = found[limit - 1] if len(found) > limit else None
    return Page(found[:limit], f"{int(last.is_low)}~{last.id}~{last.code}" if last is not None else None)


def _after(cursor: str) -> tuple[bool, str, int]:
    low, _, rest = cursor.partition("~")
    key, _, code = rest.partition("~")
    if low not in {"0", "1"} or not key.isdigit() or len(key) > 18:
        raise NotFound(kind="cursor", name=cursor)
    return low == "1", code, int(key)


@dataclass(frozen=True)
class PartDetail:
    """A part with all that lies of it, and what may be done."""

    part: PartRow
    levels: tuple[StockRow, ...]
    lots: tuple[LotRow, ...]
    movements: Page[MovementRow]
    reserved: tuple[ReservedRow, ...]
    may_manage: bool
    may_see_prices: bool


def part_row(part: Part) -> PartRow:
    """Return a part as a row."""
    return PartRow(
        part.pk,
        part.uid,
        part.code,
        part.name,
        part.name_en,
        part.spec,
        part.unit,
        part.unit_en,
        part.is_whole,
        tuple(part.item_codes),
        part.is_active,
    )


def part_detail(actor: Actor, site_id: int, part_id: UUID, *, cursor: str | None = None, limit: int = 20) -> PartDetail:
    """Return a part in whole. Refuses: NotFound, NotAllowed. Budget: five queries."""
    if not authority.may_anywhere(actor, "store.read"):
        authority.require(actor, "store.read", where=Where(site_id=site_id))
    part = Part.objects.filter(uid=part_id, site_id=site_id).first()
    if part is None:
        raise NotFound(kind="part", name=str(part_id))
    levels = Level.objects.filter(part=part, store__in=seen_stores(actor, site_id))
    lots = Lot.objects.filter(level__in=levels, left__gt=0).order_by("received_on", "id")
    reserved = Reservation.objects.filter(level__in=levels, ended_at=None).order_by("made_at", "id")
    return PartDetail(
        part=part_row(part),
        levels=stock_rows(levels.order_by("store__code")),
        lots=tuple(
            LotRow(*row)
            for row in lots.values_list(
                "level__store__name",
                "level__store__name_en",
                "batch",
                "supplier",
                "document",
                "received_on",
                "expires_on",
                "price_fen",
                "quantity",
                "left",
            )
        ),
        movements=_movements(Movement.objects.filter(level__in=levels), cursor, limit),
        reserved=tuple(
            ReservedRow(*row)
            for row in reserved.annotate(by=F("made_by__name")).values_list(
                "level__uid",
                "level__store__name",
                "level__store__name_en",
                "job__uid",
                "job__number",
                "job__request__uid",
                "quantity",
                "by",
                "made_at",
            )
        ),
        may_manage=authority.may(actor, "part.manage", where=Where(site_id=site_id)),
        may_see_prices=may_see_prices(actor),
    )


def may_see_prices(actor: Actor) -> bool:
    """Tell whether the actor sees what parts cost: who keeps stores or reads costs."""
    return authority.may_anywhere(actor, "cost.read")


def _movements(rows: QuerySet[Movement], cursor: str | None, limit: int) -> Page[MovementRow]:
    if cursor:
        at, key = read_cursor(cursor)
        rows = rows.filter(Q(moved_at__lt=at) | Q(moved_at=at, id__lt=key))
    found: list[Any] = list(
        rows.order_by("-moved_at", "-id").values_list(
            "id",
            "kind",
            "level__store__name",
            "level__store__name_en",
            "quantity",
            "lot__price_fen",
            "lot__batch",
            "job__number",
            "job__request__uid",
            "account__name",
            "note",
            "moved_at",
        )[: limit + 1]
    )
    page = tuple(MovementRow(*row) for row in found[:limit])
    return Page(page, write_cursor(page[-1].moved_at, page[-1].id) if len(found) > limit else None)


def known_parts(actor: Actor, site_id: int, q: str = "", *, limit: int = 30) -> tuple[PartRow, ...]:
    """Return parts of the site by code, whether some lie anywhere or not. Refuses: NotAllowed. Budget: one query."""
    if not authority.may_anywhere(actor, "store.read"):
        authority.require(actor, "store.read", where=Where(site_id=site_id))
    rows = Part.objects.filter(named_like(q, ""), site_id=site_id, is_active=True).order_by("code")
    return tuple(part_row(row) for row in rows[:limit])
