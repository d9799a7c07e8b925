"""Refusals of stores and parts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from yingxu.ground.refusals import Refusal


@dataclass(unsafe_hash=True)
class NotEnough(Refusal):
    """The store has not so many that are free. ``why``: reserved (others are promised them), expired, none."""

    code: ClassVar[str] = "not_enough_stock"
    part: str = ""
    part_en: str = ""
    unit: str = ""
    unit_en: str = ""
    wanted: str = ""
    free: str = ""
    why: str = ""


@dataclass(unsafe_hash=True)
class MoreThanIssued(Refusal):
    """More should come back than the job has."""

    code: ClassVar[str] = "more_than_issued"
    part: str = ""
    part_en: str = ""
    issued: str = ""


@dataclass(unsafe_hash=True)
class InStore(Refusal):
    """It is no shortage: the store has so many free ones."""

    code: ClassVar[str] = "part_in_store"
    part: str = ""
    part_en: str = ""
    free: str = ""
    unit: str = ""
    unit_en: str = ""


@dataclass(unsafe_hash=True)
class AlreadyAsked(Refusal):
    """The job waits for this part already."""

    code: ClassVar[str] = "shortage_open"
    part: str = ""
    part_en: str = ""


@dataclass(unsafe_hash=True)
class ShortageSettled(Refusal):
    """The part has come, or is not needed any more."""

    code: ClassVar[str] = "shortage_settled"


@dataclass(unsafe_hash=True)
class NotAtThisJob(Refusal):
    """Parts move for jobs that somebody has in hand."""

    code: ClassVar[str] = "no_parts_for_state"
    number: str = ""
    state: str = ""


@dataclass(unsafe_hash=True)
class CodeTaken(Refusal):
    """Another store or part has this code."""

    code: ClassVar[str] = "stock_code_taken"
    name: str = ""


@dataclass(unsafe_hash=True)
class StockTakeOpen(Refusal):
    """The store is being counted already."""

    code: ClassVar[str] = "stock_take_open"


@dataclass(unsafe_hash=True)
class StockTakeEnded(Refusal):
    """The count is settled; count again in a new one."""

    code: ClassVar[str] = "stock_take_ended"


@dataclass(unsafe_hash=True)
class CountBelowReserved(Refusal):
    """By the count there would be fewer than are kept for jobs: release some first."""

    code: ClassVar[str] = "count_below_reserved"
    part: str = ""
    part_en: str = ""
    reserved: str = ""


@dataclass(unsafe_hash=True)
class SecondPersonNeeded(Refusal):
    """Who counted does not settle the count."""

    code: ClassVar[str] = "second_person_needed"
    status: ClassVar[int] = 403


@dataclass(unsafe_hash=True)
class BillIsStruck(Refusal):
    """The bill counts no more already."""

    code: ClassVar[str] = "bill_struck"
