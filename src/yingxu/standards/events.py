"""Facts of the room ``standards``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from yingxu.ground.ledger import Fact


@dataclass(frozen=True, kw_only=True)
class LibraryInstalled(Fact):
    """A site took over the starter library: so many lines, items, calendars."""

    kind: ClassVar[str] = "standards.library.installed"
    subject_kind: ClassVar[str] = "site"
    n_lines: int
    n_items: int
    n_calendars: int


@dataclass(frozen=True, kw_only=True)
class CatalogueExtended(Fact):
    """Lines and items of the site's own joined its catalogue."""

    kind: ClassVar[str] = "standards.catalogue.extended"
    subject_kind: ClassVar[str] = "site"
    n_lines: int
    n_items: int


@dataclass(frozen=True, kw_only=True)
class EditionPutInForce(Fact):
    """An edition of an item's standard is in force, dated at its moment, with what changed against the one before.

    ``changed``: goal, requirement, steps, terms, basis; empty for a first edition. ``steps``: codes of steps added,
    changed, moved or removed. Who serves ``line_code`` must read it again when anything but the basis changed.
    """

    kind: ClassVar[str] = "standards.edition.put_in_force"
    subject_kind: ClassVar[str] = "item"
    item_code: str
    number: int
    edition_id: int | None = None
    before_edition_id: int | None = None
    line_code: str = ""
    why: str = ""
    changed: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    is_tightened: bool = False
    is_loosened: bool = False


@dataclass(frozen=True, kw_only=True)
class StudyAsked(Fact):
    """Somebody asked whether a promise can be kept."""

    kind: ClassVar[str] = "standards.study.asked"
    subject_kind: ClassVar[str] = "study"
    line_code: str
    item_code: str
    priority: int
    milestone: str
    limit_s: int
    percentile: float


@dataclass(frozen=True, kw_only=True)
class StudyEstimated(Fact):
    """A study has its answer by formula; the simulation follows."""

    kind: ClassVar[str] = "standards.study.estimated"
    subject_kind: ClassVar[str] = "study"
    share: float | None


@dataclass(frozen=True, kw_only=True)
class StudyFinished(Fact):
    """A study has its simulated answer: share kept with its interval, of so many jobs."""

    kind: ClassVar[str] = "standards.study.finished"
    subject_kind: ClassVar[str] = "study"
    share: float | None
    low: float | None
    high: float | None
    n: int
    percentile: float


@dataclass(frozen=True, kw_only=True)
class StudyEnded(Fact):
    """A study ended without an answer: too little history, not to be simulated, or given up."""

    kind: ClassVar[str] = "standards.study.ended"
    subject_kind: ClassVar[str] = "study"
    state: str
    why: str


@dataclass(frozen=True, kw_only=True)
class ChangeProposed(Fact):
    """A tighter promise is proposed by the ratchet, or a looser one by a person with a reason."""

    kind: ClassVar[str] = "standards.proposal.made"
    subject_kind: ClassVar[str] = "proposal"
    change: str
    item_code: str
    priority: int
    milestone: str
    limit_s: int
    to_limit_s: int
    percentile: float
    to_percentile: float
    reason: str


@dataclass(frozen=True, kw_only=True)
class ProposalAdopted(Fact):
    """People took a proposal over: a draft of the item's standard holds it."""

    kind: ClassVar[str] = "standards.proposal.adopted"
    subject_kind: ClassVar[str] = "proposal"
    change: str
    item_code: str
    number: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class ProposalDeclined(Fact):
    """People said no to a proposal, with a reason."""

    kind: ClassVar[str] = "standards.proposal.declined"
    subject_kind: ClassVar[str] = "proposal"
    change: str
    item_code: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class CalendarMade(Fact):
    """A site has service hours of a new name."""

    kind: ClassVar[str] = "standards.calendar.made"
    subject_kind: ClassVar[str] = "calendar"
    calendar_code: str
    name: str


@dataclass(frozen=True, kw_only=True)
class CalendarEdited(Fact):
    """From a date on other hours hold; the days before it, and clocks that run, keep theirs."""

    kind: ClassVar[str] = "standards.calendar.edited"
    subject_kind: ClassVar[str] = "calendar"
    calendar_code: str
    name: str
    from_on: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class CalendarEditWithdrawn(Fact):
    """A change of hours that had not taken effect yet will not."""

    kind: ClassVar[str] = "standards.calendar.edit_withdrawn"
    subject_kind: ClassVar[str] = "calendar"
    calendar_code: str
    name: str
    from_on: str


