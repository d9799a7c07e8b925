"""Emergencies: proposed by a critical request, confirmed by a person, led, judged by limits; drills apart."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.people import MONDAY_NINE, House
from tests.rooms.requests import ask
from yingxu.demand import actions as demand
from yingxu.demand.actions import Raised
from yingxu.demand.models import Request
from yingxu.ground.actions.hooks import relay_facts, subscribe
from yingxu.ground.actor import engine
from yingxu.ground.manner import retold
from yingxu.ground.models import Account, Delivery, Entry
from yingxu.ground.refusals import Malformed, NotAllowed, NotFound
from yingxu.promise.models import Promise
from yingxu.work.actions.emergency_plans import make_plan
from yingxu.work.actions.incident_log import note_line, note_mark, record_try, touch_place
from yingxu.work.actions.incident_watch import IncidentsWatched, watch_incidents
from yingxu.work.actions.incidents import (
    drop_incident,
    end_incident,
    join_incident,
    open_incident,
    review_incident,
    start_drill,
    take_command,
)
from yingxu.work.emergencies import Step, starter_tree
from yingxu.work.models import Job
from yingxu.work.models.incidents import CallTry, Incident, IncidentCall, IncidentLine, LimitPassed
from yingxu.work.queries.incidents import drills, incident_for, incident_list, leaders, plan_for, standing_incidents
from yingxu.work.refusals.incidents import BadCallTree, IncidentNotSo, MarkMissing, MarkTaken, ReleaserNotCertified

pytestmark = pytest.mark.django_db


def after(minutes: float) -> datetime:
    return MONDAY_NINE + timedelta(minutes=minutes)


def trapped(house: House, **given: Any) -> Raised:
    return ask(house, item_code="elv.trapped", text="3号梯关人了", place_code="S-L3", **given)


def proposed(house: House) -> Incident:
    return Incident.objects.get(request_id=trapped(house).key)


def opened(house: House, **given: Any) -> Incident:
    row = proposed(house)
    open_incident(incident_id=row.uid, actor=house.actor("clerk"), at=after(0.5), **given)
    row.refresh_from_db()
    return row


def drilled(house: House, **given: Any) -> Incident:
    values: dict[str, Any] = {"site_id": house.site_id, "kind": "entrapment", "place_code": "S-L3", **given}
    made = start_drill(actor=house.actor("officer"), at=MONDAY_NINE, **values)
    return Incident.objects.get(uid=made.uid)


def mark(house: House, row: Incident, code: str, minutes: float, *, who: str = "clerk", **given: Any) -> None:
    note_mark(incident_id=row.uid, mark=code, actor=house.actor(who), at=after(minutes), **given)


def look(minutes: float) -> IncidentsWatched:
    return watch_incidents(actor=engine("clock"), at=after(minutes))


def states(house: House, row: Incident, minutes: float) -> dict[str, str]:
    seen = incident_for(house.actor("officer"), row.uid, at=after(minutes))
    return {one.rule.code: one.standing.state for one in seen.limits}


def call(row: Incident, branch: str, level: int) -> IncidentCall:
    return IncidentCall.objects.get(incident=row, branch=branch, level=level)


def facts(kind: str) -> list[tuple[datetime, dict[str, Any]]]:
    return list(Entry.objects.filter(kind=kind).order_by("happened_at", "id").values_list("happened_at", "facts"))


# proposed, confirmed


def test_a_critical_request_proposes_and_nothing_runs_until_a_person_confirms(house: House) -> None:
    row = proposed(house)
    assert (row.kind, row.state, row.reported_at, row.is_drill) == ("entrapment", "proposed", MONDAY_NINE, False)
    assert look(60).n_calls == 0
    with pytest.raises(NotAllowed):
        open_incident(incident_id=row.uid, actor=house.actor("nurse"), at=after(1))
    kept = open_incident(incident_id=row.uid, actor=house.actor("clerk"), at=after(1))
    row.refresh_from_db()
    assert (kept.state, row.commander_id) == ("open", house.accounts["clerk"])
    with pytest.raises(IncidentNotSo):
        open_incident(incident_id=row.uid, actor=house.actor("clerk"), at=after(2))


def test_what_is_not_critical_or_no_emergency_proposes_nothing(house: House) -> None:
    ask(house)
    ask(house, item_code="elv.stopped", text="停梯", place_code="S-L3")
    assert not Incident.objects.exists()


def test_a_request_that_becomes_critical_proposes_once(house: House) -> None:
    raised = ask(house)
    desk = house.actor("clerk")
    given: dict[str, Any] = {"request_id": raised.id, "reason": "水碰到电", "actor": desk, "at": after(1)}
    demand.raise_priority(priority=1, **given)
    demand.lower_priority(priority=2, told="已电话告知", **given)
    demand.raise_priority(priority=1, **given)
    assert [row.kind for row in Incident.objects.all()] == ["flood"]


def test_what_is_retold_from_a_log_proposes_nothing(house: House) -> None:
    with retold(evidence="log"):
        trapped(house)
    assert not Incident.objects.exists()


def test_a_false_one_is_dropped_with_its_reason(house: House) -> None:
    row = proposed(house)
    with pytest.raises(Malformed):
        drop_incident(incident_id=row.uid, words=" ", actor=house.actor("clerk"), at=after(1))
    kept = drop_incident(incident_id=row.uid, words="只是停梯,无人", actor=house.actor("clerk"), at=after(1))
    assert kept.state == "dropped"
    assert Request.objects.get(pk=row.request_id).is_open


def test_a_proposal_falls_away_when_its_request_ends(house: House) -> None:
    row = proposed(house)
    Request.objects.filter(pk=row.request_id).update(is_open=False, final_answer="cancelled")
    assert look(5).n_dropped == 1
    assert look(6).n_dropped == 0
    assert incident_list(house.actor("clerk"), house.site_id) == ()


def test_a_second_report_of_the_same_is_joined(house: House) -> None:
    row = opened(house)
    other = Incident.objects.get(request_id=trapped(house, who="other_nurse").key)
    join_incident(incident_id=other.uid, into_id=row.uid, actor=house.actor("clerk"), at=after(2))
    other.refresh_from_db()
    assert (other.state, other.joined_to_id) == ("joined", row.pk)
    assert [one.uid for one in standing_incidents(house.actor("clerk"), house.site_id)] == [row.uid]


# the legal clocks of domain 6.18


def test_as_17_the_whole_of_it(house: House) -> None:
    """Reported 10:00, notified 10:01, at the door 10:07, maintainer 10:31, freed 10:38: met exactly."""
    row = opened(house)
    mark(house, row, "notified", 1)
    mark(house, row, "at_door", 7, who="plumber")
    mark(house, row, "maintainer", 31)
    for minute in range(2, 38, 3):
        mark(house, row, "contact", 40, happened_at=after(minute))
    mark(house, row, "freed", 40, happened_at=after(38))
    found = states(house, row, 50)
    assert (found["legal_arrival"], found["at_door"], found["notify"], found["contact"]) == ("kept",) * 4
    assert found["freeing"] == "measured"
    end_incident(incident_id=row.uid, outcome="real", actor=house.actor("clerk"), at=after(45))
    seen = incident_for(house.actor("officer"), row.uid, at=after(60))
    assert "released" not in seen.marks


def test_as_17_the_lift_stays_locked_until_a_holder_of_t_releases(house: House) -> None:
    row = opened(house)
    with pytest.raises(Malformed) as refused:
        mark(house, row, "released", 40)
    assert refused.value.field == "certificate_number"
    mark(house, row, "released", 41, words="T 证 3201", who="lift_manager")
    line = IncidentLine.objects.get(incident=row, code="released")
    assert line.text == "冯经理 T 证 3201"


def test_as_17_where_papers_are_kept_only_a_certified_person_releases(house: House) -> None:
    from yingxu.team.models import Member, Team

    Team.objects.filter(pk=house.teams["lift"]).update(gates_from=MONDAY_NINE - timedelta(days=1))
    row, fitter = opened(house), house.actor("lift_fitter")
    uid = Account.objects.get(pk=house.accounts["lift_fitter"]).uid
    with pytest.raises(ReleaserNotCertified) as refused:
        note_mark(incident_id=row.uid, mark="released", releaser_id=uid, actor=house.actor("clerk"), at=after(40))
    assert (refused.value.name, refused.value.certificate, refused.value.state) == ("吴梯工", "T", "none")
    Member.objects.filter(account_id=house.accounts["lift_fitter"]).update(papers={"T": [True, "2030-01-01", None]})
    note_mark(incident_id=row.uid, mark="released", actor=fitter, at=after(41))
    assert "released" in incident_for(fitter, row.uid, at=after(42)).marks


def test_a_passed_legal_limit_is_raised_once_dated_when_due_and_never_taken_back(house: House) -> None:
    row = opened(house)
    mark(house, row, "notified", 1)
    assert not any(known["clock"] == "legal_arrival" for _, known in facts("work.incident.limit_passed"))
    for minutes in (31, 31.1, 40, 41):
        look(minutes)
    raised = [(at, known) for at, known in facts("work.incident.limit_passed") if known["clock"] == "legal_arrival"]
    assert [(at, known["is_legal"]) for at, known in raised] == [(after(31), True)]
    told = set(
        Delivery.objects.filter(kind="work.incident.limit_passed", facts__clock="legal_arrival").values_list(
            "to_account_id", flat=True
        )
    )
    assert {house.accounts[name] for name in ("officer", "director", "lift_manager", "clerk")} <= told
    # noted late: the reading is put right, what was raised stays
    mark(house, row, "maintainer", 50, happened_at=after(28))
    seen = incident_for(house.actor("officer"), row.uid, at=after(51))
    legal = next(one for one in seen.limits if one.rule.code == "legal_arrival")
    assert (legal.standing.state, legal.was_raised) == ("kept", True)
    assert LimitPassed.objects.filter(incident=row, clock="legal_arrival").count() == 1
    assert next(line for line in seen.lines if line.code == "maintainer").is_late


def test_a_late_worker_still_raises_what_was_passed_before_the_end(house: House) -> None:
    row = opened(house)
    mark(house, row, "notified", 1)
    mark(house, row, "maintainer", 35)
    mark(house, row, "freed", 40)
    end_incident(incident_id=row.uid, outcome="real", actor=house.actor("clerk"), at=after(41))
    look(60)
    assert after(31) in [at for at, known in facts("work.incident.limit_passed") if known["clock"] == "legal_arrival"]
    row.refresh_from_db()
    assert row.look_at is None


# the call tree


def test_each_level_is_due_once_dated_when_due_until_a_person_answers(house: House) -> None:
    row = opened(house)
    for minutes in (0.5, 0.6, 1.6, 1.7, 2.6):
        look(minutes)
    due = [(at, known["level"]) for at, known in facts("work.incident.call_due") if known["branch"] == "rescue"]
    assert due == [(after(0.5), 1), (after(1.5), 2), (after(2.5), 3)]
    record_try(call_id=call(row, "rescue", 3).uid, outcome="answered", actor=house.actor("clerk"), at=after(3))
    look(60)
    assert len([1 for _, known in facts("work.incident.call_due") if known["branch"] == "rescue"]) == 3


def test_two_failed_tries_call_the_next_level_at_once(house: House) -> None:
    row = opened(house)
    first = call(row, "rescue", 1)
    for outcome, minutes in (("busy", 0.6), ("no_answer", 0.7)):
        record_try(call_id=first.uid, outcome=outcome, actor=house.actor("clerk"), at=after(minutes))
    look(0.8)
    levels = {known["level"]: at for at, known in facts("work.incident.call_due") if known["branch"] == "rescue"}
    assert levels == {1: after(0.5), 2: after(0.7)}


def test_the_maintainers_answer_is_the_notice(house: House) -> None:
    row = opened(house)
    record_try(call_id=call(row, "rescue", 1).uid, outcome="answered", actor=house.actor("clerk"), at=after(0.9))
    seen = incident_for(house.actor("clerk"), row.uid, at=after(2))
    assert seen.marks["notified"] == after(0.9)
    rescue = next(one for one in seen.branches if one.code == "rescue")
    assert [one.state for one in rescue.calls][:2] == ["answered", "waiting"]
    record_try(call_id=call(row, "rescue", 1).uid, outcome="answered", actor=house.actor("clerk"), at=after(3))
    assert IncidentLine.objects.filter(incident=row, code="notified").count() == 1


def test_when_nobody_answers_at_all_the_hospital_is_told_once(house: House) -> None:
    opened(house)
    for minutes in (30, 31):
        look(minutes)
    spent = facts("work.incident.call_tree_spent")
    assert sorted(known["branch"] for _, known in spent) == ["command", "rescue"]
    told = Delivery.objects.filter(kind="work.incident.call_tree_spent", to_account_id=house.accounts["director"])
    assert told.count() == 2


def test_two_workers_raise_nothing_twice(house: House) -> None:
    opened(house)
    found = [look(20), look(20)]
    assert found[1] == IncidentsWatched(0, 0, 0)
    due = Entry.objects.filter(kind="work.incident.call_due").values_list("subject_id", "facts__branch", "facts__level")
    assert len(due) == len(set(due))


def test_an_idle_watch_costs_two_reads(house: House) -> None:
    opened(house)
    look(20)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        look(20.01)
    assert len([one for one in seen.captured_queries if one["sql"].startswith("SELECT")]) == 2


def test_one_incident_in_whole_costs_seven_reads(house: House) -> None:
    row, who = opened(house), house.actor("clerk")
    with CaptureQueriesContext(connection) as seen:
        incident_for(who, row.uid, at=after(2))
    assert len(seen) <= 7


# leading, logging, ending


def test_exactly_one_person_leads_at_every_moment(house: House) -> None:
    row = opened(house)
    leader = Account.objects.get(pk=house.accounts["leader"]).uid
    with pytest.raises(NotAllowed):
        take_command(incident_id=row.uid, commander_id=leader, actor=house.actor("leader"), at=after(2))
    take_command(incident_id=row.uid, commander_id=leader, actor=house.actor("clerk"), at=after(2))
    row.refresh_from_db()
    assert row.commander_id == house.accounts["leader"]
    assert Delivery.objects.filter(kind="work.incident.command_taken", to_account_id=house.accounts["leader"]).exists()
    # who leads may hand it on
    uid = Account.objects.get(pk=house.accounts["officer"]).uid
    take_command(incident_id=row.uid, commander_id=uid, actor=house.actor("leader"), at=after(3))


def test_the_log_keeps_what_was_said_done_and_told(house: House) -> None:
    row, clerk = opened(house, words="病人一名"), house.actor("clerk")
    note_line(incident_id=row.uid, code="said", text="轿厢内三人", actor=clerk, at=after(1))
    touch_place(incident_id=row.uid, place_code="S7-ORT", is_told=True, actor=clerk, at=after(2))
    touch_place(incident_id=row.uid, place_code="S7-ORT", is_told=True, actor=clerk, at=after(3))
    seen = incident_for(clerk, row.uid, at=after(4))
    assert [(line.code, line.text) for line in seen.lines][:2] == [("reported", "病人一名"), ("said", "轿厢内三人")]
    assert [(place.code, place.told_at) for place in seen.places] == [("S-L3", None), ("S7-ORT", after(2))]
    for code, text in (("gossip", "x"), ("said", " "), ("said", "长" * 301)):
        with pytest.raises(Malformed):
            note_line(incident_id=row.uid, code=code, text=text, actor=clerk, at=after(5))


def test_a_mark_is_noted_once_and_never_before_or_ahead_of_time(house: House) -> None:
    row = opened(house)
    mark(house, row, "at_door", 5)
    with pytest.raises(MarkTaken):
        mark(house, row, "at_door", 6)
    for given in ({"happened_at": after(-1)}, {"happened_at": after(20)}):
        with pytest.raises(Malformed):
            mark(house, row, "freed", 6, **given)
    with pytest.raises(Malformed):
        mark(house, row, "valve_closed", 6)


def test_it_ends_as_real_only_after_people_are_free(house: House) -> None:
    row, clerk = opened(house), house.actor("clerk")
    with pytest.raises(MarkMissing):
        end_incident(incident_id=row.uid, outcome="real", actor=clerk, at=after(10))
    with pytest.raises(Malformed):
        end_incident(incident_id=row.uid, outcome="", actor=clerk, at=after(10))
    assert end_incident(incident_id=row.uid, outcome="false", actor=clerk, at=after(10)).state == "ended"
    with pytest.raises(IncidentNotSo):
        record_try(call_id=call(row, "rescue", 1).uid, outcome="busy", actor=clerk, at=after(11))


def test_the_review_names_what_changes(house: House) -> None:
    row, officer = opened(house), house.actor("officer")
    end_incident(incident_id=row.uid, outcome="false", actor=officer, at=after(10))
    said = {"went_well": "电话接得快", "went_badly": "门口没人", "change": "夜班留一人"}
    with pytest.raises(Malformed):
        review_incident(incident_id=row.uid, actor=officer, at=after(20), **{**said, "change": ""})
    with pytest.raises(NotAllowed):
        review_incident(incident_id=row.uid, actor=house.actor("manager"), at=after(20), **said)
    review_incident(incident_id=row.uid, actor=officer, at=after(20), **said)
    assert incident_for(officer, row.uid, at=after(21)).review["change"] == "夜班留一人"


# drills


def test_a_drill_has_the_same_clocks_and_counts_nowhere(house: House) -> None:
    row = drilled(house)
    mark(house, row, "notified", 1)
    look(40)
    assert states(house, row, 40)["legal_arrival"] == "late"
    assert not Request.objects.exists()
    assert not Job.objects.exists()
    assert not Promise.objects.exists()
    told = set(Delivery.objects.values_list("to_account_id", flat=True))
    # nobody who answers for a real breach hears of a drill's, and nobody from outside ever does
    assert house.accounts["contractor"] not in told
    assert not Delivery.objects.filter(
        kind="work.incident.limit_passed", to_account_id__in=[house.accounts[n] for n in ("director", "lift_manager")]
    ).exists()
    assert all(known["is_drill"] for _, known in facts("work.incident.limit_passed"))
    assert not Delivery.objects.exclude(channel="in_app").exists()
    assert {
        one["facts"]["is_drill"]
        for one in Entry.objects.filter(site_id=house.site_id, kind__startswith="work.incident.").values("facts")
    } == {True}


def test_a_drill_never_leaves_the_house(house: House) -> None:
    """Neither to a subscribed system nor to somebody from outside who stands in the call tree."""
    subscribe(
        site_id=house.site_id,
        name="HIS",
        url="https://his.example/hook",
        kinds=["work.*"],
        actor=house.actor("administrator"),
        at=MONDAY_NINE,
    )
    newest = Entry.objects.order_by("-id")[0].pk
    relay_facts(up_to_id=newest, actor=engine("clock"), at=MONDAY_NINE)
    tree = [Step("rescue", "外厂", "Maker", "role:EX", "", 30, 1, False, ""), *starter_tree("flood")]
    plan: dict[str, Any] = {"site_id": house.site_id, "limits": {}, "actor": house.actor("officer")}
    make_plan(kind="flood", tree=tree, at=MONDAY_NINE, **plan)
    drilled(house, kind="flood", place_code="")
    look(5)
    newest = Entry.objects.order_by("-id")[0].pk
    relay_facts(up_to_id=newest, actor=engine("clock"), at=after(6))
    told = set(Delivery.objects.filter(channel="webhook").values_list("kind", flat=True))
    assert not any(kind.startswith("work.incident.") for kind in told)
    opened(house)
    newest = Entry.objects.order_by("-id")[0].pk
    relay_facts(up_to_id=newest, actor=engine("clock"), at=after(7))
    told = set(Delivery.objects.filter(channel="webhook").values_list("kind", flat=True))
    assert "work.incident.opened" in told
    assert not Delivery.objects.filter(to_account_id=house.accounts["contractor"]).exists()


def test_a_drill_is_listed_apart_and_says_when_the_next_is_due(house: House) -> None:
    row, officer = drilled(house), house.actor("officer")
    assert [one.uid for one in incident_list(officer, house.site_id, shown="drill")] == [row.uid]
    assert incident_list(officer, house.site_id, shown="real") == ()
    mark(house, row, "freed", 20)
    end_incident(incident_id=row.uid, outcome="real", actor=officer, at=after(25))
    found = {one.kind: one for one in drills(officer, house.site_id, at=after(30))}
    assert found["entrapment"].last_at == after(25)
    assert found["entrapment"].due_on is not None
    assert (found["entrapment"].due_on - after(25)).days in range(181, 185)
    assert found["fire"].last_at is None


def test_who_may_not_drill(house: House) -> None:
    for name in ("nurse", "plumber", "auditor", "administrator"):
        with pytest.raises(NotAllowed):
            start_drill(site_id=house.site_id, kind="fire", actor=house.actor(name), at=MONDAY_NINE)
    with pytest.raises(NotFound):
        start_drill(site_id=house.site_id, kind="flying", actor=house.actor("officer"), at=MONDAY_NINE)


# plans


def test_the_library_knows_whom_to_call_and_the_house_may_say_otherwise(house: House) -> None:
    officer = house.actor("officer")
    plan = plan_for(officer, house.site_id, "entrapment", at=MONDAY_NINE)
    names = [one.name for one in plan.levels if one.step.branch == "rescue"]
    assert names[1:] == ["维保单位负责人：冯经理", "96333 电梯应急救援平台", "119 消防救援"]
    own = (
        Step("rescue", "电梯班值班室", "Lift room", "", "8899", 30, 1, False, "notified"),
        *[step for step in starter_tree("entrapment") if step.branch == "command"],
    )
    made = make_plan(
        site_id=house.site_id,
        kind="entrapment",
        tree=own,
        limits={"legal_arrival": 3600, "at_door": 300},
        actor=officer,
        at=MONDAY_NINE,
    )
    assert made.n_levels == 3
    row = opened(house)
    assert (call(row, "rescue", 1).phone, row.limits["legal_arrival"], row.limits["at_door"]) == ("8899", 3600, 300)
    assert row.limits["contact"] == 180


def test_a_plan_that_cannot_stand_is_refused(house: House) -> None:
    good = starter_tree("flood")
    first = good[0]

    def made(tree: tuple[Step, ...] = good, limits: dict[str, int] | None = None, who: str = "officer") -> None:
        make_plan(
            site_id=house.site_id,
            kind="flood",
            tree=tree,
            limits=limits or {},
            actor=house.actor(who),
            at=MONDAY_NINE,
        )

    from dataclasses import replace

    bad: list[tuple[Step, ...]] = [
        (),
        good * 5,
        (replace(first, name=" "),),
        (replace(first, wait_s=5),),
        (replace(first, max_tries=0),),
        (replace(first, branch="other"), *good),
    ]
    for tree in bad:
        with pytest.raises(BadCallTree):
            made(tree)
    for limits in ({"nothing": 60}, {"valve": 5}):
        with pytest.raises(Malformed):
            made(limits=limits)
    with pytest.raises(NotAllowed):
        made(who="manager")
    with pytest.raises(Malformed):
        make_plan(
            site_id=house.site_id,
            kind="entrapment",
            tree=starter_tree("entrapment"),
            limits={"legal_arrival": 2400},
            actor=house.actor("officer"),
            at=MONDAY_NINE,
        )


def test_strangers_see_nothing(house: House) -> None:
    row = opened(house)
    for name in ("nurse", "contractor", "administrator"):
        with pytest.raises(NotFound):
            incident_for(house.actor(name), row.uid, at=after(2))
        assert standing_incidents(house.actor(name), house.site_id) == ()
    assert {one.role for one in leaders(house.site_id, at=after(2))} == {"DK", "TL", "LM", "PM", "HO", "HD"}


def test_what_does_not_exist_is_not_found(house: House) -> None:
    nothing = UUID(int=5)
    clerk = house.actor("clerk")
    with pytest.raises(NotFound):
        open_incident(incident_id=nothing, actor=clerk, at=after(1))
    with pytest.raises(NotFound):
        record_try(call_id=nothing, outcome="busy", actor=clerk, at=after(1))
    row = proposed(house)
    with pytest.raises(NotFound):
        open_incident(incident_id=row.uid, commander_id=nothing, actor=clerk, at=after(1))
    assert not CallTry.objects.exists()
