"""A call asks what the chosen item asks; one call for several places; what was answered is seen, and heard."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.people import House
from tests.web.test_ask import VOICE
from tests.web.test_desk import FRAGMENT
from tests.web.test_shell import signed_in
from yingxu.demand.models import Request
from yingxu.web import inside

pytestmark = pytest.mark.django_db

ESCORT = {"text": "3床去做CT", "phone": "13911112222", "place": "S7-ORT", "item": "esc.exam"}
FORM = {"f.patient_name": "张三", "f.patient_no": "H1", "f.mode": "bed", "f.isolation": "none", "f.to": "CT室"}


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    inside.forget()
    yield
    inside.forget()


def test_the_chosen_item_asks_its_fields_once(house: House) -> None:
    client = signed_in(house, "clerk")
    html = client.get("/desk/fields?item=esc.exam", headers=FRAGMENT).content.decode()
    for name in ("f.patient_name", "f.patient_no", "f.mode", "f.isolation", "f.oxygen", "f.to", "f.appointment"):
        assert f'name="{name}"' in html
    # while they are shown nothing typed is thrown away
    assert client.get("/desk/fields?item=esc.exam&shown=esc.exam", headers=FRAGMENT).status_code == 204
    assert "item-field" not in client.get("/desk/fields?item=ele.light", headers=FRAGMENT).content.decode()


def test_what_the_caller_said_stands_in_the_fields_already(house: House) -> None:
    text = "送11床去做CT，坐轮椅，带氧气，不用输液"
    html = signed_in(house, "clerk").get("/desk/fields", {"item": "esc.exam", "text": text}, headers=FRAGMENT)
    fields = {field.input_name: field.value for field in html.context["fields"]}
    said = {name: value for name, value in fields.items() if value}
    assert said == {"f.bed": "11", "f.mode": "wheelchair", "f.oxygen": "1", "f.to": "CT"}


def test_a_call_without_what_is_needed_is_asked_again_and_loses_nothing(house: House) -> None:
    client = signed_in(house, "clerk")
    answer = client.post("/desk/call", ESCORT | {"f.patient_name": "张三"}, headers=FRAGMENT)
    assert (answer.status_code, answer.headers["HX-Retarget"]) == (422, "#call-fields")
    assert 'value="张三"' in answer.content.decode()
    whole = client.post("/desk/call", ESCORT | {"f.patient_name": "张三", "command": "e1"})
    html = whole.content.decode()
    assert whole.status_code == 422
    for kept in ('value="3床去做CT"', 'value="13911112222"', 'value="esc.exam"', 'value="e1"', 'value="张三"'):
        assert kept in html
    assert not Request.objects.exists()


def test_an_escort_taken_at_the_desk_keeps_form_and_appointment_covered(house: House) -> None:
    client = signed_in(house, "clerk")
    form = FORM | {"f.oxygen": "1", "f.appointment": ""}
    assert client.post("/desk/call", ESCORT | form, headers=FRAGMENT).status_code == 200
    request = Request.objects.get()
    assert request.form["patient_name"] == "张三"
    for address in (f"/desk/requests/{request.uid}", f"/requests/{request.uid}"):
        html = client.get(address).content.decode()
        assert "CT室" in html
        assert "●●●" in html
        assert "张三" not in html


def test_a_critical_call_is_never_held_up_by_an_empty_form(house: House) -> None:
    assert signed_in(house, "clerk").post("/desk/call", ESCORT | {"priority": "1"}).status_code == 302
    assert Request.objects.get().priority == 1


def test_one_call_for_several_places_is_several_requests_shown_together(house: House) -> None:
    client = signed_in(house, "clerk")
    said = {"text": "灯不亮", "item": "ele.light", "place": "S7-ORT-ST", "also": "S7-ORT-WC", "command": "g1"}
    client.post("/desk/call", said, headers=FRAGMENT)
    first, second = Request.objects.order_by("id")
    assert first.group_key == second.group_key is not None
    assert {first.place.code, second.place.code} == {"S7-ORT-ST", "S7-ORT-WC"}
    for address in (f"/desk/requests/{first.uid}", f"/requests/{first.uid}"):
        assert second.number in client.get(address).content.decode()
    # sent twice, taken once
    client.post("/desk/call", said, headers=FRAGMENT)
    assert Request.objects.count() == 2


def test_a_further_place_that_is_unknown_stops_all_of_them(house: House) -> None:
    said = {"text": "灯不亮", "item": "ele.light", "place": "S7-ORT-ST", "also_words": "S7-ORT-WC; 月球基地"}
    answer = signed_in(house, "clerk").post("/desk/call", said, headers=FRAGMENT)
    assert answer.status_code == 422
    assert not Request.objects.exists()


def test_a_voice_note_is_played_at_the_desk_and_on_the_request(
    house: House, tmp_path: Any, settings: LazySettings
) -> None:
    settings.FILES_ROOT = tmp_path
    note = SimpleUploadedFile("voice.webm", VOICE, content_type="audio/webm")
    signed_in(house, "nurse").post("/ask", {"text": "", "command": "voice-1", "place": "S7-ORT", "voice": note})
    request, client = Request.objects.get(), signed_in(house, "clerk")
    for address in (f"/desk/requests/{request.uid}", f"/requests/{request.uid}"):
        html = client.get(address).content.decode()
        assert "<audio" in html
    source = html.split("<audio", 1)[1].split('src="', 1)[1].split('"', 1)[0]
    played = client.get(source)
    assert played["Content-Type"] == "audio/webm"
    assert b"".join(played.streaming_content) == VOICE  # type: ignore[attr-defined]
