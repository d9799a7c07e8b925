"""Questions to the standards as people work on them: the list, one item's editions, one edition's text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from yingxu.core.procedure import Difference, compare
from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.refusals import NotAllowed, NotFound
from yingxu.ground.setting_up import where_of_site
from yingxu.standards.models import Calendar, Edition, Item, Term
from yingxu.standards.texts import cleaned, text_of

#: Stages of an edition on its way that only those see who work on standards, and auditors.
_INSIDE = ("draft", "review", "approved", "withdrawn")
_WORKING = ("standard.draft", "standard.approve", "standard.publish")


@dataclass(frozen=True)
class StandardRow:
    """An item with its standard in force and the edition on its way."""

    id: int
    code: str
    name: str
    name_en: str
    line_code: str
    line_name: str
    line_name_en: str
    icon: str
    item_state: str
    kind: str
    number: int | None
    from_at: datetime | None
    n_steps: int | None
    n_unchecked: int | None
    next_number: int | None
    next_state: str | None
    next_from_at: datetime | None
    cursor: str


@dataclass(frozen=True)
class StandardPage:
    """A page of standards; ``next`` begins the following one."""

    rows: tuple[StandardRow, ...]
    next: str | None


_PAGE = """
SELECT i.id, i.code, i.name, i.name_en, l.code, l.name, l.name_en, l.icon, i.state, i.kind,
       f.number, f.from_at, f.n_steps, f.n_unchecked, w.number, w.state, w.from_at,
       l.sort || '.' || i.sort || '.' || i.id
FROM standards_item i
JOIN standards_line l ON l.id = i.line_id
LEFT JOIN LATERAL (
    SELECT e.number, e.from_at, jsonb_array_length(e.procedure) AS n_steps,
           (SELECT count(*) FROM jsonb_array_elements(e.basis) b
            WHERE coalesce(b->>'verified_on', '') = '') AS n_unchecked
    FROM standards_edition e
    WHERE e.item_id = i.id AND e.from_at <= %(at)s AND (e.to_at IS NULL OR e.to_at > %(at)s)
    LIMIT 1
) f ON true
LEFT JOIN standards_edition w ON %(is_working)s AND w.item_id = i.id AND w.state IN ('draft', 'review', 'approved')
     AND (w.from_at IS NULL OR w.from_at > %(at)s)
WHERE i.site_id = %(site_id)s
  AND (%(line)s = '' OR l.code = %(line)s)
  AND (%(q)s = '' OR i.name ILIKE %(like)s OR i.name_en ILIKE %(like)s OR i.code ILIKE %(like)s)
  AND CASE %(state)s WHEN '' THEN true WHEN 'none' THEN f.number IS NULL WHEN 'unchecked' THEN f.n_unchecked > 0
      ELSE w.state = %(state)s END
  AND (l.sort, i.sort, i.id) > (%(a)s, %(b)s, %(c)s)
ORDER BY l.sort, i.sort, i.id
LIMIT %(limit)s
"""
#: Filters of the list: an edition on its way at a stage, no standard at all, a basis that nobody checked.
STATES = ("draft", "review", "approved", "none", "unchecked")


def standard_page(
    actor: Actor,
    site_id: int,
    *,
    at: datetime,
    line: str = "",
    state: str = "",
    q: str = "",
    cursor: str | None = None,
    limit: int = 50,
) -> StandardPage:
    """Return items with their standards, in the lines' order; refuses: NotAllowed. Budget: one query."""
    _require(actor, site_id)
    after = [int(part) for part in (cursor or "").split(".") if part.lstrip("-").isdigit()]
    a, b, c = after if len(after) == 3 else (-1, -1, -1)
    values: dict[str, Any] = {
        "site_id": site_id,
        "at": at,
        "is_working": is_working(actor, site_id),
        "line": line,
        "state": state if state in STATES else "",
        "q": q,
        "like": "%" + q.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%",
        "a": a,
        "b": b,
        "c": c,
        "limit": limit + 1,
    }
    with connection.cursor() as run:
        run.execute(_PAGE, values)
        rows = [StandardRow(*row) for row in run.fetchall()]
    return StandardPage(tuple(rows[:limit]), rows[limit - 1].cursor if len(rows) > limit else None)


def _require(actor: Actor, site_id: int) -> None:
    if not authority.may(actor, "standard.read", where=Where(site_id)):
        raise NotAllowed(action="standard.read")


def is_working(actor: Actor, site_id: int) -> bool:
    """Tell whether the actor sees editions on their way: who writes or decides them, auditors. Budget: none or one."""
    where = where_of_site(actor, site_id)
    may = any(authority.may(actor, act, where=where) for act in _WORKING)
    return may or bool(authority.roles_for(actor, "standard.read", where=where) & {"AU"})


