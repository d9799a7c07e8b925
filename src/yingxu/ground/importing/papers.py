"""Tables about people who are known already: certificates, skills, duties."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from yingxu.ground.importing.columns import Fault, Read, lengths, missing, parts
from yingxu.ground.importing.tables import Table

_LIMITS = {"number": 64, "scope": 120}
_DAY = re.compile(r"^(\d{4})\s*[-/.年]?\s*(\d{1,2})\s*[-/.月]?\s*(\d{1,2})\s*日?(?:[ T]0?0:00(?::00)?)?$")
_CLOCK = re.compile(r"^(?:\d{4}-\d{2}-\d{2}[ T])?(\d{1,2})[:：点时](\d{2})?(?::\d{2})?分?$")


@dataclass(frozen=True)
class KnownPeople:
    """The people who can be named: whatever names one of them -> the person; names that several share."""

    by_name: Mapping[str, UUID]
    shared: frozenset[str] = frozenset()


@dataclass(frozen=True)
class CertificateLine:
    """A certificate of the table."""

    row: int
    person_id: UUID
    kind_code: str
    number: str
    scope: str
    issued_on: date | None
    valid_to: date | None
    review_due: date | None


@dataclass(frozen=True)
class SkillLine:
    """A skill of the table, with its level (0 takes it away)."""

    row: int
    person_id: UUID
    skill_code: str
    level: int


@dataclass(frozen=True)
class DutyLine:
    """A duty of the table."""

    row: int
    person_id: UUID
    starts_at: datetime
    ends_at: datetime
    breaks: tuple[tuple[datetime, datetime], ...]
    kind: str = "work"


def read_day(said: str) -> date | None:
    """Return the day that a cell says: 2026-03-01, 2026/3/1, 2026.3.1, 20260301, 2026年3月1日; nothing when none."""
    found = _DAY.match(said.strip())
    try:
        return date(*(int(part) for part in found.groups())) if found else None
    except ValueError:
        return None


def read_clock(said: str) -> timedelta | None:
    """Return the time of day that a cell says, from midnight: 08:00, 8：00, 8点, 24:00; nothing when none."""
    found = _CLOCK.match(said.strip())
    if found is None:
        return None
    hours, minutes = int(found[1]), int(found[2] or 0)
    return timedelta(hours=hours, minutes=minutes) if hours * 60 + minutes <= 1440 and minutes < 60 else None


def _person(number: int, cells: dict[str, str], known: KnownPeople, wrong: list[Fault]) -> UUID | None:
    said = cells.get("person", "")
    found = known.by_name.get(said.lower())
    if said and found is None:
        wrong.append(Fault(number, "person", "several" if said.lower() in known.shared else "unknown", said))
    return found


def _day(number: int, cells: dict[str, str], code: str, wrong: list[Fault]) -> date | None:
    said = cells.get(code, "")
    found = read_day(said) if said else None
    if said and found is None:
        wrong.append(Fault(number, code, "no_day", said))
    return found


def read_certificates(table: Table, *, known: KnownPeople, kinds: Mapping[str, str]) -> Read[CertificateLine]:
    """Return the certificates of a table; ``kinds``: what people call a kind (lower case) -> its code."""
    faults: list[Fault] = []
    lines: list[CertificateLine] = []
    first_at: dict[tuple[UUID, str, str], int] = {}
    for number, cells in table.rows:
        wrong = missing(number, cells, "certificates") + lengths(number, cells, _LIMITS)
        person = _person(number, cells, known, wrong)
        kind = kinds.get(cells.get("kind", "").lower(), "")
        if cells.get("kind") and not kind:
            wrong.append(Fault(number, "kind", "unknown", cells["kind"]))
        issued, valid, review = (_day(number, cells, code, wrong) for code in ("issued_on", "valid_to", "review_due"))
        if issued is not None and valid is not None and valid < issued:
            wrong.append(Fault(number, "valid_to", "before", cells["valid_to"], cells["issued_on"]))
        if person is not None and not wrong:
            key = (person, kind, cells["number"])
            if key in first_at:
                wrong.append(Fault(number, "number", "twice", cells["number"], str(first_at[key])))
            first_at.setdefault(key, number)
        faults += wrong
        if person is not None and not wrong:
            scope = cells.get("scope", "")
            lines.append(CertificateLine(number, person, kind, cells["number"], scope, issued, valid, review))
    return Read(tuple(lines), tuple(faults))


def read_skills(table: Table, *, known: KnownPeople, skills: Mapping[str, str]) -> Read[SkillLine]:
    """Return the skills of a table; ``skills``: what people call a skill (lower case) -> its code."""
    faults: list[Fault] = []
    lines: list[SkillLine] = []
    first_at: dict[tuple[UUID, str], int] = {}
    for number, cells in table.rows:
        wrong = missing(number, cells, "skills")
        person = _person(number, cells, known, wrong)
        code = skills.get(cells.get("skill", "").lower(), "")
        if cells.get("skill") and not code:
            wrong.append(Fault(number, "skill", "unknown", cells["skill"]))
        said = cells.get("level", "").removesuffix("级").removesuffix(".0")
        level = int(said) if said.isascii() and said.isdigit() and len(said) < 4 else None
        if cells.get("level") and level is None:
            wrong.append(Fault(number, "level", "no_number", cells["level"]))
        elif level is not None and level > 4:
            wrong.append(Fault(number, "level", "out_of_range", cells["level"], "4"))
        if person is not None and (person, code) in first_at and not wrong:
            wrong.append(Fault(number, "skill", "twice", cells["skill"], str(first_at[person, code])))
        faults += wrong
        if person is not None and level is not None and not wrong:
            first_at[person, code] = number
            lines.append(SkillLine(number, person, code, level))
    return Read(tuple(lines), tuple(faults))


def read_duties(
    table: Table, *, known: KnownPeople, zone: ZoneInfo, kinds: Mapping[str, str] | None = None
) -> Read[DutyLine]:
    """Return the duties of a table on the site's clock, as many a person as it has; two that overlap are a fault.

    ``kinds``: what people call a kind of duty (lower case) -> its code; an empty cell is ordinary work.
    """
    faults: list[Fault] = []
    lines: list[DutyLine] = []
    of_person: dict[UUID, list[DutyLine]] = {}
    for number, cells in table.rows:
        wrong = missing(number, cells, "duties")
        person = _person(number, cells, known, wrong)
        day = _day(number, cells, "on", wrong)
        clocks = {}
        for code in ("from", "to"):
            clocks[code] = read_clock(cells.get(code, ""))
            if cells.get(code) and clocks[code] is None:
                wrong.append(Fault(number, code, "no_clock", cells[code]))
        pauses = _breaks(number, cells, wrong)
        said = cells.get("kind", "")
        kind = (kinds or {}).get(said.lower(), "") if said else "work"
        if not kind:
            wrong.append(Fault(number, "kind", "unknown", said))
        faults += wrong
        begin, end = clocks["from"], clocks["to"]
        if person is None or day is None or begin is None or end is None or wrong:
            continue
        midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
        breaks = tuple((midnight + _within(begin, a), midnight + _within(begin, b)) for a, b in pauses)
        line = DutyLine(number, person, midnight + begin, midnight + _after(begin, end), breaks, kind)
        own = of_person.setdefault(person, [])
        before = next((one for one in own if one.starts_at < line.ends_at and line.starts_at < one.ends_at), None)
        if before is not None:
            faults.append(Fault(number, "person", "twice", cells["person"], str(before.row)))
            continue
        own.append(line)
        lines.append(line)
    return Read(tuple(lines), tuple(faults))


def _after(begin: timedelta, end: timedelta) -> timedelta:
    return end if end > begin else end + timedelta(days=1)


def _within(begin: timedelta, moment: timedelta) -> timedelta:
    """A moment of a duty that may go past midnight."""
    return moment if moment >= begin else moment + timedelta(days=1)


def _breaks(number: int, cells: dict[str, str], wrong: list[Fault]) -> list[tuple[timedelta, timedelta]]:
    found = []
    for said in parts(cells.get("break", "")):
        ends = [read_clock(part) for part in re.split(r"[-–—~～至到]", said)]
        if len(ends) == 2 and ends[0] is not None and ends[1] is not None:
            found.append((ends[0], ends[1]))
        else:
            wrong.append(Fault(number, "break", "no_clock", said))
    return found
