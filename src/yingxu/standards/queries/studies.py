"""Questions about studies of promises and about proposals to change them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.refusals import NotFound
from yingxu.standards.models import PromiseProposal, PromiseStudy, StudyState, Term


@dataclass(frozen=True)
class StudyRow:
    """A study with all that was put into it and came of it."""

    key: int
    id: UUID
    state: str
    item_code: str
    item_name: str
    item_name_en: str
    line_code: str
    priority: int
    milestone: str
    limit_s: int
    percentile: float
    calendar_id: int | None
    calendar_code: str
    calendar_name: str
    calendar_name_en: str
    is_pausable: bool
    assumptions: dict[str, Any]
    weeks: int
    seed: int
    evidence: dict[str, Any]
    spec: dict[str, Any]
    instant: dict[str, Any]
    result: dict[str, Any]
    why: dict[str, Any]
    version: str
    asked_by: str
    asked_at: datetime
    finished_at: datetime | None


_STUDY = (
    "id",
    "uid",
    "state",
    "item__code",
    "item__name",
    "item__name_en",
    "line_code",
    "priority",
    "milestone",
    "limit_s",
    "percentile",
    "calendar_id",
    "calendar__code",
    "calendar__name",
    "calendar__name_en",
    "is_pausable",
    "assumptions",
    "weeks",
    "seed",
    "evidence",
    "spec",
    "instant",
    "result",
    "why",
    "version",
    "asked_by__name",
    "asked_at",
    "finished_at",
)


#: Words that are missing where there is no item, no service hours or no person.
_WORDS = ("item_code", "item_name", "item_name_en", "calendar_code", "calendar_name", "calendar_name_en", "asked_by")


def _row(values: tuple[Any, ...]) -> StudyRow:
    named = dict(zip(StudyRow.__dataclass_fields__, values, strict=True))
    for name in _WORDS:
        named[name] = named[name] or ""
    named["percentile"] = float(named["percentile"])
    return StudyRow(**named)


def study(actor: Actor, study_id: UUID) -> StudyRow:
    """Return a study that the actor may read; refuses: NotFound. Budget: one query."""
    rows = PromiseStudy.objects.filter(uid=study_id).values_list("site_id", *_STUDY)
    found = rows.first()
    if found is None or not authority.may(actor, "report.read", where=Where(found[0], line_code=found[7])):
        raise NotFound(kind="study", name=str(study_id))
    return _row(found[1:])


def study_to_run(study_id: UUID) -> StudyRow:
    """Return a study for the analyst; refuses: NotFound. Budget: one query."""
    found = PromiseStudy.objects.filter(uid=study_id).values_list(*_STUDY).first()
    if found is None:
        raise NotFound(kind="study", name=str(study_id))
    return _row(found)


def studies_page(
    actor: Actor, site_id: int, *, line_code: str = "", item_code: str = "", after: int | None = None, limit: int = 25
) -> tuple[StudyRow, ...]:
    """Return the studies of lines that the actor may read, newest first. Refuses: NotAllowed. Budget: two queries."""
    authority.require(actor, "report.read", where=Where(site_id))
    rows = PromiseStudy.objects.filter(site_id=site_id)
    lines = rows.order_by().values_list("line_code", flat=True).distinct()
    rows = rows.filter(line_code__in=readable(actor, site_id, tuple(lines)))
    if line_code:
        rows = rows.filter(line_code=line_code)
    if item_code:
        rows = rows.filter(item__code=item_code)
    if after is not None:
        rows = rows.filter(pk__lt=after)
    return tuple(_row(row) for row in rows.order_by("-id").values_list(*_STUDY)[:limit])


def readable(actor: Actor, site_id: int, line_codes: tuple[str, ...]) -> list[str]:
    """Return those of the lines whose figures the actor may read. Budget: none."""
    return [code for code in line_codes if authority.may(actor, "report.read", where=Where(site_id, line_code=code))]


def n_studies_waiting(*, at: datetime) -> int:
    """Return how many studies an analyst could take now. Budget: one query."""
    free = Q(taken_until=None) | Q(taken_until__lte=at)
    return PromiseStudy.objects.filter(free, state__in=(StudyState.ASKED, StudyState.ESTIMATED)).count()


@dataclass(frozen=True)
class ProposalRow:
    """A proposal to tighten or loosen a promise, with its figures."""

    key: int
    id: UUID
    kind: str
    state: str
    item_code: str
    item_name: str
    item_name_en: str
    line_code: str
    priority: int
    milestone: str
    place_class: str
    limit_s: int
    percentile: float
    to_limit_s: int
    to_percentile: float
    month: date
    rule: str
    figures: dict[str, Any]
    reason: str
    proposed_by: str
    proposed_at: datetime
    decided_by: str
    decided_at: datetime | None
    decision_reason: str
    draft_id: UUID | None


_PROPOSAL = (
    "id",
    "uid",
    "kind",
    "state",
    "item__code",
    "item__name",
    "item__name_en",
    "line_code",
    "priority",
    "milestone",
    "place_class",
    "limit_s",
    "percentile",
    "to_limit_s",
    "to_percentile",
    "month",
    "rule",
    "figures",
    "reason",
    "proposed_by__name",
    "proposed_at",
    "decided_by__name",
    "decided_at",
    "decision_reason",
    "draft__uid",
)


def proposals(
    actor: Actor, site_id: int, *, is_open: bool = True, after: int | None = None, limit: int = 25
) -> tuple[ProposalRow, ...]:
    """Return proposals of lines that the actor may read, newest first. Refuses: NotAllowed. Budget: two queries."""
    authority.require(actor, "report.read", where=Where(site_id))
    rows = PromiseProposal.objects.filter(site_id=site_id)
    lines = rows.order_by().values_list("line_code", flat=True).distinct()
    rows = rows.filter(line_code__in=readable(actor, site_id, tuple(lines)))
    rows = rows.filter(state="open") if is_open else rows.exclude(state="open")
    if after is not None:
        rows = rows.filter(pk__lt=after)
    return tuple(_proposal(row) for row in rows.order_by("-id").values_list(*_PROPOSAL)[:limit])


def _proposal(values: tuple[Any, ...]) -> ProposalRow:
    named = dict(zip(ProposalRow.__dataclass_fields__, values, strict=True))
    for name in ("proposed_by", "decided_by"):
        named[name] = named[name] or ""
    for name in ("percentile", "to_percentile"):
        named[name] = float(named[name])
    return ProposalRow(**named)


def judged_until(site_id: int) -> date | None:
    """Return the last month for which the ratchet proposed something. Budget: one query."""
    rows = PromiseProposal.objects.filter(site_id=site_id, kind="tighten")
    return rows.order_by("-month").values_list("month", flat=True).first()


@dataclass(frozen=True)
class PromisedRow:
    """One promise in force, for the ratchet and the pickers."""

    item_id: int
    item_code: str
    line_code: str
    priority: int
    milestone: str
    place_class: str
    limit_s: int
    percentile: float
    is_legal: bool


def promised_now(site_id: int) -> tuple[PromisedRow, ...]:
    """Return the terms of all editions in force. Budget: one query."""
    rows = Term.objects.filter(edition__site_id=site_id, edition__state="in_force", edition__item__state="active")
    found = rows.order_by("edition__item_id", "priority", "milestone", "place_class").values_list(
        "edition__item_id",
        "edition__item__code",
        "edition__item__line__code",
        "priority",
        "milestone",
        "place_class",
        "limit_s",
        "percentile",
        "is_legal",
    )
    return tuple(PromisedRow(*row[:7], float(row[7]), row[8]) for row in found)
