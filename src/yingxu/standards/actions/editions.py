"""Verbs of editions on their way: begun, written, sent to review, sent back, given up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Max

from yingxu.core.procedure import compare
from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.refusals import Malformed, NotFound, ReasonNeeded
from yingxu.ground.setting_up import where_of_site
from yingxu.ground.unit import CommandKey, Unit
from yingxu.standards.events import (
    EditionDrafted,
    EditionEdited,
    EditionFact,
    EditionReturned,
    EditionSubmitted,
    EditionWithdrawn,
)
from yingxu.standards.models import Calendar, Edition, EditionState, Item, Term
from yingxu.standards.models.editions import UNDER_WAY
from yingxu.standards.refusals import AlreadyUnderWay, EditedMeanwhile, NothingChanged, TextRefused, WrongStage
from yingxu.standards.texts import cleaned, faults, first_terms, lacks, text_of


@dataclass(frozen=True)
class EditionSaid:
    """An edition as it stands now."""

    id: UUID
    item_code: str
    number: int
    state: str
    revision: int


def said(edition: Edition) -> EditionSaid:
    """Return an edition as verbs answer it."""
    return EditionSaid(edition.uid, edition.item.code, edition.number, edition.state, edition.revision)


def where_of_item(actor: Actor, item: Item) -> Where:
    """Return where an item's standard stands, for the authority. Budget: none; one for an administrator."""
    where = where_of_site(actor, item.site_id)
    return Where(item.site_id, line_code=item.line.code, is_being_set_up=where.is_being_set_up)


def edition_of(edition_id: UUID) -> Edition:
    """Return an edition with its item and line, locked until the unit is written; refuses: NotFound. One query."""
    rows = Edition.objects.select_for_update(of=("self",)).select_related("item__line", "edited_by")
    found = rows.filter(uid=edition_id).first()
    if found is None:
        raise NotFound(kind="edition", name=str(edition_id))
    return found


def fact_of(kind: type[EditionFact], edition: Edition, **facts: Any) -> EditionFact:
    """Return a fact about an edition, on its item's timeline."""
    return kind(
        site_id=edition.site_id,
        subject_id=edition.item_id,
        thread_id=edition.item_id,
        item_code=edition.item.code,
        number=edition.number,
        edition_id=edition.pk,
        **facts,
    )


def expect(edition: Edition, *states: str) -> None:
    """Refuse with :class:`WrongStage` unless the edition is in one of these states."""
    if edition.state not in states:
        raise WrongStage(state=edition.state, needed=", ".join(states))


def expect_revision(edition: Edition, revision: int) -> None:
    """Refuse with :class:`EditedMeanwhile` unless the draft is the one that was seen."""
    if edition.revision != revision:
        name = edition.edited_by.name if edition.edited_by else ""
        raise EditedMeanwhile(name=name, saved_at=edition.edited_at.isoformat() if edition.edited_at else "")


