"""Questions to the calendars. They are kept in the process by their newest edition."""

from __future__ import annotations

from threading import Lock

from django.db.models import Max

from yingxu.core.hours import Calendar as CoreCalendar
from yingxu.ground.models import Site
from yingxu.ground.refusals import NotFound
from yingxu.standards.models import Calendar, CalendarEdition, Holiday
from yingxu.standards.snapshots import calendar_of

_calendars: dict[int, tuple[int, CoreCalendar]] = {}
_calendar_lock = Lock()


def calendar_by_id(calendar_id: int) -> CoreCalendar:
    """Return a calendar as a core value. Budget: none once it is known to this process, three queries before.

    A calendar gains editions for days to come; :func:`forget_calendars` is called by the verb that adds one, and a
    process that did not run that verb reads anew when it starts or within a minute (the worker's tick).
    """
    known = _calendars.get(calendar_id)
    if known is not None:
        return known[1]
    return _load_calendar(calendar_id)


def _load_calendar(calendar_id: int) -> CoreCalendar:
    site = Site.objects.filter(pk__in=Calendar.objects.filter(pk=calendar_id).values("site")).first()
    if site is None:
        raise NotFound(kind="calendar", name=str(calendar_id))
    editions = list(CalendarEdition.objects.filter(calendar_id=calendar_id).values_list("id", "from_on", "definition"))
    holidays = Holiday.objects.filter(site=site).values_list("on", "is_off_day")
    value = calendar_of(site.timezone, [(from_on, definition) for _, from_on, definition in editions], holidays)
    with _calendar_lock:
        _calendars[calendar_id] = (max(key for key, _, _ in editions), value)
    return value


def refresh_calendars() -> None:
    """Forget calendars that gained an edition. Budget: one query."""
    newest = dict(CalendarEdition.objects.values_list("calendar_id").annotate(newest=Max("id")))
    with _calendar_lock:
        for key in [key for key, (edition, _) in _calendars.items() if newest.get(key) != edition]:
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
