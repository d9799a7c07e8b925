"""Verb on walking times: somebody who knows says how long a way takes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from yingxu.core.routing.walking import Spot
from yingxu.dispatch.events import WayTimeSaid
from yingxu.dispatch.models import WayTime
from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.models import Place
from yingxu.ground.refusals import Malformed, NotFound
from yingxu.ground.unit import CommandKey, Unit

LEAST_S, MOST_S = 5, 3600
_REASON = 200


@dataclass(frozen=True)
class WaySaid:
    """A way after the word about it; ``seconds`` None: as learnt."""

    seconds: int | None


def in_order(a: Spot, b: Spot) -> tuple[Spot, Spot]:
    """Return a pair of spots in the order in which it is kept. Pure."""
    return (a, b) if (a[0], a[1] is not None, a[1] or 0) <= (b[0], b[1] is not None, b[1] or 0) else (b, a)


def say_way_time(
    *,
    site_id: int,
    begin: Spot,
    end: Spot,
    seconds: int | None,
    reason: str,
    actor: Actor,
    at: datetime,
    command: CommandKey | None = None,
) -> WaySaid:
    """The planner counts on so many seconds between two spots, whatever was walked; None: on what was learnt again.

    Records WayTimeSaid. Refuses: NotAllowed, Malformed (seconds, reason), NotFound (a spot that the site has not).
    Budget: 4.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        authority.require(actor, "way_time.change", where=Where(site_id))
        if seconds is not None and not LEAST_S <= seconds <= MOST_S:
            raise Malformed(field="walk_minutes", problem="out_of_range", limit=f"0.1–{MOST_S // 60}")
        said = reason.strip()
        if seconds is not None and not said:
            raise Malformed(field="reason", problem="missing")
        if len(said) > _REASON:
            raise Malformed(field="reason", problem="too_long", limit=str(_REASON))
        unit.locking()
        begin, end = in_order(begin, end)
        names = dict(Place.objects.filter(site_id=site_id, pk__in=[begin[0], end[0]]).values_list("id", "name"))
        for spot in (begin, end):
            if spot[0] not in names:
                raise NotFound(kind="place", name=str(spot[0]))
        row = (
            WayTime.objects.select_for_update(of=("self",))
            .filter(site_id=site_id, begin=begin[0], begin_floor=begin[1], end=end[0], end_floor=end[1])
            .first()
        )
        who = actor.account_id
        if row is not None:
            unit.change(
                row,
                seconds=row.seconds if seconds is None else seconds,
                is_live=seconds is not None,
                reason=said,
                said_by_id=who,
                said_at=at,
            )
        elif seconds is not None:
            ends = {"begin_id": begin[0], "begin_floor": begin[1], "end_id": end[0], "end_floor": end[1]}
            unit.insert(WayTime(site_id=site_id, **ends, seconds=seconds, reason=said, said_by_id=who, said_at=at))
        else:
            raise NotFound(kind="way_time", name="")
        unit.record(
            WayTimeSaid(
                site_id=site_id,
                subject_id=site_id,
                thread_id=site_id,
                begin_name=names[begin[0]],
                begin_floor=begin[1],
                end_name=names[end[0]],
                end_floor=end[1],
                seconds=seconds,
                reason=said,
            )
        )
        unit.answer(WaySaid(seconds))
    return unit.answered(WaySaid)
