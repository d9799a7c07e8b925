"""Studies of promises: the site's history becomes a model, the formula answers at once, the simulation for good."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import cache
from importlib.metadata import version
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from yingxu.connect.analyst import record
from yingxu.connect.analyst.past import ANALYST, as_worked, rows_of
from yingxu.connect.simulate_command import result_json
from yingxu.core.queueing import BadSpec, SimulationSpec, StopAfter, can_we_keep_it, read_spec
from yingxu.core.queueing.history import (
    LEAST_ARRIVALS,
    TooLittle,
    Worked,
    demand_model,
    handling,
    hands_by_hour_of_week,
    spec_of,
    values_of,
)
from yingxu.core.queueing.record import RecordAnswer, is_enough, require_enough
from yingxu.core.queueing.service_week import open_min_of
from yingxu.ground import queries as ground
from yingxu.standards import actions, queries
from yingxu.standards.queries import StudyRow

Clock = Callable[[], datetime]

#: So many jobs a replication, in whole weeks; twenty replications give the interval.
_JOBS_A_REPLICATION, _FEWEST_DAYS, _MOST_DAYS, _REPLICATIONS = 30_000, 28, 364, 20
#: No sample shows that everything is kept always; hands are searched for so much.
_MOST_SHARE = 0.999
_FLAT = tuple(1 / 24 for _ in range(24))


def turn(clock: Clock) -> bool:
    """Answer the oldest study that waits; tells whether there was one. Safe to be killed anywhere."""
    taken = actions.take_study(actor=ANALYST, at=clock())
    if taken.id is None:
        return False
    if taken.state == "failed":
        return True
    study = queries.study_to_run(taken.id)
    zone = ground.site_by_id(taken.site_id).timezone
    spec, answer, seen = record.answer_of(study, site_id=taken.site_id, timezone=zone)
    try:
        if study.milestone not in actions.SIMULATED:
            require_enough(answer)
            _judge_by_record(study, spec, answer, seen, clock)
            return True
        if not study.spec:
            study = _estimate(study, zone, taken.site_id, answer, clock)
        result = _simulated(read_spec(study.spec), seed=study.seed)
    except TooLittle as little:
        if study.milestone in actions.SIMULATED and not study.assumptions and is_enough(answer):
            _judge_by_record(study, spec, answer, seen | {"no_model": little.what}, clock)
            return True
        why = {"code": little.what, "n": little.n, "needed": little.needed, "record": record.result_of(answer)}
        actions.end_study(study_id=taken.id, state="too_little", why=why, actor=ANALYST, at=clock())
        return True
    except BadSpec as bad:
        why = {"code": "spec", "key": bad.key, "text": str(bad)}
        actions.end_study(study_id=taken.id, state="impossible", why=why, actor=ANALYST, at=clock())
        return True
    actions.finish_study(study_id=taken.id, result=result, version=_version(), actor=ANALYST, at=clock())
    return True


def _judge_by_record(
    study: StudyRow, spec: dict[str, Any], answer: RecordAnswer, seen: dict[str, Any], clock: Clock
) -> None:
    actions.finish_study(
        study_id=study.id,
        result=record.result_of(answer),
        version=_version(),
        spec=spec,
        evidence=seen,
        actor=ANALYST,
        at=clock(),
    )


def _estimate(study: StudyRow, zone: str, site_id: int, past: RecordAnswer, clock: Clock) -> StudyRow:
    at = study.asked_at
    found = as_worked(rows_of(site_id, weeks=study.weeks, at=at), line_code=study.line_code, zone=ZoneInfo(zone))
    spec, evidence = model_of(study, found)
    if past.n:
        evidence["record"] = record.result_of(past)
    evidence |= {"from_at": (at - timedelta(weeks=study.weeks)).isoformat(), "to_at": at.isoformat()}
    answer = can_we_keep_it(read_spec(spec))
    instant = {
        "share": answer.share,
        "keeps": answer.keeps,
        "by_hour": [
            {"share": hour.share, "load": hour.load_erlangs, "needed": hour.servers_needed} for hour in answer.by_hour
        ],
        "overloaded_hours": list(answer.overloaded_hours),
    }
    actions.note_estimate(study_id=study.id, spec=spec, evidence=evidence, instant=instant, actor=ANALYST, at=clock())
    return queries.study_to_run(study.id)


def model_of(study: StudyRow, worked: Worked) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the ``simulation-spec/1`` and what it rests on; what was typed stands in for what was seen.

    Raises
    ------
    TooLittle : the history says too little of something that was not typed.
    """
    typed = study.assumptions
    evidence: dict[str, Any] = {
        "n_arrivals": int(worked.is_meant.sum()),
        "days": round(worked.days, 1),
        "typed": sorted(typed),
    }
    per_hour, shares = _demand(typed, worked, study.priority)
    service, travel = _times(typed, worked, evidence)
    if "by_hour" in typed:
        staff = tuple(int(n) for n in typed["by_hour"])
    else:
        if worked.is_meant.sum() < LEAST_ARRIVALS:
            raise TooLittle("hands", int(worked.is_meant.sum()), LEAST_ARRIVALS)
        hands = hands_by_hour_of_week(worked)
        staff = tuple(int(n) for n in np.floor(hands + 0.5))
        evidence["hands"] = [round(float(n), 2) for n in hands]
    per_day = sum(per_hour) * 24 / len(per_hour)
    days = 7 * round(min(_MOST_DAYS, max(_FEWEST_DAYS, _JOBS_A_REPLICATION / max(per_day, 0.01))) / 7)
    spec = spec_of(
        per_hour=per_hour,
        shares=shares,
        service=service,
        travel=travel,
        staff=staff,
        priority=study.priority,
        limit_s=study.limit_s,
        percentile=min(study.percentile, _MOST_SHARE),
        until_end=study.milestone == "done",
        open_min=_open_week(study),
        days=days,
        replications=_REPLICATIONS,
    )
    evidence |= {
        "per_day": round(per_day, 2),
        "shares": {str(level): round(share, 4) for level, share in shares.items()},
    }
    return spec, evidence


