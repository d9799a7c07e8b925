"""What an outside company says of its order by its link: it comes or not, when, what it asks for its work.

The work itself (arriving, steps, photos, pauses, finishing) goes through everybody's verbs; the link's actor
does them in the name of who answers for the job here.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.refusals import Malformed
from yingxu.ground.unit import CommandKey, Unit
from yingxu.work.actions.costs import DEAREST_BILL_FEN
from yingxu.work.actions.outside import OrderKept
from yingxu.work.events import OutsideAccepted, OutsideCostStated, OutsideExpected
from yingxu.work.models import Job, OutsideOrder
from yingxu.work.outside import end, order_of, outside_fact
from yingxu.work.refusals import CostTaken, NotAccepted
from yingxu.work.snapshots import tell, where_of

#: A company names a time within so many days.
FARTHEST = timedelta(days=60)


def _mine(unit: Unit, order_id: UUID) -> tuple[OutsideOrder, Job]:
    """Return the order and its job for the holder of its link, who acts in the name of who answers for it here."""
    order, job = order_of(unit, order_id)
    authority.require(unit.actor, "outside.answer", where=where_of(job))
    if job.worker_id is not None:
        unit.actor = unit.actor.on_behalf_of(job.worker_id)
    return order, job


def accept_outside(
    *,
    order_id: UUID,
    coming_name: str,
    expected_at: datetime,
    actor: Actor,
    at: datetime,
    command: CommandKey | None = None,
) -> OrderKept:
    """The company takes the work: who comes, and when about. Said again it is another time, or another person.

    Records OutsideAccepted, or OutsideExpected. Refuses: NotAllowed (a dead link, another job's), Malformed, Stale.
    Budget: 3.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        order, job = _mine(unit, order_id)
        name = coming_name.strip() or order.coming_name
        if not name:
            raise Malformed(field="coming_name", problem="missing")
        if not at < expected_at <= at + FARTHEST:
            raise Malformed(field="expected_at", problem="out_of_order" if expected_at <= at else "too_far")
        is_first = order.accepted_at is None
        unit.change(
            order,
            seen=["ended_why", "accepted_at"],
            accepted_at=order.accepted_at or at,
            coming_name=name[:64],
            expected_at=expected_at,
        )
        fact = (
            outside_fact(OutsideAccepted, order, job, coming_name=order.coming_name, expected_at=expected_at)
            if is_first
            else outside_fact(OutsideExpected, order, job, expected_at=expected_at, note=order.coming_name)
        )
        tell(unit, entry=unit.record(fact), fact=fact, account_ids=[job.worker_id, order.sent_by_id])
        unit.answer(OrderKept(order.uid, job.number))
    return unit.answered(OrderKept)


def decline_outside(
    *, order_id: UUID, why: str, actor: Actor, at: datetime, command: CommandKey | None = None
) -> OrderKept:
    """The company does not do it, or not any further; its link is dead and the job stays with who answers for it.

    Records OutsideEnded. Refuses: NotAllowed, Malformed (no reason), Stale. Budget: 3.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        order, job = _mine(unit, order_id)
        if not why.strip():
            raise Malformed(field="reason", problem="missing")
        end(unit, order, job, why="declined", note=why.strip())
        unit.answer(OrderKept(order.uid, job.number))
    return unit.answered(OrderKept)


def state_outside_cost(
    *,
    order_id: UUID,
    labour_fen: int,
    parts_fen: int,
    actor: Actor,
    at: datetime,
    words: str = "",
    document: str = "",
    command: CommandKey | None = None,
) -> OrderKept:
    """The company says what it asks for its work; nothing is charged until somebody here takes it.

    Records OutsideCostStated. Refuses: NotAllowed, Malformed, NotAccepted, CostTaken, Stale. Budget: 3.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        order, job = _mine(unit, order_id)
        if order.accepted_at is None:
            raise NotAccepted(number=job.number)
        if order.bill_id is not None:
            raise CostTaken(number=job.number)
        if min(labour_fen, parts_fen) < 0:
            raise Malformed(field="amount", problem="too_small", limit="0")
        if labour_fen + parts_fen > DEAREST_BILL_FEN:
            raise Malformed(field="amount", problem="too_large", limit=f"{DEAREST_BILL_FEN // 100}")
        unit.change(
            order,
            seen=["ended_why", "bill"],
            labour_fen=labour_fen,
            parts_fen=parts_fen,
            cost_words=words.strip()[:300],
            document=document.strip()[:64],
            cost_stated_at=at,
        )
        fact = outside_fact(
            OutsideCostStated, order, job, labour_fen=labour_fen, parts_fen=parts_fen, document=order.document
        )
        tell(unit, entry=unit.record(fact), fact=fact, account_ids=[job.worker_id, order.sent_by_id])
        unit.answer(OrderKept(order.uid, job.number))
    return unit.answered(OrderKept)
