"""The look-ahead calendar: the hospital keeps it, whoever leads answers, everybody who serves reads."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from tests.web.permission_rows.kit import Row, Scene, request_path, some
from yingxu.connect import lookahead
from yingxu.upkeep import actions as upkeep
from yingxu.upkeep.models import Preparation, PreparationRule

READ = some("clerk company_clerk leader line_manager manager lift_manager officer director auditor")
KEEP = some("officer director")
#: An officer of another hospital keeps that one's.
KEEP_OWN = KEEP | {"away"}
POST: dict[str, Any] = {"method": "post", "ok": (302,), "stranger": (403,)}


def made(scene: Scene) -> upkeep.OccasionKept:
    first = timezone.now().date() + timedelta(days=2)
    what = upkeep.NewOccasion(kind="review", name="复审", from_on=first, to_on=first)
    said: dict[str, Any] = {"actor": scene.house.actor("officer"), "at": timezone.now()}
    occasion = upkeep.add_occasion(site_id=scene.house.site_id, what=what, **said)
    rule = upkeep.NewRule(text="查龙头", item="plb.faucet", place="S7-ORT-WC", lead_days=30)
    upkeep.add_rule(occasion_id=occasion.id, what=rule, **said)
    return occasion


def occasion(tail: str = "") -> Callable[[Scene], str]:
    return lambda scene: f"/lookahead/occasions/{made(scene).id}{tail}"


def rule(tail: str) -> Callable[[Scene], str]:
    def path(scene: Scene) -> str:
        made(scene)
        return f"/lookahead/rules/{PreparationRule.objects.latest('id').uid}{tail}"

    return path


def preparation(tail: str = "") -> Callable[[Scene], str]:
    def path(scene: Scene) -> str:
        made(scene)
        lookahead.turn()
        return f"/lookahead/preparations/{Preparation.objects.latest('id').uid}{tail}"

    return path


def said(**more: str) -> Callable[[Scene], dict[str, Any]]:
    return lambda scene: {"command": str(uuid4()), **more}


_RULE = {"text": "查泵", "lead_days": "20", "ready_days": "1"}
_DAY = {"from_on": "2031-03-05", "to_on": "2031-03-06"}
_TOMORROW = (date.today() + timedelta(days=1)).isoformat()  # noqa: DTZ011 (the day after the site's, either way)

ROWS: dict[str, tuple[Row, ...]] = {
    "lookahead": (Row(request_path("lookahead"), READ | {"away"}),),
    "lookahead_count": (Row(request_path("lookahead/count"), READ | {"away"}),),
    "lookahead_library": (
        Row(request_path("lookahead/library"), KEEP_OWN),
        Row(request_path("lookahead/library"), KEEP_OWN, data=said(code="cooling"), **POST),
    ),
    "add_occasion": (
        Row(request_path("lookahead/occasions/new"), KEEP_OWN),
        Row(
            request_path("lookahead/occasions/new"),
            KEEP_OWN,
            data=said(kind="review", name="检查", repeats="once", **_DAY),
            **POST,
        ),
    ),
    "occasion": (Row(occasion(), READ),),
    "occasion_act": (
        Row(occasion("/change"), KEEP, data=said(kind="review", name="检查", repeats="once", **_DAY), **POST),
        Row(occasion("/withdraw"), KEEP, data=said(reason="取消"), **POST),
        Row(occasion("/announce"), KEEP, data=said(text="请提前准备"), **POST),
        Row(occasion("/rule"), KEEP, data=said(**_RULE), **POST),
    ),
    "preparation_rule_act": (
        Row(rule("/change"), KEEP, data=said(**_RULE), **POST),
        Row(rule("/withdraw"), KEEP, data=said(), **POST),
    ),
    "preparation": (Row(preparation(), READ - {"lift_manager"}),),
    "preparation_act": (
        Row(preparation("/take"), some("leader line_manager manager officer director"), data=said(), **POST),
        Row(
            preparation("/ready"),
            some("leader line_manager manager officer director"),
            data=said(note="都查过"),
            **POST,
        ),
        Row(
            preparation("/assign"),
            some("line_manager manager officer director"),
            data=said(username="leader"),
            **POST,
        ),
        Row(preparation("/skip"), KEEP, data=said(reason="改造中"), **POST),
        Row(preparation("/postpone"), KEEP, data=said(reason="等料", due_on=_TOMORROW), **POST),
    ),
}
