"""The pages of the look-ahead calendar (S38): what comes, what is to be ready, by forms alone, in two languages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.people import House
from tests.web.test_shell import signed_in
from yingxu.connect import lookahead
from yingxu.demand.models import Request
from yingxu.ground.models import Delivery
from yingxu.upkeep.models import Occasion, Preparation, PreparationRule
from yingxu.web import inside
from yingxu.web.facts import SENTENCES, sentence

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    inside.forget()


def soon(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).date().isoformat()


def reviewed(client: Client, days: int = 20) -> Occasion:
    """Put a review on the calendar by its form in the library."""
    given = {"code": "review", "name": "三甲复审", "from_on": soon(days), "to_on": soon(days + 2)}
    assert client.post("/lookahead/library", given).status_code == 302
    return Occasion.objects.get(name="三甲复审")


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def test_an_empty_calendar_teaches_and_leads_to_the_library(house: House) -> None:
    page = text_of(signed_in(house, "officer").get("/lookahead"))
    assert "日历上还没有内容" in page
    assert 'href="/lookahead/library"' in page
    assert 'href="/lookahead/library"' not in text_of(signed_in(house, "leader").get("/lookahead"))


def test_s38_a_review_is_put_on_the_calendar_and_what_it_needs_stands_there_with_owners(house: House) -> None:
    client = signed_in(house, "officer")
    event = reviewed(client)
    lookahead.turn()
    page = text_of(client.get("/lookahead"))
    assert "三甲复审" in page
    assert "小事普查" in page
    assert "刘班长" in page
    assert "准备期内才登记" in page  # twenty days are less than its sixty
    one = Preparation.objects.select_related("request").get(line_code="BLD", occasion=event)
    page = text_of(client.get(f"/lookahead/preparations/{one.uid}"))
    assert "不等来报，我们先动手" in page
    assert one.request.number in page
    told = text_of(client.get(f"/requests/{one.request.uid}"))
    assert "不等来报，提前开工" in told  # the request says itself where it comes from
    assert "计划" in told


def test_what_was_typed_wrong_is_said_and_nothing_is_lost(house: House) -> None:
    client = signed_in(house, "officer")
    event = reviewed(client)
    lookahead.turn()
    one = Preparation.objects.filter(occasion=event).first()
    assert one is not None
    new = {"kind": "season", "name": "梅雨", "repeats": "yearly", "from_md": "06-31", "to_md": "07-10"}
    answer = client.post("/lookahead/occasions/new", new)
    assert answer.status_code == 422
    assert "梅雨" in text_of(answer)
    assert "每年开始的月日" in text_of(answer)
    rule = {"text": "查水泵", "lead_days": "3", "ready_days": "9", "place": "", "item": "plb.leak"}
    answer = client.post(f"/lookahead/occasions/{event.uid}/rule", rule)
    assert answer.status_code == 422
    assert "查水泵" in text_of(answer)
    own = PreparationRule.objects.filter(occasion=event).first()
    assert own is not None
    answer = client.post(f"/lookahead/rules/{own.uid}/change", {**rule, "text": "换水泵", "lead_days": "x"})
    assert answer.status_code == 422
    assert "换水泵" in text_of(answer)
    answer = client.post(f"/lookahead/preparations/{one.uid}/postpone", {"due_on": soon(90), "reason": "等备件"})
    assert answer.status_code == 422
    assert "等备件" in text_of(answer)
    assert client.post(f"/lookahead/preparations/{one.uid}/skip", {"reason": ""}).status_code == 422
    assert client.post(f"/lookahead/preparations/{one.uid}/assign", {"username": "nobody"}).status_code == 404
    assert client.post(f"/lookahead/preparations/{one.uid}/nothing", {}).status_code == 404
    assert client.post("/lookahead/library", {"code": "review", "from_on": "morgen"}).status_code == 422
    assert client.post("/lookahead/library", {"code": "nowhere"}).status_code == 422
    assert client.post("/lookahead/library", {"cycle": "LGT-1"}).status_code == 422
    assert client.get("/lookahead?after=nonsense&show=nonsense").status_code == 200
    one.refresh_from_db()
    assert one.state == "open"


def test_by_forms_alone_a_rule_is_added_changed_and_ended(house: House) -> None:
    client = signed_in(house, "officer")
    event = reviewed(client)
    rule = {
        "text": "查水泵",
        "lead_days": "9",
        "ready_days": "2",
        "place": "S7-ORT",
        "team": "repair",
        "owner": "leader",
    }
    assert client.post(f"/lookahead/occasions/{event.uid}/rule", rule).status_code == 302
    made = PreparationRule.objects.get(text="查水泵")
    assert (made.lead_days, made.owner_id) == (9, house.accounts["leader"])
    assert "查水泵" in text_of(client.get(f"/lookahead/occasions/{event.uid}"))
    changed = {**rule, "text": "查泵和阀", "owner": ""}
    assert client.post(f"/lookahead/rules/{made.uid}/change", changed).status_code == 302
    made.refresh_from_db()
    assert (made.text, made.owner_id) == ("查泵和阀", None)
    assert client.post(f"/lookahead/rules/{made.uid}/withdraw").status_code == 302
    made.refresh_from_db()
    assert not made.is_active
    assert client.post(f"/lookahead/rules/{made.uid}/withdraw").status_code == 404


def test_s38_ready_by_its_page_and_found_among_what_is_over(house: House) -> None:
    client = signed_in(house, "officer")
    event = reviewed(client)
    lookahead.turn()
    one = Preparation.objects.get(line_code="BLD", occasion=event)
    leader = signed_in(house, "leader")
    assert text_of(leader.get("/lookahead?show=mine")).count("小事普查") == 1
    answer = leader.post(f"/lookahead/preparations/{one.uid}/ready", {"note": "逐间走过，已修 14 处"})
    assert answer.status_code == 302
    assert "逐间走过" in text_of(leader.get(f"/lookahead/preparations/{one.uid}"))
    assert "小事普查" not in text_of(leader.get("/lookahead?show=mine"))
    assert "小事普查" in text_of(leader.get("/lookahead?show=over"))
    assert not Request.objects.get(pk=one.request_id).is_open
    again = leader.post(f"/lookahead/preparations/{one.uid}/ready", {"note": "再来"})
    assert again.status_code == 409
    assert "有人先一步" in text_of(again)


def test_s38_a_power_stop_is_announced_and_the_ward_finds_it_at_its_bell(house: House) -> None:
    client = signed_in(house, "officer")
    given = {"code": "outage", "name": "7楼停电", "from_on": soon(2), "to_on": soon(2), "place": "S7"}
    assert client.post("/lookahead/library", given).status_code == 302
    event = Occasion.objects.get(name="7楼停电")
    page = text_of(client.get(f"/lookahead/occasions/{event.uid}"))
    assert "李护士" in page
    assert "赵护士" not in page
    said = {"text": "后天9点停电，请切换重要设备"}
    assert client.post(f"/lookahead/occasions/{event.uid}/announce", {"text": ""}).status_code == 422
    assert client.post(f"/lookahead/occasions/{event.uid}/announce", said).status_code == 302
    assert "人" in text_of(client.get(f"/lookahead/occasions/{event.uid}"))
    told = Delivery.objects.get(kind="upkeep.occasion.announced", to_account_id=house.accounts["nurse"])
    assert "请切换重要设备" in sentence(told.kind, told.facts)


def test_an_event_is_moved_and_taken_off_by_its_page(house: House) -> None:
    client = signed_in(house, "officer")
    event = reviewed(client)
    lookahead.turn()
    moved = {"kind": "review", "name": "三甲复审", "repeats": "once", "from_on": soon(30), "to_on": soon(31)}
    assert client.post(f"/lookahead/occasions/{event.uid}/change", moved).status_code == 302
    event.refresh_from_db()
    assert event.from_on is not None
    assert {row.begins_on for row in Preparation.objects.all()} == {event.from_on}
    assert client.post(f"/lookahead/occasions/{event.uid}/withdraw", {"reason": ""}).status_code == 422
    assert client.post(f"/lookahead/occasions/{event.uid}/withdraw", {"reason": "延到明年"}).status_code == 302
    assert client.get(f"/lookahead/occasions/{event.uid}").status_code == 404
    assert {row.state for row in Preparation.objects.all()} == {"skipped"}


def test_in_english_the_calendar_reads_english(house: House) -> None:
    client = signed_in(house, "officer")
    client.post("/lookahead/library", {"code": "flood_bj"})
    client.post("/language", {"language": "en", "next": "/"})
    page = text_of(client.get("/lookahead"))
    assert "Flood season" in page
    assert "The year ahead" in page
    assert "汛期" not in page
    page = text_of(client.get(f"/lookahead/occasions/{Occasion.objects.get().uid}"))
    assert "every year from 06-01 to 09-15" in page


def test_the_calendar_costs_the_same_however_full_it_is(house: House) -> None:
    client = signed_in(house, "officer")

    def asked(path: str) -> int:
        client.get(path)
        with CaptureQueriesContext(connection) as counted:
            assert client.get(path).status_code == 200
        return len(counted.captured_queries)

    event = reviewed(client)
    few, one = asked("/lookahead"), asked(f"/lookahead/occasions/{event.uid}")
    for code in ("flood_bj", "cooling", "heating_bj", "hot", "respiratory", "frost", "national_day"):
        client.post("/lookahead/library", {"code": code})
    lookahead.turn()
    assert asked("/lookahead") <= few + 1  # the days off, where a holiday stands there
    assert asked(f"/lookahead/occasions/{event.uid}") <= one
    assert few <= 8
    assert one <= 12


def test_every_fact_of_the_room_has_a_sentence_in_both_languages() -> None:
    from yingxu.upkeep import events

    kinds = {one.kind for one in vars(events).values() if getattr(one, "kind", "").startswith("upkeep.")}
    assert kinds
    assert kinds <= set(SENTENCES)


def test_the_notice_of_a_preparation_opens_its_page(house: House) -> None:
    event = reviewed(signed_in(house, "officer"))
    lookahead.turn()
    one = Preparation.objects.get(line_code="BLD", occasion=event)
    told = Delivery.objects.filter(kind="upkeep.preparation.opened", subject_id=one.request_id)
    told.update(sent_at=datetime.now(UTC))
    answer = signed_in(house, "leader").post(f"/notices/{told.get().entry}/open")
    assert answer.headers["Location"] == f"/lookahead/preparations/{one.uid}"
