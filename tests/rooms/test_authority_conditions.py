"""Conditions of the matrix hold where its verbs are: each one by name, and no role held elsewhere gets around it."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from importlib import resources
from pathlib import Path

import pytest

from tests.people import MONDAY_NINE, House
from tests.rooms.requests import ask, row
from tests.rooms.test_work_loop import asked, at_work, carry_out, done, finished, minutes, sent
from yingxu.demand import actions as demand
from yingxu.demand import queries as demand_queries
from yingxu.demand.refusals import HospitalDecides
from yingxu.ground import actions as ground
from yingxu.ground.actor import Actor, Held, engine
from yingxu.ground.models import Entry, Site
from yingxu.ground.refusals import NotAllowed, NotFound, OwnWork, ReasonNeeded
from yingxu.standards import actions as standards
from yingxu.standards.library import by_code
from yingxu.team import actions as team
from yingxu.team.actions import NewMember
from yingxu.verify import actions as verify
from yingxu.verify.refusals import ReopenTooLate
from yingxu.work import actions as work
from yingxu.work import hands

pytestmark = pytest.mark.django_db
AUTHORITY = Path(__file__).resolve().parents[2] / "docs" / "authority.md"


def with_roles_elsewhere(house: House, name: str, *roles: str) -> Actor:
    """Return a person who holds more roles, at another hospital."""
    actor = house.actor(name)
    away = tuple(Held(role, site_id=house.site_id + 1) for role in roles)
    return replace(actor, holdings=(*actor.holdings, *away))


# site_being_set_up (decision 14)


def site(code: str) -> int:
    return ground.set_up_site(code=code, name="新院", actor=engine("setup"), at=MONDAY_NINE).id


def administrator(site_id: int | None = None) -> Actor:
    return Actor("person", 1, "管理员", holdings=(Held("AD", site_id=site_id),))


def furnish(actor: Actor, site_id: int) -> list[Callable[[], object]]:
    """Return the acts that furnish a site."""
    at, place = MONDAY_NINE, ground.NewPlace("A", "", "building", "甲楼")
    return [
        lambda: ground.add_places(site_id=site_id, places=[place], actor=actor, at=at),
        lambda: ground.issue_tokens(site_id=site_id, place_codes=["A"], actor=actor, at=at),
        lambda: ground.add_party(site_id=site_id, code="x", kind="company", name="丙", actor=actor, at=at),
        lambda: standards.install_library(site_id=site_id, holidays=(), actor=actor, at=at),
        lambda: standards.extend_catalogue(site_id=site_id, lines=(), items=(), actor=actor, at=at),
    ]


def test_an_administrator_furnishes_a_site_until_its_hospital_opens_it() -> None:
    key = ground.set_up_site(code="fresh", name="新院", actor=administrator(), at=MONDAY_NINE).id
    for act in furnish(administrator(key), key):
        act()
    with pytest.raises(NotAllowed):
        ground.open_site(site_id=key, actor=administrator(key), at=MONDAY_NINE)
    ground.open_site(site_id=key, actor=Actor("person", 2, "处长", holdings=(Held("HD", key),)), at=MONDAY_NINE)
    assert Site.objects.get(pk=key).state == "open"
    n_entries = Entry.objects.count()
    for act in furnish(administrator(key), key):
        with pytest.raises(NotAllowed):
            act()
    assert Entry.objects.count() == n_entries


def test_afterwards_it_is_the_hospitals_officer_who_does() -> None:
    key = site("opened")
    ground.open_site(site_id=key, actor=engine("setup"), at=MONDAY_NINE)
    for act in furnish(Actor("person", 2, "科员", holdings=(Held("HO", key),)), key):
        act()


def test_an_administrator_of_another_site_furnishes_nothing_here() -> None:
    key = site("other")
    for act in furnish(administrator(key + 1), key):
        with pytest.raises(NotAllowed):
            act()


def test_teams_parties_and_codes_follow_the_same_rule(house: House) -> None:
    who = house.actor("administrator")
    token = ground.issue_tokens(
        site_id=house.site_id, place_codes=["S7-ORT"], actor=house.actor("officer"), at=MONDAY_NINE
    ).tokens[0]
    for act in (
        lambda: ground.revoke_token(token=token.token, reason="旧", actor=who, at=MONDAY_NINE),
        lambda: ground.sign_contract(
            site_id=house.site_id,
            party_id=house.parties["jia"],
            number="N",
            name="N",
            from_on=date(2026, 1, 1),
            to_on=None,
            actor=who,
            at=MONDAY_NINE,
        ),
        lambda: team.make_team(
            site_id=house.site_id,
            party_id=house.parties["jia"],
            code="t",
            name="t",
            line_codes=["PLB"],
            actor=who,
            at=MONDAY_NINE,
        ),
        lambda: team.join_teams(
            site_id=house.site_id,
            members=[NewMember(house.accounts["contractor"], house.teams["repair"])],
            actor=who,
            at=MONDAY_NINE,
        ),
        lambda: verify.close_from_record(job_id=finished(house).uid, actor=who, at=minutes(60)),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_a_company_puts_people_into_its_own_teams_alone(house: House) -> None:
    new = [NewMember(house.accounts["contractor"], house.teams["repair"])]
    with pytest.raises(NotAllowed):
        team.join_teams(site_id=house.site_id, members=new, actor=house.actor("lift_manager"), at=MONDAY_NINE)
    assert team.join_teams(site_id=house.site_id, members=new, actor=house.actor("manager"), at=MONDAY_NINE).n == 1
    with pytest.raises(NotFound):
        team.join_teams(site_id=house.site_id, members=[NewMember(1, -1)], actor=house.actor("manager"), at=MONDAY_NINE)


# to_p1_only, hospital_side_desk


def test_a_worker_who_is_a_dispatcher_elsewhere_still_raises_to_p1_alone(house: House) -> None:
    job = sent(house, asked(house))
    who = with_roles_elsewhere(house, "plumber", "DK", "HO")
    with pytest.raises(NotAllowed):
        demand.raise_priority(request_id=job.request.uid, priority=2, actor=who, at=minutes(3), reason="漏水变大")
    raised = demand.raise_priority(request_id=job.request.uid, priority=1, actor=who, at=minutes(3), reason="漏电")
    assert raised.priority == 1


def test_a_company_desk_with_an_office_in_another_hospital_lowers_nothing_here(house: House) -> None:
    raised = ask(house)
    who = with_roles_elsewhere(house, "company_clerk", "HO", "DK")
    with pytest.raises(HospitalDecides):
        demand.lower_priority(request_id=raised.id, priority=4, reason="不急", told="晚点来", actor=who, at=minutes(1))
    assert row(raised).priority == raised.priority


def test_a_company_desk_does_not_lower_by_accepting(house: House) -> None:
    raised = ask(house, item_code=None, text="卫生间漏水很大")
    demand.raise_priority(request_id=raised.id, priority=1, actor=house.actor("clerk"), at=minutes(1))
    with pytest.raises(HospitalDecides):
        demand.accept_request(
            request_id=raised.id,
            item_codes=["plb.faucet"],
            priority=3,
            actor=house.actor("company_clerk"),
            at=minutes(2),
        )
    taken = demand.accept_request(
        request_id=raised.id, item_codes=["plb.faucet"], actor=house.actor("company_clerk"), at=minutes(2)
    )
    assert taken.priority == 1


# within_7_days


@pytest.mark.parametrize("name", ["nurse", "link"])
def test_the_window_to_reopen_binds_the_asker_whatever_he_or_she_is_elsewhere(house: House, name: str) -> None:
    job = finished(house)
    verify.confirm_job(job_id=job.uid, actor=house.actor("nurse"), at=minutes(30))
    who = with_roles_elsewhere(house, "nurse", "DK", "HO")
    if name == "link":
        who = Actor("link", job.request_id, "", holdings=(Held("PF"),))
    late = minutes(30) + timedelta(days=7, minutes=1)
    with pytest.raises(ReopenTooLate):
        verify.reopen_job(job_id=job.uid, reason_code="same_fault", actor=who, at=late)
    assert verify.reopen_job(job_id=job.uid, reason_code="same_fault", actor=house.actor("clerk"), at=late).job_id


# requester_word, before_arrival


def test_an_asker_who_is_a_dispatcher_elsewhere_withdraws_as_an_asker(house: House) -> None:
    raised = ask(house)
    desk_only = [code for code, rule in by_code("cancel_reasons").items() if "RQ" not in rule["who"].split(";")]
    assert desk_only
    with pytest.raises(NotAllowed):
        demand.cancel_request(
            request_id=raised.id,
            reason_code=desk_only[0],
            actor=with_roles_elsewhere(house, "nurse", "DK"),
            at=minutes(1),
        )
    assert row(raised).is_open


# job_active


def test_who_works_knows_the_askers_phone_while_working(house: House) -> None:
    job = asked(house)
    demand.add_word(request_id=job.request.uid, text="请先打电话", actor=house.actor("nurse"), at=minutes(0.5))
    type(job.request).objects.filter(pk=job.request_id).update(requester_phone="13900000000")
    plumber, asked_for = house.actor("plumber"), job.request.uid
    with pytest.raises(NotFound):
        demand_queries.requester_phone(plumber, asked_for)
    at_work(house, sent(house, job))
    assert demand_queries.requester_phone(plumber, asked_for) == "13900000000"
    assert hands.jobs_in_hand(plumber)[0].requester_phone == "13900000000"
    assert hands.job_in_hand(house.actor("electrician"), job.uid).requester_phone == ""
    done(house, job)
    with pytest.raises(NotFound):
        demand_queries.requester_phone(plumber, asked_for)
    assert hands.finished_lately(plumber)[0].requester_phone == ""
    assert demand_queries.requester_phone(house.actor("clerk"), asked_for) == "13900000000"


def test_an_auditor_sees_a_phone_with_a_reason_alone_and_others_never(house: House) -> None:
    raised = ask(house, requester_phone="13900000000")
    with pytest.raises(ReasonNeeded):
        demand_queries.requester_phone(house.actor("auditor"), raised.id)
    assert demand_queries.requester_phone(house.actor("auditor"), raised.id, reason="投诉核查") == "13900000000"
    for name in ("nurse", "other_nurse", "director", "manager", "supervisor", "administrator", "contractor", "family"):
        with pytest.raises(NotFound):
            demand_queries.requester_phone(house.actor(name), raised.id, reason="好奇")


# on_behalf; separation of duty (domain 4.3.1, 4.3.6)


def test_a_leader_acts_for_a_worker_with_a_reason_and_never_for_another_team(house: House) -> None:
    job = sent(house, asked(house))
    with pytest.raises(ReasonNeeded):
        work.accept_job(job_id=job.uid, actor=house.actor("leader"), at=minutes(2))
    work.accept_job(job_id=job.uid, actor=house.actor("leader"), at=minutes(2), reason="手机没电")
    entry = Entry.objects.get(thread_id=job.request_id, kind="work.job.accepted")
    assert (entry.actor_id, entry.behalf_id) == (house.accounts["leader"], house.accounts["plumber"])
    lift = sent(house, asked(house, item="elv.stopped", place="S-L3", at=3), to="lift_fitter", at=4)
    with pytest.raises(NotAllowed):
        work.accept_job(job_id=lift.uid, actor=house.actor("leader"), at=minutes(4.5), reason="代按")


def test_a_leader_who_said_done_for_a_worker_does_not_check_it(house: House) -> None:
    job = at_work(house, sent(house, asked(house)))
    carry_out(house, job)
    work.finish_job(
        job_id=job.uid,
        actor=house.actor("leader"),
        at=minutes(20),
        result_text="换了密封圈",
        minutes=15,
        cause_code="wear",
        reason="手机没电",
    )
    with pytest.raises(OwnWork):
        verify.check_first_level(job_id=job.uid, verdict="good", actor=house.actor("leader"), at=minutes(25))


def test_an_officer_who_did_the_work_does_not_check_it(house: House) -> None:
    job = finished(house)
    both = replace(
        house.actor("plumber"), holdings=(*house.actor("plumber").holdings, Held("HO", site_id=house.site_id))
    )
    with pytest.raises(OwnWork):
        verify.check_job(job_id=job.uid, actor=both, at=minutes(30))
    with pytest.raises(OwnWork):
        verify.check_first_level(
            job_id=job.uid,
            verdict="good",
            actor=replace(both, holdings=(*both.holdings, *house.actor("leader").holdings)),
            at=minutes(30),
        )


def test_nobody_approves_the_own_pause_in_whatever_role(house: House) -> None:
    job = at_work(house, sent(house, asked(house)))
    work.pause_job(
        job_id=job.uid, reason_code="R1", expected_at=minutes(90), actor=house.actor("plumber"), at=minutes(12)
    )
    both = replace(
        house.actor("plumber"), holdings=(*house.actor("plumber").holdings, Held("DK", site_id=house.site_id))
    )
    for decide in (work.approve_pause, work.refuse_pause):
        with pytest.raises(OwnWork):
            decide(job_id=job.uid, actor=both, at=minutes(15))
    with pytest.raises(NotAllowed):
        work.approve_pause(job_id=job.uid, actor=with_roles_elsewhere(house, "officer", "DK"), at=minutes(15))
    work.approve_pause(job_id=job.uid, actor=house.actor("clerk"), at=minutes(15))


@pytest.mark.parametrize("who", ["company_clerk", "plumber", "leader", "line_manager", "manager"])
def test_the_company_lowers_nothing(house: House, who: str) -> None:
    """Domain 4.3.2."""
    raised = ask(house)
    with pytest.raises((HospitalDecides, NotAllowed)):
        demand.lower_priority(
            request_id=raised.id, priority=4, reason="不急", told="晚点来", actor=house.actor(who), at=minutes(1)
        )
    with pytest.raises(NotAllowed):
        demand.approve_lowering(request_id=raised.id, reason="好", actor=house.actor(who), at=minutes(1))
    job = asked(house)
    for name in ("nurse", "director", "officer", "clerk"):
        with pytest.raises(NotAllowed):  # and the hospital keeps its hands off the company's record (4.3.3)
            work.add_evidence(job_id=job.uid, photos=[], label="after", actor=house.actor(name), at=minutes(2))


# every condition is kept somewhere


def test_every_condition_of_the_data_is_told_in_the_docs() -> None:
    text = (resources.files("yingxu.ground") / "roles" / "permissions.csv").read_text(encoding="utf-8")
    named = {part.split(":")[0] for r in csv.DictReader(text.splitlines()) for part in r["condition"].split(";")}
    told = AUTHORITY.read_text(encoding="utf-8")
    assert {name for name in named if name and f"`{name}`" not in told} == set()
