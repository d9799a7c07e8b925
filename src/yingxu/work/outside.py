"""Orders to outside companies as verbs and reactions write them: read with their job, ended, noted.

Whoever holds the link is an actor of the kind ``outside``, whose key is the order's: the authority lets it do what the
role of outside contractors may do with the one job whose live order it is (ADR 0072).
"""

from __future__ import annotations

from typing import Any, TypeVar
from uuid import UUID

from yingxu.ground.refusals import NotFound
from yingxu.ground.unit import Unit
from yingxu.work.events import OutsideEnded, OutsideFact, OutsideSigned
from yingxu.work.models import Job, OutsideOrder
from yingxu.work.refusals import MissingPart
from yingxu.work.snapshots import fact_of, in_hand, jobs, tell

Kind = TypeVar("Kind", bound=OutsideFact)
#: What a finish by link still needs when nobody signed it.
SIGNATURE = MissingPart("field", "signature", "完工签名", "Signature")


def order_of(unit: Unit, order_id: UUID) -> tuple[OutsideOrder, Job]:
    """Return an order and its job, both in the unit's hand; refuses: NotFound. Two queries."""
    order = OutsideOrder.objects.filter(uid=order_id).first()
    if order is None:
        raise NotFound(kind="outside_order", name=str(order_id))
    return order, in_hand(unit, jobs().get(pk=order.job_id))


def outside_fact(kind: type[Kind], order: OutsideOrder, job: Job, **facts: Any) -> Kind:
    """Return a fact about an order."""
    return fact_of(kind, job, order_id=order.pk, company=order.company, **facts)


def end(unit: Unit, order: OutsideOrder, job: Job, *, why: str, note: str = "") -> None:
    """The order is over and its link dead, whoever decided it; who answers for the job and who sent it are told."""
    unit.change(order, seen=["ended_why"], ended_at=unit.at, ended_why=why, ended_note=note[:300])
    if job.outside_key == order.pk:
        unit.change(job, outside_key=None)
    fact = outside_fact(OutsideEnded, order, job, why=why, note=note[:300])
    entry = unit.record(fact)
    told = [] if why in {"replaced", "closed"} else [job.worker_id, order.sent_by_id]
    actor = unit.actor.account_id
    tell(unit, entry=entry, fact=fact, account_ids=[account for account in told if account != actor])


def is_by_link(unit: Unit) -> bool:
    """Tell whether the act comes by an outside company's link."""
    return unit.actor.kind == "outside"


def note_arrival(unit: Unit, job: Job) -> None:
    """Keep when the company arrived, where it is the company that arrives. Budget: none."""
    if is_by_link(unit) and job.outside_key is not None:
        unit.change(OutsideOrder(id=job.outside_key), arrived_at=unit.happened_at)


def sign(unit: Unit, job: Job, name: str) -> None:
    """Keep who signed for the company. Budget: one query."""
    order = OutsideOrder.objects.get(pk=job.outside_key or 0)
    unit.change(order, seen=["ended_why"], signed_name=name.strip()[:64], signed_at=unit.happened_at)
    unit.record(outside_fact(OutsideSigned, order, job, signed_name=order.signed_name))
