"""Carrying out a table: what it says is checked against what stands, then done whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from yingxu.ground import actions as ground
from yingxu.ground import authority, queries
from yingxu.ground.actions import NewAccount, NewAsset, NewHolding
from yingxu.ground.actor import Actor
from yingxu.ground.importing import (
    ABOUT_PEOPLE,
    COLUMNS,
    Fault,
    ItemLine,
    KnownAround,
    KnownHouse,
    PersonLine,
    Table,
    read_assets,
    read_catalogue,
    read_people,
    read_places,
    read_table,
)
from yingxu.ground.importing.columns import names_of
from yingxu.ground.queries import SiteRow
from yingxu.ground.setting_up import where_of_site
from yingxu.standards import actions as standards
from yingxu.standards import library
from yingxu.standards import queries as standard_queries
from yingxu.team import actions as team
from yingxu.team import queries as team_queries
from yingxu.team.actions import NewMember
from yingxu.web.assets.words import classes_said, lines_of_classes
from yingxu.web.setup import papers, stock

#: Company roles work for a party; the others are the hospital's.
_IN_TEAM = frozenset({"WK", "TL"})
_OF_PLACE = frozenset({"RQ", "VS"})


@dataclass(frozen=True)
class Plan:
    """What an upload would do."""

    table: str
    lines: tuple[Any, ...]
    faults: tuple[Fault, ...]
    rows: tuple[tuple[int, dict[str, str]], ...]
    unknown_columns: tuple[str, ...]

    @property
    def columns(self) -> tuple[Any, ...]:
        """The columns that stand in the file, in the template's order."""
        used = {code for _, cells in self.rows[:50] for code in cells}
        return tuple(column for column in COLUMNS[self.table] if column.code in used)


def planned(content: bytes, *, table: str, site: SiteRow, actor: Actor, at: datetime) -> Plan:
    """Return what a file would do; nothing stays written. Raises Unreadable for a file that is no table."""
    found = read_table(content, names_of(table))
    read = _READERS[table](found, site)
    refused = papers.tried(table, read.lines, site, actor, at) if table in ABOUT_PEOPLE else ()
    if table == "assets" and not read.faults:
        refused = _of_other_lines(found, read.lines, site, actor)
    if table == "parts":
        refused = stock.refused(read.lines, site, actor, at)
    return Plan(table, read.lines, (*read.faults, *refused), found.rows, found.unknown)


def _read_places(found: Table, site: SiteRow) -> Any:
    classes = {
        name.lower(): row["code"]
        for row in library.rows("place_classes")
        for name in (row["code"], row["name_zh"], row["name_en"])
    }
    return read_places(found, known=queries.place_keys(site.id), classes=classes)


def _read_people(found: Table, site: SiteRow) -> Any:
    hospital = {party.name for party in queries.parties_of(site.id) if party.kind == "hospital"}
    known = KnownHouse(
        taken=queries.taken_names([cells.get("username", "") for _, cells in found.rows]),
        places=queries.place_names(site.id),
        lines=_lines(site),
        hospital_names={*hospital, site.name, "医院", "本院"},
    )
    return read_people(found, known=known)


def _read_catalogue(found: Table, site: SiteRow) -> Any:
    return read_catalogue(found, known=standard_queries.item_codes(site.id), lines=_lines(site))


def _read_assets(found: Table, site: SiteRow) -> Any:
    parties = queries.parties_of(site.id)
    known = KnownAround(
        taken=queries.asset_keys(site.id),
        classes=classes_said(),
        lines=lines_of_classes(),
        places=queries.place_names(site.id),
        parties={name: party.id for party in parties for name in (party.name_en, party.code, party.name) if name},
    )
    return read_assets(found, known=known)


def _of_other_lines(found: Table, lines: Sequence[NewAsset], site: SiteRow, actor: Actor) -> tuple[Fault, ...]:
    """Return the rows whose class another line looks after than the one that the actor keeps the register of."""
    where = where_of_site(actor, site.id)
    kept = {
        line.line_code: authority.may(actor, "asset.manage", where=replace(where, line_code=line.line_code))
        for line in lines
    }
    return tuple(
        Fault(number, "class", "refused", _("another line looks after %(thing)s.") % {"thing": cells["class"]})
        for (number, cells), line in zip(found.rows, lines, strict=True)
        if not kept[line.line_code]
    )


def _lines(site: SiteRow) -> dict[str, str]:
    return {
        name.lower(): line.code
        for line in standard_queries.lines(site.id)
        for name in (line.code, line.name, line.name_en)
    }


_READERS: dict[str, Callable[[Table, SiteRow], Any]] = {
    "places": _read_places,
    "people": _read_people,
    "catalogue": _read_catalogue,
    "assets": _read_assets,
    "parts": stock.read,
    **papers.READERS,
}


def carry_out(plan: Plan, *, site: SiteRow, file_name: str, sha256: str, actor: Actor, at: datetime) -> UUID:
    """Do what a plan without faults says, in one transaction, and note what it brought."""
    with transaction.atomic():
        keys = _DOERS[plan.table](plan.lines, site, actor, at)
        return ground.note_import(
            site_id=site.id,
            table=plan.table,
            file_name=file_name,
            sha256=sha256,
            n_rows=len(plan.lines),
            keys=keys,
            actor=actor,
            at=at,
        ).id


