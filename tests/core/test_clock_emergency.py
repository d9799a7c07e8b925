"""Clocks of an emergency and its call tree: the domain's vectors, and laws."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yingxu.core.clock.emergency import Level, Limit, Mark, Try, standing, tree_reading

TEN = datetime(2025, 3, 3, 2, 0, tzinfo=UTC)
LEGAL = Limit("legal_arrival", "notified", "maintainer", 1800)
DOOR = Limit("at_door", "reported", "at_door", 600)
CONTACT = Limit("contact", "reported", "contact", 180, until_code="freed")
TREND = Limit("freeing", "maintainer", "freed", None)


def after(minutes: float) -> datetime:
    return TEN + timedelta(minutes=minutes)


def marks(**minutes: float) -> list[Mark]:
    return [Mark(code, after(moment)) for code, moment in minutes.items()]


def test_as_17_thirty_minutes_to_the_second_are_met() -> None:
    known = marks(reported=0, notified=1, at_door=7, maintainer=31, freed=38)
    legal = standing(LEGAL, known, after(60))
    assert (legal.state, legal.spent_s, legal.late_from) == ("kept", 1800, ())
    door = standing(DOOR, known, after(60))
    assert (door.state, door.spent_s) == ("kept", 420)
    assert standing(TREND, known, after(60)).state == "measured"


def test_6_18_a_second_more_is_broken_and_stays_so() -> None:
    late = [*marks(reported=0, notified=1), Mark("maintainer", after(31) + timedelta(seconds=1))]
    found = standing(LEGAL, late, after(90))
    assert (found.state, found.late_from) == ("broken", (after(31),))


def test_6_18_elsewhere_an_hour_holds() -> None:
    hour = Limit("legal_arrival", "notified", "maintainer", 3600)
    known = marks(notified=0, maintainer=59)
    assert (standing(hour, known, after(60)).state, standing(LEGAL, known, after(60)).state) == ("kept", "broken")


def test_the_clock_starts_with_the_notice_and_runs_until_it_is_late() -> None:
    assert standing(LEGAL, marks(reported=0), after(50)).state == "waiting"
    known = marks(reported=0, notified=1)
    assert standing(LEGAL, known, after(31)).state == "running"
    found = standing(LEGAL, known, after(32))
    assert (found.state, found.due_at, found.late_from) == ("late", after(31), (after(31),))


def test_what_ended_without_being_reached_is_broken_or_unknown() -> None:
    known = marks(notified=0)
    assert standing(LEGAL, known, after(90), ended_at=after(20)).state == "unknown"
    assert standing(LEGAL, known, after(90), ended_at=after(40)).state == "broken"
    assert standing(LEGAL, known, after(10), ended_at=after(20)).state == "running"


def test_6_18_contact_every_three_minutes_counts_every_gap() -> None:
    spoken = [Mark("contact", after(moment)) for moment in (2, 5, 9, 11)]
    known = [*marks(reported=0, freed=12), *spoken]
    found = standing(CONTACT, known, after(30))
    assert (found.state, found.n, found.spent_s, found.late_from) == ("broken", 4, 240, (after(8),))
    good = [*marks(reported=0, freed=5), Mark("contact", after(3))]
    assert standing(CONTACT, good, after(30)).state == "kept"


def test_contact_runs_from_the_last_word() -> None:
    known = [*marks(reported=0), Mark("contact", after(2))]
    assert standing(CONTACT, known, after(4)).due_at == after(5)
    assert standing(CONTACT, known, after(6)).state == "late"
    assert standing(CONTACT, [], after(6)).state == "waiting"


LEVELS = (Level(1, 60, 2), Level(2, 60, 2), Level(3, 120, 2))


def test_the_next_level_is_due_when_the_wait_is_over() -> None:
    assert tree_reading(LEVELS, TEN, (), TEN).due == ((1, TEN),)
    assert tree_reading(LEVELS, TEN, (), after(0.5)).next_at == after(1)
    assert tree_reading(LEVELS, TEN, (), after(2.5)).due == ((1, TEN), (2, after(1)), (3, after(2)))
    assert tree_reading(LEVELS, TEN, (), after(3)).next_at == after(4)
    assert tree_reading(LEVELS, TEN, (), after(9)).spent_at == after(4)


def test_failed_tries_bring_the_next_level_forward() -> None:
    tries = (Try(1, after(0.2), False), Try(1, after(0.4), False))
    assert tree_reading(LEVELS, TEN, tries, after(0.5)).due == ((1, TEN), (2, after(0.4)))


def test_whoever_answers_ends_it() -> None:
    early = tree_reading(LEVELS, TEN, (Try(1, after(0.5), True),), after(9))
    assert (early.due, early.answered_at, early.next_at, early.spent_at) == (((1, TEN),), after(0.5), None, None)
    at_the_limit = tree_reading(LEVELS, TEN, (Try(3, after(1), True),), after(9))
    assert at_the_limit.due == ((1, TEN),)
    last = tree_reading(LEVELS, TEN, (Try(3, after(3), True),), after(9))
    assert (len(last.due), last.answered_at, last.spent_at) == (3, after(3), None)
    assert tree_reading(LEVELS, TEN, (Try(1, after(0.5), True),), after(0.7)).next_at is None


def test_an_answer_after_all_was_given_up_counts() -> None:
    found = tree_reading(LEVELS, TEN, (Try(1, after(6), True),), after(9))
    assert (found.spent_at, found.answered_at) == (after(4), after(6))


def test_a_tree_without_levels_asks_nobody() -> None:
    found = tree_reading((), TEN, (), after(9))
    assert (found.due, found.spent_at, found.next_at) == ((), None, None)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 3), st.integers(0, 600), st.booleans()), max_size=8),
    st.integers(0, 600),
    st.integers(0, 600),
)
def test_what_was_due_stays_due(made: list[tuple[int, int, bool]], one_s: int, more_s: int) -> None:
    """Looking later never takes back what was due, nor moves it: raising it once is enough."""
    tries = [Try(key, TEN + timedelta(seconds=second), answered) for key, second, answered in made]
    early = tree_reading(LEVELS, TEN, tries, TEN + timedelta(seconds=one_s))
    late = tree_reading(LEVELS, TEN, tries, TEN + timedelta(seconds=one_s + more_s))
    assert late.due[: len(early.due)] == early.due
    if early.next_at is not None:
        again = tree_reading(LEVELS, TEN, tries, early.next_at)
        assert early.next_at > TEN + timedelta(seconds=one_s) or again == early


@pytest.mark.parametrize("seconds", [0, 1, 1799, 1800, 1801])
def test_seconds_decide(seconds: int) -> None:
    known = [Mark("notified", TEN), Mark("maintainer", TEN + timedelta(seconds=seconds))]
    assert standing(LEGAL, known, after(90)).state == ("kept" if seconds <= 1800 else "broken")