def draft_edition(
    *,
    site_id: int,
    item_code: str,
    why: str = "",
    from_number: int | None = None,
    actor: Actor,
    at: datetime,
    command: CommandKey | None = None,
) -> EditionSaid:
    """A new edition of an item's standard is begun as a copy of the one in force, of another, or of nothing.

    Records EditionDrafted. Refuses: NotAllowed, NotFound (item, edition), AlreadyUnderWay, Malformed. Budget: 5 + 1.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        unit.locking()
        rows = Item.objects.select_for_update(of=("self",)).select_related("line")
        item = rows.filter(site_id=site_id, code=item_code).first()
        if item is None:
            raise NotFound(kind="item", name=item_code)
        authority.require(actor, "standard.draft", where=where_of_item(actor, item))
        based_on = _based_on(item, from_number)
        text = _copied(item, based_on)
        unit.answer(said(begin_edition(unit, item, text=text, why=why, based_on=based_on)))
    return unit.answered(EditionSaid)


def _based_on(item: Item, number: int | None) -> Edition | None:
    rows = Edition.objects.filter(item=item).exclude(from_at=None).order_by("-from_at")
    found = rows.filter(state="in_force").first() if number is None else rows.filter(number=number).first()
    if number is not None and found is None:
        raise NotFound(kind="edition", name=str(number))
    return found


def _copied(item: Item, based_on: Edition | None) -> dict[str, Any]:
    if based_on is None:
        return {"terms": first_terms(item.code)}
    return text_of(based_on, Term.objects.filter(edition=based_on).select_related("calendar"))


def begin_edition(
    unit: Unit, item: Item, *, text: Mapping[str, Any], why: str, based_on: Edition | None = None
) -> Edition:
    """Begin an edition of a locked item inside a unit, for every verb that makes a draft. Two queries.

    Records EditionDrafted. Refuses: AlreadyUnderWay, Malformed.
    """
    other = Edition.objects.filter(item=item, state__in=UNDER_WAY).first()
    if other is not None:
        raise AlreadyUnderWay(number=other.number, state=other.state)
    if len(why.strip()) > 500:
        raise Malformed(field="why", problem="too_long", limit="500")
    newest = Edition.objects.filter(item=item).aggregate(newest=Max("number"))["newest"] or 0
    whole = cleaned(text)
    edition = unit.insert(
        Edition(
            site_id=item.site_id,
            item=item,
            number=newest + 1,
            state=EditionState.DRAFT,
            why=why.strip(),
            based_on=based_on,
            drafted_by_id=unit.actor.account_id,
            drafted_at=unit.at,
            edited_by_id=unit.actor.account_id,
            edited_at=unit.at,
            writers=_with_writer([], unit.actor),
            **_columns(whole),
        )
    )
    from_number = based_on.number if based_on else None
    unit.record(fact_of(EditionDrafted, edition, from_number=from_number, why=edition.why))
    return edition


def _with_writer(writers: list[int], actor: Actor) -> list[int]:
    return sorted({*writers, *(key for key in (actor.account_id, actor.behalf_id) if key is not None)})


def _columns(text: Mapping[str, Any]) -> dict[str, Any]:
    """Return a text by the columns that hold it."""
    names = {"steps": "procedure", "terms": "draft_terms"}
    return {names.get(name, name): value for name, value in text.items()}


def edit_draft(
    *,
    edition_id: UUID,
    revision: int,
    text: Mapping[str, Any],
    why: str = "",
    length_reason: str = "",
    actor: Actor,
    at: datetime,
    command: CommandKey | None = None,
) -> EditionSaid:
    """A draft says this, in whole: goal, requirement, steps, terms, basis. ``revision`` is the one that was opened.

    What is wrong as such is refused by name and nothing is saved; what is still lacking may wait for the review.
    Records EditionEdited with the parts that changed; nothing when nothing did.
    Refuses: NotAllowed, NotFound, WrongStage, EditedMeanwhile, TextRefused, Stale. Budget: 2 + 1.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        unit.locking()
        edition = edition_of(edition_id)
        authority.require(actor, "standard.draft", where=where_of_item(actor, edition.item))
        expect(edition, EditionState.DRAFT)
        expect_revision(edition, revision)
        whole, notes = cleaned(text), {"why": why.strip(), "length_reason": length_reason.strip()}
        found = faults({**whole, **notes}, calendars=_calendars(edition.site_id))
        if found:
            raise TextRefused(findings=found)
        changed = _changed(edition, whole, notes)
        if changed:
            unit.change(
                edition,
                seen=["state", "revision"],
                revision=edition.revision + 1,
                edited_by_id=actor.account_id,
                edited_at=at,
                writers=_with_writer(edition.writers, actor),
                **_columns(whole),
                **notes,
            )
            unit.record(fact_of(EditionEdited, edition, revision=edition.revision, changed=changed))
        unit.answer(said(edition))
    return unit.answered(EditionSaid)


def _changed(edition: Edition, text: Mapping[str, Any], notes: Mapping[str, str]) -> tuple[str, ...]:
    before = cleaned(text_of(edition))
    parts = list(compare(before, text).changed_parts)
    if before != text and not parts:
        parts.append("text")
    return (*parts, *(name for name, value in notes.items() if getattr(edition, name) != value))


def _calendars(site_id: int) -> tuple[str, ...]:
    return tuple(Calendar.objects.filter(site_id=site_id).values_list("code", flat=True))


