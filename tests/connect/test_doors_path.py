"""One path behind every door: the same text gives the same request; twice is once; a reply goes on; nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.connect.doors import (
    AT,
    SECRETS,
    by_dingtalk,
    by_feishu,
    by_mail,
    by_wecom,
    feishu_message,
    opened,
    wecom_said,
)
from tests.people import House
from yingxu.connect.doors import intake, limits
from yingxu.demand import actions as demand
from yingxu.demand.actions import Arrival
from yingxu.demand.models import Message, Request, Word
from yingxu.ground.actor import engine
from yingxu.ground.models import Delivery, Entry

pytestmark = pytest.mark.django_db
TEXT = "7楼骨科护士站水龙头漏水"


@pytest.fixture(autouse=True)
def no_counts() -> Iterator[None]:
    for window in (limits.doors, limits.wrong):
        window.forget()
    yield
    for window in (limits.doors, limits.wrong):
        window.forget()


def newest() -> Request:
    request = Request.objects.order_by("-id").first()
    assert request is not None
    return request


#: What belongs to one request alone, or says by which door it came and who wrote.
_OWN = {
    "id", "uid", "number", "channel", "created_at", "changed_at", "follow_up_at", "word_due_at", "next_due_at",
    "requester_name", "source_ref", "target_at", "token_id",
}  # fmt: skip


def compared(request: Request) -> dict[str, Any]:
    return {
        field.attname: getattr(request, field.attname)
        for field in Request._meta.concrete_fields
        if field.attname not in _OWN
    }


def test_the_same_text_by_four_doors_gives_the_same_request_but_for_its_channel(
    house: House, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S7: whichever way a text comes in, its request is the same but for its channel."""
    made = []
    for kind, call in (
        ("mail", lambda door: by_mail(client, door, TEXT)),
        ("wecom", lambda door: by_wecom(client, door, TEXT)),
        ("dingtalk", lambda door: by_dingtalk(client, door, TEXT)),
        ("feishu", lambda door: by_feishu(client, door, feishu_message(TEXT))),
    ):
        answer = call(opened(house, kind, monkeypatch))
        assert answer.status_code in {200, 202}, kind
        made.append(newest())
    made.append(
        Request.objects.get(
            uid=demand.raise_request(site_id=house.site_id, channel="api", text=TEXT, actor=intake.INTAKE, at=AT).id
        )
    )
    assert len({request.pk for request in made}) == 5
    assert [request.channel for request in made] == ["mail", "im", "im", "im", "api"]
    for other in made[1:]:
        assert compared(other) == compared(made[0])
    facts = [
        sorted(Entry.objects.filter(thread_id=request.pk, kind__startswith="demand.request").values_list("kind"))
        for request in made
    ]
    assert all(one == facts[0] for one in facts)


