"""What a calendar may say, and what it is refused by name."""

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest

from yingxu.core.hours import (
    BadMinute,
    Calendar,
    DateSaidTwice,
    Edition,
    EditionsOutOfOrder,
    EmptyPeriod,
    HoursRefusal,
    NaiveTime,
    NeverOpen,
    OverlappingPeriods,
    Period,
    Span,
    SpanOutOfOrder,
    UnknownZone,
    WrongWeek,
)

OFFICE = {weekday: [("08:00", "12:00"), ("13:00", "17:00")] for weekday in range(5)}
SATURDAY = date(2026, 2, 14)


def test_minutes_times_and_text_say_the_same_period() -> None:
    assert Period(480, 720) == Period(time(8), time(12)) == Period("08:00", "12:00")
    assert str(Period("22:00", "06:00")) == "22:00-06:00"
    assert Period("22:00", "06:00").ends == 30 * 60
    assert Period(0, "24:00").ends == 24 * 60


@pytest.mark.parametrize("given", [-1, 1440, "25:00", "8", "08:60", "ab:cd", time(23, 59, 59), time(8, 0, 0, 1)])
def test_a_time_that_is_not_a_minute_of_the_day_is_refused(given: int | str | time) -> None:
    with pytest.raises(BadMinute):
        Period(given, 60)


def test_a_closing_after_midnight_must_be_said_as_overnight() -> None:
    with pytest.raises(BadMinute):
        Period(60, 1441)


def test_open_and_close_at_one_minute_is_refused() -> None:
    with pytest.raises(EmptyPeriod) as refused:
        Period("08:00", 480)
    assert refused.value.minute == 480
    assert str(refused.value) == "hours.period.empty: minute=480"


@pytest.mark.parametrize(
    ("week", "weekday"),
    [
        ({0: [("08:00", "12:00"), ("11:59", "17:00")]}, 0),
        ({2: [("22:00", "06:00")], 3: [("05:00", "08:00")]}, 2),
        ({6: [("22:00", "06:00")], 0: [("05:00", "08:00")]}, 6),
        ({4: [("22:00", "21:00")], 5: [("20:00", "22:00")]}, 4),
    ],
)
def test_overlapping_periods_are_refused_also_over_midnight_and_over_sunday(week: dict, weekday: int) -> None:
    with pytest.raises(OverlappingPeriods) as refused:
        Calendar.weekly("Asia/Shanghai", week)
    assert refused.value.weekday == weekday


def test_one_weekly_shift_may_not_run_into_itself_but_may_fill_its_day() -> None:
    assert Calendar.weekly("UTC", {0: [("00:00", "24:00")]}).periods_on(date(2026, 2, 16)) == (Period(0, 1440),)


def test_adjoining_periods_are_no_overlap() -> None:
    three_shifts = [("06:00", "14:00"), ("14:00", "22:00"), ("22:00", "06:00")]
    assert Calendar.weekly("UTC", dict.fromkeys(range(7), three_shifts)).periods_on(SATURDAY)


def test_overlap_on_a_special_date_names_the_date() -> None:
    with pytest.raises(OverlappingPeriods) as refused:
        Calendar.weekly("UTC", OFFICE, special={SATURDAY: [(0, 100), (50, 200)]})
    assert refused.value.on == SATURDAY


@pytest.mark.parametrize("week", [{}, {0: []}])
def test_a_calendar_without_an_open_hour_is_refused(week: dict) -> None:
    with pytest.raises(NeverOpen):
        Calendar.weekly("UTC", week)


def test_an_edit_that_would_never_open_is_refused_with_its_date() -> None:
    with pytest.raises(NeverOpen) as refused:
        Calendar.weekly("UTC", OFFICE).edited({}, effective_on=SATURDAY)
    assert refused.value.effective_on == SATURDAY


