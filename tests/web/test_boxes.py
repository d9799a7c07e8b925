"""Suggestion boxes (domain S66, AS-19): nobody can tell who wrote; the writer reads the answer by a code."""

from __future__ import annotations

import logging
import re
import struct
import zlib
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from unittest.mock import patch
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.people import MONDAY_NINE, House
from tests.web.test_shell import signed_in
from yingxu.ground.actor import engine
from yingxu.ground.models import Command, Delivery, Entry
from yingxu.ground.refusals import Malformed, NotAllowed, NotFound, OwnWork
from yingxu.voice import actions as voice
from yingxu.voice.actions import mixing
from yingxu.voice.actions.watching_boxes import watch_boxes
from yingxu.voice.bare import bare_photo
from yingxu.voice.claims import claim_digest
from yingxu.voice.models import Letter, LetterPhoto, PaperOpening, PaperSlip, SuggestionBox
from yingxu.voice.queries import boxes as queries
from yingxu.voice.refusals import NoSlipCounted, SlipsDiffer, WitnessesNeeded
from yingxu.web.boxes import abuse
from yingxu.web.boxes.quiet import Quiet
from yingxu.web.notices.views import _address

pytestmark = pytest.mark.django_db

#: What the browser of the writer gives away about itself.
ADDRESS, BROWSER = "10.77.66.55", "Mozilla/5.0 (Linux; Android 12; TELLTALE-9000)"


@pytest.fixture(autouse=True)
def counters_afresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(abuse, "apart", abuse.Rotating(abuse.APART_AFTER))
    monkeypatch.setattr(abuse, "refused", abuse.Rotating(abuse.REFUSED_AFTER))
    monkeypatch.setattr(abuse, "tries", abuse.Rotating(abuse.TRIES))


@pytest.fixture
def box(house: House) -> SuggestionBox:
    made = voice.make_box(site_id=house.site_id, name="住院大厅", actor=house.actor("officer"), at=MONDAY_NINE)
    return SuggestionBox.objects.get(uid=made.uid)


def drop(client: Client, box: SuggestionBox, text: str = "护工态度不好", **more: Any) -> str:
    page = client.get(f"/v/{box.token}", REMOTE_ADDR=ADDRESS, HTTP_USER_AGENT=BROWSER)
    found = re.search(r'name="code" value="([A-Z2-9]{12})"', page.content.decode())
    assert found
    answer = client.post(
        f"/v/{box.token}",
        {"text": text, "code": found[1], **more},
        REMOTE_ADDR=ADDRESS,
        HTTP_USER_AGENT=BROWSER,
    )
    assert answer.status_code == 200, answer.content.decode()
    return found[1]


def counted(house: House, box: SuggestionBox, n: int) -> None:
    """The box of wood was opened before two witnesses."""
    voice.take_out_paper(
        box_id=box.uid, n=n, witnesses=("clerk", "other_clerk"), actor=house.actor("officer"), at=MONDAY_NINE
    )


