"""Outside companies: the living link is for whoever holds it; a dead one, a wrong one, another's opens nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone

from tests.rooms.test_work_loop import asked
from tests.web.permission_rows.kit import PUBLIC, Row, Scene, request_path, some
from yingxu.ground import links
from yingxu.ground.models import File
from yingxu.work import actions as work
from yingxu.work.queries import outside

_READ = some("plumber clerk company_clerk leader line_manager manager officer director auditor")
_LIST = _READ | some("porter lift_manager away")
_SEND = some("clerk company_clerk leader line_manager officer")
_SAY = _SEND | some("plumber")
_TAKE = some("line_manager manager officer")
_NOT_YET = (403, 404, 409, 410, 422)


def order_of(scene: Scene) -> UUID:
    """Send the scene's job out; the plumber goes on answering for it."""
    at = timezone.now()
    return work.send_outside(
        job_id=scene.job.uid,
        company="金龙阀门",
        contact_name="黄师傅",
        phone="13900000000",
        words="换龙头",
        expires_at=at + timedelta(days=3),
        actor=scene.house.actor("clerk"),
        at=at,
    ).order_id


def link(tail: str = "") -> Callable[[Scene], str]:
    return lambda scene: f"/x/{links.outside_code(order_of(scene))}{tail}"


def dead(tail: str = "") -> Callable[[Scene], str]:
    def path(scene: Scene) -> str:
        order = order_of(scene)
        work.revoke_outside(order_id=order, why="换人", actor=scene.house.actor("clerk"), at=timezone.now())
        return f"/x/{links.outside_code(order)}{tail}"

    return path


def forged(tail: str = "") -> Callable[[Scene], str]:
    """Return the address of one order under the signature of another."""

    def path(scene: Scene) -> str:
        name = links.outside_code(order_of(scene)).partition(".")[0]
        return f"/x/{name}.{links.outside_code(uuid4()).partition('.')[2]}{tail}"

    return path


def photo_of_another(scene: Scene) -> str:
    other = asked(scene.house, at=3)
    file = File.objects.create(
        site_id=scene.house.site_id,
        sha256="0" * 64,
        media_type="image/png",
        n_bytes=1,
        subject_kind="job",
        subject_id=other.pk,
        sender="x",
        received_at=timezone.now(),
    )
    return link(f"/photo/{file.uid}")(scene)


def of_order(name: str) -> Callable[[Scene], str]:
    def path(scene: Scene) -> str:
        order = order_of(scene)
        if name == "take":
            holder = outside.by_link(order, at=timezone.now()).actor
            at = timezone.now()
            said: dict[str, Any] = {"order_id": order, "actor": holder, "at": at}
            work.accept_outside(coming_name="黄", expected_at=at + timedelta(hours=1), **said)
            work.state_outside_cost(labour_fen=100, parts_fen=0, **said)
        return f"/outside/jobs/{scene.job.uid}/{order}/{name}"

    return path


def _said(**more: str) -> Callable[[Scene], dict[str, Any]]:
    return lambda scene: {"command": str(uuid4()), **more}


def _post(path: Callable[[Scene], str], allowed: frozenset[str], **more: str) -> Row:
    return Row(path, allowed, method="post", ok=(302,), refused=_NOT_YET, stranger=(403,), data=_said(**more))


_NOBODY: dict[str, Any] = {"allowed": frozenset()}
_TOLD = _said(text="门锁着")

ROWS: dict[str, tuple[Row, ...]] = {
    "outside_link": (
        Row(link(), **PUBLIC),
        Row(dead(), **_NOBODY, refused=(410,), stranger=(410,)),
        Row(forged(), **_NOBODY, refused=(404,), stranger=(404,)),
        Row(lambda scene: "/x/nonsense", **_NOBODY, refused=(404,), stranger=(404,)),
        # the asker's own link is no company's
        Row(
            lambda scene: f"/x/{links.follow_code(scene.job.request.uid)}",
            **_NOBODY,
            refused=(404,),
            stranger=(404,),
        ),
    ),
    "outside_act": (
        Row(link("/do/say"), method="post", ok=(302,), stranger=(302,), data=_TOLD),
        Row(dead("/do/say"), **_NOBODY, method="post", refused=(410,), stranger=(410,), data=_TOLD),
        Row(forged("/do/say"), **_NOBODY, method="post", refused=(404,), stranger=(404,), data=_TOLD),
        Row(link("/do/hand-over"), **_NOBODY, method="post", refused=(404,), stranger=(404,), data=_TOLD),
    ),
    "outside_photo": (
        Row(photo_of_another, **_NOBODY, refused=(404,), stranger=(404,)),
        Row(dead(f"/photo/{uuid4()}"), **_NOBODY, refused=(410,), stranger=(410,)),
    ),
    "outside": (Row(request_path("outside"), _LIST),),
    "outside_job": (Row(request_path("outside/jobs/{job}"), _READ),),
    "send_outside": (
        _post(
            request_path("outside/jobs/{job}/send"),
            _SEND,
            company="金龙阀门",
            contact_name="黄师傅",
            phone="13900000000",
            words="换龙头",
            hours="24",
        ),
    ),
    "outside_order_act": (
        _post(of_order("say"), _SAY, text="护士站拿钥匙"),
        _post(of_order("revoke"), _SEND, why="换人"),
        _post(of_order("take"), _TAKE, amount="1"),
    ),
    "begin_visit": (
        Row(request_path("visits/{job}"), some("plumber leader")),
        _post(request_path("visits/{job}"), some("plumber leader"), reason="代办"),
    ),
}
