"""What becomes of an assignment when the job goes on: accepted, given back, replaced, ended."""

from __future__ import annotations

from django.db.models import F

from yingxu.dispatch.critical import refuse_before_critical
from yingxu.dispatch.models import Assignment
from yingxu.dispatch.refusals import NotQualified
from yingxu.dispatch.snapshots import MEMBER_COLUMNS, MEMBER_NAMES, Can, needs_of, urgent_told, zones_told
from yingxu.ground.unit import Unit
from yingxu.team.fitness import Fitness
from yingxu.team.models import Member
from yingxu.work.models import Job
from yingxu.work.snapshots import job_by_key


def settle(*, assignment_key: int | None, outcome: str, unit: Unit, reason_code: str = "") -> None:
    """Keep what became of the offer. Nothing to do for a job that never went through dispatch. Budget: none."""
    if assignment_key is None:
        return
    row = unit.fresh(Assignment, assignment_key) or Assignment(id=assignment_key)
    unit.change(row, outcome=outcome, settled_at=unit.happened_at)
    if reason_code:
        unit.change(row, reason_code=reason_code)


def hand_over(
    *,
    job_key: int,
    site_id: int,
    before_key: int | None,
    next_key: int,
    worker_id: int,
    team_id: int | None,
    unit: Unit,
) -> None:
    """The one who took over has the live assignment; the other's is replaced. Budget: none."""
    settle(assignment_key=before_key, outcome="replaced", unit=unit)
    unit.insert(
        Assignment(
            id=next_key,
            site_id=site_id,
            job_id=job_key,
            worker_id=worker_id,
            team_id=team_id,
            made_by_id=unit.actor.account_id,
            made_at=unit.at,
            accept_by=unit.at,
            outcome="accepted",
            settled_at=unit.happened_at,
        )
    )


#: What no colleague takes over without: papers and clearances are the law's, hours of duty protect the worker. A skill
#: at its level is between the two, and the desk's to override.
_GATES = ("certificate:", "clearance:", "duty:")


def refuse_unfit_successor(*, job_key: int, to_worker_id: int, unit: Unit) -> None:
    """A colleague who is asked to take a job over passes the same gates as whoever is sent (S17, S44, decision 16).

    What the desk hands over was looked at by its own verb. Refuses: NotQualified, MoreUrgentWaiting. Budget: 2.
    """
    if unit.batch is not None or hasattr(job_by_key(unit, job_key), "candidate"):
        return
    row = (
        Member.objects.filter(account_id=to_worker_id, site__in=Job.objects.filter(pk=job_key).values("site"))
        .values(*MEMBER_COLUMNS, **{name: F(path) for name, path in MEMBER_NAMES.items()})
        .first()
    )
    if row is None:
        return  # the verb has said that nobody of that name is here
    told = {name: one.sql() for name, one in (("zones", zones_told()), ("urgent", urgent_told()))}
    job = Job.objects.annotate(certificates=F("item__certificates"), **told).get(pk=job_key)
    can = Can(tuple(row["line_codes"]), row["skills"], row["party_id"], Fitness.of(row))
    missing = tuple(code for code in can.lacks(needs_of(job), at=unit.at) if code.startswith(_GATES))
    if missing:
        raise NotQualified(worker=row["name"], missing=missing)
    refuse_before_critical(job, can, at=unit.at)
