"""The demo's papers: certificates as its table has them, today's duty, a restricted zone, lines' modes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from yingxu.connect.demo.furnish import SITE
from yingxu.connect.demo.tables import parts, rows
from yingxu.dispatch import actions as dispatch
from yingxu.ground import queries
from yingxu.ground.actor import engine
from yingxu.team import actions as team
from yingxu.team import queries as team_queries
from yingxu.team.actions import NewDuty
from yingxu.team.fitness import limits_of

#: Teams whose papers are in, so that they decide; the others still collect theirs, as in a hospital that begins.
GATED = ("lift", "power", "plumbing", "escort")
#: Lines whose workers are sent by themselves, and lines whose workers choose; all others propose to the desk.
MODES = {"ESC": ("automatic", 2), "FUR": ("claim", 2)}


def _people() -> Mapping[str, UUID]:
    found = queries.actors_by_name(row["login"] for row in rows("people"))
    return {login: uid for login, (_, uid) in found.items()}


def furnish_papers(site_id: int, now: datetime) -> None:
    """Certificates, duty, zone and modes as the hospital has them today; from now on they decide."""
    setup, people = engine("setup"), _people()
    of_team = {row["login"]: row["team"] for row in rows("people") if {"WK", "TL"} & set(parts(row["roles"]))}
    for row in rows("person_certificates"):
        if of_team.get(row["login"]) not in GATED:
            continue
        until, review = (
            (now + timedelta(days=int(row[name]))).date() if row[name] else None
            for name in ("valid_in_days", "review_in_days")
        )
        made = team.enter_certificate(
            person_id=people[row["login"]],
            kind_code=row["certificate"],
            number=row["number"],
            issued_on=(now - timedelta(days=int(row["issued_days_ago"]))).date(),
            valid_to=until,
            review_due=review,
            actor=setup,
            at=now,
        )
        if row["verified"] == "1":
            team.verify_certificate(certificate_id=made.id, actor=setup, at=now)
    team.restrict_zone(site_id=site_id, place_code="IF", clearance="infection", actor=setup, at=now)
    for login, name in of_team.items():
        if name in GATED and sum(map(ord, login)) % 2:
            team.change_clearances(person_id=people[login], clearances=["infection"], actor=setup, at=now)
    for line, (mode, limit) in MODES.items():
        dispatch.change_mode(site_id=site_id, line_code=line, mode=mode, hold_limit=limit, actor=setup, at=now)
    keep_duties(now)
    names = {row["code"]: row["name_zh"] for row in rows("teams")}
    for gate in team_queries.gates(site_id):
        if gate.name in {names[code] for code in GATED}:
            team.start_gates(team_id=gate.uid, actor=setup, at=now)


def keep_duties(now: datetime) -> None:
    """Whoever's duty ends soon is on duty for the hours to come: the demo's afternoon has no evening."""
    people = _people()
    site = queries.site_by_code(SITE)
    workers = {row["login"] for row in rows("people") if row["team"] and {"WK", "TL"} & set(parts(row["roles"]))}
    known = {
        row.uid: row.fitness.standing(now).duty_to
        for row in team_queries.people(engine("setup"), site.id, at=now, limit=1000).rows
    }
    limits = limits_of("work")
    longest, rest = timedelta(hours=limits["longest_h"]), timedelta(hours=limits["rest_after_h"])
    duties = []
    for login in sorted(workers):
        ends = known.get(people[login])
        if people[login] not in known or (ends is not None and ends > now + timedelta(hours=2)):
            continue
        starts = now - timedelta(hours=1)
        if ends is not None and ends <= starts < ends + rest:
            starts = ends - timedelta(minutes=1)  # the same duty, longer: the demo's people do not go home
        lunch = now + timedelta(hours=3)
        last = starts + longest
        breaks = ((lunch, lunch + timedelta(minutes=30)),) if lunch + timedelta(minutes=30) <= last else ()
        duties.append(NewDuty(people[login], starts, last, breaks))
    if duties:
        team.set_duties(duties=duties, actor=engine("setup"), at=now)
