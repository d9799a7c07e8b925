"""Domain S2: 10 escorts of 20 minutes and 2 escorts on shift in one hour: 200, 120, short by 80, flagged."""

from yingxu.core.quality.supply import balance


def test_the_domains_example():
    hour = balance(n=10, minutes_each=20, hands=2)
    assert (hour.demand_min, hour.capacity_min, hour.shortfall_min, hour.is_short) == (200, 120, 80, True)


def test_enough_is_not_flagged():
    hour = balance(n=3, minutes_each=20, hands=1)
    assert (hour.shortfall_min, hour.is_short) == (0, False)
