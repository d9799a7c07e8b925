"""Facts of cost: rates, what the contract includes, bills of jobs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from yingxu.ground.ledger import Fact
from yingxu.work.events.jobs import JobFact


@dataclass(frozen=True, kw_only=True)
class LabourRateSet(Fact):
    """An hour costs so much from a day on; ``of``: the post's or team's name, empty for everybody."""

    kind: ClassVar[str] = "work.cost.rate_set"
    subject_kind: ClassVar[str] = "site"
    of: str
    fen_per_hour: int
    from_on: date


@dataclass(frozen=True, kw_only=True)
class CostTermSet(Fact):
    """What the contract includes from a day on."""

    kind: ClassVar[str] = "work.cost.term_set"
    subject_kind: ClassVar[str] = "site"
    line_code: str
    from_on: date
    includes_labour: bool
    includes_parts: bool
    includes_bills: bool


@dataclass(frozen=True, kw_only=True)
class BillEntered(JobFact):
    """A bill belongs to the job."""

    kind: ClassVar[str] = "work.bill.entered"
    bill_id: int
    bill_kind: str
    supplier: str
    document: str
    amount_fen: int
    billed_on: date


@dataclass(frozen=True, kw_only=True)
class BillStruck(JobFact):
    """A bill was entered by mistake and counts no more."""

    kind: ClassVar[str] = "work.bill.struck"
    bill_id: int
    amount_fen: int
    why: str
