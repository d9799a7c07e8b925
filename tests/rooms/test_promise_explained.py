"""Every clock explains itself from the journal (S5), and what it says is what is stored: through every turn."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.people import MONDAY_NINE, House
from tests.rooms.requests import arrives, ask, finishes, is_paused, job_happens
from yingxu.demand.actions import (
    Raised,
    acknowledge_request,
    cancel_request,
    lower_priority,
    merge_request,
    raise_priority,
    unmerge_request,
)
from yingxu.ground.actor import engine
from yingxu.promise import queries
from yingxu.promise.actions import accept_late_report, mark_due
from yingxu.promise.models import Promise
from yingxu.promise.queries import Explained
from yingxu.work import events as work

pytestmark = pytest.mark.django_db

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
#: The core's words for the states that rows keep.
STATES = {
    "running": {"running", "running_late"},  # the row is marked late by the clock's own worker
    "paused": {"paused"},
    "late": {"running_late"},
    "kept": {"kept", "kept_reported_late"},
    "broken": {"broken"},
    "void": {"withdrawn", "kept", "broken", "running_late"},
}


def told(raised: Raised, at: datetime) -> dict[str, Explained]:
    """Return the explanation of each milestone's last clock; each agrees with its row, and its lines add up."""
    found = {}
    for one in queries.explain_request(raised.key, at=at):
        reading = one.explanation.reading
        lines = [line.line for line in one.lines]
        assert sum(line.counted_s for line in lines) == reading.elapsed_s
        assert reading.state in STATES[one.clock.state] or one.is_reported_after, (one.clock, reading)
        if reading.due_at is not None and one.clock.state != "void":
            assert reading.due_at == one.clock.due_at, one.clock
        found[one.clock.milestone] = one
    return found


def codes(one: Explained) -> list[str]:
    return [line.line.code for line in one.lines]


def test_a_pause_asked_and_approved_later_counts_until_the_approval(house: House) -> None:
    """Domain 5.5: pause time is taken out only between approval and resumption."""
    raised = ask(house)
    worker = house.accounts["plumber"]
    asked = MONDAY_NINE + 10 * MINUTE
    values = {"worker_id": worker}
    job_happens(
        work.PauseAsked, "paused", raised, asked, values=values, reason_code="W1", expected_at=None, told="等阀芯"
    )
    job_happens(work.PauseApproved, "paused", raised, asked + 20 * MINUTE, reason_code="W1", limit_s=None)
    job_happens(work.JobResumed, "in_progress", raised, asked + 50 * MINUTE, reason_code="W1")
    done = told(raised, MONDAY_NINE + 2 * HOUR)["done"]
    assert codes(done) == [
        *("event.started", "time.counted", "event.paused", "time.pause_not_stopping", "event.stopped"),
        *("time.stopped", "event.resumed", "time.counted"),
    ]
    assert sum(line.line.stopped_s for line in done.lines) == 30 * 60
    (runs_on,) = [line.line for line in done.lines if line.line.code == "time.pause_not_stopping"]
    assert runs_on.counted_s == 20 * 60


def test_a_pause_that_was_refused_says_that_time_ran_on(house: House) -> None:
    raised = ask(house)
    values = {"worker_id": house.accounts["plumber"]}
    at = MONDAY_NINE + 10 * MINUTE
    job_happens(work.PauseAsked, "paused", raised, at, values=values, reason_code="W4", expected_at=None, told="")
    job_happens(work.PauseRefused, "paused", raised, at + MINUTE, reason_code="W4")
    job_happens(work.JobResumed, "in_progress", raised, at + 30 * MINUTE, reason_code="W4")
    done = told(raised, MONDAY_NINE + HOUR)["done"]
    assert "event.time_runs_on" in codes(done)
    assert "event.stopped" not in codes(done)
    assert done.explanation.reading.elapsed_s == 3600


