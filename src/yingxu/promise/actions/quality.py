"""Verbs of the quality promises: which share of a line's work shall be good, and how that is sampled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.models import Site
from yingxu.ground.refusals import Malformed, NotFound
from yingxu.ground.setting_up import where_of_site
from yingxu.ground.unit import CommandKey, Unit
from yingxu.promise.events import QualityPromised, QualityPromiseEnded
from yingxu.promise.models import Measure, QualityPromise, StratumKey
from yingxu.standards import queries as standards
from yingxu.standards.models import Item
from yingxu.standards.refusals import AlreadyPlanned, EffectiveInPast

_ACTION = "catalogue.manage"
#: What a threshold may be, by measure; measures without one are not here.
_THRESHOLDS = {Measure.SCORE: (1, 100), Measure.RATED: (1, 5)}
_CODE_LIMIT, _NAME_LIMIT, _STEP_LIMIT, _READING_LIMIT = 24, 64, 32, 99_999


@dataclass(frozen=True)
class SamplingRule:
    """How jobs are drawn: each with chance ``share``, in the strata of ``key``; ``shares`` for single strata."""

    share: float = 1.0
    key: str = "none"
    shares: tuple[tuple[str, float], ...] = ()
    n_least: int = 0


@dataclass(frozen=True)
class Reading:
    """Which reading makes a job good: a step's code, or ``hand_over`` (°C); within [low, high], either end open."""

    step_code: str
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class QualitySaid:
    """A quality promise after a change."""

    id: UUID
    code: str
    from_on: str


def promise_quality(
    *,
    site_id: int,
    code: str,
    name: str,
    line_code: str,
    measure: str,
    target: float,
    sampling: SamplingRule,
    from_on: date,
    actor: Actor,
    at: datetime,
    at_least: int | None = None,
    reading: Reading | None = None,
    item_code: str = "",
    name_en: str = "",
    command: CommandKey | None = None,
) -> QualitySaid:
    """A line promises a share of good work from a date on; what the same code promised before ends there.

    Records QualityPromised. Refuses: NotAllowed, Malformed (code, name, line, item, measure, target, threshold,
    reading, sampling), EffectiveInPast, AlreadyPlanned (the code has a promise from that date or a later one).
    Budget: 5.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        authority.require(actor, _ACTION, where=where_of_site(actor, site_id))
        code, name = code.strip(), name.strip()
        _check_names(code, name)
        if all(line.code != line_code for line in standards.lines(site_id)):
            raise Malformed(field="line", problem="unknown")
        if item_code and not Item.objects.filter(site_id=site_id, line__code=line_code, code=item_code).exists():
            raise Malformed(field="item", problem="unknown")
        _check_terms(measure, target, at_least, sampling)
        reading = _checked_reading(reading) if measure == Measure.READING else None
        today = _today(site_id, at)
        if from_on < today:
            raise EffectiveInPast(from_on=from_on.isoformat(), today=today.isoformat())
        before = QualityPromise.objects.filter(site_id=site_id, code=code, to_on=None).first()
        if before is not None:
            if before.from_on >= from_on:
                raise AlreadyPlanned(kind="quality_promise", on=before.from_on.isoformat())
            unit.change(before, seen=["to_on"], to_on=from_on)
        row = unit.insert(
            QualityPromise(
                site_id=site_id,
                code=code,
                name=name,
                name_en=name_en.strip()[:96],
                line_code=line_code,
                item_code=item_code,
                measure=measure,
                at_least=at_least if measure in _THRESHOLDS else None,
                step_code=reading.step_code if reading else "",
                low=_hundredths(reading.low) if reading else None,
                high=_hundredths(reading.high) if reading else None,
                target=Decimal(f"{target:.3f}"),
                stratum_key=sampling.key,
                sample_share=Decimal(f"{sampling.share:.3f}"),
                shares=dict(sampling.shares),
                n_least=sampling.n_least,
                from_on=from_on,
                made_at=at,
            )
        )
        unit.record(
            QualityPromised(
                site_id=site_id,
                subject_id=site_id,
                thread_id=site_id,
                code=code,
                name=name,
                line_code=line_code,
                measure=measure,
                target=target,
                sample_share=sampling.share,
                from_on=from_on.isoformat(),
            )
        )
        unit.answer(QualitySaid(row.uid, code, from_on.isoformat()))
    return unit.answered(QualitySaid)


def end_quality_promise(
    *, site_id: int, code: str, actor: Actor, at: datetime, command: CommandKey | None = None
) -> QualitySaid:
    """A quality promise holds no longer from today on; what was counted before stays.

    Records QualityPromiseEnded. Refuses: NotAllowed, NotFound. Budget: 3.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        authority.require(actor, _ACTION, where=where_of_site(actor, site_id))
        row = QualityPromise.objects.filter(site_id=site_id, code=code, to_on=None).first()
        if row is None:
            raise NotFound(kind="quality_promise", name=code)
        to_on = max(_today(site_id, at), row.from_on)
        unit.change(row, seen=["to_on"], to_on=to_on)
        unit.record(
            QualityPromiseEnded(
                site_id=site_id,
                subject_id=site_id,
                thread_id=site_id,
                code=code,
                name=row.name,
                to_on=to_on.isoformat(),
            )
        )
        unit.answer(QualitySaid(row.uid, code, row.from_on.isoformat()))
    return unit.answered(QualitySaid)


