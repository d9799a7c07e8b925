"""Whatever people do and in whatever order: exactly one answers for a job at every instant (S27, domain 5.2, AS-05)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.people import House
from tests.rooms.test_work_loop import asked, carry_out, minutes, uid
from yingxu.dispatch import actions as dispatch
from yingxu.dispatch.models import Assignment
from yingxu.ground.actor import Actor, engine
from yingxu.ground.refusals import Refusal
from yingxu.verify import actions as verify
from yingxu.work import actions as work
from yingxu.work.models import IN_HAND, Job

pytestmark = pytest.mark.django_db

VERBS = (
    "assign",
    "reassign",
    "pull_back",
    "overdue",
    "accept",
    "set_out",
    "arrive",
    "start",
    "pause",
    "resume",
    "return",
    "offer",
    "take",
    "decline",
    "finish",
    "yes",
    "no",
    "reopen",
    "check",
)


def acts_at(
    house: House, job: Job, people: dict[str, Actor], keys: dict[str, UUID], who: str, other: str, moment: int
) -> dict[str, Callable[[], Any]]:
    """Return what each verb does at that moment."""
    at = minutes(moment)
    return {
        "assign": lambda: dispatch.assign_job(job_id=job.uid, worker_id=keys["plumber"], actor=people["clerk"], at=at),
        "reassign": lambda: dispatch.reassign_job(
            job_id=job.uid,
            worker_id=keys[who],
            actor=people["officer"] if who == "electrician" else people["clerk"],
            at=at,
            override_reason="急",
        ),
        "pull_back": lambda: dispatch.pull_back_job(job_id=job.uid, actor=people["clerk"], at=at),
        "overdue": lambda: dispatch.pull_back_overdue(actor=engine("clock"), at=at + timedelta(minutes=11)),
        "accept": lambda: work.accept_job(job_id=job.uid, actor=people[who], at=at),
        "set_out": lambda: work.set_out(job_id=job.uid, actor=people[who], at=at),
        "arrive": lambda: work.arrive_at_job(job_id=job.uid, actor=people[who], at=at),
        "start": lambda: work.start_job(job_id=job.uid, actor=people[who], at=at),
        "pause": lambda: work.pause_job(
            job_id=job.uid, reason_code="R1", expected_at=at + timedelta(hours=1), actor=people[who], at=at
        ),
        "resume": lambda: work.resume_job(job_id=job.uid, actor=people[who], at=at),
        "return": lambda: work.return_job(job_id=job.uid, reason_code="wrong_trade", actor=people[who], at=at),
        "offer": lambda: work.hand_over_job(job_id=job.uid, to_worker_id=keys[other], actor=people[who], at=at),
        "take": lambda: work.accept_hand_over(job_id=job.uid, actor=people[who], at=at),
        "decline": lambda: work.decline_hand_over(job_id=job.uid, actor=people[who], at=at),
        "finish": lambda: (
            carry_out(house, job, who, at=moment),
            work.finish_job(job_id=job.uid, actor=people[who], at=at, minutes=5, cause_code="wear"),
        ),
        "yes": lambda: verify.confirm_job(job_id=job.uid, actor=people["nurse"], at=at),
        "no": lambda: verify.send_back_job(job_id=job.uid, reason_code="not_fixed", actor=people["nurse"], at=at),
        "reopen": lambda: verify.reopen_job(job_id=job.uid, reason_code="same_fault", actor=people["nurse"], at=at),
        "check": lambda: verify.check_job(job_id=job.uid, actor=people["officer"], at=at),
    }


@given(st.lists(st.tuples(st.sampled_from(VERBS), st.booleans()), min_size=8, max_size=30))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_s27_exactly_one_answers_for_a_job_at_every_instant(house: House, course: list[tuple[str, bool]]) -> None:
    job = asked(house)
    people = {name: house.actor(name) for name in ("clerk", "plumber", "electrician", "nurse", "officer")}
    keys = {name: uid(house, name) for name in ("plumber", "electrician")}
    # the faucet needs a plumber; the officer's reason lets the electrician go as well
    workers = ("plumber", "electrician")
    for place, (verb, first) in enumerate([("assign", True), ("accept", True), *course], 1):
        who, other = workers if first else workers[::-1]
        acts = acts_at(house, job, people, keys, who, other, place * 2)
        before = Job.objects.get(pk=job.pk)
        refused = False
        try:
            acts[verb]()
        except Refusal:
            refused = True
        after = Job.objects.get(pk=job.pk)
        if refused and verb != "finish":  # its steps are acts of their own
            assert (before.state, before.accountable_id) == (after.state, after.accountable_id)
        if after.state in IN_HAND:
            assert after.accountable_id == after.worker_id is not None
        else:
            assert after.accountable_id is None  # the duty desk, or nobody needs to
        if before.accountable_id and after.accountable_id and before.accountable_id != after.accountable_id:
            assert verb == "take"  # from hand to hand only by acceptance
        live = list(Assignment.objects.filter(job=job, outcome__in=["offered", "accepted"]))
        assert len(live) <= 1
        if after.state in {"dispatched", *IN_HAND}:
            assert live
            assert live[0].worker_id == after.worker_id
            assert live[0].pk == after.assignment_key


#: Verbs whose doer is the same whoever of the two workers is meant.
_ONE_DOER = frozenset({"assign", "pull_back", "overdue", "yes", "no", "reopen", "check"})


class _Back(Exception):
    """Take the act back: the next one starts from where this one did."""


def test_s27_from_every_standing_every_verb_leaves_one_who_answers(house: House) -> None:
    """Walk every standing that the verbs lead to (deduplicated), not only random courses."""
    job = asked(house)
    people = {name: house.actor(name) for name in ("clerk", "plumber", "electrician", "nurse", "officer")}
    keys = {name: uid(house, name) for name in ("plumber", "electrician")}
    seen: set[object] = set()

    def walk(path: tuple[tuple[str, str], ...]) -> None:
        for verb in VERBS:
            for who, other in (("plumber", "electrician"), ("electrician", "plumber")):
                if verb in _ONE_DOER and who == "electrician":
                    continue
                with suppress(_Back), transaction.atomic():
                    with suppress(Refusal):
                        acts_at(house, job, people, keys, who, other, (len(path) + 1) * 2)[verb]()
                    after = Job.objects.get(pk=job.pk)
                    course = (*path, (verb, who))
                    assert (after.state in IN_HAND) == (after.accountable_id is not None), course
                    assert after.accountable_id in (None, after.worker_id), course
                    offers = Assignment.objects.filter(job=job, outcome__in=["offered", "accepted"])
                    standing = (
                        after.state,
                        after.worker_id,
                        after.successor_id,
                        bool(after.n_reopens),
                        tuple(offers.values_list("outcome", "worker_id")),
                    )
                    if standing not in seen:
                        seen.add(standing)
                        walk(course)
                    raise _Back

    walk(())
    assert {standing[0] for standing in seen} >= {*IN_HAND, "queued", "dispatched", "closed"}  # type: ignore[index]
