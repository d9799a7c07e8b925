"""Whether somebody is fit to be sent, from one row's values: certificates in date, clearances, duty. Pure.

What is lacking is said in codes with their facts: ``certificate:LV:review_overdue`` (none, unverified, expired,
review_overdue), ``clearance:infection``, ``duty:none``, ``duty:before:<ISO>``, ``duty:over:<ISO>``,
``duty:break:<ISO>``.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from yingxu.standards import library

#: What a person may be cleared for.
CLEARANCES = ("infection", "clean", "security", "radiation")

Paper = Sequence[Any]


@dataclass(frozen=True)
class Duty:
    """One duty: from when to when, of which kind (``duty_kinds.csv``), with its breaks."""

    begins: datetime
    ends: datetime
    kind: str = "work"
    breaks: tuple[tuple[datetime, datetime], ...] = ()

    @classmethod
    def of(cls, said: Sequence[Any]) -> Duty:
        """Return a duty from what a member's row keeps of it (``snapshots.duties_kept``)."""
        begins, ends, kind, breaks = said
        return cls(datetime.fromisoformat(begins), datetime.fromisoformat(ends), kind, _spans(breaks))


@dataclass(frozen=True)
class Fitness:
    """What decides, besides skill, whether somebody may be sent."""

    gates_from: datetime | None = None
    papers: Mapping[str, Paper] = field(default_factory=dict)
    clearances: tuple[str, ...] = ()
    duty_from: datetime | None = None
    duty_to: datetime | None = None
    breaks: tuple[tuple[datetime, datetime], ...] = ()
    duty_kind: str = "work"
    #: The duties after that one, in order, as a member's row keeps them: read only when that one is over.
    later: tuple[Sequence[Any], ...] = ()
    timezone: str = "Asia/Shanghai"

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Fitness:
        """Return the fitness told by a member's columns, as values or as JSON."""
        return cls(
            gates_from=_moment(row.get("gates_from")),
            papers=row.get("papers") or {},
            clearances=tuple(row.get("clearances") or ()),
            duty_from=_moment(row.get("duty_from")),
            duty_to=_moment(row.get("duty_to")),
            breaks=_spans(row.get("breaks") or ()),
            duty_kind=row.get("duty_kind") or "work",
            later=tuple(row.get("later") or ()),
            timezone=row.get("timezone") or "Asia/Shanghai",
        )

    def is_gated(self, at: datetime) -> bool:
        """Tell whether papers and hours decide already."""
        return self.gates_from is not None and self.gates_from <= at

    def lacks(self, *, certificates: Iterable[str], clearances: Iterable[str], at: datetime) -> tuple[str, ...]:
        """Return what is lacking for a job that needs these, at a moment."""
        if not self.is_gated(at):
            return ()
        on = at.astimezone(ZoneInfo(self.timezone)).date()
        missing = [code for code in (self._paper(said, on) for said in certificates) if code]
        missing += [f"clearance:{code}" for code in clearances if code not in self.clearances]
        duty = self.standing(at)._duty(at)
        return (*missing, duty) if duty else tuple(missing)

    def standing(self, at: datetime) -> Fitness:
        """Return the same with the duty that counts at a moment: the one that runs, else the next, else the last."""
        if not self.later or self.duty_to is None or at < self.duty_to:
            return self
        duty = next((one for one in map(Duty.of, self.later) if at < one.ends), Duty.of(self.later[-1]))
        return replace(self, duty_from=duty.begins, duty_to=duty.ends, duty_kind=duty.kind, breaks=duty.breaks)

    def runs(self, at: datetime) -> str:
        """Return the kind of the duty that runs at a moment; empty: none."""
        now = self.standing(at)
        if now.duty_from is None or now.duty_to is None or not now.duty_from <= at < now.duty_to:
            return ""
        return now.duty_kind

    def _paper(self, said: str, on: date) -> str:
        """One requirement; ``LV|HV`` is met by either. The nearest miss is named."""
        states = [(paper_state(self.papers.get(kind), on), kind) for kind in said.split("|")]
        if any(state in {"valid", "due_soon"} for state, _ in states):
            return ""
        state, kind = next((one for one in states if one[0] != "none"), states[0])
        return f"certificate:{kind}:{state}"

    def _duty(self, at: datetime) -> str:
        if self.duty_from is None or self.duty_to is None:
            return "duty:none"
        if at < self.duty_from:
            return f"duty:before:{self.duty_from.isoformat()}"
        if at >= self.duty_to:
            return f"duty:over:{self.duty_to.isoformat()}"
        for begin, end in self.breaks:
            if begin <= at < end:
                return f"duty:break:{end.isoformat()}"
        return ""


