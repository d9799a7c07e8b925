"""Verbs of the planner: the right to plan for a site, and what it proposes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError

from yingxu.dispatch.events import PlannerTookOver
from yingxu.dispatch.models import PlannerLease, Proposal
from yingxu.dispatch.refusals import LeaseLost
from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.refusals import Stale
from yingxu.ground.unit import Unit

#: A planner that has not said anything for so long is gone.
LEASE = timedelta(seconds=5)


@dataclass(frozen=True)
class Lease:
    """Whether the holder may plan, under which epoch, and the key of the row that says so."""

    is_mine: bool
    epoch: int
    key: int


def take_lease(*, site_id: int, holder: str, actor: Actor, at: datetime) -> Lease:
    """One process plans for the site for the next five seconds: whoever held it, or the first after it ran out.

    Records PlannerTookOver when it changes hands. Refuses: NotAllowed. Budget: 2.
    """
    try:
        with Unit(actor=actor, at=at) as unit:
            authority.require(actor, "plan.make", where=Where(site_id))
            unit.locking()
            row = PlannerLease.objects.select_for_update().filter(site_id=site_id).first()
            if row is not None and row.holder != holder and row.expires_at > at:
                unit.answer(Lease(False, row.epoch, row.pk))
            elif row is None:
                row = unit.insert(
                    PlannerLease(site_id=site_id, holder=holder, epoch=1, taken_at=at, expires_at=at + LEASE)
                )
                _took_over(unit, row)
            elif row.holder == holder and row.expires_at > at:
                unit.change(row, expires_at=at + LEASE)
                unit.answer(Lease(True, row.epoch, row.pk))
            else:
                unit.change(row, holder=holder, epoch=row.epoch + 1, taken_at=at, expires_at=at + LEASE)
                _took_over(unit, row)
    except IntegrityError:
        return Lease(False, 0, 0)  # another made the first lease at the same moment
    return unit.answered(Lease)


def give_up_lease(*, site_id: int, holder: str, actor: Actor, at: datetime) -> Lease:
    """A planner that stops in good order lets the next begin at once. Refuses: NotAllowed. Budget: 2."""
    with Unit(actor=actor, at=at) as unit:
        authority.require(actor, "plan.make", where=Where(site_id))
        unit.locking()
        row = PlannerLease.objects.select_for_update().filter(site_id=site_id, holder=holder).first()
        if row is not None:
            unit.change(row, expires_at=at)
        unit.answer(Lease(False, row.epoch if row else 0, row.pk if row else 0))
    return unit.answered(Lease)


def _took_over(unit: Unit, row: PlannerLease) -> None:
    unit.answer(Lease(True, row.epoch, row.pk))
    unit.record(PlannerTookOver(site_id=row.site_id, subject_id=row.site_id, thread_id=row.site_id, epoch=row.epoch))


@dataclass(frozen=True)
class NewProposal:
    """Whom a planner would send to a job, and why; without a worker, nobody can go."""

    job_key: int
    worker_id: int | None
    runner_up_id: int | None
    start_at: datetime | None
    reason: Mapping[str, Any]


@dataclass(frozen=True)
class Proposed:
    """How many proposals were written."""

    n: int


def propose(
    *, site_id: int, holder: str, epoch: int, proposals: Sequence[NewProposal], actor: Actor, at: datetime
) -> Proposed:
    """The proposals stand for their jobs instead of those before; what did not change is not written.

    Refuses: NotAllowed, LeaseLost (another plans now: nothing is written). Budget: 3.
    """
    with Unit(actor=actor, at=at) as unit:
        authority.require(actor, "plan.make", where=Where(site_id))
        unit.locking()
        lease = PlannerLease.objects.select_for_update().filter(site_id=site_id).first()
        if lease is None or lease.holder != holder or lease.epoch != epoch:
            raise LeaseLost()
        known = {row.job_id: row for row in Proposal.objects.filter(job_id__in=[one.job_key for one in proposals])}
        n = 0
        for one in proposals:
            n += _write(unit, known.get(one.job_key), one, site_id, epoch)
        unit.answer(Proposed(n))
    return unit.answered(Proposed)


def propose_first(
    *, site_id: int, holder: str, lease: Lease, proposals: Sequence[NewProposal], actor: Actor, at: datetime
) -> Proposed:
    """The proposals stand for jobs that had none, and the lease holds five seconds from now, in one statement.

    Refuses: NotAllowed, LeaseLost (another plans now: nothing is written). A job that has a proposal already is the
    database's refusal (IntegrityError): :func:`propose` then. Budget: 1.
    """
    try:
        with Unit(actor=actor, at=at) as unit:
            authority.require(actor, "plan.make", where=Where(site_id))
            row = PlannerLease(id=lease.key, site_id=site_id, holder=holder, epoch=lease.epoch)
            unit.change(row, seen=["holder", "epoch"], expires_at=at + LEASE)
            for one in proposals:
                _write(unit, None, one, site_id, lease.epoch)
            unit.answer(Proposed(len(proposals)))
    except Stale:
        raise LeaseLost() from None
    return unit.answered(Proposed)


def _write(unit: Unit, row: Proposal | None, new: NewProposal, site_id: int, epoch: int) -> int:
    reason = dict(new.reason)
    if row is None:
        unit.insert(
            Proposal(
                site_id=site_id,
                job_id=new.job_key,
                worker_id=new.worker_id,
                runner_up_id=new.runner_up_id,
                start_at=new.start_at,
                reason=reason,
                made_at=unit.at,
                epoch=epoch,
            )
        )
        return 1
    if (row.worker_id, row.runner_up_id, row.is_live) == (new.worker_id, new.runner_up_id, True) and _alike(
        row.reason, reason
    ):
        return 0
    unit.change(
        row,
        worker_id=new.worker_id,
        runner_up_id=new.runner_up_id,
        start_at=new.start_at,
        reason=reason,
        made_at=unit.at,
        epoch=epoch,
        is_live=True,
    )
    return 1


_SAME = ("barred", "waits_for", "left_out", "mates", "missing")


def _alike(before: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    """Tell whether two reasons say the same to a person: the same rules, and costs that differ by less than a tenth."""
    if any(before.get(name) != now.get(name) for name in _SAME):
        return False
    was, is_now = float(before.get("cost") or 0), float(now.get("cost") or 0)
    return abs(was - is_now) <= max(1.0, 0.1 * abs(was))