def dumped() -> str:
    """Every row of every table as text."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        parts = []
        for table in tables:
            cursor.execute(f"SELECT coalesce(string_agg(t::text, E'\\n'), '') FROM {table} t")
            parts.append(f"== {table}\n{cursor.fetchone()[0]}")
    return "\n".join(parts)


def test_the_database_holds_nothing_that_leads_to_the_writer(house: House, box: SuggestionBox) -> None:
    """S66: a signed-in nurse writes; scan of all tables before and after."""
    client = signed_in(house, "nurse")
    client.get(f"/v/{box.token}")
    before = set(dumped().splitlines())
    code = drop(client, box, purpose="appeal")
    new = [line for line in dumped().splitlines() if line not in before]
    # one row more in the whole database: the letter
    assert len(new) == 1
    assert "护工态度不好" in new[0]
    for trace in (
        ADDRESS,
        "TELLTALE",
        code,
        client.cookies["yingxu_session"].value,
    ):
        assert trace not in new[0]
    assert str(house.accounts["nurse"]) not in new[0]
    # no clock time anywhere in it
    assert re.search(r"\d\d:\d\d", new[0]) is None
    assert not Entry.objects.filter(kind__startswith="voice.letter").exists()
    assert not Command.objects.filter(result__icontains="in_box").exists()


def test_s66_a_database_administrator_with_all_tables_and_all_logs_cannot_tell(
    house: House, box: SuggestionBox, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever holds every table and every line that the server wrote finds no address, account, browser or moment.

    Everything is logged, down to the statements (DEBUG); the slips are a letter, a sheet with words, a last word, and
    what goes wrong: an empty letter, a wrong code, a page that breaks. Even the transaction's own stamp (xmin) tells
    only the order of commits.
    """
    from yingxu.voice.actions.surveys import Frame, make_survey
    from yingxu.web.surveys import public as surveys

    monkeypatch.setattr(surveys, "apart", abuse.Rotating(surveys.APART_AFTER))
    monkeypatch.setattr(surveys, "refused", abuse.Rotating(surveys.REFUSED_AFTER))
    today = datetime.now(UTC).date()
    survey = make_survey(
        site_id=house.site_id, title="三月", kind="nps", actor=house.actor("officer"), at=MONDAY_NINE,
        frame=Frame(today - timedelta(days=3), today + timedelta(days=3), 50),
    )  # fmt: skip
    client = signed_in(house, "nurse")
    seen_as: dict[str, Any] = {"REMOTE_ADDR": ADDRESS, "HTTP_USER_AGENT": BROWSER, "HTTP_X_FORWARDED_FOR": ADDRESS}
    client.get(f"/v/{box.token}", **seen_as)
    # logs of libraries too, as a curious administrator would set them; the quiet filter stands where the house puts it
    for handler in logging.getLogger().handlers:
        handler.addFilter(Quiet())
    caplog.handler.addFilter(Quiet())
    caplog.set_level(logging.DEBUG)
    before, began = set(dumped().splitlines()), datetime.now(UTC)
    caplog.clear()
    code = drop(client, box, text="请查三楼夜班的态度", purpose="vent")
    filled = client.post(f"/s/{survey.token}", {"nps": "2", "text": "夜里叫不到人", "code": "BCDE2345EFGH"}, **seen_as)
    assert filled.status_code == 200, filled.content.decode()
    client.post(f"/v/{box.token}", {"text": " ", "code": "ZZZZ2345EFGH"}, **seen_as)
    client.post(f"/v/{box.token}/answer", {"code": code}, **seen_as)
    client.post(f"/v/{box.token}/answer", {"code": "ZZZZ22223333"}, **seen_as)
    client.get("/v/NO-SUCH-BOX", **seen_as)
    monkeypatch.setattr("yingxu.web.boxes.public.queries.box_by_token", _broken)
    client.raise_request_exception = False
    assert client.post(f"/v/{box.token}", {"text": "x", "code": code}, **seen_as).status_code == 500
    ended = datetime.now(UTC)

    new = [line for line in dumped().splitlines() if line not in before]
    told = "\n".join(new)
    assert [("请查三楼夜班的态度" in told), ("夜里叫不到人" in told), len(new)] == [True, True, 3], new
    # what the statement logger of the driver says is the administrator's own log of the database: not the server's
    lines = [caplog.handler.format(one) for one in caplog.records if not one.name.startswith("django.db")]
    logs = "\n".join(lines)
    cookies = [client.cookies[name].value for name in ("yingxu_session", "yingxu_csrf") if name in client.cookies]
    accounts = [str(house.accounts["nurse"]), "nurse", "李护士"]
    for trace in (ADDRESS, "TELLTALE", code, "BCDE2345EFGH", *cookies, *accounts):
        assert trace not in told, trace
    for trace in (
        ADDRESS,
        "TELLTALE",
        code,
        "BCDE2345EFGH",
        "请查三楼",
        "夜里叫不到人",
        box.token,
        survey.token,
        *cookies,
    ):
        assert trace not in logs, (trace, logs)
    # no moment: neither in the rows nor as a line of the log about the slip
    moments = {f"{began + timedelta(seconds=n):%H:%M}" for n in range(int((ended - began).total_seconds()) + 2)}
    assert not any(moment in told for moment in moments)
    assert re.search(r"\d\d:\d\d", told) is None
    # keys do not tell the order either: random ones, no sequence
    assert {Letter.objects.get(origin=origin).uid.version for origin in ("page", "survey")} == {4}


def _broken(token: str) -> None:
    raise RuntimeError("the page broke")


def test_keys_of_letters_say_nothing_about_their_order_or_hour(box: SuggestionBox) -> None:
    for n in range(8):
        voice.drop_letter(
            token=box.token, text=str(n), claim_code=f"ABCD2345EFG{n + 2}", actor=voice.BOX, at=MONDAY_NINE
        )
    rows = sorted(Letter.objects.all(), key=lambda row: row.pk)
    assert {row.uid.version for row in rows} == {4}
    gaps = [b.pk - a.pk for a, b in pairwise(rows)]
    assert min(gaps) > 1000


