"""Whether somebody is fit to be sent, from one row's values: certificates in date, clearances, duty. Pure.

What is lacking is said in codes with their facts: ``certificate:LV:review_overdue`` (none, unverified, expired,
review_overdue), ``clearance:infection``, ``duty:none``, ``duty:before:<ISO>``, ``duty:over:<ISO>``,
``duty:break:<ISO>``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from yingxu.standards import library

#: Longest duty that may be entered; twelve hours is the longest pattern of the trade (domain 2.6: 三班两运转).
LONGEST_DUTY = timedelta(hours=12)
#: Least rest between two duties: the shortest gap that the trade's patterns have (domain 2.6: eight-hour shifts).
LEAST_REST = timedelta(hours=8)
#: What a person may be cleared for.
CLEARANCES = ("infection", "clean", "security", "radiation")

Paper = Sequence[Any]


@dataclass(frozen=True)
class Fitness:
    """What decides, besides skill, whether somebody may be sent."""

    gates_from: datetime | None = None
    papers: Mapping[str, Paper] = field(default_factory=dict)
    clearances: tuple[str, ...] = ()
    duty_from: datetime | None = None
    duty_to: datetime | None = None
    breaks: tuple[tuple[datetime, datetime], ...] = ()
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
            breaks=tuple(
                (datetime.fromisoformat(begin), datetime.fromisoformat(end)) for begin, end in row.get("breaks") or ()
            ),
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
        duty = self._duty(at)
        return (*missing, duty) if duty else tuple(missing)

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


def _day(said: str) -> date | None:
    return date.fromisoformat(said) if said else None


def _moment(said: Any) -> datetime | None:
    return datetime.fromisoformat(said) if isinstance(said, str) else said
