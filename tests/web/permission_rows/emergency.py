"""Emergencies and incidents: who reads what to say, who opens, logs, drills, plans."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.people import MONDAY_NINE
from tests.rooms.requests import ask
from tests.web.permission_rows.kit import EVERYBODY, Row, Scene, request_path, some
from yingxu.work.actions.incidents import end_incident, start_drill
from yingxu.work.models.incidents import Incident, IncidentCall

READS = EVERYBODY - {"family", "administrator"}
SEES = some("clerk company_clerk plumber porter leader line_manager manager lift_manager officer director auditor")
LOGS = SEES - {"auditor"}
OPENS = some("clerk company_clerk officer director")
PLANS = some("officer director")
POST: dict[str, Any] = {"method": "post", "ok": (302,), "stranger": (403,)}


def proposed(tail: str) -> Callable[[Scene], str]:
    def path(scene: Scene) -> str:
        raised = ask(scene.house, item_code="elv.trapped", text="关人了", place_code="S-L3")
        return f"/incidents/{Incident.objects.get(request_id=raised.key).uid}{tail}"

    return path


def running(scene: Scene) -> Incident:
    made = start_drill(site_id=scene.house.site_id, kind="flood", actor=scene.house.actor("officer"), at=MONDAY_NINE)
    return Incident.objects.get(uid=made.uid)


def drilled(tail: str) -> Callable[[Scene], str]:
    return lambda scene: f"/incidents/{running(scene).uid}{tail}"


def ended(tail: str) -> Callable[[Scene], str]:
    def path(scene: Scene) -> str:
        row = running(scene)
        end_incident(incident_id=row.uid, outcome="false", actor=scene.house.actor("officer"), at=MONDAY_NINE)
        return f"/incidents/{row.uid}{tail}"

    return path


def call(scene: Scene) -> str:
    row = running(scene)
    return f"/incidents/calls/{IncidentCall.objects.filter(incident=row).order_by('branch', 'level')[0].uid}"


def said(**values: str) -> Callable[[Scene], dict[str, Any]]:
    return lambda scene: dict(values)


ROWS: dict[str, tuple[Row, ...]] = {
    "emergency": (Row(request_path("emergency"), allowed=READS),),
    "emergency_kind": (
        Row(request_path("emergency/fire"), allowed=READS),
        Row(request_path("emergency/flying"), allowed=frozenset()),
    ),
    "emergency_report": (
        Row(
            request_path("emergency/entrapment/report"),
            allowed=LOGS - {"director"},
            data=said(place="3号梯", text="关人了"),
            **POST,
        ),
    ),
    "emergency_drill": (
        Row(request_path("emergency/fire/drill"), allowed=LOGS - some("plumber porter") | {"away"}, **POST),
    ),
    "emergency_plan": (
        Row(request_path("emergency/fire/plan"), allowed=PLANS | {"away"}),
        Row(
            request_path("emergency/fire/plan"),
            allowed=PLANS | {"away"},
            data=lambda scene: {
                "branch": "rescue",
                "name": "消控室",
                "name_en": "Control room",
                "source": "",
                "phone": "6119",
                "wait": "30",
                "tries": "2",
                "outside": "0",
                "sets": "",
            },
            **POST,
        ),
    ),
    "incidents": (Row(request_path("incidents"), allowed=SEES | {"away"}),),
    "incidents_banner": (Row(request_path("incidents/banner"), allowed=SEES | {"away"}),),
    "incident": (Row(proposed(""), allowed=SEES), Row(drilled(""), allowed=SEES)),
    "incident_live": (Row(drilled("/live"), allowed=SEES),),
    "incident_call": (Row(call, allowed=LOGS, data=said(outcome="busy"), **POST),),
    "incident_act": (
        Row(proposed("/open"), allowed=OPENS, **POST),
        Row(proposed("/drop"), allowed=OPENS, data=said(text="误报"), **POST),
        Row(drilled("/mark"), allowed=LOGS, data=said(mark="at_scene"), **POST),
        Row(drilled("/line"), allowed=LOGS, data=said(code="said", text="水在漫"), **POST),
        Row(drilled("/place"), allowed=LOGS, data=said(place="S7-ORT"), **POST),
        Row(drilled("/end"), allowed=OPENS, data=said(outcome="false"), **POST),
        Row(
            ended("/review"),
            allowed=PLANS,
            data=said(went_well="快", went_badly="慢", change="改"),
            **POST,
        ),
        Row(drilled("/nothing"), allowed=frozenset(), **POST),
    ),
}