def test_the_ledger_knows_the_opening_and_the_letter_by_its_day_alone(
    house: House, box: SuggestionBox, client: Client
) -> None:
    drop(client, box)
    at = datetime.now(UTC)
    opened = voice.open_box(box_id=box.uid, actor=house.actor("officer"), at=at)
    assert (opened.n, opened.n_apart) == (1, 0)
    letter = Letter.objects.get()
    entry = Entry.objects.get(kind="voice.letter.received")
    assert (entry.actor_kind, entry.actor_id, entry.actor_name, entry.command_id) == ("engine", None, "box", "")
    # midnight in Shanghai
    assert (entry.happened_at + timedelta(hours=8)).strftime("%H:%M:%S.%f") == "00:00:00.000000"
    record = Entry.objects.get(kind="voice.box.opened")
    assert (record.actor_id, record.facts["n"]) == (house.accounts["officer"], 1)
    assert letter.state == "open"
    # an empty box was opened too
    assert voice.open_box(box_id=box.uid, actor=house.actor("officer"), at=at).n == 0


def test_the_route_is_kept_out_of_the_logs() -> None:
    quiet = Quiet()

    def line(level: int, said: str, *args: object) -> logging.LogRecord:
        return logging.LogRecord("django.request", level, "x", 1, said, args, None)

    assert not quiet.filter(line(logging.WARNING, "Not Found: %s", "/v/ABCDEFG/answer"))
    kept = line(logging.ERROR, "Internal Server Error: %s", "/v/ABCDEFG")
    kept.request = "the request"
    assert quiet.filter(kept)
    assert "ABCDEFG" not in kept.getMessage()
    assert not hasattr(kept, "request")
    assert quiet.filter(line(logging.WARNING, "Not Found: /desk"))


def test_abuse_keys_die_with_their_quarter_of_an_hour() -> None:
    counter = abuse.Rotating(1)
    assert counter.allows("a", now_s=0.0)
    secret = counter._counter._secret
    assert not counter.allows("a", now_s=abuse.ROTATES_S - 1)
    assert counter.allows("a", now_s=abuse.ROTATES_S)
    assert counter._counter._secret != secret
    assert len(counter._counter._seen) == 1


def test_too_many_are_held_apart_and_none_is_deleted(house: House, box: SuggestionBox, client: Client) -> None:
    for n in range(abuse.APART_AFTER + 3):
        drop(client, box, f"第{n}封")
    assert Letter.objects.filter(quarantine="too_many").count() == 3
    assert Letter.objects.count() == abuse.APART_AFTER + 3
    voice.open_box(box_id=box.uid, actor=house.actor("officer"), at=MONDAY_NINE)
    page = signed_in(house, "officer").get(f"/boxes/{box.uid}?shown=apart").content.decode()
    assert f"第{abuse.APART_AFTER}封" in page
    kept = Letter.objects.filter(quarantine="too_many").first()
    assert kept is not None
    voice.hold_letter_apart(letter_id=kept.uid, reason="", actor=house.actor("officer"), at=MONDAY_NINE)
    assert Letter.objects.filter(quarantine="too_many").count() == 2


def test_the_writer_reads_the_answer_by_the_code_and_has_the_last_word(
    house: House, box: SuggestionBox, client: Client
) -> None:
    """AS-19, S64: answered in plain words; a second disagreement is the director's."""
    code = drop(client, box)
    officer, director = house.actor("officer"), house.actor("director")
    page = client.post(f"/v/{box.token}/answer", {"code": code}).content.decode()
    assert "护工态度不好" in page
    voice.open_box(box_id=box.uid, actor=officer, at=MONDAY_NINE)
    letter = Letter.objects.get()

    def answer(by: object, text: str) -> None:
        voice.answer_letter(
            letter_id=letter.uid,
            verdict="misunderstanding",
            fate="clarified",
            answer=text,
            retold="有人反映护工态度",
            actor=by,  # type: ignore[arg-type]
            at=MONDAY_NINE,
        )

    answer(officer, "那天人手紧，已谈话")
    typed = f"{code[:4]}-{code[4:8]}-{code[8:]}".lower()
    assert "那天人手紧" in client.post(f"/v/{box.token}/answer", {"code": typed}).content.decode()
    for n in (1, 2):
        said = client.post(f"/v/{box.token}/word", {"code": code, "word": "disagree", "text": f"不是这样{n}"})
        assert said.status_code == 200
        letter.refresh_from_db()
        assert (letter.state, letter.n_disagreed) == ("open", n)
        if n == 1:
            answer(officer, "再查了一次")
    with pytest.raises(NotAllowed):
        answer(officer, "还是这样")
    answer(director, "主任亲自答复")
    assert client.post(f"/v/{box.token}/word", {"code": code, "word": "understood"}).status_code == 200
    letter.refresh_from_db()
    assert letter.word == "understood"
    board = client.get(f"/v/{box.token}/answers").content.decode()
    assert "有人反映护工态度" in board
    assert "护工态度不好" not in board
    # nor did the last word leave a trace of its hour
    assert set(Entry.objects.filter(subject_kind="letter").values_list("kind", flat=True)) == {
        "voice.letter.received",
        "voice.letter.answered",
    }


