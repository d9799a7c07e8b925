"""Parts and loads as a phone carries them: what a job has, lacks and moves; what the stores hold."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from yingxu.demand.asked import asked_fields
from yingxu.standards.queries import procedure_of
from yingxu.web.stores.reading import number
from yingxu.web.templatetags.yingxu import in_language
from yingxu.web.transport.shown import HOW
from yingxu.work.ends import is_cold, node_steps
from yingxu.work.queries.carried import CarriedLoad, CarriedParts, ShelfRow


def parts_said(had: CarriedParts) -> dict[str, Any]:
    """Return what a job has and lacks; quantities as text, so that a thousandth stays one."""
    return {
        "parts": [
            {"level": str(one.level_id), "used": number(one.used), "kept": number(one.kept)}
            for one in had.held.values()
        ],
        "lacking": [
            {
                "id": str(one.shortage_id),
                "part": str(one.part_id),
                "name": in_language(one),
                "unit": in_language(one, "unit"),
                "quantity": number(one.quantity),
                "state": one.state,
            }
            for one in had.lacking
        ],
    }


def shelf_said(row: ShelfRow) -> dict[str, Any]:
    """Return a part in a store as the phone offers it."""
    return {
        "level": str(row.level_id),
        "part": str(row.part_id),
        "store": str(row.store_id),
        "code": row.code,
        "name": in_language(row),
        "spec": row.spec,
        "unit": in_language(row, "unit"),
        "whole": row.is_whole,
        "where": in_language(row, "store_name"),
        "free": number(row.free),
        "items": row.item_codes,
    }


def load_said(load: CarriedLoad | None, edition_id: int) -> dict[str, Any]:
    """Return a transport's two ends, how it is carried, where its load is; identifiers only as marks.

    ``nodes``: the steps that taking and giving it carry out.
    """
    if load is None:
        return {"load": None}
    row = load.row
    how = [
        in_language(field, "value") if field.kind != "flag" else in_language(field)
        for field in asked_fields(row.item_code, None, row.form)
        if field.code in HOW and not field.is_covered and not (field.code == "isolation" and field.value == "无")
    ]
    return {
        "load": {
            "from": in_language(row.begin),
            "to": in_language(row.end),
            "how": how,
            "isolated": row.form.get("isolation", "none") not in ("none", ""),
            "stage": row.stage,
            "delay": row.open_delay.reason_code if row.open_delay else "",
            "patient": row.is_patient,
            "cold": row.line_code == "DLV",
            "read": is_cold(procedure_of(edition_id)),
            "marks": load.marks,
            "nodes": [step["code"] if step else "" for step in node_steps(procedure_of(edition_id))],
            "page": reverse("web:transport_job", args=[row.uid]),
        }
    }
