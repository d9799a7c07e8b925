"""Verbs of the calendars: service hours by effective date, days off and the working days made up for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from yingxu.core.hours import Edition as CoreEdition
from yingxu.core.hours import HoursRefusal, Period
from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.models import Site
from yingxu.ground.refusals import Malformed, NotFound
from yingxu.ground.setting_up import where_of_site
from yingxu.ground.unit import CommandKey, Unit
from yingxu.standards import holidays as sets
from yingxu.standards import queries
from yingxu.standards.events import (
    CalendarEdited,
    CalendarEditWithdrawn,
    CalendarMade,
    HolidayAdded,
    HolidaysTakenOver,
    HolidayWithdrawn,
)
from yingxu.standards.models import Calendar, CalendarEdition, Holiday
from yingxu.standards.refusals import AlreadyPlanned, BadHours, EffectiveInPast, NothingToWithdraw
from yingxu.standards.snapshots import week_of

_ACTION = "calendar.manage"
_NAME_LIMIT, _CODE_LIMIT, _REASON_LIMIT = 64, 32, 300


@dataclass(frozen=True)
class Hours:
    """Service hours as people write them: periods like ``22:00-06:00``, which ends on the next day.

    ``days`` are single weekdays (0 = Monday) with hours of their own, ``exceptions`` single dates; no period is closed.
    """

    weekday: tuple[str, ...]
    weekend: tuple[str, ...]
    days: tuple[tuple[int, tuple[str, ...]], ...] = ()
    follows_holidays: bool = False
    exceptions: tuple[tuple[date, tuple[str, ...]], ...] = ()


def definition_of(hours: Hours) -> dict[str, Any]:
    """Return hours as they are stored. Refuses: BadHours (overlap, no open hour, no such time, a date said twice)."""
    seen: set[date] = set()
    for on, _texts in hours.exceptions:
        if on in seen:
            raise BadHours(problem="hours.calendar.date_said_twice", on=on.isoformat())
        seen.add(on)
    definition: dict[str, Any] = {
        "weekday": _said(hours.weekday, ""),
        "weekend": _said(hours.weekend, ""),
        "follows_holidays": hours.follows_holidays,
    }
    if hours.days:
        definition["days"] = {str(day): _said(texts, str(day)) for day, texts in hours.days}
    if hours.exceptions:
        definition["exceptions"] = {
            on.isoformat(): _said(texts, on.isoformat()) for on, texts in sorted(hours.exceptions)
        }
        for on, texts in definition["exceptions"].items():
            _check({0: texts} if texts else {0: ["00:00-24:00"]}, on)
    _check(week_of(definition), "")
    return definition


def _said(texts: tuple[str, ...], on: str) -> list[str]:
    """Return periods in their one spelling; refuses: BadHours."""
    found = []
    for text in texts:
        opens, dash, closes = text.replace("\u2013", "-").replace("：", ":").partition("-")
        if not dash:
            raise BadHours(problem="hours.period.bad_minute", on=on, first=text)
        try:
            found.append(str(Period(opens.strip(), closes.strip())))
        except HoursRefusal as wrong:
            raise BadHours(problem=wrong.code, on=on, first=text) from wrong
    return found


def _check(week: Any, on: str) -> None:
    try:
        CoreEdition.of({day: _pairs(periods) for day, periods in week.items()})
    except HoursRefusal as wrong:
        where = on or str(getattr(wrong, "weekday", None) or ("0" if hasattr(wrong, "weekday") else ""))
        first, second = str(getattr(wrong, "first", "")), str(getattr(wrong, "second", ""))
        raise BadHours(problem=wrong.code, on=where, first=first, second=second) from wrong


def _pairs(periods: Any) -> list[tuple[str, str]]:
    return [_pair(one) if isinstance(one, str) else one for one in periods]


def _pair(period: str) -> tuple[str, str]:
    opens, _dash, closes = period.partition("-")
    return opens, closes


@dataclass(frozen=True)
class CalendarSaid:
    """A calendar after a change: its code, and from when the change holds."""

    id: UUID
    code: str
    from_on: str


def make_calendar(
    *,
    site_id: int,
    code: str,
    name: str,
    hours: Hours,
    actor: Actor,
    at: datetime,
    name_en: str = "",
    command: CommandKey | None = None,
) -> CalendarSaid:
    """The site has service hours of a new name, which promise terms can run by.

    Records CalendarMade. Refuses: NotAllowed, Malformed (code, name), AlreadyPlanned (the code is taken), BadHours.
    Budget: 3.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        authority.require(actor, _ACTION, where=where_of_site(actor, site_id))
        code, name = code.strip(), name.strip()
        if not code or not code.replace("_", "").isalnum() or not code.isascii():
            raise Malformed(field="code", problem="wrong_type" if code else "missing")
        if len(code) > _CODE_LIMIT:
            raise Malformed(field="code", problem="too_long", limit=str(_CODE_LIMIT))
        if not name or len(name) > _NAME_LIMIT:
            raise Malformed(field="name", problem="too_long" if name else "missing", limit=str(_NAME_LIMIT))
        definition = definition_of(hours)
        if Calendar.objects.filter(site_id=site_id, code=code).exists():
            raise AlreadyPlanned(kind="calendar", on=code)
        today = _today(site_id, at)
        calendar = unit.insert(Calendar(site_id=site_id, code=code, name=name, name_en=name_en.strip()[:_NAME_LIMIT]))
        unit.insert(CalendarEdition(calendar=calendar, from_on=today, definition=definition, made_at=at))
        unit.record(
            CalendarMade(site_id=site_id, subject_id=calendar.pk, thread_id=calendar.pk, calendar_code=code, name=name)
        )
        unit.answer(CalendarSaid(calendar.uid, code, today.isoformat()))
    return unit.answered(CalendarSaid)