@pytest.mark.parametrize(
    "typed", ["abcd2345efgh", " ABCD-2345-EFGH ", "ＡＢＣＤ２３４５ＥＦＧＨ", "ABCD—2345—efgh", "A B C D 2345EFGH"]
)
def test_a_code_is_read_however_it_was_typed(typed: str) -> None:
    """A Chinese keyboard types wide letters and long dashes."""
    assert claim_digest(typed) == claim_digest("ABCD2345EFGH")


def test_a_wrong_code_opens_nothing_and_is_told_so(box: SuggestionBox, client: Client) -> None:
    answer = client.post(f"/v/{box.token}/answer", {"code": "ZZZZ22223333"})
    assert answer.status_code == 404
    assert 'value="ZZZZ22223333"' in answer.content.decode()
    for _n in range(abuse.TRIES):
        answer = client.post(f"/v/{box.token}/answer", {"code": "ZZZZ22223333"})
    assert answer.status_code == 429


def test_the_same_press_twice_is_one_letter(box: SuggestionBox, client: Client) -> None:
    code = drop(client, box)
    client.post(f"/v/{box.token}", {"text": "护工态度不好", "code": code})
    assert Letter.objects.count() == 1


def test_an_empty_letter_is_refused_and_a_closed_box_keeps_the_words(
    house: House, box: SuggestionBox, client: Client
) -> None:
    assert client.post(f"/v/{box.token}", {"text": " ", "code": "ABCD2345EFGH"}).status_code == 422
    page = client.get(f"/v/{box.token}")
    voice.switch_box(box_id=box.uid, is_on=False, actor=house.actor("officer"), at=MONDAY_NINE)
    answer = client.post(f"/v/{box.token}", {"text": "写好的话", "code": "ABCD2345EFGH"})
    assert (page.status_code, answer.status_code) == (200, 422)
    assert not Letter.objects.exists()


def test_a_paper_slip_needs_two_people_who_type_the_same(house: House, box: SuggestionBox) -> None:
    first, second = house.actor("clerk"), house.actor("other_clerk")
    counted(house, box, 1)
    slip = voice.type_slip(box_id=box.uid, text="三楼开水器 坏了", actor=first, at=MONDAY_NINE)
    with pytest.raises(OwnWork):
        voice.confirm_slip(slip_id=slip.uid, text="三楼开水器 坏了", actor=first, at=MONDAY_NINE)
    with pytest.raises(SlipsDiffer) as found:
        voice.confirm_slip(slip_id=slip.uid, text="三楼开水房坏了", actor=second, at=MONDAY_NINE)
    assert found.value.place == 4
    assert not Letter.objects.exists()
    assert voice.confirm_slip(slip_id=slip.uid, text="三楼开水器坏了", actor=second, at=MONDAY_NINE).is_letter
    letter = Letter.objects.get()
    assert (letter.origin, letter.state, letter.claim_digest) == ("paper", "in_box", "")


def test_the_company_reads_the_text_once_the_box_was_opened(house: House, box: SuggestionBox, client: Client) -> None:
    """AS-19: company sees the text, not the origin; it neither opens nor answers."""
    drop(client, box)
    manager = signed_in(house, "manager")
    assert "护工态度不好" not in manager.get(f"/boxes/{box.uid}").content.decode()
    with pytest.raises(NotAllowed):
        voice.open_box(box_id=box.uid, actor=house.actor("manager"), at=MONDAY_NINE)
    voice.open_box(box_id=box.uid, actor=house.actor("officer"), at=MONDAY_NINE)
    page = manager.get(f"/boxes/{box.uid}").content.decode()
    assert "护工态度不好" in page
    assert "/answer" not in page
    assert signed_in(house, "administrator").get(f"/boxes/{box.uid}").status_code == 403


def test_a_vent_that_nobody_answered_next_day_stands_out(house: House, box: SuggestionBox) -> None:
    """S60."""
    voice.drop_letter(
        token=box.token,
        text="太累了",
        claim_code="ABCD2345EFGH",
        purpose="vent",
        actor=voice.BOX,
        at=datetime.now(UTC) - timedelta(days=2),
    )
    voice.open_box(box_id=box.uid, actor=house.actor("officer"), at=datetime.now(UTC))
    assert "is-late" in signed_in(house, "officer").get(f"/boxes/{box.uid}").content.decode()


def test_the_pages_ask_the_database_a_fixed_number_of_times(house: House, box: SuggestionBox, client: Client) -> None:
    officer = signed_in(house, "officer")
    officer.get("/boxes")
    counts = []
    for n in range(2):
        drop(client, box, f"信{n}")
        voice.open_box(box_id=box.uid, actor=house.actor("officer"), at=MONDAY_NINE)
        with CaptureQueriesContext(connection) as asked:
            officer.get(f"/boxes/{box.uid}")
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 8
    with CaptureQueriesContext(connection) as asked:
        client.get(f"/v/{box.token}")
    assert len(asked) <= 2


