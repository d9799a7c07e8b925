"""Improvement projects (domain S9): none is approved without a linked evidence of demand, nor by who proposed it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.people import MONDAY_NINE, House
from tests.rooms.test_work_loop import asked
from tests.web.test_shell import signed_in
from yingxu.ground.models import Delivery, Entry
from yingxu.ground.refusals import Malformed, NotAllowed, NotFound, OwnWork
from yingxu.improve import actions as improve
from yingxu.improve import queries
from yingxu.improve.models import Evidence, Outlook, Project, TextGroup
from yingxu.improve.refusals import EvidenceMissing, EvidenceThere, ProjectNotThere
from yingxu.voice.models import Heard, Remark
from yingxu.web import inside
from yingxu.web.facts import SENTENCES

pytestmark = pytest.mark.django_db
LATER = MONDAY_NINE + timedelta(hours=1)


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    inside.forget()


def proposed(house: House, by: str = "manager", **more: Any) -> UUID:
    what: dict[str, Any] = {"title": "换感应龙头", "change": "旧龙头一年坏三次", "line": "PLB"}
    what |= {"actor": house.actor(by), "at": MONDAY_NINE}
    return improve.propose_project(site_id=house.site_id, **what | more).id


def shown(house: House) -> improve.NewEvidence:
    return improve.NewEvidence("request", asked(house).request.number, "同一处第三次漏")


def sources(house: House) -> dict[str, str]:
    """Make one of each thing that can be evidence; return by sort what it is called."""
    site = house.site_id
    heard = Heard.objects.create(
        site_id=site, kind="complaint", text="水龙头老坏", line_code="PLB", said_at=MONDAY_NINE, answer_by=LATER
    )
    remark = Remark.objects.create(
        site_id=site, source="forum", text="龙头该换", raised_at=MONDAY_NINE, raised_by_id=house.accounts["supervisor"]
    )
    day = {"site_id": site, "made_on": date(2025, 3, 3), "made_at": MONDAY_NINE, "n": 9}
    TextGroup.objects.create(
        **day, rank=1, n_unfit=9, words=["感应", "龙头"], first_at=MONDAY_NINE, last_at=MONDAY_NINE
    )
    Outlook.objects.create(**day, line_code="PLB")
    return {
        "request": asked(house).request.number,
        "voice": str(heard.uid),
        "finding": str(remark.uid),
        "group": "1",
        "outlook": "PLB",
    }


def test_s9_without_evidence_of_demand_no_project_is_approved(house: House) -> None:
    made = proposed(house)
    director = house.actor("director")
    with pytest.raises(EvidenceMissing):
        improve.approve_project(project_id=made, actor=director, at=LATER)
    assert Project.objects.get().state == "proposed"
    assert not Entry.objects.filter(kind="improve.project.decided").exists()
    improve.link_evidence(project_id=made, evidence=shown(house), actor=house.actor("leader"), at=LATER)
    assert improve.approve_project(project_id=made, actor=director, at=LATER).state == "approved"
    told = Delivery.objects.get(kind="improve.project.decided")
    assert told.to_account_id == house.accounts["manager"]


def test_s9_evidence_taken_back_is_none(house: House) -> None:
    made = proposed(house, evidence=[shown(house)])
    improve.unlink_evidence(evidence_id=Evidence.objects.get().uid, actor=house.actor("manager"), at=LATER)
    with pytest.raises(EvidenceMissing):
        improve.approve_project(project_id=made, actor=house.actor("director"), at=LATER)


@pytest.mark.parametrize("source", ["request", "voice", "finding", "group", "outlook"])
def test_s9_whatever_shows_demand_is_evidence_once(house: House, source: str) -> None:
    name = sources(house)[source]
    one = improve.NewEvidence(source, name, "说明有人需要")
    made = proposed(house, by="officer", evidence=[one])
    with pytest.raises(EvidenceThere):
        improve.link_evidence(project_id=made, evidence=one, actor=house.actor("officer"), at=LATER)
    detail = queries.project_for(house.actor("director"), made)
    assert [(row.source, row.sentence) for row in detail.evidence] == [(source, "说明有人需要")]
    assert detail.evidence[0].label
    assert detail.may_decide
    assert improve.approve_project(project_id=made, actor=house.actor("director"), at=LATER).state == "approved"


def test_s9_who_proposes_does_not_decide(house: House) -> None:
    made = proposed(house, by="director", evidence=[shown(house)])
    with pytest.raises(OwnWork):
        improve.approve_project(project_id=made, actor=house.actor("director"), at=LATER)
    with pytest.raises(OwnWork):
        improve.decline_project(project_id=made, words="算了", actor=house.actor("director"), at=LATER)
    with pytest.raises(NotAllowed):
        improve.approve_project(project_id=made, actor=house.actor("officer"), at=LATER)
    assert queries.project_for(house.actor("director"), made).is_own


def test_a_project_goes_its_way_once(house: House) -> None:
    made = proposed(house, evidence=[shown(house)], owner="leader")
    leader, director = house.actor("leader"), house.actor("director")
    with pytest.raises(ProjectNotThere):
        improve.start_project(project_id=made, actor=leader, at=LATER)
    improve.approve_project(project_id=made, words="先换一层", actor=director, at=LATER)
    with pytest.raises(ProjectNotThere):
        improve.decline_project(project_id=made, words="晚了", actor=director, at=LATER)
    with pytest.raises(ProjectNotThere):
        improve.link_evidence(project_id=made, evidence=shown(house), actor=leader, at=LATER)
    with pytest.raises(NotAllowed):
        improve.start_project(project_id=made, actor=house.actor("line_manager"), at=LATER)
    improve.start_project(project_id=made, actor=leader, at=LATER)
    with pytest.raises(Malformed):
        improve.finish_project(project_id=made, result=" ", actor=leader, at=LATER)
    assert improve.finish_project(project_id=made, result="换了 40 只", actor=leader, at=LATER).state == "done"


def test_a_decline_says_why(house: House) -> None:
    made = proposed(house)
    with pytest.raises(Malformed):
        improve.decline_project(project_id=made, words="", actor=house.actor("director"), at=LATER)
    improve.decline_project(project_id=made, words="明年整层改造", actor=house.actor("director"), at=LATER)
    assert queries.projects(house.actor("auditor"), house.site_id, shown="ended").rows[0].state == "declined"


def test_what_one_may_not_see_is_no_evidence(house: House) -> None:
    hidden = asked(house, item="elv.stopped", place="S-L3").request.number
    with pytest.raises(NotFound):
        proposed(house, by="line_manager", evidence=[improve.NewEvidence("request", hidden, "x")])
    with pytest.raises(NotFound):
        proposed(house, evidence=[improve.NewEvidence("voice", "not-a-uid", "x")])
    with pytest.raises(Malformed):
        proposed(house, evidence=[improve.NewEvidence("rumour", "1", "x")])
    assert not Project.objects.exists()


def test_another_company_sees_nothing_of_it(house: House) -> None:
    made = proposed(house)
    with pytest.raises(NotFound):
        queries.project_for(house.actor("lift_manager"), made)
    with pytest.raises(NotAllowed):
        queries.projects(house.actor("nurse"), house.site_id)


def test_s9_proposed_where_demand_is_seen_and_approved_at_its_page(house: House) -> None:
    number = asked(house).request.number
    key = asked(house, at=1).request
    manager, director = signed_in(house, "manager"), signed_in(house, "director")
    assert f"/projects/new?source=request&amp;name={key.number}" in manager.get(f"/requests/{key.uid}").content.decode()
    page = manager.get(f"/projects/new?source=request&name={number}").content.decode()
    assert number in page
    given = {"source": "request", "name": number, "title": "换感应龙头", "change": "换", "sentence": ""}
    wrong = manager.post("/projects/new", given)
    assert wrong.status_code == 422
    assert "换感应龙头" in wrong.content.decode()
    assert manager.post("/projects/new", {**given, "sentence": "又漏了"}).status_code == 302
    bare = {"title": "没有依据的", "change": "想改"}
    assert manager.post("/projects/new", bare).status_code == 302
    made, other = Project.objects.get(title="换感应龙头"), Project.objects.get(title="没有依据的")
    refused = director.post(f"/projects/{other.uid}/approve", {"words": "好"})
    assert refused.status_code == 422
    assert "还没有需求依据" in refused.content.decode()
    assert director.post(f"/projects/{made.uid}/approve", {"words": "同意"}).status_code == 302
    page = manager.get(f"/projects/{made.uid}").content.decode()
    assert "又漏了" in page
    assert "同意" in page
    linked = {"source": "request", "name": key.number, "project": str(other.uid), "sentence": "再漏"}
    assert manager.post("/projects/new", linked).status_code == 302
    assert director.post(f"/projects/{other.uid}/approve").status_code == 302
    assert director.post(f"/projects/{other.uid}/nothing").status_code == 404
    assert manager.get("/projects?show=going&after=x").status_code == 200


def test_voices_and_groups_offer_a_project_to_those_who_may(house: House) -> None:
    named = sources(house)
    page = signed_in(house, "officer").get(f"/voices/{named['voice']}").content.decode()
    assert f"/projects/new?source=voice&amp;name={named['voice']}" in page
    assert "/projects/new?source=group" in signed_in(house, "officer").get("/figures/unfamiliar").content.decode()
    assert "/projects/new" not in signed_in(house, "auditor").get("/figures/unfamiliar").content.decode()
    assert "/projects/new?source=finding" in signed_in(house, "officer").get("/remarks").content.decode()


def test_the_list_costs_the_same_however_long(house: House) -> None:
    client = signed_in(house, "director")

    def asked_of() -> int:
        client.get("/projects")
        with CaptureQueriesContext(connection) as counted:
            assert client.get("/projects").status_code == 200
        return len(counted.captured_queries)

    proposed(house)
    few = asked_of()
    for n in range(4):
        proposed(house, title=f"项目{n}")
    assert asked_of() == few
    assert few <= 5


def test_every_fact_of_projects_has_a_sentence() -> None:
    from yingxu.improve import events

    kinds = {one.kind for one in vars(events).values() if getattr(one, "kind", "").startswith("improve.")}
    assert {kind for kind in kinds if "outlook" not in kind} <= set(SENTENCES)
