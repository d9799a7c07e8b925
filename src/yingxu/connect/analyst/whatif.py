"""What if? Past days played again under every policy, as they were staffed and with other hands."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from yingxu.connect.analyst.past import ANALYST
from yingxu.connect.analyst.planned import ByPlanner
from yingxu.core.forecast.legs import Point
from yingxu.core.forecast.whatif import Hand, PastJob, Scenario, ScenarioResult, compare
from yingxu.dispatch.actions.whatif import answer_what_if, note_what_if, take_what_if
from yingxu.dispatch.queries.whatif import PastRow, WhatIfRow, past_jobs, what_if_to_run
from yingxu.ground.refusals import Stale
from yingxu.standards import queries as standards
from yingxu.work.transport import Storeys, storeys_of

Clock = Callable[[], datetime]

#: Fewer jobs, or fewer that were worked to the end, make no comparison.
LEAST_JOBS, LEAST_WORKED = 10, 5
#: Replications by size, so that a month is answered within a minute.
_MANY, _REPLICATIONS, _FEWER = 3_000, 20, 8
#: The planner's replications by size: (jobs at most, replications). A month in about five minutes.
_OF_PLANNER = ((600, 20), (1_500, 10), (4_000, 6), (10**9, 4))
#: How far it is, is said so often.
_SAY_S = 2.0
#: Somebody who worked on a day was there for a shift of so long around what he or she did.
SHIFT_S = 8 * 3600


def turn(clock: Clock) -> bool:
    """Answer the oldest question that waits; tells whether there was one. Safe to be killed anywhere."""
    taken = take_what_if(actor=ANALYST, at=clock())
    if taken.id is None:
        return False
    if taken.state == "failed":
        return True
    row = what_if_to_run(taken.id)
    try:
        state, result = answered(row, told=_Telling(taken.id, clock))
        answer_what_if(what_if_id=taken.id, state=state, result=result, actor=ANALYST, at=clock())
    except Stale:
        pass  # called off, or somebody else was quicker
    return True


class _Telling:
    """Says now and then how far the long part is; raises Stale when nobody wants it any more."""

    def __init__(self, what_if_id: UUID, clock: Clock) -> None:
        self._id, self._clock = what_if_id, clock
        self._began = self._said = time.monotonic()

    def __call__(self, done: int, total: int) -> None:
        now = time.monotonic()
        if now - self._said >= _SAY_S and done < total:
            left_s = (now - self._began) / done * (total - done)
            note_what_if(what_if_id=self._id, done=done, total=total, left_s=left_s, actor=ANALYST, at=self._clock())
            self._said = now


def answered(row: WhatIfRow, told: Callable[[int, int], None] | None = None) -> tuple[str, dict[str, Any]]:
    """Return the state and the answer of a question."""
    past = past_jobs(ANALYST, row.site_id, from_at=row.from_at, to_at=row.to_at, line_code=row.line_code)
    storeys = storeys_of(row.site_id)
    worked_s = [
        max(60.0, (one.finished_at - one.arrived_at).total_seconds())
        for one in past
        if one.finished_at is not None and one.arrived_at is not None
    ]
    if len(past) < LEAST_JOBS or len(worked_s) < LEAST_WORKED:
        return "too_little", {"n_jobs": len(past), "n_worked": len(worked_s), "needed": LEAST_JOBS}
    limits = _limits(row.site_id)
    skills = {code: key for key, code in enumerate(sorted({one.line_code for one in past}))}
    jobs = [
        PastJob(
            (one.opened_at - row.from_at).total_seconds(),
            one.priority,
            skills[one.line_code],
            _point(one, storeys),
            limits.get(one.priority, 0.0),
        )
        for one in past
    ]
    hands = _hands(past, row, skills, storeys)
    usual = ("priority", "fifo", "nearest", "match", "reserve", "preempt")
    scenarios = [Scenario(f"{policy}:0", policy, hands) for policy in usual]
    if row.more_hands:
        other = _with(hands, row.more_hands)
        scenarios += [Scenario(f"{policy}:{row.more_hands}", policy, other) for policy in ("priority", "match")]
    replications = _REPLICATIONS if len(jobs) <= _MANY else _FEWER
    if "planner" in row.further:
        expected = _expected(past, skills, worked_s)
        times = next(n for most, n in _OF_PLANNER if len(jobs) <= most)
        scenarios.append(Scenario("planner:0", lambda: ByPlanner(jobs, hands, expected, seed=row.seed), hands, times))
    found = compare(jobs, scenarios, worked_s, seed=row.seed, replications=replications, told=told)
    return "done", {
        "n_jobs": len(jobs),
        "n_hands": len(hands),
        "n_worked": len(worked_s),
        "replications": replications,
        "limits_s": {str(level): limit for level, limit in limits.items()},
        "as_it_was": _as_it_was(past, limits),
        "scenarios": [_plain(one) for one in found],
    }


def _limits(site_id: int) -> dict[int, float]:
    """Return what is promised until somebody is there, by class, in seconds."""
    edition = standards.default_edition(site_id)
    found = {}
    for level in (1, 2, 3):
        term = standards.terms_at(edition, priority=level, place_class="").get("arrived")
        if term is not None:
            found[level] = float(term.limit_s)
    return found


def _expected(past: Sequence[PastRow], skills: dict[str, int], worked_s: Sequence[float]) -> dict[int, float]:
    """Return the mean seconds of work by line, drawn towards the house's where few were worked."""
    house = sum(worked_s) / len(worked_s)
    sums: dict[int, list[float]] = defaultdict(lambda: [5 * house, 5.0])
    for one in past:
        if one.finished_at is not None and one.arrived_at is not None:
            own = sums[skills[one.line_code]]
            own[0] += max(60.0, (one.finished_at - one.arrived_at).total_seconds())
            own[1] += 1
    return {skill: total / n for skill, (total, n) in sums.items()}


