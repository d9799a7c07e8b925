"""The desk: by keyboard and live; taking on, sending, taking back; the verbs decide, the page only offers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.people import House
from tests.rooms.test_work_loop import uid
from tests.web.test_shell import signed_in
from yingxu.demand import actions as demand
from yingxu.demand.models import Request, Word
from yingxu.dispatch import actions as dispatch
from yingxu.ground.actor import engine
from yingxu.web import inside, live
from yingxu.web.clock import site_clock
from yingxu.work.models import Job

pytestmark = pytest.mark.django_db
FRAGMENT = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    inside.forget()
    yield
    inside.forget()


def asked(house: House, *, item: str | None = None, place: str | None = "S7-ORT-WC", text: str = "马桶堵了") -> Request:
    raised = demand.raise_request(
        site_id=house.site_id,
        channel="web",
        text=text,
        item_code=item,
        place_code=place,
        actor=house.actor("nurse"),
        at=site_clock("Asia/Shanghai"),
    )
    return Request.objects.get(uid=raised.id)


@pytest.mark.parametrize("view", ["", "?view=list"])
def test_an_open_request_stands_on_the_board_and_in_the_list(house: House, view: str) -> None:
    request = asked(house)
    html = signed_in(house, "clerk").get(f"/desk{view}").content.decode()
    assert request.number in html
    assert f'href="/desk/requests/{request.uid}"' in html


@pytest.mark.parametrize(
    ("name", "status"), [("clerk", 200), ("leader", 200), ("officer", 200), ("nurse", 403), ("plumber", 403)]
)
def test_the_desk_is_for_those_who_read_the_queue(house: House, name: str, status: int) -> None:
    assert signed_in(house, name).get("/desk").status_code == status


def test_a_stranger_is_sent_to_sign_in(client: Client) -> None:
    answer = client.get("/desk")
    assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (302, "/sign-in")
    assert client.get("/desk/now", headers=FRAGMENT).status_code == 403


def test_a_team_of_another_line_sees_only_its_own(house: House) -> None:
    request = asked(house, item="plb.toilet")
    assert request.number not in signed_in(house, "lift_manager").get("/desk").content.decode()


def test_nothing_is_sent_again_while_nothing_was_recorded(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live.marks, "_clock", lambda: 0.0)  # however slow the machine is
    asked(house)
    client = signed_in(house, "clerk")

    mark = client.get("/desk").context["mark"]
    with CaptureQueriesContext(connection) as seen:
        assert client.get("/desk/now", {"mark": mark}, headers=FRAGMENT).status_code == 204
    assert not seen  # neither the person nor the mark: the mark was asked for a moment ago
    asked(house, text="灯不亮")
    answer = client.get("/desk/now", {"mark": mark, "at_once": "1"}, headers=FRAGMENT)
    assert answer.status_code == 200
    assert "灯不亮" in answer.content.decode()


def test_filters_are_in_the_address(house: House) -> None:
    lift, tap = asked(house, item="elv.stopped", place="S-L3"), asked(house, item="plb.faucet")
    html = signed_in(house, "clerk").get("/desk?line=ELV").content.decode()
    assert lift.number in html
    assert tap.number not in html


def test_a_call_becomes_a_request_with_the_caller_and_its_number(house: House) -> None:
    client = signed_in(house, "clerk")
    said = {
        "phone": "13912345678",
        "name": "病房王",
        "text": "水池漏水",
        "place_words": "骨科 护士站",
        "item_words": "渗漏滴漏",
    }
    answer = client.post("/desk/call", {**said, "command": "c1"}, headers=FRAGMENT)
    request = Request.objects.get(requester_phone="13912345678")
    assert answer.headers["HX-Trigger"] == "desk-changed"
    assert request.number in answer.content.decode()
    assert (request.channel, request.requester_name, request.place_name) == (
        "phone",
        "病房王",
        "外科楼 7楼 骨科 护士站",
    )
    assert request.line_code == "PLB"
    # sent twice, taken once
    client.post("/desk/call", {**said, "command": "c1"}, headers=FRAGMENT)
    assert Request.objects.filter(requester_phone="13912345678").count() == 1


def test_a_call_works_without_javascript(house: House) -> None:
    answer = signed_in(house, "clerk").post("/desk/call", {"text": "走廊有水", "phone": "", "place_words": "某处"})
    request = Request.objects.get(text="走廊有水")
    assert answer.headers["Location"] == f"/desk/requests/{request.uid}"
    assert request.place_words == "某处"


def test_a_known_number_says_who_calls(house: House) -> None:
    client = signed_in(house, "clerk")
    client.post("/desk/call", {"text": "门锁坏了", "phone": "13700001111", "name": "陈老师"})
    html = client.get("/desk/caller?phone=13700001111", headers=FRAGMENT).content.decode()
    assert "陈老师" in html
    assert signed_in(house, "nurse").get("/desk/caller?phone=13700001111", headers=FRAGMENT).status_code == 403


def test_items_and_places_are_found_by_what_is_typed(house: House) -> None:
    client = signed_in(house, "clerk")
    assert 'data-code="ele.light"' in client.get("/desk/items?item_words=照明", headers=FRAGMENT).content.decode()
    assert 'data-code="plb.toilet"' in client.get("/desk/items?text=马桶堵了", headers=FRAGMENT).content.decode()
    assert 'data-code="S4-ICU"' in client.get("/desk/places?place_words=ICU", headers=FRAGMENT).content.decode()
    back = client.get("/desk/read-back?item=ele.light&place_words=ICU", headers=FRAGMENT).content.decode()
    assert "ICU" in back
    assert "照明" in back


def accepted(house: House) -> tuple[Client, Request, Job]:
    client, request = signed_in(house, "clerk"), asked(house)
    answer = client.post(
        f"/desk/requests/{request.uid}/accept",
        {"item_words": "便器堵塞或损坏", "place": "S7-ORT-WC", "word": "马上派人"},
        headers=FRAGMENT,
    )
    assert answer.status_code == 200, answer.content.decode()
    request.refresh_from_db()
    return client, request, Job.objects.get(request=request)


def test_taking_on_and_sending_in_the_drawer(house: House) -> None:
    client, request, job = accepted(house)
    assert request.shown_state == "queued"
    assert Word.objects.filter(request=request, text="马上派人").exists()
    html = client.get(f"/desk/requests/{request.uid}", headers=FRAGMENT).content.decode()
    assert 'data-key="1"' in html
    worker = uid(house, "plumber")
    assert str(worker) in html
    assert str(uid(house, "lift_fitter")) not in html
    answer = client.post(
        f"/desk/jobs/{job.uid}/assign", {"worker": str(worker), "request": str(request.uid)}, headers=FRAGMENT
    )
    assert answer.headers["HX-Trigger"] == "desk-changed"
    job.refresh_from_db()
    assert (job.state, job.worker_id) == ("dispatched", house.accounts["plumber"])


def test_an_offer_is_taken_back(house: House) -> None:
    client, request, job = accepted(house)
    said = {"request": str(request.uid)}
    client.post(f"/desk/jobs/{job.uid}/assign", {**said, "worker": str(uid(house, "plumber"))})
    client.post(f"/desk/jobs/{job.uid}/pull-back", said)
    job.refresh_from_db()
    assert job.state == "queued"


def test_a_refusal_is_said_in_words_and_goes_to_the_notice(house: House) -> None:
    client, request, job = accepted(house)
    worker = str(uid(house, "lift_fitter"))
    answer = client.post(
        f"/desk/jobs/{job.uid}/assign", {"worker": worker, "request": str(request.uid)}, headers=FRAGMENT
    )
    assert answer.status_code >= 400
    assert answer.headers["HX-Retarget"] == "#notice"
    assert "吴梯工" in answer.content.decode()


def test_the_right_role_of_another_company_may_not_act(house: House) -> None:
    request = asked(house, item="plb.toilet")
    job = Job.objects.get(request=request)
    answer = signed_in(house, "lift_manager").post(
        f"/desk/jobs/{job.uid}/assign", {"worker": str(uid(house, "plumber")), "request": str(request.uid)}
    )
    assert answer.status_code == 403
    assert signed_in(house, "lift_manager").get(f"/desk/requests/{request.uid}").status_code == 404


@pytest.mark.parametrize(
    ("act", "said", "state"),
    [
        ("ask", {"question": "几号床?"}, "clarifying"),
        ("cancel", {"reason": "solved_itself", "word": "自己好了"}, "cancelled"),
        ("transfer", {"receiver": "equipment", "word": "请设备科来"}, "transferred"),
    ],
)
def test_other_acts_of_the_desk(house: House, act: str, said: dict[str, str], state: str) -> None:
    request = asked(house)
    answer = signed_in(house, "clerk").post(f"/desk/requests/{request.uid}/{act}", said)
    assert answer.headers["Location"] == f"/desk/requests/{request.uid}"
    request.refresh_from_db()
    assert request.shown_state == state


def test_two_reports_of_one_incident_are_merged_by_number(house: House) -> None:
    one, other = asked(house), asked(house)
    client = signed_in(house, "clerk")
    client.post(f"/desk/requests/{other.uid}/merge", {"number": one.number})
    other.refresh_from_db()
    assert other.master_id == one.pk
    client.post(f"/desk/requests/{other.uid}/unmerge", {})
    other.refresh_from_db()
    assert other.master_id is None


def test_an_unknown_act_is_not_there(house: House) -> None:
    request = asked(house)
    assert signed_in(house, "clerk").post(f"/desk/requests/{request.uid}/explode").status_code == 404


def test_the_desk_asks_the_database_little(house: House) -> None:
    for _ in range(3):
        asked(house, item="plb.faucet")
    client = signed_in(house, "clerk")
    client.get("/desk")
    with CaptureQueriesContext(
        connection,
    ) as asked_for:
        client.get("/desk")
    # who it is; whether anything changed; the requests with their jobs; the workers with what they have in hand; calls
    assert len(asked_for) == 5
    request = Request.objects.filter(text="马桶堵了").latest("created_at")
    client.get(f"/desk/requests/{request.uid}")
    with CaptureQueriesContext(connection) as asked_for:
        client.get(f"/desk/requests/{request.uid}")
    # three more than its page: recent requests, for the same incident; the planner's sentence, and whether it is here
    assert len(asked_for) == 8


def test_an_absent_planner_is_said_at_the_desk_and_in_the_drawer(house: House) -> None:
    """Nothing is proposed or sent by itself then, and what was proposed may be old: whoever sits there must know."""
    request = asked(house, item="plb.faucet")
    client = signed_in(house, "clerk")
    pages = ("/desk", f"/desk/requests/{request.uid}")
    assert all("调度引擎未运行" in client.get(page).content.decode() for page in pages)
    inside.forget()
    at = site_clock("Asia/Shanghai")
    dispatch.take_lease(site_id=house.site_id, holder="here", actor=engine("planner"), at=at)
    assert not any("调度引擎未运行" in client.get(page).content.decode() for page in pages)
