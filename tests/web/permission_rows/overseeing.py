"""Supervisors, remarks and forums: nominated by the hospital, judged by who spoke, revealed by an auditor."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

from tests.people import MONDAY_NINE
from tests.web.permission_rows.kit import Row, Scene, request_path, some
from yingxu.demand import actions as demand
from yingxu.voice.actions.answering import answer_remark
from yingxu.voice.actions.forums import plan_forum
from yingxu.voice.actions.supervisors import nominate_supervisor, note_finding, plan_visit

READ = some("officer director auditor supervisor away")
REMARKS = some("officer director auditor supervisor leader line_manager manager lift_manager away")
FORUMS = some("officer director auditor supervisor clerk company_clerk line_manager manager lift_manager away")
TERM: dict[str, Any] = {"from_on": date(2025, 3, 3), "to_on": date(2026, 3, 3)}
POST: dict[str, Any] = {"method": "post", "ok": (302,), "stranger": (403,)}


def nominee(scene: Scene) -> str:
    made = nominate_supervisor(
        site_id=scene.house.site_id,
        username="nurse",
        department_code="S7-ORT",
        conscience="认真",
        insight="有见地",
        in_touch="常打交道",
        actor=scene.house.actor("officer"),
        at=MONDAY_NINE,
        **TERM,
    )
    return f"/supervisors/{made.uid}"


def visit(scene: Scene) -> str:
    made = plan_visit(
        site_id=scene.house.site_id,
        place_code="S7-ORT",
        on=date(2025, 3, 4),
        actor=scene.house.actor("supervisor"),
        at=MONDAY_NINE,
    )
    return f"/supervisors/visits/{made.uid}"


def remark(tail: str, *, is_answered: bool = False) -> Callable[[Scene], str]:
    def path(scene: Scene) -> str:
        finder = scene.house.actor("supervisor")
        raised = demand.raise_request(
            site_id=scene.house.site_id,
            channel="supervisor",
            text="扶手松",
            place_id=scene.house.places["S7-ORT"],
            actor=finder,
            at=MONDAY_NINE,
        )
        made = note_finding(request_id=raised.id, is_hidden=True, actor=finder, at=MONDAY_NINE)
        if is_answered:
            answer_remark(
                remark_id=made.uid,
                verdict="valid",
                fate="studied",
                answer="本周加固",
                owner_name="王工",
                due_on=date(2025, 3, 7),
                actor=scene.house.actor("officer"),
                at=MONDAY_NINE,
            )
        return f"/remarks/{made.uid}{tail}"

    return path


def forum(tail: str = "") -> Callable[[Scene], str]:
    def path(scene: Scene) -> str:
        made = plan_forum(
            site_id=scene.house.site_id,
            month=date(2025, 3, 1),
            planned_at=MONDAY_NINE,
            room="会议室",
            actor=scene.house.actor("officer"),
            at=MONDAY_NINE,
        )
        return f"/forums/{made.uid}{tail}"

    return path


ROWS: dict[str, tuple[Row, ...]] = {
    "supervisors": (
        Row(request_path("supervisors"), READ),
        Row(
            request_path("supervisors"),
            some("officer director"),
            refused=(403, 404, 422),
            data=lambda scene: {
                "username": "other_nurse",
                "department": "N5-RES",
                "conscience": "认真",
                "insight": "有见地",
                "in_touch": "常打交道",
                "from_on": "2025-03-03",
                "to_on": "2026-03-03",
                "command": str(uuid4()),
            },
            method="post",
            ok=(302, 422),
            stranger=(403,),
        ),
    ),
    "decide_supervisor": (Row(nominee, some("director"), data=lambda scene: {"state": "appointed"}, **POST),),
    "renew_supervisor": (
        Row(
            lambda scene: f"{nominee(scene)}/term",
            frozenset(),
            method="post",
            ok=(302,),
            stranger=(403,),
            refused=(403, 404, 422),
            data=lambda scene: {"to_on": "2030-03-03"},
        ),
    ),
    "plan_visit": (
        Row(
            request_path("supervisors/visits"),
            some("supervisor"),
            refused=(403, 404, 422),
            data=lambda scene: {"place": "S7-ORT", "on": "2025-03-05"},
            **POST,
        ),
    ),
    "make_visit": (Row(visit, some("supervisor"), data=lambda scene: {"note": "都好"}, **POST),),
    "remarks": (Row(request_path("remarks"), REMARKS),),
    "answer_remark": (
        Row(
            remark("/answer"),
            some("officer manager line_manager lift_manager"),
            refused=(403, 404, 422),
            data=lambda scene: {"verdict": "valid", "fate": "answered", "answer": "已加固"},
            **POST,
        ),
    ),
    "judge_remark": (
        Row(
            remark("/word", is_answered=True),
            some("supervisor"),
            refused=(403, 404, 422),
            data=lambda scene: {"word": "understood"},
            **POST,
        ),
    ),
    "remark_done": (
        Row(
            remark("/done", is_answered=True),
            some("officer manager line_manager lift_manager"),
            refused=(403, 404, 422),
            data=lambda scene: {"note": "已加固"},
            **POST,
        ),
    ),
    "reveal_finder": (
        Row(
            remark("/reveal"),
            some("auditor"),
            method="post",
            ok=(200,),
            refused=(403, 404, 422),
            stranger=(403,),
            data=lambda scene: {"reason": "复核"},
        ),
    ),
    "forums": (
        Row(request_path("forums"), FORUMS),
        Row(
            request_path("forums"),
            some("officer director away"),
            data=lambda scene: {"on": "2025-04-03", "time": "15:00", "room": "会议室", "command": str(uuid4())},
            **POST,
        ),
    ),
    "forum": (Row(forum(), FORUMS - {"away"}),),
    "raise_remark": (
        Row(
            forum("/remarks"),
            some("officer supervisor clerk company_clerk manager lift_manager"),
            data=lambda scene: {"text": "饭凉"},
            **POST,
        ),
    ),
    "hold_forum": (
        Row(
            forum("/held"),
            some("officer clerk company_clerk manager lift_manager"),
            refused=(403, 404, 302),
            data=lambda scene: {"attendance": "李护士", "minutes": "讲了三件事"},
            **POST,
        ),
    ),
    "forum_pack": (Row(forum("/pack.pdf"), FORUMS - {"away"}),),
}
