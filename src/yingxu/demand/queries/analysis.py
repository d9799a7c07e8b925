"""What is asked for: by line, item, place, hour of the week, month; and the requests behind each figure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import BooleanField, Count, ExpressionWrapper, Q, QuerySet
from django.db.models.functions import ExtractHour, ExtractIsoWeekDay, TruncDate, TruncHour, TruncMonth

from yingxu.demand.models import Request
from yingxu.demand.queries.pages import RequestRow, rows_of
from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where

#: Ways to count, each with the columns that name a row.
KEYS = {
    "line": ("line_code",),
    "item": ("item__code", "item__name", "item__name_en"),
    "place": ("department__code", "department__full_name", "department__full_name_en"),
    "channel": ("channel",),
    "priority": ("priority",),
}


@dataclass(frozen=True)
class Asked:
    """The filters of every analysis page: a span, and what narrows it. Empty and None do not narrow."""

    from_at: datetime
    to_at: datetime
    timezone: str
    line: str = ""
    item: str = ""
    place: str = ""
    priority: int | None = None
    channel: str = ""
    weekday: int | None = None
    hour: int | None = None
    month: str = ""
    unfit: bool = False


@dataclass(frozen=True)
class CountRow:
    """How many were asked for of one kind."""

    code: str
    name: str
    name_en: str
    n: int


def _rows(actor: Actor, site_id: int, asked: Asked) -> QuerySet[Request]:
    authority.require(actor, "report.read", where=Where(site_id, line_code=asked.line))
    rows = Request.objects.filter(
        authority.visible(actor), site_id=site_id, created_at__gte=asked.from_at, created_at__lt=asked.to_at
    )
    zone = ZoneInfo(asked.timezone)
    if asked.line:
        rows = rows.filter(line_code="" if asked.line == "-" else asked.line)
    if asked.item:
        rows = rows.filter(item=None) if asked.item == "-" else rows.filter(item__code=asked.item)
    if asked.place:
        rows = rows.filter(department=None) if asked.place == "-" else rows.filter(department__code=asked.place)
    if asked.priority is not None:
        rows = rows.filter(priority=asked.priority)
    if asked.channel:
        rows = rows.filter(channel=asked.channel)
    if asked.weekday is not None:
        rows = rows.alias(day=ExtractIsoWeekDay("created_at", tzinfo=zone)).filter(day=asked.weekday + 1)
    if asked.hour is not None:
        rows = rows.alias(hour=ExtractHour("created_at", tzinfo=zone)).filter(hour=asked.hour)
    if asked.month:
        first = datetime.strptime(asked.month, "%Y-%m").replace(tzinfo=zone)
        after = first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
        rows = rows.filter(created_at__gte=first, created_at__lt=after)
    return rows.filter(_UNFIT) if asked.unfit else rows


#: What no item or standard fits: without an item, under the general ones, or passed on because it is not ours.
_UNFIT = Q(item=None) | Q(line_code="GEN") | Q(state__in=["declined", "transferred"])


def counted(actor: Actor, site_id: int, asked: Asked, *, by: str, limit: int = 200) -> tuple[CountRow, ...]:
    """Return counts by line, item, place, channel or priority, most first. Refuses: NotAllowed. Budget: one query."""
    columns = KEYS[by]
    rows = _rows(actor, site_id, asked).order_by().values_list(*columns).annotate(n=Count("id"))
    found = []
    for row in rows.order_by("-n", *columns)[:limit]:
        code, *names = row[:-1]
        name, name_en = (names[0] or "", names[1] or "") if names else ("", "")
        found.append(CountRow("" if code is None else str(code), name, name_en, row[-1]))
    return tuple(found)


def by_hour_of_week(actor: Actor, site_id: int, asked: Asked) -> tuple[int, ...]:
    """Return 168 counts by the site's clock, Monday first. Refuses: NotAllowed. Budget: one query."""
    zone = ZoneInfo(asked.timezone)
    rows = _rows(actor, site_id, asked).order_by()
    counts = [0] * 168
    rows = rows.annotate(of_day=ExtractIsoWeekDay("created_at", tzinfo=zone))
    rows = rows.annotate(of_hour=ExtractHour("created_at", tzinfo=zone))
    for day, hour, n in rows.values_list("of_day", "of_hour").annotate(n=Count("id")):
        counts[(day - 1) * 24 + hour] = n
    return tuple(counts)


