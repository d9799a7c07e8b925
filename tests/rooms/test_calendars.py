"""Service hours by effective date (S4): what is to come changes, what was stays, clocks keep what they started by."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.people import MONDAY_NINE, House
from tests.rooms.requests import ask, is_paused
from yingxu.core.hours import Calendar as CoreCalendar
from yingxu.core.hours import advance
from yingxu.ground.models import Entry
from yingxu.ground.refusals import Malformed, NotAllowed, NotFound, Refusal
from yingxu.promise import queries as promise
from yingxu.standards import holidays, queries
from yingxu.standards.actions import (
    Hours,
    add_holiday,
    edit_calendar,
    make_calendar,
    take_over_holidays,
    withdraw_calendar_edit,
    withdraw_holiday,
)
from yingxu.standards.models import Calendar, CalendarEdition, Holiday, Term
from yingxu.standards.refusals import (
    AlreadyPlanned,
    BadHours,
    EffectiveInPast,
    NothingToWithdraw,
    UnknownHolidaySet,
)
from yingxu.standards.snapshots import calendar_of

pytestmark = pytest.mark.django_db

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
#: MONDAY_NINE is 2025-03-03 09:00 in Shanghai.
TODAY = date(2025, 3, 3)
SHORT = Hours(weekday=("10:00-12:00",), weekend=())


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    queries.forget()
    yield
    queries.forget()


def edit(
    house: House, hours: Hours = SHORT, *, on: date = TODAY + DAY, who: str = "officer", at: datetime = MONDAY_NINE
) -> None:
    edit_calendar(site_id=house.site_id, code="daily_0800_1800", from_on=on, hours=hours, actor=house.actor(who), at=at)


def calendar(house: House, code: str = "daily_0800_1800", *, known_at: datetime | None = None) -> CoreCalendar:
    return queries.calendar_by_id(queries.calendar_id(house.site_id, code), known_at=known_at)


def said(core: CoreCalendar, on: date) -> list[str]:
    return [str(period) for period in core.periods_on(on)]


def test_a_change_holds_from_its_date_and_the_days_before_it_stay(house: House) -> None:
    edit(house, on=TODAY + 7 * DAY)
    now = calendar(house)
    assert said(now, TODAY + 6 * DAY) == ["08:00-18:00"]
    assert said(now, TODAY + 7 * DAY) == ["10:00-12:00"]
    (entry,) = Entry.objects.filter(kind="standards.calendar.edited")
    assert entry.facts["from_on"] == "2025-03-10"


def test_a_running_promise_keeps_the_hours_that_were_known_when_its_clock_started(house: House) -> None:
    """S4/S5: a limit that somebody was told does not move with an edit, not even when a pause is counted anew."""
    Term.objects.filter(edition__site_id=house.site_id, priority=3, milestone="done").update(
        calendar=Calendar.objects.get(site_id=house.site_id, code="daily_0800_1800"), limit_s=12 * 3600
    )
    queries.forget()
    raised = ask(house, item_code="plb.faucet")
    (told,) = [row.due_at for row in promise.clocks_of(raised.key) if row.milestone == "done"]
    assert told == MONDAY_NINE + DAY + 2 * HOUR
    edit(house, at=MONDAY_NINE + HOUR)
    is_paused(raised, MONDAY_NINE + 2 * HOUR, MONDAY_NINE + 3 * HOUR, house.accounts["plumber"])
    (after,) = [row.due_at for row in promise.clocks_of(raised.key) if row.milestone == "done"]
    assert after == told + HOUR
    later = ask(house, item_code="plb.faucet", at=MONDAY_NINE + 4 * HOUR)
    (fresh,) = [row.due_at for row in promise.clocks_of(later.key) if row.milestone == "done"]
    assert fresh == advance(calendar(house), MONDAY_NINE + 4 * HOUR, 12 * HOUR)
    assert fresh > after


@pytest.mark.parametrize(
    ("hours", "problem"),
    [
        (Hours(weekday=("08:00-12:00", "11:00-14:00"), weekend=()), "hours.period.overlap"),
        (Hours(weekday=("08:00-12:00", "22:00-09:00"), weekend=("08:00-12:00",)), "hours.period.overlap"),
        (Hours(weekday=(), weekend=()), "hours.calendar.never_open"),
        (Hours(weekday=("25:00-26:00",), weekend=()), "hours.period.bad_minute"),
        (Hours(weekday=("08:00",), weekend=()), "hours.period.bad_minute"),
        (Hours(weekday=("08:00-08:00",), weekend=()), "hours.period.empty"),
        (
            Hours(weekday=("08:00-18:00",), weekend=(), exceptions=((TODAY + DAY, ("09:00-11:00", "10:00-12:00")),)),
            "hours.period.overlap",
        ),
        (
            Hours(weekday=("08:00-18:00",), weekend=(), exceptions=((TODAY + DAY, ()), (TODAY + DAY, ()))),
            "hours.calendar.date_said_twice",
        ),
    ],
)
def test_hours_that_are_none_are_refused_by_name_and_nothing_is_saved(house: House, hours: Hours, problem: str) -> None:
    before = CalendarEdition.objects.count(), Entry.objects.count()
    with pytest.raises(BadHours) as refused:
        edit(house, hours)
    assert refused.value.problem == problem
    assert (CalendarEdition.objects.count(), Entry.objects.count()) == before


def test_yesterday_cannot_be_changed_and_a_date_only_once(house: House) -> None:
    with pytest.raises(EffectiveInPast):
        edit(house, on=TODAY - DAY)
    edit(house, on=TODAY)
    with pytest.raises(AlreadyPlanned):
        edit(house, on=TODAY)


def test_midnight_is_the_sites_own(house: House) -> None:
    """17:00 UTC on the 3rd is the 4th in Shanghai: the 3rd is over there."""
    with pytest.raises(EffectiveInPast):
        edit(house, on=TODAY, at=datetime(2025, 3, 3, 17, tzinfo=UTC))


def test_what_is_still_to_come_can_be_withdrawn_and_what_holds_cannot(house: House) -> None:
    edit(house, on=TODAY + 7 * DAY)
    (row,) = CalendarEdition.objects.filter(made_at__isnull=False)

    def withdraw(at: datetime) -> None:
        withdraw_calendar_edit(
            site_id=house.site_id, code="daily_0800_1800", edition_id=row.uid, actor=house.actor("officer"), at=at
        )

    with pytest.raises(NothingToWithdraw):
        withdraw(MONDAY_NINE + 8 * DAY)
    withdraw(MONDAY_NINE + DAY)
    assert said(calendar(house), TODAY + 7 * DAY) == ["08:00-18:00"]
    assert said(calendar(house, known_at=MONDAY_NINE), TODAY + 7 * DAY) == ["10:00-12:00"]
    with pytest.raises(NotFound):
        withdraw(MONDAY_NINE + 2 * DAY)


def test_a_calendar_of_ones_own_has_several_periods_and_a_night(house: House) -> None:
    given = {"site_id": house.site_id, "actor": house.actor("officer"), "at": MONDAY_NINE}
    hours = Hours(
        weekday=("8:00-12:00", "13:30–17:30"),
        weekend=("22:00-06:00",),
        days=((4, ("08:00-12:00",)),),
        follows_holidays=True,
        exceptions=((date(2025, 12, 31), ("08:00-10:00",)),),
    )
    make_calendar(code="lab", name="检验科", hours=hours, **given)  # type: ignore[arg-type]
    now = calendar(house, "lab")
    assert said(now, TODAY) == ["08:00-12:00", "13:30-17:30"]
    assert said(now, date(2025, 3, 7)) == ["08:00-12:00"]
    assert said(now, date(2025, 3, 8)) == ["22:00-06:00"]
    assert said(now, date(2025, 12, 31)) == ["08:00-10:00"]
    with pytest.raises(AlreadyPlanned):
        make_calendar(code="lab", name="检验科", hours=hours, **given)  # type: ignore[arg-type]
    for code, name in (("", "x"), ("实验", "x"), ("x", ""), ("y" * 33, "x")):
        with pytest.raises(Malformed):
            make_calendar(code=code, name=name, hours=hours, **given)  # type: ignore[arg-type]


def test_statutory_days_off_and_make_up_days_are_taken_over_by_year(house: House) -> None:
    given = {"site_id": house.site_id, "actor": house.actor("officer"), "at": MONDAY_NINE}
    took = take_over_holidays(name="cn", year=2025, **given)  # type: ignore[arg-type]
    assert took.n_known == 0
    assert took.n_added == Holiday.objects.filter(site_id=house.site_id).count() > 15
    now = calendar(house, "office")
    assert said(now, date(2025, 10, 1)) == []  # national day
    assert said(now, date(2025, 9, 28)) == ["08:00-12:00", "14:00-17:30"]  # a Sunday that is worked
    assert said(calendar(house), date(2025, 10, 1)) == ["08:00-18:00"]  # does not follow holidays
    assert take_over_holidays(name="cn", year=2025, **given).n_added == 0  # type: ignore[arg-type]
    for name, year in (("cn", 2099), ("mars", 2025)):
        with pytest.raises(UnknownHolidaySet):
            take_over_holidays(name=name, year=year, **given)  # type: ignore[arg-type]
    with pytest.raises(EffectiveInPast):
        take_over_holidays(name="cn", year=2020, **given)  # type: ignore[arg-type]


def test_a_day_off_of_the_hospitals_own_comes_and_goes(house: House) -> None:
    given = {"site_id": house.site_id, "actor": house.actor("officer")}
    founding = TODAY + 8 * DAY  # a Tuesday
    add_holiday(on=founding, name="院庆", is_off_day=True, at=MONDAY_NINE, **given)  # type: ignore[arg-type]
    assert said(calendar(house, "office"), founding) == []
    with pytest.raises(AlreadyPlanned):
        add_holiday(on=founding, name="院庆", is_off_day=True, at=MONDAY_NINE, **given)  # type: ignore[arg-type]
    with pytest.raises(EffectiveInPast):
        add_holiday(on=TODAY - DAY, name="院庆", is_off_day=True, at=MONDAY_NINE, **given)  # type: ignore[arg-type]
    row = Holiday.objects.get(on=founding)
    with pytest.raises(NothingToWithdraw):
        withdraw_holiday(holiday_id=row.uid, at=MONDAY_NINE + 8 * DAY, **given)  # type: ignore[arg-type]
    withdraw_holiday(holiday_id=row.uid, at=MONDAY_NINE + DAY, **given)  # type: ignore[arg-type]
    assert said(calendar(house, "office"), founding) != []
    assert said(calendar(house, "office", known_at=MONDAY_NINE), founding) == []


@pytest.mark.parametrize("who", ["nurse", "clerk", "director", "administrator"])
def test_only_the_hospitals_officer_edits_an_open_site(house: House, who: str) -> None:
    with pytest.raises(NotAllowed):
        edit(house, who=who)


def test_two_processes_see_the_same_hours_after_a_refresh(house: House) -> None:
    before = calendar(house)
    key = queries.calendar_id(house.site_id, "daily_0800_1800")
    CalendarEdition.objects.create(
        calendar_id=key,
        from_on=TODAY + DAY,
        definition={"weekday": ["10:00-12:00"], "weekend": [], "follows_holidays": False},
        made_at=MONDAY_NINE,
    )
    assert calendar(house) is before
    queries.refresh_calendars()
    assert said(calendar(house), TODAY + DAY) == ["10:00-12:00"]


def test_a_change_that_stops_following_holidays_leaves_the_holidays_before_it() -> None:
    """What the last edition says of holidays once counted for all of the past."""
    off = date(2025, 1, 28)
    follows = {"weekday": ["08:00-12:00"], "weekend": [], "follows_holidays": True}
    core = calendar_of(
        "Asia/Shanghai",
        [(date(2000, 1, 1), follows), (date(2025, 3, 1), {**follows, "follows_holidays": False})],
        [(off, True), (date(2025, 5, 1), True)],
    )
    assert said(core, off) == []
    assert said(core, date(2025, 5, 1)) == ["08:00-12:00"]


HOURS = st.lists(st.integers(0, 23), min_size=2, max_size=6, unique=True).map(
    lambda found: tuple(
        f"{opens:02d}:00-{closes:02d}:00"
        for opens, closes in zip(sorted(found)[::2], sorted(found)[1::2], strict=False)
    )
)


@given(
    weekday=HOURS,
    weekend=HOURS,
    days_ahead=st.integers(1, 40),
    starts_h=st.integers(0, 900),
    spent_h=st.integers(1, 60),
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_time_before_the_effective_date_runs_as_if_there_were_no_edit(
    weekday: tuple[str, ...], weekend: tuple[str, ...], days_ahead: int, starts_h: int, spent_h: int
) -> None:
    """S4, as a law: an advance that ends before the date is untouched; one that starts after it knows only the edit."""
    old = {"weekday": ["08:00-12:00", "13:00-18:00"], "weekend": ["22:00-06:00"], "follows_holidays": True}
    new = {"weekday": weekday, "weekend": weekend, "follows_holidays": False}
    effective_on = TODAY + days_ahead * DAY
    off = [(TODAY + 2 * DAY, True), (TODAY + 20 * DAY, True), (TODAY + 6 * DAY, False)]
    since = date(2000, 1, 1)
    before = calendar_of("Asia/Shanghai", [(since, old)], off)
    edited = calendar_of("Asia/Shanghai", [(since, old), (effective_on, new)], off)
    alone = calendar_of("Asia/Shanghai", [(since, new)], off)
    start = MONDAY_NINE + starts_h * HOUR
    midnight = datetime(effective_on.year, effective_on.month, effective_on.day, tzinfo=UTC) - 8 * HOUR
    due = advance(before, start, spent_h * HOUR)
    if due <= midnight:
        assert advance(edited, start, spent_h * HOUR) == due
    if start >= midnight + 6 * HOUR:  # after the tail of the night before
        assert advance(edited, start, spent_h * HOUR) == advance(alone, start, spent_h * HOUR)


def test_every_statutory_year_knows_its_spring_festival() -> None:
    assert holidays.years("mars") == ()
    for year in (2019, 2025, 2026):
        assert any(day.is_off_day and "春节" in day.name for day in holidays.days_of("cn", year))


def test_a_refusal_carries_its_facts() -> None:
    assert isinstance(BadHours(problem="hours.period.overlap", on="0"), Refusal)
