"""A clock as the journal tells it: its terms by row, which never change, and everything that the ledger recorded.

What one promise replaced belongs to the same clock: the time that was used before a change of urgency stays used.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from yingxu.core.clock import (
    Corrected,
    Event,
    Explanation,
    Line,
    Milestone,
    PauseApproved,
    Paused,
    PauseReason,
    Reached,
    Reinstated,
    Reopened,
    Resumed,
    Started,
    Stops,
    Terms,
    TermsChanged,
    Withdrawn,
    explain,
)
from yingxu.core.hours.measure import at_epoch, epoch_s
from yingxu.promise.models import Promise
from yingxu.promise.snapshots import terms_of
from yingxu.standards.library import rows

#: What brings a request's promises back (domain 5.3).
_BACK = ("demand.request.unmerged", "demand.request.transfer_returned", "demand.request.objection_accepted")
_RETURNABLE = ("merged", "transferred", "declined")
#: Lines that would tell the reader nothing: an act on a clock that was over.
_SILENT = ("ignored.clock_over", "ignored.no_pause", "ignored.not_withdrawn", "ignored.started_before")


@dataclass(frozen=True)
class Recorded:
    """One entry of the ledger, as the journal of a clock needs it."""

    uid: UUID
    kind: str
    subject_id: int
    happened_at: datetime
    cause: UUID | None
    facts: dict[str, Any]


def chains(promises: Iterable[Promise]) -> list[list[Promise]]:
    """Return the clocks of a request: each the rows of one milestone that replaced each other, oldest first."""
    found: list[list[Promise]] = []
    for row in sorted(promises, key=lambda row: row.pk):
        for chain in found:
            last = chain[-1]
            is_next = (
                (last.milestone, last.job_key) == (row.milestone, row.job_key)
                and last.void_why == "replaced"
                and last.voided_at == row.started_at
            )
            if is_next:
                chain.append(row)
                break
        else:
            found.append([row])
    return found


def played(chain: Sequence[Promise], entries: Iterable[Recorded], at: datetime) -> Explanation:
    """Return how the clock came to what it shows, by the core, from the journal alone."""
    entries = list(entries)
    first = chain[0]
    told = explain(terms_of(first), _events(chain, entries), at, reasons=_reasons())
    lines = [line for line in told.lines if line.code not in _SILENT]
    for note in _kept_past(chain, entries, at):
        place = next((n for n, line in enumerate(lines) if line.from_at > note.from_at), len(lines))
        lines.insert(place, note)
    return Explanation(told.reading, tuple(lines))


def _reasons() -> dict[str, PauseReason]:
    """Return every reason as one that stops when the approval said so: what stopped a clock, the ledger tells."""
    return {row["code"]: PauseReason(row["code"], Stops.WHEN_SAID) for row in rows("pause_reasons")}


def _events(chain: Sequence[Promise], entries: Sequence[Recorded]) -> list[Event]:
    first = chain[0]
    changes = {row.started_at for row in chain[1:]}
    events: list[Event] = [Started(first.started_at)]
    events.extend(TermsChanged(row.started_at, _whole(row), "priority") for row in chain[1:])
    keys = {row.pk for row in chain}
    void_why = ""
    for entry in sorted(entries, key=lambda entry: entry.happened_at):
        if entry.subject_id in keys:
            if entry.kind == "promise.clock.voided":
                void_why = entry.facts["why"]
                if void_why == "replaced" and entry.happened_at in changes:
                    continue
            events.extend(_of_promise(entry))
        elif entry.kind in _BACK and void_why in _RETURNABLE:
            events.append(Reinstated(entry.happened_at))
        elif entry.subject_id == first.job_key and first.job_key is not None:
            events.extend(_of_job(entry, entries, keys))
    return sorted(events, key=lambda event: event.at)


def _whole(row: Promise) -> Terms:
    """Return a replacing promise's terms with its whole limit: the clock itself knows what was used before."""
    own = terms_of(row)
    if row.limit_s <= 0 or row.origin == "log":
        return own
    return Terms(Milestone(row.milestone), row.limit_s, own.calendar, own.percentile)


def _of_promise(entry: Recorded) -> Iterator[Event]:
    facts, at = entry.facts, entry.happened_at
    if entry.kind == "promise.clock.stopped":
        yield Reached(datetime.fromisoformat(facts["reached_at"]))
    elif entry.kind == "promise.clock.restarted":
        yield Reopened(at)
    elif entry.kind == "promise.clock.voided":
        yield Withdrawn(at, facts["why"], is_void=facts["why"] != "withdrawn_late")
    elif entry.kind == "promise.clock.late_report_accepted":
        yield Corrected(at, datetime.fromisoformat(facts["reached_at"]))


def _of_job(entry: Recorded, entries: Sequence[Recorded], keys: set[int]) -> Iterator[Event]:
    facts, at = entry.facts, entry.happened_at
    if entry.kind == "work.pause.asked":
        until = facts.get("expected_at")
        yield Paused(at, facts["reason_code"], until_at=datetime.fromisoformat(until) if until else None)
    elif entry.kind == "work.pause.approved":
        is_held = any(
            other.kind == "promise.clock.held" and other.cause == entry.uid and other.subject_id in keys
            for other in entries
        )
        if not any(_asks(other, entry) for other in entries):
            yield Paused(at, facts["reason_code"])
        limit_s = facts.get("limit_s")
        until_at = None if limit_s is None else at_epoch(epoch_s(at)) + timedelta(seconds=limit_s)
        yield PauseApproved(at, stops=is_held, until_at=until_at)
    elif entry.kind == "work.pause.refused":
        yield PauseApproved(at, stops=False)
    elif entry.kind == "work.job.resumed":
        yield Resumed(at)


def _asks(other: Recorded, approval: Recorded) -> bool:
    """Tell whether an entry is the asking that an approval may answer: of the same job, before it."""
    return (
        other.kind == "work.pause.asked"
        and other.subject_id == approval.subject_id
        and other.happened_at <= approval.happened_at
    )


def _kept_past(chain: Sequence[Promise], entries: Sequence[Recorded], at: datetime) -> Iterator[Line]:
    """Give a line for each change of urgency that left this clock as it was: it was over, or broken already."""
    changes = {row.started_at for row in chain}
    ended_at = chain[-1].voided_at
    for entry in entries:
        moment = entry.happened_at
        if entry.kind != "demand.request.priority_changed" or moment in changes or moment > at:
            continue
        if moment <= chain[0].started_at or (ended_at is not None and moment >= ended_at):
            continue
        facts = (("before", entry.facts["before"]), ("after", entry.facts["after"]))
        yield Line("note.urgency_changed", moment, moment, 0, 0, 0, facts)