def test_a_hold_with_an_end_runs_out_by_itself(house: House) -> None:
    """W5: half an hour at most (domain 5.5), although nobody said that work goes on."""
    raised = ask(house)
    values = {"worker_id": house.accounts["plumber"]}
    job_happens(
        work.PauseApproved,
        "paused",
        raised,
        MONDAY_NINE + 5 * MINUTE,
        values=values,
        reason_code="W5",
        limit_s=1800,
    )
    mark_due(site_id=house.site_id, actor=engine("clock"), at=MONDAY_NINE + 50 * MINUTE)
    arrived = told(raised, MONDAY_NINE + 51 * MINUTE)["arrived"]
    assert "event.stop_ended" in codes(arrived)
    assert sum(line.line.stopped_s for line in arrived.lines) == 1800


@pytest.mark.parametrize("after", [1, 2])
def test_a_request_made_more_urgent_keeps_what_it_used(house: House, after: int) -> None:
    raised = ask(house, item_code="plb.faucet")
    raise_priority(
        request_id=raised.id,
        priority=after,
        reason="漏到配电间",
        actor=house.actor("clerk"),
        at=MONDAY_NINE + 5 * MINUTE,
    )
    found = told(raised, MONDAY_NINE + 6 * MINUTE)
    done = found["done"]
    assert "event.terms_changed" in codes(done)
    assert [terms.priority for terms in done.terms] == [3, after]
    assert done.explanation.reading.started_at == MONDAY_NINE
    assert done.clock.due_at == MONDAY_NINE + timedelta(seconds=done.terms[-1].limit_s)
    assert Promise.objects.filter(request_id=raised.key, milestone="done", void_why="replaced").count() == 1


def test_more_urgent_in_a_pause_stays_paused_and_takes_the_pause_out_once(house: House) -> None:
    raised = ask(house, item_code="plb.faucet")
    values = {"worker_id": house.accounts["plumber"]}
    pause = {"reason_code": "R1", "limit_s": None}
    job_happens(work.PauseApproved, "paused", raised, MONDAY_NINE + 5 * MINUTE, values=values, **pause)
    raise_priority(
        request_id=raised.id, priority=2, reason="病人在用", actor=house.actor("clerk"), at=MONDAY_NINE + 20 * MINUTE
    )
    job_happens(work.JobResumed, "in_progress", raised, MONDAY_NINE + 35 * MINUTE, reason_code="R1")
    done = told(raised, MONDAY_NINE + HOUR)["done"]
    assert sum(line.line.stopped_s for line in done.lines) == 30 * 60
    assert done.explanation.reading.elapsed_s == 30 * 60


def test_a_breach_before_the_change_stays_as_it_was(house: House) -> None:
    raised = ask(house, item_code="plb.faucet")
    at = MONDAY_NINE + 15 * MINUTE  # the first answer was due after 10 minutes
    mark_due(site_id=house.site_id, actor=engine("clock"), at=at)
    raise_priority(request_id=raised.id, priority=2, reason="漏得更大", actor=house.actor("clerk"), at=at + MINUTE)
    word = told(raised, at + 2 * MINUTE)["acknowledged"]
    assert word.clock.state == "late"
    assert len(word.terms) == 1
    assert "note.urgency_changed" in codes(word)


def test_sent_back_work_goes_on_from_its_first_start_and_the_time_between_counts(house: House) -> None:
    raised = ask(house, item_code="plb.faucet")
    worker = house.accounts["plumber"]
    arrives(raised, MONDAY_NINE + 20 * MINUTE, worker)
    finishes(raised, MONDAY_NINE + 40 * MINUTE, worker)
    job_happens(work.JobSentBack, "in_progress", raised, MONDAY_NINE + 100 * MINUTE, reason_code="still_leaks")
    finishes(raised, MONDAY_NINE + 120 * MINUTE, worker)
    found = told(raised, MONDAY_NINE + 130 * MINUTE)
    done = found["done"]
    assert [code for code in codes(done) if code in {"event.reached", "time.since_finished", "event.reopened"}][:3] == [
        "event.reached",
        "time.since_finished",
        "event.reopened",
    ]
    assert done.explanation.reading.elapsed_s == 120 * 60
    assert found["arrived"].clock.reached_at == MONDAY_NINE + 20 * MINUTE


