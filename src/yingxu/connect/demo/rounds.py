"""The demo's recurring demand: what is needed every morning is asked for by itself, a day ahead."""

from __future__ import annotations

from datetime import datetime

from yingxu.connect.demo.tables import parts, rows
from yingxu.demand import actions as demand
from yingxu.ground import queries

#: (item, place, words, form, minute of the day, weekdays)
_ROUNDS = (
    (
        "lin.change",
        "S-05-NS",
        "普外一科每日晨间换被服",
        {"what": "床单、被套、枕套", "count": "48"},
        6 * 60 + 30,
        (0, 1, 2, 3, 4, 5, 6),
    ),
    (
        "dlv.specimen",
        "S-05-NS",
        "晨采血标本收送检验科",
        {"kind": "blood", "to": "检验科"},
        7 * 60,
        (0, 1, 2, 3, 4, 5),
    ),
)


def set_rounds(site_id: int, now: datetime) -> None:
    """A linen round and a specimen round stand, set by the hospital's logistics office."""
    login = next(row["login"] for row in rows("people") if "HO" in parts(row["roles"]))
    officer, _uid = queries.actors_by_name([login])[login]
    for item, place, text, form, starts_min, weekdays in _ROUNDS:
        demand.set_recurrence(
            site_id=site_id,
            item_code=item,
            place_code=place,
            text=text,
            form=form,
            starts_min=starts_min,
            window_min=30,
            weekdays=weekdays,
            skips_holidays="",
            from_on=now.date(),
            to_on=None,
            ahead_h=24,
            actor=officer,
            at=now,
        )
