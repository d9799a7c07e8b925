"""A job once around: opened, sent, accepted, arrived, started, finished, yes, closed; nothing is closed by its doer."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.people import MONDAY_NINE, House
from yingxu.demand import actions as demand
from yingxu.demand.models import Request
from yingxu.dispatch import actions as dispatch
from yingxu.dispatch.models import Assignment
from yingxu.ground.models import Account, Delivery, Entry
from yingxu.standards.queries import procedure_of
from yingxu.verify import actions as verify
from yingxu.work import actions as work
from yingxu.work.models import Job

pytestmark = pytest.mark.django_db


def minutes(n: float) -> datetime:
    """Return a moment so many minutes after Monday nine."""
    return MONDAY_NINE + timedelta(minutes=n)


def asked(house: House, item: str = "plb.faucet", place: str = "S7-ORT-WC", *, by: str = "nurse", at: float = 0) -> Job:
    """Return the job of a request that the nurse made."""
    raised = demand.raise_request(
        site_id=house.site_id,
        channel="web",
        text="卫生间水龙头漏水",
        item_code=item,
        place_code=place,
        actor=house.actor(by),
        at=minutes(at),
    )
    return Job.objects.select_related("request").get(request__number=raised.number)


def uid(house: House, name: str) -> UUID:
    """Return the public key of a person."""
    return Account.objects.values_list("uid", flat=True).get(pk=house.accounts[name])


def sent(house: House, job: Job, to: str = "plumber", *, by: str = "clerk", at: float = 1, **more: Any) -> Job:
    """Offer the job to a worker."""
    dispatch.assign_job(job_id=job.uid, worker_id=uid(house, to), actor=house.actor(by), at=minutes(at), **more)
    job.refresh_from_db()
    return job


def at_work(house: House, job: Job, who: str = "plumber", *, at: float = 2) -> Job:
    """Bring a sent job to where work is going on."""
    actor = house.actor(who)
    work.accept_job(job_id=job.uid, actor=actor, at=minutes(at))
    work.arrive_at_job(job_id=job.uid, actor=actor, at=minutes(at + 5), place_code="S7-ORT-WC")
    work.start_job(job_id=job.uid, actor=actor, at=minutes(at + 6))
    job.refresh_from_db()
    return job


VALUES: dict[str, Any] = {"tick": True, "text": "密封圈老化", "signature": "data:,x", "scan": "S7-ORT-WC"}


def carry_out(house: House, job: Job, who: str = "plumber", *, at: float = 10, but: tuple[str, ...] = ()) -> None:
    """Carry out every step of the job's procedure but some."""
    actor = house.actor(who)
    for step in procedure_of(job.edition_id).steps:
        if step["code"] in but:
            continue
        if step["type"] == "photo":
            photo = work.NewPhoto(sha256=f"{job.pk}{step['code']}".rjust(64, "0"), n_bytes=10, taken_at=minutes(at))
            work.add_evidence(job_id=job.uid, photos=[photo], label=step["code"], actor=actor, at=minutes(at))
            continue
        value = VALUES.get(step["type"])
        if step["type"] in {"number", "meter"}:
            value = step.get("min", 1)
        if step["type"] == "choice":
            value = step["choices"][0]["code"]
        work.carry_out_step(job_id=job.uid, step_code=step["code"], value=value, actor=actor, at=minutes(at))


def done(house: House, job: Job, who: str = "plumber", *, at: float = 20) -> Job:
    """Finish a job that is being worked on."""
    carry_out(house, job, who, at=at - 1)
    work.finish_job(
        job_id=job.uid,
        actor=house.actor(who),
        at=minutes(at),
        result_text="换了密封圈",
        minutes=15,
        cause_code="wear",
    )
    job.refresh_from_db()
    return job


def finished(house: House, **more: Any) -> Job:
    """Return a job that its worker says is done."""
    return done(house, at_work(house, sent(house, asked(house, **more))))


