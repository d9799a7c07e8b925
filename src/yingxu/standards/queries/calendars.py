"""Questions to the calendars.

A calendar is kept in the process in all its versions: what was known of it when. A clock reads the version that was
known when it started, so that an edit never moves a limit that somebody was told.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, datetime
from threading import Lock
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Min

from yingxu.core.hours import Calendar as CoreCalendar
from yingxu.ground.models import Site
from yingxu.ground.refusals import NotFound
from yingxu.standards.models import Calendar, CalendarEdition, Holiday, Term
from yingxu.standards.snapshots import calendar_of


@dataclass(frozen=True)
class _Versions:
    """A calendar as it was known: ``values[i]`` from ``since[i - 1]`` on."""

    mark: tuple[Any, ...]
    since: tuple[datetime, ...]
    values: tuple[CoreCalendar, ...]


_calendars: dict[int, _Versions] = {}
_calendar_lock = Lock()


def calendar_by_id(calendar_id: int, *, known_at: datetime | None = None) -> CoreCalendar:
    """Return a calendar as it was known at a moment; None: as it is known now.

    Budget: none once it is known to this process, three queries before. :func:`refresh_calendars` forgets those that
    changed; the verb that changes one runs it, other processes within a minute (the worker's tick, a web page's).
    """
    known = _calendars.get(calendar_id) or _load_calendar(calendar_id)
    if known_at is None:
        return known.values[-1]
    return known.values[bisect_right(known.since, known_at)]


def _load_calendar(calendar_id: int) -> _Versions:
    site = Site.objects.filter(pk__in=Calendar.objects.filter(pk=calendar_id).values("site")).first()
    if site is None:
        raise NotFound(kind="calendar", name=str(calendar_id))
    editions = list(
        CalendarEdition.objects.filter(calendar_id=calendar_id).values_list(
            "from_on", "definition", "made_at", "withdrawn_at"
        )
    )
    holidays = list(Holiday.objects.filter(site=site).values_list("on", "is_off_day", "made_at", "withdrawn_at"))
    moments = sorted({moment for row in (*editions, *holidays) for moment in row[2:] if moment is not None})
    values: list[CoreCalendar] = []
    for moment in (None, *moments):
        standing = [(on, what) for on, what, *life in editions if _stands(life, moment)]
        # a calendar that was made later was, before that, as it was first made
        standing = standing or [(on, what) for on, what, *_ in editions[:1]]
        values.append(
            calendar_of(
                site.timezone, standing, [(on, is_off) for on, is_off, *life in holidays if _stands(life, moment)]
            )
        )
    known = _Versions(_mark(editions, holidays), tuple(moments), tuple(values))
    with _calendar_lock:
        _calendars[calendar_id] = known
    return known


def calendar_with(calendar_id: int, *, from_on: date, definition: dict[str, Any]) -> CoreCalendar:
    """Return a calendar as it would be with other hours from a date on; nothing is kept. Budget: three queries."""
    site = Site.objects.get(pk__in=Calendar.objects.filter(pk=calendar_id).values("site"))
    editions = CalendarEdition.objects.filter(calendar_id=calendar_id, withdrawn_at=None).exclude(from_on=from_on)
    holidays = Holiday.objects.filter(site=site, withdrawn_at=None)
    return calendar_of(
        site.timezone,
        [*editions.values_list("from_on", "definition"), (from_on, definition)],
        holidays.values_list("on", "is_off_day"),
    )


def _stands(life: list[datetime | None], at: datetime | None) -> bool:
    made_at, withdrawn_at = life
    if at is None:
        return made_at is None
    return (made_at is None or made_at <= at) and (withdrawn_at is None or withdrawn_at > at)


def _mark(editions: list[Any], holidays: list[Any]) -> tuple[Any, ...]:
    """Return what changes with every edit: how many rows there are, and how many were withdrawn."""
    return (
        len(editions),
        sum(row[3] is not None for row in editions),
        len(holidays),
        sum(row[3] is not None for row in holidays),
    )


def refresh_calendars() -> None:
    """Forget calendars that were edited. Budget: three queries."""
    sites = dict(Calendar.objects.filter(pk__in=list(_calendars)).values_list("id", "site_id"))
    editions = {
        key: (n, n_withdrawn)
        for key, n, n_withdrawn in CalendarEdition.objects.values_list("calendar_id").annotate(
            n=Count("id"), n_withdrawn=Count("withdrawn_at")
        )
    }
    holidays = {
        key: (n, n_withdrawn)
        for key, n, n_withdrawn in Holiday.objects.values_list("site_id").annotate(
            n=Count("id"), n_withdrawn=Count("withdrawn_at")
        )
    }
    with _calendar_lock:
        for key in list(_calendars):
            if _calendars[key].mark != (*editions.get(key, (0, 0)), *holidays.get(sites.get(key, 0), (0, 0))):
                del _calendars[key]


def calendar_id(site_id: int, code: str) -> int:
    """Return a calendar's key; refuses: NotFound. Budget: one query."""
    key = Calendar.objects.filter(site_id=site_id, code=code).values_list("id", flat=True).first()
    if key is None:
        raise NotFound(kind="calendar", name=code)
    return key


