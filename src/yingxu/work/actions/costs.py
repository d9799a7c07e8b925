"""Verbs of cost: what an hour costs, what the contract includes, bills of jobs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.refusals import Malformed, NotFound
from yingxu.ground.unit import CommandKey, Unit
from yingxu.standards.library import by_code
from yingxu.team.models import Post, Team
from yingxu.work.events.costs import BillEntered, BillStruck, CostTermSet, LabourRateSet
from yingxu.work.models import Bill, CostTerm, LabourRate
from yingxu.work.refusals import BillIsStruck
from yingxu.work.snapshots import fact_of, in_hand, job_of, jobs, where_of

#: An hour costs at most ten thousand yuan, a bill a hundred million.
DEAREST_HOUR_FEN, DEAREST_BILL_FEN = 1_000_000, 10_000_000_000
BILL_KINDS = ("contractor", "transport", "recovery")


@dataclass(frozen=True)
class CostKept:
    """The uid of what was kept."""

    uid: UUID


def set_labour_rate(
    *,
    site_id: int,
    fen_per_hour: int,
    from_on: date,
    actor: Actor,
    at: datetime,
    post_id: UUID | None = None,
    team_id: int | None = None,
    command: CommandKey | None = None,
) -> CostKept:
    """An hour costs so much from a day on: of a post, else of a team, else of everybody at the site.

    Records LabourRateSet. Refuses: NotAllowed, Malformed, NotFound. Budget: 3.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        authority.require(actor, "rate.manage", where=Where(site_id=site_id))
        _refuse_amount("rate", fen_per_hour, DEAREST_HOUR_FEN, least=0)
        post = Post.objects.filter(uid=post_id, site_id=site_id).first() if post_id is not None else None
        team = Team.objects.filter(pk=team_id, site_id=site_id).first() if team_id is not None else None
        if (post_id is not None and post is None) or (team_id is not None and team is None):
            raise NotFound(kind="post" if post is None and post_id else "team", name="")
        if post is not None and team is not None:
            raise Malformed(field="team", problem="unknown")
        row = unit.insert(
            LabourRate(
                site_id=site_id,
                post=post,
                team=team,
                from_on=from_on,
                fen_per_hour=fen_per_hour,
                set_by_id=actor.account_id,
                set_at=at,
            )
        )
        named = post or team
        unit.record(
            LabourRateSet(
                site_id=site_id,
                subject_id=site_id,
                thread_id=site_id,
                of=named.name if named is not None else "",
                fen_per_hour=fen_per_hour,
                from_on=from_on,
            )
        )
        unit.answer(CostKept(row.uid))
    return unit.answered(CostKept)


def _refuse_amount(field: str, fen: int, most: int, *, least: int) -> None:
    if fen < least:
        raise Malformed(field=field, problem="too_small", limit=f"{least / 100:g}")
    if fen > most:
        raise Malformed(field=field, problem="too_large", limit=f"{most // 100}")


def set_cost_term(
    *,
    site_id: int,
    line_code: str,
    from_on: date,
    includes_labour: bool,
    includes_parts: bool,
    includes_bills: bool,
    actor: Actor,
    at: datetime,
    command: CommandKey | None = None,
) -> CostKept:
    """From a day on the contract includes this much for a line (or every other): it costs, and is not charged.

    Records CostTermSet. Refuses: NotAllowed, Malformed. Budget: 1.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        authority.require(actor, "rate.manage", where=Where(site_id=site_id))
        if line_code and line_code not in by_code("lines"):
            raise Malformed(field="line", problem="unknown")
        row = unit.insert(
            CostTerm(
                site_id=site_id,
                line_code=line_code,
                from_on=from_on,
                includes_labour=includes_labour,
                includes_parts=includes_parts,
                includes_bills=includes_bills,
                set_by_id=actor.account_id,
                set_at=at,
            )
        )
        unit.record(
            CostTermSet(
                site_id=site_id,
                subject_id=site_id,
                thread_id=site_id,
                line_code=line_code,
                from_on=from_on,
                includes_labour=includes_labour,
                includes_parts=includes_parts,
                includes_bills=includes_bills,
            )
        )
        unit.answer(CostKept(row.uid))
    return unit.answered(CostKept)


def enter_bill(
    *,
    job_id: UUID,
    kind: str,
    amount_fen: int,
    billed_on: date,
    actor: Actor,
    at: datetime,
    supplier: str = "",
    document: str = "",
    command: CommandKey | None = None,
) -> CostKept:
    """A bill belongs to a job: a contractor's invoice, transport, or (lowering the cost) what was recovered.

    ``amount_fen`` is positive whatever the kind. Records BillEntered. Refuses: NotAllowed, NotFound, Malformed.
    Budget: 2.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        job = job_of(unit, job_id)
        authority.require(actor, "bill.enter", where=where_of(job))
        if kind not in BILL_KINDS:
            raise Malformed(field="kind", problem="unknown")
        _refuse_amount("amount", amount_fen, DEAREST_BILL_FEN, least=1)
        if billed_on > at.date():
            raise Malformed(field="billed_on", problem="in_future")
        if kind == "contractor" and not document.strip():
            raise Malformed(field="document", problem="missing")
        row = unit.insert(
            Bill(
                job=job,
                kind=kind,
                supplier=supplier.strip()[:120],
                document=document.strip()[:64],
                amount_fen=-amount_fen if kind == "recovery" else amount_fen,
                billed_on=billed_on,
                entered_by_id=actor.account_id,
                entered_at=at,
            )
        )
        unit.record(
            fact_of(
                BillEntered,
                job,
                bill_id=row.pk,
                bill_kind=kind,
                supplier=row.supplier,
                document=row.document,
                amount_fen=row.amount_fen,
                billed_on=billed_on,
            )
        )
        unit.answer(CostKept(row.uid))
    return unit.answered(CostKept)


def strike_bill(*, bill_id: UUID, why: str, actor: Actor, at: datetime, command: CommandKey | None = None) -> CostKept:
    """A bill was entered by mistake: it stays to be seen and counts no more.

    Records BillStruck. Refuses: NotAllowed, NotFound, Malformed (reason), BillIsStruck, Stale. Budget: 3.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        row = Bill.objects.filter(uid=bill_id).first()
        if row is None:
            raise NotFound(kind="bill", name=str(bill_id))
        job = in_hand(unit, jobs().get(pk=row.job_id))
        authority.require(actor, "bill.enter", where=where_of(job))
        if row.struck_at is not None:
            raise BillIsStruck
        if not why.strip():
            raise Malformed(field="reason", problem="missing")
        unit.change(row, seen=["struck_why"], struck_at=at, struck_by_id=actor.account_id, struck_why=why.strip()[:200])
        unit.record(fact_of(BillStruck, job, bill_id=row.pk, amount_fen=row.amount_fen, why=row.struck_why))
        unit.answer(CostKept(row.uid))
    return unit.answered(CostKept)
