"""The demo's register: its lifts, pumps and plant, the beds and trolleys of two wards, and codes that hang on them."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache

from yingxu.connect.demo.tables import rows
from yingxu.ground import actions as ground
from yingxu.ground import queries
from yingxu.ground.actions import NewAsset
from yingxu.ground.actor import engine
from yingxu.standards import library

#: Who maintains what, by class; the others are the hospital's own matter.
_PARTY_OF_LINE = {"ELV": "YI", "ELE": "JIA", "PLB": "JIA", "FIR": "JIA", "FUR": "JIA"}
_MAKER_OF = {"chiller": "BING", "cooling_tower": "BING"}
#: Wards whose trolleys are in the register, and the beginning of the codes of the beds that are.
_WARDS, _BEDS = ("S-07-W", "S-08-W"), "S-07-B"


def keep_register(site_id: int, at: datetime) -> int:
    """Enter what the demo hospital maintains and print codes of its lifts and beds; returns how many there are."""
    setup = engine("setup")
    places = queries.place_keys(site_id)
    parties = {party.code: party.id for party in queries.parties_of(site_id)}
    lines = {row["code"]: row["line"] for row in library.rows("asset_classes")}
    new = []
    for row in rows("assets"):
        kind, line = row["kind"], lines[row["kind"]]
        year, month = (int(part) for part in row["installed_in"].split("-"))
        party = parties.get(_MAKER_OF.get(kind, _PARTY_OF_LINE.get(line, "")))
        new.append(
            NewAsset(
                code=row["code"],
                name=row["name_zh"],
                name_en=row["name_en"],
                class_code=kind,
                line_code=line,
                place_id=places[row["place_code"]],
                serial=row["rescue_code"],
                party_id=party,
                in_service_on=date(year, month, 1),
            )
        )
    beds = [row for row in rows("places") if row["kind"] == "bed" and row["code"].startswith(_BEDS)]
    new += [
        NewAsset(
            code=f"BED-{row['code']}",
            name=f"{row['name_zh']}病床",
            name_en=f"{row['name_en']}, frame",
            class_code="bed",
            line_code=lines["bed"],
            place_id=places[row["code"]],
            party_id=parties.get("JIA"),
            in_service_on=date(2019, 9, 1),
        )
        for row in beds
    ]
    new += [
        NewAsset(
            code=f"TROLLEY-{n:02}",
            name=f"{n}号平车",
            name_en=f"Trolley {n}",
            class_code="wheelchair",
            line_code=lines["wheelchair"],
            place_id=places[_WARDS[n % len(_WARDS)]],
            state="stopped" if n == 3 else "in_use",
            in_service_on=date(2021, 4, 1),
        )
        for n in range(1, 7)
    ]
    ground.add_assets(site_id=site_id, assets=new, actor=setup, at=at)
    hung = [one.code for one in new if one.class_code in {"lift", "escalator", "bed"}]
    ground.print_asset_codes(site_id=site_id, asset_codes=hung, codes="keep", layout="tag", actor=setup, at=at)
    return len(new)


@cache
def _standing(site_id: int) -> dict[str, tuple[tuple[int, str, frozenset[str]], ...]]:
    """Return what stands at each place: key, line, items that are asked about its class."""
    classes = library.by_code("asset_classes")
    found: dict[str, tuple[tuple[int, str, frozenset[str]], ...]] = {}
    keys = queries.asset_keys(site_id)
    for row in rows("assets"):
        if row["code"] in keys:
            known = classes[row["kind"]]
            items = frozenset(known["items"].split(";"))
            found[row["place_code"]] = (*found.get(row["place_code"], ()), (keys[row["code"]], known["line"], items))
    return found


def meant(site_id: int, place_code: str, item_code: str) -> int | None:
    """Return the key of the asset that somebody who asks for that at that place means, if one of its kind is there."""
    standing = _standing(site_id).get(place_code, ())
    named = [key for key, _, items in standing if item_code in items]
    line = item_code.partition(".")[0].upper()
    return next(iter(named), None) or next((key for key, own, _ in standing if own == line), None)
