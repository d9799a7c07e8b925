"""The seals: a chain that names the first bad entry, and waits for transactions that are still open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import pytest
from django.db import connection
from django.utils import timezone

from tests.people import House
from yingxu.ground import seals
from yingxu.ground.actor import engine
from yingxu.ground.ledger import Fact
from yingxu.ground.models import Entry, Seal
from yingxu.ground.unit import Unit

pytestmark = pytest.mark.django_db


@dataclass(frozen=True, kw_only=True)
class Noted(Fact):
    kind: ClassVar[str] = "test.noted"
    subject_kind: ClassVar[str] = "site"
    n: int


def note(house: House, *numbers: int) -> None:
    with Unit(actor=engine("setup"), at=timezone.now()) as unit:
        for n in numbers:
            unit.record(Noted(site_id=house.site_id, subject_id=house.site_id, thread_id=house.site_id, n=n))


def seal() -> int:
    return seals.seal_up_to(seals.sample(), at=timezone.now())


def tamper(statement: str) -> None:
    """What a database administrator could do behind the product's back."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE ground_entry DISABLE TRIGGER ALL")
        cursor.execute(statement)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE ground_entry ENABLE TRIGGER ALL")


def test_sealed_entries_are_proven_and_later_ones_join_the_chain(house: House) -> None:
    note(house, 1, 2, 3)
    assert seal() >= 3
    note(house, 4)
    assert seal() >= 1
    assert seal() == 0
    verdict = seals.verify()
    assert verdict.trouble is None
    newest = Seal.objects.filter(site_id=house.site_id).order_by("-number").first()
    assert newest is not None
    assert newest.previous != ""


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE ground_entry SET facts = '{\"n\": 7}' WHERE id = {id}", "entry {id} was changed"),
        ("UPDATE ground_entry SET actor_name = 'somebody' WHERE id = {id}", "entry {id} was changed"),
        ("DELETE FROM ground_entry WHERE id = {id}", "entry {id} is missing"),
    ],
)
def test_the_first_bad_entry_is_named(house: House, statement: str, said: str) -> None:
    note(house, 1, 2, 3)
    key = Entry.objects.filter(kind="test.noted").order_by("id")[1].id
    seal()
    tamper(statement.replace("{id}", str(key)))
    assert said.replace("{id}", str(key)) in (seals.verify().trouble or "")


def test_a_seal_that_was_changed_breaks_the_chain(house: House) -> None:
    note(house, 1)
    seal()
    note(house, 2)
    seal()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE ground_seal DISABLE TRIGGER ALL")
        cursor.execute("DELETE FROM ground_seal WHERE number = 1")
    assert "a seal before it is missing" in (seals.verify().trouble or "")
