"""The demo's emergencies: a flood of some days ago with its review, two drills, people in a lift this minute."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from yingxu.connect.demo.tables import rows
from yingxu.demand import actions as demand
from yingxu.ground import queries as ground
from yingxu.ground.actor import Actor, engine
from yingxu.work.actions import incident_log, incidents
from yingxu.work.actions.incident_watch import watch_incidents
from yingxu.work.queries.incidents import IncidentRow, incident_for, incident_of_request, standing_incidents

#: What went on in a drill or an incident: minutes after the report, mark.
_DRILL = (
    (0.7, "notified"),
    (4.0, "at_door"),
    (6.5, "contact"),
    (9.0, "contact"),
    (18.0, "maintainer"),
    (24.0, "freed"),
)
_FIRE_DRILL = ((0.8, "confirmed"), (1.5, "called_119"), (3.6, "station_on"), (9.0, "evacuated"), (14.0, "out"))
_PAST = {
    "flood": ((6.0, "at_scene"), (13.0, "valve_closed"), (18.0, "below_told"), (75.0, "restored")),
    "power": ((7.0, "at_scene"), (4.0, "backup_on"), (12.0, "critical_asked"), (58.0, "restored")),
}


def live_through_emergencies(site_id: int, now: datetime) -> None:
    """Play them by the verbs; what past requests proposed and nobody opened falls away."""
    people = {name: found[0] for name, found in ground.actors_by_name(["yangxf", "hanp", "yuanq"]).items()}
    clerk, officer = people["yangxf"], people["hanp"]
    past = [row for row in standing_incidents(clerk, site_id) if row.kind in _PAST and row.reported_at < now]
    if past:
        _past(past[0], clerk, officer)
    _drill(site_id, "entrapment", "2 号梯模拟困人一名", now - timedelta(days=96), officer, _DRILL)
    _drill(site_id, "fire", "污洗间垃圾桶冒烟", now - timedelta(days=201), officer, _FIRE_DRILL)
    while watch_incidents(actor=engine("clock"), at=now, limit=200).n_dropped:
        pass
    _now(site_id, clerk, now)


def _past(row: IncidentRow, clerk: Actor, officer: Actor) -> None:
    begun = row.reported_at
    incidents.open_incident(incident_id=row.uid, actor=clerk, at=begun + timedelta(seconds=50))
    _answered(row.uid, clerk, begun + timedelta(seconds=80))
    _marks(row.uid, begun, _PAST[row.kind], clerk)
    incidents.end_incident(incident_id=row.uid, outcome="real", actor=clerk, at=begun + timedelta(minutes=80))
    incidents.review_incident(
        incident_id=row.uid,
        went_well="电话一遍打通，值班六分钟到场。",
        went_badly="上级阀门找了七分钟，阀门牌看不清。",
        change="本周内为该楼竖井阀门换反光牌，阀门图张贴在管井门内侧。",
        owner="郑敏蓉",
        actor=officer,
        at=begun + timedelta(hours=20),
    )


def _drill(
    site_id: int, kind: str, words: str, at: datetime, officer: Actor, marks: tuple[tuple[float, str], ...]
) -> None:
    lift = _lift()
    made = incidents.start_drill(
        site_id=site_id, kind=kind, place_code=lift if kind == "entrapment" else "", words=words, actor=officer, at=at
    )
    _answered(made.uid, officer, at + timedelta(seconds=35))
    _marks(made.uid, at, marks, officer)
    incidents.end_incident(
        incident_id=made.uid, outcome="real", actor=officer, at=at + timedelta(minutes=marks[-1][0] + 3)
    )
    incidents.review_incident(
        incident_id=made.uid,
        went_well="调度台话术完整，没有人扒门、没有人乘梯。" if kind == "entrapment" else "确认与报警都在时限内。",
        went_badly="第二次与轿厢通话晚了。" if kind == "entrapment" else "微型消防站绕路，超过三分钟。",
        change="调度台装三分钟提醒。" if kind == "entrapment" else "改由东侧楼梯出动，重走一次。",
        owner="韩鹏",
        actor=officer,
        at=at + timedelta(days=1),
    )


def _now(site_id: int, clerk: Actor, now: datetime) -> None:
    lift = _lift()
    begun = now - timedelta(minutes=9)
    raised = demand.raise_request(
        site_id=site_id,
        channel="phone",
        text="电梯停在半层，里面三个人，有一位坐轮椅的病人",
        item_code="elv.trapped",
        place_code=lift or None,
        requester_name="导诊台",
        requester_phone="8600",
        actor=clerk,
        at=begun,
    )
    uid = incident_of_request(clerk, raised.id)
    if uid is None:
        return
    incidents.open_incident(
        incident_id=uid, words="三人，一位坐轮椅的病人", actor=clerk, at=begun + timedelta(seconds=25)
    )
    _answered(uid, clerk, begun + timedelta(seconds=50))
    _marks(uid, begun, ((2.5, "contact"), (5.2, "contact"), (6.0, "at_door"), (8.0, "contact")), clerk)
    incident_log.note_line(
        incident_id=uid,
        code="said",
        text="轿厢灯亮、风扇转，病人情绪稳定",
        actor=clerk,
        at=begun + timedelta(minutes=8),
    )


def _answered(uid: UUID, who: Actor, at: datetime) -> None:
    """The first level that helps picks up."""
    for branch in incident_for(who, uid, at=at).branches:
        if branch.calls:
            incident_log.record_try(call_id=branch.calls[0].uid, outcome="answered", actor=who, at=at)


def _marks(uid: UUID, begun: datetime, marks: tuple[tuple[float, str], ...], who: Actor) -> None:
    known = incident_for(who, uid, at=begun + timedelta(days=1)).marks
    for minutes, mark in marks:
        if mark == "contact" or mark not in known:
            incident_log.note_mark(incident_id=uid, mark=mark, actor=who, at=begun + timedelta(minutes=minutes))


def _lift() -> str:
    """Return the code of a lift; empty if the demo has none."""
    return next((row["code"] for row in rows("places") if row["kind"] == "point" and row["name_zh"].endswith("梯")), "")
