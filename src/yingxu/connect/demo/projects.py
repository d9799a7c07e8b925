"""The demo's improvement projects: one under way, one that waits for approval, one without evidence."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from yingxu.connect.demo.tables import parts, rows
from yingxu.demand import queries as demand
from yingxu.ground import queries as ground
from yingxu.ground.actor import Actor
from yingxu.improve import actions
from yingxu.improve.actions import NewEvidence

_PROJECTS = (
    ("卫生间龙头换陶瓷阀芯", "旧龙头密封圈一年坏几次，整层换成陶瓷阀芯，先做一个病区。", "PLB"),
    ("陪检轮椅按楼层定点停放", "找轮椅占去陪检一成时间：每层设两个固定停放点，扫码借还。", "ESC"),
)


def propose_some(site_id: int, now: datetime) -> None:
    """Three projects stand: two on what was asked for, one that still has to show who needs it."""
    officer, director = _first("HO"), _first("HD")
    said: dict[str, Any] = {"site_id": site_id, "actor": officer}
    made, is_shown = [], False
    for n, (title, change, line) in enumerate(_PROJECTS):
        found = demand.request_page(officer, site_id, line=line, limit=2).rows
        evidence = [NewEvidence("request", row.number, f"同类诉求：{row.text}"[:200]) for row in found]
        is_shown = is_shown or (n == 0 and bool(evidence))
        at = now - timedelta(days=9 - 3 * n)
        made.append(actions.propose_project(title=title, change=change, line=line, evidence=evidence, at=at, **said))
    change = "候诊区多放绿植。"
    actions.propose_project(title="候诊区绿植", change=change, line="LND", at=now - timedelta(days=1), **said)
    if not is_shown:
        return  # a hospital without a past has not asked for anything yet
    at = now - timedelta(days=5)
    actions.approve_project(project_id=made[0].id, words="先做普外一科，一个月后看返修", actor=director, at=at)
    actions.start_project(project_id=made[0].id, actor=officer, at=now - timedelta(days=4))


def _first(role: str) -> Actor:
    login = next(row["login"] for row in rows("people") if role in parts(row["roles"]))
    return ground.actors_by_name([login])[login][0]
