"""Nobody's told plan jumps: whatever happens between two plans, what was told or shown moves only for a cause."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rooms.test_planner_ahead import GROUND, job, person, situation
from yingxu.connect.planner import telling
from yingxu.connect.planner.plain import plain
from yingxu.connect.planner.problem import Posed, able, pose
from yingxu.connect.planner.telling import Told, to_say
from yingxu.core.routing.plan import Plan
from yingxu.dispatch.queries import JobNow, Situation

LINES = ("PLB", "ELE", "HVA")
_orders = st.tuples(st.sampled_from(LINES), st.sampled_from([1, 2, 3, 4]), st.sampled_from([1, 2, 3]))
_people = st.lists(
    st.tuples(st.sets(st.sampled_from(LINES), min_size=1), st.sampled_from([1, 2, 3])), min_size=1, max_size=5
)
#: What happens between two plans: minutes pass, jobs come.
_steps = st.lists(st.tuples(st.integers(0, 20), st.lists(_orders, max_size=2)), min_size=1, max_size=4)


def hands(posed: Posed, plan: Plan) -> dict[int, int]:
    """Return whom the plan gives each job."""
    return {
        int(plan.problem.orders[i].id): int(plan.problem.workers[k].id)
        for k, stops in enumerate(plan.routes)
        for is_break, i, _ in stops
        if not is_break
    }


def _day(first: list[tuple[str, int, int]], people: list[tuple[set[str], int]]) -> Situation:
    jobs = [job(n + 1, line, priority=level, place=place) for n, (line, level, place) in enumerate(first)]
    return situation(jobs, [person(100 + n, *sorted(lines), place=at) for n, (lines, at) in enumerate(people)])


def _later(now: Situation, minutes: int, new: list[tuple[str, int, int]]) -> Situation:
    at = now.at + timedelta(minutes=minutes)
    n = max((one.key for one in (*now.waiting, *now.held)), default=0)
    came: list[JobNow] = []
    for k, (line, level, place) in enumerate(new, 1):
        came.append(replace(job(n + k, line, priority=level, place=place), opened_at=at))
    return replace(now, at=at, waiting=(*now.waiting, *came))


@settings(max_examples=40, deadline=None)
@given(st.lists(_orders, min_size=1, max_size=8), _people, _steps)
def test_p2_what_was_told_or_shown_moves_only_for_a_cause(
    first: list[tuple[str, int, int]],
    people: list[tuple[set[str], int]],
    steps: list[tuple[int, list[tuple[str, int, int]]]],
) -> None:
    """P2: each plan is made by a planner that has just taken over and knows only what stands in the database."""
    now = _day(first, people)
    shown: dict[int, int] = {}
    for minutes, new in steps:
        posed = pose(replace(now, proposed=shown), GROUND)
        found = hands(posed, plain(posed))
        keys = {one.key for one in now.waiting}
        assert {key: found[key] for key in shown if key in found and key in keys} == {
            key: who for key, who in shown.items() if key in found and key in keys
        }, "shown on the desk: in the same hands, or nobody has time any longer"
        for one in now.held:
            assert found[one.key] == one.worker_id, "told to somebody: locked"
        shown = {key: who for key, who in found.items() if key in keys}
        if shown:  # the desk confirms the most urgent
            sent = next(one for one in now.waiting if one.key in shown)
            held = replace(sent, state="dispatched", worker_id=shown.pop(sent.key))
            rest = tuple(one for one in now.waiting if one.key != sent.key)
            now = replace(now, waiting=rest, held=(*now.held, held))
        now = _later(now, minutes, new)


@settings(max_examples=25, deadline=None)
@given(st.lists(_orders, min_size=1, max_size=12), _people)
def test_what_is_not_compared_again_is_said_as_before_and_for_who_may_go(
    first: list[tuple[str, int, int]], people: list[tuple[set[str], int]]
) -> None:
    now = _day(first, people)
    told = Told()
    posed = pose(now, GROUND)
    before = {one.job_key: one for one in told.say(posed, plain(posed), to_say(posed))}
    compared = dict(told.compared)
    shown = {key: one.worker_id for key, one in before.items() if one.worker_id is not None}
    posed = pose(replace(now, proposed=shown, answered=frozenset(before)), GROUND)
    with patch.multiple(telling, COMPARED=1, IN_TURN=1):
        again = told.say(posed, plain(posed), to_say(posed))
    assert sum(told.compared[key] > compared[key] for key in compared) <= 2
    assert {one.job_key: one.worker_id for one in again} == {key: one.worker_id for key, one in before.items()}
    waiting = {one.key: one for one in now.waiting}
    for one in again:
        if one.worker_id is not None:
            assert one.worker_id in able(posed, waiting[one.job_key]).first