def test_the_same_message_twice_is_one_request(house: House, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    door = opened(house, "wecom", monkeypatch)
    first = by_wecom(client, door, TEXT, message_id="77")
    number = newest().number
    again = by_wecom(client, door, TEXT, message_id="77")
    assert number in wecom_said(first)
    assert number in wecom_said(again)
    assert Request.objects.filter(text=TEXT, channel="im").count() == 1
    by_wecom(client, door, TEXT, message_id="78")
    assert Request.objects.filter(text=TEXT, channel="im").count() == 2


def test_the_receipt_says_number_promise_place_and_where_to_follow(
    house: House, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = wecom_said(by_wecom(client, opened(house, "wecom", monkeypatch), "空调不制冷"))
    assert newest().number in said
    assert "/f/" in said
    assert len(said.splitlines()) >= 3


def test_a_known_person_is_the_owner_and_asks_from_the_own_ward(
    house: House, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    door = opened(house, "wecom", monkeypatch)
    by_wecom(client, door, "先报一个", message_id="1")
    message = Message.objects.get(door_id=door.id, external_id="1")
    demand.name_sender(message_id=message.uid, username="nurse", actor=house.actor("clerk"), at=AT)
    said = wecom_said(by_wecom(client, door, "卫生间漏水", message_id="2"))
    request = newest()
    assert request.owner_id == house.accounts["nurse"]
    assert request.place_id == house.places["S7-ORT"]
    assert request.requester_name == "李护士"
    assert "哪" not in said


def test_a_reply_with_the_number_goes_on_and_a_strangers_does_not(
    house: House, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    door = opened(house, "dingtalk", monkeypatch)
    by_dingtalk(client, door, TEXT, message_id="1")
    request = newest()
    by_dingtalk(client, door, f"{request.number} 还在漏", message_id="2")
    word = Word.objects.get(request=request)
    assert (word.text, word.is_from_asker) == ("还在漏", True)
    by_dingtalk(client, door, f"#{request.number} 我也看看", message_id="3", sender="somebody else")
    assert newest().pk != request.pk
    assert Word.objects.filter(request=request).count() == 1


def test_an_urge_by_message(house: House, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    door = opened(house, "dingtalk", monkeypatch)
    by_dingtalk(client, door, TEXT, message_id="1")
    request = newest()
    by_dingtalk(client, door, f"催单 {request.number}", message_id="2")
    request.refresh_from_db()
    assert request.n_urges == 1


def test_a_mail_under_our_receipt_goes_on(house: House, client: Client) -> None:
    door = opened(house, "mail")
    by_mail(client, door, TEXT, message_id="<1@h>")
    request = newest()
    by_mail(client, door, "还在漏", subject="Re: 报修", message_id="<2@h>", in_reply_to="<1@h>")
    by_mail(client, door, "快来", subject=f"Re: 报修 [#{request.number}]", message_id="<3@h>")
    said = list(Word.objects.filter(request=request).order_by("id").values_list("text", flat=True))
    assert said == ["还在漏", "快来"]
    by_mail(client, door, "看看别人的", subject=f"Re: [#{request.number}]", **{"from": "x@y.z", "message_id": "<4@h>"})
    assert Word.objects.filter(request=request).count() == 2


def test_a_mail_is_answered_once_and_by_a_delivery(house: House, client: Client) -> None:
    door = opened(house, "mail")
    by_mail(client, door, TEXT, message_id="<1@h>")
    by_mail(client, door, TEXT, message_id="<1@h>")
    sent = Delivery.objects.get(channel="door", facts__door=door.id)
    assert sent.facts["to"] == "li@hospital.example"
    assert newest().number in sent.facts["text"]


def test_machines_are_kept_and_neither_taken_in_nor_answered(house: House, client: Client) -> None:
    door = opened(house, "mail")
    before = Request.objects.count()
    by_mail(client, door, "我在休假", headers={"Auto-Submitted": "auto-replied"}, message_id="<9@h>")
    assert Request.objects.count() == before
    assert Message.objects.get(door_id=door.id).state == "ignored"
    assert not Delivery.objects.filter(channel="door", facts__door=door.id).exists()


def test_two_machines_that_answer_each_other_come_to_an_end(house: House) -> None:
    door = opened(house, "mail")
    for n in range(intake.ANSWERED_AT_MOST + 5):
        arrival = Arrival(
            external_id=f"<{n}@h>", text="您好", sender="robot@h", reply={"way": "mail", "to": "robot@h", "answers": ""}
        )
        intake.take_in(door, arrival, at=AT + timedelta(seconds=n))
    assert Delivery.objects.filter(channel="door", address="robot@h").count() == intake.ANSWERED_AT_MOST
    assert Request.objects.filter(channel="mail", text="您好").count() == intake.ANSWERED_AT_MOST + 5


def test_what_holds_no_words_waits_for_a_person(house: House, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    door = opened(house, "feishu", monkeypatch)
    event = feishu_message("", message_id="om_9")
    event["event"]["message"] = {"message_id": "om_9", "message_type": "image", "content": '{"image_key": "k"}'}
    assert by_feishu(client, door, event).status_code == 200
    message = Message.objects.get(door_id=door.id)
    assert (message.state, message.why) == ("failed", "not_text")
    assert "image_key" in message.raw
    demand.put_away_message(message_id=message.uid, reason="已电话问过", actor=house.actor("clerk"), at=AT)
    message.refresh_from_db()
    assert message.state == "put_away"


def test_raw_bytes_that_are_no_mail_are_kept(house: House, client: Client) -> None:
    door = opened(house, "mail")
    answer = client.post(f"/hooks/mail/{door.token}", data=b"\xff\xfe\x00junk", content_type="message/rfc822")
    assert answer.status_code == 202
    assert Message.objects.get(door_id=door.id).state == "failed"


def test_what_was_kept_and_not_taken_in_is_taken_up_by_the_worker(house: House) -> None:
    door = opened(house, "mail")
    demand.keep_message(
        door_id=door.id, arrival=Arrival(external_id="<1@h>", text=TEXT, sender="li@h"), actor=intake.INTAKE, at=AT
    )
    assert intake.take_up_again(at=AT + timedelta(seconds=30)) == 1
    assert newest().text == TEXT
    assert intake.take_up_again(at=AT + timedelta(seconds=60)) == 0


def test_a_text_that_is_too_long_is_cut_and_kept_whole(house: House) -> None:
    door = opened(house, "mail")
    intake.take_in(door, Arrival(external_id="1", text="水" * 5000, sender="a@b"), at=AT)
    assert len(newest().text) == demand.TEXT_LIMIT
    assert len(Message.objects.get(door_id=door.id).text) == 5000


# who is not genuine


def test_strangers_learn_nothing(house: House, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    door = opened(house, "wecom", monkeypatch)
    assert client.post("/hooks/wecom/guess", data="x", content_type="text/xml").status_code == 404
    assert client.post(f"/hooks/dingtalk/{door.token}", data="{}", content_type="application/json").status_code == 404
    wrong = client.post(f"/hooks/wecom/{door.token}?msg_signature=0&timestamp=1&nonce=n", data="<xml/>",
                        content_type="text/xml")  # fmt: skip
    assert wrong.status_code == 401
    assert wrong.content == b""
    ding, lark = opened(house, "dingtalk", monkeypatch), opened(house, "feishu", monkeypatch)
    assert client.post(f"/hooks/dingtalk/{ding.token}", data="{}", content_type="application/json").status_code == 401
    assert by_feishu(client, lark, feishu_message(TEXT), is_signed=False).status_code == 401
    wrong_token = feishu_message(TEXT)
    wrong_token["header"]["token"] = "other"
    assert by_feishu(client, lark, wrong_token).status_code == 401
    assert not Message.objects.filter(door__site_id=house.site_id).exists()


def test_wecoms_and_feishus_verification_of_the_address(
    house: House, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    import time

    from yingxu.connect.doors import wecom

    door = opened(house, "wecom", monkeypatch)
    own = wecom.Keys(SECRETS["DOOR_TOKEN"], SECRETS["DOOR_AES"], "wwcorp")
    sealed, now = wecom.encrypt(own, "1616140317555161061"), str(int(time.time()))
    asked = {"msg_signature": wecom.signature(own.token, now, "n", sealed), "timestamp": now, "nonce": "n"}
    answer = client.get(f"/hooks/wecom/{door.token}", {**asked, "echostr": sealed})
    assert answer.content == b"1616140317555161061"
    lark = opened(house, "feishu", monkeypatch)
    challenge = {"type": "url_verification", "challenge": "abc", "token": SECRETS["DOOR_VERIFY"]}
    assert by_feishu(client, lark, challenge, is_signed=False).json() == {"challenge": "abc"}


def test_a_closed_door_a_missing_secret_a_flood_and_a_large_body(
    house: House, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    door = opened(house, "dingtalk")  # the environment has no secret
    monkeypatch.delenv("DOOR_SECRET", raising=False)
    assert by_dingtalk(client, door, TEXT).status_code == 503
    monkeypatch.setenv("DOOR_SECRET", SECRETS["DOOR_SECRET"])
    large = client.post(f"/hooks/dingtalk/{door.token}", data="x" * 300_000, content_type="application/json")
    assert large.status_code == 413
    monkeypatch.setattr(limits, "doors", limits.Window(1))
    assert by_dingtalk(client, door, TEXT).status_code == 200
    flood = by_dingtalk(client, door, TEXT, message_id="2")
    assert flood.status_code == 429
    assert flood["Retry-After"]
    demand.change_door(
        door_id=door.uid, name="dingtalk", settings=door.settings, is_on=False,
        actor=house.actor("administrator"), at=AT,
    )  # fmt: skip
    assert by_dingtalk(client, door, TEXT, message_id="3").status_code == 404


def test_only_administrators_open_doors_and_secrets_are_names(house: House) -> None:
    from yingxu.ground.refusals import Malformed, NotAllowed

    for who in ("clerk", "officer", "nurse", "manager"):
        with pytest.raises(NotAllowed):
            demand.open_door(
                site_id=house.site_id, kind="dingtalk", name="x", settings={"secret_env": "A"},
                actor=house.actor(who), at=AT,
            )  # fmt: skip
    admin = house.actor("administrator")
    for settings in ({}, {"secret_env": "the secret itself!"}, {"secret_env": "A", "api": "http://evil.example"}):
        with pytest.raises(Malformed):
            demand.open_door(site_id=house.site_id, kind="dingtalk", name="x", settings=settings, actor=admin, at=AT)
    with pytest.raises(Malformed):
        demand.open_door(site_id=house.site_id, kind="kiosk", name="x", settings={}, actor=admin, at=AT)
    with pytest.raises(NotAllowed):
        demand.note_door(door_id=opened(house, "mail").id, actor=engine("clock"), at=AT)