@dataclass(frozen=True)
class EditionRow:
    """An edition without its text: its stage, its span, who wrote and who approved."""

    id: UUID
    key: int
    number: int
    state: str
    from_at: datetime | None
    to_at: datetime | None
    why: str
    length_reason: str
    revision: int
    based_on: int | None
    drafted_by: str
    drafted_at: datetime | None
    edited_by: str
    edited_at: datetime | None
    submitted_at: datetime | None
    approved_by: str
    approved_at: datetime | None
    review_note: str
    writers: tuple[int, ...]


@dataclass(frozen=True)
class ItemStandard:
    """An item with all editions of its standard that the actor may see, newest first, and what the actor may do."""

    key: int
    code: str
    name: str
    name_en: str
    kind: str
    state: str
    line_code: str
    line_name: str
    line_name_en: str
    icon: str
    minutes: int
    editions: tuple[EditionRow, ...]
    may_draft: bool
    may_approve: bool
    may_publish: bool
    is_being_set_up: bool

    @property
    def in_force(self) -> EditionRow | None:
        """The edition in force."""
        return next((row for row in self.editions if row.state == "in_force"), None)

    @property
    def under_way(self) -> EditionRow | None:
        """The edition on its way, approved ones that wait for their moment among them."""
        return next((row for row in self.editions if row.state in {"draft", "review", "approved"}), None)

    def edition(self, number: int) -> EditionRow:
        """Return an edition by its number; refuses: NotFound."""
        found = next((row for row in self.editions if row.number == number), None)
        if found is None:
            raise NotFound(kind="edition", name=str(number))
        return found


def item_standard(actor: Actor, site_id: int, item_code: str, *, at: datetime) -> ItemStandard:
    """Return an item's standard with its editions; refuses: NotAllowed, NotFound. Budget: 2, 4 for administrators."""
    _require(actor, site_id)
    item = Item.objects.select_related("line").filter(site_id=site_id, code=item_code).first()
    if item is None:
        raise NotFound(kind="item", name=item_code)
    setting_up = where_of_site(actor, site_id).is_being_set_up
    where = Where(site_id, line_code=item.line.code, is_being_set_up=setting_up)
    rows = Edition.objects.filter(item=item).select_related("drafted_by", "edited_by", "approved_by", "based_on")
    if not is_working(actor, site_id):
        rows = rows.filter(from_at__lte=at)
    light = rows.defer("procedure", "basis", "draft_terms", "goal", "requirement").order_by("-number")
    return ItemStandard(
        item.pk,
        item.code,
        item.name,
        item.name_en,
        item.kind,
        item.state,
        item.line.code,
        item.line.name,
        item.line.name_en,
        item.line.icon,
        item.minutes,
        editions=tuple(_edition_row(row, at) for row in light),
        may_draft=authority.may(actor, "standard.draft", where=where),
        may_approve=authority.may(actor, "standard.approve", where=where),
        may_publish=authority.may(actor, "standard.publish", where=where),
        is_being_set_up=setting_up,
    )


def _edition_row(row: Edition, at: datetime) -> EditionRow:
    return EditionRow(
        row.uid,
        row.pk,
        row.number,
        stage(row.state, row.from_at, row.to_at, at),
        row.from_at,
        row.to_at,
        row.why,
        row.length_reason,
        row.revision,
        row.based_on.number if row.based_on else None,
        row.drafted_by.name if row.drafted_by else "",
        row.drafted_at,
        row.edited_by.name if row.edited_by else "",
        row.edited_at,
        row.submitted_at,
        row.approved_by.name if row.approved_by else "",
        row.approved_at,
        row.review_note,
        tuple(row.writers),
    )


def stage(state: str, from_at: datetime | None, to_at: datetime | None, at: datetime) -> str:
    """Return an edition's stage at a moment: the span says it, before the clock has turned too."""
    if from_at is None or at < from_at:
        return state
    return "in_force" if to_at is None or at < to_at else "superseded"


def edition_text(edition_key: int) -> dict[str, Any]:
    """Return an edition's text: goal, requirement, steps, terms (calendars by code), basis. Budget: 2.

    Whoever asks has the key from a question that looked at what the actor may see. Refuses: NotFound.
    """
    edition = Edition.objects.filter(pk=edition_key).first()
    if edition is None:
        raise NotFound(kind="edition", name=str(edition_key))
    return text_of(edition, Term.objects.filter(edition=edition).select_related("calendar"))


def edition_difference(before_key: int | None, after_key: int) -> Difference:
    """Return how an edition differs from another; all of it is new without one. Budget: 4."""
    before = cleaned(edition_text(before_key)) if before_key is not None else {}
    return compare(before, cleaned(edition_text(after_key)))


def calendar_names(site_id: int) -> dict[str, tuple[str, str]]:
    """Return the names of the site's calendars in both languages by code. Budget: one query."""
    rows = Calendar.objects.filter(site_id=site_id).order_by("id").values_list("code", "name", "name_en")
    return {code: (name, name_en) for code, name, name_en in rows}
