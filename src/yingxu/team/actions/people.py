"""Verbs of the team: teams, members, presence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.refusals import NotFound
from yingxu.ground.setting_up import where_of_site
from yingxu.ground.unit import CommandKey, Unit
from yingxu.team.events import MemberJoined, PresenceChanged, TeamMade
from yingxu.team.models import Member, Team


@dataclass(frozen=True)
class MadeTeam:
    """The key of a new team."""

    id: int


def make_team(
    *,
    site_id: int,
    party_id: int,
    code: str,
    name: str,
    line_codes: Sequence[str],
    actor: Actor,
    at: datetime,
    name_en: str = "",
) -> MadeTeam:
    """A team of a party serves the lines. Records TeamMade. Refuses: NotAllowed. Budget: 1."""
    with Unit(actor=actor, at=at) as unit:
        authority.require(actor, "person.manage", where=where_of_site(actor, site_id, party_ids=(party_id,)))
        team = unit.insert(
            Team(site_id=site_id, party_id=party_id, code=code, name=name, name_en=name_en, line_codes=list(line_codes))
        )
        unit.record(
            TeamMade(site_id=site_id, subject_id=team.pk, thread_id=team.pk, code=code, line_codes=tuple(line_codes))
        )
        unit.answer(MadeTeam(team.pk))
    return unit.answered(MadeTeam)


@dataclass(frozen=True)
class NewMember:
    """A person to put into a team."""

    account_id: int
    team_id: int
    skills: tuple[tuple[str, int], ...] = ()
    is_present: bool = False


@dataclass(frozen=True)
class Joined:
    """How many joined."""

    n: int


def join_teams(*, site_id: int, members: Sequence[NewMember], actor: Actor, at: datetime) -> Joined:
    """The people work in their teams, also those whom a role put into one when they were opened.

    Records MemberJoined for each. Refuses: NotAllowed, also for another company's team; NotFound (a team).
    Budget: 3 + key blocks.
    """
    with Unit(actor=actor, at=at) as unit:
        parties = dict(Team.objects.filter(site_id=site_id).values_list("id", "party_id"))
        for new in members:
            if new.team_id not in parties:
                raise NotFound(kind="team", name=str(new.team_id))
        for party_id in {parties[new.team_id] for new in members}:
            authority.require(actor, "person.manage", where=where_of_site(actor, site_id, party_ids=(party_id,)))
        known = {row.account_id: row for row in Member.objects.filter(account__in=[new.account_id for new in members])}
        for new in members:
            row = known.get(new.account_id)
            was_there = row is not None and row.team_id == new.team_id
            skills, is_present = dict(new.skills), new.is_present
            if row is not None:
                unit.change(row, team_id=new.team_id, skills=skills, is_present=is_present)
            else:
                unit.insert(
                    Member(
                        site_id=site_id,
                        account_id=new.account_id,
                        team_id=new.team_id,
                        skills=skills,
                        is_present=is_present,
                        joined_at=at,
                    )
                )
            if not was_there:
                key = new.account_id
                unit.record(MemberJoined(site_id=site_id, subject_id=key, thread_id=key, team_id=new.team_id))
        unit.answer(Joined(len(members)))
    return unit.answered(Joined)


def change_presence(
    *, account_id: int, is_present: bool, actor: Actor, at: datetime, command: CommandKey | None = None
) -> Joined:
    """The person is at work, or no longer. Oneself, or the team leader. Records PresenceChanged. Budget: 2."""
    with Unit(actor=actor, at=at, command=command) as unit:
        member = Member.objects.select_related("team").filter(account_id=account_id).first()
        where = Where(
            member.site_id if member else None,
            team_ids=(member.team_id,) if member else (),
            owner_ids=(account_id,),
            party_ids=(member.team.party_id,) if member else (),
        )
        authority.require(actor, "presence.change", where=where)
        if member is None:
            raise NotFound(kind="member", name=str(account_id))
        unit.change(member, is_present=is_present)
        unit.record(
            PresenceChanged(site_id=member.site_id, subject_id=account_id, thread_id=account_id, is_present=is_present)
        )
        unit.answer(Joined(1))
    return unit.answered(Joined)
