"""Addresses that outsiders call: mail gateways, WeCom, DingTalk, Feishu. Who is not genuine learns nothing.

An unknown address is 404, a wrong signature 401, both without a word more; what is genuine and cannot be read is kept
for the desk and answered as received, so that no vendor calls again and again.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from functools import wraps

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from yingxu.connect.doors import answers, dingtalk, feishu, intake, keys, limits, mail, wecom
from yingxu.connect.doors.keys import KeyMissing
from yingxu.connect.doors.refused import NotGenuine, Unreadable
from yingxu.demand import actions as demand
from yingxu.demand.actions import Arrival
from yingxu.demand.queries import doors as queries
from yingxu.demand.queries.doors import DoorRow
from yingxu.ground.refusals import Malformed, NotFound

Hook = Callable[[HttpRequest, DoorRow], HttpResponse]
#: A bot's call is small.
IM_LIMIT = 256 * 1024


def at_door(kind: str, *, limit: int) -> Callable[[Hook], Callable[[HttpRequest, str], HttpResponse]]:
    """Give a hook its door; refuse strangers, floods, bodies that are too large, and calls that are not genuine."""

    def around(hook: Hook) -> Callable[[HttpRequest, str], HttpResponse]:
        @csrf_exempt
        @wraps(hook)
        def called(request: HttpRequest, token: str) -> HttpResponse:
            address = str(request.META.get("REMOTE_ADDR") or "")
            if limits.wrong.is_full(address):
                return _later()
            try:
                door = queries.door_by_token(kind, token)
            except NotFound:
                limits.wrong.allows(address)
                return HttpResponse(status=404)
            if not limits.doors.allows(str(door.id)):
                return _later()
            try:
                if int(request.META.get("CONTENT_LENGTH") or 0) > limit or len(request.body) > limit:
                    return HttpResponse(status=413)
                return hook(request, door)
            except RequestDataTooBig:
                return HttpResponse(status=413)
            except NotGenuine as why:
                limits.wrong.allows(address)
                _note(door, f"a call was not genuine: {why}")
                return HttpResponse(status=401)
            except KeyMissing as why:
                _note(door, str(why))
                return HttpResponse(status=503)

        return called

    return around


def _later() -> HttpResponse:
    response = HttpResponse(status=429)
    response["Retry-After"] = "60"
    return response


def _note(door: DoorRow, trouble: str) -> None:
    demand.note_door(door_id=door.id, trouble=trouble, actor=intake.INTAKE, at=timezone.now())


def _host(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"


def _kept_unread(door: DoorRow, body: bytes, why: str) -> None:
    """Keep what is genuine and cannot be read, for a person."""
    digest = hashlib.sha256(body).hexdigest()
    arrival = Arrival(external_id=f"unread:{digest}", raw=body.decode("utf-8", "replace"), why=why)
    intake.take_in(door, arrival, at=timezone.now())


@at_door("mail", limit=mail.LIMIT_BYTES)
@require_POST
def mail_hook(request: HttpRequest, door: DoorRow) -> HttpResponse:
    own_address = str(door.settings.get("from_address", ""))
    if request.content_type == "application/json":
        try:
            said = json.loads(request.body)
            if not isinstance(said, dict):
                raise Malformed(field="body", problem="wrong_type")
            arrival = mail.read_json(said, own_address=own_address)
        except Malformed as why:
            return JsonResponse({"code": "malformed", "field": why.field, "problem": why.problem}, status=422)
        except (ValueError, RecursionError):
            return JsonResponse({"code": "unreadable", "problem": "not JSON in UTF-8"}, status=400)
    else:
        if not request.body:
            return JsonResponse({"code": "malformed", "field": "body", "problem": "missing"}, status=422)
        arrival = mail.read(request.body, own_address=own_address)
    taken = intake.take_in(door, arrival, at=timezone.now(), host=_host(request))
    return JsonResponse({"state": taken.state, "number": taken.number}, status=202)


@at_door("wecom", limit=wecom.BODY_LIMIT)
@require_http_methods(["GET", "POST"])
def wecom_hook(request: HttpRequest, door: DoorRow) -> HttpResponse:
    own = wecom.Keys(
        token=keys.secret(door, "token_env"),
        aes_key=keys.secret(door, "aes_key_env"),
        corp_id=str(door.settings["corp_id"]),
    )
    said = {name: request.GET.get(name, "") for name in ("msg_signature", "timestamp", "nonce", "echostr")}
    now_s = time.time()

    def genuine(encrypted: str) -> str:
        wecom.check(
            own,
            given=said["msg_signature"],
            timestamp=said["timestamp"],
            nonce=said["nonce"],
            encrypted=encrypted,
            now_s=now_s,
        )
        return wecom.decrypt(own, encrypted)

    if request.method == "GET":
        echo = genuine(said["echostr"])
        demand.note_door(door_id=door.id, actor=intake.INTAKE, at=timezone.now())
        return HttpResponse(echo, content_type="text/plain; charset=utf-8")
    try:
        encrypted = wecom.fields_of(request.body).get("Encrypt", "")
    except Unreadable as why:
        raise NotGenuine("no cipher") from why
    plain = genuine(encrypted)
    try:
        fields = wecom.fields_of(plain)
    except Unreadable as why:
        _kept_unread(door, plain.encode(), str(why)[:32])
        return HttpResponse("success")
    if fields.get("MsgType") == "event":
        return HttpResponse("success")
    text = fields.get("Content", "").strip() or fields.get("Recognition", "").strip()
    arrival = Arrival(
        external_id=fields.get("MsgId") or f"wecom:{hashlib.sha256(plain.encode()).hexdigest()}",
        text=text,
        sender=fields.get("FromUserName", ""),
        raw="" if text else plain,
        why="" if text else "not_text",
    )
    taken = intake.take_in(door, arrival, at=timezone.now(), host=_host(request))
    told = taken.answer or (answers.not_readable() if taken.state == "failed" else "")
    if not told:
        return HttpResponse("success")
    sealed = wecom.answer(own, to=arrival.sender, text=told, now_s=int(now_s), nonce=said["nonce"])
    return HttpResponse(sealed, content_type="application/xml; charset=utf-8")


@at_door("dingtalk", limit=IM_LIMIT)
@require_POST
def dingtalk_hook(request: HttpRequest, door: DoorRow) -> HttpResponse:
    dingtalk.check(
        keys.secret(door, "secret_env"),
        timestamp=request.headers.get("timestamp", ""),
        given=request.headers.get("sign", ""),
        now_s=time.time(),
    )
    try:
        arrival = dingtalk.read(request.body, api=str(door.settings.get("api", "")))
    except Unreadable as why:
        _kept_unread(door, request.body, str(why)[:32])
        return JsonResponse({})
    intake.take_in(door, arrival, at=timezone.now(), host=_host(request))
    return JsonResponse({})


@at_door("feishu", limit=IM_LIMIT)
@require_POST
def feishu_hook(request: HttpRequest, door: DoorRow) -> HttpResponse:
    encrypt_key = keys.secret(door, "encrypt_key_env")
    try:
        event = feishu.opened(encrypt_key, request.body)
    except Unreadable as why:
        raise NotGenuine("cipher") from why
    if door.settings.get("verification_token_env"):
        _same(keys.secret(door, "verification_token_env"), feishu.token_of(event))
    if event.get("type") == "url_verification":  # unsigned; that its cipher opens proves who calls
        demand.note_door(door_id=door.id, actor=intake.INTAKE, at=timezone.now())
        return JsonResponse({"challenge": str(event.get("challenge", ""))})
    feishu.check(
        encrypt_key,
        timestamp=request.headers.get("X-Lark-Request-Timestamp", ""),
        nonce=request.headers.get("X-Lark-Request-Nonce", ""),
        given=request.headers.get("X-Lark-Signature", ""),
        body=request.body,
        now_s=time.time(),
    )
    try:
        arrival = feishu.read(event)
    except Unreadable as why:
        _kept_unread(door, json.dumps(event, ensure_ascii=False).encode(), str(why)[:32])
        return JsonResponse({})
    if arrival is not None:
        intake.take_in(door, arrival, at=timezone.now(), host=_host(request))
    return JsonResponse({})


def _same(wanted: str, given: str) -> None:
    from django.utils.crypto import constant_time_compare

    if not constant_time_compare(wanted, given):
        raise NotGenuine("token")
