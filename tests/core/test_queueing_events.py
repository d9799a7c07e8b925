"""The event loop against simpy, draw for draw, and against what must hold for any queue."""

import numpy as np
import pytest
import simpy
from hypothesis import given, settings
from hypothesis import strategies as st

from yingxu.core.queueing import (
    Constant,
    Empirical,
    Exponential,
    JobClass,
    Lognormal,
    SimulationSpec,
    Team,
    draws,
    events,
    tallies,
)
from yingxu.core.queueing.draws import Jobs, draw_jobs
from yingxu.core.queueing.events import dispatch_times
from yingxu.core.queueing.service_week import open_marks
from yingxu.core.queueing.specs import team_table

HOUR = 3_600.0


def spec_of(per_hour=(6.0,) * 24, staff=(3,) * 24, classes=(JobClass(1.0, 600.0),), **more):
    more = {"service": Exponential(1_200.0), "percentile": 0.9, **more}
    return SimulationSpec(per_hour=tuple(per_hour), teams=(Team(tuple(staff)),), classes=tuple(classes), **more)


def run(spec, jobs):
    return dispatch_times(jobs, np.array([team.by_hour for team in spec.teams]), team_table(spec))


def simpy_dispatch_times(jobs, staff, hours):
    """The same queue in simpy: those off duty are blockers that take a place as soon as one is free."""
    env = simpy.Environment()
    most = max(staff)
    servers = simpy.PriorityResource(env, most)
    sent = np.full(len(jobs.arrive_s), np.nan)

    def job(at):
        yield env.timeout(jobs.arrive_s[at])
        with servers.request(priority=int(jobs.class_index[at])) as turn:
            patience = env.timeout(jobs.patience_s[at]) if np.isfinite(jobs.patience_s[at]) else env.event()
            yield turn | patience
            if turn.triggered:
                sent[at] = env.now
                yield env.timeout(jobs.travel_s[at] + jobs.service_s[at])

    def shifts():
        blockers = []
        for hour in range(hours):
            off = most - staff[hour % len(staff)]
            while len(blockers) < off:
                blockers.append(servers.request(priority=-1))
            while len(blockers) > off:
                blocker = blockers.pop()
                if blocker.triggered:
                    servers.release(blocker)
                else:
                    blocker.cancel()
            yield env.timeout(HOUR)

    env.process(shifts())
    for at in range(len(sent)):
        env.process(job(at))
    env.run(hours * HOUR)
    return sent


