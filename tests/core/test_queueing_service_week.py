"""A promise whose clock runs in service hours is simulated, and answered by formula, in service hours."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yingxu.core.hours import Calendar, advance, elapsed
from yingxu.core.queueing import BadSpec, can_we_keep_it, measure_promise, read_spec
from yingxu.core.queueing import tallies as kernels
from yingxu.core.queueing.service_week import allowed_s, open_marks, open_min_of

DAYTIME = Calendar.weekly("UTC", {day: [("08:00", "18:00")] for day in range(5)})
NIGHTS = Calendar.weekly("UTC", {6: [("22:00", "06:00")], 2: [("08:00", "12:00"), ("13:00", "17:30")]})
MONDAY = datetime(2025, 3, 3, tzinfo=UTC)
ON = date(2025, 3, 3)


def spec_of(**more):
    promise = {"respond_s": 3_600, "percentile": 0.9, **more.pop("promise", {})}
    spec = {
        "format": "simulation-spec/1",
        "days": 14,
        "warm_up_days": 7,
        "replications": 4,
        "arrivals": {"per_hour": [2.0] * 24},
        "service_s": {"kind": "exponential", "mean": 900},
        "servers": {"by_hour": [0] * 8 + [2] * 10 + [0] * 6},
        "promise": promise,
    }
    return read_spec({**spec, **more})


def test_a_week_as_minutes():
    assert open_min_of(DAYTIME, ON) == tuple((day * 1_440 + 480, day * 1_440 + 1_080) for day in range(5))
    assert open_min_of(Calendar.always(), ON) == ()
    assert open_min_of(NIGHTS, ON) == ((0, 360), (3_360, 3_600), (3_660, 3_930), (9_960, 10_080))
    later = DAYTIME.edited({0: [("09:00", "10:00")]}, effective_on=date(2025, 4, 1))
    assert open_min_of(later, date(2025, 3, 31)) == open_min_of(DAYTIME, ON)
    assert open_min_of(later, date(2025, 4, 1)) == ((540, 600),)


@pytest.mark.parametrize("calendar", [DAYTIME, NIGHTS], ids=["day", "night"])
@settings(max_examples=60, deadline=None)
@given(st.integers(0, 7 * 86_400 - 1), st.integers(0, 9 * 86_400))
def test_the_kernel_counts_as_the_calendar_does(calendar, from_s, spent_s):
    marks = open_marks(open_min_of(calendar, ON))
    start = MONDAY + timedelta(seconds=from_s)
    expected = elapsed(calendar, start, start + timedelta(seconds=spent_s)).total_seconds()
    for kernel in (kernels.open_between, kernels.open_between.py_func):
        assert kernel(float(from_s), float(spent_s), marks) == pytest.approx(expected, abs=1e-6)
    before = kernels.open_before.py_func(float(from_s), marks)
    assert before == pytest.approx(elapsed(calendar, MONDAY, start).total_seconds(), abs=1e-6)


@pytest.mark.parametrize("calendar", [DAYTIME, NIGHTS], ids=["day", "night"])
@settings(max_examples=60, deadline=None)
@given(st.integers(0, 7 * 86_400 - 1), st.integers(1, 5 * 86_400))
def test_the_limit_on_the_wall_is_the_calendars(calendar, at_s, limit_s):
    marks = open_marks(open_min_of(calendar, ON))
    start = MONDAY + timedelta(seconds=at_s)
    expected = (advance(calendar, start, timedelta(seconds=limit_s)) - start).total_seconds()
    [found] = allowed_s(np.array([float(at_s)]), float(limit_s), marks)
    assert found == pytest.approx(expected, abs=1e-5)


def test_a_clock_that_always_runs_is_the_limit_itself():
    marks = open_marks(())
    assert allowed_s(np.array([5.0, 9.0]), 60.0, marks).tolist() == [60.0, 60.0]
    assert kernels.open_between.py_func(3.0, 60.0, marks) == 60.0


def test_what_is_asked_at_night_waits_until_opening_without_its_clock_running():
    """The hands of the day answer the night's requests in the morning: broken by the wall, kept by service hours."""
    weekly = Calendar.weekly("UTC", {day: [("08:00", "18:00")] for day in range(7)})
    service_hours = [list(span) for span in open_min_of(weekly, ON)]
    roomy = {"servers": {"by_hour": [0] * 8 + [30] * 10 + [0] * 6}}
    by_wall = measure_promise(spec_of(**roomy), seed=1)
    by_service = measure_promise(spec_of(**roomy, promise={"open_min": service_hours}), seed=1)
    assert by_wall.attainment.share < 0.6
    assert by_service.attainment.share > 0.99
    assert by_service.by_hour[2].share == 1.0
    formula = can_we_keep_it(spec_of(**roomy, promise={"open_min": service_hours}))
    assert formula.share is not None


def test_around_the_clock_is_the_same_draw_for_draw():
    """A week that never closes is no clock of its own: every figure of the contract's command stays as it was."""
    plain = measure_promise(spec_of(), seed=3)
    whole = measure_promise(spec_of(promise={"open_min": [[0, 10_080]]}), seed=3)
    assert plain == whole
    assert spec_of(promise={"open_min": [[0, 5_000], [5_000, 10_080]]}).open_min == ()


def test_the_formula_follows_the_simulation_in_service_hours():
    """Day hands and day hours: the formula's share lies near the simulated one, where around the clock it is far."""
    weekly = Calendar.weekly("UTC", {day: [("08:00", "18:00")] for day in range(7)})
    spans = [list(span) for span in open_min_of(weekly, ON)]
    day_only = {
        "arrivals": {"per_hour": [0.0] * 8 + [4.0] * 10 + [0.0] * 6},
        "servers": {"by_hour": [1] * 8 + [2] * 10 + [1] * 6},
        "days": 56,
    }
    spec = spec_of(**day_only, promise={"respond_s": 1_800, "open_min": spans})
    assert abs(can_we_keep_it(spec).share - measure_promise(spec, seed=1).attainment.share) < 0.08


@pytest.mark.parametrize(
    ("open_min", "key"),
    [
        ([], "promise.open_min"),
        ("always", "promise.open_min"),
        ([[0, 60, 90]], "promise.open_min[0]"),
        ([[60, 60]], "promise.open_min[0]"),
        ([[90, 60]], "promise.open_min[0]"),
        ([[0, 10_081]], "promise.open_min[0]"),
        ([[0, 60.5]], "promise.open_min[0]"),
        ([[0, 60], [30, 90]], "promise.open_min[1]"),
        ([["a", 60]], "promise.open_min[0]"),
    ],
)
def test_a_week_that_makes_no_sense_is_refused_by_its_key(open_min, key):
    with pytest.raises(BadSpec) as refused:
        spec_of(promise={"open_min": open_min})
    assert refused.value.key == key


def test_giving_up_and_service_hours_do_not_go_together():
    with pytest.raises(BadSpec) as refused:
        spec_of(promise={"open_min": [[0, 60]]}, patience_s={"kind": "constant", "mean": 60})
    assert refused.value.key == "patience_s"
