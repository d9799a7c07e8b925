"""Findings and lists: a supervisor tells in a minute and sees the fate; a list is looked at row by row, asked once."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.connect.test_doors_mail import PNG
from tests.people import House
from tests.web.test_boxes import jpeg_with_traces
from tests.web.test_shell import signed_in
from yingxu.demand import actions as demand
from yingxu.demand.lists import ROWS_AT_MOST
from yingxu.demand.models import Request
from yingxu.ground.files import open_content
from yingxu.ground.models import File
from yingxu.voice.bare import bare_photo
from yingxu.web import inside

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    inside.forget()
    yield
    inside.forget()


def test_a_supervisor_finds_with_a_photo_and_sees_the_fate(house: House) -> None:
    client = signed_in(house, "supervisor")
    photo = SimpleUploadedFile("a.png", PNG, content_type="image/png")
    sent = client.post(
        "/findings", {"text": "扶手松了", "level": "serious", "place": "S7-ORT", "command": "f1", "photos": photo}
    )
    assert sent.status_code == 302
    request = Request.objects.get(channel="supervisor")
    assert request.text == "【较重】扶手松了"
    assert request.owner_id == house.accounts["supervisor"]
    assert File.objects.filter(subject_kind="request", subject_id=request.pk).count() == 1
    page = client.get(sent["Location"]).content.decode()
    assert page.count(request.number) >= 2


def test_s62_a_hidden_finder_is_not_betrayed_by_the_camera(house: House) -> None:
    """The photo of a finding with a hidden name loses owner, place and device; a broken one is told of."""
    client = signed_in(house, "supervisor")
    said = {"text": "扶手松了", "place": "S7-ORT", "hidden": "1"}
    photo = SimpleUploadedFile("IMG.jpg", jpeg_with_traces(), content_type="image/jpeg")
    assert client.post("/findings", {**said, "command": "h1", "photos": photo}).status_code == 302
    kept = File.objects.get(subject_kind="request").sha256
    content = open_content(kept).read_bytes()
    assert b"OWNER" not in content
    assert kept == hashlib.sha256(bare_photo(jpeg_with_traces())[0]).hexdigest()
    broken = SimpleUploadedFile("IMG.jpg", b"\xff\xd8\xff\xe1", content_type="image/jpeg")
    sent = client.post("/findings", {**said, "command": "h2", "photos": broken})
    assert "photo=refused" in sent["Location"]
    assert Request.objects.filter(channel="supervisor").count() == 2
    # a name that is not hidden: the photo stays as it is, its capture time proves something
    shown = SimpleUploadedFile("IMG.jpg", jpeg_with_traces(), content_type="image/jpeg")
    client.post("/findings", {"text": "灯坏", "place": "S7-ORT", "command": "h3", "photos": shown})
    request = Request.objects.get(text__contains="灯坏")
    assert b"OWNER" in open_content(File.objects.get(subject_id=request.pk).sha256).read_bytes()


def test_a_chosen_place_is_not_said_to_be_missing(house: House) -> None:
    page = signed_in(house, "supervisor").get("/findings?find=骨科&place=S7-ORT").content.decode()
    assert "没有找到这个地点" not in page


def test_a_queue_of_a_phone_sends_a_finding_twice_and_it_is_one(house: House) -> None:
    client = signed_in(house, "supervisor")
    for _n in range(2):
        assert (
            client.post("/findings", {"text": "灯坏", "place": "S7-ORT", "command": "q1", "hidden": "1"}).status_code
            == 302
        )
    assert Request.objects.filter(channel="supervisor").count() == 1


def test_a_leader_finds_it_ourselves(house: House) -> None:
    signed_in(house, "leader").post("/findings", {"text": "灯罩缺失", "place": "N5-RES", "command": "f2"})
    assert Request.objects.get(text="灯罩缺失").channel == "self_found"


def test_a_finding_without_a_place_is_asked_where_and_keeps_its_words(house: House) -> None:
    client = signed_in(house, "supervisor")
    answer = client.post("/findings", {"text": "扶手松了", "command": "f1"})
    assert answer.status_code == 422
    assert "扶手松了" in answer.content.decode()
    named = client.post("/findings", {"text": "扶手松了", "place": "骨科", "command": "f1"})
    assert named.status_code == 422
    assert "S7-ORT" in named.content.decode()
    assert not Request.objects.filter(text__contains="扶手").exists()


def test_the_findings_page_needs_few_statements(house: House) -> None:
    client = signed_in(house, "supervisor")
    client.get("/findings")
    with CaptureQueriesContext(connection) as statements:
        client.get("/findings")
    assert len(statements) <= 3  # who it is, the site (kept), what was found


# lists


def book(*rows: tuple[object, ...], head: tuple[str, ...] = ("编号*", "内容*", "地点编码", "服务项目编码")) -> bytes:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    for row in (head, *rows):
        sheet.append(row)
    kept = io.BytesIO()
    made.save(kept)
    return kept.getvalue()


def uploaded(client: object, content: bytes, name: str = "a.xlsx") -> object:
    return client.post("/lists", {"file": SimpleUploadedFile(name, content)})  # type: ignore[attr-defined]


def test_a_list_is_looked_at_first_then_asked_once(house: House) -> None:
    client = signed_in(house, "clerk")
    content = book(
        (1, "护士站水龙头漏水", "S7-ORT-ST", "plb.faucet"),
        (2, "灯不亮", "没有的地方", ""),
        (2, "又一行", "", ""),
        (3, "", "", ""),
        (4, "空调不冷", "呼吸科", "no.such"),
        (5, "空调不冷", "呼吸科", ""),
    )
    looked = uploaded(client, content)
    lines = looked.context["lines"]  # type: ignore[attr-defined]
    assert [bool(line.trouble) for line in lines] == [False, True, True, True, True, False]
    assert [line.row.number for line in lines] == [2, 3, 4, 5, 6, 7]
    assert not Request.objects.filter(channel="list").exists()
    asked = client.post("/lists/ask", {"rows": looked.context["kept"]})  # type: ignore[attr-defined]
    assert asked.context["n_asked"] == 2
    requests = list(Request.objects.filter(channel="list").order_by("id"))
    assert [request.source_ref for request in requests] == ["list:1", "list:5"]
    assert requests[0].shown_state == "queued"
    again = client.post("/lists/ask", {"rows": looked.context["kept"]})  # type: ignore[attr-defined]
    assert again.context["n_asked"] == 0
    other = uploaded(signed_in(house, "other_clerk"), content)
    assert other.context["lines"][0].number == requests[0].number  # type: ignore[attr-defined]
    changed = uploaded(client, book((1, "别的内容", "", "")))
    assert changed.context["lines"][0].trouble  # type: ignore[attr-defined]
    assert Request.objects.filter(channel="list").count() == 2


def test_a_list_asked_by_mistake_is_withdrawn_as_far_as_nobody_came(house: House) -> None:
    client = signed_in(house, "clerk")
    looked = uploaded(
        client, book((1, "护士站水龙头漏水", "S7-ORT-ST", "plb.faucet"), (2, "灯不亮", "S7-ORT-ST", "ele.light"))
    )
    asked = client.post("/lists/ask", {"rows": looked.context["kept"]})  # type: ignore[attr-defined]
    first, second = Request.objects.filter(channel="list").order_by("id")
    kept = asked.context["asked"]
    assert client.post("/lists/take-back", {"asked": kept, "why": " "}).status_code == 422
    demand.cancel_request(
        request_id=second.uid,
        reason_code="no_longer_needed",
        askers_word="不用了",
        actor=house.actor("clerk"),
        at=second.created_at,
    )
    done = client.post("/lists/take-back", {"asked": kept, "why": "传错了表"})
    assert (done.context["n_withdrawn"], [one.number for one in done.context["still"]]) == (1, [second.number])
    first.refresh_from_db()
    assert (first.final_answer, first.answer_text) == ("cancelled", "传错了表")
    assert client.post("/lists/take-back", {"asked": "made:up", "why": "x"}).status_code == 409


def test_what_is_shown_of_a_list_can_be_pressed(house: House) -> None:
    """A part of a page has no page head: without a title that one is hidden, with every button in it."""
    looked = uploaded(signed_in(house, "clerk"), book((1, "护士站水龙头漏水", "S7-ORT-ST", "plb.faucet")))
    page = looked.content.decode()  # type: ignore[attr-defined]
    assert page.count('class="shell-head"') == 1
    assert page.index('class="section-head"') < page.index('action="/lists/ask"')


def test_a_list_in_gbk_and_semicolons(house: House) -> None:
    looked = uploaded(signed_in(house, "clerk"), "编号;内容\n甲1;灯不亮\n".encode("gbk"), "a.csv")
    (line,) = looked.context["lines"]  # type: ignore[attr-defined]
    assert (line.row.number, line.row.ref, line.row.text, line.is_good) == (2, "甲1", "灯不亮", True)


def test_rows_without_an_id_are_known_by_the_list_and_their_line(house: House) -> None:
    client = signed_in(house, "clerk")
    content = "内容\n灯不亮\n灯不亮\n".encode()
    for n in (2, 0):
        looked = uploaded(client, content, "a.csv")
        kept = looked.context["kept"]  # type: ignore[attr-defined]
        assert bool(kept) is bool(n)
        if kept:
            assert client.post("/lists/ask", {"rows": kept}).context["n_asked"] == n
    assert Request.objects.filter(channel="list").count() == 2


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x03\x04junk", b"\xff\xfe\x00\x81", "一,二\n1,2".encode(), "编号,内容\n".encode(), b"x" * 2_200_000],
)
def test_files_that_are_no_list(house: House, content: bytes) -> None:
    looked = uploaded(signed_in(house, "clerk"), content, "a.csv")
    assert looked.status_code == 422  # type: ignore[attr-defined]
    assert looked.context["trouble"]  # type: ignore[attr-defined]


def test_a_list_that_is_too_long_or_tampered_with(house: House) -> None:
    text = "编号,内容\n" + "".join(f"{n},灯不亮\n" for n in range(ROWS_AT_MOST + 1))
    client = signed_in(house, "clerk")
    assert uploaded(client, text.encode(), "a.csv").status_code == 422  # type: ignore[attr-defined]
    assert client.post("/lists/ask", {"rows": "made:up"}).status_code == 409
    assert client.post("/lists").status_code == 422


def test_the_template_can_be_uploaded_as_it_is(house: House) -> None:
    client = signed_in(house, "nurse")
    template = client.get("/lists/template.xlsx")
    plain = uploaded(client, client.get("/lists/template.csv").content, "a.csv")
    assert [line.trouble for line in plain.context["lines"]] == [""]  # type: ignore[attr-defined]
    assert client.get("/lists/template.pdf").status_code == 404
    looked = uploaded(client, template.content)
    assert [line.trouble for line in looked.context["lines"]] == [""]  # type: ignore[attr-defined]