def _check_names(code: str, name: str) -> None:
    if not code or not code.isascii() or not code.replace("_", "").isalnum():
        raise Malformed(field="code", problem="wrong_type" if code else "missing")
    if len(code) > _CODE_LIMIT:
        raise Malformed(field="code", problem="too_long", limit=str(_CODE_LIMIT))
    if not name or len(name) > _NAME_LIMIT:
        raise Malformed(field="name", problem="too_long" if name else "missing", limit=str(_NAME_LIMIT))


def _check_terms(measure: str, target: float, at_least: int | None, sampling: SamplingRule) -> None:
    if measure not in Measure.values:
        raise Malformed(field="measure", problem="unknown")
    if not 0.001 <= target <= 1:
        raise Malformed(field="target", problem="too_small" if target < 0.001 else "too_large", limit="0.1-100")
    if measure in _THRESHOLDS:
        low, high = _THRESHOLDS[Measure(measure)]
        if at_least is None:
            raise Malformed(field="at_least", problem="missing")
        if not low <= at_least <= high:
            raise Malformed(field="at_least", problem="too_small" if at_least < low else "too_large", limit=str(high))
    if sampling.key not in StratumKey.values:
        raise Malformed(field="stratum_key", problem="unknown")
    for share in (sampling.share, *(share for _, share in sampling.shares)):
        if not 0.001 <= share <= 1:
            raise Malformed(
                field="sample_share", problem="too_small" if share < 0.001 else "too_large", limit="0.1-100"
            )
    if not 0 <= sampling.n_least <= 10000:
        raise Malformed(field="n_least", problem="too_large", limit="10000")


def _checked_reading(reading: Reading | None) -> Reading:
    step_code = reading.step_code.strip() if reading else ""
    if reading is None or not step_code:
        raise Malformed(field="step", problem="missing")
    if len(step_code) > _STEP_LIMIT:
        raise Malformed(field="step", problem="too_long", limit=str(_STEP_LIMIT))
    if reading.low is None and reading.high is None:
        raise Malformed(field="limits", problem="missing")
    for limit in (reading.low, reading.high):
        if limit is not None and not abs(limit) <= _READING_LIMIT:
            raise Malformed(field="limits", problem="out_of_range", limit=f"±{_READING_LIMIT}")
    if reading.low is not None and reading.high is not None and reading.low > reading.high:
        raise Malformed(field="limits", problem="out_of_order")
    return Reading(step_code, reading.low, reading.high)


def _hundredths(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(f"{value:.2f}")


def _today(site_id: int, at: datetime) -> date:
    zone = Site.objects.values_list("timezone", flat=True).get(pk=site_id)
    return at.astimezone(ZoneInfo(zone)).date()
