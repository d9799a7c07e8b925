"""Verbs on what people can do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.refusals import Malformed
from yingxu.ground.unit import CommandKey, Unit
from yingxu.standards import library
from yingxu.team.actions.papers import Kept, member_of, where_of_member
from yingxu.team.events import SkillsChanged


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