@pytest.mark.parametrize("weekday", [-1, 7])
def test_a_weekday_outside_the_week_is_refused(weekday: int) -> None:
    with pytest.raises(WrongWeek):
        Calendar.weekly("UTC", {weekday: [(0, 60)]})
    with pytest.raises(WrongWeek):
        Calendar.weekly("UTC", OFFICE, make_up={SATURDAY: weekday})


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../etc", ""])
def test_an_unknown_zone_is_refused(zone: str) -> None:
    with pytest.raises(UnknownZone):
        Calendar.always(zone)


def test_a_date_said_twice_is_refused() -> None:
    with pytest.raises(DateSaidTwice) as refused:
        Calendar.weekly("UTC", OFFICE, closed_on=[SATURDAY], make_up={SATURDAY: 0})
    assert refused.value.on == SATURDAY


def test_editions_must_rise_from_an_open_beginning() -> None:
    edited = Calendar.weekly("UTC", OFFICE).edited({5: [(0, 60)]}, effective_on=SATURDAY)
    for bad in (
        lambda: edited.edited(OFFICE, effective_on=SATURDAY),
        lambda: Calendar("UTC", ()),
        lambda: Calendar("UTC", edited.editions[1:]),
        lambda: Calendar("UTC", (*edited.editions, Edition.of(OFFICE))),
    ):
        with pytest.raises(EditionsOutOfOrder):
            bad()


def test_an_edit_holds_from_its_date_and_leaves_the_past() -> None:
    edited = Calendar.weekly("UTC", OFFICE).edited({5: [(0, 60)]}, effective_on=SATURDAY)
    edited = edited.edited({5: [(0, 90)]}, effective_on=SATURDAY + timedelta(days=7))
    assert edited.periods_on(SATURDAY - timedelta(days=7)) == ()
    assert edited.periods_on(SATURDAY) == (Period(0, 60),)
    assert edited.periods_on(SATURDAY + timedelta(days=7)) == (Period(0, 90),)


def test_special_hours_make_up_days_and_closed_dates() -> None:
    calendar = Calendar.weekly(
        "Asia/Shanghai",
        OFFICE,
        closed_on=[date(2026, 2, 16)],
        make_up={SATURDAY: 0},
        special={date(2026, 2, 15): [("09:00", "10:00")]},
    )
    assert calendar.periods_on(date(2026, 2, 16)) == ()
    assert calendar.periods_on(SATURDAY) == (Period(480, 720), Period(780, 1020))
    assert calendar.periods_on(date(2026, 2, 15)) == (Period(540, 600),)


def test_calendars_are_values() -> None:
    one, other = Calendar.weekly("UTC", OFFICE), Calendar.weekly("UTC", OFFICE)
    assert one == other
    assert hash(one) == hash(other)
    assert one != Calendar.always()


def test_only_a_calendar_that_never_closes_is_always_open() -> None:
    assert Calendar.always("Asia/Shanghai").is_always_open
    assert not Calendar.weekly("UTC", OFFICE).is_always_open
    whole = {day: [(0, 1440)] for day in range(7)}
    assert not Calendar.weekly("UTC", whole, closed_on=[SATURDAY]).is_always_open
    assert Calendar.weekly("UTC", whole, make_up={SATURDAY: 0}).is_always_open


def test_a_span_is_half_open_aware_and_ordered() -> None:
    start = datetime(2026, 2, 14, 8, tzinfo=UTC)
    span = Span(start, start + timedelta(hours=1))
    assert span.seconds == 3600
    assert start in span
    assert span.end not in span
    assert (start + timedelta(minutes=30)).astimezone(timezone(timedelta(hours=8))) in span
    with pytest.raises(SpanOutOfOrder):
        Span(start, start)
    with pytest.raises(NaiveTime):
        Span(start, datetime(2026, 2, 15))  # noqa: DTZ001
    assert issubclass(NaiveTime, HoursRefusal)


def test_a_span_over_the_autumn_fold_has_its_real_length() -> None:
    from zoneinfo import ZoneInfo

    zone = ZoneInfo("America/New_York")
    assert Span(datetime(2026, 11, 1, tzinfo=zone), datetime(2026, 11, 2, tzinfo=zone)).seconds == 25 * 3600