def is_hard(code: str) -> bool:
    """Tell whether nobody may override this lack: hours of duty and rest protect the worker (S5)."""
    return code.startswith("duty:")


def paper_state(paper: Paper | None, on: date) -> str:
    """Return none, unverified, expired, review_overdue, due_soon or valid. The last day still counts."""
    if paper is None:
        return "none"
    is_verified, valid_to, review_due = paper
    if not is_verified:
        return "unverified"
    return certificate_state(True, _day(valid_to), _day(review_due), on)


def certificate_state(is_verified: bool, valid_to: date | None, review_due: date | None, on: date) -> str:
    """Return the state of one certificate on a day (domain 2.4)."""
    if not is_verified:
        return "unverified"
    if valid_to is not None and valid_to < on:
        return "expired"
    if review_due is not None and review_due < on:
        return "review_overdue"
    ends = [day for day in (valid_to, review_due) if day is not None]
    return "due_soon" if ends and min(ends) <= on + timedelta(days=60) else "valid"


def dates_of(
    kind_code: str, issued_on: date | None, valid_to: date | None, review_due: date | None, *, on: date
) -> tuple[date | None, date | None]:
    """Return last day and next day of review of a certificate, those left open told by its kind's months.

    Reviews fall so many months apart; the next one is told where the days that are known leave no doubt.
    """
    row = library.by_code("certificates")[kind_code]
    months, between = int(row["valid_months"] or 0), int(row["review_months"] or 0)
    if valid_to is None and months and issued_on is not None:
        valid_to = months_after(issued_on, months) - timedelta(days=1)
    if review_due is None and between and valid_to is not None:
        begin = issued_on if issued_on is not None else months_after(valid_to, -months) + timedelta(days=1)
        first = months_after(begin, between) - timedelta(days=1)
        # once the first day of review is past, only the paper itself tells whether it was reviewed
        if on <= first < valid_to:
            review_due = first
    return valid_to, review_due


def must_end(kind_code: str) -> bool:
    """Tell whether certificates of the kind end by themselves."""
    return bool(library.by_code("certificates")[kind_code]["valid_months"])


def months_after(day: date, months: int) -> date:
    """Return the same day so many months later; the month's last day where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def best_paper(papers: Iterable[tuple[bool, date | None, date | None]]) -> list[Any]:
    """Return the certificate of one kind that lasts longest, verified ones first, as kept on the member's row."""

    def lasts(paper: tuple[bool, date | None, date | None]) -> tuple[bool, date]:
        is_verified, valid_to, review_due = paper
        return is_verified, min(valid_to or date.max, review_due or date.max)

    is_verified, valid_to, review_due = max(papers, key=lasts)
    return [is_verified, valid_to.isoformat() if valid_to else "", review_due.isoformat() if review_due else ""]


def known_kind(code: str) -> bool:
    """Tell whether the library has this kind of certificate."""
    return code in library.by_code("certificates")


def limits_of(duty_kind: str) -> Mapping[str, int]:
    """Return what the library limits a kind of duty to: ``longest_h``, ``rest_after_h``, ``week_h`` (0: none).

    ``counts_percent``: the share of its hours that counts towards the hours of seven days.
    """
    row = library.by_code("duty_kinds")[duty_kind]
    return {name: int(row[name] or 0) for name in ("longest_h", "rest_after_h", "week_h", "counts_percent")}


def told(spans: Iterable[tuple[datetime, datetime]]) -> list[list[str]]:
    """Return breaks as JSON values."""
    return [[begin.isoformat(), end.isoformat()] for begin, end in sorted(spans)]


def _spans(said: Iterable[Sequence[str]]) -> tuple[tuple[datetime, datetime], ...]:
    return tuple((datetime.fromisoformat(begin), datetime.fromisoformat(end)) for begin, end in said)


def _day(said: str) -> date | None:
    return date.fromisoformat(said) if said else None


def _moment(said: Any) -> datetime | None:
    return datetime.fromisoformat(said) if isinstance(said, str) else said