def test_letters_are_paged(house: House, box: SuggestionBox) -> None:
    for n in range(23):
        voice.drop_letter(
            token=box.token, text=f"信{n}", claim_code=f"ABCD2345{n:04d}", actor=voice.BOX, at=MONDAY_NINE
        )
    voice.open_box(box_id=box.uid, actor=house.actor("officer"), at=MONDAY_NINE)
    officer = signed_in(house, "officer")
    first = officer.get(f"/boxes/{box.uid}").content.decode()
    onward = re.search(r'rel="next" href="([^"]+)"', first)
    assert onward
    second = officer.get(f"/boxes/{box.uid}{onward[1].replace('&amp;', '&')}").content.decode()
    said = re.compile(r"信\d+")
    assert len(set(said.findall(first))) == 20
    assert len(set(said.findall(second))) == 3
    assert UUID(str(box.uid))


def jpeg_with_traces() -> bytes:
    """A JPEG as cameras write it: JFIF, Exif with place, owner and orientation 6, a comment, a scan, another."""
    exif = (
        b"Exif\x00\x00II*\x00"
        + struct.pack("<IHHHIHH", 8, 2, 0x0112, 3, 1, 6, 0)
        + struct.pack("<HHII", 0xA430, 2, 12, 38)
        + struct.pack("<I", 0)
        + b"OWNER LI GPS 31.2N"
    )

    def part(marker: int, body: bytes) -> bytes:
        return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body

    return (
        b"\xff\xd8"
        + part(0xE0, b"JFIF\x00\x01\x01")
        + part(0xE1, exif)
        + part(0xE1, b"http://ns.adobe.com/xap/1.0/\x00 SERIAL-77")
        + part(0xFE, b"made by TELLTALE")
        + part(0xDB, bytes(65))
        + part(0xDA, b"\x01\x01\x00")
        + b"\x12\xff\x00\x34\xff\xd0\x56"
        + b"\xff\xd9"
        + b"MOTION PHOTO TRAILER"
    )


def test_s66_of_a_photo_the_picture_alone_is_kept() -> None:
    """What the camera wrote goes; the scan and which way up it is stay."""
    bare, media_type = bare_photo(jpeg_with_traces())
    assert media_type == "image/jpeg"
    for trace in (b"OWNER", b"GPS", b"SERIAL", b"TELLTALE", b"TRAILER", b"JFIF"):
        assert trace not in bare
    assert b"\x12\xff\x00\x34\xff\xd0\x56\xff\xd9" in bare
    assert b"MM\x00*" + struct.pack(">IHHHIH", 8, 1, 0x0112, 3, 1, 6) in bare
    assert bare_photo(bare)[0] == bare


def test_s66_png_and_webp_lose_what_was_written_beside_the_picture() -> None:
    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    drawn = chunk(b"IHDR", bytes(13)) + chunk(b"IDAT", b"xyz") + chunk(b"IEND", b"")
    told = chunk(b"IHDR", bytes(13)) + chunk(b"tEXt", b"Author TELLTALE") + chunk(b"eXIf", b"GPS") + drawn[25:]
    sign = b"\x89PNG\r\n\x1a\n"
    assert bare_photo(sign + told + b"TRAILER") == (sign + drawn, "image/png")

    def riff(name: bytes, body: bytes) -> bytes:
        return name + struct.pack("<I", len(body)) + body + b"\x00" * (len(body) % 2)

    def webp(*parts: bytes) -> bytes:
        body = b"WEBP" + b"".join(parts)
        return b"RIFF" + struct.pack("<I", len(body)) + body

    frame = riff(b"VP8 ", b"odd")
    found, _type = bare_photo(webp(riff(b"VP8X", b"\x1c" + bytes(9)), frame, riff(b"EXIF", b"GPS 31.2N")))
    assert found == webp(riff(b"VP8X", b"\x10" + bytes(9)), frame)


@pytest.mark.parametrize(
    "content", [b"", b"GIF89a", b"\xff\xd8\xff", b"\xff\xd8\xff\xe1\xff\xff", b"\x89PNG\r\n\x1a\n\x00"]
)
def test_what_is_no_whole_picture_is_refused(content: bytes) -> None:
    with pytest.raises(Malformed):
        bare_photo(content)


@settings(max_examples=60)
@given(st.binary(max_size=200), st.integers(0, 200))
def test_a_broken_photo_is_refused_or_made_bare_and_never_breaks_the_page(noise: bytes, at: int) -> None:
    whole = jpeg_with_traces()
    for content in (
        whole[:at] + noise,
        b"\xff\xd8\xff" + noise,
        b"\x89PNG\r\n\x1a\n" + noise,
        b"RIFF\x20\0\0\0WEBP" + noise,
    ):
        try:
            bare, media_type = bare_photo(content)
        except Malformed:
            continue
        assert media_type.startswith("image/")
        assert len(bare) <= len(content) + 40


