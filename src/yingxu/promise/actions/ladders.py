"""The hospital's verb of the warning ladder: who is warned when is decided anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.refusals import Malformed
from yingxu.ground.setting_up import where_of_site
from yingxu.ground.unit import CommandKey, Unit
from yingxu.promise.events import LadderSet
from yingxu.promise.ladder import Rung, as_json, checked
from yingxu.promise.models import Ladder
from yingxu.standards import queries as standards

#: A form that was open for a while may say "now" of some minutes ago.
_GRACE = timedelta(minutes=5)


@dataclass(frozen=True)
class LadderMade:
    """The edition that was made, and from when it holds."""

    id: UUID
    effective_at: datetime


def set_ladder(
    *,
    site_id: int,
    line_code: str,
    priority: int,
    steps: Sequence[Rung],
    is_urgent: bool,
    effective_at: datetime,
    actor: Actor,
    at: datetime,
    command: CommandKey | None = None,
) -> LadderMade:
    """From a moment on another ladder holds for one class of one line (empty: every line without its own).

    Promises whose clock started before keep theirs. Records LadderSet. Refuses: NotAllowed, BadLadder, Malformed
    (effective_at in the past or said twice, line or priority unknown). Budget: 3.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        authority.require(actor, "ladder.manage", where=where_of_site(actor, site_id))
        found = checked(steps)
        if priority not in (1, 2, 3, 4):
            raise Malformed(field="priority", problem="unknown")
        if line_code and all(line.code != line_code for line in standards.lines(site_id)):
            raise Malformed(field="line", problem="unknown")
        from_at = effective_at
        if from_at < at:
            if at - from_at > _GRACE:
                raise Malformed(field="effective_at", problem="out_of_order", limit=at.isoformat())
            from_at = at
        same = Ladder.objects.filter(site_id=site_id, line_code=line_code, priority=priority, effective_at=from_at)
        if same.exists():
            raise Malformed(field="effective_at", problem="twice")
        row = unit.insert(
            Ladder(
                site_id=site_id,
                line_code=line_code,
                priority=priority,
                rungs=as_json(found),
                is_urgent=is_urgent,
                effective_at=from_at,
                made_by_id=actor.account_id,
                made_at=at,
            )
        )
        unit.record(
            LadderSet(
                site_id=site_id,
                subject_id=site_id,
                thread_id=site_id,
                line_code=line_code,
                priority=priority,
                steps=tuple(f"{step.code}:{'+'.join(step.receivers)}" for step in found),
                is_urgent=is_urgent,
                effective_at=from_at,
            )
        )
        unit.answer(LadderMade(row.uid, from_at))
    return unit.answered(LadderMade)
