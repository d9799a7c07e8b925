"""The demo's telephone: an exchange that is connected, calls of this morning, two callers who wait for a call back."""

from __future__ import annotations

from datetime import datetime, timedelta

from yingxu.demand import actions as demand
from yingxu.ground import queries as ground
from yingxu.ground.actor import engine

#: Caller, minutes ago, seconds until it was picked up (None: the caller gave up), by whom.
_CALLS = (
    ("6713", 190, 8, "yangxf"),
    ("6907", 151, 12, "yangxf"),
    ("13577880021", 96, None, ""),
    ("13577880021", 90, 6, "yangxf"),
    ("6402", 47, 15, "yangxf"),
    ("6613", 7, None, ""),
    ("13966120415", 4, None, ""),
)


def ring(site_id: int, accounts: dict[str, int], now: datetime) -> None:
    """Connect the exchange and let it tell of this morning's calls."""
    administrator = ground.account_with_holdings(accounts["admin"])
    assert administrator is not None
    door = demand.open_door(
        site_id=site_id,
        kind="pbx",
        name="总机 8000",
        settings={"secret_env": "YINGXU_PBX_SECRET"},
        actor=ground.actor_of_account(administrator),
        at=now - timedelta(days=1),
    )
    exchange = engine("pbx")
    for place, (number, ago, picked_up_s, agent) in enumerate(_CALLS):
        rang = now - timedelta(minutes=ago)
        events = [("ringing", 0), ("abandoned", 35)]
        if picked_up_s is not None:
            events = [("ringing", 0), ("answered", picked_up_s), ("ended", picked_up_s + 60)]
        for event, after_s in events:
            demand.note_call(
                door_id=door.id,
                external_id=f"demo-{place}",
                event=event,
                number=number,
                agent=agent,
                actor=exchange,
                at=rang + timedelta(seconds=after_s),
            )
