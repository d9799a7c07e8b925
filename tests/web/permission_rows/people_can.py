"""Who can be sent, its rules, the pool: the company's leaders enter, the hospital verifies and decides."""

from __future__ import annotations

from uuid import uuid4

from tests.web.permission_rows.kit import Row, Scene, request_path, some
from yingxu.ground.models import Account

_READ = some("leader line_manager manager lift_manager officer director auditor")


def _plumber(tail: str = "") -> object:
    def path(scene: Scene) -> str:
        return f"/who-can/{Account.objects.get(pk=scene.house.accounts['plumber']).uid}{tail}"

    return path


def _certificate(scene: Scene) -> dict[str, str]:
    return {"kind": "HC", "number": uuid4().hex[:8], "command": str(uuid4())}


ROWS: dict[str, tuple[Row, ...]] = {
    "who_can": (Row(request_path("who-can"), allowed=_READ | some("away")),),
    "who_can_expiring": (Row(request_path("who-can/expiring"), allowed=_READ | some("away")),),
    "who_can_duties": (
        Row(
            request_path("who-can/duties"),
            allowed=frozenset(),
            method="post",
            refused=(403, 404, 422),
            stranger=(403,),
        ),
    ),
    "who_can_mine": (
        Row(request_path("who-can/mine"), allowed=some("plumber electrician porter leader"), refused=(403, 404)),
    ),
    "who_can_rules": (Row(request_path("who-can/rules"), allowed=_READ | some("clerk company_clerk away")),),
    "who_can_rule": (
        Row(
            request_path("who-can/rules/restrict"),
            allowed=some("officer director"),
            method="post",
            ok=(302,),
            stranger=(403,),
            data=lambda scene: {"place": "S4-ICU", "clearance": "clean", "command": str(uuid4())},
        ),
    ),
    "who_can_person": (
        Row(
            _plumber(),  # type: ignore[arg-type]
            allowed=some("plumber leader line_manager manager officer director auditor"),
        ),
    ),
    "who_can_change": (
        Row(
            _plumber("/certificate"),  # type: ignore[arg-type]
            allowed=some("plumber leader line_manager manager"),
            method="post",
            ok=(302,),
            stranger=(403,),
            data=_certificate,
        ),
    ),
    "who_can_certificate": (
        Row(
            lambda scene: f"/who-can/certificates/{uuid4()}/verify",
            allowed=frozenset(),
            method="post",
            stranger=(403,),
        ),
    ),
    "claims": (Row(request_path("claims"), allowed=some("plumber porter away")),),
    "claim": (
        Row(
            request_path("claims/{job}"),
            allowed=frozenset(),
            method="post",
            refused=(403, 404, 409),
            stranger=(403,),
        ),
    ),
}
