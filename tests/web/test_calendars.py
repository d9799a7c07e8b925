"""The pages of the service hours: seen, tried, changed; what is wrong is said and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.people import House
from tests.web.test_shell import signed_in
from yingxu.ground.refusals import Malformed
from yingxu.standards import queries
from yingxu.standards.models import CalendarEdition, Holiday
from yingxu.web import inside
from yingxu.web.calendars.forms import Typed, periods

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    inside.forget()
    queries.forget()
    yield
    inside.forget()
    queries.forget()


def soon(days: int = 10) -> date:
    return timezone.now().date() + timedelta(days=days)


def typed(**more: str) -> dict[str, str]:
    return {"weekday": "09:00-12:00", "weekend": "", "from_on": soon().isoformat(), "command": "c1", **more}


def test_everybody_inside_reads_the_hours_and_only_the_officer_may_change_them(house: House) -> None:
    nurse = signed_in(house, "nurse").get("/calendars/office").content.decode()
    assert "08:00–12:00" in nurse
    assert "from_on" not in nurse
    assert "from_on" in signed_in(house, "officer").get("/calendars/office").content.decode()
    assert signed_in(house, "nurse").post("/calendars/office/edit", typed()).status_code == 403


def test_a_change_is_tried_first_and_then_saved(house: House) -> None:
    client = signed_in(house, "officer")
    on = next(soon(n) for n in range(3, 10) if soon(n).weekday() == 2)
    before = CalendarEdition.objects.count()
    page = client.post("/calendars/office/edit", typed(**{"from_on": on.isoformat(), "try": "1"}))
    assert page.context["is_trial"]
    (day,) = [day for week in page.context["weeks"] for day in week if day.on == on]
    assert day.said == "09:00–12:00"
    assert CalendarEdition.objects.count() == before
    assert client.post("/calendars/office/edit", typed(from_on=on.isoformat())).status_code == 302
    page = client.get("/calendars/office")
    (day,) = [day for week in page.context["weeks"] for day in week if day.on == on]
    assert day.said == "09:00–12:00"
    edition = CalendarEdition.objects.get(from_on=on)
    assert client.post(f"/calendars/office/withdraw/{edition.uid}").status_code == 302
    assert CalendarEdition.objects.get(from_on=on).withdrawn_at is not None


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"weekday": "08:00-12:00, 11:00-14:00"}, "08:00-12:00"),
        ({"weekday": ""}, "没有"),
        ({"weekday": "八点到十点"}, "八点"),
        ({"from_on": "2020-01-01"}, "2020-01-01"),
        ({"from_on": ""}, "日期"),
        ({"exceptions": "圣诞节 08:00-09:00"}, ""),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(house: House, wrong: dict[str, str], said: str) -> None:
    before = CalendarEdition.objects.count()
    page = signed_in(house, "officer").post("/calendars/office/edit", typed(reason="夏季作息", **wrong))
    assert page.status_code == 422
    html = page.content.decode()
    assert 'role="alert"' in html
    assert said in page.context["trouble"]
    assert "夏季作息" in html
    assert CalendarEdition.objects.count() == before


def test_what_a_limit_becomes(house: House) -> None:
    page = signed_in(house, "clerk").get("/calendars/office?hours=4&from=2025-03-07T16:00")  # a Friday
    due = page.context["due"]
    assert due.due_at.isoformat() == "2025-03-10T10:30:00+08:00"
    assert signed_in(house, "clerk").get("/calendars/office?hours=x&from=y").status_code == 200


def test_hours_of_ones_own(house: House) -> None:
    client = signed_in(house, "officer")
    assert client.get("/calendars/new").status_code == 200
    made = client.post("/calendars/new", {"code": "lab", "name": "检验科", "weekday": "07:30 - 12:00", "sat": "休"})
    assert made["Location"] == "/calendars/lab"
    again = client.post("/calendars/new", {"code": "lab", "name": "检验科", "weekday": "07:30-12:00"})
    assert (again.status_code, "lab" in again.context["trouble"]) == (409, True)
    assert client.get("/calendars/nowhere").status_code == 404


def test_holidays_are_taken_over_and_own_days_come_and_go(house: House) -> None:
    client = signed_in(house, "officer")
    assert client.post("/calendars/holidays", {"set": "cn", "year": "2099"}).status_code == 422
    day = soon(20).isoformat()
    assert client.post("/calendars/holidays/add", {"on": day, "name": "院庆"}).status_code == 302
    assert "院庆" in client.get("/calendars").content.decode()
    assert client.post("/calendars/holidays/add", {"on": day, "name": "院庆"}).status_code == 409
    row = Holiday.objects.get(on=day)
    assert client.post(f"/calendars/holidays/{row.uid}/withdraw").status_code == 302
    assert "院庆" not in client.get("/calendars").content.decode()


def test_few_statements(house: House) -> None:
    client = signed_in(house, "officer")
    for path in ("/calendars", "/calendars/office"):
        client.get(path)
        with CaptureQueriesContext(connection) as asked:
            client.get(path)
        assert len(asked) <= 6, [query["sql"][:90] for query in asked]


def test_people_type_periods_in_many_ways() -> None:
    for text in ("08:00-12:00,14:00-18:00", "08:00 – 12:00；14:00至18:00", "08:00~12:00、14:00-18:00"):
        assert periods(text) == ("08:00-12:00", "14:00-18:00")
    assert periods("休息") == periods("") == ()
    given = Typed(weekday="08:00-12:00", exceptions="2026-12-31 08:00-10:00\n2026-12-25 休").hours()
    assert given.exceptions == ((date(2026, 12, 31), ("08:00-10:00",)), (date(2026, 12, 25), ()))
    with pytest.raises(Malformed):
        Typed(exceptions="morgen 08:00-10:00").hours()


def test_what_is_stored_reads_as_it_was_typed() -> None:
    stored = {
        "weekday": ["08:00-12:00"],
        "weekend": [],
        "days": {"4": []},
        "exceptions": {"2026-12-31": ["08:00-10:00"]},
        "follows_holidays": True,
    }
    shown = Typed.of_definition(stored, from_on=date(2026, 1, 1))
    assert shown.hours().days == ((4, ()),)
    assert shown.exceptions == "2026-12-31 08:00-10:00"
