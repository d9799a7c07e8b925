"""Recurring demand, lists, appointments (D10): each occurrence once, days off left out, a list whole or not at all."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from tests.people import MONDAY_NINE, House
from tests.web.test_shell import signed_in
from yingxu.connect import recurring
from yingxu.demand import actions as demand
from yingxu.demand import queries
from yingxu.demand.models import Recurrence, Request
from yingxu.ground.models import Place
from yingxu.ground.refusals import Malformed, NotAllowed
from yingxu.standards.models import Holiday
from yingxu.web import inside

pytestmark = pytest.mark.django_db


def ruled(house: House, **more: Any) -> Recurrence:
    given: dict[str, Any] = {
        "site_id": house.site_id,
        "item_code": "plb.faucet",
        "place_code": "S7-ORT-WC",
        "text": "每天早上查一遍龙头",
        "form": None,
        "starts_min": 7 * 60,
        "window_min": 30,
        "weekdays": range(5),
        "skips_holidays": "",
        "from_on": date(2025, 3, 1),
        "to_on": None,
        "ahead_h": 24,
        "actor": house.actor("officer"),
        "at": MONDAY_NINE,
    }
    return Recurrence.objects.get(uid=demand.set_recurrence(**given | more).id)


def test_the_next_morning_is_raised_once_whoever_turns(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    ruled(house)
    monkeypatch.setattr(recurring.timezone, "now", lambda: MONDAY_NINE)
    recurring.turn()
    recurring.turn()
    raised = Request.objects.get(channel="plan")
    assert raised.wanted_from == datetime(2025, 3, 3, 23, 0, tzinfo=UTC)  # Tuesday 07:00 in Shanghai
    assert raised.state == "accepted"


def test_two_workers_at_once_raise_one(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    ruled(house)
    monkeypatch.setattr(recurring.timezone, "now", lambda: MONDAY_NINE)
    waiting = queries.due_recurrences(at=MONDAY_NINE)
    recurring._raise(waiting[0])
    with pytest.raises(IntegrityError), transaction.atomic():
        recurring._ask(waiting[0], demand.Wanted())
    assert Request.objects.filter(channel="plan").count() == 1


def test_weekdays_spans_and_stops_are_kept(house: House) -> None:
    rule = ruled(house, weekdays=(5, 6), to_on=date(2025, 3, 9))
    saturday = datetime(2025, 3, 7, 0, 0, tzinfo=UTC)  # Friday morning: Saturday 07:00 is within 24 h
    assert [due.source_ref[-8:] for due in queries.due_recurrences(at=saturday)] == ["20250308"]
    assert queries.due_recurrences(at=saturday + timedelta(days=1)) == ()  # Sunday is the first day left out
    demand.stop_recurrence(recurrence_id=rule.uid, actor=house.actor("officer"), at=MONDAY_NINE)
    assert queries.due_recurrences(at=saturday) == ()


def test_a_pause_and_an_exception_are_days_left_out_and_taken_back(house: House) -> None:
    rule, officer = ruled(house), house.actor("officer")
    assert [due.source_ref[-8:] for due in queries.due_recurrences(at=MONDAY_NINE)] == ["20250304"]
    days: dict[str, Any] = {"recurrence_id": rule.uid, "actor": officer, "at": MONDAY_NINE}
    demand.leave_out_days(from_on=date(2025, 3, 4), to_on=date(2025, 3, 5), **days)
    demand.leave_out_days(from_on=date(2025, 3, 6), to_on=date(2025, 3, 12), **days)
    assert queries.due_recurrences(at=MONDAY_NINE) == ()
    (row,) = queries.recurrences(officer, house.site_id, at=datetime(2025, 3, 3, 6, 0, tzinfo=UTC))
    assert row.next_on == (date(2025, 3, 3), date(2025, 3, 5), date(2025, 3, 12))
    (row,) = queries.recurrences(officer, house.site_id, at=datetime(2025, 3, 3, 9, 0, tzinfo=UTC))
    assert row.next_on[0] == date(2025, 3, 5)
    assert (row.left_out[0], len(row.left_out)) == (date(2025, 3, 4), 7)
    demand.resume_recurrence(**days)
    assert [due.source_ref[-8:] for due in queries.due_recurrences(at=MONDAY_NINE)] == ["20250304"]


@pytest.mark.parametrize(
    ("from_on", "to_on"),
    [
        (date(2025, 3, 5), date(2025, 3, 5)),
        (date(2025, 3, 5), date(2025, 3, 4)),
        (date(2025, 2, 1), date(2025, 2, 3)),
        (date(2025, 3, 5), date(2026, 4, 5)),
    ],
)
def test_days_that_cannot_be_left_out(house: House, from_on: date, to_on: date) -> None:
    rule = ruled(house)
    with pytest.raises(Malformed):
        demand.leave_out_days(
            recurrence_id=rule.uid, from_on=from_on, to_on=to_on, actor=house.actor("officer"), at=MONDAY_NINE
        )
    with pytest.raises(NotAllowed):
        demand.leave_out_days(
            recurrence_id=rule.uid,
            from_on=date(2025, 3, 5),
            to_on=date(2025, 3, 6),
            actor=house.actor("plumber"),
            at=MONDAY_NINE,
        )


def test_a_rule_is_set_by_a_places_name_paused_and_resumed_on_its_page(house: House) -> None:
    inside.forget()
    client = signed_in(house, "officer")
    given = {"item": "plb.faucet", "text": "每天查龙头", "clock": "07:00", "weekday": ["0", "1"]}
    unknown = client.post("/recurring", given | {"place": "没有的地方"})
    assert unknown.status_code == 422
    assert "没有的地方" in unknown.content.decode()
    name = Place.objects.get(site_id=house.site_id, code="S7-ORT-WC").full_name
    assert client.post("/recurring", given | {"place": name}).status_code == 302
    rule = Recurrence.objects.get()
    assert rule.place is not None
    assert rule.place.code == "S7-ORT-WC"
    wrong = client.post(f"/recurring/{rule.uid}/leave-out", {"from": "", "until": ""})
    assert wrong.status_code == 422
    assert client.post(f"/recurring/{rule.uid}/leave-out", {"from": "2040-01-02"}).status_code == 302
    assert "继续" in client.get("/recurring").content.decode()
    assert client.post(f"/recurring/{rule.uid}/go-on").status_code == 302
    rule.refresh_from_db()
    assert rule.left_out == []


def test_days_off_are_left_out_where_the_rule_says_so(house: House) -> None:
    Holiday.objects.create(site_id=house.site_id, on=date(2025, 3, 4), name="放假", is_off_day=True)
    ruled(house, skips_holidays="yes")
    assert queries.due_recurrences(at=MONDAY_NINE) == ()


def test_a_stranger_sets_no_rule(house: House) -> None:
    with pytest.raises(NotAllowed):
        ruled(house, actor=house.actor("plumber"))


def test_a_rule_is_set_and_stopped_on_its_page(house: House) -> None:
    inside.forget()
    client = signed_in(house, "officer")
    given = {"item": "plb.faucet", "place": "S7-ORT-WC", "text": "每天查", "clock": "07:00", "weekday": ["0", "1"]}
    assert client.post("/recurring", given).status_code == 302
    assert "07:00" in client.get("/recurring").content.decode()
    wrong = client.post("/recurring", {**given, "weekday": []})
    assert wrong.status_code == 422
    rule = Recurrence.objects.get()
    assert client.post(f"/recurring/{rule.uid}/stop").status_code == 302
    assert not Recurrence.objects.get().is_active


LIST = "项目,地点,时间,病人姓名,住院号,怎么走,隔离,送到哪里\n陪检（去检查）,S7-ORT-ST,{when},{name},H1,轮椅,无,CT室\n"


def upload(client: Any, text: str) -> Any:
    return client.post("/lists", {"file": SimpleUploadedFile("tomorrow.csv", text.encode("gb18030"))})


def test_a_list_of_escorts_is_raised_with_its_forms(house: House) -> None:
    inside.forget()
    client = signed_in(house, "officer")
    assert upload(client, LIST.format(when="2099-01-01 08:30", name="张三")).context["n_bad"] == 1  # too far ahead
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).strftime("%Y-%m-%d 08:30")
    page = upload(client, LIST.format(when=tomorrow, name="张三"))
    assert page.context["n_good"] == 1, page.content.decode()
    kept = {"rows": page.context["kept"]}
    assert client.post("/lists/ask", kept).context["n_asked"] == 1
    assert client.post("/lists/ask", kept).context["n_asked"] == 0
    raised = Request.objects.get(item__code="esc.exam")
    assert raised.form["mode"] == "wheelchair"
    assert raised.group_key is not None
    assert raised.wanted_from is not None


def test_a_row_with_faults_says_each_and_is_not_asked(house: House) -> None:
    inside.forget()
    page = upload(signed_in(house, "officer"), LIST.format(when="昨天", name=""))
    (line,) = page.context["lines"]
    assert len(line.row.faults) == 2
    assert "昨天" in line.trouble
    assert not page.context["kept"]
    assert not Request.objects.filter(item__code="esc.exam").exists()