def by_month(actor: Actor, site_id: int, asked: Asked) -> tuple[CountRow, ...]:
    """Return counts by month of the site's calendar, oldest first. Refuses: NotAllowed. Budget: one query."""
    rows = _rows(actor, site_id, asked).order_by()
    rows = rows.annotate(of_month=TruncMonth("created_at", tzinfo=ZoneInfo(asked.timezone)))
    found = rows.values_list("of_month").annotate(n=Count("id")).order_by("of_month")
    return tuple(CountRow(month.strftime("%Y-%m"), "", "", n) for month, n in found)


def by_day(actor: Actor, site_id: int, asked: Asked) -> tuple[CountRow, ...]:
    """Return counts by day of the site's calendar, oldest first. Refuses: NotAllowed. Budget: one query."""
    rows = _rows(actor, site_id, asked).order_by()
    rows = rows.annotate(of_day=TruncDate("created_at", tzinfo=ZoneInfo(asked.timezone)))
    found = rows.values_list("of_day").annotate(n=Count("id")).order_by("of_day")
    return tuple(CountRow(day.isoformat(), "", "", n) for day, n in found)


def requests_behind(
    actor: Actor, site_id: int, asked: Asked, *, after: int | None = None, limit: int = 50
) -> tuple[RequestRow, ...]:
    """Return the requests that a figure counts, newest first. Refuses: NotAllowed. Budget: one query."""
    rows = _rows(actor, site_id, asked)
    if after is not None:
        rows = rows.filter(pk__lt=after)
    return rows_of(rows.order_by("-id")[:limit])


def requests_by_key(actor: Actor, site_id: int, keys: tuple[int, ...]) -> tuple[RequestRow, ...]:
    """Return these requests as far as the actor may see them, newest first. Budget: one query."""
    rows = Request.objects.filter(authority.visible(actor), site_id=site_id, pk__in=keys)
    return rows_of(rows.order_by("-id"))


def hours_asked(
    actor: Actor, site_id: int, *, from_at: datetime, to_at: datetime, timezone: str
) -> Iterator[tuple[str, datetime, int]]:
    """Yield (line, hour on the site's clock, how many) for the forecast. Budget: one query."""
    rows = Request.objects.filter(
        authority.visible(actor), site_id=site_id, created_at__gte=from_at, created_at__lt=to_at
    )
    of_hour = TruncHour("created_at", tzinfo=ZoneInfo(timezone))
    found = rows.order_by().annotate(of_hour=of_hour).values_list("line_code", "of_hour").annotate(n=Count("id"))
    yield from found.iterator(chunk_size=5_000)


@dataclass(frozen=True)
class SaidRow:
    """A request's words, for groups of unfamiliar ones."""

    key: int
    text: str
    is_unfit: bool
    #: The hospital said no to it: the standard does not give what was asked for.
    is_declined: bool
    created_at: datetime


def last_said(actor: Actor, site_id: int, *, from_at: datetime, limit: int) -> tuple[SaidRow, ...]:
    """Return the newest requests' words since a moment, newest first. Budget: one query."""
    rows = Request.objects.filter(authority.visible(actor), site_id=site_id, created_at__gte=from_at).exclude(text="")
    unfit = ExpressionWrapper(_UNFIT, output_field=BooleanField())
    declined = ExpressionWrapper(Q(state="declined"), output_field=BooleanField())
    found = rows.annotate(unfit=unfit, declined=declined).order_by("-created_at", "-id")
    return tuple(SaidRow(*row) for row in found.values_list("id", "text", "unfit", "declined", "created_at")[:limit])