def edit_calendar(
    *,
    site_id: int,
    code: str,
    from_on: date,
    hours: Hours,
    actor: Actor,
    at: datetime,
    reason: str = "",
    command: CommandKey | None = None,
) -> CalendarSaid:
    """From a date on other hours hold; days before it stay, and clocks that run keep the hours they started with.

    Records CalendarEdited. Refuses: NotAllowed, NotFound, EffectiveInPast, AlreadyPlanned (another change takes effect
    on that date), BadHours. Budget: 4.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        authority.require(actor, _ACTION, where=where_of_site(actor, site_id))
        calendar = _calendar(site_id, code)
        definition = definition_of(hours)
        _refuse_past(site_id, from_on, at)
        if CalendarEdition.objects.filter(calendar=calendar, from_on=from_on, withdrawn_at=None).exists():
            raise AlreadyPlanned(kind="calendar_edition", on=from_on.isoformat())
        unit.insert(
            CalendarEdition(
                calendar=calendar,
                from_on=from_on,
                definition=definition,
                made_at=at,
                reason=reason.strip()[:_REASON_LIMIT],
            )
        )
        unit.record(
            CalendarEdited(
                site_id=site_id,
                subject_id=calendar.pk,
                thread_id=calendar.pk,
                calendar_code=code,
                name=calendar.name,
                from_on=from_on.isoformat(),
                reason=reason.strip()[:_REASON_LIMIT],
            )
        )
        unit.answer(CalendarSaid(calendar.uid, code, from_on.isoformat()))
    queries.refresh_calendars()
    return unit.answered(CalendarSaid)


def withdraw_calendar_edit(
    *, site_id: int, code: str, edition_id: UUID, actor: Actor, at: datetime, command: CommandKey | None = None
) -> CalendarSaid:
    """A change of hours that is still to come will not take effect.

    Records CalendarEditWithdrawn. Refuses: NotAllowed, NotFound, NothingToWithdraw (it holds already). Budget: 4.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        authority.require(actor, _ACTION, where=where_of_site(actor, site_id))
        calendar = _calendar(site_id, code)
        row = CalendarEdition.objects.filter(calendar=calendar, uid=edition_id, withdrawn_at=None).first()
        if row is None:
            raise NotFound(kind="calendar_edition", name=str(edition_id))
        if row.from_on <= _today(site_id, at):
            raise NothingToWithdraw(kind="calendar_edition", on=row.from_on.isoformat())
        unit.change(row, seen=["withdrawn_at"], withdrawn_at=at)
        unit.record(
            CalendarEditWithdrawn(
                site_id=site_id,
                subject_id=calendar.pk,
                thread_id=calendar.pk,
                calendar_code=code,
                name=calendar.name,
                from_on=row.from_on.isoformat(),
            )
        )
        unit.answer(CalendarSaid(calendar.uid, code, row.from_on.isoformat()))
    queries.refresh_calendars()
    return unit.answered(CalendarSaid)


@dataclass(frozen=True)
class HolidaysSaid:
    """Days that joined; days that the site knew already stay as they were and are not among them."""

    n_added: int
    n_known: int


