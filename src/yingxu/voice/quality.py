"""What became of quality promises: jobs drawn by the sampling rule, measured by checks, steps and ratings.

It stands here because a rating may be the measure: the lowest room that sees promises, jobs, checks and ratings.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Exists, Min, OuterRef, Subquery

from yingxu.core.quality.sampling import Estimate, Stratum, estimate, is_drawn
from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.promise.queries.quality import HAND_OVER, QualityTerms, quality_promises
from yingxu.verify.models import Verdict
from yingxu.voice.models import Rating
from yingxu.work.models import CustodyScan, Job, StepDone
from yingxu.work.queries import seen_by

#: Reasons and causes that say: brought to the wrong place, to the wrong person, or the wrong thing.
_MISPLACED = ("wrong_place", "wrong_item", "wrong_handover")


@dataclass(frozen=True)
class StratumRow:
    """One stratum of a promise's sample: jobs, drawn ones, measured ones among them, good ones among those."""

    key: str
    share: float
    n_jobs: int
    n_drawn: int
    n_measured: int
    n_good: int


@dataclass(frozen=True)
class QualityRow:
    """A quality promise with what became of it. ``verdict``: kept, missed, open, none (nothing measured)."""

    terms: QualityTerms
    strata: tuple[StratumRow, ...]
    estimate: Estimate
    verdict: str

    @property
    def n_jobs(self) -> int:
        """Finished jobs that the promise is about."""
        return sum(row.n_jobs for row in self.strata)

    @property
    def n_drawn(self) -> int:
        """Jobs that were drawn."""
        return sum(row.n_drawn for row in self.strata)

    @property
    def n_unmeasured(self) -> int:
        """Drawn jobs that nobody has measured yet."""
        return sum(row.n_drawn - row.n_measured for row in self.strata)

    @property
    def is_below_plan(self) -> bool:
        """Whether fewer jobs were measured than are meant to be."""
        return self.estimate.n_measured < self.terms.n_least


@dataclass(frozen=True)
class SampledJob:
    """One drawn job: whether it was measured, and found good (None: not measured)."""

    job_id: UUID
    request_id: UUID
    number: str
    place_name: str
    place_name_en: str
    stratum: str
    finished_at: datetime
    is_good: bool | None


def quality_attainment(
    actor: Actor, site_id: int, *, zone: ZoneInfo, from_at: datetime, to_at: datetime, line_code: str | None = None
) -> tuple[QualityRow, ...]:
    """Return each quality promise with its sample over jobs finished in [from_at, to_at).

    A job counts under the terms of the day on which it was finished. One question for board, wall and score.
    Refuses: NotAllowed. Budget: two queries, two more where readings are promised.
    """
    authority.require(actor, "promise_board.read", where=authority.Where(site_id=site_id))
    terms = quality_promises(
        site_id,
        from_on=from_at.astimezone(zone).date(),
        to_on=_last_on(to_at, zone),
        line_code=line_code,
    )
    if not terms:
        return ()
    jobs = _jobs(site_id, from_at, to_at, sorted({one.line_code for one in terms}), _steps(terms))
    return tuple(_row(one, _cases(one, jobs, zone)) for one in terms)


def sampled_jobs(
    actor: Actor,
    site_id: int,
    *,
    code: str,
    zone: ZoneInfo,
    from_at: datetime,
    to_at: datetime,
    is_unmeasured_only: bool = False,
) -> tuple[SampledJob, ...]:
    """Return the drawn jobs of a quality promise that the actor may see, newest first.

    Refuses: NotAllowed. Budget: three queries, two more where it is a reading.
    """
    authority.require(actor, "promise_board.read", where=authority.Where(site_id=site_id))
    terms = [
        one
        for one in quality_promises(site_id, from_on=from_at.astimezone(zone).date(), to_on=_last_on(to_at, zone))
        if one.code == code
    ]
    if not terms:
        return ()
    seen = set(
        Job.objects.filter(
            seen_by(actor), site_id=site_id, finished_at__gte=from_at, finished_at__lt=to_at
        ).values_list("id", flat=True)
    )
    jobs = _jobs(site_id, from_at, to_at, [one.line_code for one in terms], _steps(terms))
    jobs = [job for job in jobs if job.id in seen]
    found = [
        SampledJob(
            case.job.uid,
            case.job.request_uid,
            case.job.number,
            case.job.place_name,
            case.job.place_name_en,
            case.stratum,
            case.job.finished_at,
            case.is_good,
        )
        for one in terms
        for case in _cases(one, jobs, zone)
        if case.is_drawn and not (is_unmeasured_only and case.is_good is not None)
    ]
    return tuple(sorted(found, key=lambda row: row.finished_at, reverse=True))


def _steps(terms: Iterable[QualityTerms]) -> set[str]:
    return {one.step_code for one in terms if one.measure == "reading"}


def _last_on(to_at: datetime, zone: ZoneInfo) -> date:
    return (to_at - timedelta(microseconds=1)).astimezone(zone).date() + timedelta(days=1)


@dataclass(frozen=True)
class _Job:
    id: int
    uid: UUID
    request_uid: UUID
    number: str
    line_code: str
    item_code: str
    priority: int
    place_class: str
    place_name: str
    place_name_en: str
    finished_at: datetime
    score: int | None
    n_reworks: int
    n_reopens: int
    cause_code: str
    is_found_good: bool | None
    stars: int | None
    is_misplaced: bool
    #: Readings by step code, numbers only; HAND_OVER: the temperature at the hand-over.
    readings: Mapping[str, float]