def test_a_letter_with_photos_is_read_by_the_hospital_once_it_was_opened(
    house: House, box: SuggestionBox, client: Client
) -> None:
    photo = SimpleUploadedFile("IMG_0007 李护士.jpg", jpeg_with_traces(), "image/jpeg")
    code = drop(client, box, photos=[photo])
    kept = LetterPhoto.objects.get()
    assert b"OWNER" not in bytes(kept.content)
    assert bytes(kept.content) == bare_photo(jpeg_with_traces())[0]
    officer = signed_in(house, "officer")
    assert officer.get(f"/letters/photos/{kept.uid}").status_code == 404
    voice.open_box(box_id=box.uid, actor=house.actor("officer"), at=MONDAY_NINE)
    assert f"/letters/photos/{kept.uid}" in officer.get(f"/boxes/{box.uid}").content.decode()
    shown = officer.get(f"/letters/photos/{kept.uid}")
    assert (shown["Content-Type"], shown.content) == ("image/jpeg", bytes(kept.content))
    assert "no-store" in shown["Cache-Control"]
    assert "1 张照片" in client.post(f"/v/{box.token}/answer", {"code": code}).content.decode()
    four = [SimpleUploadedFile(f"{n}.jpg", jpeg_with_traces()) for n in range(4)]
    refused = client.post(f"/v/{box.token}", {"text": "x", "code": "ABCD2345EFGH", "photos": four})
    assert refused.status_code == 422
    assert Letter.objects.count() == 1


def test_o3_a_letter_that_waited_in_a_phone_comes_by_its_day_and_once(box: SuggestionBox) -> None:
    """The queue of a phone: no cookie, the same code twice is one letter, its own day, refusals in words for good."""
    phone = Client(enforce_csrf_checks=True)
    page = phone.get(f"/v/{box.token}")
    assert page.status_code == 200
    said = {"text": "夜里太吵", "code": "ABCD2345EFGH", "ago_s": str(2 * 86400)}
    for _n in range(2):
        answer = phone.post(f"/v/{box.token}", said, HTTP_ACCEPT="application/json")
        assert (answer.status_code, answer.json()) == (200, {"kept": True})
    letter = Letter.objects.get()
    assert (datetime.now(UTC).date() - letter.received_on).days in (1, 2)
    refused = phone.post(f"/v/{box.token}", {"text": "", "code": "ABCD2345EFGJ"}, HTTP_ACCEPT="application/json")
    assert (refused.status_code, bool(refused.json()["said"])) == (422, True)
    # a clock that lies does not: at most a week back, never ahead
    for code, ago_s in (
        ("ABCD2345EFGK", "1e9"),
        ("ABCD2345EFGM", "-1e9"),
        ("ABCD2345EFGN", "nan"),
        ("ABCD2345EFGP", "x"),
    ):
        phone.post(f"/v/{box.token}", {"text": code, "code": code, "ago_s": ago_s}, HTTP_ACCEPT="application/json")
    days = {row.text: (datetime.now(UTC).date() - row.received_on).days for row in Letter.objects.all()}
    assert days["ABCD2345EFGK"] in (6, 7)
    assert {days[code] for code in ("ABCD2345EFGM", "ABCD2345EFGN", "ABCD2345EFGP")} <= {0, -1}


def test_s66_rows_without_a_sender_carry_one_stamp_and_lie_in_no_order(
    house: House, box: SuggestionBox, client: Client
) -> None:
    """Who holds the database sees no stamp (xmin) of the letter's own, and no order of rows but that of random keys."""
    for n in range(12):
        drop(client, box, f"第{n}封", photos=[SimpleUploadedFile("a.jpg", jpeg_with_traces())])
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    def stamps() -> list[tuple[int, str]]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT id, cmin::text FROM voice_letter ORDER BY ctid")
            return list(cursor.fetchall())

    said = {row.pk: (row.uid, row.text, row.claim_digest) for row in Letter.objects.all()}
    n_entries = Entry.objects.count()
    # a test is one transaction, with one xmin; as told here, some rows have another one
    mixed = mixing.mix_letters(actor=engine("clock"), at=datetime.now(UTC))
    assert mixed.n == 0
    rows = [(key, str(n)) for n, (key, _stamp) in enumerate(stamps())]
    with patch.object(mixing, "_stamped", lambda found: rows if found.model is Letter else []):
        assert mixing.mix_letters(actor=engine("clock"), at=datetime.now(UTC)).n == 12
    assert {row.pk: (row.uid, row.text, row.claim_digest) for row in Letter.objects.all()} == said
    laid = [key for key, _stamp in stamps()]
    assert laid == sorted(laid)
    assert LetterPhoto.objects.count() == 12
    assert Entry.objects.count() == n_entries
    with pytest.raises(NotAllowed):
        mixing.mix_letters(actor=house.actor("officer"), at=MONDAY_NINE)