def take_over_holidays(
    *, site_id: int, name: str, year: int, actor: Actor, at: datetime, command: CommandKey | None = None
) -> HolidaysSaid:
    """The site has a year's statutory days off and make-up days, from today on; days that it knows stay as they are.

    Records HolidaysTakenOver. Refuses: NotAllowed, UnknownHolidaySet, EffectiveInPast (the year is over). Budget: 3 +
    key blocks.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        authority.require(actor, _ACTION, where=where_of_site(actor, site_id))
        given = sets.days_of(name, year)
        today = _today(site_id, at)
        coming = [day for day in given if day.on >= today]
        if not coming:
            raise EffectiveInPast(from_on=given[-1].on.isoformat(), today=today.isoformat())
        standing = Holiday.objects.filter(site_id=site_id, withdrawn_at=None, on__year=year)
        known = set(standing.values_list("on", flat=True))
        fresh = [day for day in coming if day.on not in known]
        for day in fresh:
            unit.insert(Holiday(site_id=site_id, on=day.on, name=day.name, is_off_day=day.is_off_day, made_at=at))
        if fresh:
            unit.record(
                HolidaysTakenOver(
                    site_id=site_id,
                    subject_id=site_id,
                    thread_id=site_id,
                    holiday_set=name,
                    year=year,
                    n_days=len(fresh),
                )
            )
        unit.answer(HolidaysSaid(len(fresh), len(coming) - len(fresh)))
    queries.refresh_calendars()
    return unit.answered(HolidaysSaid)


def add_holiday(
    *,
    site_id: int,
    on: date,
    name: str,
    is_off_day: bool,
    actor: Actor,
    at: datetime,
    command: CommandKey | None = None,
) -> HolidaysSaid:
    """One more day off, or one made up for, at the site; calendars that follow holidays follow it.

    Records HolidayAdded. Refuses: NotAllowed, Malformed (name), EffectiveInPast, AlreadyPlanned. Budget: 3.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        authority.require(actor, _ACTION, where=where_of_site(actor, site_id))
        name = name.strip()
        if not name or len(name) > _CODE_LIMIT:
            raise Malformed(field="name", problem="too_long" if name else "missing", limit=str(_CODE_LIMIT))
        _refuse_past(site_id, on, at)
        if Holiday.objects.filter(site_id=site_id, on=on, withdrawn_at=None).exists():
            raise AlreadyPlanned(kind="holiday", on=on.isoformat())
        unit.insert(Holiday(site_id=site_id, on=on, name=name, is_off_day=is_off_day, made_at=at))
        unit.record(
            HolidayAdded(
                site_id=site_id,
                subject_id=site_id,
                thread_id=site_id,
                on=on.isoformat(),
                name=name,
                is_off_day=is_off_day,
            )
        )
        unit.answer(HolidaysSaid(1, 0))
    queries.refresh_calendars()
    return unit.answered(HolidaysSaid)


def withdraw_holiday(
    *, site_id: int, holiday_id: UUID, actor: Actor, at: datetime, command: CommandKey | None = None
) -> HolidaysSaid:
    """A day off, or a made-up day, that is still to come is an ordinary day again.

    Records HolidayWithdrawn. Refuses: NotAllowed, NotFound, NothingToWithdraw (the day has come). Budget: 3.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        authority.require(actor, _ACTION, where=where_of_site(actor, site_id))
        row = Holiday.objects.filter(site_id=site_id, uid=holiday_id, withdrawn_at=None).first()
        if row is None:
            raise NotFound(kind="holiday", name=str(holiday_id))
        if row.on <= _today(site_id, at):
            raise NothingToWithdraw(kind="holiday", on=row.on.isoformat())
        unit.change(row, seen=["withdrawn_at"], withdrawn_at=at)
        unit.record(
            HolidayWithdrawn(
                site_id=site_id, subject_id=site_id, thread_id=site_id, on=row.on.isoformat(), name=row.name
            )
        )
        unit.answer(HolidaysSaid(0, 1))
    queries.refresh_calendars()
    return unit.answered(HolidaysSaid)


def _calendar(site_id: int, code: str) -> Calendar:
    row = Calendar.objects.filter(site_id=site_id, code=code).first()
    if row is None:
        raise NotFound(kind="calendar", name=code)
    return row


def _today(site_id: int, at: datetime) -> date:
    zone = Site.objects.values_list("timezone", flat=True).get(pk=site_id)
    return at.astimezone(ZoneInfo(zone)).date()


def _refuse_past(site_id: int, on: date, at: datetime) -> None:
    today = _today(site_id, at)
    if on < today:
        raise EffectiveInPast(from_on=on.isoformat(), today=today.isoformat())
