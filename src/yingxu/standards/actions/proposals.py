"""The ratchet's verbs: a tighter promise is proposed by what was kept, a looser one by a person; people decide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.refusals import Malformed, NotFound, ReasonNeeded
from yingxu.ground.unit import CommandKey, Unit
from yingxu.standards.actions.editions import begin_edition
from yingxu.standards.events import ChangeProposed, ProposalAdopted, ProposalDeclined
from yingxu.standards.models import Edition, Item, PromiseProposal, ProposalState, Term
from yingxu.standards.refusals import AlreadyDecided, NothingPromised, NotLooser
from yingxu.standards.texts import text_of

_REASON_LIMIT = 500


@dataclass(frozen=True)
class TighterPromise:
    """What the ratchet found for one promise in force."""

    item_id: int
    priority: int
    milestone: str
    place_class: str
    to_limit_s: int
    to_percentile: float
    figures: Mapping[str, Any]


@dataclass(frozen=True)
class Proposed:
    """How many proposals a round made; those that stand already are not among them."""

    n: int


def propose_tighter(
    *, site_id: int, month: date, rule: str, found: tuple[TighterPromise, ...], actor: Actor, at: datetime
) -> Proposed:
    """Each promise that was kept three months running has a proposal to tighten it, once a month.

    Legal terms and promises with an open proposal are left alone. Records ChangeProposed. Refuses: NotAllowed.
    Budget: 3 + 1.
    """
    with Unit(actor=actor, at=at) as unit:
        authority.require(actor, "promise.propose_tighter", where=Where(site_id))
        unit.locking()
        terms = _in_force([one.item_id for one in found])
        standing = PromiseProposal.objects.filter(site_id=site_id, item_id__in=[one.item_id for one in found])
        known = {
            (row.item_id, row.priority, row.milestone, row.place_class)
            for row in standing.filter(kind="tighten")
            if row.state == ProposalState.OPEN or row.month == month
        }
        n = 0
        for one in found:
            key = (one.item_id, one.priority, one.milestone, one.place_class)
            term = terms.get(key)
            if key in known or term is None or term.is_legal:
                continue
            change = (one.to_limit_s, one.to_percentile)
            _propose(unit, site_id, term, "tighten", change, month, rule=rule, figures=dict(one.figures))
            n += 1
        unit.answer(Proposed(n))
    return unit.answered(Proposed)


def _in_force(item_ids: list[int]) -> dict[tuple[int, int, str, str], Term]:
    rows = Term.objects.filter(edition__item_id__in=item_ids, edition__state="in_force")
    return {
        (term.edition.item_id, term.priority, term.milestone, term.place_class): term
        for term in rows.select_related("edition__item__line")
    }


def _propose(
    unit: Unit,
    site_id: int,
    term: Term,
    kind: str,
    change: tuple[int, float],
    month: date,
    *,
    rule: str,
    figures: dict[str, Any] | None = None,
    reason: str = "",
) -> PromiseProposal:
    item = term.edition.item
    row = unit.insert(
        PromiseProposal(
            site_id=site_id,
            item=item,
            line_code=item.line.code,
            kind=kind,
            priority=term.priority,
            milestone=term.milestone,
            place_class=term.place_class,
            limit_s=term.limit_s,
            percentile=term.percentile,
            to_limit_s=change[0],
            to_percentile=f"{change[1]:.3f}",
            month=month,
            rule=rule,
            figures=figures or {},
            reason=reason,
            proposed_by_id=unit.actor.account_id,
            proposed_at=unit.at,
        )
    )
    unit.record(
        ChangeProposed(
            site_id=site_id,
            subject_id=row.pk,
            thread_id=item.pk,
            change=kind,
            item_code=item.code,
            priority=term.priority,
            milestone=term.milestone,
            limit_s=term.limit_s,
            to_limit_s=change[0],
            percentile=float(term.percentile),
            to_percentile=change[1],
            reason=reason,
        )
    )
    return row


@dataclass(frozen=True)
class ProposalSaid:
    """A proposal as it stands now; ``draft_number`` is the edition that it became."""

    id: UUID
    state: str
    draft_number: int | None = None


def propose_looser(
    *,
    site_id: int,
    item_code: str,
    priority: int,
    milestone: str,
    to_limit_s: int,
    to_percentile: float,
    reason: str,
    month: date,
    actor: Actor,
    at: datetime,
    command: CommandKey | None = None,
) -> ProposalSaid:
    """A looser promise is proposed, with its reason; it waits for the hospital's approval and changes nothing.

    Records ChangeProposed. Refuses: NotAllowed, ReasonNeeded, NotFound, NothingPromised, NotLooser, Malformed,
    AlreadyDecided (one stands open). Budget: 3 + 1.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        item = Item.objects.filter(site_id=site_id, code=item_code).select_related("line").first()
        if item is None:
            raise NotFound(kind="item", name=item_code)
        where = Where(site_id, line_code=item.line.code)
        authority.require(actor, "promise.propose_looser", where=where, reason=reason)
        unit.locking()
        said = _said(reason)
        term = _in_force([item.pk]).get((item.pk, priority, milestone, ""))
        if term is None:
            raise NothingPromised(item_code=item_code, priority=priority, milestone=milestone)
        if not 0 < to_percentile < 1:
            raise Malformed(field="percent", problem="too_large", limit="99.9")
        is_looser = to_limit_s > term.limit_s or to_percentile < float(term.percentile)
        if not is_looser or to_limit_s < term.limit_s or to_percentile > float(term.percentile):
            raise NotLooser()
        open_ones = PromiseProposal.objects.filter(item=item, priority=priority, milestone=milestone, place_class="")
        if open_ones.filter(state=ProposalState.OPEN, kind="loosen").exists():
            raise AlreadyDecided(state="open")
        row = _propose(unit, site_id, term, "loosen", (to_limit_s, to_percentile), month, rule="person", reason=said)
        unit.answer(ProposalSaid(row.uid, row.state))
    return unit.answered(ProposalSaid)


