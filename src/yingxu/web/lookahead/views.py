"""The calendar: the next ninety days, what is to be made ready, the year by month."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from yingxu.ground import authority
from yingxu.ground.authority import Where
from yingxu.ground.refusals import Malformed
from yingxu.upkeep import queries
from yingxu.upkeep.queries import OccasionRow, PreparationPage, PreparationRow
from yingxu.web import words as house
from yingxu.web.inside import Inside, inside
from yingxu.web.lookahead import words

PAGE = 25
#: What lies so many days ahead stands in the line of time.
SPAN = 90


@dataclass(frozen=True)
class Line:
    """A preparation as a list shows it."""

    row: PreparationRow
    state: str
    tone: str
    icon: str
    due: str
    left: str
    line: str


@dataclass(frozen=True)
class Coming:
    """An occasion as the calendar shows it; the bar is of so many days: preparing from, coming from, to."""

    row: OccasionRow
    kind: str
    icon: str
    when: str
    tone: str
    days: str
    n_all: int
    lead_from: int
    lead_n: int
    from_n: int
    span_n: int


def today_of(here: Inside) -> date:
    """Return the site's day."""
    return here.at.astimezone(ZoneInfo(here.site.timezone)).date()


def told(row: PreparationRow, today: date) -> Line:
    """Return a preparation in words."""
    tone, icon = words.TONES[row.shown]
    left = words.days_left(row.days_left) if row.shown in {"open", "near", "late"} else ""
    due = words.day(row.due_on, of=today)
    return Line(row, words.state_name(row.shown), tone, icon, due, left, house.line_name(row.line_code))


def drawn(row: OccasionRow, today: date) -> Coming:
    """Return an occasion in words, and its bar within the span."""
    when, tone = words.coming(row, today=today)
    days = ""
    lead_from = lead_n = from_n = span_n = 0
    if row.begins_on is not None and row.ends_on is not None:
        days = words.day(row.begins_on, of=today)
        if row.ends_on > row.begins_on:
            days = f"{days} – {words.day(row.ends_on, of=today)}"
        from_n = _within(row.begins_on, today)
        span_n = max(_within(row.ends_on + timedelta(days=1), today) - from_n, 1 if from_n < SPAN else 0)
        lead_from = _within(row.opens_on or row.begins_on, today)
        lead_n = from_n - lead_from
    n_all = row.n_open + row.n_ready
    icon = words.ICONS[row.kind]
    return Coming(row, words.kind_name(row.kind), icon, when, tone, days, n_all, lead_from, lead_n, from_n, span_n)


def _within(on: date, today: date) -> int:
    return min(max((on - today).days, 0), SPAN)


def page_of(here: Inside, after: str, *, shown: str, occasion_id: UUID | None = None) -> PreparationPage:
    """Return a page of preparations; the first one for a cursor that is none."""

    def asked(cursor: str) -> PreparationPage:
        return queries.preparations(
            here.actor,
            here.site.id,
            today=today_of(here),
            shown=shown,
            occasion_id=occasion_id,
            after=cursor,
            limit=PAGE,
        )

    try:
        return asked(after)
    except Malformed:
        return asked("")


@never_cache
@require_safe
@inside
def lookahead(request: HttpRequest, here: Inside) -> HttpResponse:
    today = today_of(here)
    shown = request.GET.get("show", "open")
    shown = shown if shown in queries.SHOWN else "open"
    after = request.GET.get("after", "")
    rows = queries.occasions(here.actor, here.site.id, today=today)
    page = page_of(here, after, shown=shown)
    every = [drawn(row, today) for row in rows]
    values = {
        "soon": [one for one in every if _is_soon(one.row, today)],
        "months": _by_month(every, today),
        "past": [one for one in every if one.row.begins_on is None],
        "scale": [words.day(today + timedelta(days=n), of=today) for n in (0, 30, 60, SPAN)],
        "lines": [told(row, today) for row in page.rows],
        "next": page.next,
        "is_first": not after,
        "tabs": [(code, words.shown_name(code), code == shown) for code in queries.SHOWN],
        "shown": shown,
        "may_keep": authority.may(here.actor, "lookahead.keep", where=Where(here.site.id)),
        "is_empty": not rows,
        "now": here.at,
    }
    return render(request, "web/lookahead/calendar.html", values)


def _is_soon(row: OccasionRow, today: date) -> bool:
    if row.begins_on is None:
        return False
    opens_on = row.opens_on or row.begins_on
    return min(opens_on, row.begins_on) <= today + timedelta(days=SPAN)


def _by_month(every: Iterable[Coming], today: date) -> list[tuple[str, list[Coming]]]:
    """Return a year from this month on; what has begun stands in this month."""
    months: dict[date, list[Coming]] = {}
    for n in range(12):
        years, month = divmod(today.month - 1 + n, 12)
        months[date(today.year + years, month + 1, 1)] = []
    for one in every:
        if one.row.begins_on is not None:
            first = max(one.row.begins_on, today).replace(day=1)
            if first in months:
                months[first].append(one)
    return [(words.month(on), found) for on, found in months.items()]


@never_cache
@require_safe
@inside
def count(request: HttpRequest, here: Inside) -> HttpResponse:
    authority.require(here.actor, "lookahead.read", where=Where(here.site.id))
    n = queries.n_alarms(here.actor, here.site.id, today=today_of(here))
    return render(request, "web/unanswered/count.html", {"n": n, "is_alarm": n > 0})
