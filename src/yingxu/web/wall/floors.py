"""The building in section for the desk: each mark opens its request; below it floor by floor, with who is there."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yingxu.dispatch.queries.wall import HandsRow, OpenRow, hands_present, open_rows
from yingxu.ground.queries.campus import BuildingRow, buildings
from yingxu.web.inside import Inside, kept
from yingxu.web.templatetags.yingxu import in_language, priority_word
from yingxu.web.wall.section import Mark, Section, floor_of, section
from yingxu.web.wall.views import SEEN, is_late, kind_of
from yingxu.web.words import line_name


@dataclass(frozen=True)
class OpenHere:
    """A request on a floor."""

    uid: UUID
    number: str
    state: str
    priority: int
    urgency: str
    what: str
    where: str
    act_by: datetime | None


@dataclass(frozen=True)
class FloorSaid:
    """A floor with what is open on it and who was last seen there: (name, what they have in hand)."""

    name: str
    rows: tuple[OpenHere, ...]
    hands: tuple[tuple[str, str], ...]
    n_late: int


@dataclass(frozen=True)
class Floors:
    """The picture, the floors where something is, the highest of each building first, and what lies on none."""

    section: Section
    floors: tuple[FloorSaid, ...]
    n_unplaced: int


def floors_shown(here: Inside, wanted: Collection[UUID]) -> Floors:
    """Return the site in section with these of its open requests. Budget: 2, and 1 more each half minute."""
    rows = [row for row in open_rows(here.actor, here.site.id) if row.uid in wanted]
    hands = hands_present(here.actor, here.site.id, since_at=here.at - SEEN)
    standing = kept("buildings", here.site.id, lambda: buildings(here.site.id))
    marks = [Mark(row.place_path, kind_of(row, here.at), str(row.uid), _said(row)) for row in rows]
    n_late = sum(is_late(row, here.at) for row in rows)
    return Floors(
        section(
            standing,
            marks,
            [row.place_path for row in hands if row.place_path],
            said=_("%(open)d open, %(late)d late") % {"open": len(rows), "late": n_late},
        ),
        _floors(standing, rows, hands, at=here.at),
        sum(not row.place_path for row in hands),
    )


def _floors(
    standing: tuple[BuildingRow, ...], rows: list[OpenRow], hands: tuple[HandsRow, ...], *, at: datetime
) -> tuple[FloorSaid, ...]:
    names: dict[str, str] = {}
    for building in standing:
        names[building.path] = in_language(building)
        for floor in reversed(building.floors):
            house, storey = in_language(building), in_language(floor)
            names[floor.path] = storey if house in storey else f"{house} · {storey}"
    order = {path: turn for turn, path in enumerate(names)}
    open_on: dict[str, list[OpenRow]] = {}
    hands_on: dict[str, list[HandsRow]] = {}
    for row in rows:
        open_on.setdefault(floor_of(standing, row.place_path) or "", []).append(row)
    for one in hands:
        if one.place_path:
            hands_on.setdefault(floor_of(standing, one.place_path) or "", []).append(one)
    found = []
    for path in sorted({*open_on, *hands_on}, key=lambda path: (path not in order, order.get(path, 0))):
        own = open_on.get(path, [])
        found.append(
            FloorSaid(
                name=names.get(path) or _("elsewhere"),
                rows=tuple(_open(row) for row in own),
                hands=tuple((in_language(one), _load(one)) for one in hands_on.get(path, [])),
                n_late=sum(is_late(row, at) for row in own),
            )
        )
    return tuple(found)


def _what(row: OpenRow) -> str:
    return in_language(row, "item_name") or line_name(row.line_code) or _("not sorted yet")


def _said(row: OpenRow) -> str:
    return f"{row.number} {_what(row)} · {in_language(row, 'place_name')}"


def _open(row: OpenRow) -> OpenHere:
    return OpenHere(
        uid=row.uid,
        number=row.number,
        state=row.state,
        priority=row.priority,
        urgency=priority_word(row.priority),
        what=_what(row),
        where=in_language(row, "place_name"),
        act_by=row.act_by,
    )


def _load(row: HandsRow) -> str:
    return ngettext("%(n)d in hand", "%(n)d in hand", row.n_in_hand) % {"n": row.n_in_hand}
