"""Tables about people: tried out by the verbs themselves and rolled back, then carried out by the same verbs.

What is shown before anything is done is therefore what will happen, rests and rights included.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from yingxu.ground.actor import Actor
from yingxu.ground.importing import (
    CertificateLine,
    DutyLine,
    Fault,
    KnownPeople,
    SkillLine,
    Table,
    read_certificates,
    read_duties,
    read_skills,
)
from yingxu.ground.queries import SiteRow
from yingxu.ground.refusals import Refusal
from yingxu.standards import library
from yingxu.team import actions as team
from yingxu.team import queries as team_queries
from yingxu.team.actions import NewDuty
from yingxu.web import errors

Doer = Callable[[Sequence[Any], SiteRow, Actor, datetime], dict[str, list[Any]]]


class Refused(Exception):
    """The verb of one row refused; carries the fault that says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def _known(site: SiteRow) -> KnownPeople:
    return KnownPeople(*team_queries.names_of_members(site.id))


def _codes(table: str) -> dict[str, str]:
    """Return what people call a row of the library -> its code."""
    found: dict[str, str] = {}
    for row in library.rows(table):
        for name in (row["code"], row["name_zh"], row["name_en"]):
            found.setdefault(name.lower(), row["code"])
    return found


def _read_certificates(found: Table, site: SiteRow) -> Any:
    kinds = _codes("certificates")
    # people write the kind without what it is kept under: 低压电工 for 特种作业操作证—低压电工
    for name, code in list(kinds.items()):
        for part in name.split("—")[1:]:
            kinds.setdefault(part, code)
    return read_certificates(found, known=_known(site), kinds=kinds)


def _read_skills(found: Table, site: SiteRow) -> Any:
    return read_skills(found, known=_known(site), skills=_codes("skills"))


def _duty_kinds() -> dict[str, str]:
    kinds = _codes("duty_kinds")
    # people write the kind without what it is explained by: 值班 for 值班（在岗可休息）
    return {**{name.partition("（")[0]: code for name, code in kinds.items()}, **kinds}


def _read_duties(found: Table, site: SiteRow) -> Any:
    return read_duties(found, known=_known(site), zone=ZoneInfo(site.timezone), kinds=_duty_kinds())


READERS: dict[str, Callable[[Table, SiteRow], Any]] = {
    "certificates": _read_certificates,
    "skills": _read_skills,
    "duties": _read_duties,
}


def _one(line: Any, verb: Callable[..., Any], **words: Any) -> Any:
    """Carry out one row; raises Refused with the row's number and the refusal in words."""
    try:
        return verb(**words)
    except Refusal as why:
        raise Refused(Fault(line.row, "person", "refused", errors.sentence(why))) from why


def _do_certificates(
    lines: Sequence[CertificateLine], site: SiteRow, actor: Actor, at: datetime
) -> dict[str, list[Any]]:
    kept = [
        _one(
            line,
            team.enter_certificate,
            person_id=line.person_id,
            kind_code=line.kind_code,
            number=line.number,
            scope=line.scope,
            issued_on=line.issued_on,
            valid_to=line.valid_to,
            review_due=line.review_due,
            actor=actor,
            at=at,
        ).id
        for line in lines
    ]
    return {"certificate": team_queries.certificate_keys(kept)}


def _do_skills(lines: Sequence[SkillLine], site: SiteRow, actor: Actor, at: datetime) -> dict[str, list[Any]]:
    people = list(dict.fromkeys(line.person_id for line in lines))
    before, skills = team_queries.as_they_stand(people), team_queries.skills_of(people)
    for person in people:
        own = [line for line in lines if line.person_id == person]
        chosen = {**skills[person], **{line.skill_code: line.level for line in own}}
        _one(own[0], team.change_skills, person_id=person, skills=chosen, actor=actor, at=at)
    return {"standing": _changed(before, team_queries.as_they_stand(people), ("skills",))}


def _do_duties(lines: Sequence[DutyLine], site: SiteRow, actor: Actor, at: datetime) -> dict[str, list[Any]]:
    made: list[Any] = []
    ended: list[Any] = []
    for line in lines:
        duty = NewDuty(line.person_id, line.starts_at, line.ends_at, line.breaks, line.kind)
        done = _one(line, team.set_duties, duties=[duty], actor=actor, at=at)
        made += done.ids
        ended += done.ended
    return {"duty": team_queries.duty_keys(made), "duty_replaced": team_queries.duty_keys(ended)}


def _changed(
    before: dict[int, dict[str, Any]], after: dict[int, dict[str, Any]], names: Sequence[str]
) -> list[dict[str, Any]]:
    """Return how each person stood and stands, for taking it back."""
    return [
        {
            "member": member,
            "before": {name: was[name] for name in names},
            "after": {name: after[member][name] for name in names},
        }
        for member, was in before.items()
    ]


DOERS: dict[str, Doer] = {"certificates": _do_certificates, "skills": _do_skills, "duties": _do_duties}


class _Enough(Exception):
    """The trial is over: everything it did is rolled back."""


#: So many rows are named that a verb would refuse; mend these first.
_FAULTS = 20


def tried(table: str, lines: Sequence[Any], site: SiteRow, actor: Actor, at: datetime) -> tuple[Fault, ...]:
    """Return what the verbs would refuse of a table. Nothing stays of it: whatever the trial did is rolled back."""
    faults: list[Fault] = []
    left = list(lines)
    while left and len(faults) < _FAULTS:
        try:
            with transaction.atomic():
                DOERS[table](left, site, actor, at)
                raise _Enough
        except _Enough:
            break
        except Refused as why:
            faults.append(why.fault)
            bad = next(line for line in left if line.row == why.fault.row)
            left = [
                line for line in left if line is not bad and not (table == "skills" and line.person_id == bad.person_id)
            ]
    return tuple(faults)