@dataclass(frozen=True, kw_only=True)
class HolidaysTakenOver(Fact):
    """A year's statutory days off and make-up days are the site's."""

    kind: ClassVar[str] = "standards.holidays.taken_over"
    subject_kind: ClassVar[str] = "site"
    holiday_set: str
    year: int
    n_days: int


@dataclass(frozen=True, kw_only=True)
class HolidayAdded(Fact):
    """A day off, or a working day made up for one, of the site's own."""

    kind: ClassVar[str] = "standards.holiday.added"
    subject_kind: ClassVar[str] = "site"
    on: str
    name: str
    is_off_day: bool


@dataclass(frozen=True, kw_only=True)
class HolidayWithdrawn(Fact):
    """A day off, or a made-up day, that is still to come is none."""

    kind: ClassVar[str] = "standards.holiday.withdrawn"
    subject_kind: ClassVar[str] = "site"
    on: str
    name: str


@dataclass(frozen=True, kw_only=True)
class EditionFact(Fact):
    """Base of what happens to an edition on its way; its timeline is the item's."""

    subject_kind: ClassVar[str] = "item"
    item_code: str
    number: int
    edition_id: int


@dataclass(frozen=True, kw_only=True)
class EditionDrafted(EditionFact):
    """A new edition of an item's standard was begun, from another or from nothing."""

    kind: ClassVar[str] = "standards.edition.drafted"
    from_number: int | None
    why: str


@dataclass(frozen=True, kw_only=True)
class EditionEdited(EditionFact):
    """A draft was saved; ``changed`` names the parts that it changed."""

    kind: ClassVar[str] = "standards.edition.edited"
    revision: int
    changed: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class EditionSubmitted(EditionFact):
    """A draft went to review."""

    kind: ClassVar[str] = "standards.edition.submitted"
    length_reason: str


@dataclass(frozen=True, kw_only=True)
class EditionReturned(EditionFact):
    """The reviewer sent a draft back with a word."""

    kind: ClassVar[str] = "standards.edition.returned"
    note: str


@dataclass(frozen=True, kw_only=True)
class EditionApproved(EditionFact):
    """Somebody who did not write it approved an edition; its text is closed."""

    kind: ClassVar[str] = "standards.edition.approved"
    note: str


@dataclass(frozen=True, kw_only=True)
class EditionScheduled(EditionFact):
    """An approved edition will be in force from a moment that lies ahead."""

    kind: ClassVar[str] = "standards.edition.scheduled"
    from_at: datetime


@dataclass(frozen=True, kw_only=True)
class EditionWithdrawn(EditionFact):
    """An edition on its way was given up before it was in force."""

    kind: ClassVar[str] = "standards.edition.withdrawn"
    from_state: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class ItemChanged(Fact):
    """A catalogue item is called, offered or asked otherwise; which of its fields."""

    kind: ClassVar[str] = "standards.item.changed"
    subject_kind: ClassVar[str] = "item"
    item_code: str
    fields: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ItemMoved(Fact):
    """A catalogue item is offered, suspended or retired."""

    kind: ClassVar[str] = "standards.item.moved"
    subject_kind: ClassVar[str] = "item"
    item_code: str
    before: str
    after: str
    notice: str


@dataclass(frozen=True, kw_only=True)
class PromiseTightened(Fact):
    """A new or tighter promise was adopted: on which study, so that the decision can be read again; on trial, why.

    ``standing``: history, assumed, thin, setup. ``change``: new, tighter, clock (other hours, or no pauses any more).
    """

    kind: ClassVar[str] = "standards.promise.tightened"
    subject_kind: ClassVar[str] = "item"
    item_code: str
    number: int
    priority: int
    milestone: str
    limit_s: int
    percentile: float
    study_id: UUID | None
    standing: str
    change: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class BasisChecked(Fact):
    """A basis, as standards in force cite it, was compared with what holds now; which standards cite it."""

    kind: ClassVar[str] = "standards.basis.checked"
    subject_kind: ClassVar[str] = "basis"
    name: str
    edition: str
    outcome: str
    newer: str
    items: tuple[str, ...]