def _jobs(
    site_id: int, from_at: datetime, to_at: datetime, line_codes: Sequence[str], step_codes: Collection[str]
) -> list[_Job]:
    checks = Verdict.objects.filter(job=OuterRef("pk"), ground="check")
    found_bad = checks.filter(is_good=False)
    misplaced = Verdict.objects.filter(job=OuterRef("pk"), is_good=False, reason_code__in=_MISPLACED)
    ratings = Rating.objects.filter(request_id=OuterRef("request_id")).order_by()
    rows = (
        Job.objects.filter(site_id=site_id, finished_at__gte=from_at, finished_at__lt=to_at, line_code__in=line_codes)
        .annotate(
            is_checked=Exists(checks),
            is_found_bad=Exists(found_bad),
            stars=Subquery(ratings.values("request_id").annotate(low=Min("stars")).values("low")),
            is_misplaced=Exists(misplaced),
        )
        .order_by("finished_at", "id")
        .values_list(
            "id",
            "uid",
            "request__uid",
            "number",
            "line_code",
            "item__code",
            "priority",
            "place__place_class",
            "place_name",
            "place_name_en",
            "finished_at",
            "quality_score",
            "n_reworks",
            "n_reopens",
            "cause_code",
            "is_checked",
            "is_found_bad",
            "stars",
            "is_misplaced",
        )
    )
    plain: list[tuple[Any, ...]] = list(rows)
    readings = _readings([row[0] for row in plain], step_codes) if step_codes else {}
    return [_job(row, readings.get(row[0], {})) for row in plain]


def _readings(job_ids: list[int], step_codes: Collection[str]) -> dict[int, dict[str, float]]:
    """Return what was read at jobs: the values of the steps asked for, and temperatures at hand-overs."""
    found: dict[int, dict[str, float]] = {}
    if steps := [code for code in step_codes if code != HAND_OVER]:
        read = StepDone.objects.filter(job_id__in=job_ids, step_code__in=steps)
        for job_id, code, value in read.values_list("job_id", "step_code", "value"):
            if isinstance(value, int | float) and not isinstance(value, bool):
                found.setdefault(job_id, {})[code] = float(value)
    if HAND_OVER in step_codes:
        given = CustodyScan.objects.filter(job_id__in=job_ids, kind="given", temperature_c__isnull=False)
        for job_id, temperature in given.values_list("job_id", "temperature_c"):
            if temperature is not None:
                found.setdefault(job_id, {})[HAND_OVER] = float(temperature)
    return found


def _job(row: tuple[Any, ...], readings: Mapping[str, float]) -> _Job:
    is_checked, is_found_bad, stars, is_misplaced = row[-4:]
    found_good = not is_found_bad if is_checked else None
    values: list[Any] = [*row[:7], row[7] or "", *row[8:-4], found_good, stars, is_misplaced, readings]
    return _Job(*values)


@dataclass(frozen=True)
class _Case:
    job: _Job
    stratum: str
    is_drawn: bool
    is_good: bool | None


def _cases(terms: QualityTerms, jobs: Iterable[_Job], zone: ZoneInfo) -> list[_Case]:
    """Return the jobs that a promise is about, each with its stratum, whether it is drawn, and how it was found."""
    found = []
    for job in jobs:
        on = job.finished_at.astimezone(zone).date()
        is_meant = (
            job.line_code == terms.line_code
            and terms.item_code in ("", job.item_code)
            and terms.from_on <= on
            and (terms.to_on is None or on < terms.to_on)
        )
        if is_meant:
            stratum = _stratum(terms.stratum_key, job)
            drawn = is_drawn(str(job.uid), plan=terms.code, share=terms.share_of(stratum))
            found.append(_Case(job, stratum, drawn, _is_good(terms, job)))
    return found


def _stratum(key: str, job: _Job) -> str:
    if key == "priority":
        return str(job.priority)
    if key == "place_class":
        return job.place_class
    return ""


def _is_good(terms: QualityTerms, job: _Job) -> bool | None:
    """Return whether a job is good by the promise's measure; None when it was not measured."""
    if terms.measure == "checked":
        return job.is_found_good
    if terms.measure == "right_first":
        return job.n_reworks == 0 and job.n_reopens == 0
    if terms.measure == "delivered":
        return not job.is_misplaced and job.cause_code not in _MISPLACED
    if terms.measure == "reading":
        reading = job.readings.get(terms.step_code)
        return None if reading is None else _is_within(reading, terms.low, terms.high)
    value = job.score if terms.measure == "score" else job.stars
    return None if value is None else value >= (terms.at_least or 0)


def _is_within(reading: float, low: float | None, high: float | None) -> bool:
    return (low is None or reading >= low) and (high is None or reading <= high)


def _row(terms: QualityTerms, cases: Sequence[_Case]) -> QualityRow:
    strata = []
    for key in sorted({case.stratum for case in cases}):
        own = [case for case in cases if case.stratum == key]
        drawn = [case for case in own if case.is_drawn]
        measured = [case for case in drawn if case.is_good is not None]
        strata.append(
            StratumRow(
                key,
                terms.share_of(key),
                len(own),
                len(drawn),
                len(measured),
                sum(bool(case.is_good) for case in measured),
            )
        )
    found = estimate(Stratum(row.n_jobs, row.n_measured, row.n_good) for row in strata)
    return QualityRow(terms, tuple(strata), found, _verdict(found, terms.target))


def _verdict(found: Estimate, target: float) -> str:
    if found.share is None:
        return "none"
    if found.share >= target:
        return "kept"
    return "missed" if (found.high or 0.0) < target else "open"