def test_merged_and_taken_apart_again_the_time_between_counts(house: House) -> None:
    first, second = ask(house), ask(house, who="other_nurse", place_code="N5-RES", at=MONDAY_NINE + MINUTE)
    clerk = house.actor("clerk")
    merge_request(request_id=second.id, master_id=first.id, actor=clerk, at=MONDAY_NINE + 5 * MINUTE)
    assert "event.withdrawn" in codes(told(second, MONDAY_NINE + 6 * MINUTE)["acknowledged"])
    unmerge_request(request_id=second.id, actor=clerk, at=MONDAY_NINE + 8 * MINUTE)
    word = told(second, MONDAY_NINE + 9 * MINUTE)["acknowledged"]
    assert "event.reinstated" in codes(word)
    assert word.explanation.reading.elapsed_s == 8 * 60


def test_called_off_work_has_no_promise_and_says_so(house: House) -> None:
    raised = ask(house)
    cancel_request(
        request_id=raised.id, reason_code="solved_itself", actor=house.actor("nurse"), at=MONDAY_NINE + MINUTE
    )
    for one in queries.explain_request(raised.key, at=MONDAY_NINE + HOUR):
        assert codes(one)[-1] == "event.withdrawn"


def test_reached_in_time_and_told_late_is_broken_until_the_hospital_accepts(house: House) -> None:
    """Decision 15."""
    raised = ask(house)
    (word,) = [row for row in queries.clocks_of(raised.key) if row.milestone == "arrived"]
    arrives(raised, word.due_at + HOUR, house.accounts["plumber"], happened_at=word.due_at - 5 * MINUTE)
    at = word.due_at + 2 * HOUR
    one = told(raised, at)["arrived"]
    assert (one.clock.state, one.is_reported_after) == ("broken", True)
    accept_late_report(promise_id=word.id, reason="地下室无信号", actor=house.actor("officer"), at=at)
    one = told(raised, at + MINUTE)["arrived"]
    assert (one.clock.state, one.is_reported_after) == ("kept", False)
    assert "event.corrected" in codes(one)


def test_lowering_by_the_hospital_gives_back_what_is_left(house: House) -> None:
    raised = ask(house, item_code="plb.leak")
    before = told(raised, MONDAY_NINE)["done"].terms[0].priority
    lower_priority(
        request_id=raised.id,
        priority=before + 1,
        reason="已关总阀",
        told="下午来",
        actor=house.actor("clerk"),
        at=MONDAY_NINE + 5 * MINUTE,
    )
    done = told(raised, MONDAY_NINE + 6 * MINUTE)["done"]
    assert [terms.priority for terms in done.terms] == [before, before + 1]


def test_service_hours_are_told_period_by_period(house: House) -> None:
    """P4 waits through the night: what was closed is told apart from what counted."""
    raised = ask(house, item_code="plb.faucet")
    lower_priority(
        request_id=raised.id,
        priority=4,
        reason="约到明天",
        told="明天上午来",
        actor=house.actor("clerk"),
        at=MONDAY_NINE + 5 * MINUTE,
    )
    word = told(raised, MONDAY_NINE + 30 * HOUR)["acknowledged"]
    last = word.terms[-1]
    if last.is_always_open:
        pytest.skip("the starter terms promise this around the clock")
    spans = [line for line in word.lines if line.n_spans]
    assert spans
    assert sum(line.line.closed_s for line in word.lines) > 0


def test_all_clocks_of_a_request_cost_two_questions(house: House) -> None:
    raised = ask(house)
    acknowledge_request(request_id=raised.id, actor=house.actor("clerk"), at=MONDAY_NINE + MINUTE)
    is_paused(raised, MONDAY_NINE + 5 * MINUTE, MONDAY_NINE + 35 * MINUTE, house.accounts["plumber"])
    queries.explain_request(raised.key, at=MONDAY_NINE)
    with CaptureQueriesContext(connection) as asked:
        queries.explain_request(raised.key, at=MONDAY_NINE + HOUR)
    assert len(asked) == 2
