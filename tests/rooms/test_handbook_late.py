"""A signature given without signal arrives late: it stands for what was read, and never for what was not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.people import MONDAY_NINE, House
from tests.rooms.test_handbook import LATER, answers, new_edition, parts, read_all, reading_of
from yingxu.ground.models import Entry
from yingxu.team import actions, queries
from yingxu.team.models import QuizAttempt, Receipt, Signature
from yingxu.team.refusals import NothingToRead, ReadingChanged

pytestmark = pytest.mark.django_db

READ_AT = LATER + timedelta(minutes=30)
CHANGED_AT = LATER + timedelta(hours=1)
SENT_AT = LATER + timedelta(hours=5)
PART = "plb.faucet"


def sign(house: House, reading, *, n_wrong: int = 0, attempt: int = 1, happened_at=READ_AT, at=SENT_AT):
    return actions.answer_quiz(
        site_id=house.site_id,
        part=reading.part,
        digest=reading.digest,
        attempt=attempt,
        answers=answers(reading, house.accounts["plumber"], attempt, n_wrong=n_wrong),
        actor=house.actor("plumber"),
        at=at,
        happened_at=happened_at,
    )


def test_it_is_dated_when_it_was_given(house: House) -> None:
    read_all(house, "plumber")
    new_edition(house)
    assert sign(house, reading_of(house, "plumber", PART)).is_passed
    assert Signature.objects.latest("id").signed_at == READ_AT
    told = Entry.objects.filter(kind="team.handbook.signed").latest("id")
    assert told.happened_at == READ_AT


def test_an_edition_that_changed_meanwhile_leaves_the_signature_and_asks_for_the_change_alone(house: House) -> None:
    read_all(house, "plumber")
    new_edition(house)
    reading = reading_of(house, "plumber", PART)
    new_edition(house, at=CHANGED_AT)
    done = sign(house, reading)
    assert (done.is_passed, done.is_overtaken) == (True, True)
    left = reading_of(house, "plumber", PART)
    assert left.older is not None
    assert (left.older.number, left.procedures[0].number) == (2, 3), "just what changed since what was read"


def test_what_was_read_before_it_was_in_force_is_not_signed(house: House) -> None:
    """A phone that says it signed before the edition began, or long after it ended, signed for something else."""
    read_all(house, "plumber")
    new_edition(house)
    reading = reading_of(house, "plumber", PART)
    new_edition(house, at=CHANGED_AT)
    for moment in (MONDAY_NINE + timedelta(minutes=5), CHANGED_AT + timedelta(minutes=1)):
        with pytest.raises(ReadingChanged):
            sign(house, reading, happened_at=moment)
    assert not QuizAttempt.objects.filter(reading=reading.digest).exists()


def test_what_was_signed_elsewhere_meanwhile_is_not_signed_twice(house: House) -> None:
    read_all(house, "plumber")
    new_edition(house)
    reading = reading_of(house, "plumber", PART)
    sign(house, reading, happened_at=None, at=READ_AT + timedelta(minutes=1))
    with pytest.raises(NothingToRead):
        sign(house, reading)
    new_edition(house, at=CHANGED_AT)
    with pytest.raises(ReadingChanged):
        sign(house, reading)
    edition = reading.procedures[0].edition_id
    assert Receipt.objects.filter(account_id=house.accounts["plumber"], edition_id=edition).count() == 1


def test_wrong_answers_late_sign_nothing_and_are_counted(house: House) -> None:
    read_all(house, "plumber")
    new_edition(house)
    reading = reading_of(house, "plumber", PART)
    new_edition(house, at=CHANGED_AT)
    failed = sign(house, reading, n_wrong=2)
    assert (failed.is_passed, failed.n_right) == (False, 1)
    assert parts(house, "plumber") == [PART]
    last = queries.last_try(house.accounts["plumber"], reading)
    assert last is not None
    assert (last.number, last.n_right, len(last.answers)) == (1, 1, 3)


def test_a_rule_book_is_signed_once_also_when_late(house: House) -> None:
    reading = reading_of(house, "plumber", "general")
    sign(house, reading)
    with pytest.raises(NothingToRead):
        sign(house, reading)
