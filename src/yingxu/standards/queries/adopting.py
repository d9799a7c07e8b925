"""Which promises of an edition are new or tighter, and what each of them rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from yingxu.standards.models import ON_TRIAL, Calendar, PromiseAdoption, PromiseStudy, Standing, StudyState, Term
from yingxu.standards.texts import term_of

#: An older study says nothing about today's hands.
FRESH = timedelta(days=92)
_CASE = ("priority", "milestone", "place_class")


@dataclass(frozen=True)
class BehindRow:
    """The best study behind a promise: one of the site's own history first, the newest first."""

    id: UUID
    key: int
    standing: str
    result: dict[str, Any]
    why: dict[str, Any]


@dataclass(frozen=True)
class TightenedRow:
    """A promise that an edition would make or tighten, with the study that stands behind it.

    ``change``: new, tighter, clock (the clock would run in other hours, or through pauses). ``before_limit_s`` 0: new.
    """

    priority: int
    milestone: str
    place_class: str
    limit_s: int
    percentile: float
    calendar: str
    is_pausable: bool
    change: str
    before_limit_s: int
    before_percentile: float
    study: BehindRow | None

    @property
    def standing(self) -> str:
        """What it rests on; empty: nothing yet."""
        return self.study.standing if self.study is not None else ""

    @property
    def is_on_trial(self) -> bool:
        """Whether it can be adopted on trial only, with a reason."""
        return self.standing in ON_TRIAL


def tightened(
    item_id: int, before_id: int | None, terms: Iterable[Mapping[str, Any]], *, at: datetime
) -> tuple[TightenedRow, ...]:
    """Return which of the terms (as in an edition's text) are new or tighter than those of an edition, with studies.

    ``before_id`` None: there is no edition before, so that all are new. A term of one class of places is held against
    the general one where it had none of its own; a class whose own term falls away, against the general one that now
    holds there. Budget: at most three queries.
    """
    given = [dict(term) for term in terms]
    rows = Term.objects.filter(edition_id=before_id).select_related("calendar") if before_id is not None else ()
    standing = {_case(said): said for said in map(term_of, rows)}
    found: dict[tuple[Any, ...], tuple[Mapping[str, Any], Mapping[str, Any] | None, str]] = {}
    for term in given:
        before = standing.get(_case(term)) or standing.get((*_case(term)[:2], ""))
        change = _change(term, before)
        if change:
            found[_case(term)] = (term, before, change)
    cases = {_case(term): term for term in given}
    for case, before in standing.items():
        general = cases.get((*case[:2], ""))
        if case[2] and case not in cases and general is not None and _case(general) not in found:
            change = _change(general, before)
            if change:
                found[_case(general)] = (general, before, change)
    behind = _studies_of(item_id, at=at) if found else []
    return tuple(_row(term, before, change, behind) for term, before, change in found.values())


def _case(term: Mapping[str, Any]) -> tuple[int, str, str]:
    return (int(term["priority"]), str(term["milestone"]), str(term.get("place_class") or ""))


def _change(term: Mapping[str, Any], before: Mapping[str, Any] | None) -> str:
    if before is None:
        return "new"
    if int(term["limit_s"]) < before["limit_s"] or float(term["percentile"]) > before["percentile"] + 1e-9:
        return "tighter"
    if term["calendar"] != before["calendar"] or (before["is_pausable"] and not _is_pausable(term)):
        return "clock"
    return ""


def _is_pausable(term: Mapping[str, Any]) -> bool:
    return bool(term.get("is_pausable", True))


def _row(
    term: Mapping[str, Any], before: Mapping[str, Any] | None, change: str, studies: list[dict[str, Any]]
) -> TightenedRow:
    priority, milestone, place_class = _case(term)
    return TightenedRow(
        priority=priority,
        milestone=milestone,
        place_class=place_class,
        limit_s=int(term["limit_s"]),
        percentile=float(term["percentile"]),
        calendar=str(term["calendar"]),
        is_pausable=_is_pausable(term),
        change=change,
        before_limit_s=before["limit_s"] if before else 0,
        before_percentile=before["percentile"] if before else 0.0,
        study=_best(term, studies),
    )


def _studies_of(item_id: int, *, at: datetime) -> list[dict[str, Any]]:
    """Return the item's finished studies that are still fresh, newest first. Budget: one query."""
    rows = PromiseStudy.objects.filter(
        item_id=item_id, state__in=(StudyState.DONE, StudyState.TOO_LITTLE), finished_at__gte=at - FRESH
    )
    names = ("id", "uid", "state", "priority", "milestone", "limit_s", "percentile", "assumptions", "result", "why")
    return list(rows.order_by("-finished_at", "-id").values(*names, "calendar__code", "is_pausable"))


def _best(term: Mapping[str, Any], studies: list[dict[str, Any]]) -> BehindRow | None:
    """Return the best study of just this promise or a stricter one, by the same clock (or around the clock)."""
    fit = [
        row
        for row in studies
        if (row["priority"], row["milestone"]) == (int(term["priority"]), term["milestone"])
        and row["limit_s"] <= int(term["limit_s"])
        and float(row["percentile"]) >= float(term["percentile"]) - 1e-9
        and row["calendar__code"] in (None, term["calendar"])
        and (not row["is_pausable"] or _is_pausable(term))
    ]
    order = (Standing.HISTORY, Standing.ASSUMED, Standing.THIN)
    best = min(fit, key=lambda row: order.index(_standing(row)), default=None)
    if best is None:
        return None
    return BehindRow(best["uid"], best["id"], _standing(best).value, best["result"], best["why"])


def _standing(row: Mapping[str, Any]) -> Standing:
    if row["state"] == StudyState.TOO_LITTLE:
        return Standing.THIN
    return Standing.ASSUMED if row["assumptions"] else Standing.HISTORY


@dataclass(frozen=True)
class AdoptedRow:
    """On what a promise of an edition was adopted."""

    priority: int
    milestone: str
    place_class: str
    standing: str
    study_id: UUID | None
    result: dict[str, Any]
    evidence: dict[str, Any]
    why: dict[str, Any]
    reason: str
    adopted_by: str
    adopted_at: datetime

    @property
    def is_on_trial(self) -> bool:
        """Whether it stands on trial only."""
        return self.standing in ON_TRIAL


def adoptions(edition_id: int) -> tuple[AdoptedRow, ...]:
    """Return on what the new and tighter promises of an edition were adopted. Budget: one query."""
    rows = PromiseAdoption.objects.filter(edition_id=edition_id).order_by("id")
    found = rows.values_list(
        *(f"term__{name}" for name in _CASE),
        "standing",
        "study__uid",
        "study__result",
        "study__evidence",
        "study__why",
        "reason",
        "adopted_by__name",
        "adopted_at",
    )
    rows_said = ((*row[:5], row[5] or {}, row[6] or {}, row[7] or {}, row[8], row[9] or "", row[10]) for row in found)
    return tuple(AdoptedRow(*cast("Any", row)) for row in rows_said)


def calendar_keys(site_id: int) -> dict[str, int]:
    """Return the keys of the site's service hours by code. Budget: one query."""
    return dict(Calendar.objects.filter(site_id=site_id).values_list("code", "id"))
