"""Open time obeys laws, whatever the calendar; and examples that a person can check on a wall calendar."""

import itertools
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yingxu.core.hours import (
    BeyondHorizon,
    Calendar,
    CompiledCalendar,
    NaiveTime,
    Span,
    TimeRunsBackwards,
    advance,
    elapsed,
    is_open,
    next_opening,
    open_spans,
)

SHANGHAI, NEW_YORK = ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York")
WORKDAYS = {weekday: [("08:00", "12:00"), ("13:00", "17:00")] for weekday in range(5)}
NIGHTS = {day: [("22:00", "06:00")] for day in range(7)}
OFFICE = Calendar.weekly("Asia/Shanghai", WORKDAYS)
HOLIDAY = [date(2026, 2, day) for day in range(16, 24)]
SPRING_FESTIVAL = Calendar.weekly(
    "Asia/Shanghai", WORKDAYS, closed_on=HOLIDAY, make_up={date(2026, 2, 14): 0, date(2026, 2, 28): 0}
)
CALENDARS = [
    OFFICE,
    SPRING_FESTIVAL,
    Calendar.always("Asia/Shanghai"),
    Calendar.weekly("America/New_York", NIGHTS),
    Calendar.weekly("America/New_York", {6: [("01:30", "03:15")]}, special={date(2026, 3, 9): [(0, "12:00")]}),
    Calendar.weekly("Australia/Lord_Howe", {6: [("01:40", "02:20")], 2: [("12:00", "24:00")]}),
    OFFICE.edited({5: [("09:00", "21:00")]}, effective_on=date(2026, 3, 2)),
]
calendars = st.sampled_from(CALENDARS)
starts = st.datetimes(datetime(2025, 12, 20), datetime(2026, 12, 20), timezones=st.just(UTC))  # noqa: DTZ001
spent = st.timedeltas(timedelta(), timedelta(days=40))
laws = settings(max_examples=60, deadline=None)


@laws
@given(calendars, starts, spent)
def test_advance_then_elapsed_is_identity(calendar: Calendar, start: datetime, spent: timedelta) -> None:
    assert elapsed(calendar, start, advance(calendar, start, spent)) == spent


@laws
@given(calendars, starts, spent)
def test_advance_is_the_first_such_instant(calendar: Calendar, start: datetime, spent: timedelta) -> None:
    due = advance(calendar, start, spent)
    if due > start:
        assert elapsed(calendar, start, due - timedelta(microseconds=1)) < spent


@laws
@given(calendars, st.lists(starts, min_size=3, max_size=3))
def test_elapsed_adds_up_over_a_split(calendar: Calendar, instants: list[datetime]) -> None:
    first, middle, last = sorted(instants)
    assert elapsed(calendar, first, middle) + elapsed(calendar, middle, last) == elapsed(calendar, first, last)


@laws
@given(calendars, starts, spent, spent)
def test_more_time_never_ends_sooner(calendar: Calendar, start: datetime, one: timedelta, other: timedelta) -> None:
    assert advance(calendar, start, min(one, other)) <= advance(calendar, start, max(one, other))


@laws
@given(calendars, starts, starts, spent)
def test_a_later_start_never_ends_sooner(calendar: Calendar, one: datetime, other: datetime, spent: timedelta) -> None:
    assert advance(calendar, min(one, other), spent) <= advance(calendar, max(one, other), spent)


@laws
@given(starts, spent, st.sets(st.dates(date(2025, 12, 20), date(2027, 2, 1)), max_size=20))
def test_holiday_never_brings_the_deadline_forward(start: datetime, spent: timedelta, closed: set[date]) -> None:
    """Seen in a neighbouring project: holidays were subtracted instead of added."""
    with_holidays = Calendar.weekly("Asia/Shanghai", WORKDAYS, closed_on=closed)
    assert advance(with_holidays, start, spent) >= advance(OFFICE, start, spent)


