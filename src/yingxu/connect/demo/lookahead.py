"""The demo's look-ahead calendar: seasons, a review, a planned power stop, legal dates; most of it is ready."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from yingxu.connect.demo.tables import parts, rows
from yingxu.connect.lookahead import raise_due
from yingxu.ground import queries as ground
from yingxu.ground.actor import Actor
from yingxu.upkeep import actions, queries

#: As Beijing has them.
_SEASONS = ("flood_bj", "cooling", "heating_bj", "hot", "respiratory", "frost", "spring_festival", "national_day")
#: Legal dates: cycle, days from today.
_LEGAL = (("LGT-1", 20), ("FIR-4", 75), ("BLR-1-E", 120))
_NOTES = ("现场查过，照片在群里", "已清理疏通，试水正常", "试运行两小时，正常", "备足，清单交库房")


def look_ahead(site_id: int, now: datetime, *, days: int) -> None:
    """The calendar stands since two months; most preparations are ready, one is put off, one is left out."""
    login = next(row["login"] for row in rows("people") if "HO" in parts(row["roles"]))
    officer, _uid = ground.actors_by_name([login])[login]
    since = now - timedelta(days=min(62, days))  # nobody works here before the first day
    today = now.astimezone(ZoneInfo("Asia/Shanghai")).date()
    for code in _SEASONS:
        actions.adopt_occasion(site_id=site_id, code=code, actor=officer, at=since)
    review = today + timedelta(days=40)
    actions.adopt_occasion(
        site_id=site_id,
        code="review",
        name="三级医院等级评审",
        name_en="Accreditation as a tertiary hospital",
        from_on=review,
        to_on=review + timedelta(days=3),
        actor=officer,
        at=since,
    )
    for code, ahead in _LEGAL:
        on = today + timedelta(days=ahead)
        actions.adopt_cycle(site_id=site_id, cycle_code=code, next_on=on, actor=officer, at=since)
    for ago in range(min(61, days), 0, -1):
        raise_due(at=now - timedelta(days=ago))
    stop = actions.adopt_occasion(
        site_id=site_id,
        code="outage",
        name="外科楼配电柜检修停电",
        name_en="Power stop in the Surgical Tower",
        from_on=today + timedelta(days=2),
        place="S",
        actor=officer,
        at=now - timedelta(hours=20),
    )
    _live_through(site_id, officer, now)
    raise_due(at=now - timedelta(hours=19))
    said = "外科楼后天 13:00—15:00 停电检修配电柜，红色插座由发电机供电，请提前把重要设备换到红色插座。"
    actions.announce_occasion(occasion_id=stop.id, text=said, actor=officer, at=now - timedelta(hours=18))


def _live_through(site_id: int, officer: Actor, now: datetime) -> None:
    """Of what was raised before, the most is ready; some of it is put off, left out, late, or waits."""
    today = now.astimezone(ZoneInfo("Asia/Shanghai")).date()
    page = queries.preparations(officer, site_id, today=today, limit=100)
    for place, row in enumerate(page.rows):
        on_time = now + timedelta(days=min(row.days_left, -3), minutes=-place)
        said: dict[str, Any] = {"preparation_id": row.id, "actor": officer, "at": on_time}
        if place == 1:
            actions.skip_preparation(reason="今年改造，设备已拆除", **said)
        elif place % 5 == 4 and row.begins_on > row.due_on > today:
            actions.postpone_preparation(due_on=row.begins_on, reason="等备件到货", **said)
        elif row.days_left < 12 and place != 5:
            actions.make_ready(note=_NOTES[place % len(_NOTES)], **said)