def submit_edition(
    *, edition_id: UUID, revision: int, actor: Actor, at: datetime, command: CommandKey | None = None
) -> EditionSaid:
    """A whole draft goes to review; nobody writes in it meanwhile.

    Records EditionSubmitted. Refuses: NotAllowed, NotFound, WrongStage, EditedMeanwhile, TextRefused (each lack by
    name: no goal, no requirement, no step, no promise, no basis, beyond the length budget without a reason),
    NothingChanged. Budget: 4 + 1.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        unit.locking()
        edition = edition_of(edition_id)
        authority.require(actor, "standard.draft", where=where_of_item(actor, edition.item))
        expect(edition, EditionState.DRAFT)
        expect_revision(edition, revision)
        require_whole(edition)
        _require_news(edition)
        unit.change(edition, seen=["state", "revision"], state=EditionState.REVIEW, submitted_at=at, review_note="")
        unit.record(fact_of(EditionSubmitted, edition, length_reason=edition.length_reason))
        unit.answer(said(edition))
    return unit.answered(EditionSaid)


def require_whole(edition: Edition) -> None:
    """Refuse with :class:`TextRefused` what is wrong with an edition's text or lacking in it. One query."""
    text = text_of(edition)
    found = (
        *faults(text, calendars=_calendars(edition.site_id)),
        *lacks(text, kind=edition.item.kind, length_reason=edition.length_reason),
    )
    if found:
        raise TextRefused(findings=tuple(dict.fromkeys(found)))


def _require_news(edition: Edition) -> None:
    now = Edition.objects.filter(item=edition.item, state="in_force").first()
    if now is None:
        return
    before = cleaned(text_of(now, Term.objects.filter(edition=now).select_related("calendar")))
    if before == cleaned(text_of(edition)):
        raise NothingChanged(number=now.number)


def return_edition(
    *, edition_id: UUID, note: str, actor: Actor, at: datetime, command: CommandKey | None = None
) -> EditionSaid:
    """The reviewer sends an edition back to its writers with a word on what is to be mended.

    Records EditionReturned. Refuses: NotAllowed, NotFound, WrongStage, ReasonNeeded, Malformed. Budget: 1 + 1.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        unit.locking()
        edition = edition_of(edition_id)
        authority.require(actor, "standard.approve", where=where_of_item(actor, edition.item))
        if not note.strip():
            raise ReasonNeeded(action="standard.approve")
        _back_to_draft(unit, edition, note.strip())
    return unit.answered(EditionSaid)


def take_back_edition(
    *, edition_id: UUID, actor: Actor, at: datetime, command: CommandKey | None = None
) -> EditionSaid:
    """The writers take an edition out of review to go on writing.

    Records EditionReturned. Refuses: NotAllowed, NotFound, WrongStage. Budget: 1 + 1.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        unit.locking()
        edition = edition_of(edition_id)
        authority.require(actor, "standard.draft", where=where_of_item(actor, edition.item))
        _back_to_draft(unit, edition, "")
    return unit.answered(EditionSaid)


def _back_to_draft(unit: Unit, edition: Edition, note: str) -> None:
    expect(edition, EditionState.REVIEW)
    if len(note) > 500:
        raise Malformed(field="note", problem="too_long", limit="500")
    unit.change(edition, seen=["state"], state=EditionState.DRAFT, submitted_at=None, review_note=note)
    unit.record(fact_of(EditionReturned, edition, note=note))
    unit.answer(said(edition))


def withdraw_edition(
    *, edition_id: UUID, reason: str = "", actor: Actor, at: datetime, command: CommandKey | None = None
) -> EditionSaid:
    """An edition that is not in force yet is given up; the one before it stays in force. Its text stays readable.

    What was approved already is withdrawn by whoever may publish, with a reason.
    Records EditionWithdrawn. Refuses: NotAllowed, NotFound, WrongStage, ReasonNeeded. Budget: 2 + 1.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        unit.locking()
        edition = edition_of(edition_id)
        is_approved = edition.state == EditionState.APPROVED
        act = "standard.publish" if is_approved else "standard.draft"
        authority.require(actor, act, where=where_of_item(actor, edition.item))
        if is_approved and not reason.strip():
            raise ReasonNeeded(action=act)
        expect(edition, *UNDER_WAY)
        if is_approved and edition.from_at is not None and edition.from_at <= at:
            raise WrongStage(state=EditionState.IN_FORCE, needed=", ".join(UNDER_WAY))
        before = edition.state
        if edition.from_at is not None:
            running = Edition.objects.select_for_update().filter(item=edition.item, to_at=edition.from_at).first()
            if running is not None:
                unit.change(running, seen=["state", "to_at"], to_at=None)
        unit.change(edition, seen=["state"], state=EditionState.WITHDRAWN, from_at=None, to_at=None)
        unit.record(fact_of(EditionWithdrawn, edition, from_state=before, reason=reason.strip()[:500]))
        unit.answer(said(edition))
    return unit.answered(EditionSaid)