def _open_week(study: StudyRow) -> tuple[tuple[int, int], ...]:
    """Return the ordinary week of the promise's service hours on the day it was asked; empty: around the clock."""
    if study.calendar_id is None:
        return ()
    calendar = queries.calendar_by_id(study.calendar_id)
    return open_min_of(calendar, study.asked_at.astimezone(ZoneInfo(calendar.zone)).date())


def _demand(typed: dict[str, Any], worked: Worked, priority: int) -> tuple[tuple[float, ...], dict[int, float]]:
    try:
        per_hour, shares = demand_model(worked)
    except TooLittle:
        if "per_day" not in typed:
            raise
        per_hour, shares = _FLAT, {priority: 1.0}
    if "per_day" in typed:  # the shape of the week stays as it was seen, its height is the typed one
        height = typed["per_day"] / (sum(per_hour) * 24 / len(per_hour))
        per_hour = tuple(rate * height for rate in per_hour)
    return per_hour, shares


def _times(
    typed: dict[str, Any], worked: Worked, evidence: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, Any] | None]:
    needs_past = "service_min" not in typed
    if needs_past or "travel_min" not in typed:
        try:
            on_site, way = handling(worked)
            evidence |= {"n_handled": len(on_site), "service_mean_s": float(on_site.mean())}
            evidence |= {"n_travelled": len(way), "travel_mean_s": float(way.mean()) if len(way) else 0.0}
        except TooLittle:
            if needs_past:
                raise
            on_site, way = np.zeros(0), np.zeros(0)
    if "service_min" in typed:
        service = {"kind": "lognormal", "mean": typed["service_min"] * 60, "cv": typed.get("cv", 0.8)}
    else:
        service = {"kind": "empirical", "values": values_of(on_site)}
    if "travel_min" in typed:
        mean_s = typed["travel_min"] * 60
        return service, {"kind": "exponential", "mean": mean_s} if mean_s > 0 else None
    return service, {"kind": "empirical", "values": values_of(way)} if len(way) else None


def _simulated(spec: SimulationSpec, *, seed: int) -> dict[str, Any]:
    from yingxu.core.queueing import simulate

    return _plain(result_json(simulate(spec, seed=seed, stop=StopAfter()), 0.0))


def _plain(result: dict[str, Any]) -> dict[str, Any]:
    """Return the result without the speed, which is the machine's and not the promise's."""
    return {name: value for name, value in result.items() if name != "events_per_second"}


@cache
def _version() -> str:
    return version("yingxu")


def warm_up() -> None:
    """Compile or load the kernels before somebody waits for them."""
    from yingxu.core.queueing import measure_promise

    tiny = spec_of(
        per_hour=(1.0,) * 24,
        shares={3: 1.0},
        service={"kind": "constant", "mean": 60.0},
        travel=None,
        staff=(1,) * 24,
        priority=3,
        limit_s=60,
        percentile=0.9,
        until_end=False,
        days=1,
        replications=1,
    )
    asdict(measure_promise(read_spec({**tiny, "warm_up_days": 0}), seed=1))
