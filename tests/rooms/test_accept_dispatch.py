"""What the domain says of sending, as rules and not as its examples: S5, S17, S44, S75, AS-04, §2.2.10 and 11."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.people import House
from tests.rooms.test_planner import mode, plan
from tests.rooms.test_who_can import TODAY, gated, on_duty, paper
from tests.rooms.test_work_loop import asked, minutes, sent, uid
from yingxu.demand import actions as demand
from yingxu.demand.wanted import Wanted
from yingxu.dispatch import actions as dispatch
from yingxu.dispatch import queries
from yingxu.dispatch.actions.rounds import assign_round
from yingxu.dispatch.models import Assignment, Proposal
from yingxu.dispatch.queries.situation import JobNow
from yingxu.dispatch.refusals import MoreUrgentWaiting, NotQualified
from yingxu.dispatch.snapshots import Needs, clearances_at
from yingxu.ground.models import Entry
from yingxu.standards.library import rows
from yingxu.standards.refusals.forms import FormWrong
from yingxu.team import actions as team
from yingxu.team.fitness import Fitness
from yingxu.team.models import Member
from yingxu.web import errors
from yingxu.web.desk import cards
from yingxu.work import actions as work
from yingxu.work.custody import marks_of, normal
from yingxu.work.models import Job, TransportDelay
from yingxu.work.transport import delays_counted, transport
from yingxu.work.zones import in_zones

pytestmark = pytest.mark.django_db
NINE = datetime(2025, 3, 3, 1, 0, tzinfo=UTC)


# S5: no dispatch rule can place a P3 before an unassigned P1


def _claim(house: House, job: Job) -> object:
    return dispatch.claim_job(job_id=job.uid, actor=house.actor("plumber"), at=minutes(5))


def _assign(house: House, job: Job) -> object:
    return sent(house, job, at=5)


def _round(house: House, job: Job) -> object:
    return assign_round(job_ids=[job.uid], worker_id=uid(house, "plumber"), actor=house.actor("clerk"), at=minutes(5))


def _line_manager(house: House, job: Job) -> object:
    return sent(house, job, by="line_manager", at=5)


def _leader(house: House, job: Job) -> object:
    return sent(house, job, by="leader", at=5)


WAYS: dict[str, Callable[[House, Job], object]] = {
    "the desk's": _assign,
    "the line manager's": _line_manager,
    "the team leader's": _leader,
    "claiming": _claim,
    "a round": _round,
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("priority", [3, 4])
def test_s5_by_no_way_goes_ordinary_work_before_an_unassigned_critical_job(
    house: House, way: str, priority: int
) -> None:
    mode(house, "PLB", "claim", limit=5)
    job, critical = asked(house), asked(house, at=0.1)
    Job.objects.filter(pk=job.pk).update(priority=priority)
    Job.objects.filter(pk=critical.pk).update(priority=1)
    with pytest.raises(MoreUrgentWaiting) as why:
        WAYS[way](house, job)
    assert why.value.waiting == critical.number
    assert not Assignment.objects.exists()
    sent(house, critical, "leader", at=4)  # somebody goes there: now the rest may
    WAYS[way](house, job)
    job.refresh_from_db()
    assert job.worker_id == house.accounts["plumber"]


def test_s5_an_offer_is_not_moved_to_somebody_whom_a_critical_job_waits_for(house: House) -> None:
    job = sent(house, asked(house))
    critical = asked(house, at=2)
    Job.objects.filter(pk=critical.pk).update(priority=1)
    with pytest.raises(MoreUrgentWaiting):
        dispatch.reassign_job(job_id=job.uid, worker_id=uid(house, "leader"), actor=house.actor("clerk"), at=minutes(3))
    job.refresh_from_db()
    assert (job.state, job.worker_id) == ("dispatched", house.accounts["plumber"])


# S5: rest and hours are hard, whatever the way and whoever asks


@pytest.mark.parametrize("way", WAYS)
def test_s5_nobody_is_sent_after_duty_by_any_way(house: House, way: str) -> None:
    on_duty(house, "plumber", begin=-400, end=4)
    on_duty(house, "leader")
    gated(house)
    mode(house, "PLB", "claim", limit=5)
    job = asked(house)
    with pytest.raises(NotQualified) as why:
        WAYS[way](house, job)
    assert why.value.missing[0].startswith("duty:over")
    with pytest.raises(NotQualified):  # nor by the hospital, with a reason
        sent(house, job, by="officer", at=5, override_reason="缺人")
    sent(house, job, "leader", at=5)
    with pytest.raises(NotQualified):  # nor to go along
        dispatch.call_mate(job_id=job.uid, worker_id=uid(house, "plumber"), actor=house.actor("clerk"), at=minutes(6))


# S17: only who is qualified; what is missing is named


def _bad_papers() -> list[tuple[str, Any]]:
    yesterday, later = (TODAY - timedelta(days=1)).isoformat(), "2030-01-01"
    return [
        ("none", None),
        ("unverified", [False, later, ""]),
        ("expired", [True, yesterday, ""]),
        ("review_overdue", [True, later, yesterday]),
    ]


PAPERS = sorted({row["certificates"] for row in rows("items") if row["certificates"]})


@pytest.mark.parametrize(("state", "bad"), _bad_papers())
def test_s17_every_certificate_of_the_catalogue_is_asked_for_and_named(state: str, bad: Any) -> None:
    duty = {"gates_from": NINE, "duty_from": NINE, "duty_to": NINE + timedelta(hours=8)}
    good = [True, "2030-01-01", ""]
    assert PAPERS
    for said in PAPERS:
        needed = said.split(";")
        for missing in needed:
            kinds = missing.split("|")
            held = {kind: good for one in needed if one != missing for kind in one.split("|") if kind not in kinds}
            held |= {} if bad is None else {kinds[0]: bad}
            lacks = Fitness(papers=held, **duty).lacks(certificates=needed, clearances=(), at=NINE)
            assert lacks == (f"certificate:{kinds[0]}:{state}",), said
        for choice in itertools.product(*[one.split("|") for one in needed]):
            held = dict.fromkeys(choice, good)
            assert Fitness(papers=held, **duty).lacks(certificates=needed, clearances=(), at=NINE) == (), said


def test_as04_the_refusal_says_it_in_words_somebody_with_it_comes_first_and_the_override_is_in_the_ledger(
    house: House,
) -> None:
    """AS-04 whole: 低压电工 复审逾期; who has a valid one is offered; the override needs HO and is logged."""
    Member.objects.filter(account_id=house.accounts["leader"]).update(skills={"electrical": 2})
    paper(house, "electrician", "LV", until=date(2027, 1, 1), review=TODAY - timedelta(days=1))
    paper(house, "leader", "LV", until=date(2027, 1, 1), review=TODAY)
    on_duty(house, "electrician", "leader", "plumber")
    gated(house)
    job = asked(house, "ele.outage")
    with pytest.raises(NotQualified) as why:
        sent(house, job, "electrician")
    said = errors.sentence(why.value)
    assert "低压电工" in said
    assert "复审逾期" in said
    shown = queries.request_jobs(job.request_id)[0]
    found = queries.candidates(queries.workers(house.actor("clerk"), house.site_id), shown.needs, at=minutes(1))
    assert (found[0].worker.name, found[0].missing) == ("刘班长", ())
    assert all(row.missing for row in found[1:])
    for who in ("clerk", "leader", "line_manager", "manager", "director"):
        with pytest.raises(Exception, match=r"not_qualified|not_allowed"):
            sent(house, job, "electrician", by=who, override_reason="急")
    sent(house, job, "electrician", by="officer", override_reason="复审在办，现场有人监护")
    entry = Entry.objects.get(kind="dispatch.job.assigned", subject_id=job.pk)
    assert (entry.actor_id, entry.facts["override_reason"]) == (house.accounts["officer"], "复审在办，现场有人监护")


def test_s17_nobody_who_lacks_something_is_ever_proposed(house: House) -> None:
    """Every mix of what a worker may lack: somebody is proposed exactly when he lacks nothing."""
    on_duty(house, "plumber", "leader")
    gated(house)
    Member.objects.filter(account_id=house.accounts["leader"]).update(is_present=False)
    team.restrict_zone(
        site_id=house.site_id, place_code="S7", clearance="clean", actor=house.actor("officer"), at=minutes(0)
    )
    job = asked(house)
    for n, (skill, cleared, present) in enumerate(itertools.product([True, False], repeat=3)):
        Member.objects.filter(account_id=house.accounts["plumber"]).update(
            skills={"plumbing": 2} if skill else {}, clearances=["clean"] if cleared else [], is_present=present
        )
        plan(house, at=1 + n)
        proposed = Proposal.objects.get(job=job).worker_id
        assert proposed == (house.accounts["plumber"] if skill and cleared and present else None)


# S44: restricted places


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.integers(1, 30), min_size=1, max_size=5),
    st.lists(st.integers(1, 30), min_size=1, max_size=5),
    st.sampled_from(["infection", "clean", "security", "radiation"]),
)
def test_s44_a_restriction_holds_for_the_place_and_everything_in_it_and_nothing_else(
    zone: list[int], place: list[int], clearance: str
) -> None:
    def path(keys: list[int]) -> str:
        return "/" + "".join(f"{key}/" for key in keys)

    is_inside = place[: len(zone)] == zone
    asked_for = clearances_at([(path(zone), clearance)], path(place))
    assert asked_for == ((clearance,) if is_inside else ())
    lacks = Fitness(gates_from=NINE, duty_from=NINE, duty_to=NINE + timedelta(hours=8)).lacks(
        certificates=(), clearances=asked_for, at=NINE
    )
    assert lacks == ((f"clearance:{clearance}",) if is_inside else ())


# S75: the asker's rank changes nothing in who goes first


def test_s75_the_planner_knows_nothing_of_who_asks() -> None:
    known = set(JobNow.__dataclass_fields__) | set(Needs.__dataclass_fields__)
    assert not {name for name in known if any(word in name for word in ("request", "owner", "asker", "rank", "name"))}


def test_s75_whoever_asks_the_same_person_is_sent_at_the_same_moment(house: House) -> None:
    def planned(names: tuple[str, str]) -> list[tuple[int | None, datetime | None]]:
        with transaction.atomic():
            jobs = []
            for at, name in enumerate(names):
                raised = demand.raise_request(
                    site_id=house.site_id,
                    channel="phone",
                    text="首长要洗漱" if name else "病人要洗漱",
                    item_code="plb.faucet",
                    place_code="S7-ORT-WC",
                    requester_name=name,
                    actor=house.actor("clerk"),
                    at=minutes(at / 10),
                )
                jobs.append(Job.objects.get(request__uid=raised.id))
            plan(house, at=1)
            found = [Proposal.objects.values_list("worker_id", "start_at").get(job=job) for job in jobs]
            transaction.set_rollback(True)
        return found

    assert planned(("院长", "")) == planned(("", "院长")) == planned(("", ""))


# §2.2.10: what must be said before somebody is sent for a patient; two identifiers


MOVING = ("mode", "isolation")


@pytest.mark.parametrize("left_out", ["patient_name", "patient_no", *MOVING])
def test_an_escort_is_not_taken_in_without_what_must_be_known(house: House, left_out: str) -> None:
    form = {
        "patient_name": "赵一鸣",
        "patient_no": "ZY20250381",
        "mode": "stretcher",
        "isolation": "contact",
        "to": "呼吸科",
    }
    form.pop(left_out)
    with pytest.raises(FormWrong) as why:
        demand.raise_request(
            site_id=house.site_id,
            channel="web",
            text="送检查",
            item_code="esc.exam",
            place_code="S7-ORT-ST",
            wanted=Wanted(form=form),
            actor=house.actor("nurse"),
            at=minutes(0),
        )
    assert [one.code for one in why.value.fields] == [left_out]


words = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=12)


@settings(max_examples=150, deadline=None)
@given(words, words, words, words)
def test_two_identifiers_agree_only_when_both_read_the_same(a: str, b: str, c: str, d: str) -> None:
    """§2.2.10: width, case and blanks are forgiven, nothing else; one that agrees does not make up for the other."""
    job = UUID(int=7)
    first, second = (normal(a), normal(b)), (normal(c), normal(d))
    assert (marks_of(job, first) == marks_of(job, second)) == (first == second)
    assert normal(f" {a} ".upper()) == normal(a.upper())
    if normal(a) and normal(b):
        assert not {normal(a), normal(b)} & set(marks_of(job, first))


def test_each_node_of_a_chain_has_its_time_person_and_temperature(house: House) -> None:
    """§2.2.11: scan out, carry, scan in; time, temperature, person at each node."""
    Member.objects.filter(account_id=house.accounts["porter"]).update(skills={"courier": 3})
    raised = demand.raise_request(
        site_id=house.site_id,
        channel="web",
        text="送标本",
        item_code="dlv.specimen",
        place_code="S7-ORT-ST",
        wanted=Wanted(form={"kind": "blood", "to": "呼吸科", "cold": "yes"}),
        actor=house.actor("nurse"),
        at=minutes(0),
    )
    job = sent(house, Job.objects.get(request__uid=raised.id), "porter")
    porter = house.actor("porter")
    work.accept_job(job_id=job.uid, actor=porter, at=minutes(2))
    work.arrive_at_job(job_id=job.uid, actor=porter, at=minutes(4), place_code="S7-ORT-ST")
    load: dict[str, Any] = {"job_id": job.uid, "identifiers": ("BX-7", "3"), "actor": porter}
    work.take_load(**load, at=minutes(5), temperature_c=Decimal("4.2"))
    work.give_load(**load, at=minutes(15), temperature_c=Decimal("5.0"), counterpart="检验科 林", place_code="N5-RES")
    nodes = transport(house.actor("clerk"), job.uid).nodes
    told = [(node.kind, node.worker, node.temperature_c, node.scanned_at) for node in nodes]
    assert told == [("taken", "周运送", "4.2", minutes(5)), ("given", "周运送", "5.0", minutes(15))]


# whose people and whose delays somebody sees


def test_a_desk_sees_zones_delays_and_workers_of_its_own_side_alone(house: House) -> None:
    """A role that does not read the queue widens nothing: who also asks for a ward sees no other company's people."""
    work.sign_in_zone(place_code="S7-ORT", actor=house.actor("porter"), at=minutes(1))
    for who, n in (("clerk", 1), ("company_clerk", 1), ("lift_manager", 0), ("nurse", 0)):
        assert len(in_zones(house.actor(who), house.site_id, since_at=minutes(0))) == n, who
        assert bool(queries.workers(house.actor(who), house.site_id)) == (who != "nurse"), who
    both = house.actor("lift_manager")
    both = replace(both, holdings=(*both.holdings, *house.actor("nurse").holdings))
    assert {row.name for row in queries.workers(both, house.site_id)} == {"吴梯工"}
    span = {"from_at": minutes(0), "to_at": minutes(60)}
    job = sent(house, asked(house))
    TransportDelay.objects.create(
        job=job,
        reason_code="nobody_there",
        accountable="asker",
        begun_at=minutes(5),
        ended_at=minutes(9),
        account_id=house.accounts["porter"],
    )
    assert [one.n for one in delays_counted(house.actor("company_clerk"), house.site_id, **span)] == [1]
    assert delays_counted(house.actor("lift_manager"), house.site_id, **span) == ()


def test_s5_what_is_critical_stands_first_at_the_desk_however_late_the_rest_is(house: House) -> None:
    """Also where there is more than the desk shows: a critical request is never cut off by a backlog."""
    for n in range(3):
        asked(house, at=-60 * 24 * n)
    critical = asked(house, "plb.burst", at=1)
    clerk = house.actor("clerk")
    shown = queries.desk_rows(clerk, house.site_id, limit=2)
    assert shown[0].number == critical.request.number
    column = next(one for one in cards.board(queries.desk_rows(clerk, house.site_id), at=minutes(2)) if one.n == 4)
    assert column.cards[0].number == critical.request.number