def test_the_second_witness_is_one_who_may_sign(house: House, box: SuggestionBox) -> None:
    """An opening whose second witness had no right to sign stayed unsigned for ever."""
    officer = house.actor("officer")
    with pytest.raises(WitnessesNeeded):
        voice.take_out_paper(box_id=box.uid, n=1, witnesses=("auditor", "administrator"), actor=officer, at=MONDAY_NINE)
    voice.take_out_paper(box_id=box.uid, n=1, witnesses=("clerk", "auditor"), actor=officer, at=MONDAY_NINE)
    row = PaperOpening.objects.get()
    assert (row.witness.username, row.second_witness.username) == ("auditor", "clerk")


def test_o3_the_box_of_wood_is_opened_before_two_others_and_its_count_is_kept(house: House, box: SuggestionBox) -> None:
    officer = house.actor("officer")
    for witnesses in ((), ("clerk",), ("clerk", "clerk"), ("officer", "clerk")):
        with pytest.raises(WitnessesNeeded):
            voice.take_out_paper(box_id=box.uid, n=2, witnesses=witnesses, actor=officer, at=MONDAY_NINE)
    with pytest.raises(NotFound):
        voice.take_out_paper(box_id=box.uid, n=2, witnesses=("clerk", "谁也不是"), actor=officer, at=MONDAY_NINE)
    with pytest.raises(Malformed):
        voice.take_out_paper(box_id=box.uid, n=1000, witnesses=("clerk", "other_clerk"), actor=officer, at=MONDAY_NINE)
    with pytest.raises(NoSlipCounted):
        voice.type_slip(box_id=box.uid, text="饭凉", actor=house.actor("clerk"), at=MONDAY_NINE)
    counted(house, box, 2)
    told = Entry.objects.get(kind="voice.box.paper_taken_out")
    assert told.facts["n"] == 2
    assert set(Delivery.objects.filter(kind="voice.box.paper_taken_out").values_list("to_account_id", flat=True)) == {
        house.accounts["clerk"],
        house.accounts["other_clerk"],
    }
    for text in ("饭凉", "灯暗"):
        voice.type_slip(box_id=box.uid, text=text, actor=house.actor("clerk"), at=MONDAY_NINE)
    with pytest.raises(NoSlipCounted):
        voice.type_slip(box_id=box.uid, text="第三张", actor=house.actor("clerk"), at=MONDAY_NINE)
    # an empty box was opened too
    counted(house, box, 0)
    rows = queries.paper_openings(officer, queries.box_of_wood(officer, box.uid))
    assert sorted((row.n, row.n_typed, row.n_kept, row.n_left) for row in rows) == [(0, 0, 0, 0), (2, 2, 0, 0)]


def test_o3_a_clerk_types_slips_and_sees_no_letter_nor_the_first_typing(
    house: House, box: SuggestionBox, client: Client
) -> None:
    drop(client, box, "只给医院看的信")
    voice.open_box(box_id=box.uid, actor=house.actor("officer"), at=MONDAY_NINE)
    counted(house, box, 1)
    clerk = signed_in(house, "clerk")
    assert str(box.uid) in clerk.get("/boxes").content.decode()
    clerk.post(f"/boxes/{box.uid}/slips", {"text": "三楼开水器坏了两天没人修"})
    slip = PaperSlip.objects.get()
    second = signed_in(house, "other_clerk")
    page = second.get(f"/boxes/{box.uid}/paper").content.decode()
    assert "三楼开水器" not in page
    assert "只给医院看的信" not in page
    assert second.get(f"/boxes/{box.uid}").status_code == 403
    # who types anything at all does not read the first typing
    guessed = second.post(f"/slips/{slip.uid}", {"box": str(box.uid), "text": "随便写写"})
    assert guessed.status_code == 422
    assert "开水器" not in guessed.content.decode()
    # a slip of the hand: the place is shown, of both
    near = second.post(f"/slips/{slip.uid}", {"box": str(box.uid), "text": "三楼开水房坏了两天没人修"})
    assert "<del>三楼开水器坏了两天</del>" in near.content.decode()
    assert "三楼开水房坏了两天没人修" in near.content.decode()
    # the first was wrong: the second's stands, and the first one types it again
    again = {"box": str(box.uid), "text": "三楼开水房坏了两天没人修", "instead": "1"}
    assert second.post(f"/slips/{slip.uid}", again).status_code == 302
    with pytest.raises(OwnWork):
        voice.confirm_slip(slip_id=slip.uid, text=again["text"], actor=house.actor("other_clerk"), at=MONDAY_NINE)
    assert clerk.post(f"/slips/{slip.uid}", {"box": str(box.uid), "text": again["text"]}).status_code == 302
    assert Letter.objects.get(origin="paper").text == again["text"]
    rows = queries.paper_openings(house.actor("officer"), queries.box_of_wood(house.actor("officer"), box.uid))
    assert (rows[0].n_kept, rows[0].n_left) == (1, 0)


