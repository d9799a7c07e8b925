"""Signatures and ciphers of the vendors, by their published descriptions; recorded, wrong and broken calls.

The vectors are computed here step by step from the descriptions (hashlib, hmac and a bare AES), not by the code under
test: WeCom path/90968, DingTalk "接收消息", Feishu "配置 Encrypt Key 加密策略".
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import struct

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from yingxu.connect.doors import dingtalk, feishu, wecom
from yingxu.connect.doors.refused import NotGenuine, Unreadable

NOW_S = 1_741_000_000
#: 43 letters of base64, as WeCom's settings page gives them.
AES_KEY = base64.b64encode(bytes(range(32))).decode().rstrip("=")
OWN = wecom.Keys(token="a-token", aes_key=AES_KEY, corp_id="wx5823bf96d3bd56c7")


def sealed_by_hand(message: str, corp_id: str = OWN.corp_id) -> str:
    body = message.encode()
    plain = b"0123456789abcdef" + struct.pack(">I", len(body)) + body + corp_id.encode()
    n_pad = 32 - len(plain) % 32
    key = bytes(range(32))
    closing = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(closing.update(plain + bytes([n_pad]) * n_pad) + closing.finalize()).decode()


def test_wecom_reads_what_was_sealed_by_hand_and_seals_the_same() -> None:
    message = "<xml><Content><![CDATA[水管漏水]]></Content></xml>"
    assert wecom.decrypt(OWN, sealed_by_hand(message)) == message
    assert wecom.encrypt(OWN, message, salt=b"0123456789abcdef") == sealed_by_hand(message)


def test_wecom_signature_is_sha1_over_the_sorted_parts() -> None:
    by_hand = hashlib.sha1("".join(sorted(["a-token", "1741000000", "nonce", "cipher"])).encode()).hexdigest()
    assert wecom.signature("a-token", "1741000000", "nonce", "cipher") == by_hand
    wecom.check(OWN, given=by_hand, timestamp="1741000000", nonce="nonce", encrypted="cipher", now_s=NOW_S)


@pytest.mark.parametrize(
    ("given", "timestamp"),
    [("", "1741000000"), ("0" * 40, "1741000000"), ("é", "1741000000")],
)
def test_wecom_refuses_a_wrong_signature(given: str, timestamp: str) -> None:
    with pytest.raises(NotGenuine, match="signature"):
        wecom.check(OWN, given=given, timestamp=timestamp, nonce="n", encrypted="c", now_s=NOW_S)


@pytest.mark.parametrize("timestamp", [str(NOW_S - 601), str(NOW_S + 601), "soon", ""])
def test_wecom_refuses_a_recorded_call(timestamp: str) -> None:
    right = wecom.signature(OWN.token, timestamp, "n", "c")
    with pytest.raises(NotGenuine, match="time"):
        wecom.check(OWN, given=right, timestamp=timestamp, nonce="n", encrypted="c", now_s=NOW_S)


@pytest.mark.parametrize(
    "sealed", ["", "AAAA", "!!", sealed_by_hand("x", corp_id="another"), base64.b64encode(b"0" * 64).decode()]
)
def test_wecom_refuses_what_is_not_sealed_for_us(sealed: str) -> None:
    with pytest.raises(NotGenuine):
        wecom.decrypt(OWN, sealed)


def test_wecom_answers_in_the_vendors_form() -> None:
    fields = wecom.fields_of(wecom.answer(OWN, to="zhang", text="单号 100001 ]]>", now_s=NOW_S, nonce="abc"))
    assert fields["MsgSignature"] == wecom.signature(OWN.token, str(NOW_S), "abc", fields["Encrypt"])
    told = wecom.fields_of(wecom.decrypt(OWN, fields["Encrypt"]))
    assert told["ToUserName"] == "zhang"
    assert told["MsgType"] == "text"
    assert told["Content"].startswith("单号 100001")


@pytest.mark.parametrize(
    "xml", ["<xml>", "", "<!DOCTYPE x [<!ENTITY a 'b'>]><xml><Content>&a;</Content></xml>", "<xml>" + "x" * 70_000]
)
def test_wecom_xml_without_entities_and_not_too_large(xml: str) -> None:
    with pytest.raises(Unreadable):
        wecom.fields_of(xml)


def test_dingtalk_signature_by_hand() -> None:
    secret, timestamp = "SEC-app", str(NOW_S * 1000)
    by_hand = base64.b64encode(
        hmac.new(secret.encode(), (timestamp + "\n" + secret).encode(), hashlib.sha256).digest()
    ).decode()
    dingtalk.check(secret, timestamp=timestamp, given=by_hand, now_s=NOW_S)
    for wrong_time in (NOW_S - 3601, NOW_S + 3601):
        with pytest.raises(NotGenuine, match="time"):
            dingtalk.check(secret, timestamp=timestamp, given=by_hand, now_s=wrong_time)
    for given in ("", by_hand[:-2] + "A=", "é"):
        with pytest.raises(NotGenuine, match="signature"):
            dingtalk.check(secret, timestamp=timestamp, given=given, now_s=NOW_S)


def test_dingtalk_reads_text_and_speech_and_answers_only_at_the_vendors_host() -> None:
    said = {
        "msgId": "m1", "msgtype": "text", "text": {"content": " 灯不亮 "}, "senderStaffId": "s1", "senderNick": "李",
        "sessionWebhook": "https://oapi.dingtalk.com/robot/sendBySession?session=1",
    }  # fmt: skip
    arrival = dingtalk.read(json.dumps(said).encode(), api="https://oapi.dingtalk.com")
    assert (arrival.external_id, arrival.text, arrival.sender) == ("m1", "灯不亮", "s1")
    assert arrival.reply["way"] == "dingtalk"
    elsewhere = {**said, "sessionWebhook": "https://evil.example/robot"}
    assert dingtalk.read(json.dumps(elsewhere).encode(), api="https://oapi.dingtalk.com").reply == {}
    spoken = {**said, "msgtype": "audio", "content": {"recognition": "水管爆了"}}
    assert dingtalk.read(json.dumps(spoken).encode(), api="").text == "水管爆了"
    picture = {**said, "msgtype": "picture", "content": {"downloadCode": "x"}}
    assert dingtalk.read(json.dumps(picture).encode(), api="").why == "not_text"
    for broken in (b"", b"[]", b'{"msgId": 5}', b"\xff"):
        with pytest.raises(Unreadable):
            dingtalk.read(broken, api="")


def test_feishu_cipher_and_signature_by_hand() -> None:
    key, iv, text = "encrypt-key", bytes(range(16)), json.dumps({"challenge": "x"})
    n_pad = 16 - len(text.encode()) % 16
    closing = Cipher(algorithms.AES(hashlib.sha256(key.encode()).digest()), modes.CBC(iv)).encryptor()
    by_hand = base64.b64encode(
        iv + closing.update(text.encode() + bytes([n_pad]) * n_pad) + closing.finalize()
    ).decode()
    assert feishu.decrypt(key, by_hand) == text
    assert feishu.encrypt(key, text, iv=iv) == by_hand
    body = json.dumps({"encrypt": by_hand}).encode()
    right = hashlib.sha256(f"{NOW_S}nonce{key}".encode() + body).hexdigest()
    feishu.check(key, timestamp=str(NOW_S), nonce="nonce", given=right, body=body, now_s=NOW_S)
    with pytest.raises(NotGenuine, match="signature"):
        feishu.check(key, timestamp=str(NOW_S), nonce="other", given=right, body=body, now_s=NOW_S)
    with pytest.raises(NotGenuine, match="time"):
        feishu.check(key, timestamp=str(NOW_S), nonce="nonce", given=right, body=body, now_s=NOW_S + 601)
    with pytest.raises(NotGenuine):
        feishu.opened("another key", body)
    with pytest.raises(NotGenuine):
        feishu.opened(key, b'{"challenge": "in the open"}')


def test_feishu_reads_a_message_without_its_mentions() -> None:
    event = {
        "header": {"event_type": "im.message.receive_v1", "token": "t"},
        "event": {
            "sender": {"sender_id": {"open_id": "ou_1"}, "sender_type": "user"},
            "message": {
                "message_id": "om_1", "root_id": "om_0", "message_type": "text",
                "content": json.dumps({"text": "@_user_1 7楼骨科水龙头漏水"}),
            },
        },
    }  # fmt: skip
    arrival = feishu.read(event)
    assert arrival is not None
    assert (arrival.text, arrival.sender, arrival.reply["ids"]) == ("7楼骨科水龙头漏水", "ou_1", ["om_0"])
    assert feishu.token_of(event) == "t"
    assert feishu.read({"header": {"event_type": "im.chat.updated_v1"}}) is None
    with pytest.raises(Unreadable):
        feishu.read({"header": {"event_type": "im.message.receive_v1"}, "event": {}})
