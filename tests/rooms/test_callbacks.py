"""Call-backs, re-checks, independent checks: drawn by rule, answered as the asker's own word, never by the doer."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.people import House
from tests.rooms.test_work_loop import finished, minutes
from yingxu.core.quality.following import wanted_of_week
from yingxu.demand.models import Request
from yingxu.ground.actor import engine
from yingxu.ground.models import Entry
from yingxu.ground.refusals import NotAllowed, NotFound, OwnWork, ReasonNeeded
from yingxu.verify import actions, calls
from yingxu.verify.models import Call, Verdict
from yingxu.verify.refusals import AlreadyAsked, NothingToJudge, WorkGoesOn
from yingxu.work.models import Job

pytestmark = pytest.mark.django_db
CLOCK = engine("clock")


def drawn(house: House, at: float = 30) -> list[Call]:
    actions.draw_calls(site_id=house.site_id, actor=CLOCK, at=minutes(at))
    return list(Call.objects.order_by("id"))


def test_s40_a_finished_job_comes_onto_the_list_once(house: House) -> None:
    job = finished(house)
    (call,) = drawn(house)
    assert (call.job_id, call.why, call.after_days) == (job.pk, "random", 0)
    assert len(drawn(house, 40)) == 1
    (row,) = calls.call_list(house.actor("clerk"), house.site_id, at=minutes(50))
    assert (row.number, row.asker_name, row.outcome) == (job.number, "李护士", "")


def test_nobody_to_ask_is_nobody_to_draw(house: House) -> None:
    job = finished(house)
    Job.objects.filter(pk=job.pk).update(owner=None)
    assert drawn(house) == []


def test_s41_the_askers_yes_by_telephone_closes_with_both_names(house: House) -> None:
    job = finished(house)
    (call,) = drawn(house)
    said = actions.record_call(
        call_id=call.uid, answer="good", text="好了，很满意", actor=house.actor("clerk"), at=minutes(60)
    )
    assert (said.outcome, said.state) == ("good", "closed")
    verdict = Verdict.objects.get(job=job)
    assert (verdict.ground, verdict.given_by_id, verdict.behalf_id) == (
        "asker",
        house.accounts["clerk"],
        house.accounts["nurse"],
    )
    assert Entry.objects.filter(kind="verify.call.answered", subject_id=job.pk).count() == 1
    with pytest.raises(AlreadyAsked):
        actions.record_call(call_id=call.uid, answer="good", actor=house.actor("clerk"), at=minutes(61))


def test_a_yes_whose_words_say_no_closes_nothing(house: House) -> None:
    job = finished(house)
    (call,) = drawn(house)
    said = actions.record_call(
        call_id=call.uid, answer="good", text="好了，但是还漏", actor=house.actor("clerk"), at=minutes(60)
    )
    assert (said.outcome, said.state) == ("doubtful", "finished")
    assert Verdict.objects.get(job=job).is_contradicted


def test_a_no_takes_the_work_up_and_after_closing_too(house: House) -> None:
    job = finished(house)
    (call,) = drawn(house)
    clerk = house.actor("clerk")
    with pytest.raises(ReasonNeeded):
        actions.record_call(call_id=call.uid, answer="bad", actor=clerk, at=minutes(59))
    actions.confirm_job(job_id=job.uid, actor=house.actor("nurse"), at=minutes(60))
    said = actions.record_call(
        call_id=call.uid, answer="bad", reason_code="same_fault", text="又滴水了", actor=clerk, at=minutes(90)
    )
    assert (said.outcome, said.state) == ("bad", "in_progress")
    job.refresh_from_db()
    assert job.n_reopens == 1
    assert not calls.call_list(clerk, house.site_id, at=minutes(99))


def test_while_work_goes_on_nobody_is_asked(house: House) -> None:
    job = finished(house)
    (call,) = drawn(house)
    actions.send_back_job(job_id=job.uid, reason_code="not_fixed", actor=house.actor("nurse"), at=minutes(40))
    with pytest.raises(WorkGoesOn):
        actions.record_call(call_id=call.uid, answer="good", actor=house.actor("clerk"), at=minutes(60))


@pytest.mark.parametrize("who", ["plumber", "leader", "manager", "auditor", "supervisor", "nurse"])
def test_only_desk_and_office_record_what_was_said(house: House, who: str) -> None:
    finished(house)
    (call,) = drawn(house)
    with pytest.raises(NotAllowed):
        actions.record_call(call_id=call.uid, answer="good", actor=house.actor(who), at=minutes(60))


def test_the_doer_never_verifies_not_by_telephone_either(house: House) -> None:
    job = finished(house)
    Job.objects.filter(pk=job.pk).update(finished_by=house.accounts["clerk"])
    (call,) = drawn(house)
    with pytest.raises(OwnWork):
        actions.record_call(call_id=call.uid, answer="good", actor=house.actor("clerk"), at=minutes(60))


def test_three_attempts_give_up_and_another_job_takes_the_place(house: House) -> None:
    first, second = finished(house), finished(house)
    drawn(house)
    Call.objects.filter(job=second).delete()
    call, clerk = Call.objects.get(job=first), house.actor("clerk")
    for n, at in enumerate((60, 200), 1):
        tried = actions.note_try(call_id=call.uid, why="no_answer", actor=clerk, at=minutes(at))
        assert (tried.n_tries, tried.is_given_up) == (n, False)
    assert not calls.call_list(clerk, house.site_id, at=minutes(201)), "tried again two hours later"
    tried = actions.note_try(call_id=call.uid, why="busy", actor=clerk, at=minutes(340))
    assert (tried.is_given_up, tried.replaced_by) == (True, second.number)
    call.refresh_from_db()
    assert call.outcome == "unreachable"
    assert Call.objects.get(job=second).replaces_id == call.pk


def test_s40_effect_is_checked_after_seven_and_thirty_days(house: House) -> None:
    job = finished(house)
    Job.objects.filter(pk=job.pk).update(priority=1)
    Request.objects.filter(pk=job.request_id).update(priority=1)
    actions.confirm_job(job_id=job.uid, actor=house.actor("nurse"), at=minutes(30))
    drawn(house, 40)
    assert list(Call.objects.order_by("after_days").values_list("after_days", "why")) == [
        (0, "priority"),
        (7, "recheck"),
        (30, "recheck"),
    ]
    week = minutes(30) + timedelta(days=7)
    assert Call.objects.get(after_days=7).due_at == week
    call = Call.objects.get(after_days=7)
    said = actions.record_call(
        call_id=call.uid, answer="bad", reason_code="same_fault", actor=house.actor("clerk"), at=week
    )
    assert said.state == "in_progress"
    figures = calls.call_figures(
        house.actor("officer"), house.site_id, from_at=minutes(0), to_at=week + timedelta(days=1)
    )
    assert (figures.held.hits, figures.held.n, figures.called.n) == (0, 1, 1)


def test_tv_callback_called_of_drawn_reached_of_called_satisfied_of_reached(house: House) -> None:
    for _ in range(3):
        finished(house)
    a, b, c = drawn(house)
    clerk = house.actor("clerk")
    actions.record_call(call_id=a.uid, answer="good", actor=clerk, at=minutes(60))
    actions.note_try(call_id=b.uid, why="no_answer", actor=clerk, at=minutes(60))
    figures = calls.call_figures(clerk, house.site_id, from_at=minutes(0), to_at=minutes(100))
    shares = [(s.hits, s.n) for s in (figures.called, figures.reached, figures.satisfied)]
    assert shares == [(2, 3), (1, 2), (1, 1)]
    assert figures.n_open == 2
    assert c.outcome == ""


def test_calls_of_another_site_or_company_are_not_seen(house: House) -> None:
    finished(house)
    (call,) = drawn(house)
    assert calls.call_for(house.actor("company_clerk"), call.uid).number
    with pytest.raises(NotAllowed):
        calls.call_for(house.actor("lift_manager"), call.uid)
    Job.objects.update(line_code="ELV")
    Request.objects.update(party_keys=[house.parties["yi"]])
    with pytest.raises(NotFound):
        calls.call_for(house.actor("company_clerk"), call.uid)


def test_an_independent_check_closes_and_after_closing_it_may_take_up_again(house: House) -> None:
    job, officer = finished(house), house.actor("officer")
    checked = actions.inspect_job(job_id=job.uid, is_good=True, actor=officer, at=minutes(50))
    assert (checked.ground, checked.state) == ("check", "closed")
    checked = actions.inspect_job(
        job_id=job.uid, is_good=False, reason_code="inspection", text="接头仍渗水", actor=officer, at=minutes(90)
    )
    assert checked.state == "in_progress"
    with pytest.raises(NothingToJudge):
        actions.inspect_job(job_id=job.uid, is_good=True, actor=officer, at=minutes(95))


def test_what_a_supervisor_saw_closes_nothing_and_keeps_it_from_lapsing(house: House) -> None:
    job = finished(house)
    checked = actions.inspect_job(
        job_id=job.uid, is_good=False, reason_code="not_fixed", actor=house.actor("supervisor"), at=minutes(50)
    )
    assert (checked.ground, checked.state) == ("supervisor", "finished")
    assert job.confirm_by is not None
    lapsed = actions.lapse_jobs(actor=CLOCK, at=job.confirm_by + timedelta(minutes=1))
    assert lapsed.numbers == ()
    assert calls.doubtful_jobs(house.actor("officer"), house.site_id, from_at=minutes(0))[0][2] == job.number


@pytest.mark.parametrize("who", ["plumber", "leader", "manager", "clerk", "nurse", "auditor"])
def test_nobody_else_checks(house: House, who: str) -> None:
    job = finished(house)
    with pytest.raises(NotAllowed):
        actions.inspect_job(job_id=job.uid, is_good=True, actor=house.actor(who), at=minutes(50))


def test_s40_what_was_only_carried_is_not_asked_about_after_days(house: House) -> None:
    """Of an escort nothing is left that could still hold; of a repair there is."""
    for job in (finished(house), finished(house)):
        actions.confirm_job(job_id=job.uid, actor=house.actor("nurse"), at=minutes(60))
    carried, repaired = Job.objects.order_by("id")[:2]
    Job.objects.update(priority=1)
    Job.objects.filter(pk=carried.pk).update(line_code="ESC")
    actions.draw_calls(site_id=house.site_id, actor=engine("clock"), at=minutes(61))
    days = Call.objects.filter(after_days__gt=0).order_by("job_id", "after_days")
    assert list(days.values_list("job_id", "after_days")) == [(repaired.pk, 7), (repaired.pk, 30)]


def test_who_was_wronged_is_called_first_and_re_checks_last(house: House) -> None:
    jobs = [finished(house), finished(house), finished(house)]
    for job, why, priority in zip(jobs, ("recheck", "priority", "low_rating"), (1, 1, 4), strict=True):
        Job.objects.filter(pk=job.pk).update(priority=priority)
        Call.objects.create(
            site_id=house.site_id, job=job, why=why, stratum="PLB", drawn_at=minutes(30), due_at=minutes(30)
        )
    found = calls.call_list(house.actor("clerk"), house.site_id, at=minutes(31))
    assert [row.why for row in found] == ["low_rating", "priority", "recheck"]


def test_as_13_fifty_urgent_six_low_and_thirty_by_chance_are_86(house: House) -> None:
    """AS-13: 50 of P1/P2 (4 of them rated low), 6 rated low beside, max(5 % of 300, 30) of the others."""
    urgent = 50
    low_beside = 10 - 4
    assert urgent + low_beside + sum(wanted_of_week({"PLB": 200, "ELE": 60, "HVA": 40}, long_runs=()).values()) == 86
