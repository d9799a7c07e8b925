"""S46, concise and useful: what the jobs of an item say about its steps."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.people import MONDAY_NINE, House
from tests.rooms import test_work_loop as loop
from yingxu.standards.models import Item
from yingxu.work.models import StepDone
from yingxu.work.usefulness import item_figures

pytestmark = pytest.mark.django_db


def test_steps_say_how_often_they_found_something_and_how_long_they_took(house: House) -> None:
    item = Item.objects.get(site_id=house.site_id, code="plb.faucet")
    first, second = loop.finished(house), loop.finished(house, at=30)
    StepDone.objects.filter(job=first, step_code="test").update(is_ok=False)
    for job in (first, second):
        started = job.started_at
        for n, row in enumerate(StepDone.objects.filter(job=job).order_by("id"), 1):
            StepDone.objects.filter(pk=row.pk).update(done_at=started + timedelta(minutes=2 * n))
    with CaptureQueriesContext(connection) as run:
        found = item_figures(item.pk, since=MONDAY_NINE - timedelta(days=1))
    assert len(run) == 2
    assert (found.n_jobs, found.median_minutes) == (2, 15)
    assert (found.steps["test"].n_done, found.steps["test"].n_failed) == (2, 1)
    assert found.steps["valve"].never_failed
    assert not found.steps["test"].never_failed
    assert found.steps["valve"].median_s == 120


def test_without_a_job_there_is_no_figure(house: House) -> None:
    item = Item.objects.get(site_id=house.site_id, code="elv.noise")
    found = item_figures(item.pk, since=MONDAY_NINE)
    assert (found.n_jobs, found.median_minutes, found.steps) == (0, None, {})
