"""The analyst is called only when something waits, once, and a real process killed in a study loses nothing."""

from __future__ import annotations

import os
import subprocess
from typing import Any

import pytest
from django.utils import timezone

from tests.people import House
from yingxu.connect.analyst import calling, rounds
from yingxu.core.forecast import DayKind
from yingxu.improve.models import Outlook
from yingxu.improve.queries import sites_without_outlook
from yingxu.standards import actions, queries

pytestmark = pytest.mark.django_db


class Child:
    """A process that is there until it is told to be gone."""

    started: list[list[str]] = []

    def __init__(self, command: list[str], **_more: Any) -> None:
        Child.started.append(command)
        self.code: int | None = None

    def poll(self) -> int | None:
        return self.code


@pytest.fixture(autouse=True)
def children(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    Child.started = []
    monkeypatch.setattr(subprocess, "Popen", Child)
    return Child.started


def worked_out(house: House) -> None:
    """Let every site's day be worked out already."""
    now = timezone.now()
    for day in sites_without_outlook(at=now):
        Outlook.objects.create(site_id=day.site_id, line_code="", made_on=day.on, made_at=now, n=0)


def ask(house: House) -> None:
    actions.ask_study(
        site_id=house.site_id,
        line_code="ESC",
        priority=3,
        milestone="done",
        limit_s=3_600,
        percentile=0.9,
        actor=house.actor("officer"),
        at=timezone.now(),
    )


def test_nobody_is_called_while_nothing_waits(house: House, children: list[list[str]]) -> None:
    worked_out(house)
    calling.Caller().turn()
    assert children == []


def test_a_study_calls_the_analyst_once_and_again_when_it_went(house: House, children: list[list[str]]) -> None:
    worked_out(house)
    ask(house)
    caller = calling.Caller()
    caller.turn()
    caller.turn()
    assert len(children) == 1
    assert children[0][-2:] == ["--parent", str(os.getpid())]
    caller._child.code = -9  # type: ignore[union-attr]
    caller.turn()
    assert len(children) == 2


def test_a_day_not_worked_out_calls_too(house: House, children: list[list[str]]) -> None:
    calling.Caller().turn()
    assert len(children) == 1


def test_a_site_without_a_past_has_its_day_done_all_the_same(house: House) -> None:
    while rounds.turn(timezone.now):
        pass
    assert sites_without_outlook(at=timezone.now()) == ()
    assert Outlook.objects.get(site_id=house.site_id, line_code="").forecast == {}


def test_the_sites_calendar_says_what_kind_a_day_is(house: House) -> None:
    from datetime import date

    from yingxu.standards.models import Holiday

    Holiday.objects.create(site_id=house.site_id, on=date(2030, 10, 1), name="国庆", is_off_day=True)
    Holiday.objects.create(site_id=house.site_id, on=date(2030, 9, 29), name="调休", is_off_day=False)
    kinds = rounds.day_kinds(house.site_id, date(2030, 9, 29), 3)
    assert kinds == [DayKind.MADE_UP, DayKind.ORDINARY, DayKind.OFF]


def test_questions_of_the_analyst_are_not_everybodys(house: House) -> None:
    from yingxu.ground.refusals import NotAllowed

    with pytest.raises(NotAllowed):
        actions.take_study(actor=house.actor("officer"), at=timezone.now())
    assert queries.n_studies_waiting(at=timezone.now()) == 0
