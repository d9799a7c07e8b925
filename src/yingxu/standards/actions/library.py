"""Verbs of the standards: taking over the starter library."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.refusals import Malformed
from yingxu.ground.setting_up import where_of_site
from yingxu.ground.unit import CommandKey, Unit
from yingxu.standards import library, queries
from yingxu.standards.events import EditionPutInForce, LibraryInstalled
from yingxu.standards.models import Calendar, CalendarEdition, Edition, Holiday, Item, Line, Term

_SINCE = date(2000, 1, 1)


@dataclass(frozen=True)
class Installed:
    """What a site took over."""

    n_lines: int
    n_items: int
    n_calendars: int


def install_library(
    *,
    site_id: int,
    holidays: Sequence[tuple[date, str, bool]],
    actor: Actor,
    at: datetime,
    line_codes: Sequence[str] | None = None,
    limits: Mapping[tuple[int, str], int] | None = None,
    command: CommandKey | None = None,
) -> Installed:
    """The site has the library's calendars, lines and items, each item with edition 1 of its standard in force.

    Lines that it has already stay as they are. ``limits``: (priority, milestone) -> seconds, in the place of the
    library's for a class; what an item promises of its own or the law sets stays. ``holidays`` are (date, name, is a
    day off). Records LibraryInstalled and EditionPutInForce.
    Refuses: NotAllowed, Malformed (a limit). Budget: 4 + key blocks.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        authority.require(actor, "catalogue.manage", where=where_of_site(actor, site_id))
        for limit_s in (limits or {}).values():
            if not 60 <= limit_s <= 90 * 86400:
                raise Malformed(field="limit", problem="too_small" if limit_s < 60 else "too_large", limit="90")
        known = set(Line.objects.filter(site_id=site_id).values_list("code", flat=True))
        calendars = _calendars(unit, site_id)
        days = set(Holiday.objects.filter(site_id=site_id).values_list("on", flat=True))
        for on, name, is_off_day in holidays:
            if on in days:
                continue
            unit.insert(Holiday(site_id=site_id, on=on, name=name, is_off_day=is_off_day))
        lines = {
            row["code"]: unit.insert(
                Line(
                    site_id=site_id,
                    code=row["code"],
                    name=row["name_zh"],
                    name_en=row["name_en"],
                    icon=row["icon"],
                    sort=int(row["sort"]),
                    is_transport=row["is_transport"] == "1",
                )
            )
            for row in library.rows("lines")
            if (line_codes is None or row["code"] in line_codes) and row["code"] not in known
        }
        items = [row for row in library.rows("items") if row["line"] in lines]
        chosen, general = limits or {}, frozenset(library.class_terms())
        for row in items:
            item = unit.insert(_item(site_id, lines[row["line"]], row))
            edition = unit.insert(_edition(site_id, item, at))
            for term in library.terms_for(item.code):
                is_of_class = term in general
                unit.insert(
                    Term(
                        edition=edition,
                        priority=term.priority,
                        milestone=term.milestone,
                        place_class=term.place_class,
                        limit_s=chosen.get((term.priority, term.milestone), term.limit_s)
                        if is_of_class and not term.is_legal
                        else term.limit_s,
                        percentile=term.percentile,
                        calendar=calendars[term.calendar],
                        is_pausable=term.is_pausable,
                        is_legal=term.is_legal,
                    )
                )
            unit.record(
                EditionPutInForce(
                    site_id=site_id, subject_id=item.pk, thread_id=item.pk, item_code=item.code, number=edition.number
                )
            )
        done = Installed(len(lines), len(items), len(calendars))
        unit.record(LibraryInstalled(site_id=site_id, subject_id=site_id, thread_id=site_id, **vars(done)))
        unit.answer(done)
    queries.forget()
    return unit.answered(Installed)


def _calendars(unit: Unit, site_id: int) -> dict[str, Calendar]:
    made = {calendar.code: calendar for calendar in Calendar.objects.filter(site_id=site_id)}
    for row in library.rows("calendars"):
        if row["code"] in made:
            continue
        calendar = unit.insert(Calendar(site_id=site_id, code=row["code"], name=row["name_zh"], name_en=row["name_en"]))
        definition = {
            "weekday": [part for part in row["weekday_periods"].split(";") if part],
            "weekend": [part for part in row["weekend_periods"].split(";") if part],
            "follows_holidays": row["follows_public_holidays"] == "1",
        }
        unit.insert(CalendarEdition(calendar=calendar, from_on=_SINCE, definition=definition))
        made[row["code"]] = calendar
    return made


def _item(site_id: int, line: Line, row: dict[str, str]) -> Item:
    return Item(
        site_id=site_id,
        line=line,
        code=row["code"],
        name=row["name_zh"],
        name_en=row["name_en"],
        kind=row["kind"],
        default_priority=int(row["default_priority"]),
        certificates=[code for code in row["certificates"].split(";") if code],
        skill=row["skill"],
        skill_level=int(row["skill_level"] or 0),
        crew=int(row["crew"]),
        minutes=int(row["minutes"]),
        evidence={
            "before_photo": row["needs_before_photo"] == "1",
            "after_photo": row["needs_after_photo"] == "1",
            "arrival_scan": row["needs_arrival_scan"] == "1",
            "extra": [code for code in row["evidence"].split(";") if code],
        },
        is_answered_only=row["answered_only"] == "1",
        is_place_needed=row["place_needed"] == "1",
        advice=row["escalation_zh"],
        advice_en=row["escalation_en"],
        sort=int(row["sort"]),
    )


def _edition(site_id: int, item: Item, at: datetime) -> Edition:
    text = library.procedure(item.code)
    return Edition(
        site_id=site_id,
        item=item,
        number=int(text["edition"]),
        state="in_force",
        goal=text["goal_zh"],
        goal_en=text["goal_en"],
        requirement=text["requirement_zh"],
        requirement_en=text["requirement_en"],
        procedure=text["steps"],
        basis=text["basis"],
        from_at=at,
    )
