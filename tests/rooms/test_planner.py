"""The planner on the small hospital: leases, proposals, modes; nothing ordinary goes before what is critical."""

from __future__ import annotations

import math
import random
from datetime import timedelta
from typing import Any

import pytest

from tests.people import MONDAY_NINE, House
from tests.rooms.test_work_loop import asked, minutes, sent, uid
from yingxu.connect.planner.reckoning import PLANNER, SitePlanner
from yingxu.dispatch import actions, queries
from yingxu.dispatch.models import Assignment, PlannerLease, Proposal
from yingxu.dispatch.refusals import HoldsEnough, LeaseLost, MoreUrgentWaiting, NotForClaiming, NotQualified
from yingxu.ground.actor import engine
from yingxu.ground.models import Entry
from yingxu.ground.refusals import NotAllowed
from yingxu.team.models import Member
from yingxu.work import actions as work
from yingxu.work.models import Job

pytestmark = pytest.mark.django_db


def planner(house: House, name: str = "one") -> SitePlanner:
    return SitePlanner(house.site_id, name, is_warm=lambda: False)


def plan(house: House, at: float = 0.5) -> SitePlanner:
    """A planner of its own takes one turn."""
    one = planner(house, f"at {at}")
    PlannerLease.objects.update(expires_at=MONDAY_NINE)
    assert one.turn(minutes(at))
    return one


def proposal(job: Job) -> Proposal:
    return Proposal.objects.select_related("worker", "runner_up").get(job=job)


def mode(house: House, line: str, said: str, limit: int = 2) -> None:
    actions.change_mode(
        site_id=house.site_id, line_code=line, mode=said, hold_limit=limit, actor=engine("setup"), at=MONDAY_NINE
    )


def test_a_new_job_is_proposed_to_the_able_with_runner_up_and_reason(house: House) -> None:
    job = asked(house)
    plan(house)
    said = proposal(job)
    assert said.worker is not None
    assert said.runner_up is not None
    assert {said.worker.name, said.runner_up.name} == {"王水工", "刘班长"}
    assert said.reason["cost"] > 0
    assert "runner_cost" in said.reason
    barred = {one["rule"]: one["names"] for one in said.reason["barred"]}
    assert barred == {"skill:plumbing:2": ["陈电工"]}


def test_a_second_job_is_proposed_at_once_from_the_plan_that_stands(house: House) -> None:
    one = plan(house)
    one.renewed = math.inf  # however slow the machine is, no lease runs out in this test
    job = asked(house, at=1)
    assert one.turn(minutes(1.1))
    assert one.quick_s > 0
    assert proposal(job).worker is not None
    one.planned = math.inf  # nor has it been long
    assert not one.turn(minutes(1.2)), "nothing happened, nothing is planned"


def test_nobody_able_is_said_with_the_rule(house: House) -> None:
    job = asked(house)
    Member.objects.filter(account_id__in=[house.accounts["plumber"], house.accounts["leader"]]).update(skills={})
    plan(house)
    said = proposal(job)
    assert said.worker is None
    assert said.reason["left_out"]
    assert said.reason["barred"][0]["n"] == 3


def test_only_the_holder_of_the_lease_writes(house: House) -> None:
    first, second = planner(house, "first"), planner(house, "second")
    job = asked(house)
    assert first.turn(minutes(0.5))
    assert not second.turn(minutes(0.5))
    assert Entry.objects.filter(kind="dispatch.planner.took_over").count() == 1
    second.renewed = -1e9
    assert second.turn(minutes(0.5) + timedelta(seconds=5.1)), "the first has not said anything for five seconds"
    with pytest.raises(LeaseLost):
        actions.propose(
            site_id=house.site_id,
            holder="first",
            epoch=first.epoch,
            proposals=[actions.NewProposal(job.pk, None, None, None, {"left_out": "x"})],
            actor=PLANNER,
            at=minutes(1),
        )
    assert proposal(job).reason.get("left_out") != "x"
    assert second.epoch == first.epoch + 1


def test_a_planner_that_stops_lets_the_next_begin_at_once(house: House) -> None:
    first, second = planner(house, "first"), planner(house, "second")
    first.turn(minutes(0))
    first.stop(minutes(0.01))
    assert second.turn(minutes(0.02))


def test_a_line_set_to_automatic_sends_whoever_is_free(house: House) -> None:
    mode(house, "PLB", "automatic")
    job = asked(house)
    plan(house)
    job.refresh_from_db()
    assert job.state == "dispatched"
    made = Assignment.objects.get(job=job)
    assert made.made_by_id is None
    assert made.outcome == "offered"
    assert Entry.objects.get(kind="dispatch.job.assigned", subject_id=job.pk).actor_kind == "engine"


def test_what_was_not_accepted_goes_out_again_to_the_next(house: House) -> None:
    """S17, S44: back to the queue and to somebody else, never in a circle while another is able."""
    mode(house, "PLB", "automatic")
    job = asked(house)
    plan(house)
    job.refresh_from_db()
    first = job.worker_id
    actions.pull_back_overdue(actor=engine("clock"), at=minutes(30))
    plan(house, at=30.5)
    job.refresh_from_db()
    assert job.state == "dispatched"
    assert job.worker_id != first


