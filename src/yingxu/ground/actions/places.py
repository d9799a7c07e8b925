"""Verbs of single places: renamed, moved, closed, with their history in the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from yingxu.ground import authority
from yingxu.ground.actions.house import Added, Made, _said
from yingxu.ground.actor import Actor
from yingxu.ground.events import PlaceChanged, PlaceClosed, PlaceReopened
from yingxu.ground.models import Place, PlaceToken
from yingxu.ground.refusals import Malformed, NotFound
from yingxu.ground.setting_up import where_of_site
from yingxu.ground.unit import Unit

_UNSAID = frozenset({"campus"})
_DEPARTMENTS = frozenset({"department", "ward"})


def change_place(
    *,
    site_id: int,
    code: str,
    name: str,
    name_en: str,
    kind: str,
    parent_code: str,
    place_class: str,
    aliases: Sequence[str],
    floor_no: int | None,
    actor: Actor,
    at: datetime,
) -> Made:
    """The place is called, stands and counts as said; what lies in it moves along, and printed codes go on working.

    Requests keep the name that the place had when they were raised. Records PlaceChanged with what was before.
    Refuses: NotAllowed, NotFound, Malformed (no name; into itself). Budget: 2 + 1 for a place with others in it.
    """
    with Unit(actor=actor, at=at) as unit:
        authority.require(actor, "place.manage", where=where_of_site(actor, site_id))
        if not name.strip():
            raise Malformed(field="name", problem="missing")
        place = _place(site_id, code)
        parent = _place(site_id, parent_code) if parent_code else None
        if parent is not None and parent.path.startswith(place.path):
            raise Malformed(field="parent", problem="out_of_order")
        before = {
            "name": place.name,
            "kind": place.kind,
            "parent": place.parent.code if place.parent else "",
            "place_class": place.place_class,
            "aliases": ";".join(place.aliases),
            "floor_no": place.floor_no,
            "name_en": place.name_en,
        }
        old_path = place.path
        unit.change(
            place,
            seen=["path"],
            name=name.strip(),
            name_en=name_en.strip(),
            kind=kind,
            parent=parent,
            place_class=place_class,
            aliases=[alias.strip() for alias in aliases if alias.strip()],
            floor_no=floor_no,
        )
        below = list(Place.objects.filter(site_id=site_id, path__startswith=old_path).exclude(pk=place.pk))
        _settle(unit, place, parent)
        known = {place.pk: place}
        for row in sorted(below, key=lambda row: row.path.count("/")):
            _settle(unit, row, known[row.parent_id])  # type: ignore[index]
            known[row.pk] = row
        after = {
            "name": place.name,
            "kind": place.kind,
            "parent": parent.code if parent else "",
            "place_class": place.place_class,
            "aliases": ";".join(place.aliases),
            "floor_no": place.floor_no,
            "name_en": place.name_en,
        }
        changed = {name: [before[name], after[name]] for name in before if before[name] != after[name]}
        if changed:
            unit.record(PlaceChanged(site_id=site_id, subject_id=place.pk, thread_id=place.pk, changed=changed))
        unit.answer(Made(place.pk, place.uid))
    return unit.answered(Made)


def _settle(unit: Unit, place: Place, parent: Place | None) -> None:
    """Give a place the path, the spoken name and the department that follow from where it stands."""
    said = parent if parent is not None and parent.kind not in _UNSAID else None
    english = place.name_en or place.name
    values: dict[str, Any] = {
        "path": f"{parent.path if parent else '/'}{place.pk}/",
        "full_name": _said(said.full_name, said.name, place.name) if said else place.name,
        "full_name_en": _said(said.full_name_en, said.name_en or said.name, english) if said else english,
        "department_id": place.pk if place.kind in _DEPARTMENTS else (parent.department_id if parent else None),
    }
    changed = {name: value for name, value in values.items() if getattr(place, name) != value}
    if changed:
        unit.change(place, **changed)


def _place(site_id: int, code: str) -> Place:
    row = Place.objects.select_related("parent").filter(site_id=site_id, code=code).first()
    if row is None:
        raise NotFound(kind="place", name=code)
    return row


def close_place(*, site_id: int, code: str, reason: str, actor: Actor, at: datetime) -> Added:
    """The place and what lies in it can no longer be asked for; their printed codes work no longer.

    History stays. Records PlaceClosed. Refuses: NotAllowed, NotFound, Malformed (no reason). Budget: 4.
    """
    with Unit(actor=actor, at=at) as unit:
        authority.require(actor, "place.manage", where=where_of_site(actor, site_id))
        if not reason.strip():
            raise Malformed(field="reason", problem="missing")
        place = _place(site_id, code)
        inside = list(Place.objects.filter(site_id=site_id, path__startswith=place.path, is_active=True))
        for row in inside:
            unit.change(row, seen=["is_active"], is_active=False)
        tokens = list(PlaceToken.objects.filter(place__in=inside, revoked_at=None))
        for token in tokens:
            unit.change(token, seen=["revoked_at"], revoked_at=at)
        unit.record(
            PlaceClosed(
                site_id=site_id,
                subject_id=place.pk,
                thread_id=place.pk,
                reason=reason.strip()[:200],
                n_places=len(inside),
                n_codes=len(tokens),
            )
        )
        unit.answer(Added(len(inside)))
    return unit.answered(Added)


def reopen_place(*, site_id: int, code: str, actor: Actor, at: datetime) -> Added:
    """The place can be asked for again; codes are printed anew. Records PlaceReopened. Refuses: NotAllowed, NotFound,
    Malformed (what it lies in is closed). Budget: 2.
    """
    with Unit(actor=actor, at=at) as unit:
        authority.require(actor, "place.manage", where=where_of_site(actor, site_id))
        place = _place(site_id, code)
        if place.parent is not None and not place.parent.is_active:
            raise Malformed(field="parent", problem="closed", limit=place.parent.name)
        unit.change(place, is_active=True)
        unit.record(PlaceReopened(site_id=site_id, subject_id=place.pk, thread_id=place.pk))
        unit.answer(Added(1))
    return unit.answered(Added)
