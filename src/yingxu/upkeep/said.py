"""An occasion as the office says it, and what a row keeps of that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from yingxu.ground.models import Asset, Place
from yingxu.ground.refusals import Malformed, NotFound
from yingxu.upkeep.models import OccasionKind, Repeats
from yingxu.upkeep.turns import month_day

TEXT_LIMIT = 500


@dataclass(frozen=True)
class NewOccasion:
    """An occasion as the office says it. ``place``, ``asset``: codes; days by what ``repeats`` asks for."""

    kind: str
    name: str
    name_en: str = ""
    repeats: str = "once"
    from_md: str = ""
    to_md: str = ""
    from_on: date | None = None
    to_on: date | None = None
    every_months: int | None = None
    holiday: str = ""
    place: str = ""
    asset: str = ""
    note: str = ""
    basis: str = ""


def columns_of(site_id: int, what: NewOccasion) -> dict[str, object]:
    """Return what a row keeps of what was said. Refuses: Malformed, NotFound."""
    name = what.name.strip()
    if not name or len(name) > 64:
        raise Malformed(field="name", problem="too_long" if name else "missing", limit="64")
    if what.kind not in OccasionKind.values:
        raise Malformed(field="kind", problem="unknown")
    if what.repeats not in Repeats.values:
        raise Malformed(field="repeats", problem="unknown")
    columns: dict[str, object] = {
        "kind": what.kind,
        "name": name,
        "name_en": what.name_en.strip()[:64],
        "repeats": what.repeats,
        "note": what.note.strip()[:TEXT_LIMIT],
        "basis": what.basis.strip()[:300],
        "from_md": "",
        "to_md": "",
        "holiday": "",
        "from_on": None,
        "to_on": None,
        "every_months": None,
        "place_id": None,
        "asset_id": None,
        **_days(what),
    }
    if what.place.strip():
        place = Place.objects.filter(site_id=site_id, code=what.place.strip(), is_active=True).first()
        if place is None:
            raise NotFound(kind="place", name=what.place)
        columns["place_id"] = place.pk
    if what.asset.strip():
        asset = Asset.objects.filter(site_id=site_id, code=what.asset.strip()).first()
        if asset is None:
            raise NotFound(kind="asset", name=what.asset)
        columns |= {"asset_id": asset.pk, "place_id": columns["place_id"] or asset.place_id}
    return columns


def _days(what: NewOccasion) -> dict[str, object]:
    if what.repeats == Repeats.YEARLY:
        for field, said in (("from_md", what.from_md), ("to_md", what.to_md)):
            try:
                month_day(2024, said)
            except ValueError:
                raise Malformed(field=field, problem="wrong_type" if said else "missing") from None
        return {"from_md": what.from_md, "to_md": what.to_md}
    if what.repeats == Repeats.HOLIDAY:
        if not what.holiday.strip():
            raise Malformed(field="holiday", problem="missing")
        return {"holiday": what.holiday.strip()[:32]}
    if what.from_on is None:
        raise Malformed(field="from_on", problem="missing")
    if what.repeats == Repeats.MONTHS:
        if what.every_months is None or not 1 <= what.every_months <= 240:
            raise Malformed(field="every_months", problem="out_of_range", limit="1–240")
        return {"from_on": what.from_on, "every_months": what.every_months}
    last = what.to_on or what.from_on
    if last < what.from_on:
        raise Malformed(field="to_on", problem="out_of_order")
    return {"from_on": what.from_on, "to_on": last}
