"""Facts of stores and parts. What concerns a job stands on its request's timeline; the rest on the store's shelf."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from yingxu.ground.ledger import Fact
from yingxu.work.events.jobs import JobFact

# quantities are written as text: decimals with the part's unit, exact


@dataclass(frozen=True, kw_only=True)
class StoreSet(Fact):
    """A store stands, or what it says of itself changed."""

    kind: ClassVar[str] = "work.store.set"
    subject_kind: ClassVar[str] = "store"
    name: str
    keeper_id: int | None
    party_id: int | None
    is_open: bool


@dataclass(frozen=True, kw_only=True)
class PartSet(Fact):
    """A part is known, or what it says of itself changed."""

    kind: ClassVar[str] = "work.part.set"
    subject_kind: ClassVar[str] = "part"
    code: str
    name: str
    unit: str
    is_active: bool


@dataclass(frozen=True, kw_only=True)
class StockFact(Fact):
    """Base: a fact about one part in one store."""

    subject_kind: ClassVar[str] = "stock"
    part_name: str
    part_name_en: str
    unit: str
    unit_en: str
    store_name: str
    store_name_en: str


@dataclass(frozen=True, kw_only=True)
class MinimumSet(StockFact):
    """Below that many it is time to buy."""

    kind: ClassVar[str] = "work.stock.minimum_set"
    minimum: str


@dataclass(frozen=True, kw_only=True)
class StockReceived(StockFact):
    """A lot came in."""

    kind: ClassVar[str] = "work.stock.received"
    lot_id: int
    quantity: str
    price_fen: int
    batch: str
    document: str
    expires_on: date | None


@dataclass(frozen=True, kw_only=True)
class StockSent(StockFact):
    """Parts went to another store, lot by lot at the price they came in at."""

    kind: ClassVar[str] = "work.stock.sent"
    quantity: str
    to_store_name: str
    to_store_name_en: str


@dataclass(frozen=True, kw_only=True)
class StockArrived(StockFact):
    """Parts came from another store."""

    kind: ClassVar[str] = "work.stock.arrived"
    quantity: str
    from_store_name: str
    from_store_name_en: str


@dataclass(frozen=True, kw_only=True)
class StockCorrected(StockFact):
    """A stock-take was settled: the book says again what lies there."""

    kind: ClassVar[str] = "work.stock.corrected"
    take_id: int
    difference: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class StockTakeBegun(Fact):
    """Somebody counts a store."""

    kind: ClassVar[str] = "work.stock_take.begun"
    subject_kind: ClassVar[str] = "stock_take"
    store_name: str
    store_name_en: str


@dataclass(frozen=True, kw_only=True)
class PartCounted(Fact):
    """A part was counted; stock does not change by it."""

    kind: ClassVar[str] = "work.stock_take.counted"
    subject_kind: ClassVar[str] = "stock_take"
    part_name: str
    part_name_en: str
    expected: str
    counted: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class StockTakeSettled(Fact):
    """A second person agreed to the count, or let it go."""

    kind: ClassVar[str] = "work.stock_take.settled"
    subject_kind: ClassVar[str] = "stock_take"
    how: str
    n_counted: int
    n_differ: int


@dataclass(frozen=True, kw_only=True)
class PartFact(JobFact):
    """Base: a part moves for a job."""

    part_id: int
    part_name: str
    part_name_en: str
    unit: str
    unit_en: str
    quantity: str


@dataclass(frozen=True, kw_only=True)
class PartReserved(PartFact):
    """Parts are kept for the job."""

    kind: ClassVar[str] = "work.part.reserved"
    store_id: int


@dataclass(frozen=True, kw_only=True)
class PartReleased(PartFact):
    """Parts are kept for the job no more; ``how``: released, job_ended."""

    kind: ClassVar[str] = "work.part.released"
    how: str


@dataclass(frozen=True, kw_only=True)
class PartIssued(PartFact):
    """Parts went to the job, oldest lots first."""

    kind: ClassVar[str] = "work.part.issued"
    store_id: int
    cost_fen: int


@dataclass(frozen=True, kw_only=True)
class PartReturned(PartFact):
    """Parts of the job came back to the lots that they came from."""

    kind: ClassVar[str] = "work.part.returned"
    store_id: int
    cost_fen: int


@dataclass(frozen=True, kw_only=True)
class PartMissed(PartFact):
    """The job lacks a part; the store was asked for it."""

    kind: ClassVar[str] = "work.shortage.reported"
    shortage_id: int
    expected_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class PartOrdered(PartFact):
    """What the job lacks was ordered."""

    kind: ClassVar[str] = "work.shortage.ordered"
    shortage_id: int
    supplier: str
    expected_at: datetime


@dataclass(frozen=True, kw_only=True)
class PartCame(PartFact):
    """What the job lacked is in the store and kept for it."""

    kind: ClassVar[str] = "work.shortage.received"
    shortage_id: int
    store_id: int


@dataclass(frozen=True, kw_only=True)
class ShortageDropped(PartFact):
    """What the job lacked is not needed any more; ``why``: dropped, job_ended."""

    kind: ClassVar[str] = "work.shortage.dropped"
    shortage_id: int
    why: str
