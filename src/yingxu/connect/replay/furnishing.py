"""What a log needs to stand on at the site: its places, lines and items, and hands that its work went through."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from yingxu.connect.assess.log import ServiceLog
from yingxu.connect.refusal import BadInput
from yingxu.connect.replay.telling import catalogue_of, place_code, places_of
from yingxu.ground import actions as ground
from yingxu.ground import queries as ground_queries
from yingxu.ground.actions import NewAccount, NewHolding, NewPlace
from yingxu.ground.actor import engine
from yingxu.ground.models import Account, Party, Place
from yingxu.ground.queries import SiteRow
from yingxu.ground.refusals import NotFound
from yingxu.standards import actions as standards
from yingxu.team import actions as team
from yingxu.team import queries as team_queries
from yingxu.team.actions import NewMember

_SLUG = re.compile(r"[A-Za-z0-9_-]{1,32}")
ROOT = "log"
NAME_LIMIT = 120


@dataclass(frozen=True)
class Ground:
    """The site as the log's cases need it: which places are known, and per line the two hands that work goes to."""

    site_id: int
    places: frozenset[str]
    hands: dict[str, tuple[UUID, UUID]]


def site_for(code: str, log: ServiceLog, *, at: datetime) -> tuple[SiteRow, bool]:
    """Return the site, and whether it was made now; refuses: BadInput for a code that can't be one."""
    try:
        return ground_queries.site_by_code(code), False
    except NotFound:
        pass
    if not _SLUG.fullmatch(code):
        raise BadInput(f"--site {code!r}: a site's code is 1 to 32 letters, digits, - or _")
    made = ground.set_up_site(code=code, name=code, timezone=log.zone.name, actor=engine("setup"), at=at)
    standards.install_library(site_id=made.id, holidays=(), actor=engine("setup"), at=at)
    return ground_queries.site_by_id(made.id), True


def furnish(site: SiteRow, log: ServiceLog, *, at: datetime) -> Ground:
    """Make at the site what the log names and the site lacks; a second run finds everything there."""
    setup = engine("setup")
    lines, items = catalogue_of(log)
    standards.extend_catalogue(site_id=site.id, lines=lines, items=items, actor=setup, at=at)
    places = _places(site, places_of(log), at=at)
    hands = _hands(site, {line.code: line.name for line in lines}, at=at)
    return Ground(site.id, places, hands)


def _places(site: SiteRow, names: list[str], *, at: datetime) -> frozenset[str]:
    known = set(Place.objects.filter(site_id=site.id).values_list("code", flat=True))
    new = [NewPlace(place_code(name), ROOT, "point", name[:NAME_LIMIT]) for name in names]
    new = [place for place in new if place.code not in known]
    if new and ROOT not in known:
        new.insert(0, NewPlace(ROOT, "", "campus", "日志中的地点", "Places of the log"))
    if new:
        ground.add_places(site_id=site.id, places=new, actor=engine("setup"), at=at)
    return frozenset(known | {place.code for place in new})


def _hands(site: SiteRow, lines: dict[str, str], *, at: datetime) -> dict[str, tuple[UUID, UUID]]:
    """Each line has a team with two hands: work that changed hands in the log goes from one to the other."""
    setup = engine("setup")
    party_id = Party.objects.filter(site_id=site.id, code=ROOT).values_list("id", flat=True).first()
    if party_id is None:
        party_id = ground.add_party(
            site_id=site.id,
            code=ROOT,
            kind="company",
            name="日志中的班组",
            name_en="Teams of the log",
            actor=setup,
            at=at,
        ).id
    teams = {row.code: row.id for row in team_queries.teams(site.id)}
    people: list[tuple[str, str, int]] = []
    for code, name in lines.items():
        own = f"log-{code}"
        if own in teams:
            continue
        teams[own] = team.make_team(
            site_id=site.id, party_id=party_id, code=own, name=name, line_codes=(code,), actor=setup, at=at
        ).id
        people += [(_username(site, code, n), name if n == 0 else f"{name} 2"[:64], teams[own]) for n in (0, 1)]
    if people:
        opened = ground.open_accounts(
            site_id=site.id,
            people=[
                NewAccount(
                    username=username,
                    name=name,
                    holdings=(NewHolding("WK", site_id=site.id, party_id=party_id, team_id=team_id),),
                )
                for username, name, team_id in people
            ],
            actor=setup,
            at=at,
            prepared_password="!",
        )
        members = [NewMember(key, person[2]) for key, person in zip(opened.keys, people, strict=True)]
        team.join_teams(site_id=site.id, members=members, actor=setup, at=at)
    uids = dict(Account.objects.filter(username__startswith=f"log-{site.code}-").values_list("username", "uid"))
    return {code: (uids[_username(site, code, 0)], uids[_username(site, code, 1)]) for code in lines}


def _username(site: SiteRow, line: str, n: int) -> str:
    return f"log-{site.code}-{line}-{n + 1}"
