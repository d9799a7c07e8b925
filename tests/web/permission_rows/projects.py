"""Improvement projects: who serves proposes, the hospital's head decides, an auditor reads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from tests.people import MONDAY_NINE
from tests.web.permission_rows.kit import Row, Scene, request_path, some
from yingxu.improve import actions as improve
from yingxu.improve.models import Project

READ = some("leader line_manager manager lift_manager officer director auditor")
#: Of a plumbing project of the first company.
SEES = READ - {"lift_manager"}
PROPOSE = READ - {"auditor"}
POST: dict[str, Any] = {"method": "post", "ok": (302,), "stranger": (403,)}


def project(tail: str = "", state: str = "proposed") -> Callable[[Scene], str]:
    def path(scene: Scene) -> str:
        made = improve.propose_project(
            site_id=scene.house.site_id,
            title="卫生间换感应龙头",
            change="旧龙头一年坏三次",
            line="PLB",
            evidence=[improve.NewEvidence("request", scene.job.request.number, "同一处第三次漏")],
            actor=scene.house.actor("manager"),
            at=MONDAY_NINE,
        )
        said: dict[str, Any] = {"project_id": made.id, "actor": scene.house.actor("director"), "at": MONDAY_NINE}
        if state != "proposed":
            improve.approve_project(**said)
        if state == "under_way":
            improve.start_project(**said)
        return f"/projects/{made.id}{tail}"

    return path


def _evidence(scene: Scene) -> dict[str, Any]:
    row = Project.objects.latest("id").evidence.get()
    return {"command": str(uuid4()), "evidence": str(row.uid)}


def said(**more: str) -> Callable[[Scene], dict[str, Any]]:
    return lambda scene: {"command": str(uuid4()), **more}


_NEW = {"title": "换龙头", "change": "换成感应的"}

ROWS: dict[str, tuple[Row, ...]] = {
    "projects": (Row(request_path("projects"), READ | {"away"}),),
    "propose_project": (
        Row(request_path("projects/new"), PROPOSE | {"away"}),
        Row(request_path("projects/new"), PROPOSE | {"away"}, data=said(**_NEW), **POST),
    ),
    "project": (Row(project(), SEES),),
    "project_act": (
        Row(project("/approve"), some("director"), data=said(), **POST),
        Row(project("/decline"), some("director"), data=said(words="已有计划"), **POST),
        Row(project("/start", "approved"), some("manager officer director"), data=said(), **POST),
        Row(project("/finish", "under_way"), some("manager officer director"), data=said(result="换好了"), **POST),
        Row(project("/unlink"), SEES - {"auditor"}, data=_evidence, **POST),
    ),
}