def forget() -> None:
    """Forget the calendars kept in the process. Budget: no query."""
    with _calendar_lock:
        _calendars.clear()


_NAMED = ("id", "uid", "code", "name", "name_en")


@dataclass(frozen=True)
class CalendarRow:
    """A calendar in a list. ``n_terms``: promise terms in force that run by it."""

    id: int
    uid: UUID
    code: str
    name: str
    name_en: str
    n_editions: int
    latest_on: date | None
    n_terms: int


def calendars(site_id: int) -> tuple[CalendarRow, ...]:
    """Return a site's calendars in the order of making. Budget: two queries."""
    rows = list(
        Calendar.objects.filter(site_id=site_id).order_by("id").values_list("id", "uid", "code", "name", "name_en")
    )
    editions = {
        key: (n, latest)
        for key, n, latest in CalendarEdition.objects.filter(calendar__site_id=site_id, withdrawn_at=None)
        .values_list("calendar_id")
        .annotate(n=Count("id"), latest=Max("from_on"))
    }
    terms = dict(
        Term.objects.filter(edition__site_id=site_id, edition__state="in_force")
        .values_list("calendar_id")
        .annotate(n=Count("id"))
    )
    return tuple(CalendarRow(*row, *editions.get(row[0], (0, None)), terms.get(row[0], 0)) for row in rows)


@dataclass(frozen=True)
class CalendarEditionRow:
    """One edition: what holds from a date on. ``is_first``: since ever."""

    uid: UUID
    from_on: date
    definition: dict[str, Any]
    made_at: datetime | None
    withdrawn_at: datetime | None
    reason: str
    is_first: bool


@dataclass(frozen=True)
class CalendarDetail:
    """A calendar with its editions, newest effective date first; withdrawn ones among them."""

    id: int
    uid: UUID
    code: str
    name: str
    name_en: str
    editions: tuple[CalendarEditionRow, ...]

    def in_force(self, on: date) -> CalendarEditionRow:
        """Return the edition that holds on a date."""
        standing = [row for row in self.editions if row.withdrawn_at is None]
        return next((row for row in standing if row.from_on <= on), standing[-1])


def calendar_detail(site_id: int, code: str) -> CalendarDetail:
    """Return a calendar with its editions; refuses: NotFound. Budget: two queries."""
    row = (
        Calendar.objects.filter(site_id=site_id, code=code).values_list("id", "uid", "code", "name", "name_en").first()
    )
    if row is None:
        raise NotFound(kind="calendar", name=code)
    found = list(
        CalendarEdition.objects.filter(calendar_id=row[0])
        .order_by("-from_on", "-id")
        .values_list("uid", "from_on", "definition", "made_at", "withdrawn_at", "reason")
    )
    first = min((edition[1] for edition in found if edition[4] is None), default=None)
    return CalendarDetail(*row, tuple(CalendarEditionRow(*edition, edition[1] == first) for edition in found))


@dataclass(frozen=True)
class HolidayRow:
    """A day off, or a working day made up for one."""

    uid: UUID
    on: date
    name: str
    is_off_day: bool


def holidays(site_id: int, *, from_on: date, to_on: date) -> tuple[HolidayRow, ...]:
    """Return a site's standing holidays and make-up days in [from_on, to_on). Budget: one query."""
    rows = Holiday.objects.filter(site_id=site_id, withdrawn_at=None, on__gte=from_on, on__lt=to_on).order_by("on")
    return tuple(HolidayRow(*row) for row in rows.values_list("uid", "on", "name", "is_off_day"))


def holiday_years(site_id: int) -> tuple[int, int] | None:
    """Return the first and last year of which a site knows holidays; None when it knows none. Budget: one query."""
    found = Holiday.objects.filter(site_id=site_id, withdrawn_at=None).aggregate(first=Min("on"), last=Max("on"))
    return None if found["first"] is None else (found["first"].year, found["last"].year)