def _point(one: PastRow, storeys: Storeys) -> Point:
    return storeys.point(one.place_id, one.place_path) if one.place_path else Point("", "", 1)


#: Whoever did nothing for so long had gone home in between: a night's work is one shift, not the ends of two days.
REST_S = 6 * 3600


def _hands(past: Sequence[PastRow], row: WhatIfRow, skills: dict[str, int], storeys: Storeys) -> list[Hand]:
    """Return who was there and when: a shift at least, around what he or she did in one go; nobody twice at once.

    A job that was left for days says nothing of the nights between: only its moments count. Of those of one day, who
    took most jobs comes first.
    """
    able: dict[int, set[int]] = defaultdict(set)
    seen: dict[int, list[tuple[float, bool, PastRow]]] = defaultdict(list)
    for one in past:
        if one.worker_id is None or one.accepted_at is None:
            continue
        able[one.worker_id].add(skills[one.line_code])
        for is_taken, moment in ((True, one.accepted_at), (False, one.arrived_at), (False, one.finished_at)):
            if moment is not None:
                seen[one.worker_id].append(((moment - row.from_at).total_seconds(), is_taken, one))
    found: list[tuple[int, int, Hand]] = []
    for worker, moments in sorted(seen.items()):
        spells: list[list[tuple[float, bool, PastRow]]] = []
        for there in sorted(moments, key=lambda there: there[0]):
            if spells and there[0] - spells[-1][-1][0] < REST_S:
                spells[-1].append(there)
            else:
                spells.append([there])
        for x, spell in enumerate(spells):
            begun, ended = spell[0][0], spell[-1][0]
            missing = max(0.0, SHIFT_S - (ended - begun)) / 2
            before = (begun - spells[x - 1][-1][0]) / 2 if x else missing
            after = (spells[x + 1][0][0] - ended) / 2 if x + 1 < len(spells) else missing
            span = begun - min(missing, before), ended + min(missing, after)
            n_taken = sum(is_taken for _, is_taken, _ in spell)
            found.append((n_taken, worker, Hand(*span, frozenset(able[worker]), _point(spell[0][2], storeys))))
    found.sort(key=lambda one: (_day(one[2]), -one[0], one[1], one[2].from_s))
    return [hand for *_, hand in found]


def _day(hand: Hand) -> int:
    return int((hand.from_s + hand.to_s) / 2 // 86_400)


def _with(hands: Sequence[Hand], more: int) -> list[Hand]:
    """Return the hands with so many more on each day, as those who had most to do; or without those who had least."""
    by_day: dict[int, list[Hand]] = defaultdict(list)
    for hand in hands:
        by_day[_day(hand)].append(hand)
    found: list[Hand] = []
    for own in by_day.values():
        if more >= 0:
            found += [*own, *(own[key % len(own)] for key in range(more))]
        else:
            found += own[: max(1, len(own) + more)]
    return found


def _as_it_was(past: Sequence[PastRow], limits: dict[int, float]) -> dict[str, list[int]]:
    """Return what was really kept: class -> [cases, kept]."""
    found: dict[str, list[int]] = {}
    for one in past:
        limit = limits.get(one.priority)
        if limit is None:
            continue
        counts = found.setdefault(str(one.priority), [0, 0])
        counts[0] += 1
        counts[1] += one.arrived_at is not None and (one.arrived_at - one.opened_at).total_seconds() <= limit
    return found


def _plain(one: ScenarioResult) -> dict[str, Any]:
    found = asdict(one)
    found["by_class"] = {str(level): share for level, share in found["by_class"].items()}
    return found
