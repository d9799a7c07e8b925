"""Verbs of printed codes: a sheet is printed, with the codes that hang already or with new ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from yingxu.ground import authority, ids
from yingxu.ground.actor import Actor
from yingxu.ground.events import QrPrinted
from yingxu.ground.models import Place, PlaceToken
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
    """What stands on a sheet, in the tree's order."""

    codes: tuple[PrintedCode, ...]
    n_new: int


def print_codes(
    *, site_id: int, place_codes: Sequence[str], codes: str, layout: str, actor: Actor, at: datetime
) -> Printed:
    """Each of the places has a code that works, ready for a sheet: the one that hangs there (``keep``) or a new one.

    With ``renew`` what hangs there works no longer. Records QrPrinted.
    Refuses: NotAllowed, NotFound (a place), Malformed (no place, an unknown choice). Budget: 3 + key blocks.
    """
    with Unit(actor=actor, at=at) as unit:
        authority.require(actor, "token.manage", where=where_of_site(actor, site_id))
        if codes not in CODES:
            raise Malformed(field="codes", problem="unknown")
        wanted = list(dict.fromkeys(place_codes))
        if not wanted:
            raise Malformed(field="place", problem="missing")
        places = list(Place.objects.filter(site_id=site_id, code__in=wanted, is_active=True).order_by("path"))
        missing = set(wanted) - {place.code for place in places}
        if missing:
            raise NotFound(kind="place", name=min(missing))
        live = {row.place_id: row for row in PlaceToken.objects.filter(place__in=places, asset=None, revoked_at=None)}
        printed, n_new = [], 0
        for place in places:
            token = live.get(place.pk)
            if token is not None and codes == "renew":
                unit.change(token, seen=["revoked_at"], revoked_at=at)
            if token is None or codes == "renew":
                token = unit.insert(PlaceToken(place=place, token=ids.new_code(), issued_at=at))
                n_new += 1
            printed.append(PrintedCode(place.full_name, place.full_name_en or place.full_name, token.token))
        unit.record(
            QrPrinted(
                site_id=site_id,
                subject_id=site_id,
                thread_id=site_id,
                n_codes=len(printed),
                n_new=n_new,
                layout=layout,
                codes=codes,
                first_place=places[0].code,
            )
        )
        unit.answer(Printed(tuple(printed), n_new))
    return unit.answered(Printed)
