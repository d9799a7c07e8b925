"""A step that was not good opens its own follow-up, once, at the same place, for the same asker."""

from __future__ import annotations

import pytest

from tests.people import House
from tests.rooms.test_work_loop import asked, at_work, carry_out, minutes, sent
from tests.web.test_shell import signed_in
from yingxu.demand.models import Request
from yingxu.demand.queries import found
from yingxu.ground.models import Entry
from yingxu.standards.queries import procedure_of
from yingxu.verify import actions as verify
from yingxu.web import inside
from yingxu.work import actions as work
from yingxu.work.models import Job

pytestmark = pytest.mark.django_db


def ended(house: House, *, is_critical: bool) -> Job:
    """Finish a job of which one step was not good."""
    job = at_work(house, sent(house, asked(house)))
    steps = [
        step
        for step in procedure_of(job.edition_id).steps
        if step["type"] == "tick" and bool(step.get("critical")) is is_critical
    ]
    if not steps:
        pytest.skip("the procedure has no such step")
    bad = steps[0]["code"]
    carry_out(house, job, but=(bad,))
    work.carry_out_step(
        job_id=job.uid, step_code=bad, value=False, note="阀门锈死", actor=house.actor("plumber"), at=minutes(11)
    )
    work.finish_job(
        job_id=job.uid, actor=house.actor("plumber"), at=minutes(20), result_text="换了", minutes=15, cause_code="wear"
    )
    job.refresh_from_db()
    return job


def test_a_step_that_was_not_good_goes_on_under_its_own_number(house: House) -> None:
    job = ended(house, is_critical=False)
    request = Request.objects.get(channel="follow_up")
    parent = job.request
    assert "阀门锈死" in request.text
    assert (request.place_id, request.owner_id, request.shown_state) == (parent.place_id, parent.owner_id, "new")
    assert [row.id for row in found.follow_ups(house.site_id, [job.number])] == [request.uid]
    came_of = found.followed(request.uid)
    assert came_of is not None
    assert came_of.number == parent.number
    kinds = set(Entry.objects.filter(thread_id=parent.pk).values_list("kind", flat=True))
    assert "demand.request.follow_up_named" in kinds
    inside.forget()
    client = signed_in(house, "clerk")
    assert request.number in client.get(f"/requests/{parent.uid}").content.decode()
    assert parent.number in client.get(f"/requests/{request.uid}").content.decode()


def test_finished_again_it_is_not_opened_twice(house: House) -> None:
    job = ended(house, is_critical=False)
    verify.send_back_job(
        job_id=job.uid, reason_code="not_fixed", text="还不行", actor=house.actor("nurse"), at=minutes(30)
    )
    work.finish_job(
        job_id=job.uid, actor=house.actor("plumber"), at=minutes(40), result_text="换了", minutes=15, cause_code="wear"
    )
    assert Request.objects.filter(channel="follow_up").count() == 1


def test_a_critical_step_sends_the_job_back_instead(house: House) -> None:
    ended(house, is_critical=True)
    assert not Request.objects.filter(channel="follow_up").exists()


def test_good_steps_open_nothing(house: House) -> None:
    job = at_work(house, sent(house, asked(house)))
    carry_out(house, job)
    work.finish_job(
        job_id=job.uid, actor=house.actor("plumber"), at=minutes(20), result_text="换了", minutes=15, cause_code="wear"
    )
    assert not Request.objects.filter(channel="follow_up").exists()
