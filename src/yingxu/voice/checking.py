"""What somebody independent should look at: doubts, doubtful evidence, silent closings, what a promise's sample drew.

It stands here because a quality promise's sample may be measured by ratings, which are known from this room on.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.promise.queries.quality import quality_promises
from yingxu.verify.calls import doubtful_jobs
from yingxu.voice.quality import sampled_jobs
from yingxu.work.models import Job


@dataclass(frozen=True)
class CheckRow:
    """One job to look at. ``why``: held, veto, lapsed, flagged, no_peer, drawn; the flags say what is doubtful."""

    job_id: UUID
    request_id: UUID
    number: str
    state: str
    priority: int
    place_name: str
    place_name_en: str
    item_name: str
    item_name_en: str
    finished_at: datetime
    flags: list[str] = field(default_factory=list)
    why: tuple[str, ...] = ()
    #: The viewer did it and may not check it.
    is_own: bool = False


def checks_due(actor: Actor, site_id: int, *, zone: ZoneInfo, from_at: datetime, at: datetime) -> tuple[CheckRow, ...]:
    """Return the jobs since ``from_at`` that wait for an independent look, the most urgent first.

    Supervisors see them too, where they may see the request. Refuses: NotAllowed.
    Budget: three queries, and three for each quality promise that is measured by checks.
    """
    authority.require(actor, "check.read", where=authority.Where(site_id))
    rows: dict[UUID, CheckRow] = {}
    drawn: dict[UUID, CheckRow] = {}
    for found in doubtful_jobs(actor, site_id, from_at=from_at):
        is_held, is_lapsed, score, doer, is_alone = found[12:]
        why = [
            name
            for name, holds in (
                ("held", is_held),
                ("veto", found[3] == "finished" and score == 0),
                ("lapsed", is_lapsed and found[5] <= 2),
                ("flagged", bool(found[11])),
                ("no_peer", is_alone),
            )
            if holds
        ]
        names: list[str] = list(found[6:10])
        uid, request_uid, number, state, _line, priority = found[:6]
        rows[uid] = CheckRow(
            uid,
            request_uid,
            number,
            state,
            priority,
            names[0],
            names[1],
            names[2],
            names[3],
            finished_at=found[10],
            flags=list(found[11] or ()),
            why=tuple(why),
            is_own=actor.account_id is not None and doer == actor.account_id,
        )
    today = at.astimezone(zone).date()
    for terms in quality_promises(site_id, from_on=today, to_on=today + timedelta(days=1)):
        if terms.measure != "checked":
            continue
        for one in sampled_jobs(
            actor, site_id, code=terms.code, zone=zone, from_at=from_at, to_at=at, is_unmeasured_only=True
        ):
            if one.job_id not in rows:
                drawn[one.job_id] = CheckRow(
                    one.job_id,
                    one.request_id,
                    one.number,
                    "",
                    3,
                    one.place_name,
                    one.place_name_en,
                    terms.name,
                    terms.name_en,
                    finished_at=one.finished_at,
                    why=("drawn",),
                )
    for uid, state, priority, doer in Job.objects.filter(uid__in=list(drawn)).values_list(
        "uid", "state", "priority", "finished_by_id"
    ):
        is_own = actor.account_id is not None and doer == actor.account_id
        rows[uid] = replace(drawn[uid], state=state, priority=priority, is_own=is_own)
    return tuple(
        sorted(rows.values(), key=lambda row: (row.priority, row.why == ("drawn",), -row.finished_at.timestamp()))
    )