def test_s5_no_ordinary_job_goes_before_an_unassigned_critical_one(house: House) -> None:
    """S5, decision 16: the automatic mode obeys it like a clerk."""
    mode(house, "PLB", "automatic")
    critical = asked(house, at=0)
    ordinary = asked(house, at=0.1)
    Job.objects.filter(pk=critical.pk).update(priority=1)
    Job.objects.filter(pk=ordinary.pk).update(priority=3)
    Member.objects.filter(account_id=house.accounts["leader"]).update(skills={})
    with pytest.raises(MoreUrgentWaiting):
        sent(house, ordinary)
    plan(house)
    critical.refresh_from_db()
    ordinary.refresh_from_db()
    assert critical.state == "dispatched"
    assert ordinary.state == "queued"


def test_a_shown_proposal_does_not_jump(house: House) -> None:
    job = asked(house)
    plan(house)
    shown = proposal(job).worker_id
    other = uid_of_other = next(house.accounts[name] for name in ("plumber", "leader") if house.accounts[name] != shown)
    assert uid_of_other == other
    # the other comes nearer by a minute or two: not enough to change what the desk was shown
    for at in (0.6, 0.7, 0.8):
        plan(house, at=at)
    assert proposal(job).worker_id == shown


def test_what_was_promised_to_somebody_stays_with_him(house: House) -> None:
    first = sent(house, asked(house))
    second = asked(house, at=1)
    plan(house, at=2)
    first.refresh_from_db()
    assert first.worker_id == house.accounts["plumber"]
    assert not Proposal.objects.filter(job=first).exists()
    assert proposal(second).worker_id is not None


def test_s44_claiming_has_a_limit_and_a_pool(house: House) -> None:
    porter: Any = house.actor("plumber")
    job = asked(house)
    with pytest.raises(NotForClaiming):
        actions.claim_job(job_id=job.uid, actor=porter, at=minutes(1))
    mode(house, "PLB", "claim", limit=1)
    Job.objects.filter(pk=job.pk).update(priority=3)
    plan(house)
    assert not Proposal.objects.filter(job=job).exists(), "the pool comes first"
    claimed = actions.claim_job(job_id=job.uid, actor=porter, at=minutes(1))
    assert claimed.worker_id == house.accounts["plumber"]
    work.accept_job(job_id=job.uid, actor=porter, at=minutes(1.2))
    second = asked(house, at=2)
    with pytest.raises(HoldsEnough):
        actions.claim_job(job_id=second.uid, actor=porter, at=minutes(3))
    with pytest.raises(NotQualified):
        actions.claim_job(job_id=second.uid, actor=house.actor("porter"), at=minutes(3))
    Job.objects.filter(pk=second.pk).update(priority=3)
    plan(house, at=20)
    assert proposal(second).worker_id is not None, "nobody volunteered for ten minutes"


def test_mode_is_the_line_managers(house: House) -> None:
    for name in ("clerk", "plumber", "leader", "officer"):
        with pytest.raises(NotAllowed):
            actions.change_mode(
                site_id=house.site_id,
                line_code="PLB",
                mode="claim",
                hold_limit=2,
                actor=house.actor(name),
                at=minutes(0),
            )
    actions.change_mode(
        site_id=house.site_id,
        line_code="PLB",
        mode="claim",
        hold_limit=2,
        actor=house.actor("line_manager"),
        at=minutes(0),
    )
    with pytest.raises(NotAllowed):
        actions.change_mode(
            site_id=house.site_id,
            line_code="ELV",
            mode="claim",
            hold_limit=2,
            actor=house.actor("line_manager"),
            at=minutes(0),
        )
    assert uid(house, "line_manager")


@pytest.mark.parametrize("seed", range(8))
def test_s5_whatever_waits_nothing_ordinary_is_sent_before_a_critical_job_that_the_same_person_could_do(
    house: House, seed: int
) -> None:
    """S5, decision 16, as a rule: any mix of urgencies, lines and people, sent by the planner itself."""
    draw = random.Random(seed)
    for line in ("PLB", "ELE"):
        mode(house, line, "automatic", limit=draw.randint(1, 3))
    if draw.random() < 0.5:
        Member.objects.filter(account_id=house.accounts["leader"]).update(is_present=False)
    jobs = [asked(house, item=draw.choice(["plb.faucet", "ele.light"]), at=n / 10) for n in range(6)]
    for job in jobs:
        Job.objects.filter(pk=job.pk).update(priority=draw.choice([1, 2, 3, 4]))
    one = planner(house)
    for turn in range(3):
        one.renewed = one.planned = -1e9
        PlannerLease.objects.update(expires_at=MONDAY_NINE)
        one.turn(minutes(1 + turn))
        now = queries.situation(PLANNER, house.site_id, at=minutes(1 + turn))
        critical = [job for job in now.waiting if job.priority == 1]
        people = {worker.key: worker for worker in now.workers}
        for job in now.held:
            if job.priority >= 3:
                assert not any(not people[job.worker_id].can.lacks(other.needs, at=now.at) for other in critical)
