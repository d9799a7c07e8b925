"""A team's past as a model: hours of the week, handling times, hands at work; too little says so."""

import numpy as np
import pytest

from yingxu.core.queueing import read_spec
from yingxu.core.queueing.history import (
    TooLittle,
    Worked,
    demand_model,
    handling,
    hands_by_hour_of_week,
    spec_of,
    values_of,
)

#: Monday 2025-03-03 00:00 on the site's clock, in seconds.
MONDAY = 1_740_960_000


def past(weeks=4, a_day=6, worker=1, meant=True, service_s=1_200, travel_s=300):
    """Jobs every working hour from 9 o'clock, one worker, each day of the week."""
    opened = np.array([MONDAY + day * 86_400 + (9 + at) * 3_600 for day in range(7 * weeks) for at in range(a_day)])
    n = len(opened)
    return Worked(
        opened_s=opened,
        accepted_s=opened + 60,
        arrived_s=opened + 60 + travel_s,
        finished_s=opened + 60 + travel_s + service_s,
        paused_s=np.zeros(n, dtype=np.int64),
        priority=np.full(n, 3),
        worker=np.full(n, worker),
        is_meant=np.full(n, meant),
    )


def joined(*parts):
    names = Worked.__slots__
    return Worked(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in names})


def test_rates_shares_times_and_hands_are_the_ones_that_were():
    rates, shares = demand_model(past())
    # the observed window ends with the last opening, so the last day's later hours count 3 weeks, not 4
    assert rates[9] == pytest.approx(1.0)
    assert rates[3] == 0
    assert shares == {1: 0.0, 2: 0.0, 3: 1.0, 4: 0.0}
    on_site, way = handling(past())
    assert (on_site.mean(), way.mean()) == (1_200, 300)
    hands = hands_by_hour_of_week(past())
    assert hands[10] == pytest.approx(1.0, abs=0.05)
    assert hands[3] == 0


def test_a_worker_shared_with_another_line_counts_by_the_share_of_the_work():
    both = joined(past(), past(meant=False))
    assert hands_by_hour_of_week(both)[10] == pytest.approx(1.0)
    two = joined(both, past(worker=2), past(worker=2, meant=False), past(worker=3), past(worker=3, meant=False))
    assert hands_by_hour_of_week(two)[10] == pytest.approx(1.5, abs=0.1)


def test_pauses_are_no_work():
    paused = past()
    slower = Worked(**{**{name: getattr(paused, name) for name in Worked.__slots__}, "paused_s": paused.paused_s + 600})
    assert handling(slower)[0].mean() == 600


@pytest.mark.parametrize(
    ("worked", "what"),
    [(past(weeks=1), "arrivals"), (past(weeks=1, a_day=15), "days"), (past(meant=False), "arrivals")],
)
def test_too_little_names_what_is_lacking(worked, what):
    with pytest.raises(TooLittle) as little:
        demand_model(worked)
    assert little.value.what == what
    assert little.value.n < little.value.needed


def test_too_few_handled():
    with pytest.raises(TooLittle) as little:
        handling(past(weeks=1))
    assert (little.value.what, little.value.n) == ("handled", 42)


def test_many_durations_keep_their_quantiles():
    values = values_of(np.arange(1.0, 50_001.0))
    assert len(values) == 1_000
    assert values[500] == pytest.approx(25_000, rel=0.01)


def test_the_specification_can_be_read_back_and_counts_one_priority():
    spec = read_spec(
        spec_of(
            per_hour=(1.0,) * 168,
            shares={1: 0.1, 2: 0.0, 3: 0.9, 4: 0.0},
            service={"kind": "empirical", "values": [600.0, 1_200.0]},
            travel=None,
            staff=(2,) * 24,
            priority=4,
            limit_s=1_800,
            percentile=0.9,
            until_end=True,
            days=28,
            replications=2,
        )
    )
    assert [one.is_counted for one in spec.classes] == [False, False, True]
    assert spec.classes[2].share == pytest.approx(0.01)
    assert spec.is_until_end
