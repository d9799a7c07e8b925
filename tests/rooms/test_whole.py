"""References that the database does not check are looked through by ``yingxu check`` (ADR 0060)."""

from __future__ import annotations

import pytest
from django.db import connection

from tests.people import House
from tests.rooms.test_work_loop import asked
from yingxu.ground import queries

pytestmark = pytest.mark.django_db


def test_every_reference_of_a_create_points_to_a_row(house: House) -> None:
    asked(house)
    assert queries.pointing_nowhere() == {}


def test_a_planted_reference_to_nothing_is_named(house: House) -> None:
    job = asked(house)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE work_job SET contract_id = 987654321 WHERE request_id = %s", [job.request.pk])
        cursor.execute("UPDATE promise_promise SET calendar_id = 987654321 WHERE request_id = %s", [job.request.pk])
    found = queries.pointing_nowhere()
    assert found.keys() == {"work_job.contract_id", "promise_promise.calendar_id"}
