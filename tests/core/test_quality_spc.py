"""Control charts: the worked examples of the domain reference (TV-5, TV-6) and the run rules one by one."""

import numpy as np
import pytest

from yingxu.core.quality.spc import Chart, fractions, individuals, moving_range_limit, nelson

TV5 = [
    (96, 6),
    (110, 9),
    (103, 5),
    (98, 8),
    (120, 10),
    (105, 7),
    (99, 6),
    (112, 21),
    (101, 7),
    (95, 5),
    (108, 8),
    (104, 6),
]
TV6 = np.array([14, 12, 15, 13, 16, 14, 13, 15, 12, 14, 28, 13], dtype=float)


def standard(z) -> Chart:
    """A chart whose values are their own z-scores."""
    z = np.asarray(z, dtype=float)
    one = np.ones(z.size)
    return Chart(z, 0 * one, one, -3 * one, 3 * one, is_trial=True)


def fired(z, rule):
    return [(signal.since, signal.at, signal.is_high) for signal in nelson(standard(z), rules=(rule,))]


def test_p_chart_of_twelve_months():
    n, x = np.array(TV5, dtype=float).T
    chart = fractions(x, n)
    assert chart.centre[0] == pytest.approx(98 / 1251)
    assert chart.high[7] == pytest.approx(0.1545, abs=5e-5)
    assert [signal.at for signal in nelson(chart, rules=(1,))] == [7]


def test_individuals_chart_of_twelve_points():
    chart = individuals(TV6)
    assert chart.centre[0] == pytest.approx(14.917, abs=1e-3)
    assert chart.high[0] == pytest.approx(26.766, abs=0.02)
    assert chart.low[0] == pytest.approx(3.068, abs=0.02)
    assert [signal.at for signal in nelson(chart, rules=(1,))] == [10]
    assert moving_range_limit(TV6) == pytest.approx(14.553, abs=1e-3)


def test_individuals_chart_with_the_first_ten_as_baseline():
    chart = individuals(TV6, baseline=10)
    assert chart.centre[0] == pytest.approx(13.8)
    assert chart.high[0] == pytest.approx(19.711, abs=0.01)
    assert chart.is_trial


def test_rule_2_needs_nine_and_the_centre_line_breaks_it():
    assert fired([0.5] * 9, 2) == [(0, 8, True)]
    assert fired([0.5] * 8, 2) == []
    assert fired([0.5] * 4 + [0] + [0.5] * 8, 2) == []
    assert fired([-0.5] * 12, 2) == [(0, 8, False)]


def test_rule_3_six_points_steadily():
    assert fired([0, 0.1, 0.2, 0.3, 0.4, 0.5], 3) == [(0, 5, True)]
    assert fired([0, 0.1, 0.2, 0.2, 0.4, 0.5], 3) == []
    assert fired([5, 4, 3, 2, 1, 0], 3) == [(0, 5, False)]


def test_rules_4_to_8():
    assert fired([1, -1] * 7, 4) != []
    assert fired([2.5, 0, 2.5], 5) == [(0, 2, True)]
    assert fired([2.5, 0, -2.5], 5) == []
    assert fired([1.5, 1.5, 0, 1.5, 1.5], 6) == [(0, 4, True)]
    assert fired([0.1] * 15, 7) == [(0, 14, True)]
    assert fired([2, -2] * 4, 8) != []
    assert fired([2] * 8, 8) == []


def test_a_run_that_goes_on_is_one_signal():
    assert len(fired([0.5] * 20, 2)) == 1


def test_a_flat_series_has_no_signals():
    assert nelson(individuals(np.full(10, 4.0))) == []
    assert nelson(fractions(np.full(10, 5.0), np.full(10, 5.0), widen=True)) == []


def test_widening_never_narrows_and_widens_where_weeks_differ_by_more_than_chance():
    n = np.full(12, 10_000.0)
    hits = n * np.array([0.80, 0.84, 0.79, 0.83, 0.81, 0.85, 0.80, 0.82, 0.84, 0.79, 0.83, 0.81])
    plain, wide = fractions(hits, n), fractions(hits, n, widen=True)
    assert wide.sigma[0] > 3 * plain.sigma[0]
    assert nelson(plain, rules=(1,)) != []
    assert nelson(wide, rules=(1,)) == []
    calm = fractions(np.full(12, 8000.0) + np.arange(12), n, widen=True)
    assert calm.sigma[0] == pytest.approx(fractions(np.full(12, 8000.0) + np.arange(12), n).sigma[0])


def test_too_few_points_have_no_limits():
    with pytest.raises(ValueError, match="at least 8"):
        individuals(np.arange(7.0))
    with pytest.raises(ValueError, match="none of them empty"):
        fractions(np.zeros(9), np.zeros(9))
