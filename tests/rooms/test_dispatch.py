"""Who goes, by hand: qualified, the critical first, one offer at a time, taken back when nobody accepts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.people import House
from tests.rooms.test_work_loop import asked, at_work, minutes, sent, uid
from yingxu.dispatch import actions, queries
from yingxu.dispatch.actions import assigning
from yingxu.dispatch.models import Assignment
from yingxu.dispatch.refusals import MoreUrgentWaiting, NotQualified
from yingxu.dispatch.snapshots import Needs
from yingxu.ground import ids
from yingxu.ground.actor import engine
from yingxu.ground.models import Delivery, Entry
from yingxu.ground.refusals import NotAllowed, NotFound, ReasonNeeded, Stale
from yingxu.promise.models import Promise
from yingxu.work import actions as work
from yingxu.work.models import Job
from yingxu.work.refusals import IllegalMove

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("item", "accept_s"), [("plb.burst", 60), ("plb.no_water", 180), ("plb.faucet", 600)])
def test_an_offer_must_be_accepted_within_the_limit_of_its_class(house: House, item: str, accept_s: int) -> None:
    job = sent(house, asked(house, item))
    assert job.accept_by == minutes(1) + timedelta(seconds=accept_s)


def test_ordinary_work_is_accepted_in_service_time(house: House) -> None:
    job = asked(house)
    sent(house, job, at=9 * 60 - 2)  # 17:58: two of the ten minutes are today, eight tomorrow from 08:00
    assert job.accept_by == minutes(23 * 60 + 8)


def test_the_desks_word_acknowledges_the_request(house: House) -> None:
    job = asked(house)
    acknowledged = Promise.objects.get(request_id=job.request_id, milestone="acknowledged")
    sent(house, job, word="王师傅马上到")
    acknowledged.refresh_from_db()
    assert (acknowledged.state, acknowledged.reached_at) == ("kept", minutes(1))


def test_without_a_word_nobody_has_answered_yet(house: House) -> None:
    job = sent(house, asked(house))
    assert Promise.objects.get(request_id=job.request_id, milestone="acknowledged").state == "running"


def test_the_worker_is_told_and_may_see_the_request(house: House) -> None:
    job = sent(house, asked(house))
    told = set(
        Delivery.objects.filter(site_id=house.site_id, kind="work.job.dispatched").values_list(
            "to_account_id", flat=True
        )
    )
    assert told == {house.accounts["plumber"], house.accounts["nurse"]}
    job.request.refresh_from_db()
    assert house.accounts["plumber"] in job.request.worker_keys


@pytest.mark.parametrize("who", ["nurse", "plumber", "officer", "auditor", "administrator", "lift_manager"])
def test_others_send_nobody(house: House, who: str) -> None:
    with pytest.raises(NotAllowed):
        sent(house, asked(house), by=who)


@pytest.mark.parametrize("who", ["clerk", "company_clerk", "leader", "line_manager"])
def test_the_desk_the_leader_and_the_line_manager_send(house: House, who: str) -> None:
    assert sent(house, asked(house), by=who).state == "dispatched"


def test_a_team_leader_sends_the_own_team_only(house: House) -> None:
    with pytest.raises(NotAllowed):
        sent(house, asked(house), "porter", by="leader")


def test_who_lacks_the_skill_is_named_with_what_is_missing_and_the_hospital_may_override(house: House) -> None:
    job = asked(house)
    with pytest.raises(NotQualified) as refused:
        sent(house, job, "electrician")
    assert refused.value.worker == "陈电工"
    assert refused.value.missing == ("skill:plumbing:2",)
    with pytest.raises(NotQualified) as refused:
        sent(house, job, "porter")
    assert refused.value.missing[0] == "line:PLB"
    with pytest.raises(ReasonNeeded):
        sent(house, job, "electrician", by="officer")
    with pytest.raises(NotAllowed):
        sent(house, job, "plumber", by="officer")  # nothing to override: sending is the desk's
    sent(house, job, "electrician", by="officer", override_reason="水工都在抢修")
    assert (
        Entry.objects.get(site_id=house.site_id, kind="dispatch.job.assigned").facts["override_reason"]
        == "水工都在抢修"
    )


def test_nobody_known_is_refused(house: House) -> None:
    job = asked(house)
    with pytest.raises(NotFound):
        actions.assign_job(job_id=job.uid, worker_id=uid(house, "nurse"), actor=house.actor("clerk"), at=minutes(1))


def test_no_ordinary_work_before_a_critical_job_that_this_worker_could_do(house: House) -> None:
    faucet, burst = asked(house), asked(house, "plb.burst")
    with pytest.raises(MoreUrgentWaiting) as refused:
        sent(house, faucet)
    assert refused.value.waiting == burst.number
    sent(house, faucet, override_reason="漏水处就在隔壁，先关阀")
    light = asked(house, "ele.light")
    assert sent(house, light, "electrician").state == "dispatched"  # an electrician could not do the burst pipe
    sent(house, burst)
    assert sent(house, asked(house)).state == "dispatched"


def test_two_desks_assign_at_once_and_the_second_learns_that_it_came_late(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    job, until = asked(house), assigning.accept_by

    def meanwhile(*given: Any, **named: Any) -> Any:
        monkeypatch.setattr(assigning, "accept_by", until)
        sent(house, job, "leader", by="other_clerk")
        return until(*given, **named)

    monkeypatch.setattr(assigning, "accept_by", meanwhile)
    with pytest.raises(Stale), transaction.atomic():
        sent(house, job, "plumber", by="clerk")
    sent(house, job, "leader", by="other_clerk")
    with pytest.raises(Stale):
        sent(house, job, "plumber", by="clerk")


def test_a_job_has_one_live_assignment_by_constraint(house: House) -> None:
    job = sent(house, asked(house))
    live = Assignment.objects.get(job=job)
    live.pk, live.uid = ids.next_key(), ids.new_uid()
    with pytest.raises(IntegrityError), transaction.atomic():
        live.save(force_insert=True)


def test_an_offer_is_taken_back_by_hand(house: House) -> None:
    job = sent(house, asked(house))
    with pytest.raises(NotAllowed):
        actions.pull_back_job(job_id=job.uid, actor=house.actor("plumber"), at=minutes(2))
    actions.pull_back_job(job_id=job.uid, actor=house.actor("clerk"), at=minutes(2))
    job.refresh_from_db()
    assert (job.state, job.worker_id, job.n_returns) == ("queued", None, 0)
    assert Assignment.objects.get(job=job).outcome == "pulled_back"
    with pytest.raises(IllegalMove):
        actions.pull_back_job(job_id=job.uid, actor=house.actor("clerk"), at=minutes(3))


def test_what_nobody_accepts_in_time_goes_back_and_the_leader_is_told(house: House) -> None:
    late, fresh, taken = (sent(house, asked(house, "plb.burst"), at=at) for at in (1, 5, 1))
    work.accept_job(job_id=taken.uid, actor=house.actor("plumber"), at=minutes(1.5))
    with pytest.raises(NotAllowed):
        actions.pull_back_overdue(actor=house.actor("clerk"), at=minutes(3))
    pulled = actions.pull_back_overdue(actor=engine("clock"), at=minutes(5.5))
    assert pulled.numbers == (late.number,)
    states = dict(Job.objects.values_list("pk", "state"))
    assert (states[late.pk], states[fresh.pk], states[taken.pk]) == ("queued", "dispatched", "accepted")
    told = set(
        Delivery.objects.filter(site_id=house.site_id, kind="dispatch.job.pulled_back").values_list(
            "to_account_id", flat=True
        )
    )
    # the desk sends it again: whoever sits there for the hospital or for this company
    people = ("plumber", "leader", "clerk", "other_clerk", "company_clerk")
    assert told == {house.accounts[name] for name in people}
    assert actions.pull_back_overdue(actor=engine("clock"), at=minutes(5.5)).numbers == ()


def test_an_offer_is_made_to_somebody_else(house: House) -> None:
    job = sent(house, asked(house))
    again = actions.reassign_job(
        job_id=job.uid, worker_id=uid(house, "leader"), actor=house.actor("clerk"), at=minutes(2)
    )
    assert (again.state, again.worker_name) == ("dispatched", "刘班长")
    outcomes = dict(Assignment.objects.filter(job=job).values_list("worker_id", "outcome"))
    assert outcomes == {house.accounts["plumber"]: "pulled_back", house.accounts["leader"]: "offered"}
    with pytest.raises(IllegalMove):
        actions.reassign_job(job_id=job.uid, worker_id=uid(house, "leader"), actor=house.actor("clerk"), at=minutes(3))


def test_what_somebody_has_in_hand_is_offered_not_taken(house: House) -> None:
    job = at_work(house, sent(house, asked(house)))
    actions.reassign_job(
        job_id=job.uid, worker_id=uid(house, "leader"), actor=house.actor("clerk"), at=minutes(9), note="去抢修"
    )
    job.refresh_from_db()
    assert (job.state, job.accountable_id) == ("in_progress", house.accounts["plumber"])
    assert job.successor_id == house.accounts["leader"]


def test_the_desk_sees_the_most_urgent_first_and_each_side_its_own(house: House) -> None:
    jobs = [asked(house, item, at=at) for at, item in enumerate(["plb.faucet", "plb.burst", "plb.faucet"])]
    auditor = house.actor("auditor")
    with CaptureQueriesContext(connection) as asked_for:
        rows = queries.desk_rows(auditor, house.site_id)
    assert len(asked_for) == 1
    assert [row.jobs[0].number for row in rows] == [jobs[1].number, jobs[0].number, jobs[2].number]
    assert queries.desk_rows(house.actor("lift_manager"), house.site_id) == ()
    assert queries.desk_rows(house.actor("nurse"), house.site_id) == ()
    wanted = queries.DeskFilter(line="PLB")
    assert len(queries.desk_rows(house.actor("manager"), house.site_id, wanted=wanted)) == 3


def test_candidates_are_the_present_ones_able_and_least_loaded_first(house: House) -> None:
    sent(house, asked(house))
    job, clerk = asked(house), house.actor("clerk")
    with CaptureQueriesContext(connection) as asked_for:
        workers = queries.workers(clerk, house.site_id)
    assert len(asked_for) == 1
    skill = {"skill": job.item.skill, "skill_level": job.item.skill_level}
    found = queries.candidates(workers, Needs(line_code=job.line_code, party_id=job.party_id, **skill), at=minutes(1))
    assert [row.worker.name for row in found[:3]] == ["刘班长", "王水工", "陈电工"]
    assert [row.missing for row in found[:3]] == [(), (), ("skill:plumbing:2",)]
    assert [row.worker.n_in_hand + row.worker.n_offered for row in found[:2]] == [0, 1]


def test_to_whom_a_job_was_offered_stays_known(house: House) -> None:
    job = sent(house, asked(house))
    work.return_job(job_id=job.uid, reason_code="too_far", actor=house.actor("plumber"), at=minutes(2))
    sent(house, job, "leader", at=3)
    history = queries.assignments(house.actor("clerk"), job.uid)
    assert [(row.worker_name, row.outcome, row.reason_code) for row in history] == [
        ("王水工", "returned", "too_far"),
        ("刘班长", "offered", ""),
    ]
