"""What is wanted at a time is promised for that time: arrival by the appointment, done two hours later (domain 2.1)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.people import MONDAY_NINE, House
from tests.rooms.requests import ask
from yingxu.demand import actions as demand
from yingxu.demand.actions import Raised, Wanted
from yingxu.demand.models import Request
from yingxu.promise.models import Promise

pytestmark = pytest.mark.django_db
NEXT_WEEK = MONDAY_NINE + timedelta(days=7)


def due(raised: Raised) -> dict[str, timedelta]:
    """Return each milestone's limit as the time after the asking."""
    return {said.milestone: said.due_at - MONDAY_NINE for said in raised.promises}


def test_an_appointment_moves_arrival_and_done_and_nothing_else(house: House) -> None:
    plain, booked = due(ask(house)), due(ask(house, wanted=Wanted(wanted_from=NEXT_WEEK)))
    assert booked["acknowledged"] == plain["acknowledged"]
    assert booked["arrived"] == timedelta(days=7)
    assert booked["done"] == timedelta(days=7, hours=2)


def test_an_appointment_never_makes_a_promise_tighter_than_the_standard(house: House) -> None:
    soon = Wanted(wanted_from=MONDAY_NINE + timedelta(minutes=5))
    assert due(ask(house, wanted=soon)) == due(ask(house))


def test_a_critical_request_waits_for_no_appointment(house: House) -> None:
    clerk = house.actor("clerk")
    booked = ask(house, actor=clerk, channel="desk", priority=1, wanted=Wanted(wanted_from=NEXT_WEEK))
    assert due(booked) == due(ask(house, actor=clerk, channel="desk", priority=1))


def test_p4_is_done_two_hours_after_a_later_appointment(house: House) -> None:
    officer, later = house.actor("officer"), MONDAY_NINE + timedelta(days=40, hours=1)
    asked = {"actor": officer, "channel": "desk", "priority": 4}
    plain = due(ask(house, **asked))
    booked = due(ask(house, wanted=Wanted(wanted_from=later), **asked))
    assert booked["done"] == timedelta(days=40, hours=3) > plain["done"]


def test_a_booked_request_costs_no_further_statement(house: House) -> None:
    nurse = house.actor("nurse")
    ask(house, actor=nurse, wanted=Wanted(wanted_from=NEXT_WEEK))
    with CaptureQueriesContext(connection) as queries:
        ask(house, actor=nurse, wanted=Wanted(wanted_from=NEXT_WEEK))
    assert len([query for query in queries if "nextval" not in (query["sql"] or "")]) == 2


def test_another_urgency_keeps_the_appointment_and_critical_drops_it(house: House) -> None:
    raised = ask(house, wanted=Wanted(wanted_from=NEXT_WEEK))
    clerk, at = house.actor("clerk"), MONDAY_NINE + timedelta(minutes=30)
    demand.raise_priority(request_id=raised.id, priority=2, reason="查房前要", actor=clerk, at=at)
    request = Request.objects.get(pk=raised.key)
    standing = Promise.objects.filter(request=request, job_key__isnull=False).exclude(state="void")
    assert standing.get(milestone="arrived").due_at == NEXT_WEEK
    assert standing.get(milestone="done").due_at == NEXT_WEEK + timedelta(hours=2)
    demand.raise_priority(request_id=raised.id, priority=1, reason="冒烟", actor=clerk, at=at)
    assert standing.get(milestone="arrived").due_at < MONDAY_NINE + timedelta(hours=1)
