"""A table of people: roles by name, companies, teams and places by what people call them."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from yingxu.ground.importing.columns import Fault, Read, lengths, missing, parts
from yingxu.ground.importing.tables import Table

_ROLES = {
    "RQ": ("报修人", "医护职工", "护士", "职工", "requester"),
    "DK": ("调度员", "窗口与调度员", "窗口", "调度", "dispatcher"),
    "WK": ("作业人员", "维修工", "运送员", "工人", "员工", "worker"),
    "TL": ("班组长", "班长", "组长", "team leader"),
    "LM": ("条线主管", "主管", "line manager"),
    "PM": ("项目经理", "外包公司项目经理", "project manager"),
    "HO": ("后勤处管理员", "后勤管理员", "后勤科员", "logistics officer"),
    "HD": ("后勤处长", "处长", "logistics director"),
    "VS": ("监督员", "义务监督员", "supervisor"),
    "AU": ("审计", "审计与督查", "auditor"),
}
_ROLE_OF = {name: code for code, names in _ROLES.items() for name in (code.lower(), *names)}
#: Roles whose people belong to a team.
IN_TEAM = frozenset({"WK", "TL"})
#: Roles that stand for a place.
OF_PLACE = frozenset({"RQ", "VS"})
_LIMITS = {"username": 64, "name": 64, "name_en": 64, "phone": 32, "badge": 32, "party": 120, "team": 64}
_USERNAME = re.compile(r"^[\w.@+-]+$")


@dataclass(frozen=True)
class KnownHouse:
    """What the site has: names taken, places by code and full name, lines by code and name, parties' names."""

    taken: Collection[str]
    places: Mapping[str, int]
    lines: Mapping[str, str]
    hospital_names: Collection[str]


@dataclass(frozen=True)
class PersonLine:
    """A person of the table. ``party`` is empty for the hospital's own people."""

    username: str
    name: str
    name_en: str
    phone: str
    badge: str
    roles: tuple[str, ...]
    party: str
    team: str
    line_codes: tuple[str, ...]
    place_id: int | None


def read_people(table: Table, *, known: KnownHouse) -> Read[PersonLine]:
    """Return the people of a table; an account that is taken, in the table or outside, is a fault."""
    faults: list[Fault] = []
    lines: list[PersonLine] = []
    first_at: dict[str, int] = {}
    for number, cells in table.rows:
        wrong = missing(number, cells, "people") + lengths(number, cells, _LIMITS)
        username = cells.get("username", "")
        if username in first_at:
            wrong.append(Fault(number, "username", "twice", username, str(first_at[username])))
        elif username in known.taken:
            wrong.append(Fault(number, "username", "taken", username))
        elif username and not _USERNAME.match(username):
            wrong.append(Fault(number, "username", "letters", username))
        first_at.setdefault(username, number)
        roles = []
        for said in parts(cells.get("roles", "")):
            code = _ROLE_OF.get(said.lower(), "")
            if not code:
                wrong.append(Fault(number, "roles", "unknown", said))
            else:
                roles.append(code)
        codes = []
        for said in parts(cells.get("lines", "")):
            found = known.lines.get(said.lower(), "")
            if not found:
                wrong.append(Fault(number, "lines", "unknown", said))
            else:
                codes.append(found)
        place_id = known.places.get(cells.get("place", ""))
        if cells.get("place") and place_id is None:
            wrong.append(Fault(number, "place", "unknown", cells["place"]))
        if IN_TEAM & set(roles) and not cells.get("team"):
            wrong.append(Fault(number, "team", "missing"))
        if OF_PLACE & set(roles) and not cells.get("place"):
            wrong.append(Fault(number, "place", "missing"))
        faults += wrong
        if not wrong:
            party = cells.get("party", "")
            lines.append(
                PersonLine(
                    username=username,
                    name=cells["name"],
                    name_en=cells.get("name_en", ""),
                    phone=cells.get("phone", ""),
                    badge=cells.get("badge", ""),
                    roles=tuple(dict.fromkeys(roles)),
                    party="" if party in known.hospital_names else party,
                    team=cells.get("team", ""),
                    line_codes=tuple(dict.fromkeys(codes)),
                    place_id=place_id,
                )
            )
    return Read(tuple(lines), tuple(faults))
