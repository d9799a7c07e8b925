"""What tests of standards begin with: an edition carried through its stages, and small steps, terms and bases."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.people import House
from yingxu.ground.actor import engine
from yingxu.standards import actions, queries
from yingxu.standards.actions import EditionSaid
from yingxu.standards.models import Edition, PromiseStudy, Term
from yingxu.standards.texts import term_of, text_of


def tick(code: str, **more: Any) -> dict[str, Any]:
    return {"code": code, "type": "tick", "zh": f"做{code}。", "en": f"Do {code}.", "mandatory": True, **more}


def text(edition_id: Any) -> dict[str, Any]:
    """Return an edition's text as it is kept."""
    edition = Edition.objects.get(uid=edition_id)
    return text_of(edition, Term.objects.filter(edition=edition).select_related("calendar"))


def drafted(house: House, item_code: str, *, at: datetime, by: str = "line_manager", why: str = "改进") -> EditionSaid:
    return actions.draft_edition(site_id=house.site_id, item_code=item_code, why=why, actor=house.actor(by), at=at)


def edited(house: House, draft: EditionSaid, *, at: datetime, by: str = "line_manager", **changes: Any) -> EditionSaid:
    """Save a draft with some of its parts said otherwise."""
    whole = {**text(draft.id), **changes}
    return actions.edit_draft(
        edition_id=draft.id,
        revision=draft.revision,
        text=whole,
        why="改进",
        actor=house.actor(by),
        at=at,
    )


def approved(
    house: House, item_code: str, *, at: datetime, writer: str = "line_manager", **changes: Any
) -> EditionSaid:
    """Carry a new edition through draft, review and approval."""
    draft = edited(house, drafted(house, item_code, at=at, by=writer), at=at, by=writer, **changes)
    actions.submit_edition(edition_id=draft.id, revision=draft.revision, actor=house.actor(writer), at=at)
    return actions.approve_edition(edition_id=draft.id, revision=draft.revision, actor=house.actor("director"), at=at)


def in_force(
    house: House, item_code: str, *, at: datetime, from_at: datetime | None = None, **changes: Any
) -> EditionSaid:
    """Carry a new edition into force, at once or from a moment on."""
    said = approved(house, item_code, at=at, **changes)
    studied(said, at=at)
    return actions.publish_edition(edition_id=said.id, from_at=from_at, actor=house.actor("officer"), at=at)


def studied(said: EditionSaid, *, at: datetime) -> None:
    """Let each promise that the edition tightens have its finished study (S8)."""
    edition = Edition.objects.select_related("item__line").get(uid=said.id)
    running = Edition.objects.filter(item_id=edition.item_id, state="in_force").first()
    terms = [term_of(term) for term in Term.objects.filter(edition=edition).select_related("calendar")]
    for term in queries.tightened(edition.item_id, running.pk if running else None, terms, at=at):
        PromiseStudy.objects.create(
            site_id=edition.site_id,
            item=edition.item,
            line_code=edition.item.line.code,
            priority=term.priority,
            milestone=term.milestone,
            limit_s=term.limit_s,
            percentile=f"{term.percentile:.3f}",
            is_pausable=term.is_pausable,
            seed=1,
            state="done",
            asked_at=at,
            finished_at=at,
        )


def clock_turn(at: datetime) -> int:
    return actions.start_due_editions(actor=engine("clock"), at=at).n_begun
