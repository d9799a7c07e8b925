"""The set of warnings is a function of the journal and of when somebody looked, however the clock was moved about."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.people import MONDAY_NINE, House
from tests.rooms.requests import arrives, ask, finishes, job_happens
from yingxu.ground.actor import engine
from yingxu.ground.models import Entry
from yingxu.promise import actions
from yingxu.promise.models import Promise, PromiseWarning
from yingxu.work import events as work
from yingxu.work.answering import hands_of_jobs

pytestmark = pytest.mark.django_db
#: The ladder of a critical matter on its two hours for done: share of the limit, seconds after it.
LIMIT_S = 7200
STEPS = (("f50", 3600), ("f80", 5760), ("f100", 7200), ("late300", 7500))

steps = st.lists(
    st.tuples(st.sampled_from(["look", "look", "pause", "resume", "finish", "send back"]), st.integers(1, 60)),
    min_size=3,
    max_size=14,
)


def from_journal(promise_id: int, looks: list[float]) -> set[tuple[str, float]]:
    """Say from the ledger alone what must have been warned: (rung, second at which it was due), second by second."""
    found: set[tuple[str, float]] = set()
    kinds = ("held", "released", "stopped", "restarted", "voided")
    rows = Entry.objects.filter(subject_id=promise_id, kind__in=[f"promise.clock.{kind}" for kind in kinds])
    moves = [
        ((at - MONDAY_NINE).total_seconds(), kind.rpartition(".")[2])
        for kind, at in rows.order_by("id").values_list("kind", "happened_at")
    ]
    for look in looks:
        is_over, used, due, last, is_running = False, 0.0, dict[str, float](), 0.0, True
        for at, kind in [*[move for move in moves if move[0] <= look], (look, "look")]:
            if is_running:
                for code, needed in STEPS:
                    if used < needed <= used + (at - last):
                        due[code] = last + needed - used
                used += at - last
            last = at
            if kind in ("held", "released"):
                is_running = kind == "released"
            elif kind in ("stopped", "voided"):
                is_over = True
            elif kind == "restarted":
                is_over = False
        if not is_over:
            found |= {(code, at) for code, at in due.items() if at <= look - (code in ("f100", "late300"))}
    return found


@given(steps)
@example([("pause", 2), ("resume", 1), ("pause", 57)])  # half the limit passed and stood still before anybody looked
@example([("pause", 23), ("look", 1), ("resume", 1), ("pause", 36)])  # seen standing still, went on, stands still again
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_what_was_warned_is_what_the_journal_says(house: House, told: list[tuple[str, int]]) -> None:
    raised = ask(house, item_code="plb.burst", text="水管爆了")
    worker = house.accounts["plumber"]
    arrives(raised, MONDAY_NINE + timedelta(minutes=1), worker)
    promise = Promise.objects.get(request_id=raised.key, milestone="done")
    assert promise.limit_s == LIMIT_S
    minute, state, looks = 1, "working", list[float]()
    for move, wait in [*told, ("look", 30)]:
        minute += wait
        at = MONDAY_NINE + timedelta(minutes=minute)
        values = {"worker_id": worker}
        if move == "pause" and state == "working":
            job_happens(work.PauseApproved, "paused", raised, at, values=values, reason_code="R1", limit_s=None)
            state = "paused"
        elif move == "resume" and state == "paused":
            job_happens(work.JobResumed, "in_progress", raised, at, reason_code="R1")
            state = "working"
        elif move == "finish" and state == "working":
            finishes(raised, at, worker)
            state = "finished"
        elif move == "send back" and state == "finished":
            job_happens(work.JobSentBack, "in_progress", raised, at, values=values, reason_code="not_fixed")
            state = "working"
        elif move == "look":
            actions.mark_due(site_id=house.site_id, actor=engine("clock"), at=at)
            actions.raise_warnings(actor=engine("clock"), at=at, hands=hands_of_jobs)
            looks.append(minute * 60.0)
    kept = {
        (code, (due_at - MONDAY_NINE).total_seconds())
        for code, due_at in PromiseWarning.objects.filter(promise=promise).values_list("rung", "due_at")
    }
    assert kept == from_journal(promise.pk, looks)
    facts = Entry.objects.filter(kind="promise.warning.raised", subject_id=promise.pk)
    assert kept == {
        (code, (at - MONDAY_NINE).total_seconds()) for code, at in facts.values_list("facts__rung", "happened_at")
    }