@laws
@given(calendars, starts, st.timedeltas(timedelta(seconds=1), timedelta(days=30)))
def test_open_spans_are_rising_disjoint_and_add_up_to_elapsed(
    calendar: Calendar, start: datetime, length: timedelta
) -> None:
    span = Span(start, start + length)
    found = open_spans(calendar, span)
    assert sum((each.end - each.start for each in found), timedelta()) == elapsed(calendar, span.start, span.end)
    assert all(one.end < other.start for one, other in itertools.pairwise(found))
    assert all(is_open(calendar, each.start) for each in found)


@laws
@given(calendars, starts)
def test_next_opening_is_open_and_nothing_is_open_before_it(calendar: Calendar, at: datetime) -> None:
    opening = next_opening(calendar, at)
    assert is_open(calendar, opening)
    assert elapsed(calendar, at, opening) == timedelta()


@laws
@given(calendars, starts)
def test_is_open_reads_the_wall_clock(calendar: Calendar, at: datetime) -> None:
    """Away from clock changes, open means: the wall shows a minute of a period of today or of last night."""
    local = at.astimezone(ZoneInfo(calendar.zone))
    changes = [(local + timedelta(hours=hours)).utcoffset() for hours in (-49, 49)]
    if changes != [local.utcoffset()] * 2:
        return
    minute = local.hour * 60 + local.minute
    today, yesterday = calendar.periods_on(local.date()), calendar.periods_on(local.date() - timedelta(days=1))
    expected = any(p.opens <= minute < p.ends for p in today) or any(
        p.opens <= minute + 1440 < p.ends for p in yesterday
    )
    assert is_open(calendar, at) == expected


@laws
@given(calendars, st.lists(st.tuples(starts, st.integers(0, 4_000_000)), max_size=20))
def test_batch_is_the_scalar_many_times(calendar: Calendar, cases: list[tuple[datetime, int]]) -> None:
    compiled = CompiledCalendar.over(calendar, 1_770_000_000, 1_770_100_000)
    starts_s = np.array([int(start.timestamp()) for start, _ in cases], np.int64)
    spent_s = np.array([each for _, each in cases], np.int64)
    due_s = compiled.advance_batch(starts_s, spent_s)
    elapsed_s = compiled.elapsed_batch(starts_s, starts_s + spent_s)
    for start_s, each, due, passed in zip(starts_s, spent_s, due_s, elapsed_s, strict=True):
        start = datetime.fromtimestamp(int(start_s), UTC)
        length = timedelta(seconds=int(each))
        assert datetime.fromtimestamp(int(due), UTC) == advance(calendar, start, length)
        assert timedelta(seconds=int(passed)) == elapsed(calendar, start, start + length)


# ---- examples a person can check ---------------------------------------------------------------------------------


