"""Verbs of rules: what is made ready before an occasion, how long before, where, and by whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.models import Place
from yingxu.ground.refusals import Malformed, NotFound
from yingxu.ground.unit import CommandKey, Unit
from yingxu.standards import library
from yingxu.standards.models import Item
from yingxu.team.models import Team
from yingxu.upkeep.actions.occasions import occasion_of
from yingxu.upkeep.events import RuleKept, RuleWithdrawn
from yingxu.upkeep.models import Occasion, PreparationRule
from yingxu.upkeep.people import staff_named

LONGEST_LEAD = 366
Row = TypeVar("Row")


@dataclass(frozen=True)
class NewRule:
    """A rule as the office says it: item, place, class of places, line and team by code, the owner by account."""

    text: str
    text_en: str = ""
    item: str = ""
    line: str = ""
    place: str = ""
    place_class: str = ""
    lead_days: int = 30
    ready_days: int = 1
    team: str = ""
    owner: str = ""


@dataclass(frozen=True)
class RuleMade:
    """The public id of a rule."""

    id: UUID


def add_rule(
    *, occasion_id: UUID, what: NewRule, actor: Actor, at: datetime, command: CommandKey | None = None
) -> RuleMade:
    """Before each turn of the occasion something is made ready. Records RuleKept.

    Refuses: NotAllowed, NotFound, Malformed. Budget: 2, and one for each of item, place, team and person named.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        occasion = occasion_of(occasion_id)
        authority.require(actor, "lookahead.keep", where=Where(occasion.site_id))
        row = unit.insert(
            PreparationRule(
                site_id=occasion.site_id, occasion=occasion, made_at=at, **_columns(occasion.site_id, what, at)
            )
        )
        _record(unit, occasion, row, is_new=True)
        unit.answer(RuleMade(row.uid))
    return unit.answered(RuleMade)


def change_rule(
    *, rule_id: UUID, what: NewRule, actor: Actor, at: datetime, command: CommandKey | None = None
) -> RuleMade:
    """From its next turn on a rule is otherwise; what it raised already stays. Records RuleKept.

    Refuses: NotAllowed, NotFound, Malformed, Stale. Budget: 2, and one for each of item, place, team and person named.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        row = _rule(rule_id)
        authority.require(actor, "lookahead.keep", where=Where(row.site_id))
        unit.change(row, seen=["is_active"], **_columns(row.site_id, what, at))
        _record(unit, row.occasion, row, is_new=False)
        unit.answer(RuleMade(row.uid))
    return unit.answered(RuleMade)


def withdraw_rule(*, rule_id: UUID, actor: Actor, at: datetime, command: CommandKey | None = None) -> RuleMade:
    """Nothing more is raised by the rule; what was raised goes on. Records RuleWithdrawn.

    Refuses: NotAllowed, NotFound, Stale. Budget: 2.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        row = _rule(rule_id)
        authority.require(actor, "lookahead.keep", where=Where(row.site_id))
        unit.change(row, seen=["is_active"], is_active=False)
        about = {"site_id": row.site_id, "subject_id": row.occasion_id, "thread_id": row.occasion_id}
        unit.record(RuleWithdrawn(**about, name=row.occasion.name, name_en=row.occasion.name_en, text=row.text))
        unit.answer(RuleMade(row.uid))
    return unit.answered(RuleMade)


def _rule(rule_id: UUID) -> PreparationRule:
    rows = PreparationRule.objects.select_related("occasion").filter(uid=rule_id, is_active=True)
    row = rows.filter(occasion__is_active=True).first()
    if row is None:
        raise NotFound(kind="preparation_rule", name=str(rule_id))
    return row


def _record(unit: Unit, occasion: Occasion, row: PreparationRule, *, is_new: bool) -> None:
    unit.record(
        RuleKept(
            site_id=row.site_id,
            subject_id=occasion.pk,
            thread_id=occasion.pk,
            name=occasion.name,
            name_en=occasion.name_en,
            text=row.text,
            lead_days=row.lead_days,
            is_new=is_new,
        )
    )


def _columns(site_id: int, what: NewRule, at: datetime) -> dict[str, object]:
    """Return what a row keeps of what was said. Refuses: Malformed, NotFound."""
    text = what.text.strip()
    if not text or len(text) > 200:
        raise Malformed(field="text", problem="too_long" if text else "missing", limit="200")
    if not 0 <= what.ready_days <= LONGEST_LEAD:
        raise Malformed(field="ready_days", problem="out_of_range", limit=f"0–{LONGEST_LEAD}")
    if not what.ready_days <= what.lead_days <= LONGEST_LEAD:
        raise Malformed(field="lead_days", problem="out_of_range", limit=f"{what.ready_days}–{LONGEST_LEAD}")
    if what.place_class and what.place_class not in library.by_code("place_classes"):
        raise Malformed(field="place_class", problem="unknown")
    items = Item.objects.select_related("line").filter(site_id=site_id, code=what.item)
    item = _one(items.first() if what.item else None, "item", what.item)
    places = Place.objects.filter(site_id=site_id, code=what.place.strip(), is_active=True)
    place = places.first() if what.place else None
    team = Team.objects.filter(site_id=site_id, code=what.team.strip()).first() if what.team else None
    owner = staff_named(site_id, what.owner, at) if what.owner else None
    line = what.line if what.line in library.by_code("lines") else ""
    return {
        "text": text,
        "text_en": what.text_en.strip()[:300],
        "item": item,
        "line_code": item.line.code if item is not None else line,
        "place": _one(place, "place", what.place),
        "place_class": "" if what.place else what.place_class,
        "lead_days": what.lead_days,
        "ready_days": what.ready_days,
        "team": _one(team, "team", what.team),
        "owner": _one(owner, "account", what.owner),
    }


def _one(found: Row | None, kind: str, said: str) -> Row | None:
    if said.strip() and found is None:
        raise NotFound(kind=kind, name=said)
    return found
