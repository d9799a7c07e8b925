"""Sending a job to an outside company by a link, and taking the link back: the side of those here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.models import NoticeSetting, Party
from yingxu.ground.refusals import Malformed, NotFound
from yingxu.ground.unit import CommandKey, Unit
from yingxu.team.models import Member
from yingxu.work.actions.costs import DEAREST_BILL_FEN
from yingxu.work.events import (
    BillEntered,
    JobAccepted,
    JobDispatched,
    OutsideCostTaken,
    OutsideSent,
    OutsideSpoke,
)
from yingxu.work.models import Bill, Job, OutsideOrder, OutsideWord
from yingxu.work.moves import HANDS, move
from yingxu.work.outside import end, order_of, outside_fact
from yingxu.work.refusals import CostTaken, IllegalMove, LinkEnded, NoOneAnswers, OutsideAlready
from yingxu.work.snapshots import fact_of, job_of, tell, where_of

#: A link lives at least an hour and at most sixty days.
SHORTEST, LONGEST = timedelta(hours=1), timedelta(days=60)
WORD_LIMIT = 500


@dataclass(frozen=True)
class OrderKept:
    """The order as the verb left it."""

    order_id: UUID
    number: str


def send_outside(
    *,
    job_id: UUID,
    company: str,
    contact_name: str,
    words: str,
    expires_at: datetime,
    actor: Actor,
    at: datetime,
    phone: str = "",
    email: str = "",
    party_id: UUID | None = None,
    answers_id: UUID | None = None,
    command: CommandKey | None = None,
) -> OrderKept:
    """An outside company has the job by a link of its own; exactly one person here goes on answering for it.

    Who has the job in hand answers; a job that still waits is taken by ``answers_id``, a worker or leader here.
    ``words``: what the company is told. The link goes by mail and by the site's gateway where both ends have one.
    Records OutsideSent, for a waiting job JobDispatched and JobAccepted before. Refuses: NotAllowed, Malformed,
    NoOneAnswers, NotFound (person, party), OutsideAlready, IllegalMove, Stale. Budget: 6.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        job = job_of(unit, job_id)
        member = _who_answers(job, answers_id)
        teams = (member.team_id,) if member is not None and job.worker_id is None else where_of(job).team_ids
        authority.require(actor, "job.send_outside", where=replace(where_of(job), team_ids=teams))
        told = _told(company=company, contact_name=contact_name, words=words, phone=phone, email=email)
        if not SHORTEST <= expires_at - at <= LONGEST:
            raise Malformed(field="link_until", problem="out_of_range", limit="1 h – 60 d")
        _refuse_live(unit, job, at=at)
        if job.state == "queued":
            _take(unit, job, member)
        elif job.state not in HANDS:
            raise IllegalMove(from_state=job.state, to_state="accepted", why="not_next")
        order = unit.insert(
            OutsideOrder(
                site_id=job.site_id,
                job=job,
                party=_party(job.site_id, party_id),
                sent_by_id=actor.account_id,
                sent_at=at,
                expires_at=expires_at,
                **told,
            )
        )
        unit.change(job, seen=["state", "worker", "outside_key"], outside_key=order.pk)
        fact = outside_fact(
            OutsideSent,
            order,
            job,
            contact_name=order.contact_name,
            expires_at=expires_at,
            worker_id=job.worker_id or 0,
        )
        entry = unit.record(fact)
        tell(unit, entry=entry, fact=fact, account_ids=[job.worker_id] if job.worker_id != actor.account_id else [])
        for channel, address in _ways_out(job.site_id, order):
            unit.deliver(entry=entry, fact=fact, channel=channel, address=address)
        unit.answer(OrderKept(order.uid, job.number))
    return unit.answered(OrderKept)


def _who_answers(job: Job, answers_id: UUID | None) -> Member | None:
    """Return the person here who will answer for a job that nobody has yet. One query, for such a job."""
    if job.worker_id is not None or answers_id is None:
        return None
    row = Member.objects.filter(account__uid=answers_id, account__is_active=True, site_id=job.site_id)
    found = row.select_related("account", "team").first()
    if found is None:
        raise NotFound(kind="worker", name=str(answers_id))
    return found


def _told(**said: str) -> dict[str, str]:
    """Return what is said of the company, trimmed. Refuses: Malformed."""
    limits = {"company": 120, "contact_name": 64, "words": 2000, "phone": 32, "email": 120}
    found = {name: text.strip() for name, text in said.items()}
    for name, text in found.items():
        if len(text) > limits[name]:
            raise Malformed(field=name, problem="too_long", limit=str(limits[name]))
        if not text and name in {"company", "contact_name", "words"}:
            raise Malformed(field=name, problem="missing")
    if not found["phone"] and not found["email"]:
        raise Malformed(field="phone", problem="missing")
    if found["email"] and ("@" not in found["email"] or any(letter in found["email"] for letter in "\r\n ,;<>")):
        raise Malformed(field="email", problem="wrong_type")
    return found


def _refuse_live(unit: Unit, job: Job, *, at: datetime) -> None:
    """Refuse a second link beside a living one; a link whose time is over makes room."""
    if job.outside_key is None:
        return
    known = OutsideOrder.objects.get(pk=job.outside_key)
    if known.expires_at > at:
        raise OutsideAlready(number=job.number, company=known.company)
    end(unit, known, job, why="replaced")


