"""Verbs that make an edition count: approved by somebody who did not write it, in force from its moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from yingxu.core.procedure import compare
from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.refusals import Malformed
from yingxu.ground.unit import CommandKey, Unit
from yingxu.standards import queries
from yingxu.standards.actions.editions import (
    EditionSaid,
    edition_of,
    expect,
    expect_revision,
    fact_of,
    require_whole,
    said,
    where_of_item,
)
from yingxu.standards.actions.studied import require_studies
from yingxu.standards.events import EditionApproved, EditionPutInForce, EditionScheduled
from yingxu.standards.models import Calendar, Edition, EditionState, Term
from yingxu.standards.refusals import BeforeApproval, NotApproved
from yingxu.standards.texts import text_of

#: So many editions begin in one turn of the clock.
_AT_ONCE = 20


def approve_edition(
    *,
    edition_id: UUID,
    revision: int,
    note: str = "",
    actor: Actor,
    at: datetime,
    command: CommandKey | None = None,
) -> EditionSaid:
    """An edition in review is approved as it was read (``revision``); its text is closed and its promises are rows.

    Nobody approves what he or she wrote in; only while a site is being set up may its administrator.
    Records EditionApproved. Refuses: NotAllowed, NotFound, WrongStage, OwnWork, EditedMeanwhile, TextRefused.
    Budget: 3 + 1.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        unit.locking()
        edition = edition_of(edition_id)
        where = where_of_item(actor, edition.item)
        authority.require(actor, "standard.approve", where=where)
        expect(edition, EditionState.REVIEW)
        if not where.is_being_set_up:
            authority.refuse_own_work(actor, tuple(edition.writers), action="standard.approve")
        expect_revision(edition, revision)
        if len(note.strip()) > 500:
            raise Malformed(field="note", problem="too_long", limit="500")
        require_whole(edition)
        _terms(unit, edition)
        unit.change(
            edition,
            seen=["state", "revision"],
            state=EditionState.APPROVED,
            approved_by_id=actor.account_id,
            approved_at=at,
            review_note=note.strip(),
        )
        unit.record(fact_of(EditionApproved, edition, note=note.strip()))
        unit.answer(said(edition))
    return unit.answered(EditionSaid)


def _terms(unit: Unit, edition: Edition) -> None:
    calendars = dict(Calendar.objects.filter(site_id=edition.site_id).values_list("code", "id"))
    for term in edition.draft_terms:
        unit.insert(
            Term(
                edition=edition,
                priority=term["priority"],
                milestone=term["milestone"],
                place_class=term.get("place_class") or "",
                limit_s=term["limit_s"],
                percentile=f"{term['percentile']:.3f}",
                calendar_id=calendars[term["calendar"]],
                is_pausable=bool(term.get("is_pausable", True)),
                is_legal=bool(term.get("is_legal")),
            )
        )


def publish_edition(
    *,
    edition_id: UUID,
    from_at: datetime | None = None,
    trial_reason: str = "",
    actor: Actor,
    at: datetime,
    command: CommandKey | None = None,
) -> EditionSaid:
    """An approved edition is in force from a moment: at once, or by itself when the moment comes.

    The edition before it ends at that moment. Jobs that are open keep the edition under which they were opened, and
    promises that run keep their terms. A moment that still lies ahead may be set anew.
    A new or tighter promise needs its finished study (S8); where the study has too little history, or something was
    typed in its place, the promise is adopted on trial with ``trial_reason``. Records PromiseTightened, and
    EditionPutInForce, or EditionScheduled when it lies ahead.
    Refuses: NotAllowed, NotFound, NotApproved, StudyNeeded, OnTrialOnly, BeforeApproval. Budget: 9 + 1.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        unit.locking()
        edition = edition_of(edition_id)
        where = where_of_item(actor, edition.item)
        authority.require(actor, "standard.publish", where=where)
        if edition.state != EditionState.APPROVED or edition.approved_at is None:
            raise NotApproved(state=edition.state)
        running = _running(edition)
        require_studies(unit, edition, running, trial_reason=trial_reason, is_being_set_up=where.is_being_set_up)
        moment = from_at or at
        earliest = max([at, edition.approved_at, *([running.from_at] if running and running.from_at else [])])
        if moment < earliest or (running is not None and running.from_at == moment):
            raise BeforeApproval(from_at=moment.isoformat(), earliest_at=earliest.isoformat())
        if moment > at:
            if running is not None:
                unit.change(running, seen=["state", "to_at"], to_at=moment)
            unit.change(edition, seen=["state", "from_at"], from_at=moment)
            unit.record(fact_of(EditionScheduled, edition, from_at=moment))
        else:
            _begin(unit, edition, running, moment)
        unit.answer(said(edition))
    queries.forget()
    return unit.answered(EditionSaid)


def _running(edition: Edition) -> Edition | None:
    return Edition.objects.select_for_update().filter(item_id=edition.item_id, state="in_force").first()


def _begin(unit: Unit, edition: Edition, running: Edition | None, moment: datetime) -> None:
    """Put an edition in force: the one before ends at the same moment, and what changed is told."""
    before = {}
    if running is not None:
        before = text_of(running, Term.objects.filter(edition=running).select_related("calendar"))
        unit.change(running, seen=["state"], state=EditionState.SUPERSEDED, to_at=moment)
    unit.change(edition, seen=["state"], state=EditionState.IN_FORCE, from_at=moment)
    difference = compare(before, text_of(edition)) if running is not None else None
    unit.record(
        EditionPutInForce(
            site_id=edition.site_id,
            subject_id=edition.item_id,
            thread_id=edition.item_id,
            item_code=edition.item.code,
            number=edition.number,
            edition_id=edition.pk,
            before_edition_id=running.pk if running is not None else None,
            line_code=edition.item.line.code,
            why=edition.why,
            changed=difference.changed_parts if difference else (),
            steps=tuple(row.code for row in difference.steps if row.kind != "same") if difference else (),
            is_tightened=difference.is_tightened if difference else False,
            is_loosened=difference.is_loosened if difference else False,
        ),
        happened_at=moment,
    )


@dataclass(frozen=True)
class Begun:
    """How many editions began, and whether more wait."""

    n_begun: int
    is_more: bool


def start_due_editions(*, actor: Actor, at: datetime) -> Begun:
    """Every approved edition whose moment has come says so; it was in force from that moment for everybody who asked.

    Any number of workers may run it at once. Records EditionPutInForce, dated at the moment. Refuses: NotAllowed.
    Budget: 1 + 3 an edition.
    """
    with Unit(actor=actor, at=at) as unit:
        authority.require(actor, "standard.start", where=Where(None))
        unit.locking()
        rows = Edition.objects.select_for_update(of=("self",), skip_locked=True).select_related("item__line")
        due = list(rows.filter(state=EditionState.APPROVED, from_at__lte=at).order_by("from_at")[:_AT_ONCE])
        for edition in due:
            assert edition.from_at is not None
            _begin(unit, edition, _running(edition), edition.from_at)
        unit.answer(Begun(len(due), len(due) == _AT_ONCE))
    if due:
        queries.forget()
    return unit.answered(Begun)
