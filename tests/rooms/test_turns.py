"""When an occasion comes (S38): laws over any days, leap days and the turn of the year; no database."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yingxu.upkeep.turns import When, due_of, lunar_new_years, month_day, opened, turns

#: A machine that is busy with something else is no fault of a law.
SLOW = [HealthCheck.too_slow]
days = st.dates(date(2020, 1, 1), date(2032, 12, 31))
month_days = st.dates(date(2024, 1, 1), date(2024, 12, 31)).map(lambda on: f"{on:%m-%d}")


@settings(max_examples=60, deadline=None, suppress_health_check=SLOW)
@given(first=month_days, last=month_days, today=days)
def test_a_yearly_one_begins_once_a_year_and_is_never_over_when_it_is_told(first: str, last: str, today: date) -> None:
    found = turns(When("yearly", first, last), since=today, until=today + timedelta(days=800))
    assert [turn.begins_on for turn in found] == sorted(turn.begins_on for turn in found)
    assert len({turn.key for turn in found}) == len(found)
    years = [int(turn.key) for turn in found]
    assert years == list(range(years[0], years[0] + len(years)))
    for turn in found:
        assert turn.begins_on == month_day(int(turn.key), first)
        assert turn.begins_on <= turn.ends_on
        assert turn.ends_on >= today


@settings(max_examples=60, deadline=None, suppress_health_check=SLOW)
@given(first=month_days, last=month_days, lead=st.integers(0, 366), today=days, more=st.integers(0, 400))
def test_from_its_lead_to_its_end_it_is_time_to_prepare(
    first: str, last: str, lead: int, today: date, more: int
) -> None:
    when = When("yearly", first, last)
    coming = turns(when, since=today, until=today + timedelta(days=366))
    for turn in coming:
        is_open = turn in opened(coming, lead_days=lead, today=today)
        assert is_open == (turn.begins_on - timedelta(days=lead) <= today <= turn.ends_on)
        assert due_of(turn, ready_days=min(lead, more), today=today) >= today


@settings(max_examples=40, deadline=None, suppress_health_check=SLOW)
@given(first=days, every=st.integers(1, 36), today=days)
def test_every_so_many_months_keeps_its_day_or_the_months_last(first: date, every: int, today: date) -> None:
    found = turns(When("months", from_on=first, every_months=every), since=today, until=today + timedelta(days=1200))
    for one, other in pairwise(found):
        months = (other.begins_on.year - one.begins_on.year) * 12 + other.begins_on.month - one.begins_on.month
        assert months == every
    assert all(turn.begins_on.day <= first.day for turn in found)
    assert all(turn.begins_on.day == first.day or (turn.begins_on + timedelta(days=1)).day == 1 for turn in found)


@pytest.mark.parametrize("said", ["02-30", "13-01", "00-10", "1", "", "x-y", "06-31", "06-0"])
def test_what_is_no_day_of_a_year_is_refused(said: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        month_day(2025, said)


def test_leap_day_is_the_last_of_february_where_there_is_none() -> None:
    assert month_day(2024, "02-29") == date(2024, 2, 29)
    assert month_day(2025, "02-29") == date(2025, 2, 28)


def test_spring_festival_is_expected_from_new_years_eve_where_no_notice_is() -> None:
    (turn,) = turns(When("holiday", holiday="春节"), since=date(2027, 1, 1), until=date(2027, 12, 31))
    assert (turn.begins_on, turn.ends_on, turn.is_expected) == (date(2027, 2, 5), date(2027, 2, 12), True)
    assert all(date(year, 1, 20) < on < date(year, 2, 21) for year, on in lunar_new_years().items())
    assert turns(When("holiday", holiday="清明节"), since=date(2027, 1, 1), until=date(2027, 12, 31)) == ()
