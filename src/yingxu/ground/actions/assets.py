"""Verbs of assets: known with a place and a class, changed, moved, stopped, retired."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from yingxu.ground import authority
from yingxu.ground.actions.house import Added, Made
from yingxu.ground.actor import Actor
from yingxu.ground.events import AssetChanged, AssetsAdded
from yingxu.ground.models import Asset, AssetState, Party, Place, PlaceToken
from yingxu.ground.refusals import Malformed, NotFound
from yingxu.ground.setting_up import where_of_site
from yingxu.ground.unit import Unit

#: Columns that a person writes, with their lengths.
LENGTHS = {"code": 64, "name": 120, "name_en": 120, "serial": 64}


@dataclass(frozen=True)
class NewAsset:
    """An asset to add: its place and its party by key. ``line_code``: who looks after its class."""

    code: str
    name: str
    class_code: str
    line_code: str
    place_id: int
    name_en: str = ""
    serial: str = ""
    state: str = AssetState.IN_USE
    party_id: int | None = None
    in_service_on: date | None = None


def add_assets(*, site_id: int, assets: Sequence[NewAsset], actor: Actor, at: datetime) -> Added:
    """The assets are known, each with its class and the place where it stands. Records AssetsAdded.

    Refuses: NotAllowed, Malformed (a code twice, an unknown state, a name that is missing or too long), NotFound
    (a place or a party of another site). Budget: 3, one more for setting up, and key blocks.
    """
    with Unit(actor=actor, at=at) as unit:
        _require(actor, site_id, [new.line_code for new in assets])
        codes = [new.code for new in assets]
        taken = set(Asset.objects.filter(site_id=site_id, code__in=codes).values_list("code", flat=True))
        _known(site_id, assets)
        for new in assets:
            if new.code in taken:
                raise Malformed(field="code", problem="twice", limit=new.code)
            taken.add(new.code)
            _check(new)
            unit.insert(Asset(site_id=site_id, **vars(new)))
        unit.record(AssetsAdded(site_id=site_id, subject_id=site_id, thread_id=site_id, n_assets=len(assets)))
        unit.answer(Added(len(assets)))
    return unit.answered(Added)


def change_asset(*, site_id: int, asset: NewAsset, actor: Actor, at: datetime) -> Made:
    """The asset of that code is called, stands and serves as said; its printed code goes on working where it is now.

    A retired one is asked about no more: its code works no longer. Records AssetChanged with what was before.
    Refuses: NotAllowed, NotFound, Malformed, Stale. Budget: 5.
    """
    with Unit(actor=actor, at=at) as unit:
        row = Asset.objects.select_related("place", "party").filter(site_id=site_id, code=asset.code).first()
        _require(actor, site_id, [asset.line_code, row.line_code if row else asset.line_code])
        if row is None:
            raise NotFound(kind="asset", name=asset.code)
        _check(asset)
        places, parties = _known(site_id, (asset,))
        before = _said(row, row.place.code, row.party.name if row.party else "")
        unit.change(row, seen=["state", "place"], **{name: getattr(asset, name) for name in _CHANGED})
        after = _said(row, places[asset.place_id], parties.get(asset.party_id or 0, ""))
        changed = {name: [before[name], after[name]] for name in before if before[name] != after[name]}
        if "place" in changed or row.state == AssetState.RETIRED:
            for token in PlaceToken.objects.filter(asset=row, revoked_at=None):
                if row.state == AssetState.RETIRED:
                    unit.change(token, seen=["revoked_at"], revoked_at=at)
                else:
                    unit.change(token, seen=["revoked_at"], place_id=asset.place_id)
        if changed:
            unit.record(AssetChanged(site_id=site_id, subject_id=row.pk, thread_id=row.pk, changed=changed))
        unit.answer(Made(row.pk, row.uid))
    return unit.answered(Made)


_CHANGED = ("name", "name_en", "class_code", "line_code", "place_id", "serial", "state", "party_id", "in_service_on")


def _require(actor: Actor, site_id: int, lines: Sequence[str]) -> None:
    """Refuse unless the actor keeps the assets of each of the lines."""
    where = where_of_site(actor, site_id)
    for line_code in sorted({*lines}) or [""]:
        authority.require(actor, "asset.manage", where=replace(where, line_code=line_code))


def _said(row: Asset, place: str, party: str) -> dict[str, Any]:
    return {
        "name": row.name,
        "name_en": row.name_en,
        "class": row.class_code,
        "place": place,
        "serial": row.serial,
        "state": str(row.state),
        "party": party,
        "in_service_on": row.in_service_on.isoformat() if row.in_service_on else "",
    }


def _check(new: NewAsset) -> None:
    for field in ("code", "name", "class_code", "line_code"):
        if not getattr(new, field).strip():
            raise Malformed(field=field, problem="missing")
    for field, limit in LENGTHS.items():
        if len(getattr(new, field)) > limit:
            raise Malformed(field=field, problem="too_long", limit=str(limit))
    if new.state not in AssetState.values:
        raise Malformed(field="state", problem="unknown")


def _known(site_id: int, assets: Sequence[NewAsset]) -> tuple[dict[int, str], dict[int, str]]:
    """Return the codes of the places and the names of the parties that are named; all must be this site's."""
    wanted = {new.place_id for new in assets}
    places = dict(Place.objects.filter(site_id=site_id, is_active=True, pk__in=wanted).values_list("pk", "code"))
    if wanted - set(places):
        raise NotFound(kind="place", name=str(min(wanted - set(places))))
    named = {new.party_id for new in assets if new.party_id is not None}
    parties = dict(Party.objects.filter(site_id=site_id, pk__in=named).values_list("pk", "name")) if named else {}
    if named - set(parties):
        raise NotFound(kind="party", name=str(min(named - set(parties))))
    return places, parties
