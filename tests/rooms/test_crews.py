"""Jobs that take several: planned with all their people, offered to one who answers for it, asked of those beside."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.people import House
from tests.rooms.test_planner import mode, plan, planner, proposal
from tests.rooms.test_work_loop import asked, minutes, sent, uid
from yingxu.connect.planner.problem import able, pose
from yingxu.connect.planner.reckoning import PLANNER
from yingxu.connect.planner.standing import Standing
from yingxu.core.routing.fallback import fallback_plan
from yingxu.dispatch import actions, queries
from yingxu.dispatch.models import Assignment, Mate
from yingxu.dispatch.refusals import LeaseLost, NotGoingAlong, NotQualified
from yingxu.ground.models import Delivery, Entry
from yingxu.ground.refusals import NotAllowed, NotFound, ReasonNeeded
from yingxu.standards.models import Item
from yingxu.team.models import Member
from yingxu.work import actions as work
from yingxu.work.models import Job
from yingxu.work.refusals import IllegalMove

pytestmark = pytest.mark.django_db


def for_two(house: House, at: float = 0) -> Job:
    """A tap that takes two people."""
    Item.objects.filter(site_id=house.site_id, code="plb.faucet").update(crew=2)
    return asked(house, at=at)


def both(house: House) -> set[int]:
    return {house.accounts["plumber"], house.accounts["leader"]}


def sent_to_two(house: House) -> Job:
    job = for_two(house)
    actions.assign_job(
        job_id=job.uid,
        worker_id=uid(house, "plumber"),
        mate_ids=(uid(house, "leader"),),
        actor=house.actor("clerk"),
        at=minutes(1),
    )
    job.refresh_from_db()
    return job


def test_a_job_for_two_is_planned_with_both(house: House) -> None:
    job = for_two(house)
    plan(house)
    said = proposal(job)
    assert said.worker_id in both(house)
    assert said.reason["crew"] == 2
    assert said.reason["missing"] == 0
    names = {"王水工", "刘班长"}
    assert {said.worker.name if said.worker else "", said.reason["mates"][0]["name"]} == names


def test_the_first_answer_names_both_too_and_is_one_statement(house: House) -> None:
    one = planner(house)
    one.turn(minutes(0))
    job = for_two(house, at=1)
    found = queries.new_jobs(PLANNER, house.site_id, [job.pk])
    assert one.standing is not None
    _, said = one.standing.with_one_more(found[0])
    assert said.reason["missing"] == 0
    with CaptureQueriesContext(connection) as seen:
        actions.propose_first(
            site_id=house.site_id, holder="one", lease=one.lease, proposals=[said], actor=PLANNER, at=minutes(1)
        )
    assert len(seen) == 1
    assert proposal(job).reason["mates"] == said.reason["mates"]


def test_whoever_lost_the_lease_gives_no_first_answer(house: House) -> None:
    one = planner(house)
    one.turn(minutes(0))
    other = planner(house, "other")
    assert other.turn(minutes(0.2))
    job = asked(house, at=1)
    found = queries.new_jobs(PLANNER, house.site_id, [job.pk])
    assert one.standing is not None
    _, said = one.standing.with_one_more(found[0])
    with pytest.raises(LeaseLost):
        actions.propose_first(
            site_id=house.site_id, holder="one", lease=one.lease, proposals=[said], actor=PLANNER, at=minutes(1)
        )


def test_what_is_new_is_read_in_one_statement_and_a_glance_is_one(house: House) -> None:
    job = for_two(house)
    queries.new_jobs(PLANNER, house.site_id, [job.pk])
    with CaptureQueriesContext(connection) as seen:
        queries.commit_mark()
        look = queries.look(house.site_id)
        found = queries.new_jobs(PLANNER, house.site_id, [job.pk])
    assert len(seen) == 3
    assert look.waiting == {job.pk}
    now = queries.situation(PLANNER, house.site_id, at=minutes(1))
    assert found == now.waiting, "the hot question tells what the whole reading tells"


def test_without_a_second_the_first_goes_alone_and_the_desk_is_told(house: House) -> None:
    job = for_two(house)
    Member.objects.filter(account_id=house.accounts["leader"]).update(is_present=False)
    plan(house)
    said = proposal(job)
    assert said.worker_id == house.accounts["plumber"]
    assert said.reason["missing"] == 1, "the electrician is no help at a tap"
    assert said.reason["mates"] == []


def test_who_cannot_answer_for_it_may_go_along(house: House) -> None:
    job = for_two(house)
    Member.objects.filter(account_id=house.accounts["leader"]).update(skills={"plumbing": 1})
    plan(house)
    said = proposal(job)
    assert said.worker_id == house.accounts["plumber"]
    assert [mate["name"] for mate in said.reason["mates"]] == ["刘班长"]


def test_a_line_that_sends_by_itself_calls_both(house: House) -> None:
    mode(house, "PLB", "automatic")
    job = for_two(house)
    plan(house)
    job.refresh_from_db()
    assert job.state == "dispatched"
    mate = Mate.objects.get(job=job)
    assert {job.worker_id, mate.worker_id} == both(house)
    assert mate.outcome == "offered"
    assert mate.made_by_id is None


def test_the_crew_is_told_and_one_answers_for_it(house: House) -> None:
    job = sent_to_two(house)
    mate = Mate.objects.get(job=job)
    assert mate.worker_id == house.accounts["leader"]
    assert Assignment.objects.get(job=job).worker_id == house.accounts["plumber"]
    assert Delivery.objects.filter(kind="dispatch.mate.called", to_account_id=mate.worker_id).exists()
    said = actions.accept_to_go_along(job_id=job.uid, actor=house.actor("leader"), at=minutes(2))
    assert said.outcome == "accepted"
    with pytest.raises(NotGoingAlong):
        actions.accept_to_go_along(job_id=job.uid, actor=house.actor("leader"), at=minutes(3))
    assert Delivery.objects.filter(kind="dispatch.mate.accepted", to_account_id=job.worker_id).exists()
    work.accept_job(job_id=job.uid, actor=house.actor("plumber"), at=minutes(3))
    job.refresh_from_db()
    assert job.accountable_id == house.accounts["plumber"]


def test_who_cannot_come_says_why_and_is_not_planned_along_again(house: House) -> None:
    job = sent_to_two(house)
    with pytest.raises(ReasonNeeded):
        actions.decline_to_go_along(job_id=job.uid, note=" ", actor=house.actor("leader"), at=minutes(2))
    actions.decline_to_go_along(job_id=job.uid, note="在地下室，走不开", actor=house.actor("leader"), at=minutes(2))
    assert Mate.objects.get(job=job).outcome == "declined"
    assert Entry.objects.get(kind="dispatch.mate.declined").facts["note"] == "在地下室，走不开"
    now = queries.situation(PLANNER, house.site_id, at=minutes(3))
    held = next(one for one in now.held if one.key == job.pk)
    assert held.mates == ()
    assert held.no_mates == {house.accounts["leader"]}


def test_nobody_else_answers_for_who_was_called(house: House) -> None:
    job = sent_to_two(house)
    for name in ("plumber", "electrician", "clerk", "nurse"):
        with pytest.raises(NotAllowed):
            actions.accept_to_go_along(job_id=job.uid, actor=house.actor(name), at=minutes(2))


def test_one_more_is_called_later_by_the_desk(house: House) -> None:
    job = sent(house, for_two(house))
    with pytest.raises(NotAllowed):
        actions.call_mate(job_id=job.uid, worker_id=uid(house, "leader"), actor=house.actor("nurse"), at=minutes(2))
    with pytest.raises(NotQualified):
        actions.call_mate(
            job_id=job.uid, worker_id=uid(house, "electrician"), actor=house.actor("clerk"), at=minutes(2)
        )
    said = actions.call_mate(job_id=job.uid, worker_id=uid(house, "leader"), actor=house.actor("clerk"), at=minutes(2))
    assert said.worker_name == "刘班长"
    waiting = asked(house, at=3)
    with pytest.raises(IllegalMove):
        actions.call_mate(job_id=waiting.uid, worker_id=uid(house, "leader"), actor=house.actor("clerk"), at=minutes(4))
    with pytest.raises(NotFound):
        actions.call_mate(job_id=job.uid, worker_id=job.uid, actor=house.actor("clerk"), at=minutes(4))


def test_a_job_that_came_back_asks_anew(house: House) -> None:
    job = sent_to_two(house)
    actions.accept_to_go_along(job_id=job.uid, actor=house.actor("leader"), at=minutes(2))
    actions.pull_back_job(job_id=job.uid, actor=house.actor("clerk"), at=minutes(3))
    with pytest.raises((NotGoingAlong, NotAllowed)):
        actions.decline_to_go_along(job_id=job.uid, note="x", actor=house.actor("leader"), at=minutes(4))
    actions.assign_job(
        job_id=job.uid,
        worker_id=uid(house, "plumber"),
        mate_ids=(uid(house, "leader"),),
        actor=house.actor("clerk"),
        at=minutes(5),
    )
    assert Mate.objects.get(job=job).outcome == "offered", "yesterday's yes is not today's"


def test_what_was_promised_to_two_stays_with_both(house: House) -> None:
    job = sent_to_two(house)
    now = queries.situation(PLANNER, house.site_id, at=minutes(2))
    one = planner(house)
    posed = pose(now, one.ground(minutes(1)))
    order = next(o for o in posed.problem.orders if o.id == str(job.pk))
    assert len(order.roles) == 2
    made = fallback_plan(posed.problem)
    busy = {posed.problem.workers[k].id for k, stops in enumerate(made.routes) if stops}
    assert busy == {str(key) for key in both(house)}


def test_three_are_planned_as_far_as_there_are_people(house: House) -> None:
    job = for_two(house)
    Item.objects.filter(site_id=house.site_id, code="plb.faucet").update(crew=3)
    now = queries.situation(PLANNER, house.site_id, at=minutes(1))
    posed = pose(now, planner(house).ground(minutes(1)))
    who = able(posed, now.waiting[0])
    assert who.crew == 2
    standing = Standing(posed, fallback_plan(posed.problem))
    assert standing.plan.unassigned == ()
    plan(house)
    assert proposal(job).reason["missing"] == 1


def test_those_who_go_together_see_each_other_and_nobody_else_does(house: House) -> None:
    job = sent_to_two(house)
    Mate.objects.create(
        job=job,
        site_id=job.site_id,
        worker_id=house.accounts["electrician"],
        outcome="accepted",
        made_at=minutes(2),
    )

    def seen_by(name: str) -> list[str]:
        actor = house.actor(name)
        with CaptureQueriesContext(connection) as asked_for:
            found = queries.going_with(actor, [job.uid])
        assert len(asked_for) == 1
        return sorted(one.name for one in found.get(job.uid, ()))

    assert seen_by("plumber") == sorted(["刘班长", "陈电工"])
    assert seen_by("leader") == ["陈电工"]
    assert seen_by("clerk") == []
    actions.decline_to_go_along(job_id=job.uid, note="手上有急活", actor=house.actor("leader"), at=minutes(3))
    assert seen_by("leader") == [], "who does not go sees nothing of it"
    assert seen_by("plumber") == ["陈电工"]
