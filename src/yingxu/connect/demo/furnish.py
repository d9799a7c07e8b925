"""Furnish the demo hospital with the house's own verbs: places, codes, parties, contracts, library, people, teams."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib.auth.hashers import make_password

from yingxu.connect.demo.handbook import furnish_handbooks
from yingxu.connect.demo.tables import parts, rows
from yingxu.ground import actions as ground
from yingxu.ground.actions import NewAccount, NewHolding, NewPlace
from yingxu.ground.actor import engine
from yingxu.standards import actions as standards
from yingxu.team import actions as team
from yingxu.team.actions import NewMember

SITE = "demo"
#: Everybody's password in the demo.
PASSWORD = "yingxu-demo"
#: The place whose code the demo prints for examples.
EXAMPLE_PLACE = "S-07-W"
_PARTY_KINDS = {"hospital": "hospital", "service_company": "company", "contractor": "contractor"}


@dataclass(frozen=True)
class Furnished:
    """Keys of what stands, by the tables' own codes."""

    site_id: int
    accounts: dict[str, int]
    example_token: str


def furnish(at: datetime, *, holidays: Iterable[tuple[date, str, bool]]) -> Furnished:
    """Build the demo hospital as it stood at ``at``."""
    setup = engine("setup")
    site = ground.set_up_site(
        code=SITE, name="应需示范医院", name_en="Yingxu Demonstration Hospital", desk_phone="8000", actor=setup, at=at
    )
    places = _places(site.id, at)
    issued = ground.issue_tokens(
        site_id=site.id,
        place_codes=[row["code"] for row in rows("places") if row["kind"] not in {"bed", "campus"}],
        actor=setup,
        at=at,
    )
    tokens = {one.place_code: one.token for one in issued.tokens}
    parties = _parties(site.id, places, at)
    standards.install_library(site_id=site.id, holidays=tuple(holidays), actor=setup, at=at)
    accounts = _people(site.id, places, parties, at)
    furnish_handbooks(site.id, at)
    ground.open_site(site_id=site.id, actor=setup, at=at)
    return Furnished(site.id, accounts, tokens[EXAMPLE_PLACE])


def _places(site_id: int, at: datetime) -> dict[str, int]:
    from yingxu.ground import queries

    new = [
        NewPlace(
            code=row["code"],
            parent_code=row["parent_code"],
            kind=row["kind"],
            name=row["name_zh"],
            name_en=row["name_en"],
            place_class=row["place_class"],
            aliases=parts(row["aliases"]),
            floor_no=int(row["floor_no"]) if row["floor_no"] else None,
        )
        for row in rows("places")
    ]
    ground.add_places(site_id=site_id, places=new, actor=engine("setup"), at=at)
    return queries.place_keys(site_id)


def _parties(site_id: int, places: dict[str, int], at: datetime) -> dict[str, int]:
    setup = engine("setup")
    found = {
        row["code"]: ground.add_party(
            site_id=site_id,
            code=row["code"],
            kind=_PARTY_KINDS[row["kind"]],
            name=row["name_zh"],
            name_en=row["name_en"],
            phone=row["duty_phone_ext"],
            actor=setup,
            at=at,
        ).id
        for row in rows("parties")
    }
    from yingxu.standards import library

    for row in library.rows("receivers"):
        ground.add_party(
            site_id=site_id,
            code=row["code"],
            kind="department",
            name=row["name_zh"],
            name_en=row["name_en"],
            actor=setup,
            at=at,
        )
    today = at.date()
    for row in rows("contracts"):
        if row["party"] not in {"JIA", "YI"}:
            continue  # outside makers act on jobs by link, which is not built yet
        for line in parts(row["lines"]):
            ground.sign_contract(
                site_id=site_id,
                party_id=found[row["party"]],
                number=f"{row['code']}-{line}",
                name=row["name_zh"],
                from_on=today - timedelta(days=int(row["starts_days_ago"])),
                to_on=today + timedelta(days=int(row["ends_in_days"]) + 400),
                line_code=line,
                place_id=None if row["place_codes"] == "HQ" else places[parts(row["place_codes"])[0]],
                actor=setup,
                at=at,
            )
    return found


def _people(site_id: int, places: dict[str, int], parties: dict[str, int], at: datetime) -> dict[str, int]:
    setup = engine("setup")
    teams = {
        row["code"]: team.make_team(
            site_id=site_id,
            party_id=parties[row["party"]],
            code=row["code"],
            name=row["name_zh"],
            name_en=row["name_en"],
            line_codes=parts(row["lines"]),
            actor=setup,
            at=at,
        ).id
        for row in rows("teams")
    }
    people = rows("people")
    opened = ground.open_accounts(
        site_id=site_id,
        people=[
            NewAccount(
                username=row["login"],
                name=row["name_zh"],
                name_en=row["name_en"],
                phone=row["phone_ext"],
                holdings=tuple(_holding(role, row, site_id, places, parties, teams) for role in parts(row["roles"])),
            )
            for row in people
        ],
        actor=setup,
        at=at,
        prepared_password=make_password(PASSWORD),
    )
    accounts = dict(zip((row["login"] for row in people), opened.keys, strict=True))
    skills: dict[str, list[tuple[str, int]]] = {}
    for row in rows("person_skills"):
        skills.setdefault(row["login"], []).append((row["skill"], int(row["level"])))
    team.join_teams(
        site_id=site_id,
        members=[
            NewMember(accounts[row["login"]], teams[row["team"]], tuple(skills.get(row["login"], ())), is_present=True)
            for row in people
            if row["team"] and {"WK", "TL"} & set(parts(row["roles"]))
        ],
        actor=setup,
        at=at,
    )
    return accounts


def _holding(
    role: str, row: dict[str, str], site_id: int, places: dict[str, int], parties: dict[str, int], teams: dict[str, int]
) -> NewHolding:
    """Return a role in the scope that the person's post gives it."""
    is_hospital = row["party"] == "HOSP"
    lines = parts(row["lines"])
    return NewHolding(
        role=role,
        site_id=site_id,
        party_id=None if is_hospital else parties[row["party"]],
        line_code=lines[0] if role == "LM" and len(lines) == 1 else "",
        place_id=places[row["place_code"]] if role in {"RQ", "VS"} else None,
        team_id=teams[row["team"]] if row["team"] and role in {"WK", "TL"} else None,
    )
