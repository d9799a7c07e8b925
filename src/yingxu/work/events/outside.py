"""Facts of work that an outside company does by its link, and of visits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from yingxu.work.events.jobs import JobFact


@dataclass(frozen=True, kw_only=True)
class OutsideFact(JobFact):
    """Base: a fact about an order to an outside company, on its job's timeline."""

    order_id: int
    company: str


@dataclass(frozen=True, kw_only=True)
class OutsideSent(OutsideFact):
    """The job was sent to an outside company, which has a link to it until then; ``worker_id`` answers for it here."""

    kind: ClassVar[str] = "work.outside.sent"
    contact_name: str
    expires_at: datetime
    worker_id: int


@dataclass(frozen=True, kw_only=True)
class OutsideAccepted(OutsideFact):
    """The company comes: who, and when about."""

    kind: ClassVar[str] = "work.outside.accepted"
    coming_name: str
    expected_at: datetime


@dataclass(frozen=True, kw_only=True)
class OutsideExpected(OutsideFact):
    """The company names another time."""

    kind: ClassVar[str] = "work.outside.expected"
    expected_at: datetime
    note: str


@dataclass(frozen=True, kw_only=True)
class OutsideEnded(OutsideFact):
    """The link is dead; ``why``: revoked, declined, replaced, reassigned, gone, closed."""

    kind: ClassVar[str] = "work.outside.ended"
    why: str
    note: str


@dataclass(frozen=True, kw_only=True)
class OutsideSpoke(OutsideFact):
    """A word between the company and those here."""

    kind: ClassVar[str] = "work.outside.spoke"
    is_theirs: bool
    text: str


@dataclass(frozen=True, kw_only=True)
class OutsideCostStated(OutsideFact):
    """What the company asks for its work; no cost of the job yet."""

    kind: ClassVar[str] = "work.outside.cost_stated"
    labour_fen: int
    parts_fen: int
    document: str


@dataclass(frozen=True, kw_only=True)
class OutsideCostTaken(OutsideFact):
    """Somebody here took what the company asks as a bill of the job; ``stated_fen`` is what it had asked."""

    kind: ClassVar[str] = "work.outside.cost_taken"
    stated_fen: int
    amount_fen: int


@dataclass(frozen=True, kw_only=True)
class OutsideSigned(OutsideFact):
    """Who did the work for the company signed that it is done."""

    kind: ClassVar[str] = "work.outside.signed"
    signed_name: str


@dataclass(frozen=True, kw_only=True)
class VisitBegun(JobFact):
    """Whoever does the job is there again after having left; ``n_visits`` counts this visit."""

    kind: ClassVar[str] = "work.visit.begun"
    n_visits: int
    proof: str
