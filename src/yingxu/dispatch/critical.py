"""Nothing ordinary goes before a critical job that waits (decision 16): one check for every way to bind somebody."""

from __future__ import annotations

from datetime import datetime

from yingxu.dispatch.refusals import MoreUrgentWaiting
from yingxu.dispatch.snapshots import Can, Needs, clearances_at
from yingxu.work.models import Job

#: From this class on nothing goes before an unassigned P1 (decision 16).
ORDINARY = 3
#: Whoever is sent, takes over or goes along in one of these states is bound by the job from then on.
BINDS = frozenset({"queued", "dispatched", "accepted", "en_route", "arrived", "in_progress", "paused"})


def refuse_before_critical(job: Job, can: Can, *, at: datetime, override_reason: str = "") -> None:
    """Refuse to bind somebody by an ordinary job while a critical one that he or she could do waits.

    It holds for whoever answers for the job, for who takes it over and for who goes along. The job was read with
    ``urgent`` and ``zones``.
    """
    if job.priority < ORDINARY or job.state not in BINDS or override_reason.strip():
        return
    zones = getattr(job, "zones", ()) or ()
    for row in getattr(job, "urgent", ()) or ():
        needs = Needs(
            line_code=row["line_code"],
            skill=row["skill"],
            skill_level=row["skill_level"],
            party_id=row["party_id"],
            certificates=tuple(row["certificates"] or ()),
            clearances=clearances_at(zones, row["place_path"]),
        )
        if not can.lacks(needs, at=at):
            raise MoreUrgentWaiting(number=job.number, waiting=row["number"])
