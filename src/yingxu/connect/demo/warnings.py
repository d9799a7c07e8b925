"""The demo's warnings: the hospital's own ladder for lifts, the house's quiet hours, and what was warned up to now."""

from __future__ import annotations

from datetime import datetime, time

from yingxu.demand.queries import priorities_of
from yingxu.ground import actions as ground
from yingxu.ground import queries
from yingxu.ground.actor import engine
from yingxu.promise import actions as promise
from yingxu.promise.ladder import rung
from yingxu.work.answering import hands_of_jobs

#: Somebody in a lift: the manager and the office know before the limit, the head soon after it.
LIFTS = (
    rung(0.5, 0, ("WK", "DK")),
    rung(0.8, 0, ("WK", "TL", "PM")),
    rung(1.0, 0, ("WK", "TL", "DK", "HO")),
    rung(1.0, 300, ("PM", "HO")),
    rung(1.0, 900, ("HD",)),
)


def decide_ladder(site_id: int, at: datetime) -> None:
    """The office decides the ladder for trapped people; the administrator sets the house's quiet hours."""
    people = queries.actors_by_name(["hanp", "admin"])
    promise.set_ladder(
        site_id=site_id,
        line_code="ELV",
        priority=1,
        steps=LIFTS,
        is_urgent=True,
        effective_at=at,
        actor=people["hanp"][0],
        at=at,
    )
    ground.set_house_notices(
        site_id=site_id,
        quiet_from=time(22),
        quiet_to=time(6, 30),
        digest_at=None,
        gateway_url="",
        actor=people["admin"][0],
        at=at,
    )


def warn_up_to(at: datetime) -> None:
    """What is open now is warned of, as the worker would have done."""
    clock = engine("clock")
    while promise.raise_warnings(actor=clock, at=at, hands=hands_of_jobs).is_more:
        pass
    while ground.route_notices(actor=clock, at=at, priorities=priorities_of).is_more:
        pass
