"""What workers do with a job, and what is refused: proof, evidence, pauses, hands (AS-05 to AS-07, AS-09, AS-10)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.people import House
from tests.rooms.test_work_loop import asked, at_work, carry_out, done, minutes, sent, uid
from yingxu.demand.models import Request
from yingxu.dispatch.models import Assignment
from yingxu.ground import actions as ground
from yingxu.ground.actor import engine
from yingxu.ground.models import Delivery, Entry, File
from yingxu.ground.queries import actor_of_link
from yingxu.ground.refusals import Malformed, NotAllowed, NotFound, OwnWork, ReasonNeeded
from yingxu.ground.unit import CommandKey
from yingxu.promise.models import Promise
from yingxu.standards.queries import procedure_of
from yingxu.work import actions as work
from yingxu.work import queries
from yingxu.work.models import Job, Pause, StepDone
from yingxu.work.refusals import (
    AcceptanceOver,
    EvidenceMissing,
    IllegalMove,
    NoOpenPause,
    NotOffered,
    ReasonNotForThis,
    StepValueRefused,
    UnknownStep,
    WrongPlace,
)

pytestmark = pytest.mark.django_db


def entries(job: Job, kind: str) -> list[Entry]:
    return list(Entry.objects.filter(subject_id=job.pk, kind=kind).order_by("id"))


def test_only_the_worker_to_whom_it_was_offered_accepts(house: House) -> None:
    job = sent(house, asked(house))
    for stranger in ("electrician", "porter", "nurse", "officer", "clerk"):
        with pytest.raises(NotAllowed):
            work.accept_job(job_id=job.uid, actor=house.actor(stranger), at=minutes(2))
    work.accept_job(job_id=job.uid, actor=house.actor("plumber"), at=minutes(2))
    with pytest.raises(IllegalMove) as refused:
        work.accept_job(job_id=job.uid, actor=house.actor("plumber"), at=minutes(2))
    assert (refused.value.from_state, refused.value.to_state) == ("accepted", "accepted")


def test_after_the_limit_nobody_accepts(house: House) -> None:
    job = sent(house, asked(house, "plb.burst"))
    with pytest.raises(AcceptanceOver):
        work.accept_job(job_id=job.uid, actor=house.actor("plumber"), at=minutes(2.1))
    # said in time on a phone without signal
    work.accept_job(job_id=job.uid, actor=house.actor("plumber"), at=minutes(9), happened_at=minutes(1.5))
    job.refresh_from_db()
    assert job.accepted_at == minutes(1.5)


def test_a_team_leader_acts_in_the_workers_name_with_a_reason_and_both_names_stay(house: House) -> None:
    job = sent(house, asked(house))
    with pytest.raises(ReasonNeeded):
        work.accept_job(job_id=job.uid, actor=house.actor("leader"), at=minutes(2))
    work.accept_job(job_id=job.uid, actor=house.actor("leader"), at=minutes(2), reason="手机没电")
    job.refresh_from_db()
    assert job.accountable_id == house.accounts["plumber"]
    (entry,) = entries(job, "work.job.accepted")
    assert (entry.actor_id, entry.behalf_id) == (house.accounts["leader"], house.accounts["plumber"])
    assert entries(job, "work.job.acted_on_behalf")[0].facts["reason"] == "手机没电"


@pytest.mark.parametrize(("code", "proof"), [("S7-ORT-WC", "code"), ("S7-ORT", "code"), ("", "none")])
def test_arrival_is_proven_by_the_places_branch_of_the_tree(house: House, code: str, proof: str) -> None:
    job = sent(house, asked(house))
    work.accept_job(job_id=job.uid, actor=house.actor("plumber"), at=minutes(2))
    for wrong in ("S7-ORT-ST", "N5-RES", "nowhere"):
        with pytest.raises(WrongPlace):
            work.arrive_at_job(job_id=job.uid, actor=house.actor("plumber"), at=minutes(5), place_code=wrong)
    moved = work.arrive_at_job(job_id=job.uid, actor=house.actor("plumber"), at=minutes(5), place_code=code)
    job.refresh_from_db()
    assert (job.arrival_proof, moved.flags) == (proof, ("unproven_arrival",) if proof == "none" else ())


def test_a_printed_code_proves_the_arrival(house: House) -> None:
    issued = ground.issue_tokens(site_id=house.site_id, place_codes=["S7-ORT-WC"], actor=engine("setup"), at=minutes(0))
    job = sent(house, asked(house))
    work.accept_job(job_id=job.uid, actor=house.actor("plumber"), at=minutes(2))
    work.arrive_at_job(job_id=job.uid, actor=house.actor("plumber"), at=minutes(5), qr_token=issued.tokens[0].token)
    job.refresh_from_db()
    assert job.arrival_proof == "qr"


def test_the_asker_can_prove_an_arrival_and_nobody_else(house: House) -> None:
    job = sent(house, asked(house))
    link = actor_of_link(job.request_id)
    with pytest.raises(IllegalMove):
        work.confirm_arrival(job_id=job.uid, actor=link, at=minutes(2))
    work.accept_job(job_id=job.uid, actor=house.actor("plumber"), at=minutes(2))
    work.arrive_at_job(job_id=job.uid, actor=house.actor("plumber"), at=minutes(5))
    for stranger in ("plumber", "officer", "other_nurse"):
        with pytest.raises(NotAllowed):
            work.confirm_arrival(job_id=job.uid, actor=house.actor(stranger), at=minutes(6))
    assert work.confirm_arrival(job_id=job.uid, actor=link, at=minutes(6)).flags == ()
    job.refresh_from_db()
    assert job.arrival_proof == "asker"


def test_as_06_finishing_is_refused_with_everything_that_is_missing(house: House) -> None:
    job = at_work(house, sent(house, asked(house)))
    steps = [step for step in procedure_of(job.edition_id).steps if step["mandatory"]]
    left_out = next(step["code"] for step in steps if step["type"] == "tick")
    photos = {step["code"] for step in steps if step["type"] == "photo"} & {"after"}
    carry_out(house, job, but=(left_out, "after"))
    with pytest.raises(EvidenceMissing) as refused:
        work.finish_job(job_id=job.uid, actor=house.actor("plumber"), at=minutes(20), minutes=10, cause_code="wear")
    missing = {(part.kind, part.code) for part in refused.value.missing}
    assert missing == {("step", left_out), ("photo", "after")}
    assert len(refused.value.missing) == 2
    assert all(part.name and part.name_en for part in refused.value.missing)
    assert photos <= {"after"}
    job.refresh_from_db()
    assert job.state == "in_progress"


def test_cause_and_minutes_are_asked_for_where_the_item_needs_them(house: House) -> None:
    job = at_work(house, sent(house, asked(house)))
    carry_out(house, job)
    plumber = house.actor("plumber")
    with pytest.raises(EvidenceMissing) as refused:
        work.finish_job(job_id=job.uid, actor=plumber, at=minutes(20))
    assert {part.code for part in refused.value.missing} == {"cause_code", "minutes"}
    with pytest.raises(Malformed):
        work.finish_job(job_id=job.uid, actor=plumber, at=minutes(20), minutes=-1, cause_code="wear")
    with pytest.raises(Malformed):
        work.finish_job(job_id=job.uid, actor=plumber, at=minutes(20), minutes=1, cause_code="bad_luck")
    with pytest.raises(IllegalMove):
        work.finish_job(job_id=asked(house).uid, actor=engine("replay"), at=minutes(20), minutes=1)


def test_as_07_one_critical_step_that_fails_makes_the_quality_zero_and_alarms(house: House) -> None:
    job = at_work(house, sent(house, asked(house)))
    critical = [step for step in procedure_of(job.edition_id).steps if step["critical"]]
    assert critical
    carry_out(house, job)
    job.refresh_from_db()
    assert job.quality_score == 100
    work.carry_out_step(
        job_id=job.uid,
        step_code=critical[0]["code"],
        value=None,
        note="阀门拧不动",
        actor=house.actor("plumber"),
        at=minutes(15),
    )
    job.refresh_from_db()
    assert job.quality_score == 0
    alarmed = set(
        Delivery.objects.filter(site_id=house.site_id, kind="work.step.carried_out").values_list(
            "to_account_id", flat=True
        )
    )
    assert {house.accounts["leader"], house.accounts["clerk"]} <= alarmed
    assert StepDone.objects.filter(job=job, step_code=critical[0]["code"]).count() == 1
    work.finish_job(job_id=job.uid, actor=house.actor("plumber"), at=minutes(20), minutes=10, cause_code="wear")
    job.refresh_from_db()
    assert (job.state, job.quality_score) == ("finished", 0)


@pytest.mark.parametrize(
    ("step", "value", "good"),
    [
        ({"type": "tick"}, True, True),
        ({"type": "tick"}, False, False),
        ({"type": "number", "min": 2, "max": 5}, 2, True),
        ({"type": "number", "min": 2, "max": 5}, 5.5, False),
        ({"type": "choice", "choices": [{"code": "a"}]}, "a", True),
        ({"type": "photo"}, "u1", True),
        ({"type": "photo"}, ["u1"], True),
        ({"type": "text"}, "密封圈", True),
    ],
)
def test_a_step_takes_a_value_of_its_type(step: dict[str, Any], value: Any, good: bool) -> None:
    from yingxu.work.steps import judge

    assert judge({"code": "s", **step}, value, note="", photos={"u1"}) == good
    assert not judge({"code": "s", **step}, None, note="没条件", photos=())


@pytest.mark.parametrize(
    ("step", "value"),
    [
        ({"type": "tick"}, "yes"),
        ({"type": "number"}, "7"),
        ({"type": "number"}, True),
        ({"type": "choice", "choices": [{"code": "a"}]}, "b"),
        ({"type": "photo"}, "u2"),
        ({"type": "photo"}, []),
        ({"type": "text"}, "  "),
        ({"type": "text"}, "x" * 2001),
        ({"type": "scan"}, 7),
        ({"type": "tick"}, None),
    ],
)
def test_any_other_value_is_refused(step: dict[str, Any], value: Any) -> None:
    from yingxu.work.steps import judge

    with pytest.raises(StepValueRefused):
        judge({"code": "s", **step}, value, note="", photos={"u1"})


def test_a_step_that_the_procedure_lacks_is_refused(house: House) -> None:
    job = at_work(house, sent(house, asked(house)))
    with pytest.raises(UnknownStep):
        work.carry_out_step(job_id=job.uid, step_code="dance", value=True, actor=house.actor("plumber"), at=minutes(9))


def test_a_photo_that_is_old_or_known_from_another_job_is_flagged_not_blocked(house: House) -> None:
    first = at_work(house, sent(house, asked(house)))
    second = at_work(house, sent(house, asked(house)))
    plumber, photo = house.actor("plumber"), work.NewPhoto("f" * 64, 9, taken_at=minutes(8))
    assert work.add_evidence(job_id=first.uid, photos=[photo], label="after", actor=plumber, at=minutes(9)).flags == ()
    old = work.NewPhoto("f" * 64, 9, taken_at=minutes(-60))
    moved = work.add_evidence(job_id=second.uid, photos=[old], label="after", actor=plumber, at=minutes(9))
    assert set(moved.flags) == {"photo_reused", "photo_old"}
    assert File.objects.filter(subject_id=second.pk, label="after").count() == 1
    with pytest.raises(Malformed):
        work.add_evidence(job_id=second.uid, photos=[], label="after", actor=plumber, at=minutes(9))
    with pytest.raises(NotAllowed):
        work.add_evidence(job_id=second.uid, photos=[old], label="after", actor=house.actor("officer"), at=minutes(9))


def test_as_05_who_has_it_answers_for_it_until_the_other_accepts(house: House) -> None:
    job = at_work(house, sent(house, asked(house)))
    a, b = house.accounts["plumber"], house.accounts["leader"]
    with pytest.raises(NotFound):
        work.hand_over_job(
            job_id=job.uid, to_worker_id=uid(house, "nurse"), actor=house.actor("plumber"), at=minutes(9)
        )
    work.hand_over_job(job_id=job.uid, to_worker_id=uid(house, "leader"), actor=house.actor("plumber"), at=minutes(9))
    job.refresh_from_db()
    assert (job.state, job.worker_id, job.accountable_id, job.successor_id) == ("in_progress", a, a, b)
    with pytest.raises(NotOffered):
        work.accept_hand_over(job_id=job.uid, actor=house.actor("electrician"), at=minutes(10))


def test_a_colleague_takes_over_and_the_first_assignment_is_replaced(house: House) -> None:
    job = at_work(house, sent(house, asked(house)))
    plumber, electrician = house.actor("plumber"), house.actor("electrician")
    work.hand_over_job(job_id=job.uid, to_worker_id=uid(house, "electrician"), actor=plumber, at=minutes(9))
    work.decline_hand_over(job_id=job.uid, actor=electrician, at=minutes(10))
    job.refresh_from_db()
    assert (job.accountable_id, job.successor_id) == (house.accounts["plumber"], None)
    work.hand_over_job(job_id=job.uid, to_worker_id=uid(house, "electrician"), actor=plumber, at=minutes(11))
    work.accept_hand_over(job_id=job.uid, actor=electrician, at=minutes(12))
    job.refresh_from_db()
    assert (job.state, job.worker_id, job.accountable_id) == (
        "in_progress",
        house.accounts["electrician"],
        house.accounts["electrician"],
    )
    outcomes = dict(Assignment.objects.filter(job=job).values_list("worker_id", "outcome"))
    assert outcomes == {house.accounts["plumber"]: "replaced", house.accounts["electrician"]: "accepted"}
    assert job.assignment_key == Assignment.objects.get(job=job, outcome="accepted").pk
    with pytest.raises(NotAllowed):
        work.pause_job(job_id=job.uid, reason_code="R1", expected_at=minutes(60), actor=plumber, at=minutes(13))
    assert house.accounts["electrician"] in Request.objects.get(pk=job.request_id).worker_keys


def test_giving_back_needs_a_reason_of_that_state_and_the_second_time_the_leader_is_told(house: House) -> None:
    job = sent(house, asked(house))
    plumber = house.actor("plumber")
    with pytest.raises(ReasonNeeded):
        work.return_job(job_id=job.uid, reason_code="", actor=plumber, at=minutes(2))
    for wrong in ("timeout", "tired", "needs_two"):
        with pytest.raises(ReasonNotForThis):
            work.return_job(job_id=job.uid, reason_code=wrong, actor=plumber, at=minutes(2))
    work.return_job(job_id=job.uid, reason_code="too_far", actor=plumber, at=minutes(2))
    job.refresh_from_db()
    assert (job.state, job.worker_id, job.accountable_id, job.assignment_key) == ("queued", None, None, None)
    assert Assignment.objects.get(job=job).outcome == "returned"
    sent(house, job, at=3)
    work.accept_job(job_id=job.uid, actor=plumber, at=minutes(4))
    moved = work.return_job(job_id=job.uid, reason_code="needs_two", actor=plumber, at=minutes(5))
    assert moved.flags == ("returned_twice",)
    told = Delivery.objects.filter(site_id=house.site_id, kind="work.job.returned").values_list(
        "to_account_id", flat=True
    )
    assert list(told) == [house.accounts["leader"]]


def paused(house: House, reason: str) -> Job:
    job = at_work(house, sent(house, asked(house)))
    work.pause_job(
        job_id=job.uid, reason_code=reason, expected_at=minutes(120), actor=house.actor("plumber"), at=minutes(10)
    )
    return job


def test_a_pause_says_why_and_until_when_and_the_asker_is_told(house: House) -> None:
    job = at_work(house, sent(house, asked(house)))
    plumber = house.actor("plumber")
    with pytest.raises(ReasonNotForThis):
        work.pause_job(job_id=job.uid, reason_code="X1", expected_at=minutes(60), actor=plumber, at=minutes(10))
    with pytest.raises(Malformed):
        work.pause_job(job_id=job.uid, reason_code="R1", expected_at=minutes(9), actor=plumber, at=minutes(10))
    work.pause_job(job_id=job.uid, reason_code="R1", expected_at=minutes(60), actor=plumber, at=minutes(10))
    pause = Pause.objects.get(job=job)
    assert (pause.verdict, pause.told) == ("asked", "病人正在使用或治疗，等方便时继续")
    told = Delivery.objects.get(site_id=house.site_id, kind="work.pause.asked")
    assert (told.to_account_id, told.facts["told"]) == (house.accounts["nurse"], pause.told)
    work.resume_job(job_id=job.uid, actor=plumber, at=minutes(30))
    pause.refresh_from_db()
    assert pause.resumed_at == minutes(30)


@pytest.mark.parametrize(
    ("reason", "decider", "others"),
    [("R1", "clerk", ("officer", "plumber", "leader")), ("W1", "officer", ("clerk", "plumber", "manager"))],
)
def test_the_desk_approves_the_askers_reasons_and_the_hospital_all_others(
    house: House, reason: str, decider: str, others: tuple[str, ...]
) -> None:
    job = paused(house, reason)
    for other in others:
        with pytest.raises(NotAllowed):
            work.approve_pause(job_id=job.uid, actor=house.actor(other), at=minutes(11))
    work.approve_pause(job_id=job.uid, actor=house.actor(decider), at=minutes(11))
    assert Pause.objects.get(job=job).verdict == "approved"
    with pytest.raises(NoOpenPause):
        work.refuse_pause(job_id=job.uid, actor=house.actor(decider), at=minutes(12))


def test_as_09_short_of_hands_never_stops_a_clock(house: House) -> None:
    job = paused(house, "W4")
    assert Pause.objects.get(job=job).verdict == "plain"
    with pytest.raises(NoOpenPause):
        work.approve_pause(job_id=job.uid, actor=house.actor("officer"), at=minutes(11))
    assert set(Promise.objects.filter(job_key=job.pk, milestone="done").values_list("state", flat=True)) == {"running"}


def test_as_10_an_approved_pause_stops_the_clock_until_work_goes_on(house: House) -> None:
    job = paused(house, "R1")
    promise = Promise.objects.get(job_key=job.pk, milestone="done")
    work.approve_pause(job_id=job.uid, actor=house.actor("clerk"), at=minutes(11))
    assert Promise.objects.get(pk=promise.pk).state == "paused"
    work.resume_job(job_id=job.uid, actor=house.actor("plumber"), at=minutes(101))
    after = Promise.objects.get(pk=promise.pk)
    assert (after.state, after.due_at - promise.due_at) == ("running", timedelta(minutes=90))


def test_nobody_approves_the_own_pause(house: House) -> None:
    ground.grant_role(
        account_id=house.accounts["plumber"],
        holding=ground.NewHolding(role="DK", site_id=house.site_id),
        actor=engine("setup"),
        at=minutes(-10),
    )
    job = paused(house, "R1")
    with pytest.raises(OwnWork):
        work.approve_pause(job_id=job.uid, actor=house.actor("plumber"), at=minutes(11))


def test_an_unsafe_place_holds_the_clocks_for_half_an_hour_at_most(house: House) -> None:
    job = paused(house, "W5")
    work.approve_pause(job_id=job.uid, actor=house.actor("officer"), at=minutes(11))
    assert entries(job, "work.pause.approved")[0].facts["limit_s"] == 1800


def test_work_reported_late_keeps_when_it_happened(house: House) -> None:
    job = sent(house, asked(house))
    plumber = house.actor("plumber")
    work.accept_job(job_id=job.uid, actor=plumber, at=minutes(3))
    with pytest.raises(Malformed):
        work.arrive_at_job(job_id=job.uid, actor=plumber, at=minutes(5), happened_at=minutes(6))
    with pytest.raises(Malformed):
        work.arrive_at_job(job_id=job.uid, actor=plumber, at=minutes(5), happened_at=minutes(2))
    work.arrive_at_job(job_id=job.uid, actor=plumber, at=minutes(40), happened_at=minutes(8))
    job.refresh_from_db()
    assert job.arrived_at == minutes(8)
    assert entries(job, "work.job.arrived")[0].happened_at == minutes(8)


def test_made_safe_is_said_once(house: House) -> None:
    job = at_work(house, sent(house, asked(house)))
    work.make_safe(job_id=job.uid, actor=house.actor("plumber"), at=minutes(9))
    with pytest.raises(IllegalMove):
        work.make_safe(job_id=job.uid, actor=house.actor("plumber"), at=minutes(10))


def test_a_command_that_arrives_twice_is_one_arrival(house: House) -> None:
    job = sent(house, asked(house))
    work.accept_job(job_id=job.uid, actor=house.actor("plumber"), at=minutes(3))
    command = CommandKey("phone-1", "same")
    first, second = (
        work.arrive_at_job(job_id=job.uid, actor=house.actor("plumber"), at=minutes(at), command=command)
        for at in (5, 6)
    )
    assert first == second
    assert len(entries(job, "work.job.arrived")) == 1


def test_a_job_in_whole_shows_steps_pauses_and_photos_to_those_who_may_see_it(house: House) -> None:
    job = done(house, at_work(house, sent(house, asked(house))))
    detail = queries.job_detail(house.actor("nurse"), job.uid)
    assert (detail.row.number, detail.result_text, detail.accountable_name) == (job.number, "换了密封圈", "王水工")
    assert all(step.is_ok for step in detail.steps if step.is_mandatory and step.kind != "scan")
    assert {photo.label for photo in detail.photos} >= {"after"}
    assert [row.number for row in queries.jobs_of_request(house.actor("nurse"), job.request_id)] == [job.number]
    assert queries.jobs_of_request(house.actor("other_nurse"), job.request_id) == ()
    with pytest.raises(NotAllowed):
        queries.job_detail(house.actor("lift_fitter"), job.uid)
    waiting = queries.finished_jobs(house.actor("officer"), house.site_id, limit=1)
    assert [row.number for row in waiting.rows] == [job.number]