DAY_AND_NIGHT = tuple([1] * 6 + [3] * 4 + [5] * 8 + [2] * 6)
CASES = {
    "one queue": spec_of(),
    "priorities": spec_of(classes=[JobClass(0.2, 300.0), JobClass(0.5, 600.0), JobClass(0.3, 900.0)]),
    "travel and odd times": spec_of(service=Lognormal(1_000.0, 1.5), travel=Empirical((60.0, 300.0, 301.5))),
    "giving up": spec_of(staff=(2,) * 24, patience=Exponential(900.0)),
    "shifts": spec_of(staff=DAY_AND_NIGHT, per_hour=[3, 3, 3, 3, 3, 3] + [7] * 18),
    "all at once": spec_of(
        staff=DAY_AND_NIGHT,
        per_hour=[2, 2, 2, 4, 4, 9] * 4,
        classes=[JobClass(0.4, 300.0), JobClass(0.6, 900.0)],
        travel=Exponential(200.0),
        patience=Lognormal(4_000.0, 1.0),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_agrees_with_simpy_draw_for_draw(name):
    spec = CASES[name]
    jobs = draw_jobs(spec, days=6, seed=11, replication=0)
    ours = run(spec, jobs)
    theirs = simpy_dispatch_times(jobs, spec.teams[0].by_hour, hours=24 * 20)
    assert len(ours) > 500
    np.testing.assert_array_equal(np.isnan(ours), np.isnan(theirs))
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-6)


@given(st.integers(1, 4), st.integers(0, 10_000), st.floats(0.5, 8))
@settings(max_examples=25, deadline=None)
def test_never_more_at_work_than_on_duty_and_never_idle_while_somebody_waits(staff, seed, per_hour):
    spec = spec_of(per_hour=(per_hour,) * 24, staff=(staff,) * 24)
    jobs = draw_jobs(spec, days=3, seed=seed, replication=0)
    sent = run(spec, jobs)
    ends = sent + jobs.service_s
    for at in range(len(sent)):
        now = sent[at]
        at_work = ((sent <= now) & (ends > now)).sum()
        assert at_work <= staff
        if now > jobs.arrive_s[at]:
            assert at_work == staff
    assert (np.diff(sent) >= 0).all()


def test_teams_with_nothing_in_common_are_queues_of_their_own():
    lift, water = Team((2,) * 24, frozenset({"lift"})), Team((1,) * 24, frozenset({"water"}))
    classes = (JobClass(0.5, 600.0, "lift"), JobClass(0.5, 600.0, "water"))
    both = SimulationSpec((5.0,) * 24, (lift, water), classes, Exponential(900.0), 0.9)
    jobs = draw_jobs(both, days=4, seed=2, replication=0)
    sent = run(both, jobs)
    for index, team in enumerate(both.teams):
        mine = jobs.class_index == index
        alone = Jobs(
            *(
                getattr(jobs, field)[mine]
                for field in ("arrive_s", "class_index", "service_s", "travel_s", "patience_s")
            )
        )
        alone = Jobs(
            alone.arrive_s, np.zeros_like(alone.class_index), alone.service_s, alone.travel_s, alone.patience_s
        )
        apart = dispatch_times(alone, np.array([team.by_hour]), np.array([[True]]))
        np.testing.assert_array_equal(apart, sent[mine])


def test_who_can_do_least_is_sent_first():
    """One specialist and one all-rounder: the plain job takes the plain server, so the lift job need not wait."""
    spec = SimulationSpec(
        (1.0,) * 24,
        (Team((1,) * 24, frozenset({"lift"})), Team((1,) * 24)),
        (JobClass(0.5, 0.0, "lift"), JobClass(0.5, 0.0)),
        Constant(600.0),
        0.9,
    )
    jobs = Jobs(np.array([0.0, 10.0]), np.array([1, 0]), np.full(2, 600.0), np.zeros(2), np.full(2, np.inf))
    assert run(spec, jobs).tolist() == [0.0, 10.0]


def test_a_class_that_nobody_ever_serves_is_refused():
    jobs = Jobs(np.array([0.0]), np.array([0]), np.ones(1), np.zeros(1), np.full(1, np.inf))
    with pytest.raises(ValueError, match="nobody can ever serve class 0"):
        dispatch_times(jobs, np.zeros((1, 24), dtype=np.int64), np.array([[True]]))


def test_a_server_finishes_the_job_in_hand_and_the_next_waits_for_the_morning():
    staff = [1] + [0] * 23
    jobs = Jobs(np.array([3_000.0, 3_100.0]), np.zeros(2, int), np.full(2, 1_800.0), np.zeros(2), np.full(2, np.inf))
    assert dispatch_times(jobs, np.array([staff]), np.array([[True]])).tolist() == [3_000.0, 86_400.0]


def test_arrivals_follow_their_rates():
    rates = [0.0] * 8 + [30.0] * 8 + [6.0] * 8
    jobs = draw_jobs(spec_of(per_hour=rates), days=300, seed=4, replication=0)
    counts = np.bincount((jobs.arrive_s // HOUR).astype(int) % 24, minlength=24) / 300
    assert (np.diff(jobs.arrive_s) > 0).all()
    assert counts[:8].sum() == 0
    np.testing.assert_allclose(counts[8:], rates[8:], rtol=0.1)


def test_a_rush_of_arrivals_is_drawn_to_the_end_of_the_day():
    """More arrivals than six standard deviations above the mean: the first batch of draws runs out."""

    class Rush:
        def standard_exponential(self, n):
            return np.full(n, 0.1)

    arrive_s = draws._arrivals((10.0,) * 24, 1, Rush())
    np.testing.assert_allclose(np.diff(arrive_s), 36.0)
    assert arrive_s[-1] == pytest.approx(86_400, abs=40)


def test_another_policy_meets_the_same_jobs():
    one = draw_jobs(spec_of(), days=3, seed=9, replication=2)
    other = draw_jobs(spec_of(staff=(7,) * 24, patience=Exponential(60.0)), days=3, seed=9, replication=2)
    np.testing.assert_array_equal(one.arrive_s, other.arrive_s)
    np.testing.assert_array_equal(one.service_s, other.service_s)


def test_the_source_runs_as_the_compiled_kernels_do():
    """Numba hides its lines from coverage: each kernel's own Python must give the compiled answer."""
    spec = SimulationSpec(
        (2.0, 9.0) * 12,
        (Team((1, 0, 2) * 8, frozenset({"a"})), Team((1,) * 24)),
        (JobClass(0.5, 300.0, "a"), JobClass(0.5, 300.0)),
        Exponential(1_500.0),
        0.9,
        travel=Constant(120.0),
        patience=Exponential(3_000.0),
    )
    jobs = draw_jobs(spec, days=4, seed=1, replication=0)
    compiled = run(spec, jobs)
    staff, serves = np.array([team.by_hour for team in spec.teams]), team_table(spec)
    plain = _source(events.run_events)(
        *(jobs.arrive_s, jobs.class_index, jobs.service_s + jobs.travel_s, jobs.patience_s),
        *(staff, serves, events.send_order(serves)),
    )
    np.testing.assert_array_equal(plain, compiled)

    def counted(kernel, marks):
        filled = [np.zeros(48, int), np.zeros(48, int), np.zeros(48), np.zeros((2, 24), int), np.empty(len(compiled))]
        sums = kernel(
            *(jobs.arrive_s, jobs.class_index, jobs.travel_s, jobs.service_s, jobs.patience_s, compiled),
            *(np.array([300.0, 300.0]), np.array([True, False]), jobs.service_s, 86_400.0, *filled, marks),
        )
        filled[-1] = filled[-1][: sums[0]]
        return [*filled, np.array(sums)]

    for marks in (open_marks(()), open_marks(((480, 720), (1_500, 2_880)))):
        plain_sums = counted(_source(tallies.count_jobs), marks)
        for ours, theirs in zip(plain_sums, counted(tallies.count_jobs, marks), strict=True):
            np.testing.assert_allclose(ours, theirs, rtol=1e-12)
    marks, rates = np.array([0.5, 2.5, 2.75]), np.array([2.0, 0.0, 1.0])
    stretched = _source(draws.stretch)(marks, rates, np.array([0.0, 2.0, 2.0, 3.0]))
    assert stretched.tolist() == [900.0, 9_000.0, 9_900.0]


@given(st.lists(st.integers(0, 50), min_size=1, max_size=30))
@settings(max_examples=50, deadline=None)
def test_the_heap_gives_back_in_order(values):
    ends, owners = np.empty(40), np.empty(40, dtype=np.int64)
    push, pop = _source(events.push), _source(events.pop)
    for size, value in enumerate(values):
        push(ends, owners, size, float(value), value)
    for size in range(len(values), 0, -1):
        assert ends[0] == owners[0] == sorted(values)[len(values) - size]
        pop(ends, owners, size)


def _source(kernel):
    return getattr(kernel, "py_func", kernel)
