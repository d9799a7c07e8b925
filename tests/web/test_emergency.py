"""Emergency screens and incidents as people use them."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.people import House
from tests.rooms.requests import ask
from yingxu.demand.models import Request
from yingxu.ground.models import Account, Delivery, Entry
from yingxu.promise.models import Promise
from yingxu.web.facts import sentence
from yingxu.work.models import Job
from yingxu.work.models.incidents import CallTry, EmergencyPlan, Incident, IncidentCall, IncidentLine

pytestmark = pytest.mark.django_db


def signed_in(house: House, who: str) -> Client:
    client = Client()
    client.force_login(Account.objects.get(pk=house.accounts[who]))
    return client


def said(response: Any) -> str:
    return str(response.content.decode())


def taken(house: House, client: Client, kind: str = "entrapment", place: str = "3号梯") -> Incident:
    response = client.post(f"/emergency/{kind}/report", {"place": place, "text": "里面有人", "command": "r1"})
    assert response.status_code == 302
    return Incident.objects.get()


def drilled(client: Client, kind: str = "entrapment") -> Incident:
    assert client.post(f"/emergency/{kind}/drill", {"place": "3号梯", "text": "模拟困人"}).status_code == 302
    return Incident.objects.get(is_drill=True)


def test_the_desk_takes_it_in_confirms_calls_notes_and_ends_it(house: House) -> None:
    clerk = signed_in(house, "clerk")
    page = said(clerk.get("/emergency"))
    assert "电梯困人" in page
    page = said(clerk.get("/emergency/entrapment"))
    for words in ("请不要扒门", "96333", "tel:119", "30 分钟"):
        assert words in page
    row = taken(house, clerk)
    request = Request.objects.get()
    assert (request.priority, row.request_id, row.state) == (1, request.pk, "proposed")
    page = said(clerk.get(f"/incidents/{row.uid}"))
    assert "是，启动应急" in page
    assert clerk.post(f"/incidents/{row.uid}/open", {"text": "三人", "command": "o1"}).status_code == 302
    page = said(clerk.get(f"/incidents/{row.uid}"))
    assert "现在打" in page
    assert "还剩" in page
    call = IncidentCall.objects.get(incident=row, branch="rescue", level=1)
    assert clerk.post(f"/incidents/calls/{call.uid}", {"outcome": "answered", "command": "c1"}).status_code == 302
    for number, mark in enumerate(("at_door", "contact", "maintainer", "freed")):
        clerk.post(f"/incidents/{row.uid}/mark", {"mark": mark, "command": f"m{number}"})
    page = said(clerk.get(f"/incidents/{row.uid}"))
    assert "电梯停用中" in page
    clerk.post(f"/incidents/{row.uid}/release", {"text": "T 证 3201 厢内完好", "command": "t1"})
    clerk.post(f"/incidents/{row.uid}/end", {"outcome": "real", "command": "e1"})
    row.refresh_from_db()
    assert (row.state, row.outcome) == ("ended", "real")
    officer = signed_in(house, "officer")
    review = {"went_well": "快", "went_badly": "门口没人", "change": "留人", "owner": "何科员", "command": "v1"}
    assert officer.post(f"/incidents/{row.uid}/review", review).status_code == 302
    page = said(officer.get(f"/incidents/{row.uid}"))
    assert "各时间点对照标准" in page
    assert "门口没人" in page
    kinds = {entry.kind for entry in Entry.objects.filter(thread_id=request.pk, kind__startswith="work.incident.")}
    assert {"work.incident.opened", "work.incident.mark_noted", "work.incident.ended"} <= kinds


def test_a_refused_act_says_why_and_loses_nothing(house: House) -> None:
    clerk = signed_in(house, "clerk")
    row = taken(house, clerk)
    response = clerk.post(f"/incidents/{row.uid}/drop", {"text": " "})
    assert response.status_code == 422
    clerk.post(f"/incidents/{row.uid}/open", {})
    response = clerk.post(f"/incidents/{row.uid}/end", {"outcome": "real", "text": "人已出来"})
    assert response.status_code == 409
    assert "人员解救" in said(response)
    assert "人已出来" in said(response)
    response = clerk.post(f"/incidents/{row.uid}/mark", {"mark": "freed", "time": "xx", "text": "十点"})
    assert response.status_code == 422
    assert "十点" in said(response)
    response = clerk.post(f"/incidents/{row.uid}/place", {"place": "没有这个地方啊"})
    assert response.status_code == 422


def test_without_a_known_place_the_desk_is_told_and_the_number_is_enough(house: House) -> None:
    clerk = signed_in(house, "clerk")
    response = clerk.post("/emergency/flood/report", {"place": "哪里不清楚", "text": "水漫了", "phone": "13900000000"})
    assert response.status_code == 302
    assert Incident.objects.get().kind == "flood"
    assert Request.objects.get().place_words == "哪里不清楚"


def test_a_drill_is_marked_everywhere_and_leaves_no_request_job_or_promise(house: House) -> None:
    officer = signed_in(house, "officer")
    row = drilled(officer)
    page = said(officer.get(f"/incidents/{row.uid}"))
    assert "演练" in page
    assert "由演练导演扮演" in page or "由导演扮演" in page
    assert "tel:119" not in page
    assert "tel:96333" not in page
    assert "演练" in said(officer.get("/incidents/banner"))
    assert "演练" in said(officer.get("/incidents?show=drill"))
    assert "没有突发事件" in said(officer.get("/incidents?show=real"))
    for model in (Request, Job, Promise):
        assert not model.objects.exists()
    for entry in Entry.objects.filter(site_id=house.site_id, kind__startswith="work.incident."):
        assert "演练" in sentence(entry.kind, entry.facts)


def test_the_banner_stands_on_the_desk_and_the_wall(house: House) -> None:
    clerk = signed_in(house, "clerk")
    row = taken(house, clerk)
    for address in ("/desk", "/wall/demo"):
        page = said(clerk.get(address))
        assert "/incidents/banner" in page, address
    assert str(row.uid) in said(clerk.get("/incidents/banner"))
    assert "/incidents/banner" not in said(Client().get("/wall/demo"))
    clerk.post(f"/incidents/{row.uid}/drop", {"text": "没人"})
    assert str(row.uid) not in said(clerk.get("/incidents/banner"))


def test_the_live_part_answers_nothing_when_nothing_changed(house: House) -> None:
    clerk = signed_in(house, "clerk")
    row = drilled(clerk)
    mark = f"{Incident.objects.get().changed_at.timestamp():.6f}"
    assert clerk.get(f"/incidents/{row.uid}/live?mark={mark}").status_code == 204
    assert "计时" in said(clerk.get(f"/incidents/{row.uid}/live?mark=0"))


def test_the_same_command_twice_is_one_try(house: House) -> None:
    clerk = signed_in(house, "clerk")
    row = drilled(clerk)
    call = IncidentCall.objects.filter(incident=row, branch="rescue").order_by("level")[0]
    for _ in range(2):
        clerk.post(f"/incidents/calls/{call.uid}", {"outcome": "busy", "command": "same"})
    assert CallTry.objects.count() == 1


def test_a_moment_of_before_midnight_or_later_today(house: House) -> None:
    clerk = signed_in(house, "clerk")
    row = drilled(clerk)
    response = clerk.post(f"/incidents/{row.uid}/mark", {"mark": "freed", "time": "00:00:01"})
    # before it was reported: refused, nothing noted
    assert response.status_code in (302, 422)
    assert IncidentLine.objects.filter(incident=row, code="freed").count() == (response.status_code == 302)


def test_the_hospital_keeps_its_own_call_tree(house: House) -> None:
    officer = signed_in(house, "officer")
    assert "呼叫顺序与时限" in said(officer.get("/emergency/entrapment/plan"))
    level = {
        "branch": ["rescue", "command"],
        "name": ["电梯班值班室", "后勤值班"],
        "name_en": ["Lift room", ""],
        "source": ["line:ELV", "role:HO"],
        "phone": ["8899", ""],
        "wait": ["45", "120"],
        "tries": ["1", "2"],
        "outside": ["0", "0"],
        "sets": ["notified", ""],
        "limit.legal_arrival": "3600",
    }
    assert officer.post("/emergency/entrapment/plan", level).status_code == 302
    plan = EmergencyPlan.objects.get()
    assert (plan.tree[0]["phone"], plan.tree[0]["source"], plan.limits) == ("8899", "", {"legal_arrival": 3600})
    assert "8899" in said(officer.get("/emergency/entrapment"))
    response = officer.post("/emergency/entrapment/plan", {**level, "wait": ["1", "120"]})
    assert response.status_code == 422
    assert "第 1 级" in said(response)


def test_a_nurse_reads_what_to_do_and_the_desk_s_number_only(house: House) -> None:
    page = said(signed_in(house, "nurse").get("/emergency/oxygen"))
    assert "先上瓶，后查管" in page
    assert "tel:6666" in page
    assert "13800000000" not in page


def test_it_reads_in_english(house: House) -> None:
    clerk = signed_in(house, "clerk")
    clerk.post("/language", {"language": "en"})
    clerk.cookies["django_language"] = "en"
    page = said(clerk.get("/emergency/entrapment", headers={"accept-language": "en"}))
    assert "Do not force the doors" in page


def test_the_pages_keep_their_budgets(house: House) -> None:
    clerk = signed_in(house, "clerk")
    row = drilled(clerk)
    for address, most in (
        ("/emergency", 6),
        ("/emergency/entrapment", 10),
        ("/incidents", 5),
        ("/incidents/banner", 5),
        (f"/incidents/{row.uid}", 14),
        (f"/incidents/{row.uid}/live?mark=0", 11),
    ):
        clerk.get(address)
        with CaptureQueriesContext(connection) as seen:
            assert clerk.get(address).status_code == 200
        assert len(seen) <= most, (address, [one["sql"][:90] for one in seen.captured_queries])


def test_many_incidents_are_paged(house: House) -> None:
    clerk = signed_in(house, "clerk")
    for _ in range(27):
        ask(house, item_code="ele.outage", text="停电", place_code="S7-ORT")
    page = said(clerk.get("/incidents"))
    assert page.count("data-row") == 25
    last = Incident.objects.order_by("-id")[24].pk
    assert said(clerk.get(f"/incidents?after={last}")).count("data-row") == 2


def test_a_notice_of_a_drill_opens_the_drill(house: House) -> None:
    leader = Account.objects.get(pk=house.accounts["leader"])
    officer = signed_in(house, "officer")
    officer.post("/emergency/flood/drill", {"text": "模拟", "commander": str(leader.uid)})
    row = Incident.objects.get()
    assert row.commander_id == leader.pk
    notice = Delivery.objects.get(kind="work.incident.opened", to_account_id=leader.pk)
    Delivery.objects.filter(pk=notice.pk).update(sent_at=notice.due_at)
    response = signed_in(house, "leader").post(f"/notices/{notice.entry}/open")
    assert response.status_code == 302
    assert response["Location"] == f"/incidents/{row.uid}"
