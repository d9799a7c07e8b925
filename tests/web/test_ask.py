"""Ask: one box behind a printed code; small, quick, without JavaScript too; a double tap makes one request."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.people import SETUP_AT, House
from tests.web.test_shell import signed_in
from yingxu.demand.models import Request, Word
from yingxu.ground import actions as ground
from yingxu.ground.actor import engine
from yingxu.ground.models import File, Site
from yingxu.web.ask import limits

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64
STATIC = Path(__file__).resolve().parents[2] / "src" / "yingxu" / "web" / "static"


@pytest.fixture
def code(house: House) -> str:
    issued = ground.issue_tokens(site_id=house.site_id, place_codes=["S7-ORT-WC"], actor=engine("setup"), at=SETUP_AT)
    return issued.tokens[0].token


@pytest.fixture(autouse=True)
def files(tmp_path: Path, settings: LazySettings) -> None:
    settings.FILES_ROOT = tmp_path
    for counter in (limits.codes, limits.addresses, limits.anyhow):
        counter._seen.clear()


def hidden(html: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    assert found
    return found[1]


def test_a_code_opens_a_page_with_its_place_and_needs_no_account(client: Client, code: str) -> None:
    html = client.get(f"/q/{code}").content.decode()
    assert "骨科 卫生间" in html
    assert "6666" in html
    assert "<textarea" in html
    assert 3 <= html.count('name="item"') <= 6


def test_sending_makes_a_request_and_leads_to_its_private_page(client: Client, code: str, house: House) -> None:
    page = client.get(f"/q/{code}").content.decode()
    sent = client.post(
        f"/q/{code}", {"command": hidden(page, "command"), "text": "马桶堵了", "item": "plb.toilet", "phone": "6001"}
    )
    request = Request.objects.get(text="马桶堵了")
    assert sent.status_code == 302
    assert sent.headers["Location"].startswith("/f/")
    assert (request.channel, request.place_id, request.requester_phone) == ("qr", house.places["S7-ORT-WC"], "6001")
    assert client.get(sent.headers["Location"]).status_code == 200


def test_a_double_tap_makes_one_request(client: Client, code: str) -> None:
    body = {"command": "tap-1", "text": "灯不亮"}
    first, second = client.post(f"/q/{code}", body), client.post(f"/q/{code}", body)
    assert first.headers["Location"] == second.headers["Location"]
    assert Request.objects.filter(text="灯不亮").count() == 1


def test_other_words_under_the_same_id_are_kept_on_the_page(client: Client, code: str) -> None:
    client.post(f"/q/{code}", {"command": "tap-1", "text": "灯不亮"})
    again = client.post(f"/q/{code}", {"command": "tap-1", "text": "水龙头漏水"})
    html = again.content.decode()
    assert again.status_code == 409
    assert "水龙头漏水" in html
    assert hidden(html, "command") != "tap-1"


def test_nothing_said_is_answered_in_words(client: Client, code: str) -> None:
    page = client.post(f"/q/{code}", {"command": "tap-1", "text": "  "})
    assert page.status_code == 422
    assert 'role="alert"' in page.content.decode()


def test_photos_come_with_the_request_and_a_bad_one_costs_nothing(client: Client, code: str) -> None:
    photos = [SimpleUploadedFile("a.png", PNG), SimpleUploadedFile("b.exe", b"MZ" + b"0" * 64)]
    for _ in range(2):  # a phone that retries
        for photo in photos:
            photo.seek(0)
        sent = client.post(f"/q/{code}", {"command": "tap-2", "text": "天花板滴水", "photos": photos})
    request = Request.objects.get(text="天花板滴水")
    assert sent.headers["Location"].endswith("photo=refused")
    assert File.objects.filter(subject_kind="request", subject_id=request.pk).count() == 1
    assert Word.objects.filter(request=request).count() == 1


def test_words_of_danger_turn_the_page_red_with_the_number(client: Client, code: str) -> None:
    fragment = client.get(f"/q/{code}/likely", {"text": "插座冒火花着火了"}).content.decode()
    assert "data-danger" in fragment
    assert "data-danger" not in client.get(f"/q/{code}/likely", {"text": "要一张桌子"}).content.decode()


def test_chips_follow_the_words_and_the_promise_the_choice(client: Client, code: str) -> None:
    fragment = client.get(f"/q/{code}/likely", {"text": "马桶堵了水漫出来", "item": "ele.light"}).content.decode()
    assert re.search(r'value="ele.light" checked', fragment)
    assert "plb." in fragment
    assert "分钟" in fragment or "小时" in fragment or ":" in fragment


@pytest.mark.parametrize("text", ["谢谢", "收到", "???", "test"])
def test_a_bare_word_promises_nothing_and_asks(client: Client, code: str, text: str) -> None:
    fragment = client.get(f"/q/{code}/likely", {"text": text}).content.decode()
    assert "没有读出要办的事" in fragment
    assert "分钟" not in fragment


def test_a_revoked_code_says_so(client: Client, code: str) -> None:
    ground.revoke_token(token=code, reason="torn", actor=engine("setup"), at=SETUP_AT)
    page = client.get(f"/q/{code}")
    assert page.status_code == 404
    assert "/sign-in" in page.content.decode()
    assert 'href="tel:6666"' in page.content.decode()
    # typed while it was withdrawn: the words stand on the page, and it says that nothing went
    lost = client.post(f"/q/{code}", {"command": "1", "text": "马桶堵了"}).content.decode()
    assert "马桶堵了" in lost
    assert 'href="tel:6666"' in lost


def test_a_code_that_nobody_knows_names_every_desk(client: Client, code: str) -> None:
    for address in ("/q/NOSUCHCODE", "/q?code=NOSUCHCODE", "/k/NOSUCHKIOSK"):
        page = client.get(address)
        assert page.status_code == 404
        assert 'href="tel:6666"' in page.content.decode(), address
    Site.objects.update(desk_phone="")
    assert "tel:" not in client.get("/q/NOSUCHCODE").content.decode()


def test_the_page_weighs_less_than_sixty_kilobytes(client: Client, code: str) -> None:
    weight = len(gzip.compress(client.get(f"/q/{code}").content))
    for name in (
        "web/phone.css",
        "web/photos.js",
        "web/outbox.js",
        "web/ask.js",
        "web/clock.js",
        "web/logo.svg",
        "vendor/icons.svg",
    ):
        weight += len(gzip.compress((STATIC / name).read_bytes()))
    assert weight < 60_000


def test_too_many_are_answered_in_words_with_the_number(
    client: Client, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits.codes, "limit", 1)
    client.post(f"/q/{code}", {"command": "1", "text": "灯不亮"})
    page = client.post(f"/q/{code}", {"command": "2", "text": "门关不上"})
    html = page.content.decode()
    assert page.status_code == 429
    assert "门关不上" in html
    assert "6666" in html
    assert page["Retry-After"] == "60"  # a phone's outbox waits so long


def test_a_ward_is_never_blocked_on_its_worst_day() -> None:
    counter = limits.Counter(limits.PER_CODE)
    assert all(counter.allows("ward", now_s=n * 10.0) for n in range(360))


def test_whoever_uses_up_the_hospitals_address_blocks_no_ward(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits.addresses, "limit", limits.PER_CODE // 2)
    monkeypatch.setattr(limits.anyhow, "limit", 3)
    flood = [limits.allows(code="flood", address="nat") for _ in range(limits.PER_CODE * 2)]
    assert sum(flood) == limits.PER_CODE // 2 + 3
    assert [limits.allows(code="ward", address="nat") for _ in range(5)] == [True] * 3 + [False] * 2
    assert limits.allows(code="ward", address="another house")


def test_a_nurse_asks_for_her_own_ward_and_for_another_place(house: House) -> None:
    client = signed_in(house, "nurse")
    html = client.get("/ask").content.decode()
    assert "骨科" in html
    assert "呼吸科" in client.get("/ask", {"find": "呼吸"}).content.decode()
    sent = client.post("/ask", {"command": "n1", "text": "空调不制冷", "place": "N5-RES", "item": "hva.not_cool"})
    request = Request.objects.get(text="空调不制冷")
    assert sent.status_code == 302
    assert (request.owner_id, request.place_id) == (house.accounts["nurse"], house.places["N5-RES"])


def test_without_an_account_or_a_code_one_signs_in_first(client: Client) -> None:
    assert client.get("/ask").headers["Location"].startswith("/sign-in?next=")
    assert client.get("/ask/likely").status_code == 403


def test_the_form_is_protected_and_says_so_in_words(code: str) -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post(f"/q/{code}", {"command": "x", "text": "灯不亮"}).status_code == 403
    page = client.get(f"/q/{code}").content.decode()
    sent = client.post(
        f"/q/{code}", {"command": "x", "text": "灯不亮", "csrfmiddlewaretoken": hidden(page, "csrfmiddlewaretoken")}
    )
    assert sent.status_code == 302


def test_typing_asks_the_database_little(client: Client, code: str) -> None:
    client.get(f"/q/{code}/likely", {"text": "灯不亮"})
    for address, values, limit in ((f"/q/{code}", {}, 1), (f"/q/{code}/likely", {"text": "灯不亮"}, 2)):
        with CaptureQueriesContext(connection) as seen:
            client.get(address, values)
        assert len(seen) <= limit, address


def test_the_right_role_at_the_wrong_place_and_the_wrong_role(house: House) -> None:
    client = signed_in(house, "auditor")
    assert client.post("/ask", {"command": "a1", "text": "灯不亮", "place": "S7-ORT"}).status_code == 403
    assert signed_in(house, "nurse").get("/ask", {"place": "NOWHERE"}).status_code == 404


VOICE = b"\x1aE\xdf\xa3" + b"\x00" * 200


def test_a_voice_note_stands_for_words_and_can_be_played(house: House, tmp_path: Any, settings: LazySettings) -> None:
    settings.FILES_ROOT = tmp_path
    client = signed_in(house, "nurse")
    note = SimpleUploadedFile("voice.webm", VOICE, content_type="audio/webm")
    sent = client.post("/ask", {"text": "", "command": "spoken-1", "place": "S7-ORT", "voice": note})
    assert sent.status_code == 302
    page = client.get(sent["Location"])
    (address,) = page.context["voices"]
    played = client.get(address)
    assert played["Content-Type"] == "audio/webm"
    assert b"".join(played.streaming_content) == VOICE  # type: ignore[attr-defined]


def test_neither_words_nor_voice_is_told_in_words(house: House) -> None:
    answer = signed_in(house, "nurse").post("/ask", {"text": " ", "command": "nothing", "place": "S7-ORT"})
    assert answer.status_code == 422


def test_an_escort_chosen_on_ask_asks_its_fields_and_keeps_what_was_typed(house: House) -> None:
    client = signed_in(house, "nurse")
    given = {"text": "3床去做CT", "command": "escort-1", "place": "S7-ORT", "item": "esc.exam"}
    refused = client.post("/ask", {**given, "f.patient_name": "张三", "f.mode": "wheelchair"})
    assert refused.status_code == 422
    html = refused.content.decode()
    assert "住院号" in html
    assert 'value="张三"' in html
    whole = {"f.patient_name": "张三", "f.patient_no": "H1", "f.mode": "bed", "f.isolation": "none", "f.to": "CT室"}
    assert client.post("/ask", given | whole).status_code == 302
