"""Forms of items (D6): typed fields as data, every fault at once, patient identifiers covered and looks kept (S9)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from tests.people import MONDAY_NINE, House
from tests.rooms.test_work_loop import sent
from tests.web.test_shell import signed_in
from yingxu.demand import actions as demand
from yingxu.demand.actions import Wanted
from yingxu.demand.models import Request
from yingxu.ground.models import Entry
from yingxu.ground.refusals import Malformed, NotFound
from yingxu.standards import actions as standards
from yingxu.standards import forms, library
from yingxu.standards.forms import checked, fields_of
from yingxu.standards.refusals.forms import FormWrong
from yingxu.work.models import Job

pytestmark = pytest.mark.django_db
ESCORT = {
    "patient_name": "张三",
    "patient_no": "H00123",
    "mode": "wheelchair",
    "isolation": "none",
    "to": "CT室",
    "oxygen": "1",
}


def raised(house: House, form: dict[str, str] | None, item: str = "esc.exam", **more: object) -> Request:
    said = demand.raise_request(
        site_id=house.site_id,
        channel="web",
        text="送去做CT",
        item_code=item,
        place_code="S7-ORT-ST",
        wanted=Wanted(form=form, **more),  # type: ignore[arg-type]
        actor=house.actor("nurse"),
        at=MONDAY_NINE,
    )
    return Request.objects.get(pk=said.key)


def test_the_library_s_forms_belong_to_items_that_there_are() -> None:
    for code in forms._library():
        assert code in library.by_code("items")
        assert all(field.kind in forms.KINDS for field in fields_of(code, None))
    assert {field.code for field in fields_of("esc.exam", None) if field.is_personal} == {"patient_name", "patient_no"}
    assert not any(field.is_needed for field in fields_of("elv.trapped", None))  # a rescue waits for no answer


def test_an_escort_keeps_its_two_identifiers_and_how_to_travel(house: House) -> None:
    request = raised(house, ESCORT, wanted_from=MONDAY_NINE + timedelta(hours=2))
    assert request.form["patient_no"] == "H00123"
    assert request.form["oxygen"] is True
    assert request.wanted_from == MONDAY_NINE + timedelta(hours=2)


def test_every_wrong_field_is_named_at_once_and_nothing_is_recorded(house: House) -> None:
    before = Entry.objects.count()
    with pytest.raises(FormWrong) as refused:
        raised(house, {"mode": "by_air", "patient_name": "张三"})
    assert {(one.code, one.problem) for one in refused.value.fields} == {
        ("patient_no", "missing"),
        ("mode", "unknown"),
        ("isolation", "missing"),
        ("to", "missing"),
    }
    assert Entry.objects.count() == before


def test_a_door_that_knows_no_forms_asks_without(house: House) -> None:
    assert raised(house, None).form == {}


def test_a_form_costs_no_statement_more(house: House) -> None:
    raised(house, ESCORT)
    with CaptureQueriesContext(
        connection,
    ) as without:
        raised(house, None)
    with CaptureQueriesContext(connection) as with_form:
        raised(house, ESCORT)
    assert len(with_form) == len(without)


def test_an_appointment_lies_ahead_and_ends_after_it_begins(house: House) -> None:
    with pytest.raises(Malformed):
        raised(house, None, wanted_from=MONDAY_NINE - timedelta(days=1))
    with pytest.raises(Malformed):
        raised(house, None, wanted_from=MONDAY_NINE, wanted_to=MONDAY_NINE - timedelta(minutes=1))


def test_a_site_s_own_form_stands_in_the_library_s_place(house: House) -> None:
    own = [{"code": "colour", "kind": "choice", "name": "颜色", "options": [["r", "红", "red"], ["b", "蓝", "blue"]]}]
    standards.change_item(
        site_id=house.site_id,
        code="plb.faucet",
        name="龙头",
        name_en="Tap",
        default_priority=3,
        minutes=30,
        hours_code="",
        place_classes=(),
        form=own,
        actor=house.actor("officer"),
        at=MONDAY_NINE,
    )
    assert raised(house, {"colour": "红"}, item="plb.faucet").form == {"colour": "r"}


def test_who_does_the_job_sees_the_patient_and_the_look_is_kept(house: House) -> None:
    request = raised(house, ESCORT)
    with pytest.raises(NotFound):
        demand.see_patient(request_id=request.uid, actor=house.actor("porter"), at=MONDAY_NINE)
    sent(house, Job.objects.get(request=request), to="porter")
    shown = demand.see_patient(request_id=request.uid, actor=house.actor("porter"), at=MONDAY_NINE)
    assert [field.value for field in shown.fields] == ["张三", "H00123"]
    kept = Entry.objects.filter(kind="demand.patient.seen", thread_id=request.pk).get()
    assert "张三" not in str(kept.facts)
    for stranger in ("plumber", "leader", "other_nurse", "administrator"):
        with pytest.raises(NotFound):
            demand.see_patient(request_id=request.uid, actor=house.actor(stranger), at=MONDAY_NINE)


def test_my_work_shows_what_was_asked_with_the_patient_covered(house: House) -> None:
    request = raised(house, ESCORT)
    sent(house, Job.objects.get(request=request), to="porter")
    client = signed_in(house, "porter")
    page = client.get("/my-work").content.decode()
    assert "轮椅" in page
    assert "张三" not in page
    assert "张三" not in client.get(f"/requests/{request.uid}/patient").content.decode()  # a GET never tells nor writes
    assert Entry.objects.filter(kind="demand.patient.seen").count() == 0
    assert "张三" in client.post(f"/requests/{request.uid}/patient").content.decode()


@given(
    st.dictionaries(st.sampled_from(["people", "condition", "lift_no", "floor", "x"]), st.text(max_size=30), max_size=5)
)
def test_a_clean_form_is_clean_again(said: dict[str, str]) -> None:
    fields = fields_of("elv.trapped", None)
    try:
        once = checked(fields, said)
    except FormWrong:
        return
    assert checked(fields, once) == once
