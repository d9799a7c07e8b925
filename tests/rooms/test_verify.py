"""Was it good: yes, no, checks, lapses, reopening. Nobody closes the own work; a yes that says no closes nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.people import House
from tests.rooms.test_work_loop import asked, at_work, carry_out, done, finished, minutes, sent
from yingxu.demand.models import Request
from yingxu.ground.actor import engine
from yingxu.ground.models import Entry
from yingxu.ground.queries import actor_of_link
from yingxu.ground.refusals import NotAllowed, OwnWork, ReasonNeeded
from yingxu.promise.models import Promise
from yingxu.standards.queries import procedure_of
from yingxu.verify import actions, queries
from yingxu.verify.models import Verdict
from yingxu.verify.refusals import NothingToJudge, ReopenTooLate, UnknownReason, VetoStepFailed
from yingxu.verify.snapshots import says_no
from yingxu.voice import actions as voice
from yingxu.work import actions as work
from yingxu.work.models import Job

pytestmark = pytest.mark.django_db


def after(job: Job, **more: float) -> datetime:
    assert job.confirm_by is not None
    return job.confirm_by + timedelta(**more)


def test_the_private_link_says_yes(house: House) -> None:
    job = finished(house)
    with pytest.raises(NotAllowed):
        actions.confirm_job(job_id=job.uid, actor=actor_of_link(job.request_id + 1), at=minutes(30))
    judged = actions.confirm_job(job_id=job.uid, actor=actor_of_link(job.request_id), at=minutes(30))
    assert (judged.state, judged.is_held) == ("closed", False)
    assert Verdict.objects.get(job=job).ground == "asker"


def test_a_call_back_by_the_desk_is_the_askers_own_answer_with_both_names(house: House) -> None:
    job = finished(house)
    actions.confirm_job(job_id=job.uid, actor=house.actor("clerk"), at=minutes(30), text="电话里说修好了")
    verdict = Verdict.objects.get(job=job)
    assert (verdict.ground, verdict.given_by_id, verdict.behalf_id) == (
        "asker",
        house.accounts["clerk"],
        house.accounts["nurse"],
    )
    entry = Entry.objects.get(site_id=house.site_id, kind="verify.job.found_good")
    assert (entry.actor_id, entry.behalf_id) == (house.accounts["clerk"], house.accounts["nurse"])


@pytest.mark.parametrize("who", ["plumber", "leader", "manager", "other_nurse", "director", "auditor"])
def test_nobody_else_says_yes(house: House, who: str) -> None:
    job = finished(house)
    with pytest.raises(NotAllowed):
        actions.confirm_job(job_id=job.uid, actor=house.actor(who), at=minutes(30))


def test_nobody_verifies_what_he_or_she_finished_even_as_the_asker(house: House) -> None:
    job = done(house, at_work(house, sent(house, asked(house, by="plumber"))))
    assert job.owner_id == house.accounts["plumber"]
    with pytest.raises((NotAllowed, OwnWork)):
        actions.confirm_job(job_id=job.uid, actor=house.actor("plumber"), at=minutes(30))
    job.refresh_from_db()
    assert job.state == "finished"


def test_before_it_is_finished_there_is_nothing_to_judge(house: House) -> None:
    job = at_work(house, sent(house, asked(house)))
    with pytest.raises(NothingToJudge):
        actions.confirm_job(job_id=job.uid, actor=house.actor("nurse"), at=minutes(30))
    with pytest.raises(NothingToJudge):
        actions.reopen_job(job_id=job.uid, reason_code="same_fault", actor=house.actor("nurse"), at=minutes(30))


@pytest.mark.parametrize(
    "text",
    [
        "还是漏",
        "没修好",
        "没有修好啊",
        "师傅没来",
        "又坏了",
        "不能用",
        "只修了一半",
        "未解决",
        "依然不行",
        "still dripping",
        "It isn't fixed",
        "not working",
        "nobody came",
        "broken again",
    ],
)
def test_a_yes_whose_words_say_no_is_kept_open(house: House, text: str) -> None:
    assert says_no(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "修好了，谢谢",
        "没问题",
        "没有任何问题",
        "不错",
        "很快，不漏了",
        "很满意",
        "不用谢",
        "没毛病",
        "不再响了",
        "no problem",
        "Fixed, thank you",
        "not leaking anymore",
        "No issues",
        "works now",
        "no longer blocked",
        "good",
    ],
)
def test_thanks_are_not_taken_for_a_no(text: str) -> None:
    assert not says_no(text)


def test_a_contradicted_yes_neither_closes_nor_lapses_until_somebody_asked(house: House) -> None:
    job = finished(house)
    held = actions.confirm_job(job_id=job.uid, actor=house.actor("nurse"), at=minutes(30), text="好了但是还漏一点")
    assert (held.state, held.is_held) == ("finished", True)
    assert Entry.objects.filter(site_id=house.site_id, kind="verify.job.yes_contradicted").count() == 1
    assert actions.lapse_jobs(actor=engine("clock"), at=after(job, days=1)).numbers == ()
    assert [row.number for row in queries.held_open(house.actor("officer"), house.site_id)] == [job.number]
    actions.confirm_job(job_id=job.uid, actor=house.actor("clerk"), at=minutes(60), text="电话确认已好")
    job.refresh_from_db()
    assert job.state == "closed"


def test_a_no_with_its_reason_sends_it_back_and_counts_as_rework(house: House) -> None:
    job = finished(house)
    nurse = house.actor("nurse")
    with pytest.raises(ReasonNeeded):
        actions.send_back_job(job_id=job.uid, reason_code="", actor=nurse, at=minutes(30))
    with pytest.raises(UnknownReason):
        actions.send_back_job(job_id=job.uid, reason_code="bad_mood", actor=nurse, at=minutes(30))
    actions.send_back_job(job_id=job.uid, reason_code="not_fixed", actor=nurse, at=minutes(30), text="还在滴")
    job.refresh_from_db()
    assert (job.state, job.n_reworks, job.finished_at) == ("in_progress", 1, None)
    done_clock = Promise.objects.get(job_key=job.pk, milestone="done")
    assert (done_clock.state, done_clock.started_at) == ("running", minutes(0))
    work.finish_job(job_id=job.uid, actor=house.actor("plumber"), at=minutes(50), minutes=9, cause_code="wear")
    actions.confirm_job(job_id=job.uid, actor=nurse, at=minutes(60))
    assert Request.objects.get(pk=job.request_id).final_answer == "done"


@pytest.mark.parametrize(("who", "ground"), [("officer", "check"), ("leader", "check"), ("clerk", "asker")])
def test_who_may_send_back(house: House, who: str, ground: str) -> None:
    job = finished(house)
    actions.send_back_job(job_id=job.uid, reason_code="not_fixed", actor=house.actor(who), at=minutes(30))
    assert Verdict.objects.get(job=job).ground == ground


def test_the_leaders_check_is_a_first_level_and_closes_nothing(house: House) -> None:
    job = finished(house)
    with pytest.raises(NotAllowed):
        actions.check_first_level(job_id=job.uid, verdict="good", actor=house.actor("clerk"), at=minutes(30))
    with pytest.raises(UnknownReason):
        actions.check_first_level(job_id=job.uid, verdict="fine", actor=house.actor("leader"), at=minutes(30))
    actions.check_first_level(job_id=job.uid, verdict="good", actor=house.actor("leader"), at=minutes(30))
    job.refresh_from_db()
    assert job.state == "finished"


def test_a_leader_who_did_it_does_not_check_it(house: House) -> None:
    job = sent(house, asked(house), "leader")
    actor = house.actor("leader")
    work.accept_job(job_id=job.uid, actor=actor, at=minutes(2), reason="自己去")
    work.arrive_at_job(job_id=job.uid, actor=actor, at=minutes(4), place_code="S7-ORT-WC", reason="自己去")
    work.start_job(job_id=job.uid, actor=actor, at=minutes(5), reason="自己去")
    carry = house.actor("leader")
    for step in procedure_of(job.edition_id).steps:
        if step["type"] == "photo":
            photo = work.NewPhoto(step["code"].rjust(64, "0"), 1)
            work.add_evidence(job_id=job.uid, photos=[photo], label=step["code"], actor=carry, at=minutes(6))
        else:
            value = True if step["type"] == "tick" else None
            work.carry_out_step(
                job_id=job.uid,
                step_code=step["code"],
                value=value,
                note="略",
                actor=carry,
                at=minutes(6),
                reason="自己去",
            )
    work.finish_job(job_id=job.uid, actor=actor, at=minutes(9), minutes=5, cause_code="wear", reason="自己去")
    with pytest.raises(OwnWork):
        actions.check_first_level(job_id=job.uid, verdict="good", actor=actor, at=minutes(30))


def test_the_hospitals_check_closes(house: House) -> None:
    job = finished(house)
    for other in ("clerk", "nurse", "leader"):
        with pytest.raises(NotAllowed):
            actions.check_job(job_id=job.uid, actor=house.actor(other), at=minutes(30))
    assert actions.check_job(job_id=job.uid, actor=house.actor("officer"), at=minutes(30)).state == "closed"
    with pytest.raises(NothingToJudge):
        actions.check_job(job_id=job.uid, actor=house.actor("officer"), at=minutes(31))


def failed_veto(house: House) -> Job:
    job = at_work(house, sent(house, asked(house)))
    carry_out(house, job)
    critical = next(step["code"] for step in procedure_of(job.edition_id).steps if step["critical"])
    plumber = house.actor("plumber")
    work.carry_out_step(job_id=job.uid, step_code=critical, value=None, note="做不了", actor=plumber, at=minutes(15))
    work.finish_job(job_id=job.uid, actor=plumber, at=minutes(20), minutes=9, cause_code="wear")
    job.refresh_from_db()
    return job


def test_after_a_failed_critical_step_no_yes_check_or_lapse_closes(house: House) -> None:
    job = failed_veto(house)
    with pytest.raises(VetoStepFailed):
        actions.check_job(job_id=job.uid, actor=house.actor("officer"), at=minutes(30))
    assert actions.confirm_job(job_id=job.uid, actor=house.actor("nurse"), at=minutes(30)).is_held
    assert actions.lapse_jobs(actor=engine("clock"), at=after(job, days=1)).numbers == ()
    actions.send_back_job(job_id=job.uid, reason_code="step_missing", actor=house.actor("officer"), at=minutes(40))
    carry_out(house, job, at=45)
    work.finish_job(job_id=job.uid, actor=house.actor("plumber"), at=minutes(50), minutes=9, cause_code="wear")
    assert actions.confirm_job(job_id=job.uid, actor=house.actor("nurse"), at=minutes(55)).state == "closed"


def test_silence_lapses_after_the_window_counted_apart(house: House) -> None:
    job = finished(house)
    with pytest.raises(NotAllowed):
        actions.lapse_jobs(actor=house.actor("officer"), at=after(job))
    assert actions.lapse_jobs(actor=engine("clock"), at=after(job, seconds=-1)).numbers == ()
    end = after(job)
    assert actions.lapse_jobs(actor=engine("clock"), at=end).numbers == (job.number,)
    job.refresh_from_db()
    assert job.state == "closed"
    assert Entry.objects.get(site_id=house.site_id, kind="work.job.verified").facts["ground"] == "lapse"
    assert actions.lapse_jobs(actor=engine("clock"), at=end).numbers == ()


def test_a_bad_rating_keeps_a_job_from_lapsing(house: House) -> None:
    job = finished(house)
    voice.rate_request(request_id=job.request.uid, stars=2, text="水还是小", actor=house.actor("nurse"), at=minutes(25))
    assert actions.lapse_jobs(actor=engine("clock"), at=after(job, days=1)).numbers == ()


def closed(house: House) -> Job:
    job = finished(house)
    actions.confirm_job(job_id=job.uid, actor=house.actor("nurse"), at=minutes(30))
    job.refresh_from_db()
    return job


def test_the_same_fault_within_seven_days_reopens(house: House) -> None:
    job = closed(house)
    nurse = house.actor("nurse")
    with pytest.raises(UnknownReason):
        actions.reopen_job(job_id=job.uid, reason_code="whim", actor=nurse, at=minutes(40))
    actions.reopen_job(job_id=job.uid, reason_code="same_fault", actor=nurse, at=minutes(30) + timedelta(days=7))
    job.refresh_from_db()
    assert (job.state, job.n_reopens, job.closed_at, job.accountable_id) == (
        "in_progress",
        1,
        None,
        house.accounts["plumber"],
    )
    request = Request.objects.get(pk=job.request_id)
    assert (request.shown_state, request.is_open, request.final_answer) == ("in_progress", True, "")


def test_after_seven_days_the_asker_is_told_to_ask_anew_and_the_desk_may_still_reopen(house: House) -> None:
    job = closed(house)
    late = minutes(30) + timedelta(days=7, seconds=1)
    for actor in (house.actor("nurse"), actor_of_link(job.request_id)):
        with pytest.raises(ReopenTooLate) as refused:
            actions.reopen_job(job_id=job.uid, reason_code="same_fault", actor=actor, at=late)
        assert refused.value.window_s == 7 * 86400
    with pytest.raises(NotAllowed):
        actions.reopen_job(job_id=job.uid, reason_code="same_fault", actor=house.actor("manager"), at=late)
    assert (
        actions.reopen_job(job_id=job.uid, reason_code="same_fault", actor=house.actor("clerk"), at=late).state
        == "in_progress"
    )


def test_what_was_said_is_shown_without_the_askers_name(house: House) -> None:
    job = closed(house)
    (row,) = queries.verdicts(house.actor("leader"), job.uid)
    assert (row.ground, row.is_good, row.given_by) == ("asker", True, "")
    with pytest.raises(NotAllowed):
        queries.verdicts(house.actor("other_nurse"), job.uid)


def test_what_the_asker_says_with_a_no_stands_among_the_words_and_on_the_workers_card(house: House) -> None:
    """Seen: only the reason's code reached the worker."""
    from yingxu.demand.queries import request_detail
    from yingxu.work.hands import job_in_hand

    job = finished(house)
    nurse = house.actor("nurse")
    actions.send_back_job(job_id=job.uid, reason_code="not_fixed", actor=nurse, at=after(job, minutes=5), text="还在滴")
    detail = request_detail(nurse, job.request.uid)
    assert [(word.text, word.is_from_asker) for word in detail.words][-1] == ("还在滴", True)
    assert "还在滴" in job_in_hand(house.actor("plumber"), job.uid).said