def _do_places(lines: Sequence[Any], site: SiteRow, actor: Actor, at: datetime) -> dict[str, list[int]]:
    ground.add_places(site_id=site.id, places=lines, actor=actor, at=at)
    known = queries.place_keys(site.id)
    return {"place": [known[line.code] for line in lines]}


def _do_catalogue(lines: Sequence[ItemLine], site: SiteRow, actor: Actor, at: datetime) -> dict[str, list[int]]:
    standards.extend_catalogue(
        site_id=site.id,
        lines=(),
        items=[
            standards.NewItem(
                code=line.code,
                name=line.name,
                line_code=line.line_code,
                limit_s=line.limit_s,
                name_en=line.name_en,
                priority=line.priority,
                minutes=line.minutes,
            )
            for line in lines
        ],
        actor=actor,
        at=at,
    )
    known = standard_queries.item_codes(site.id)
    return {"item": [known[line.code] for line in lines]}


def _do_assets(lines: Sequence[NewAsset], site: SiteRow, actor: Actor, at: datetime) -> dict[str, list[int]]:
    ground.add_assets(site_id=site.id, assets=lines, actor=actor, at=at)
    known = queries.asset_keys(site.id)
    return {"asset": [known[line.code] for line in lines]}


def _do_people(lines: Sequence[PersonLine], site: SiteRow, actor: Actor, at: datetime) -> dict[str, list[int]]:
    parties, new_parties = _parties(lines, site, actor, at)
    teams, new_teams = _teams(lines, parties, site, actor, at)
    opened = ground.open_accounts(
        site_id=site.id,
        people=[
            NewAccount(
                username=line.username,
                name=line.name,
                name_en=line.name_en,
                phone=line.phone,
                badge=line.badge,
                has_first_password=True,
                holdings=tuple(_holding(role, line, site.id, parties, teams) for role in line.roles),
            )
            for line in lines
        ],
        actor=actor,
        at=at,
        prepared_password="!",
    )
    members = [
        NewMember(key, teams[line.team])
        for key, line in zip(opened.keys, lines, strict=True)
        if line.team and _IN_TEAM & set(line.roles)
    ]
    if members:
        team.join_teams(site_id=site.id, members=members, actor=actor, at=at)
    return {"account": list(opened.keys), "party": new_parties, "team": new_teams}


def _parties(
    lines: Sequence[PersonLine], site: SiteRow, actor: Actor, at: datetime
) -> tuple[dict[str, int], list[int]]:
    """Return the parties by name, the hospital's own under the empty name; companies that were not known join."""
    known = queries.parties_of(site.id)
    found = {party.name: party.id for party in known}
    hospital = next((party.id for party in known if party.kind == "hospital"), None)
    new: list[int] = []

    def add(code: str, kind: str, name: str) -> int:
        key = ground.add_party(site_id=site.id, code=code, kind=kind, name=name, actor=actor, at=at).id
        new.append(key)
        return key

    if hospital is None and any(line.team and not line.party for line in lines):
        hospital = add("hospital", "hospital", site.name)
    codes = {party.code for party in known}
    for name in dict.fromkeys(line.party for line in lines if line.party and line.party not in found):
        number = next(n for n in range(1, 10_000) if f"C{n}" not in codes)
        codes.add(f"C{number}")
        found[name] = add(f"C{number}", "company", name)
    if hospital is not None:
        found[""] = hospital
    return found, new


def _teams(
    lines: Sequence[PersonLine], parties: dict[str, int], site: SiteRow, actor: Actor, at: datetime
) -> tuple[dict[str, int], list[int]]:
    found = {row.name: row.id for row in team_queries.teams(site.id)}
    codes = {row.code for row in team_queries.teams(site.id)}
    wanted: dict[str, tuple[str, list[str]]] = {}
    for line in lines:
        if line.team and line.team not in found:
            party, served = wanted.setdefault(line.team, (line.party, []))
            served += [code for code in line.line_codes if code not in served]
    new = []
    for name, (party, served) in wanted.items():
        number = next(n for n in range(1, 10_000) if f"T{n}" not in codes)
        codes.add(f"T{number}")
        found[name] = team.make_team(
            site_id=site.id,
            party_id=parties[party],
            code=f"T{number}",
            name=name,
            line_codes=served,
            actor=actor,
            at=at,
        ).id
        new.append(found[name])
    return found, new


def _holding(role: str, line: PersonLine, site_id: int, parties: dict[str, int], teams: dict[str, int]) -> NewHolding:
    return NewHolding(
        role=role,
        site_id=site_id,
        party_id=parties[line.party] if line.party else None,
        line_code=line.line_codes[0] if role == "LM" and len(line.line_codes) == 1 else "",
        place_id=line.place_id if role in _OF_PLACE else None,
        team_id=teams[line.team] if line.team and role in _IN_TEAM else None,
    )


_DOERS: dict[str, papers.Doer] = {
    "places": _do_places,
    "people": _do_people,
    "catalogue": _do_catalogue,
    "assets": _do_assets,
    "parts": stock.bring_in,
    **papers.DOERS,
}
