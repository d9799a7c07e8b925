"""The pages of the service hours."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yingxu.core.hours import Calendar
from yingxu.ground import authority
from yingxu.ground.authority import Where
from yingxu.ground.refusals import Refusal
from yingxu.standards import actions, holidays
from yingxu.standards import queries as standards
from yingxu.standards.actions import Hours
from yingxu.standards.queries import CalendarDetail
from yingxu.web import errors
from yingxu.web.calendars.forms import Typed, day_of
from yingxu.web.calendars.weeks import WEEKS, due, week_said, weekday_names, weeks
from yingxu.web.inside import Inside, command_of, inside, new_command

#: The limit that the page asks about unless told otherwise, hours.
LIMIT_H = 4.0
_LONGEST_H = 2000.0


@never_cache
@require_safe
@inside
def calendars(request: HttpRequest, here: Inside) -> HttpResponse:
    return _list(request, here)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@inside
def new_calendar(request: HttpRequest, here: Inside) -> HttpResponse:
    if request.method != "POST":
        authority.require(here.actor, "calendar.manage", where=_where(here))
        return _new(request, here, Typed(weekday="08:00-12:00, 14:00-18:00", follows_holidays=True))
    typed = Typed.of_post(request.POST)
    try:
        made = actions.make_calendar(
            site_id=here.site.id,
            code=typed.code,
            name=typed.name,
            name_en=typed.name_en,
            hours=typed.hours(),
            actor=here.actor,
            at=here.at,
            command=command_of(request),
        )
    except Refusal as refusal:
        return _new(request, here, typed, trouble=_words(refusal), status=refusal.status)
    return redirect("web:calendar", code=made.code)


@never_cache
@require_safe
@inside
def calendar(request: HttpRequest, here: Inside, code: str) -> HttpResponse:
    return _one(request, here, code)


@require_POST
@inside
def edit(request: HttpRequest, here: Inside, code: str) -> HttpResponse:
    typed = Typed.of_post(request.POST)
    is_trial = "try" in request.POST
    try:
        hours, from_on = typed.hours(), typed.on()
        if is_trial:
            return _one(request, here, code, typed=typed, trial=(from_on, hours))
        actions.edit_calendar(
            site_id=here.site.id,
            code=code,
            from_on=from_on,
            hours=hours,
            reason=typed.reason,
            actor=here.actor,
            at=here.at,
            command=command_of(request),
        )
    except Refusal as refusal:
        return _one(request, here, code, typed=typed, trouble=_words(refusal), status=refusal.status)
    return redirect("web:calendar", code=code)


@require_POST
@inside
def withdraw(request: HttpRequest, here: Inside, code: str, edition_id: UUID) -> HttpResponse:
    actions.withdraw_calendar_edit(
        site_id=here.site.id,
        code=code,
        edition_id=edition_id,
        actor=here.actor,
        at=here.at,
        command=command_of(request),
    )
    return redirect("web:calendar", code=code)


@require_POST
@inside
def take_over(request: HttpRequest, here: Inside) -> HttpResponse:
    year = request.POST.get("year", "")
    try:
        actions.take_over_holidays(
            site_id=here.site.id,
            name=request.POST.get("set", ""),
            year=int(year) if year.isdigit() else 0,
            actor=here.actor,
            at=here.at,
            command=command_of(request),
        )
    except Refusal as refusal:
        return _list(request, here, trouble=_words(refusal), status=refusal.status)
    return redirect("web:calendars")


@require_POST
@inside
def add_day(request: HttpRequest, here: Inside) -> HttpResponse:
    try:
        actions.add_holiday(
            site_id=here.site.id,
            on=day_of(request.POST.get("on", ""), "on"),
            name=request.POST.get("name", ""),
            is_off_day=request.POST.get("kind") != "worked",
            actor=here.actor,
            at=here.at,
            command=command_of(request),
        )
    except Refusal as refusal:
        return _list(request, here, trouble=_words(refusal), status=refusal.status)
    return redirect("web:calendars")


@require_POST
@inside
def withdraw_day(request: HttpRequest, here: Inside, holiday_id: UUID) -> HttpResponse:
    actions.withdraw_holiday(
        site_id=here.site.id, holiday_id=holiday_id, actor=here.actor, at=here.at, command=command_of(request)
    )
    return redirect("web:calendars")


def _words(refusal: Refusal) -> str:
    """Return the sentence of a refusal that the page itself shows; what must not be seen goes on up."""
    if refusal.status in {403, 404}:
        raise refusal
    return errors.sentence(refusal)


def _where(here: Inside) -> Where:
    return Where(site_id=here.site.id)


def _list(request: HttpRequest, here: Inside, *, trouble: str = "", status: int = 200) -> HttpResponse:
    authority.require(here.actor, "standard.read", where=_where(here))
    today = _today(here)
    known = standards.holiday_years(here.site.id)
    values = {
        "calendars": standards.calendars(here.site.id),
        "days_off": standards.holidays(here.site.id, from_on=today, to_on=today + timedelta(days=400)),
        "today": today,
        "known_until": known[1] if known else None,
        "years": [year for year in holidays.years("cn") if year >= today.year],
        "posted": request.POST,
        "may_edit": _may_edit(here),
        "command": new_command(),
        "trouble": trouble,
        "now": here.at,
    }
    return render(request, "web/calendars/list.html", values, status=status)


def _new(request: HttpRequest, here: Inside, typed: Typed, *, trouble: str = "", status: int = 200) -> HttpResponse:
    values = {
        "typed": typed,
        "day_names": tuple(zip(typed.days, weekday_names(), strict=True)),
        "command": request.POST.get("command", "") or new_command(),
        "trouble": trouble,
        "now": here.at,
    }
    return render(request, "web/calendars/new.html", values, status=status)


def _one(
    request: HttpRequest,
    here: Inside,
    code: str,
    *,
    typed: Typed | None = None,
    trial: tuple[date, Hours] | None = None,
    trouble: str = "",
    status: int = 200,
) -> HttpResponse:
    """Show a calendar: its hours, the coming weeks, what a limit becomes, its editions, the form of a change."""
    authority.require(here.actor, "standard.read", where=_where(here))
    found = standards.calendar_detail(here.site.id, code)
    today = _today(here)
    core = standards.calendar_by_id(found.id)
    if trial is not None:
        core = standards.calendar_with(found.id, from_on=trial[0], definition=actions.definition_of(trial[1]))
    typed = typed or Typed.of_definition(found.in_force(today).definition, from_on=today + timedelta(days=1))
    standing = [row for row in found.editions if row.withdrawn_at is None]
    horizon = today + timedelta(days=7 * WEEKS)
    values: dict[str, Any] = {
        "calendar": found,
        "hours": week_said(found.in_force(today).definition),
        "follows_holidays": bool(found.in_force(today).definition.get("follows_holidays")),
        "day_heads": weekday_names(),
        "weeks": weeks(
            core,
            today,
            days_off=standards.holidays(here.site.id, from_on=today - timedelta(days=7), to_on=horizon),
            changes_on=[*(row.from_on for row in standing if not row.is_first), *((trial[0],) if trial else ())],
        ),
        "editions": [(row, week_said(row.definition), _life(found, row.from_on, today)) for row in found.editions],
        "typed": typed,
        "day_names": tuple(zip(typed.days, weekday_names(), strict=True)),
        "is_trial": trial is not None,
        "may_edit": _may_edit(here),
        "command": request.POST.get("command", "") or new_command(),
        "trouble": trouble,
        "now": here.at,
        **_asked(request, here, core),
    }
    return render(request, "web/calendars/one.html", values, status=status)


def _life(found: CalendarDetail, from_on: date, today: date) -> str:
    """Return whether an edition is still to come, holds now, or is over."""
    if from_on > today:
        return "coming"
    return "holds" if found.in_force(today).from_on == from_on else "over"


def _asked(request: HttpRequest, here: Inside, core: Calendar) -> dict[str, Any]:
    """Return the answer to "from then, so many hours: by when?"."""
    zone = ZoneInfo(here.site.timezone)
    try:
        hours = min(_LONGEST_H, max(0.0, float(request.GET.get("hours", "") or LIMIT_H)))
    except ValueError:
        hours = LIMIT_H
    try:
        given = datetime.fromisoformat(request.GET.get("from", "")).replace(tzinfo=zone)
    except ValueError:
        given = here.at.astimezone(zone)
    return {
        "due": due(core, given, int(hours * 3600)),
        "asked_hours": f"{hours:g}",
        "asked_from": given.strftime("%Y-%m-%dT%H:%M"),
    }


def _today(here: Inside) -> date:
    return here.at.astimezone(ZoneInfo(here.site.timezone)).date()


def _may_edit(here: Inside) -> bool:
    return authority.may(here.actor, "calendar.manage", where=_where(here))