def test_o3_the_sheet_to_print_carries_the_code_and_no_letter(house: House, box: SuggestionBox, client: Client) -> None:
    drop(client, box, "只给医院看的信")
    voice.open_box(box_id=box.uid, actor=house.actor("officer"), at=MONDAY_NINE)
    page = signed_in(house, "officer").get(f"/boxes/{box.uid}/code").content.decode()
    assert f"/v/{box.token}" in page
    assert "<svg" in page
    assert "只给医院看的信" not in page


def test_o3_a_box_that_nobody_opens_is_told_the_officers_then_the_head_once_each(
    house: House, box: SuggestionBox
) -> None:
    clock, dropped = engine("clock"), MONDAY_NINE
    voice.drop_letter(token=box.token, text="灯暗", claim_code="ABCD2345EFGH", actor=voice.BOX, at=dropped)
    told = []
    for days in (2, 3, 3, 4, 6, 6, 9):
        watch_boxes(actor=clock, at=dropped + timedelta(days=days))
        told.append(Entry.objects.filter(kind="voice.box.left_closed").count())
    assert told == [0, 1, 1, 1, 2, 2, 2]
    first, second = Entry.objects.filter(kind="voice.box.left_closed").order_by("id")
    for entry, who in ((first, "officer"), (second, "director")):
        keys = set(Delivery.objects.filter(entry=entry.uid).values_list("to_account_id", flat=True))
        assert house.accounts[who] in keys, who
    # an opened one is left alone; the box of wood has its own week
    voice.open_box(box_id=box.uid, actor=house.actor("officer"), at=dropped + timedelta(days=9))
    counted(house, box, 0)
    assert watch_boxes(actor=clock, at=MONDAY_NINE + timedelta(days=7)).n == 0
    assert watch_boxes(actor=clock, at=MONDAY_NINE + timedelta(days=8)).n == 1
    assert watch_boxes(actor=clock, at=MONDAY_NINE + timedelta(days=9)).n == 0
    with pytest.raises(NotAllowed):
        watch_boxes(actor=house.actor("officer"), at=MONDAY_NINE)


def test_o3_a_box_of_wood_that_nobody_opened_for_a_week_stands_out(house: House, box: SuggestionBox) -> None:
    at = datetime.now(UTC)
    for ago, is_late in ((6, False), (8, True)):
        PaperOpening.objects.all().delete()
        voice.take_out_paper(
            box_id=box.uid,
            n=0,
            witnesses=("clerk", "other_clerk"),
            actor=house.actor("officer"),
            at=at - timedelta(days=ago),
        )
        officer = signed_in(house, "officer")
        for page in ("/boxes", f"/boxes/{box.uid}/paper"):
            assert ("一周" in officer.get(page).content.decode()) is is_late, (page, ago)


def test_the_second_witness_signs_with_the_own_account_once(house: House, box: SuggestionBox) -> None:
    """A name in a field is nobody's signature: only the second witness's own account signs, and once."""
    counted(house, box, 2)
    opening = PaperOpening.objects.get()
    officer, second = signed_in(house, "officer"), signed_in(house, "other_clerk")
    name = house.actor("other_clerk").name
    assert f"{name} 尚未签字" in officer.get(f"/boxes/{box.uid}/paper").content.decode()
    asked = {"opening": str(opening.uid), "command": "w1"}
    for who in ("officer", "clerk", "nurse"):
        assert signed_in(house, who).post("/boxes/witnessed", asked).status_code == 403, who
    page = second.get("/boxes/witnessed").content.decode()
    assert "2 张" in page
    assert "签字" in page
    assert second.post("/boxes/witnessed", asked).status_code == 302
    assert second.post("/boxes/witnessed", asked).status_code == 302  # arrived twice: signed once
    assert second.post("/boxes/witnessed", {**asked, "command": "w2"}).status_code == 404
    assert Entry.objects.filter(kind="voice.box.paper_countersigned").count() == 1
    assert "第二见证人已签字" in officer.get(f"/boxes/{box.uid}/paper").content.decode()
    assert "您已签字" in second.get("/boxes/witnessed").content.decode()
    assert "没有要签字的" in signed_in(house, "nurse").get("/boxes/witnessed").content.decode()
    assert _address(house.actor("other_clerk"), "voice.box.paper_taken_out", box.pk) == "/boxes/witnessed"