def _take(unit: Unit, job: Job, member: Member | None) -> None:
    """The person here has the job, in one go: offered and accepted."""
    if member is None or job.line_code not in member.team.line_codes:
        raise NoOneAnswers(number=job.number, name=member.account.name if member is not None else "")
    worker_id = member.account_id
    move(
        unit,
        job,
        "dispatched",
        worker_id=worker_id,
        team_id=member.team_id,
        party_id=job.party_id or member.team.party_id,
        dispatched_at=unit.happened_at,
        assignment_key=None,
    )
    unit.record(
        fact_of(
            JobDispatched,
            job,
            worker_id=worker_id,
            worker_name=member.account.name,
            team_id=member.team_id,
            party_id=job.party_id,
            accept_by=unit.at,
        )
    )
    move(unit, job, "accepted", accepted_at=unit.happened_at, accountable_id=worker_id, accept_by=None)
    unit.record(fact_of(JobAccepted, job, worker_id=worker_id))


def _party(site_id: int, party_id: UUID | None) -> Party | None:
    if party_id is None:
        return None
    found = Party.objects.filter(uid=party_id, site_id=site_id).first()
    if found is None:
        raise NotFound(kind="party", name=str(party_id))
    return found


def _ways_out(site_id: int, order: OutsideOrder) -> list[tuple[str, str]]:
    """Return (channel, address) by which the link leaves the house: it needs an address that others can reach."""
    if not settings.PUBLIC_URL:
        return []
    found = [("email", order.email)] if order.email and settings.EMAIL_HOST else []
    if order.phone:
        gateway = NoticeSetting.objects.filter(site_id=site_id).values_list("gateway_url", flat=True).first()
        found += [("gateway", gateway[:200])] if gateway else []
    return found


def revoke_outside(
    *, order_id: UUID, why: str, actor: Actor, at: datetime, command: CommandKey | None = None
) -> OrderKept:
    """The link is taken back and opens nothing any more; who answers for the job here goes on doing so.

    Records OutsideEnded. Refuses: NotAllowed, NotFound, LinkEnded, Malformed (reason), Stale. Budget: 3.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        order, job = order_of(unit, order_id)
        authority.require(actor, "job.send_outside", where=where_of(job))
        if order.ended_at is not None:
            raise LinkEnded(why=order.ended_why)
        if not why.strip():
            raise Malformed(field="reason", problem="missing")
        end(unit, order, job, why="revoked", note=why.strip())
        unit.answer(OrderKept(order.uid, job.number))
    return unit.answered(OrderKept)


def say_outside(
    *, order_id: UUID, text: str, actor: Actor, at: datetime, command: CommandKey | None = None
) -> OrderKept:
    """A word from the company to those here, or from here to the company, is kept with the order.

    The company's words reach who answers for the job and who sent it. Records OutsideSpoke.
    Refuses: NotAllowed (by a link: also once it is dead), NotFound, Malformed. Budget: 3.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        order, job = order_of(unit, order_id)
        authority.require(actor, "outside.say", where=where_of(job))
        if not text.strip():
            raise Malformed(field="text", problem="missing")
        if len(text) > WORD_LIMIT:
            raise Malformed(field="text", problem="too_long", limit=str(WORD_LIMIT))
        is_theirs = actor.kind == "outside"
        unit.insert(
            OutsideWord(
                order=order,
                is_theirs=is_theirs,
                said_by_id=actor.account_id,
                said_at=at,
                text=text.strip(),
            )
        )
        if is_theirs and job.worker_id is not None:
            unit.actor = actor.on_behalf_of(job.worker_id)
        fact = outside_fact(OutsideSpoke, order, job, is_theirs=is_theirs, text=text.strip())
        entry = unit.record(fact)
        if is_theirs:
            tell(unit, entry=entry, fact=fact, account_ids=[job.worker_id, order.sent_by_id])
        unit.answer(OrderKept(order.uid, job.number))
    return unit.answered(OrderKept)


def take_outside_cost(
    *, order_id: UUID, amount_fen: int, actor: Actor, at: datetime, command: CommandKey | None = None
) -> OrderKept:
    """What the company asked, or what was agreed instead, is a bill of the job: it counts in its cost and charge-back.

    Records OutsideCostTaken, BillEntered. Refuses: NotAllowed, NotFound, Malformed (amount, nothing asked), CostTaken,
    Stale. Budget: 3.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        order, job = order_of(unit, order_id)
        authority.require(actor, "bill.enter", where=where_of(job))
        if order.bill_id is not None:
            raise CostTaken(number=job.number)
        if order.labour_fen is None or order.parts_fen is None or order.cost_stated_at is None:
            raise Malformed(field="amount", problem="missing")
        if not 1 <= amount_fen <= DEAREST_BILL_FEN:
            too = "too_small" if amount_fen < 1 else "too_large"
            raise Malformed(field="amount", problem=too, limit="0.01" if amount_fen < 1 else f"{DEAREST_BILL_FEN}")
        bill = unit.insert(
            Bill(
                job=job,
                kind="contractor",
                supplier=order.company,
                document=order.document or f"{job.number}-W",
                amount_fen=amount_fen,
                billed_on=order.cost_stated_at.date(),
                entered_by_id=actor.account_id,
                entered_at=at,
            )
        )
        unit.change(order, seen=["bill", "cost_stated_at"], bill_id=bill.pk)
        stated = order.labour_fen + order.parts_fen
        unit.record(outside_fact(OutsideCostTaken, order, job, stated_fen=stated, amount_fen=amount_fen))
        unit.record(
            fact_of(
                BillEntered,
                job,
                bill_id=bill.pk,
                bill_kind=bill.kind,
                supplier=bill.supplier,
                document=bill.document,
                amount_fen=amount_fen,
                billed_on=bill.billed_on,
            )
        )
        unit.answer(OrderKept(order.uid, job.number))
    return unit.answered(OrderKept)
