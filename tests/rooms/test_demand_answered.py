"""S34, every request answered: whatever happens in whatever order, none is without owner, next step, time or answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.people import MONDAY_NINE, House
from tests.rooms.requests import arrives, ask, finishes, job_happens, row
from yingxu.demand import actions, queries
from yingxu.demand.actions import Raised
from yingxu.demand.models import Request
from yingxu.demand.public_state import CODES, public_state
from yingxu.ground.actor import engine
from yingxu.ground.models import Entry
from yingxu.ground.refusals import Refusal
from yingxu.promise.actions import mark_due
from yingxu.promise.models import Promise
from yingxu.work import events as work
from yingxu.work.models import Job

pytestmark = pytest.mark.django_db

Step = Callable[[House, Raised, Raised, datetime], Any]


def by(verb: Callable[..., Any], who: str, **given: Any) -> Step:
    return lambda house, raised, other, at: verb(
        request_id=raised.id,
        actor=house.actor(who),
        at=at,
        **{k: v(other) if callable(v) else v for k, v in given.items()},
    )


def _closes(house: House, raised: Raised, other: Raised, at: datetime) -> None:
    for number in Job.objects.filter(request_id=raised.key, state="finished").values_list("number", flat=True):
        job_happens(work.JobVerified, "verified", raised, at, number=number, ground="asker")
        job_happens(work.JobClosed, "closed", raised, at, number=number, result_text="好了")


def _reopens(house: House, raised: Raised, other: Raised, at: datetime) -> None:
    for number in Job.objects.filter(request_id=raised.key, state="closed").values_list("number", flat=True):
        if row(raised).state == "answered" and row(raised).final_answer == "done":
            job_happens(work.JobReopened, "in_progress", raised, at, number=number, reason_code="leaks_again")


def _works(kind: Callable[..., None], *states: str) -> Step:
    def step(house: House, raised: Raised, other: Raised, at: datetime) -> None:
        for number in Job.objects.filter(request_id=raised.key, state__in=states).values_list("number", flat=True):
            kind(raised, at, house.accounts["plumber"], number=number)

    return step


STEPS: dict[str, Step] = {
    "acknowledge": by(actions.acknowledge_request, "clerk", word="好"),
    "clarify": by(actions.ask_clarification, "clerk", question="哪里?"),
    "clarified": by(actions.answer_clarification, "nurse", text="那里"),
    "accept": by(actions.accept_request, "clerk", item_codes=["plb.leak", "ele.light"], place_code="S7-ORT-WC"),
    "accept_words": by(actions.accept_request, "clerk", item_codes=["gen.consult"]),
    "urge": by(actions.urge_request, "nurse"),
    "word": by(actions.add_word, "clerk", text="在路上"),
    "raise": by(actions.raise_priority, "clerk", priority=2),
    "lower": by(actions.lower_priority, "clerk", priority=4, reason="x", told="x"),
    "merge": by(actions.merge_request, "clerk", master_id=lambda other: other.id),
    "unmerge": by(actions.unmerge_request, "clerk"),
    "transfer": by(actions.transfer_request, "clerk", receiver_code="equipment"),
    "transfer_accepted": by(actions.accept_transfer, "clerk", contact="李工"),
    "transfer_closed": by(actions.close_transfer, "clerk", answer="好了"),
    "transfer_returned": by(actions.return_transfer, "clerk", reason="不是"),
    "propose_no": by(actions.propose_decline, "clerk", reason_code="unsafe", alternative="x"),
    "no": by(actions.decline_request, "officer"),
    "objection": by(actions.accept_objection, "officer"),
    "cancel": by(actions.cancel_request, "nurse", reason_code="no_longer_needed"),
    "answer": by(actions.answer_request, "clerk", answer="如此"),
    "arrive": _works(arrives, "queued", "dispatched"),
    "finish": _works(finishes, "arrived", "in_progress"),
    "close": _closes,
    "reopen": _reopens,
    "clock": lambda house, raised, other, at: mark_due(site_id=house.site_id, actor=engine("clock"), at=at),
}


def check(house: House, raised: Raised, at: datetime) -> None:
    request = row(raised)
    jobs = {str(key): state for key, state in Job.objects.filter(request=request).values_list("id", "state")}
    assert request.job_states == jobs
    assert request.shown_state == public_state(request.state, request.final_answer, jobs.values())
    assert request.shown_state in CODES
    if request.is_open:
        assert queries.accountable(request.shown_state)
        assert request.next_due_at or request.word_due_at or request.follow_up_at
        assert request.final_answer == ""
        owed = Promise.objects.filter(request=request, state__in=["running", "late"]).order_by("due_at").first()
        assert request.next_due_at == (owed.due_at if owed else None)
    else:
        assert request.final_answer
        assert request.closed_at is not None
        n_answers = Entry.objects.filter(thread_id=request.pk, kind="demand.request.answered").count()
        taken_back = ("demand.request.reopened", "demand.request.objection_accepted")
        n_taken_back = Entry.objects.filter(thread_id=request.pk, kind__in=taken_back).count()
        assert n_answers - n_taken_back == (0 if request.final_answer == "merged" else 1)
    found = queries.unanswered(house.actor("director"), house.site_id, at=at)
    assert not {one.why for one in found} & {"no_time", "no_final_answer"}


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    is_vague=st.booleans(),
    steps=st.lists(st.tuples(st.sampled_from(sorted(STEPS)), st.integers(1, 600)), min_size=4, max_size=12),
)
def test_no_request_is_ever_lost(house: House, is_vague: bool, steps: list[tuple[str, int]]) -> None:
    with transaction.atomic():
        other = ask(house)
        raised = ask(house, **({"item_code": None, "place_code": None} if is_vague else {}))
        at = MONDAY_NINE
        check(house, raised, at)
        for name, minutes in steps:
            at += timedelta(minutes=minutes)
            try:
                with transaction.atomic():
                    STEPS[name](house, raised, other, at)
            except Refusal:
                pass
            check(house, raised, at)
        assert Request.objects.filter(pk=raised.key).exists()
        transaction.set_rollback(True)


def test_a_long_life_with_every_turn(house: House) -> None:
    """One example a person can follow: asked vaguely, carried away and back, refused and not, done and done again."""
    other, raised = ask(house), ask(house, item_code=None, place_code=None)
    turns = (
        "urge clarify clarified transfer transfer_accepted transfer_returned accept propose_no no objection raise "
        "merge unmerge arrive clock finish close reopen finish close"
    )
    at = MONDAY_NINE
    for name in turns.split():
        at += timedelta(minutes=7)
        STEPS[name](house, raised, other, at)
        check(house, raised, at)
    assert row(raised).final_answer == "done"
