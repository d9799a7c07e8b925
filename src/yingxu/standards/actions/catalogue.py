"""Verbs of the standards: lines and items of a site's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.refusals import NotFound
from yingxu.ground.setting_up import where_of_site
from yingxu.ground.unit import Unit
from yingxu.standards import queries
from yingxu.standards.events import CatalogueExtended, EditionPutInForce
from yingxu.standards.models import Edition, Item, Line, Term


@dataclass(frozen=True)
class NewLine:
    """A line of the site's own."""

    code: str
    name: str


@dataclass(frozen=True)
class NewItem:
    """An item of the site's own: promised done within ``limit_s`` around the clock, at every urgency alike."""

    code: str
    name: str
    line_code: str
    limit_s: int
    name_en: str = ""
    priority: int = 3
    minutes: int = 30


@dataclass(frozen=True)
class Extended:
    """How many lines and items joined; those that were there already are not among them."""

    n_lines: int
    n_items: int


#: Items of a site's own stand behind the library's.
_OWN_SORT = 900
_OWN_TEXT = "按外部记录的要求完成。Done as the outside record asks."


def extend_catalogue(
    *, site_id: int, lines: Sequence[NewLine], items: Sequence[NewItem], actor: Actor, at: datetime
) -> Extended:
    """The site's catalogue has these lines and items, each with edition 1 in force; known codes stay as they are.

    Records CatalogueExtended and EditionPutInForce. Refuses: NotAllowed, NotFound (calendar, line). Budget: 4 + key
    blocks.
    """
    with Unit(actor=actor, at=at) as unit:
        authority.require(actor, "catalogue.manage", where=where_of_site(actor, site_id))
        known = {line.code: line for line in Line.objects.filter(site_id=site_id)}
        codes = set(Item.objects.filter(site_id=site_id).values_list("code", flat=True))
        calendar_id = queries.calendar_id(site_id, "always")
        fresh = [line for line in lines if line.code not in known]
        for line in fresh:
            known[line.code] = unit.insert(Line(site_id=site_id, code=line.code, name=line.name, sort=_OWN_SORT))
        wanted = [item for item in items if item.code not in codes]
        for new in wanted:
            if new.line_code not in known:
                raise NotFound(kind="line", name=new.line_code)
            _own_item(unit, site_id, known[new.line_code], new, calendar_id)
        if fresh or wanted:
            unit.record(
                CatalogueExtended(
                    site_id=site_id, subject_id=site_id, thread_id=site_id, n_lines=len(fresh), n_items=len(wanted)
                )
            )
        unit.answer(Extended(len(fresh), len(wanted)))
    return unit.answered(Extended)


def _own_item(unit: Unit, site_id: int, line: Line, new: NewItem, calendar_id: int) -> None:
    item = unit.insert(
        Item(
            site_id=site_id,
            line=line,
            code=new.code,
            name=new.name,
            name_en=new.name_en,
            kind="other",
            default_priority=new.priority,
            minutes=new.minutes,
            is_place_needed=False,
            sort=_OWN_SORT,
        )
    )
    edition = unit.insert(
        Edition(
            site_id=site_id,
            item=item,
            number=1,
            state="in_force",
            goal=_OWN_TEXT,
            requirement=_OWN_TEXT,
            from_at=unit.at,
        )
    )
    for priority in (1, 2, 3, 4):
        unit.insert(
            Term(
                edition=edition,
                priority=priority,
                milestone="done",
                limit_s=new.limit_s,
                percentile="0.900",
                calendar_id=calendar_id,
            )
        )
    unit.record(
        EditionPutInForce(site_id=site_id, subject_id=item.pk, thread_id=item.pk, item_code=item.code, number=1)
    )
