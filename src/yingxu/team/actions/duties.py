"""Verbs on what people can do and when they are on duty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.refusals import Malformed, NotFound
from yingxu.ground.unit import CommandKey, Unit
from yingxu.standards import library
from yingxu.team.actions.papers import Kept, member_of, where_of_member
from yingxu.team.events import DutySet, SkillsChanged
from yingxu.team.fitness import LEAST_REST, LONGEST_DUTY
from yingxu.team.models import Member
from yingxu.team.refusals import DutyTooLong, TooLittleRest

_HOUR_S = 3600


def change_skills(
    *, person_id: UUID, skills: Mapping[str, int], actor: Actor, at: datetime, command: CommandKey | None = None
) -> Kept:
    """What a person can do, and how well (levels 0 to 4; 0 takes a skill away).

    Records SkillsChanged. Refuses: NotAllowed, NotFound, Malformed. Budget: 3.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        member = member_of(unit, person_id)
        authority.require(actor, "person.manage", where=where_of_member(member))
        known = library.by_code("skills")
        for code, level in skills.items():
            if code not in known:
                raise Malformed(field="skill", problem="unknown")
            if not 0 <= level <= 4:
                raise Malformed(field="skill_level", problem="out_of_range", limit="4")
        kept = {code: level for code, level in skills.items() if level}
        unit.change(member, skills=kept)
        unit.record(
            SkillsChanged(
                site_id=member.site_id,
                subject_id=member.account_id,
                thread_id=member.account_id,
                skills=tuple(f"{code}:{level}" for code, level in sorted(kept.items())),
            )
        )
        unit.answer(Kept(member.uid))
    return unit.answered(Kept)


@dataclass(frozen=True)
class NewDuty:
    """From when to when somebody is on duty, with breaks."""

    person_id: UUID
    starts_at: datetime
    ends_at: datetime
    breaks: tuple[tuple[datetime, datetime], ...] = ()


@dataclass(frozen=True)
class DutiesSet:
    """How many duties were set."""

    n: int


def set_duties(
    *, duties: Sequence[NewDuty], actor: Actor, at: datetime, command: CommandKey | None = None
) -> DutiesSet:
    """These people are on duty in these hours, all or none.

    Nobody is on duty longer than twelve hours, or without eight hours of rest after the duty before.
    Records DutySet for each. Refuses: NotAllowed, NotFound, Malformed, DutyTooLong, TooLittleRest. Budget: 3.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        unit.locking()
        rows = Member.objects.select_related("team", "account").select_for_update(of=("self",)).order_by("id")
        found = {row.account.uid: row for row in rows.filter(account__uid__in=[duty.person_id for duty in duties])}
        for duty in duties:
            member = found.get(duty.person_id)
            if member is None:
                raise NotFound(kind="member", name=str(duty.person_id))
            authority.require(actor, "duty.set", where=where_of_member(member))
            _set(unit, member, duty)
        unit.answer(DutiesSet(len(duties)))
    return unit.answered(DutiesSet)


def _set(unit: Unit, member: Member, duty: NewDuty) -> None:
    if duty.ends_at <= duty.starts_at:
        raise Malformed(field="duty", problem="out_of_order", limit=duty.starts_at.isoformat())
    for begin, end in duty.breaks:
        if not duty.starts_at <= begin < end <= duty.ends_at:
            raise Malformed(field="break", problem="out_of_range", limit=duty.ends_at.isoformat())
    if duty.ends_at - duty.starts_at > LONGEST_DUTY:
        raise DutyTooLong(person=member.account.name, limit_h=int(LONGEST_DUTY.total_seconds()) // _HOUR_S)
    # a duty that begins before the one on record ends replaces it; else that one is the duty before
    is_next = member.duty_to is not None and duty.starts_at >= member.duty_to
    before = member.duty_to if is_next else member.rested_from
    if before is not None and duty.starts_at - before < LEAST_REST:
        hours = int(LEAST_REST.total_seconds()) // _HOUR_S
        raise TooLittleRest(person=member.account.name, limit_h=hours, since=before.isoformat())
    unit.change(
        member,
        duty_from=duty.starts_at,
        duty_to=duty.ends_at,
        rested_from=before,
        breaks=[[begin.isoformat(), end.isoformat()] for begin, end in sorted(duty.breaks)],
    )
    unit.record(
        DutySet(
            site_id=member.site_id,
            subject_id=member.account_id,
            thread_id=member.account_id,
            duty_from=duty.starts_at,
            duty_to=duty.ends_at,
            n_breaks=len(duty.breaks),
        )
    )
