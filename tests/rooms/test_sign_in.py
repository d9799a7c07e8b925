"""Signing in: guesses are counted and slowed down, a name that is unknown is answered like a wrong password."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.hashers import make_password

from tests.people import MONDAY_NINE, House
from yingxu.ground import actions
from yingxu.ground.actions.sign_in import ADDRESS_LIMIT, NAME_LIMIT, WINDOW, Knocked
from yingxu.ground.actor import engine
from yingxu.ground.models import Account, Entry, SignInTry
from yingxu.ground.refusals import NotAllowed

pytestmark = pytest.mark.django_db
RIGHT = "correct horse"


def knock(username: str = "nurse", password: str = "wrong", *, minute: float = 0, address: str = "10.0.0.1") -> Knocked:
    return actions.sign_in(
        username=username,
        password=password,
        address=address,
        actor=engine("door"),
        at=MONDAY_NINE + timedelta(minutes=minute),
    )


@pytest.fixture(autouse=True)
def nurse(house: House, settings: object) -> int:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # type: ignore[attr-defined]
    Account.objects.filter(pk=house.accounts["nurse"]).update(password=make_password(RIGHT))
    return house.accounts["nurse"]


def test_the_right_password_lets_in_and_is_recorded(nurse: int) -> None:
    assert knock(password=RIGHT) == Knocked(nurse)
    assert Entry.objects.filter(kind="ground.account.signed_in", subject_id=nurse).count() == 1


def test_wrong_guesses_lock_the_name_and_time_opens_it(nurse: int) -> None:
    assert [knock(minute=n).wait_s for n in range(NAME_LIMIT)] == [0] * NAME_LIMIT
    locked = knock(password=RIGHT, minute=NAME_LIMIT, address="10.0.0.2")
    assert locked.account_id is None
    assert 0 < locked.wait_s <= WINDOW.total_seconds()
    assert Entry.objects.filter(kind="ground.account.sign_in_locked", subject_id=nurse).count() == 1
    assert knock(password=RIGHT, minute=WINDOW.total_seconds() / 60 + 1).account_id == nurse


def test_a_good_try_forgives_the_wrong_ones_before_it(nurse: int) -> None:
    for n in range(NAME_LIMIT - 1):
        knock(minute=n * 0.1)
    assert knock(password=RIGHT, minute=1).account_id == nurse
    knock(minute=2)
    assert knock(password=RIGHT, minute=3).account_id == nurse


def test_an_unknown_name_is_answered_like_a_wrong_password_and_locks_alike() -> None:
    for name in ("nobody", "nurse"):
        assert [knock(name, minute=n).wait_s for n in range(NAME_LIMIT)] == [0] * NAME_LIMIT
        assert knock(name, minute=NAME_LIMIT).wait_s > 0


def test_an_address_that_tries_many_names_is_slowed_down_and_a_ward_is_not() -> None:
    for n in range(ADDRESS_LIMIT - 1):
        knock(f"name{n}")
    assert knock("clerk", address="10.0.0.1").wait_s == 0
    assert knock("plumber", address="10.0.0.1").wait_s > 0
    assert knock("plumber", address="10.0.0.9").wait_s == 0


def test_tries_are_kept_without_names_and_forgotten() -> None:
    knock()
    assert not SignInTry.objects.filter(name_key__icontains="nurse").exists()
    assert actions.forget_tries(at=MONDAY_NINE + timedelta(days=2), actor=engine("clock")) == 1
    with pytest.raises(NotAllowed):
        actions.forget_tries(at=MONDAY_NINE, actor=engine("door"))


def test_nobody_else_answers_the_door(house: House) -> None:
    with pytest.raises(NotAllowed):
        actions.sign_in(username="nurse", password=RIGHT, address="", actor=house.actor("officer"), at=MONDAY_NINE)
