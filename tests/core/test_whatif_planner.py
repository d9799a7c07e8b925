"""The planner as a rule of sending: only who can, nothing ordinary before a critical one, the same twice."""

from __future__ import annotations

from yingxu.connect.analyst.planned import ByPlanner
from yingxu.core.forecast.legs import Point
from yingxu.core.forecast.whatif import Hand, Moment, PastJob, run

HERE, FAR = Point("a", "S", 1), Point("b", "N", 5)
BOTH = frozenset({0, 1})


def test_it_sends_whom_it_can_and_never_who_lacks_the_trade() -> None:
    jobs = [PastJob(0, 3, 0, HERE, 3600.0), PastJob(0, 3, 1, HERE, 3600.0)]
    hands = [Hand(0.0, 30_000.0, frozenset({0}), HERE), Hand(0.0, 30_000.0, frozenset({0}), FAR)]
    sent = ByPlanner(jobs, hands, {0: 600.0})(Moment(0.0, [0, 1], [0, 1], [HERE, FAR], {}))
    assert sent == [(0, 0)]
    assert ByPlanner(jobs, hands, {})(Moment(0.0, [0], [1], [HERE, FAR], {})) == []


def test_nothing_ordinary_goes_while_a_critical_one_waits_for_the_same_hand() -> None:
    jobs = [PastJob(0, 3, 0, HERE, 3600.0), PastJob(0, 1, 0, HERE, 600.0)]
    one = ByPlanner(jobs, [Hand(0.0, 30_000.0, BOTH, HERE)], {0: 600.0})
    assert one(Moment(0.0, [0], [0, 1], [HERE], {})) == [(0, 1)]


def test_a_day_repeats_and_nobody_is_forgotten() -> None:
    jobs = [PastJob(180.0 * at, (3, 2, 4, 1)[at % 4], at % 2, (HERE, FAR)[at % 3 == 0], 1800.0) for at in range(24)]
    hands = [Hand(0.0, 30_000.0, BOTH, HERE), Hand(0.0, 30_000.0, frozenset({0}), FAR)]

    def play() -> object:
        return run(jobs, hands, [400.0] * len(jobs), policy=ByPlanner(jobs, hands, {0: 400.0, 1: 400.0}))

    first = play()
    assert first == play()
    assert first.n_unreached == 0  # type: ignore[attr-defined]
