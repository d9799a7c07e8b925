"""The live planner looks ahead: a specialist is kept for what comes, promises stand, first answers do not wait."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.people import MONDAY_NINE, House
from tests.rooms.test_planner import proposal
from tests.rooms.test_work_loop import asked, at_work, minutes, sent
from yingxu.connect.planner import reckoning
from yingxu.connect.planner.ahead import LEAST, Lately, foreseen
from yingxu.connect.planner.problem import Ground, Posed, pose
from yingxu.connect.planner.reckoning import PLANNER, SitePlanner
from yingxu.core.routing.fallback import fallback_plan
from yingxu.core.routing.plan import Plan, timed_plan
from yingxu.core.routing.session import stops_of
from yingxu.dispatch import queries
from yingxu.dispatch.queries import JobNow, Needs, Situation, Walk, WorkerNow
from yingxu.dispatch.queries.walks import Step, ways_of
from yingxu.dispatch.snapshots import Can

#: Places 1 and 2 lie on two floors of one house, place 3 in another.
GROUNDS = {1: (1, 1), 2: (1, 5), 3: (2, 1)}
GROUND = Ground.of(GROUNDS)


def job(key: int, line: str = "PLB", *, opened: float = 0, priority: int = 3, place: int = 1, **changes: Any) -> JobNow:
    opened_at = MONDAY_NINE + timedelta(minutes=opened)
    base = JobNow(
        key=key,
        uid=UUID(int=key),
        number=f"R{key}",
        state="queued",
        priority=priority,
        needs=Needs(line, "", 0, None),
        place_id=place,
        opened_at=opened_at,
        minutes=30,
        respond_by=opened_at + timedelta(minutes={1: 5, 2: 30, 3: 120, 4: 480}[priority]),
        resolve_by=opened_at + timedelta(minutes=600),
        worker_id=None,
        begun_at=None,
    )
    return replace(base, **changes)


def person(key: int, *lines: str, place: int = 1) -> WorkerNow:
    return WorkerNow(key, UUID(int=1000 + key), f"W{key}", Can(lines, {}, 1), place, 0)


def situation(waiting: list[JobNow], people: list[WorkerNow], held: tuple[JobNow, ...] = ()) -> Situation:
    return Situation(1, MONDAY_NINE, tuple(waiting), held, tuple(people))


def first_moves(posed: Posed, plan: Plan) -> dict[str, str]:
    """Who begins with which job."""
    return {
        posed.workers[plan.problem.workers[k].id].name: plan.problem.orders[stops[0][1]].id
        for k, stops in enumerate(plan.routes)
        if stops and not stops[0][0]
    }


def test_the_only_specialist_stays_free_for_what_keeps_coming() -> None:
    # the gas fitter stands nearer to the routine job; every few minutes somebody asked for gas
    people = [person(1, "GAS", "PLB", place=1), person(2, "PLB", place=2)]
    routine = job(1, "PLB", priority=4, place=1, minutes=120)
    lately = Lately.of([job(100 + n, "GAS", opened=-6.0 * n, priority=1, minutes=10) for n in range(15)])
    posed = pose(situation([routine], people), GROUND, lately.kinds)
    plain = fallback_plan(posed.problem)
    assert first_moves(posed, plain) == {"W1": "1"}
    found = foreseen(posed, plain, lately, in_time=lambda: True)
    assert first_moves(posed, found) == {"W2": "1"}


def test_on_a_quiet_day_the_nearest_goes() -> None:
    people = [person(1, "GAS", "PLB", place=1), person(2, "PLB", place=2)]
    posed = pose(situation([job(1, "PLB", place=1)], people), GROUND)
    plain = fallback_plan(posed.problem)
    assert foreseen(posed, plain, Lately.of([job(7)] * (LEAST - 1)), in_time=lambda: True) is plain
    quiet = Lately.of([job(100 + n, "CLN", opened=-60.0 * n) for n in range(LEAST)])
    posed = pose(situation([job(1, "PLB", place=1)], people), GROUND, quiet.kinds)
    assert first_moves(posed, foreseen(posed, plain, quiet, in_time=lambda: True)) == {"W1": "1"}


LINES = ("PLB", "ELE", "GAS")


@st.composite
def hospitals(draw: st.DrawFn) -> tuple[Situation, Lately]:
    """People with some lines, jobs that wait or are promised, and what was asked lately."""
    n_people = draw(st.integers(1, 5))
    people = [
        person(k, *draw(st.sets(st.sampled_from(LINES), min_size=1)), place=draw(st.integers(1, 3)))
        for k in range(n_people)
    ]
    drawn = st.tuples(st.sampled_from(LINES), st.integers(1, 4), st.integers(-200, 0), st.integers(1, 3))
    waiting = [
        job(n + 1, line, priority=level, opened=opened, place=place)
        for n, (line, level, opened, place) in enumerate(draw(st.lists(drawn, max_size=8)))
    ]
    held = tuple(
        job(n + 50, line, priority=level, opened=opened, place=place, state="dispatched", worker_id=n)
        for n, (line, level, opened, place) in enumerate(draw(st.lists(drawn, max_size=n_people)))
    )
    lately = [
        job(n + 100, line, priority=level, opened=opened, place=place)
        for n, (line, level, opened, place) in enumerate(draw(st.lists(drawn, max_size=20)))
    ]
    return situation(waiting, people, held), Lately.of(lately)


@settings(max_examples=30, deadline=None)
@given(hospitals())
def test_whatever_may_come_promises_stand_and_nobody_does_what_he_may_not(drawn: tuple[Situation, Lately]) -> None:
    now, lately = drawn
    posed = pose(now, GROUND, lately.kinds)
    plain = fallback_plan(posed.problem)
    found = foreseen(posed, plain, lately, in_time=lambda: True)
    timed_plan(found.problem, stops_of(found))  # raises when it cannot be kept
    given_to = {
        found.problem.orders[i].id: posed.workers[found.problem.workers[k].id]
        for k, stops in enumerate(found.routes)
        for is_break, i, _ in stops
        if not is_break
    }
    for one in now.held:
        assert given_to[str(one.key)].key == one.worker_id
    for one in now.waiting:
        if str(one.key) in given_to:
            assert one.needs.line_code in given_to[str(one.key)].can.line_codes


class Later(Executor):
    """Runs nothing until it is told to: a search that takes as long as we like."""

    def __init__(self) -> None:
        self.waiting: list[tuple[Future[Any], Callable[[], Any]]] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **names: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.waiting.append((future, lambda: fn(*args, **names)))
        return future

    def run(self) -> None:
        for future, act in self.waiting:
            future.set_result(act())
        self.waiting.clear()


@pytest.mark.django_db
def test_a_first_answer_waits_for_no_search_and_looks_at_no_future(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[int] = []

    def looks(posed: Posed, plan: Plan, lately: Lately, *, in_time: Callable[[], bool]) -> Plan:
        looked.append(len(posed.problem.orders))
        return foreseen(posed, plan, lately, in_time=in_time)

    monkeypatch.setattr(reckoning, "foreseen", looks)
    clock = [time.monotonic()]
    monkeypatch.setattr(reckoning.time, "monotonic", lambda: clock[0])
    beside = Later()
    one = SitePlanner(house.site_id, "one", is_warm=lambda: True, beside=beside)
    asked(house)
    assert one.turn(minutes(0.1))
    beside.run()
    clock[0] += 2
    one.turn(minutes(0.11))
    clock[0] += 20
    assert one.turn(minutes(0.12)), "time alone makes things late: planned again"
    assert beside.waiting, "the search is under way, as long as we like"
    new = asked(house, at=0.13)
    clock[0] += 0.1
    one.committed = "before it"  # this test commits nothing that a snapshot could tell
    one.turn(minutes(0.14))
    assert proposal(new).worker is not None
    assert not looked
    beside.run()
    assert len(looked) == 1, "the search beside looked ahead"
    clock[0] += 0.1
    one.turn(minutes(0.15))
    assert one.standing is not None
    assert str(new.pk) in one.standing.posed.jobs, "what came meanwhile stands in the plan again"


@pytest.mark.django_db
def test_what_was_asked_lately_is_read_in_one_query_whatever_became_of_it(
    house: House, django_assert_num_queries: Any
) -> None:
    old = asked(house, at=-600)
    done, waiting = at_work(house, sent(house, asked(house, at=-30), at=-29), at=-28), asked(house, at=-1)
    with django_assert_num_queries(1):
        found = queries.asked_lately(PLANNER, house.site_id, at=MONDAY_NINE)
    assert [one.key for one in found] == [waiting.pk, done.pk]
    assert old.pk not in {one.key for one in found}


@pytest.mark.django_db
def test_lately_is_read_once_a_minute_and_ways_once_an_hour(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [time.monotonic()]
    monkeypatch.setattr(reckoning.time, "monotonic", lambda: clock[0])
    counted = {"asked_lately": 0, "walks": 0}
    for name in counted:
        real = getattr(queries, name)

        def count(*args: Any, name: str = name, real: Any = real, **names: Any) -> Any:
            counted[name] += 1
            return real(*args, **names)

        monkeypatch.setattr(queries, name, count)
    one = SitePlanner(house.site_id, "one", is_warm=lambda: True)
    asked(house)
    for turn in range(8):
        one.turn(minutes(1 + turn / 60))  # soon enough to keep the lease
        clock[0] += 20
    assert counted == {"asked_lately": 2, "walks": 1}, "two minutes and a half went by"


@pytest.mark.django_db
def test_ways_are_learnt_from_setting_out_to_arriving(house: House) -> None:
    for at in (-60.0, -40.0):
        one = sent(house, asked(house, at=at), at=at + 1)
        at_work(house, one, at=at + 2)
    found = queries.walks(PLANNER, house.site_id, at=MONDAY_NINE)
    assert found == (), "nobody said when he set out"


def steps(*said: tuple[int, float, bool], who: int = 5) -> list[Step]:
    return [Step(one, who, MONDAY_NINE + timedelta(seconds=at), arrived) for one, at, arrived in said]


def test_a_way_goes_from_the_last_arrival_to_the_next() -> None:
    places = {1: 11, 2: 12, 3: 13}
    walked = steps((1, 0, True), (2, 600, False), (2, 700, True), (3, 2000, False), (3, 2090, True))
    assert ways_of(walked, places) == [Walk(11, 12, 100.0), Walk(12, 13, 90.0)]
    assert ways_of(reversed(walked), places) == ways_of(walked, places)


def test_what_is_no_walk_teaches_nothing() -> None:
    places = {1: 11, 2: 12}
    both_at_once = steps((1, 0, True), (2, 600, False), (2, 602, True))
    from_yesterday = steps((1, -30000, True), (2, 600, False), (2, 700, True))
    called_off = steps((1, 0, True), (3, 600, False), (2, 700, True))
    another = [*steps((1, 0, True)), *steps((2, 600, False), (2, 700, True), who=6)]
    for walked in (both_at_once, from_yesterday, called_off, another):
        assert ways_of(walked, places) == []


def test_what_was_walked_corrects_the_map() -> None:
    slow = Ground.of(GROUNDS, [Walk(1, 3, 900.0)] * 200)
    far = GROUND.matrix[GROUND.spot(1), GROUND.spot(3)]
    assert slow.matrix[slow.spot(1), slow.spot(3)] > 2 * far
    assert slow.matrix[slow.spot(1), slow.spot(2)] > GROUND.matrix[GROUND.spot(1), GROUND.spot(2)]
    assert (slow.matrix == slow.matrix.T).all()
    assert (Ground.of(GROUNDS, [Walk(1, 99, 5.0)]).matrix == GROUND.matrix).all(), "a place that is gone is left out"


def test_two_threads_may_look_ahead_at_once() -> None:
    """Posing and judging share nothing: the plan of one thread is that of another."""
    people = [person(1, "PLB"), person(2, "PLB", place=2)]
    lately = Lately.of([job(100 + n, opened=-6.0 * n) for n in range(10)])
    found: list[Any] = []

    def think() -> None:
        posed = pose(situation([job(1), job(2, place=2)], people), GROUND, lately.kinds)
        found.append(foreseen(posed, fallback_plan(posed.problem), lately, in_time=lambda: True).routes)

    threads = [threading.Thread(target=think) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert found[0] == found[1]