def shanghai(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def new_york(text: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK, fold=fold)


def hours(n: float) -> timedelta:
    return timedelta(hours=n)


@pytest.mark.parametrize(
    ("start", "spent_hours", "due"),
    [
        ("2026-03-05 16:00", 2, "2026-03-06 09:00"),  # one hour is left at closing: due after the next opening
        ("2026-03-05 16:00", 1, "2026-03-05 17:00"),  # used up at closing: due at closing, not next morning
        ("2026-03-05 11:30", 1, "2026-03-05 13:30"),  # over the lunch hour
        ("2026-03-06 16:00", 2, "2026-03-09 09:00"),  # over a weekend
        ("2026-03-07 10:00", 1, "2026-03-09 09:00"),  # asked on a Saturday
        ("2026-03-07 10:00", 0, "2026-03-07 10:00"),  # no time is now
        ("2026-03-05 16:00", 82, "2026-03-20 09:00"),  # an hour, ten working days, and an hour
    ],
)
def test_office_hours(start: str, spent_hours: int, due: str) -> None:
    assert advance(OFFICE, shanghai(start), hours(spent_hours)) == shanghai(due)


def test_spring_festival_2026_with_its_make_up_saturdays() -> None:
    friday = shanghai("2026-02-13 16:00")
    assert advance(OFFICE, friday, hours(2)) == shanghai("2026-02-16 09:00")
    assert advance(SPRING_FESTIVAL, friday, hours(2)) == shanghai("2026-02-14 09:00")  # Saturday works
    assert advance(SPRING_FESTIVAL, friday, hours(10)) == shanghai("2026-02-24 09:00")  # then eight days rest
    assert elapsed(SPRING_FESTIVAL, shanghai("2026-02-27 00:00"), shanghai("2026-03-02 00:00")) == hours(16)


def test_night_shift_belongs_to_the_day_it_opens_on() -> None:
    nights = Calendar.weekly("Asia/Shanghai", {4: [("22:00", "06:00")]})
    assert elapsed(nights, shanghai("2026-03-06 00:00"), shanghai("2026-03-08 00:00")) == hours(8)
    assert is_open(nights, shanghai("2026-03-07 05:59:59"))
    assert not is_open(nights, shanghai("2026-03-07 06:00"))
    closed = Calendar.weekly("Asia/Shanghai", {4: [("22:00", "06:00")]}, closed_on=[date(2026, 3, 7)])
    assert is_open(closed, shanghai("2026-03-07 05:00"))  # the tail of the night before is not closed


def test_night_over_new_year_counts_once() -> None:
    nights = Calendar.weekly("Asia/Shanghai", NIGHTS)
    assert elapsed(nights, shanghai("2025-12-31 20:00"), shanghai("2026-01-01 20:00")) == hours(8)


def test_a_special_day_that_runs_into_last_night_counts_once() -> None:
    calendar = Calendar.weekly("UTC", NIGHTS, special={date(2026, 3, 7): [("05:00", "07:00")]})
    start = datetime(2026, 3, 6, 22, tzinfo=UTC)
    assert [(each.start.hour, each.end.hour) for each in open_spans(calendar, Span(start, start + hours(20)))] == [
        (22, 7)
    ]


def test_a_night_shift_is_an_hour_shorter_in_spring_and_longer_in_autumn() -> None:
    nights = Calendar.weekly("America/New_York", NIGHTS)
    assert elapsed(nights, new_york("2026-03-07 12:00"), new_york("2026-03-08 12:00")) == hours(7)
    assert elapsed(nights, new_york("2026-10-31 12:00"), new_york("2026-11-01 12:00")) == hours(9)
    assert advance(nights, new_york("2026-03-07 22:00"), hours(5)) == new_york("2026-03-08 04:00")
    assert advance(nights, new_york("2026-10-31 22:00"), hours(5)) == new_york("2026-11-01 02:00")


def test_an_opening_that_the_gap_skips_is_the_moment_of_the_jump() -> None:
    sundays = Calendar.weekly("America/New_York", {6: [("02:30", "04:00")]})
    opening = next_opening(sundays, new_york("2026-03-08 00:00"))
    assert opening == new_york("2026-03-08 03:00")
    assert elapsed(sundays, new_york("2026-03-08 00:00"), new_york("2026-03-08 12:00")) == hours(1)


def test_a_period_wholly_inside_the_gap_does_not_happen() -> None:
    sundays = Calendar.weekly("America/New_York", {6: [("02:10", "02:50")]})
    assert elapsed(sundays, new_york("2026-03-08 00:00"), new_york("2026-03-09 00:00")) == timedelta()


def test_a_time_that_autumn_shows_twice_is_the_first_of_the_two() -> None:
    sundays = Calendar.weekly("America/New_York", {6: [("00:30", "01:30"), ("01:30", "02:00")]})
    assert is_open(sundays, new_york("2026-11-01 01:29", fold=1))
    assert elapsed(sundays, new_york("2026-11-01 00:00"), new_york("2026-11-01 12:00")) == hours(2.5)
    early = Calendar.weekly("America/New_York", {6: [("00:30", "01:30")]})
    assert elapsed(early, new_york("2026-11-01 00:00"), new_york("2026-11-01 12:00")) == hours(1)


def test_a_day_that_a_zone_skipped_has_no_hours() -> None:
    apia = Calendar.weekly("Pacific/Apia", {day: [("08:00", "17:00")] for day in range(7)})
    start = datetime(2011, 12, 29, tzinfo=ZoneInfo("Pacific/Apia"))
    assert elapsed(apia, start, datetime(2012, 1, 1, tzinfo=ZoneInfo("Pacific/Apia"))) == hours(18)


def test_an_edition_changes_the_hours_from_its_date() -> None:
    edited = OFFICE.edited({5: [("09:00", "21:00")]}, effective_on=date(2026, 3, 2))
    assert elapsed(edited, shanghai("2026-02-23 00:00"), shanghai("2026-03-02 00:00")) == hours(40)
    assert elapsed(edited, shanghai("2026-03-02 00:00"), shanghai("2026-03-09 00:00")) == hours(12)


def test_the_answer_is_written_in_the_zone_of_the_question() -> None:
    due = advance(OFFICE, datetime(2026, 3, 5, 8, tzinfo=UTC), hours(2))
    assert due.tzinfo is UTC
    assert due.hour == 1
    assert next_opening(OFFICE, datetime(2026, 3, 7, tzinfo=UTC)).tzinfo is UTC


def test_fractions_of_a_second_are_kept() -> None:
    start = shanghai("2026-03-05 16:59:59.250000")
    assert advance(OFFICE, start, timedelta(seconds=1)) == shanghai("2026-03-06 08:00:00.250000")
    assert advance(OFFICE, shanghai("2026-03-05 18:00:00.700"), timedelta(seconds=1)) == shanghai("2026-03-06 08:00:01")
    assert elapsed(OFFICE, start, shanghai("2026-03-05 18:00:00.5")) == timedelta(seconds=0.75)


def test_questions_without_an_answer_are_refused() -> None:
    naive = datetime(2026, 3, 5)  # noqa: DTZ001
    aware = naive.replace(tzinfo=UTC)
    with pytest.raises(NaiveTime):
        advance(OFFICE, naive, hours(1))
    with pytest.raises(TimeRunsBackwards):
        advance(OFFICE, aware, -hours(1))
    with pytest.raises(TimeRunsBackwards):
        elapsed(OFFICE, aware, aware - timedelta(microseconds=1))


@pytest.mark.parametrize("calendar", [Calendar.always(), Calendar.weekly("UTC", {0: [("08:00", "09:00")]})])
@pytest.mark.parametrize("days", [100, 10_000])
def test_answers_beyond_the_horizon_are_refused(calendar: Calendar, days: int) -> None:
    if calendar.is_always_open:
        days = 10_000
    with pytest.raises(BeyondHorizon):
        advance(calendar, datetime(2990, 1, 1, tzinfo=UTC), timedelta(days=days))
    with pytest.raises(BeyondHorizon):
        calendar.timeline.openings(-10_000_000_000, 0)


def test_a_question_about_long_ago_widens_what_is_known() -> None:
    calendar = Calendar.weekly("UTC", {0: [("08:00", "09:00")]})
    monday = datetime(2026, 3, 2, tzinfo=UTC)
    assert elapsed(calendar, monday, monday + timedelta(days=7)) == hours(1)
    assert elapsed(calendar, monday - timedelta(days=7 * 520), monday) == hours(520)
    assert advance(calendar, monday, hours(2_000)) == monday + timedelta(days=7 * 1999, hours=9)


def test_batches_refuse_what_the_scalars_refuse_and_may_be_empty() -> None:
    compiled = CompiledCalendar.over(OFFICE, 1_770_000_000, 1_770_100_000)
    nothing = np.zeros(0, np.int64)
    assert compiled.advance_batch(nothing, nothing).size == compiled.elapsed_batch(nothing, nothing).size == 0
    start = np.array([1_770_000_000])
    with pytest.raises(TimeRunsBackwards):
        compiled.advance_batch(start, np.array([-1]))
    with pytest.raises(TimeRunsBackwards):
        compiled.elapsed_batch(start, start - 1)
