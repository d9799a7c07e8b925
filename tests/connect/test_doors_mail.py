"""E-mail read: charsets of old programs, HTML, quoted past, machines, photos, JSON of gateways; nothing breaks it."""

from __future__ import annotations

import base64
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yingxu.connect.doors import mail
from yingxu.ground.refusals import Malformed

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def written(
    text: str = "7楼骨科护士站水龙头漏水", subject: str = "报修", charset: str = "utf-8", **headers: str
) -> EmailMessage:
    message = EmailMessage()
    message["From"] = headers.pop("From", "李护士 <li@hospital.example>")
    message["To"] = "baoxiu@hospital.example"
    message["Subject"] = subject
    message["Message-ID"] = headers.pop("Message-ID", "<1@hospital.example>")
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text, charset=charset)
    return message


def read(message: EmailMessage | bytes) -> mail.Arrival:
    content = message if isinstance(message, bytes) else message.as_bytes()
    return mail.read(content, own_address="baoxiu@hospital.example")


@pytest.mark.parametrize("charset", ["utf-8", "gb2312", "gbk", "gb18030", "big5"])
def test_words_in_every_charset(charset: str) -> None:
    text = "水龍頭漏水" if charset == "big5" else "7楼骨科护士站水龙头漏水"
    arrival = read(written(text, charset=charset))
    assert arrival.text == text
    assert arrival.sender == "li@hospital.example"
    assert arrival.sender_name == "李护士"


def test_raw_gbk_headers_of_old_programs() -> None:
    raw = "From: 李 <li@h.example>\r\nSubject: 灯不亮\r\nMessage-ID: <9@h>\r\n\r\n三楼走廊".encode("gbk")
    arrival = read(raw)
    assert "灯不亮" in arrival.text
    assert "三楼走廊" in arrival.text


def test_a_subject_that_says_more_goes_before_the_words() -> None:
    assert read(written("请尽快", subject="7楼骨科水龙头漏水")).text == "7楼骨科水龙头漏水\n请尽快"
    assert read(written("水龙头漏水", subject="水龙头漏水")).text == "水龙头漏水"
    assert read(written("", subject="7楼骨科灯不亮")).text == "7楼骨科灯不亮"


def test_html_alone_becomes_words() -> None:
    message = EmailMessage()
    message["From"] = "li@h.example"
    message["Subject"] = "报修"
    message.set_content(
        "<style>p{}</style><p>水龙头<b>漏水</b></p><p>三楼&nbsp;护士站</p><script>alert(1)</script>"
        "<blockquote><p>旧的话</p></blockquote>",
        subtype="html",
    )
    assert read(message).text == "水龙头漏水\n\n三楼 护士站"


@pytest.mark.parametrize(
    "past",
    [
        "> 您的单号 100001",
        "------------------ 原始邮件 ------------------\n发件人: 服务台",
        "在 2025年3月3日 09:00，服务台 写道：\n> 已收到",
        "On Mon, 3 Mar 2025 at 09:00, Desk <d@h> wrote:\n> received",
        "发件人: 服务台 <d@h>\n时间: 2025",
        "________________________________\nFrom: desk",
        "-- \n李护士 13800000000",
    ],
)
def test_the_quoted_past_is_left_out(past: str) -> None:
    assert read(written(f"还在漏。\n\n{past}", subject="Re: 报修 [#100001]")).text == "还在漏。"


def test_a_reply_knows_what_it_answers() -> None:
    arrival = read(written("还在漏", "答复: 报修 [#100001]", In_Reply_To="<a@h>", References="<0@h> <a@h>"))
    assert arrival.reply["is_reply"]
    assert arrival.reply["ids"] == ["<a@h>", "<0@h>", "<a@h>"]
    assert arrival.reply["to"] == "li@hospital.example"


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        ({"Auto_Submitted": "auto-replied"}, "auto_reply"),
        ({"Auto_Submitted": "auto-generated; x"}, "auto_reply"),
        ({"Precedence": "bulk"}, "bulk"),
        ({"List_Id": "<news.h>"}, "bulk"),
        ({"X_Autoreply": "yes"}, "auto_reply"),
        ({"From": "MAILER-DAEMON@h.example"}, "robot"),
        ({"From": "baoxiu@hospital.example"}, "own_mail"),
    ],
)
def test_machines_are_not_answered(headers: dict[str, str], why: str) -> None:
    arrival = read(written(**headers))
    assert arrival.is_ignored
    assert arrival.why == why


def test_a_person_who_says_so_is_no_machine() -> None:
    assert not read(written(Auto_Submitted="no")).is_ignored


def test_photos_are_kept_and_others_counted() -> None:
    message = written()
    message.add_attachment(PNG, maintype="image", subtype="png", filename="a.png")
    message.add_attachment(b"MZ", maintype="application", subtype="octet-stream", filename="a.exe")
    arrival = read(message)
    assert [photo["media_type"] for photo in arrival.photos] == ["image/png"]
    assert arrival.reply["n_refused"] == 1


def test_a_photo_without_words_is_taken_in() -> None:
    message = written("")
    message.add_attachment(PNG, maintype="image", subtype="png", filename="a.png")
    arrival = read(message)
    assert arrival.text
    assert not arrival.why


@settings(max_examples=60, deadline=None)
@given(st.one_of(st.binary(max_size=400), st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace"))))
def test_no_bytes_break_the_reading(content: bytes) -> None:
    arrival = read(content)
    assert arrival.external_id
    assert arrival.text or arrival.why


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=80))
def test_no_subject_breaks_the_reading(subject: str) -> None:
    raw = b"From: a@b.c\r\nSubject: " + subject.encode() + b"\r\n\r\nwater"
    assert "water" in read(raw).text


def test_a_gateways_json() -> None:
    said = {
        "from": "李 <li@h.example>", "subject": "报修", "text": "灯不亮", "message_id": "<5@h>",
        "attachments": [{"content_base64": base64.b64encode(PNG).decode()}, {"content_base64": "!"}],
    }  # fmt: skip
    arrival = mail.read_json(said, own_address="")
    assert (arrival.text, arrival.sender, len(arrival.photos)) == ("灯不亮", "li@h.example", 1)
    for broken in ({}, {"from": 5}, {"from": "nobody"}, {**said, "headers": ["x"]}, {**said, "attachments": "x"}):
        with pytest.raises(Malformed):
            mail.read_json(broken, own_address="")


def test_a_receipt_is_threaded_and_marked_as_automatic() -> None:
    facts = {
        "to": "li@h.example", "subject": "灯不亮", "number": "100001", "text": "已收到", "answers": "<5@h>", "ids": [],
    }  # fmt: skip
    receipt = mail.receipt(facts, from_address="desk@h.example", message_id="<x@yingxu.invalid>")
    assert receipt["In-Reply-To"] == "<5@h>"
    assert receipt["Auto-Submitted"] == "auto-replied"
    assert "[#100001]" in receipt["Subject"]
    assert mail.read(receipt.as_bytes(), own_address="").is_ignored
