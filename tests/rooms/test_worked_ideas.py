"""Ideas of the service's founder as rules of the work itself (domain 1): S13, S35, S36, S41, S42. S27: the next module.

S27, exactly one answers at every instant, is walked in ``test_work_accountable``.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.people import House
from tests.rooms.test_work_loop import asked, at_work, carry_out, minutes, sent
from yingxu.ground.models import Entry
from yingxu.standards.queries import procedure_of
from yingxu.work import actions as work
from yingxu.work import life_cycle, steps
from yingxu.work.models import Job
from yingxu.work.refusals import EvidenceMissing

pytestmark = pytest.mark.django_db
#: Each example is a job on the database: none is made smaller, its own values tell enough.
FEW = settings(
    max_examples=8,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@given(gaps=st.lists(st.integers(0, 40), min_size=4, max_size=4), accepted=st.integers(1, 9), late=st.integers(0, 600))
@FEW
def test_s13_whatever_is_reported_late_keeps_both_moments(
    house: House, gaps: list[int], accepted: int, late: int
) -> None:
    """When it happened is the phone's word, when it was heard is ours; neither is ever put for the other."""
    job = sent(house, asked(house), at=0)
    plumber = house.actor("plumber")
    moments = [accepted]
    for gap in gaps:
        moments.append(moments[-1] + gap)
    heard = minutes(moments[-1] + late)
    taken, there, begun, worked, ended = (minutes(moment) for moment in moments)
    work.accept_job(job_id=job.uid, actor=plumber, at=heard, happened_at=taken)
    work.arrive_at_job(job_id=job.uid, actor=plumber, at=heard, happened_at=there, place_code="S7-ORT")
    work.start_job(job_id=job.uid, actor=plumber, at=heard, happened_at=begun)
    for step in procedure_of(job.edition_id).steps:
        if step["type"] == "photo":
            photo = work.NewPhoto(sha256=f"{job.pk}{step['code']}".rjust(64, "0"), n_bytes=10, taken_at=worked)
            work.add_evidence(
                job_id=job.uid, photos=[photo], label=step["code"], actor=plumber, at=heard, happened_at=worked
            )
        elif step["code"] != "place":
            value = step["choices"][0]["code"] if step["type"] == "choice" else step["type"] == "tick" or "好"
            said = {"step_code": step["code"], "value": step.get("min", 1) if "min" in step else value}
            work.carry_out_step(job_id=job.uid, actor=plumber, at=heard, happened_at=worked, **said)
    work.finish_job(
        job_id=job.uid, actor=plumber, at=heard, happened_at=ended, minutes=15, cause_code="wear", result_text="好"
    )
    job = Job.objects.get(pk=job.pk)
    assert (job.accepted_at, job.arrived_at, job.started_at, job.finished_at) == (taken, there, begun, ended)
    told = Entry.objects.filter(thread_id=job.request_id, kind__in=["work.job.accepted", "work.job.finished"])
    assert {entry.kind: entry.happened_at for entry in told} == {
        "work.job.accepted": taken,
        "work.job.finished": ended,
    }
    assert all(entry.recorded_at > entry.happened_at for entry in told)


@given(data=st.data())
@FEW
def test_s35_finishing_is_refused_with_exactly_what_is_missing(house: House, data: st.DataObject) -> None:
    job = at_work(house, sent(house, asked(house)))
    must = [step["code"] for step in procedure_of(job.edition_id).steps if step.get("mandatory")]
    left = data.draw(st.sets(st.sampled_from(must), min_size=1))
    carry_out(house, job, but=tuple(left))
    proven = {"place"}  # being there was proven by the label
    with_all = {"minutes": 15, "cause_code": "wear", "result_text": "好"}
    if left - proven:
        with pytest.raises(EvidenceMissing) as refused:
            work.finish_job(job_id=job.uid, actor=house.actor("plumber"), at=minutes(20), **with_all)
        assert {part.code for part in refused.value.missing} == left - proven
        job.refresh_from_db()
        assert job.state == "in_progress"
    else:
        work.finish_job(job_id=job.uid, actor=house.actor("plumber"), at=minutes(20), **with_all)


@given(st.lists(st.fixed_dictionaries({"is_ok": st.booleans(), "is_critical": st.booleans()}), min_size=1))
@settings(max_examples=200, deadline=None)
def test_s36_one_critical_miss_is_zero_and_nothing_else_is(done: list[dict[str, bool]]) -> None:
    """100 − 1 = 0: however many were good, and however few were not when none of those was critical."""
    score = steps.quality(done)
    has_missed = any(row["is_critical"] and not row["is_ok"] for row in done)
    n_good = sum(row["is_ok"] for row in done)
    assert score == (0 if has_missed else round(100 * n_good / len(done)))
    assert (score == 100) == (n_good == len(done))


def test_s41_nothing_is_closed_that_nobody_has_verified() -> None:
    """The only ways into closed: verified, and the answer of whoever it was transferred to; never just finished."""
    moves = life_cycle.moves().values()
    before_closed = {move.from_state: move for move in moves if move.to_state == "closed"}
    assert set(before_closed) == {"verified", "transferred"}
    assert all("final_answer" in move.evidence for move in before_closed.values())
    assert {move.to_state for move in moves if move.from_state == "finished"} == {"verified", "in_progress"}
    (verifying,) = [move for move in moves if move.to_state == "verified"]
    assert verifying.from_state == "finished"
    assert {"not_own_work", "veto_steps_passed"} <= set(verifying.guards)


@given(age=st.integers(-10, 120), is_known=st.booleans())
@FEW
def test_s42_a_photo_is_flagged_when_it_is_older_than_the_work_or_known_and_never_else(
    house: House, age: int, is_known: bool
) -> None:
    job, other = at_work(house, sent(house, asked(house))), at_work(house, sent(house, asked(house)))
    sha = hashlib.sha256(f"{job.pk}".encode()).hexdigest()
    plumber, at = house.actor("plumber"), minutes(30)
    if is_known:
        photo = work.NewPhoto(sha256=sha, n_bytes=10, taken_at=at)
        work.add_evidence(job_id=other.uid, photos=[photo], label="before", actor=plumber, at=at)
    taken = at - timedelta(minutes=age)
    for _ in range(2):  # in the same job again it is no other job's
        photo = work.NewPhoto(sha256=sha, n_bytes=10, taken_at=taken)
        work.add_evidence(job_id=job.uid, photos=[photo], label="before", actor=plumber, at=at)
    job.refresh_from_db()
    assert job.arrived_at is not None
    oldest = max(job.opened_at, job.arrived_at - timedelta(minutes=15))
    expected = ({"photo_old"} if taken < oldest else set()) | ({"photo_reused"} if is_known else set())
    assert set(job.flags) & {"photo_old", "photo_reused"} == expected
