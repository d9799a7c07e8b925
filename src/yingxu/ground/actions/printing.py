"""Verbs of printed codes: a sheet is printed, with the codes that hang already or with new ones; one is withdrawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from yingxu.ground import authority, ids
from yingxu.ground.actions.house import Added
from yingxu.ground.actor import Actor
from yingxu.ground.events import AssetCodeRevoked, QrPrinted
from yingxu.ground.models import Asset, AssetState, Place, PlaceToken
from yingxu.ground.refusals import Malformed, NotFound
from yingxu.ground.setting_up import where_of_site
from yingxu.ground.unit import Unit

#: What becomes of the codes that hang already: they keep working, or are replaced.
CODES = ("keep", "renew")


@dataclass(frozen=True)
class PrintedCode:
    """One code on a sheet: what it hangs on, a place or an asset; an asset's label says its place beside it."""

    place_name: str
    place_name_en: str
    token: str
    beside: str = ""
    beside_en: str = ""


@dataclass(frozen=True)
class Printed:
    """What stands on a sheet: places in the tree's order, assets by their codes."""

    codes: tuple[PrintedCode, ...]
    n_new: int


@dataclass(frozen=True)
class _Hook:
    """Something that a code hangs on: a place, or an asset that stands at one; the live code, if there is one."""

    code: str
    place: Place
    asset: Asset | None
    live: PlaceToken | None


def print_codes(
    *, site_id: int, place_codes: Sequence[str], codes: str, layout: str, actor: Actor, at: datetime
) -> Printed:
    """Each of the places has a code that works, ready for a sheet: the one that hangs there (``keep``) or a new one.

    With ``renew`` what hangs there works no longer. Records QrPrinted.
    Refuses: NotAllowed, NotFound (a place), Malformed (no place, an unknown choice). Budget: 3 + key blocks.
    """
    with Unit(actor=actor, at=at) as unit:
        _print(unit, site_id, "place", place_codes, _hooks_on_places, codes=codes, layout=layout)
    return unit.answered(Printed)


def print_asset_codes(
    *, site_id: int, asset_codes: Sequence[str], codes: str, layout: str, actor: Actor, at: datetime
) -> Printed:
    """Each of the assets has a code that works, ready for a sheet: the one that hangs there (``keep``) or a new one.

    With ``renew`` what hangs there works no longer. Records QrPrinted.
    Refuses: NotAllowed, NotFound (an asset, also a retired one), Malformed (none, an unknown choice).
    Budget: 3 + key blocks.
    """
    with Unit(actor=actor, at=at) as unit:
        _print(unit, site_id, "asset", asset_codes, _hooks_on_assets, codes=codes, layout=layout)
    return unit.answered(Printed)


def _print(
    unit: Unit,
    site_id: int,
    kind: str,
    named: Sequence[str],
    hooks_of: Callable[[int, Sequence[str]], list[_Hook]],
    *,
    codes: str,
    layout: str,
) -> None:
    authority.require(unit.actor, "token.manage", where=where_of_site(unit.actor, site_id))
    if codes not in CODES:
        raise Malformed(field="codes", problem="unknown")
    wanted = list(dict.fromkeys(named))
    if not wanted:
        raise Malformed(field=kind, problem="missing")
    hooks = hooks_of(site_id, wanted)
    missing = set(wanted) - {hook.code for hook in hooks}
    if missing:
        raise NotFound(kind=kind, name=min(missing))
    printed, n_new = [], 0
    for hook in hooks:
        token = hook.live
        if token is not None and codes == "renew":
            unit.change(token, seen=["revoked_at"], revoked_at=unit.at)
        if token is None or codes == "renew":
            fresh = PlaceToken(place=hook.place, asset=hook.asset, token=ids.new_code(), issued_at=unit.at)
            token = unit.insert(fresh)
            n_new += 1
        printed.append(_label(hook, token.token))
    unit.record(
        QrPrinted(
            site_id=site_id,
            subject_id=site_id,
            thread_id=site_id,
            n_codes=len(printed),
            n_new=n_new,
            layout=layout,
            codes=codes,
            first_place=hooks[0].code,
        )
    )
    unit.answer(Printed(tuple(printed), n_new))


def _hooks_on_places(site_id: int, wanted: Sequence[str]) -> list[_Hook]:
    places = list(Place.objects.filter(site_id=site_id, code__in=wanted, is_active=True).order_by("path"))
    live = {row.place_id: row for row in PlaceToken.objects.filter(place__in=places, asset=None, revoked_at=None)}
    return [_Hook(place.code, place, None, live.get(place.pk)) for place in places]


def _hooks_on_assets(site_id: int, wanted: Sequence[str]) -> list[_Hook]:
    known = Asset.objects.filter(site_id=site_id, code__in=wanted).exclude(state=AssetState.RETIRED)
    assets = list(known.select_related("place").order_by("code"))
    live = {row.asset_id: row for row in PlaceToken.objects.filter(asset__in=assets, revoked_at=None)}
    return [_Hook(asset.code, asset.place, asset, live.get(asset.pk)) for asset in assets]


def _label(hook: _Hook, token: str) -> PrintedCode:
    place, asset = hook.place, hook.asset
    where, where_en = place.full_name, place.full_name_en or place.full_name
    if asset is None:
        return PrintedCode(where, where_en, token)
    return PrintedCode(
        f"{asset.name} {asset.code}", f"{asset.name_en or asset.name} {asset.code}", token, where, where_en
    )


def revoke_asset_code(*, site_id: int, code: str, reason: str, actor: Actor, at: datetime) -> Added:
    """The code that hangs on the asset works no longer. Records AssetCodeRevoked.

    Refuses: NotAllowed, Malformed (no reason), NotFound (no code hangs there), Stale. Budget: 2.
    """
    with Unit(actor=actor, at=at) as unit:
        authority.require(actor, "token.manage", where=where_of_site(actor, site_id))
        if not reason.strip():
            raise Malformed(field="reason", problem="missing")
        row = PlaceToken.objects.filter(asset__site_id=site_id, asset__code=code, revoked_at=None).first()
        if row is None or row.asset_id is None:
            raise NotFound(kind="qr", name=code)
        unit.change(row, seen=["revoked_at"], revoked_at=at)
        unit.record(
            AssetCodeRevoked(
                site_id=site_id, subject_id=row.asset_id, thread_id=row.asset_id, reason=reason.strip()[:200]
            )
        )
        unit.answer(Added(1))
    return unit.answered(Added)