def test_once_around(house: House) -> None:
    job = asked(house)
    assert (job.state, job.number, job.accountable_id) == ("queued", job.request.number, None)
    assert job.party_id == house.parties["jia"]
    sent(house, job, word="王师傅马上到")
    assert (job.state, job.worker_id, job.accountable_id) == ("dispatched", house.accounts["plumber"], None)
    at_work(house, job)
    assert (job.state, job.accountable_id, job.arrival_proof) == ("in_progress", house.accounts["plumber"], "code")
    done(house, job)
    assert (job.state, job.quality_score, job.confirm_by) == ("finished", 100, minutes(20) + timedelta(hours=72))
    judged = verify.confirm_job(job_id=job.uid, actor=house.actor("nurse"), at=minutes(30), text="修好了，谢谢")
    assert judged.state == "closed"
    request = Request.objects.get(pk=job.request_id)
    assert (request.shown_state, request.final_answer, request.is_open) == ("closed", "done", False)
    assert request.answer_text == "换了密封圈"
    assert Assignment.objects.get(job=job).outcome == "ended"
    kinds = list(Entry.objects.filter(subject_id=job.pk).order_by("id").values_list("kind", flat=True))
    assert kinds[0] == "work.job.opened"
    assert kinds[-3:] == ["verify.job.found_good", "work.job.verified", "work.job.closed"]
    told = set(Delivery.objects.filter(to_account_id=house.accounts["nurse"]).values_list("kind", flat=True))
    assert {"work.job.dispatched", "work.job.arrived", "work.job.finished"} <= told


def test_each_verb_needs_four_statements_at_most(house: House) -> None:
    finished(house)  # calendars, terms and procedures are known to the process from here on
    job = asked(house)
    plumber, counts = house.actor("plumber"), {}

    def counted(name: str, verb: Any, **given: Any) -> None:
        with CaptureQueriesContext(connection) as seen:
            verb(job_id=job.uid, **given)
        counts[name] = len(seen)

    worker, clerk, nurse = uid(house, "plumber"), house.actor("clerk"), house.actor("nurse")
    counted("assign", dispatch.assign_job, worker_id=worker, word="马上到", actor=clerk, at=minutes(1))
    counted("pull_back", dispatch.pull_back_job, actor=clerk, at=minutes(2))
    dispatch.assign_job(job_id=job.uid, worker_id=worker, actor=clerk, at=minutes(2))
    counted("return", work.return_job, reason_code="too_far", actor=plumber, at=minutes(2))
    dispatch.assign_job(job_id=job.uid, worker_id=worker, actor=clerk, at=minutes(2))
    counted("accept", work.accept_job, actor=plumber, at=minutes(3))
    counted("set_out", work.set_out, actor=plumber, at=minutes(4))
    counted("arrive", work.arrive_at_job, actor=plumber, at=minutes(5), place_code="S7-ORT")
    counted("start", work.start_job, actor=plumber, at=minutes(6))
    later = minutes(120)
    counted("pause", work.pause_job, reason_code="R1", expected_at=later, actor=plumber, at=minutes(7))
    counted("approve", work.approve_pause, actor=clerk, at=minutes(8))
    counted("resume", work.resume_job, actor=plumber, at=minutes(30))
    counted("make_safe", work.make_safe, actor=plumber, at=minutes(30))
    tick = next(step["code"] for step in procedure_of(job.edition_id).steps if step["type"] == "tick")
    counted("step", work.carry_out_step, step_code=tick, value=True, actor=plumber, at=minutes(31))
    photo = work.NewPhoto(sha256="a" * 64, n_bytes=1)
    counted("evidence", work.add_evidence, photos=[photo], label="after", actor=plumber, at=minutes(31))
    carry_out(house, job, at=31)
    counted("finish", work.finish_job, minutes=9, cause_code="wear", actor=plumber, at=minutes(40))
    counted("send_back", verify.send_back_job, reason_code="not_fixed", actor=nurse, at=minutes(41))
    work.finish_job(job_id=job.uid, minutes=9, cause_code="wear", actor=plumber, at=minutes(42))
    counted("confirm", verify.confirm_job, actor=nurse, at=minutes(43))
    counted("reopen", verify.reopen_job, reason_code="same_fault", actor=nurse, at=minutes(44))
    assert max(counts.values()) <= 4, counts
