"""Before somebody is sent: what would break is told, by which rule not; what somebody has in hand opens; undo."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.people import House
from tests.rooms.test_work_loop import uid
from tests.web.test_desk import FRAGMENT, asked
from tests.web.test_shell import signed_in
from yingxu.demand.models import Request
from yingxu.dispatch.models import Proposal
from yingxu.web import inside
from yingxu.web.clock import site_clock
from yingxu.work import actions as work
from yingxu.work.models import Job

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    inside.forget()
    yield
    inside.forget()


def waiting(house: House, **said: str) -> tuple[Request, Job]:
    request = asked(house, item=said.pop("item", "plb.faucet"), **said)
    return request, Job.objects.get(request=request)


def proposed(house: House, job: Job, best: str, runner_up: str | None, **reason: object) -> None:
    Proposal.objects.create(
        site_id=house.site_id,
        job=job,
        worker_id=house.accounts[best],
        runner_up_id=house.accounts[runner_up] if runner_up else None,
        reason=reason,
        made_at=site_clock("Asia/Shanghai"),
        epoch=1,
    )


def sheet(house: House, who: str, request: Request, worker: UUID) -> str:
    return signed_in(house, who).get(f"/desk/requests/{request.uid}/send/{worker}", headers=FRAGMENT).content.decode()


def test_what_would_break_is_told_before_somebody_else_is_sent(house: House) -> None:
    request, job = waiting(house)
    leader = uid(house, "leader")
    late = {"number": "100888", "priority": 3, "minutes": 9}
    proposed(
        house, job, "plumber", None, parts={"travel": 1.0},
        others=[{"uid": str(leader), "parts": {"travel": 3.0}, "later_s": 720, "delays": [late]}],
    )  # fmt: skip
    html = sheet(house, "clerk", request, leader)
    assert "王水工" in html  # who is proposed
    for told in ("12", "100888", "9"):
        assert told in html
    assert "data-confirm" in html
    assert Job.objects.get(pk=job.pk).state == "queued"  # looking sends nobody
    drawer = signed_in(house, "clerk").get(f"/desk/requests/{request.uid}", headers=FRAGMENT).content.decode()
    assert "100888" in drawer  # beside the name in the drawer too


def test_the_proposed_one_is_said_to_be_it(house: House) -> None:
    request, job = waiting(house)
    proposed(house, job, "plumber", None, parts={})
    html = sheet(house, "clerk", request, uid(house, "plumber"))
    assert 'class="tone-ok"' in html
    assert 'class="tone-warn"' not in html


def test_who_may_not_go_is_named_with_the_rule_and_cannot_be_sent(house: House) -> None:
    request, _ = waiting(house)
    html = sheet(house, "clerk", request, uid(house, "lift_fitter"))
    assert "吴梯工" in html
    assert "data-sends" not in html


def test_the_hospital_may_send_with_a_reason_and_is_asked_for_it(house: House) -> None:
    request, job = waiting(house)
    fitter = uid(house, "electrician")
    assert 'id="send-why"' in sheet(house, "officer", request, fitter)
    officer = signed_in(house, "officer")
    said = {"worker": str(fitter), "request": str(request.uid)}
    refused = officer.post(f"/desk/jobs/{job.uid}/assign", said, headers=FRAGMENT)
    assert refused.status_code == 422
    assert officer.post(f"/desk/jobs/{job.uid}/assign", {**said, "reason": "水管班都在外"}).status_code == 302
    assert Job.objects.get(pk=job.pk).worker_id == house.accounts["electrician"]


def test_a_critical_job_that_waits_is_named_before_an_ordinary_one_is_given(house: House) -> None:
    """Decision 16: told before the act, and the reason asked for."""
    _, critical = waiting(house, item="plb.burst", text="爆管了")
    request, job = waiting(house)
    Job.objects.filter(pk=critical.pk).update(priority=1)
    Job.objects.filter(pk=job.pk).update(priority=3)
    html = sheet(house, "clerk", request, uid(house, "plumber"))
    assert critical.number in html
    assert 'id="send-why"' in html


def test_two_desks_send_the_same_job_and_the_second_is_told(house: House) -> None:
    request, job = waiting(house)
    first, second = signed_in(house, "clerk"), signed_in(house, "other_clerk")
    said = {"request": str(request.uid)}
    for one in (first, second):  # both have the sheet open
        one.get(f"/desk/requests/{request.uid}/send/{uid(house, 'plumber')}", headers=FRAGMENT)
    first.post(f"/desk/jobs/{job.uid}/assign", {**said, "worker": str(uid(house, "plumber"))}, headers=FRAGMENT)
    answer = second.post(
        f"/desk/jobs/{job.uid}/assign", {**said, "worker": str(uid(house, "leader"))}, headers=FRAGMENT
    )
    assert answer.status_code == 409
    assert answer.headers["HX-Retarget"] == "#notice"
    assert Job.objects.get(pk=job.pk).worker_id == house.accounts["plumber"]


def test_what_was_accepted_is_not_taken_back_and_that_is_said(house: House) -> None:
    request, job = waiting(house)
    clerk = signed_in(house, "clerk")
    said = {"request": str(request.uid)}
    clerk.post(f"/desk/jobs/{job.uid}/assign", {**said, "worker": str(uid(house, "plumber"))})
    assert 'data-key="u"' in clerk.get(f"/desk/requests/{request.uid}", headers=FRAGMENT).content.decode()
    work.accept_job(job_id=job.uid, actor=house.actor("plumber"), at=site_clock("Asia/Shanghai"))
    answer = clerk.post(f"/desk/jobs/{job.uid}/pull-back", said, headers=FRAGMENT)
    assert answer.status_code == 409
    assert answer.content.decode().strip()
    html = sheet(house, "clerk", request, uid(house, "leader"))
    assert "王水工" in html  # who has it answers for it until the other accepts
    assert f"/desk/jobs/{job.uid}/reassign" in html


def test_who_is_not_of_this_desk_is_not_there(house: House) -> None:
    request, _ = waiting(house)
    clerk = signed_in(house, "company_clerk")
    assert clerk.get(f"/desk/requests/{request.uid}/send/{uid(house, 'lift_fitter')}").status_code == 404
    assert clerk.get(f"/desk/workers/{uid(house, 'lift_fitter')}").status_code == 404


def test_a_workers_load_opens_the_jobs(house: House) -> None:
    request, job = waiting(house)
    clerk = signed_in(house, "clerk")
    plumber = uid(house, "plumber")
    assert f'data-hands="{plumber}"' in clerk.get("/desk").content.decode()
    assert job.number not in clerk.get(f"/desk/workers/{plumber}").content.decode()
    clerk.post(f"/desk/jobs/{job.uid}/assign", {"request": str(request.uid), "worker": str(plumber)})
    html = clerk.get(f"/desk/workers/{plumber}").content.decode()
    assert job.number in html
    assert f"/desk/requests/{request.uid}" in html


def test_what_waits_can_be_dragged_and_what_is_finished_cannot(house: House) -> None:
    request, _ = waiting(house)
    other = asked(house, item=None)
    html = signed_in(house, "clerk").get("/desk").content.decode()
    assert f'data-give="{request.uid}"' in html
    assert f'data-give="{other.uid}"' not in html  # nothing is known of it yet: taken in first


def test_looking_before_sending_asks_the_database_little(house: House) -> None:
    request, _ = waiting(house)
    clerk, plumber = signed_in(house, "clerk"), uid(house, "plumber")
    for path, n in ((f"/desk/requests/{request.uid}/send/{plumber}", 6), (f"/desk/workers/{plumber}", 3)):
        clerk.get(path)
        with CaptureQueriesContext(connection) as seen:
            clerk.get(path)
        assert len(seen) <= n
