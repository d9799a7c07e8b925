"""Clocks through their turns: kept and broken by the second, standing still, going on, void and back again."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.people import MONDAY_NINE, House
from tests.rooms.requests import arrives, ask, finishes, is_paused, job_happens, row
from yingxu.demand.actions import (
    accept_objection,
    acknowledge_request,
    answer_request,
    cancel_request,
    close_transfer,
    decline_request,
    lower_priority,
    merge_request,
    propose_decline,
    raise_priority,
    return_transfer,
    transfer_request,
    unmerge_request,
)
from yingxu.ground.actor import engine
from yingxu.ground.models import Entry
from yingxu.ground.refusals import NotAllowed, ReasonNeeded
from yingxu.promise import queries
from yingxu.promise.actions import accept_late_report, mark_due
from yingxu.promise.models import Hold, Promise
from yingxu.promise.queries import ClockRow
from yingxu.promise.refusals import NotReportedLate
from yingxu.work import events as work
from yingxu.work.models import Job

pytestmark = pytest.mark.django_db

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
SECOND = timedelta(seconds=1)


def clock(key: int, milestone: str) -> ClockRow:
    (found,) = [row for row in queries.clocks_of(key) if row.milestone == milestone]
    return found


def n_facts(kind: str) -> int:
    return Entry.objects.filter(kind=kind).count()


def attained(house: House, at: datetime) -> dict[str, tuple[int, int, int]]:
    rows = queries.attainment(
        house.actor("nurse"),
        house.site_id,
        from_at=MONDAY_NINE - HOUR,
        to_at=MONDAY_NINE + 1000 * HOUR,
        at=at,
    )
    return {row.milestone: (row.share.hits, row.share.n, row.n_reported_late) for row in queries.by_milestone(rows)}


@pytest.mark.parametrize(
    ("late", "state"), [(timedelta(0), "kept"), (timedelta(microseconds=900_000), "kept"), (SECOND, "broken")]
)
def test_within_the_second_of_the_limit_is_kept_and_the_next_is_not(house: House, late: timedelta, state: str) -> None:
    raised = ask(house)
    acknowledge_request(request_id=raised.id, actor=house.actor("clerk"), at=MONDAY_NINE + 10 * MINUTE + late)
    assert clock(raised.key, "acknowledged").state == state


def test_only_a_persons_word_acknowledges(house: House) -> None:
    raised = ask(house)
    job_happens(
        work.JobAccepted,
        "accepted",
        raised,
        MONDAY_NINE + MINUTE,
        values={"worker_id": house.accounts["plumber"]},
        worker_id=house.accounts["plumber"],
    )
    assert clock(raised.key, "acknowledged").state == "running"


def test_a_limit_that_passed_is_marked_once_and_dated_when_it_was_due(house: House) -> None:
    raised = ask(house)
    due_at = clock(raised.key, "acknowledged").due_at
    assert mark_due(site_id=house.site_id, actor=engine("clock"), at=due_at + SECOND / 2).n_broken == 0
    late = due_at + 37 * MINUTE
    assert mark_due(site_id=house.site_id, actor=engine("clock"), at=late).n_broken == 1
    assert mark_due(site_id=house.site_id, actor=engine("clock"), at=late).n_broken == 0
    entry = Entry.objects.get(kind="promise.clock.broken")
    assert (entry.happened_at, entry.actor_name) == (due_at, "clock")
    assert (clock(raised.key, "acknowledged").state, row(raised).next_due_at) == ("late", due_at)


def test_nobody_but_the_clock_marks(house: House) -> None:
    with pytest.raises(NotAllowed):
        mark_due(site_id=house.site_id, actor=house.actor("director"), at=MONDAY_NINE)


def test_an_approved_pause_moves_the_limits_and_never_the_acknowledgement(house: House) -> None:
    raised = ask(house)
    before = {row.milestone: row.due_at for row in queries.clocks_of(raised.key)}
    is_paused(raised, MONDAY_NINE + 5 * MINUTE, MONDAY_NINE + 35 * MINUTE, house.accounts["plumber"])
    after = {row.milestone: row.due_at for row in queries.clocks_of(raised.key)}
    assert after["acknowledged"] == before["acknowledged"]
    assert after["arrived"] == before["arrived"] + 30 * MINUTE
    assert after["done"] == before["done"] + 30 * MINUTE


def test_an_unsafe_place_holds_at_most_half_an_hour(house: House) -> None:
    """W5: the clock runs again by itself, dated when the half hour was over."""
    raised = ask(house)
    due_at = clock(raised.key, "arrived").due_at
    job_happens(
        work.PauseApproved,
        "paused",
        raised,
        MONDAY_NINE + 5 * MINUTE,
        reason_code="W5",
        limit_s=1800,
        values={"worker_id": house.accounts["plumber"]},
    )
    assert clock(raised.key, "arrived").state == "paused"
    mark_due(site_id=house.site_id, actor=engine("clock"), at=MONDAY_NINE + 50 * MINUTE)
    held = clock(raised.key, "arrived")
    assert (held.state, held.due_at) == ("running", due_at + 30 * MINUTE)
    assert {hold.ended_at for hold in Hold.objects.all()} == {MONDAY_NINE + 35 * MINUTE}
    job_happens(work.JobResumed, "in_progress", raised, MONDAY_NINE + 2 * HOUR, reason_code="W5")
    assert clock(raised.key, "arrived").due_at == due_at + 30 * MINUTE


def test_a_paused_clock_is_not_marked(house: House) -> None:
    raised = ask(house)
    job_happens(
        work.PauseApproved,
        "paused",
        raised,
        MONDAY_NINE + MINUTE,
        reason_code="R1",
        limit_s=None,
        values={"worker_id": house.accounts["plumber"]},
    )
    assert mark_due(site_id=house.site_id, actor=engine("clock"), at=MONDAY_NINE + 100 * HOUR).n_broken == 1
    assert row(raised).next_due_at == clock(raised.key, "acknowledged").due_at


def test_sent_back_the_done_clock_goes_on_from_its_original_start(house: House) -> None:
    raised, plumber = ask(house), house.accounts["plumber"]
    first = clock(raised.key, "done")
    finishes(raised, MONDAY_NINE + HOUR, plumber)
    assert (clock(raised.key, "done").state, clock(raised.key, "verified").state) == ("kept", "running")
    job_happens(work.JobSentBack, "in_progress", raised, MONDAY_NINE + 2 * HOUR, reason_code="leaks_again")
    again = clock(raised.key, "done")
    assert (again.state, again.started_at, again.due_at) == ("running", first.started_at, first.due_at)
    assert "verified" not in {row.milestone for row in queries.clocks_of(raised.key)}
    finishes(raised, first.due_at + SECOND, plumber)
    assert clock(raised.key, "done").state == "broken"
    job_happens(work.JobSentBack, "in_progress", raised, first.due_at + HOUR, reason_code="leaks_again")
    assert clock(raised.key, "done").state == "late"  # broken stays broken
    finishes(raised, first.due_at + 2 * HOUR, plumber)
    assert clock(raised.key, "done").state == "broken"


def test_the_asker_has_the_confirm_window_to_say_yes(house: House) -> None:
    raised = ask(house)
    finishes(raised, MONDAY_NINE + HOUR, house.accounts["plumber"])
    verified = clock(raised.key, "verified")
    assert (verified.started_at, verified.due_at) == (MONDAY_NINE + HOUR, MONDAY_NINE + 73 * HOUR)
    job_happens(work.JobVerified, "verified", raised, MONDAY_NINE + 2 * HOUR, ground="asker")
    assert clock(raised.key, "verified").state == "kept"


def test_a_raised_urgency_keeps_the_time_that_was_used(house: House) -> None:
    raised = ask(house)
    raise_priority(request_id=raised.id, priority=2, actor=house.actor("clerk"), at=MONDAY_NINE + 4 * MINUTE)
    acknowledged = clock(raised.key, "acknowledged")
    assert (acknowledged.limit_s, acknowledged.due_at) == (300, MONDAY_NINE + 5 * MINUTE)
    old = [one for one in queries.clocks_of(raised.key, with_void=True) if one.void_why == "replaced"]
    assert {one.milestone for one in old} == {"acknowledged", "arrived", "done"}
    assert Job.objects.get(request_id=raised.key).priority == 2


def test_a_shorter_limit_that_is_used_up_already_is_due_now_not_in_the_past(house: House) -> None:
    raised = ask(house)
    at = MONDAY_NINE + 9 * MINUTE
    raise_priority(request_id=raised.id, priority=2, actor=house.actor("clerk"), at=at)
    assert clock(raised.key, "acknowledged").due_at == at


def test_a_breach_that_happened_outlives_a_lower_urgency(house: House) -> None:
    raised, clerk = ask(house), house.actor("clerk")
    at = MONDAY_NINE + 12 * MINUTE
    lower_priority(request_id=raised.id, priority=4, reason="只是滴水", told="今天下午来修", actor=clerk, at=at)
    assert clock(raised.key, "acknowledged").state == "late"
    assert n_facts("promise.clock.broken") == 1
    assert "arrived" not in {one.milestone for one in queries.clocks_of(raised.key)}  # P4 promises none
    assert attained(house, at)["acknowledged"] == (0, 1, 0)


def test_a_critical_request_gains_the_promises_that_only_p1_has(house: House) -> None:
    raised = ask(house)
    raise_priority(request_id=raised.id, priority=1, actor=house.actor("clerk"), at=MONDAY_NINE + MINUTE)
    safe = clock(raised.key, "safe")
    assert (safe.started_at, safe.due_at) == (MONDAY_NINE + MINUTE, MONDAY_NINE + 61 * MINUTE)


def test_a_late_report_mends_nothing_until_the_hospital_accepts_it(house: House) -> None:
    """Decision 15: reached in time, said too late: broken, then kept and reported late, counted apart."""
    raised, plumber = ask(house), house.accounts["plumber"]
    due_at = clock(raised.key, "arrived").due_at
    mark_due(site_id=house.site_id, actor=engine("clock"), at=due_at + MINUTE)
    arrives(raised, due_at + 5 * MINUTE, plumber, happened_at=due_at - MINUTE)
    arrived = clock(raised.key, "arrived")
    assert (arrived.state, arrived.reached_at) == ("broken", due_at - MINUTE)
    at = due_at + HOUR
    with pytest.raises(NotAllowed):
        accept_late_report(promise_id=arrived.id, reason="x", actor=house.actor("company_clerk"), at=at)
    with pytest.raises(ReasonNeeded):
        accept_late_report(promise_id=arrived.id, reason="", actor=house.actor("officer"), at=at)
    accept_late_report(promise_id=arrived.id, reason="地下室无信号，扫码时间为证", actor=house.actor("officer"), at=at)
    assert (clock(raised.key, "arrived").state, clock(raised.key, "arrived").is_reported_late) == ("kept", True)
    assert attained(house, at)["arrived"] == (0, 0, 1)
    assert n_facts("promise.clock.broken") == 2  # acknowledged and arrived: what was recorded stays recorded


def test_the_breach_does_not_depend_on_when_the_engine_looked(house: House) -> None:
    raised, plumber = ask(house), house.accounts["plumber"]
    due_at = clock(raised.key, "arrived").due_at
    arrives(raised, due_at + 5 * MINUTE, plumber, happened_at=due_at - MINUTE)
    assert clock(raised.key, "arrived").state == "broken"


def test_what_came_late_cannot_be_called_a_late_report(house: House) -> None:
    raised = ask(house)
    arrived = clock(raised.key, "arrived")
    arrives(raised, arrived.due_at + SECOND, house.accounts["plumber"])
    with pytest.raises(NotReportedLate):
        accept_late_report(promise_id=arrived.id, reason="x", actor=house.actor("officer"), at=arrived.due_at + HOUR)


def test_merged_leaves_every_count_and_comes_back_with_the_time_in_between(house: House) -> None:
    clerk = house.actor("clerk")
    master, second = ask(house), ask(house, at=MONDAY_NINE + 2 * MINUTE)
    due = {one.milestone: one.due_at for one in queries.clocks_of(second.key)}
    merge_request(request_id=second.id, master_id=master.id, actor=clerk, at=MONDAY_NINE + 3 * MINUTE)
    assert queries.clocks_of(second.key) == ()
    unmerge_request(request_id=second.id, actor=clerk, at=MONDAY_NINE + 5 * HOUR)
    assert {one.milestone: one.due_at for one in queries.clocks_of(second.key)} == due
    assert row(second).next_due_at == min(due.values())


def test_transferred_and_given_back(house: House) -> None:
    clerk, raised = house.actor("clerk"), ask(house)
    due = {one.milestone: one.due_at for one in queries.clocks_of(raised.key)}
    transfer_request(request_id=raised.id, receiver_code="equipment", actor=clerk, at=MONDAY_NINE + MINUTE)
    assert (queries.clocks_of(raised.key), row(raised).next_due_at) == ((), None)
    return_transfer(request_id=raised.id, reason="不是设备", actor=clerk, at=MONDAY_NINE + HOUR)
    assert {one.milestone: one.due_at for one in queries.clocks_of(raised.key)} == due
    assert row(raised).shown_state == "queued"


def test_a_no_and_an_objection(house: House) -> None:
    clerk, officer, raised = house.actor("clerk"), house.actor("officer"), ask(house)
    propose_decline(
        request_id=raised.id, reason_code="beyond_standard", alternative="可自费安装", actor=clerk, at=MONDAY_NINE
    )
    decline_request(request_id=raised.id, actor=officer, at=MONDAY_NINE + MINUTE)
    assert (row(raised).shown_state, attained(house, MONDAY_NINE + 100 * HOUR)) == ("declined", {})
    accept_objection(request_id=raised.id, actor=officer, at=MONDAY_NINE + HOUR)
    assert row(raised).shown_state == "queued"
    assert {one.milestone for one in queries.clocks_of(raised.key)} == {"acknowledged", "arrived", "done"}


def test_withdrawn_before_anybody_was_sent_it_leaves_the_counts_and_later_a_breach_stays(house: House) -> None:
    nurse, at = house.actor("nurse"), MONDAY_NINE + 20 * MINUTE
    early, late = ask(house), ask(house)
    job_happens(
        work.JobDispatched,
        "dispatched",
        late,
        MONDAY_NINE + MINUTE,
        values={"worker_id": house.accounts["plumber"]},
        worker_id=house.accounts["plumber"],
        worker_name="王水工",
        team_id=None,
        party_id=None,
        accept_by=at,
    )
    for raised in (early, late):
        cancel_request(request_id=raised.id, reason_code="no_longer_needed", actor=nurse, at=at)
    assert queries.clocks_of(early.key) == ()
    assert attained(house, at + HOUR)["acknowledged"] == (0, 1, 0)
    assert "arrived" not in attained(house, at + HOUR)
    assert mark_due(site_id=house.site_id, actor=engine("clock"), at=at + 100 * HOUR).n_broken == 0


def test_an_answer_in_words_keeps_its_promise(house: House) -> None:
    raised = ask(house, item_code="gen.suggest", place_code=None, text="建议加一把椅子")
    answer_request(request_id=raised.id, answer="下周添置", actor=house.actor("clerk"), at=MONDAY_NINE + 9 * MINUTE)
    assert {one.milestone: one.state for one in queries.clocks_of(raised.key)} == {
        "acknowledged": "kept",
        "done": "kept",
    }


def test_a_log_promises_its_own_target_and_nothing_else(house: House) -> None:
    """Decision 22: the target may lie before the opening, and pauses do not move it."""
    clerk, plumber = house.actor("clerk"), house.accounts["plumber"]
    in_time, contradictory = (
        ask(house, actor=clerk, channel="log", source_ref=ref, target_at=MONDAY_NINE + shift)
        for ref, shift in (("1", HOUR), ("2", -HOUR))
    )
    for raised in (in_time, contradictory):
        assert [(one.milestone, one.origin) for one in queries.clocks_of(raised.key)] == [("done", "log")]
        is_paused(raised, MONDAY_NINE + MINUTE, MONDAY_NINE + 30 * MINUTE, plumber)
        finishes(raised, MONDAY_NINE + HOUR, plumber)
    assert (clock(in_time.key, "done").state, clock(contradictory.key, "done").state) == ("kept", "broken")
    without = ask(house, actor=clerk, channel="log", source_ref="3")
    assert queries.clocks_of(without.key) == ()


def test_a_transfer_that_was_answered_is_in_no_count(house: House) -> None:
    clerk, raised = house.actor("clerk"), ask(house)
    transfer_request(request_id=raised.id, receiver_code="equipment", actor=clerk, at=MONDAY_NINE + MINUTE)
    close_transfer(request_id=raised.id, answer="设备科已换新", actor=clerk, at=MONDAY_NINE + HOUR)
    assert attained(house, MONDAY_NINE + 100 * HOUR) == {}


def test_last_misses_say_what_was_done(house: House) -> None:
    raised = ask(house)
    finishes(raised, MONDAY_NINE + 100 * HOUR, house.accounts["plumber"])
    (miss, *_) = queries.last_misses(house.actor("family"), house.site_id)
    assert (miss.number, miss.milestone, miss.state) == (raised.number, "done", "broken")


def test_questions_keep_their_budgets(house: House) -> None:
    raised, director = ask(house), house.actor("director")
    done = clock(raised.key, "done")
    asked = {
        1: [
            lambda: queries.clocks_of(raised.key),
            lambda: queries.running_clocks(director, house.site_id),
            lambda: queries.last_misses(director, house.site_id),
            lambda: attained_by(director),
        ],
        2: [lambda: queries.explain(director, done.id, at=MONDAY_NINE)],
    }

    def attained_by(actor: object) -> None:
        queries.attainment(director, house.site_id, from_at=MONDAY_NINE, to_at=MONDAY_NINE + HOUR, at=MONDAY_NINE)

    for budget, questions in asked.items():
        for question in questions:
            with CaptureQueriesContext(connection) as seen:
                question()
            assert len(seen) == budget


def test_the_nearest_limit_of_the_request_is_a_cache_of_its_promises(house: House) -> None:
    raised = ask(house)
    acknowledge_request(request_id=raised.id, actor=house.actor("clerk"), at=MONDAY_NINE + MINUTE)
    owed = Promise.objects.filter(request_id=raised.key, state__in=["running", "late"]).order_by("due_at").first()
    assert owed is not None
    assert row(raised).next_due_at == owed.due_at