def _said(reason: str) -> str:
    said = reason.strip()
    if len(said) > _REASON_LIMIT:
        raise Malformed(field="reason", problem="too_long", limit=str(_REASON_LIMIT))
    return said


def adopt_proposal(
    *, proposal_id: UUID, reason: str = "", actor: Actor, at: datetime, command: CommandKey | None = None
) -> ProposalSaid:
    """A proposal is a draft of the item's next edition; review, approval and publishing go their usual way.

    A tighter one is the officer's to take over; a looser one the hospital's head approves, with a reason.
    Records ProposalAdopted, EditionDrafted. Refuses: NotAllowed, ReasonNeeded, NotFound, AlreadyDecided,
    NothingPromised, AlreadyUnderWay, OwnWork. Budget: 5 + 1.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        row = _open_proposal(unit, proposal_id, actor, reason)
        item = Item.objects.select_for_update(of=("self",)).select_related("line").get(pk=row.item_id)
        based_on = Edition.objects.filter(item=item, state="in_force").first()
        terms = Term.objects.filter(edition=based_on).select_related("calendar")
        text = text_of(based_on, terms) if based_on is not None else {"terms": []}
        changed = [term for term in text["terms"] if _is_meant(term, row)]
        if not changed:
            raise NothingPromised(item_code=item.code, priority=row.priority, milestone=row.milestone)
        for term in changed:
            term["limit_s"], term["percentile"] = row.to_limit_s, float(row.to_percentile)
        edition = begin_edition(unit, item, text=text, why=_why(row), based_on=based_on)
        _decide(unit, row, ProposalState.ADOPTED, reason, draft=edition)
        unit.record(
            ProposalAdopted(
                site_id=row.site_id,
                subject_id=row.pk,
                thread_id=item.pk,
                change=row.kind,
                item_code=item.code,
                number=edition.number,
                reason=_said(reason),
            )
        )
        unit.answer(ProposalSaid(row.uid, row.state, edition.number))
    return unit.answered(ProposalSaid)


def decline_proposal(
    *, proposal_id: UUID, reason: str, actor: Actor, at: datetime, command: CommandKey | None = None
) -> ProposalSaid:
    """A proposal is declined, with the reason; the ratchet may propose again when another month was kept.

    Records ProposalDeclined. Refuses: NotAllowed, ReasonNeeded, NotFound, AlreadyDecided, Malformed. Budget: 1 + 1.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        row = _open_proposal(unit, proposal_id, actor, reason)
        if not reason.strip():
            raise ReasonNeeded(action="promise.decide_proposal")
        _decide(unit, row, ProposalState.DECLINED, reason)
        unit.record(
            ProposalDeclined(
                site_id=row.site_id,
                subject_id=row.pk,
                thread_id=row.item_id,
                change=row.kind,
                item_code=row.item.code,
                reason=_said(reason),
            )
        )
        unit.answer(ProposalSaid(row.uid, row.state))
    return unit.answered(ProposalSaid)


def _open_proposal(unit: Unit, proposal_id: UUID, actor: Actor, reason: str) -> PromiseProposal:
    """Return a proposal that is open, locked, if the actor may decide it: nobody decides a loosening of their own."""
    unit.locking()
    rows = PromiseProposal.objects.select_for_update(of=("self",)).select_related("item")
    row = rows.filter(uid=proposal_id).first()
    if row is None:
        raise NotFound(kind="proposal", name=str(proposal_id))
    action = "promise.approve_looser" if row.kind == "loosen" else "promise.decide_proposal"
    authority.require(actor, action, where=Where(row.site_id, line_code=row.line_code), reason=reason)
    if row.kind == "loosen":
        authority.refuse_own_work(actor, (row.proposed_by_id,), action=action)
    if row.state != ProposalState.OPEN:
        raise AlreadyDecided(state=row.state)
    return row


def _decide(unit: Unit, row: PromiseProposal, state: ProposalState, reason: str, draft: Edition | None = None) -> None:
    unit.change(
        row,
        seen=["state"],
        state=state,
        decided_by_id=unit.actor.account_id,
        decided_at=unit.at,
        decision_reason=_said(reason),
        draft_id=draft.pk if draft else None,
    )


def _is_meant(term: Mapping[str, Any], row: PromiseProposal) -> bool:
    return (term["priority"], term["milestone"], term.get("place_class") or "") == (
        row.priority,
        row.milestone,
        row.place_class,
    )


def _why(row: PromiseProposal) -> str:
    """Return why there is the draft: the person's reason, or the ratchet's months."""
    if row.kind == "loosen":
        return row.reason
    months = "、".join(f"{m['code']} {100 * m['share']:.1f}%（n={m['n']}）" for m in row.figures.get("months", ()))
    return f"连续三个月达到承诺：{months}。Kept three months running."[:_REASON_LIMIT]
