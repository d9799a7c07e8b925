"""Stores and costs: who works may look, who keeps a store moves its stock, who answers for money reads it."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from tests.people import MONDAY_NINE, House
from tests.rooms.stock import a_part, a_store, came
from tests.web.permission_rows.kit import Row, Scene, request_path, some
from yingxu.work.actions import stocktakes
from yingxu.work.models import Level, Part, Store

_AT_WORK = "clerk company_clerk plumber porter leader line_manager manager lift_manager contractor"
READ = some(f"{_AT_WORK} officer director auditor away")
#: The site's own people: pages of one thing of the house are no page of another hospital's.
READ_HERE = READ - {"away"}
KEEP = some("leader line_manager manager officer")
#: Whose hands are not the right ones for the state of what is asked; the page says so.
_NOT_YET = (403, 404, 409, 422)


def _level(house: House) -> Level:
    known = Level.objects.filter(store__site_id=house.site_id, store__code="A").first()
    return known or came(house, a_store(house), a_part(house), 9)


def _store(scene: Scene) -> Store:
    return _level(scene.house).store


def _part(scene: Scene) -> Part:
    return _level(scene.house).part


def _take(scene: Scene) -> Any:
    level = _level(scene.house)
    return stocktakes.begin_stock_take(
        store_id=level.store.uid, actor=scene.house.actor("officer"), at=MONDAY_NINE
    ).take_id


def _post(path: Any, allowed: frozenset[str], data: Any = None, **more: Any) -> Row:
    def said(scene: Scene) -> dict[str, Any]:
        return {"command": str(uuid4()), **(data(scene) if data else {})}

    values: dict[str, Any] = {"ok": (302,), "refused": _NOT_YET, "stranger": (403,), **more}
    return Row(path, allowed, method="post", data=said, **values)


ROWS: dict[str, tuple[Row, ...]] = {
    "stores": (Row(request_path("stores"), READ),),
    "store_setup": (Row(request_path("stores/setup"), some("line_manager manager lift_manager officer away")),),
    "make_store": (
        _post(
            request_path("stores/setup/new"),
            some("officer away"),
            lambda scene: {"code": uuid4().hex[:8], "name": "总库"},
        ),
        _post(
            request_path("stores/setup/new"),
            some("line_manager manager officer"),
            lambda scene: {"code": uuid4().hex[:8], "name": "班库", "party": str(scene.house.parties["jia"])},
        ),
    ),
    "change_store": (
        _post(
            lambda scene: f"/stores/setup/{_store(scene).uid}",
            some("line_manager manager officer"),
            lambda scene: {"code": "A", "name": "甲库", "party": str(scene.house.parties["jia"]), "is_open": "1"},
        ),
    ),
    "new_part": (Row(request_path("stores/parts/new"), some("line_manager manager lift_manager officer away")),),
    "make_part": (
        _post(
            request_path("stores/parts/make"),
            some("line_manager manager lift_manager officer away"),
            lambda scene: {"code": uuid4().hex[:8], "name": "灯管", "unit": "支", "is_whole": "1"},
        ),
    ),
    "stock_part": (Row(lambda scene: f"/stores/parts/{_part(scene).uid}", READ_HERE),),
    "change_part": (
        _post(
            lambda scene: f"/stores/parts/{_part(scene).uid}/change",
            some("line_manager manager lift_manager officer"),
            lambda scene: {"code": "P1", "name": "阀芯", "unit": "个", "is_whole": "1", "is_active": "1"},
        ),
    ),
    "part_act": (
        _post(
            lambda scene: f"/stores/parts/{_part(scene).uid}/receive",
            KEEP,
            lambda scene: {"store": str(_store(scene).uid), "quantity": "2", "price": "12.50"},
        ),
        _post(
            lambda scene: f"/stores/parts/{_part(scene).uid}/minimum",
            KEEP,
            lambda scene: {"store": str(_store(scene).uid), "minimum": "2"},
        ),
    ),
    "lacking": (Row(request_path("stores/lacking"), READ),),
    "settle_lacking": (
        _post(lambda scene: f"/stores/lacking/{uuid4()}/drop", frozenset()),
        _post(
            lambda scene: f"/stores/lacking/{uuid4()}/order",
            frozenset(),
            lambda scene: {"supplier": "厂家", "hours": "4"},
        ),
    ),
    "stock_takes": (Row(request_path("stores/counts"), READ),),
    "begin_take": (
        _post(
            request_path("stores/counts/begin"),
            KEEP,
            lambda scene: {"store": str(_store(scene).uid)},
        ),
    ),
    "stock_take": (Row(lambda scene: f"/stores/counts/{_take(scene)}", READ_HERE - {"lift_manager"}),),
    "take_act": (
        _post(
            lambda scene: f"/stores/counts/{_take(scene)}/count",
            KEEP,
            lambda scene: {"level": str(_level(scene.house).uid), "counted": "9"},
        ),
        # nothing was counted: who may settle is told so, others may not
        _post(lambda scene: f"/stores/counts/{_take(scene)}/settle", frozenset()),
    ),
    "job_parts": (
        Row(
            lambda scene: f"/job-parts/{scene.job.uid}",
            some("nurse supervisor clerk company_clerk plumber leader line_manager manager officer director auditor"),
        ),
    ),
    "job_part_act": (
        _post(
            lambda scene: f"/job-parts/{scene.job.uid}/take",
            some("plumber leader line_manager manager officer"),
            lambda scene: {"level": str(_level(scene.house).uid), "quantity": "1"},
        ),
    ),
    "costs": (
        Row(request_path("costs"), some("leader line_manager manager lift_manager officer director auditor away")),
    ),
    "costs_csv": (
        Row(request_path("costs/csv"), some("leader line_manager manager lift_manager officer director auditor away")),
    ),
    "cost_jobs": (
        Row(request_path("costs/jobs"), some("leader line_manager manager lift_manager officer director auditor away")),
    ),
    "cost_rates": (
        Row(
            request_path("costs/rates"), some("leader line_manager manager lift_manager officer director auditor away")
        ),
    ),
    "set_rate": (
        _post(
            request_path("costs/rates/set"),
            some("officer director away"),
            lambda scene: {"rate": "45", "from_on": "2025-01-01"},
        ),
    ),
    "set_term": (
        _post(
            request_path("costs/terms/set"),
            some("officer director away"),
            lambda scene: {"line": "PLB", "from_on": "2025-01-01", "labour": "1"},
        ),
    ),
    "request_cost": (
        Row(
            request_path("costs/requests/{request}"),
            some("leader line_manager manager officer director auditor"),
        ),
    ),
    "enter_bill": (
        _post(
            request_path("costs/requests/{request}/bill"),
            some("line_manager manager officer"),
            lambda scene: {
                "job": str(scene.job.uid),
                "kind": "contractor",
                "amount": "880",
                "on": "2025-03-03",
                "document": "FP-1",
            },
        ),
    ),
    "strike_bill": (
        _post(
            lambda scene: f"/costs/requests/{scene.job.request.uid}/bills/{uuid4()}/strike",
            frozenset(),
            lambda scene: {"why": "填错"},
        ),
    ),
}
