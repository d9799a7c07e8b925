"""The unit of work: all or nothing in one statement, the state that was seen, commands that arrive twice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import pytest
from django.db import DatabaseError, OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from yingxu.ground import ledger
from yingxu.ground.actor import engine
from yingxu.ground.ledger import Fact
from yingxu.ground.models import Entry, Site
from yingxu.ground.refusals import CommandReused, NotAllowed, Stale, TooDeep
from yingxu.ground.unit import CommandKey, Unit

pytestmark = pytest.mark.django_db


@dataclass(frozen=True, kw_only=True)
class SiteNamed(Fact):
    kind: ClassVar[str] = "test.site.named"
    subject_kind: ClassVar[str] = "site"
    name: str


@dataclass(frozen=True)
class Named:
    name: str
    key: int


def name_site(code: str, name: str, *, command: CommandKey | None = None) -> tuple[Named, bool]:
    with Unit(actor=engine("setup"), at=timezone.now(), command=command) as unit:
        site = unit.insert(Site(code=code, name=name))
        unit.record(SiteNamed(site_id=site.pk, subject_id=site.pk, thread_id=site.pk, name=name))
        unit.answer(Named(name, site.pk))
    return unit.answered(Named), unit.replayed


def test_rows_and_facts_are_written_together_in_one_statement() -> None:
    name_site("warm", "warm")
    with CaptureQueriesContext(connection) as queries:
        named, _ = name_site("a", "甲院")
    assert len(queries) == 1
    entry = Entry.objects.get(subject_id=named.key)
    assert (entry.kind, entry.facts, entry.actor_kind) == ("test.site.named", {"name": "甲院"}, "engine")


def test_a_command_that_arrives_twice_answers_the_first_result_and_changes_nothing() -> None:
    first, again = name_site("a", "甲院", command=CommandKey("c1", "same"))
    second, replayed = name_site("a", "甲院", command=CommandKey("c1", "same"))
    assert (first, again) == (second, False)
    assert replayed
    assert Site.objects.filter(code__in="ab").count() == 1


def test_the_same_command_id_with_another_body_is_refused() -> None:
    name_site("a", "甲院", command=CommandKey("c1", "one"))
    with pytest.raises(CommandReused):
        name_site("b", "乙院", command=CommandKey("c1", "two"))
    assert Site.objects.filter(code__in="ab").count() == 1


def test_a_refusal_writes_nothing() -> None:
    def refused() -> None:
        with Unit(actor=engine("setup"), at=timezone.now()) as unit:
            unit.insert(Site(code="a", name="甲院"))
            raise NotAllowed(action="x")

    with pytest.raises(NotAllowed):
        refused()
    assert not Site.objects.filter(code="a").exists()


def test_a_change_states_the_state_it_saw() -> None:
    name_site("a", "甲院")
    mine, theirs = Site.objects.get(code="a"), Site.objects.get(code="a")
    with Unit(actor=engine("setup"), at=timezone.now()) as unit:
        unit.change(theirs, seen=["state"], state="open")
    with pytest.raises(Stale), transaction.atomic(), Unit(actor=engine("setup"), at=timezone.now()) as unit:
        unit.change(mine, seen=["state"], state="open", name="丙院")
    assert Site.objects.get(code="a").name == "甲院"


def test_a_row_made_in_the_unit_can_be_changed_in_it() -> None:
    with Unit(actor=engine("setup"), at=timezone.now()) as unit:
        site = unit.insert(Site(code="a", name="甲院"))
        unit.change(site, name="乙院")
    assert Site.objects.get(code="a").name == "乙院"


def test_a_text_that_does_not_fit_is_refused_not_cut() -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        name_site("a" * 33, "甲院")


def test_a_reaction_runs_in_the_same_unit_and_a_loop_in_the_wiring_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def again(fact: SiteNamed, unit: Unit) -> None:
        unit.record(fact)

    monkeypatch.setattr(ledger, "_wired", {SiteNamed: (again,)})
    with pytest.raises(TooDeep):
        name_site("a", "甲院")
    assert not Site.objects.filter(code="a").exists()


@pytest.mark.parametrize(
    "statement", ["UPDATE ground_entry SET kind = 'x'", "DELETE FROM ground_entry", "TRUNCATE ground_entry"]
)
def test_the_ledger_refuses_change(statement: str) -> None:
    name_site("a", "甲院")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Entry.objects.filter(kind="test.site.named").count() == 1


def test_a_connection_that_is_cut_while_writing_leaves_no_transaction_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seen with real processes: the planner said "cannot open a new connection in an atomic block" for ever."""

    def cut(*_: object, **__: object) -> None:
        raise OperationalError("terminating connection due to administrator command")

    def act() -> None:
        with Unit(actor=engine("setup"), at=timezone.now()) as unit:
            unit.locking()
            unit.insert(Site(code="a", name="甲院"))

    depth = len(connection.savepoint_ids)
    monkeypatch.setattr("yingxu.ground.unit.write", cut)
    with pytest.raises(OperationalError):
        act()
    assert len(connection.savepoint_ids) == depth
    monkeypatch.undo()
    name_site("b", "乙院")
