"""Figures made of counts: each with its chart, its rows for a table and for CSV, and where its jobs are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from yingxu.core.quality.supply import Balance
from yingxu.demand.queries.analysis import CountRow
from yingxu.improve.queries import OutlookRow
from yingxu.web import words
from yingxu.web.figures import drawing
from yingxu.web.figures.drawing import Span
from yingxu.web.figures.filters import Filters
from yingxu.web.studies.reading import weekdays
from yingxu.web.templatetags.yingxu import in_language, priority_word

#: Pareto: the few that make most of it (domain 6.19).
_PARETO = 0.8
_ROWS = 20


@dataclass(frozen=True)
class Bar:
    """One row of a list of shares."""

    name: str
    n: int
    share: float
    url: str

    @property
    def said(self) -> str:
        """The share in percent."""
        return f"{100 * self.share:.1f}%"


@dataclass(frozen=True)
class Figure:
    """A figure of the page and of its downloads."""

    code: str
    title: str
    note: str = ""
    chart: SafeString | None = None
    bars: tuple[Bar, ...] = ()
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = field(default=(), repr=False)
    is_wide: bool = False


def jobs_url(filters: Filters, **cell: str | int) -> str:
    """Return where the requests behind a figure are."""
    return reverse("web:figure_jobs") + filters.link(**cell)


def by_kind(rows: Sequence[CountRow], filters: Filters, *, key: str, title: str) -> Figure:
    """Return counts as a list of shares, most first, with the few that make four fifths of it."""
    total = sum(row.n for row in rows)
    upto, n_few = 0, 0
    for row in rows:
        if upto < _PARETO * total:
            n_few += 1
        upto += row.n
    named = [(_named(row, key), row) for row in rows]
    bars = tuple(
        Bar(name, row.n, row.n / total if total else 0.0, jobs_url(filters, **{key: row.code or "-"}))
        for name, row in named[:_ROWS]
    )
    note = _("n = %(n)s; %(few)s of %(kinds)s make 80%% of it.") % {"n": total, "few": n_few, "kinds": len(rows)}
    return Figure(
        code=key,
        title=title,
        note=note if total else "",
        bars=bars,
        head=(_("Code"), _("Name"), "n", _("Share")),
        rows=tuple((row.code, name, str(row.n), f"{row.n / total:.4f}") for name, row in named),
    )


def _named(row: CountRow, key: str) -> str:
    if not row.code:
        return _("not sorted yet")
    if key == "line":
        return words.line_name(row.code)
    if key == "priority":
        return priority_word(int(row.code))
    if key == "channel":
        return row.code
    return in_language(row) or row.code


def hours(counts: Sequence[int], filters: Filters) -> Figure:
    """Return the week by hours; every cell opens its requests."""
    days = weekdays()
    links = [jobs_url(filters, weekday=at // 24, hour=at % 24) for at in range(168)]
    return Figure(
        code="hours",
        title=_("By hour of the week"),
        note=_("n = %(n)s; the darker, the more.") % {"n": sum(counts)},
        chart=drawing.heat([float(n) for n in counts], days, title=_("Requests by hour of the week"), links=links),
        head=(_("Day"), _("Hour"), "n"),
        rows=tuple((days[at // 24], str(at % 24), str(n)) for at, n in enumerate(counts)),
        is_wide=True,
    )


def months(rows: Sequence[CountRow], filters: Filters) -> Figure:
    """Return counts by month: the season."""
    links = [jobs_url(filters, month=row.code) for row in rows]
    return Figure(
        code="months",
        title=_("By month"),
        note=_("n = %(n)s over %(months)s months, begun ones too.")
        % {"n": sum(r.n for r in rows), "months": len(rows)},
        chart=drawing.columns(
            [float(row.n) for row in rows], [row.code for row in rows], title=_("Requests by month"), links=links
        ),
        head=(_("Month"), "n"),
        rows=tuple((row.code, str(row.n)) for row in rows),
        is_wide=True,
    )


def forecast(outlook: OutlookRow, days_seen: Sequence[CountRow]) -> tuple[Figure, ...]:
    """Return the next three days by hour and the next fortnight by day."""
    made = outlook.forecast
    begins = datetime.fromisoformat(made["from_at"])
    spans = [Span(*values) for values in zip(made["mean"], made["low"], made["high"], strict=True)]
    hour_labels = [_hour_label(begins + timedelta(hours=at)) for at in range(len(spans))]
    near = 72
    hourly = Figure(
        code="forecast_hours",
        title=_("The next three days by hour"),
        note=_("Curve: expected requests an hour. Band: 9 hours in 10 lie in it."),
        chart=drawing.band(spans[:near], hour_labels[:near], title=_("Expected requests by hour")),
        head=(_("From"), _("Expected"), _("Low"), _("High")),
        rows=tuple(
            ((begins + timedelta(hours=at)).strftime("%Y-%m-%d %H:%M"), f"{s.value:.2f}", f"{s.low:g}", f"{s.high:g}")
            for at, s in enumerate(spans)
        ),
        is_wide=True,
    )
    sums = [sum(span.value for span in spans[at : at + 24]) for at in range(0, len(spans), 24)]
    names = [(begins + timedelta(days=at)).date() for at in range(len(sums))]
    marks = {1: _("off"), 2: _("made up")}
    labels = [f"{day.month}/{day.day} {marks.get(kind, '')}" for day, kind in zip(names, made["off"], strict=True)]
    daily = Figure(
        code="forecast_days",
        title=_("The next fortnight by day"),
        note=_("From %(days)s days of records; holidays and make-up days of the site's calendar are known to it.")
        % {"days": made["days"]},
        chart=drawing.columns([round(value, 1) for value in sums], labels, title=_("Expected requests by day")),
        head=(_("Day"), _("Expected")),
        rows=tuple((day.isoformat(), f"{value:.1f}") for day, value in zip(names, sums, strict=True)),
        is_wide=True,
    )
    counts, day_labels = [float(row.n) for row in days_seen], [row.code[5:] for row in days_seen]
    seen = Figure(
        code="seen_days",
        title=_("What came, by day"),
        note=_("In the span of the filters."),
        chart=drawing.columns(counts, day_labels, title=_("Requests by day")) if counts else None,
        head=(_("Day"), "n"),
        rows=tuple((row.code, str(row.n)) for row in days_seen),
        is_wide=True,
    )
    return hourly, daily, seen


def _hour_label(moment: datetime) -> str:
    return f"{moment.month}/{moment.day}" if moment.hour == 0 else f"{moment.hour}:00"


def measured_said(made: dict[str, object]) -> str:
    """Return how the forecast did on weeks that it had not seen."""
    found = made.get("measured")
    if not isinstance(found, dict):
        return _("The records are too short to hold a week back and judge the forecast.")
    values = {
        "weeks": found["n_weeks"],
        "ours": f"{found['mae']:.2f}",
        "naive": f"{found['naive_mae']:.2f}",
        "inside": f"{100 * found['coverage']:.0f}%",
        "n": found["n_hours"],
    }
    said = _(
        "Judged on %(weeks)s weeks held back (n = %(n)s hours): off by %(ours)s requests an hour on the mean; last "
        "week's numbers by %(naive)s; %(inside)s of the hours lay in the band."
    )
    said %= values
    if found["mae"] >= found["naive_mae"]:
        said += " " + _("Here it is not better than last week's numbers; do not rely on it.")
    return said


def balances(outlook: OutlookRow) -> list[Balance]:
    """Return the 168 hours of demand against hands."""
    pairs = zip(outlook.supply["demand_min"], outlook.supply["capacity_min"], strict=True)
    return [Balance(demand, capacity) for demand, capacity in pairs]


def supply(outlook: OutlookRow, filters: Filters) -> tuple[Figure, ...]:
    """Return the week's shortfall by hour, and demand against hands by hour of the day."""
    week, days = balances(outlook), weekdays()
    short = [hour.is_short for hour in week]
    links = [jobs_url(filters, weekday=at // 24, hour=at % 24) for at in range(168)]
    n_short, missing = sum(short), sum(hour.shortfall_min for hour in week if hour.is_short)
    shortage = Figure(
        code="shortfall",
        title=_("Minutes short, by hour of the week"),
        note=_("%(n)s hours of the week are short, together %(minutes)s minutes; red and framed.")
        % {"n": n_short, "minutes": f"{missing:.0f}"},
        chart=drawing.heat(
            [hour.shortfall_min if hour.is_short else 0.0 for hour in week],
            days,
            title=_("Minutes short by hour of the week"),
            said=_("{day} {hour}: {value} minutes short"),
            links=links,
            is_alarm=short,
        ),
        head=(_("Day"), _("Hour"), _("Demand, minutes"), _("Hands, minutes"), _("Short, minutes")),
        rows=tuple(
            (days[at // 24], str(at % 24), f"{h.demand_min:.1f}", f"{h.capacity_min:.1f}", f"{h.shortfall_min:.1f}")
            for at, h in enumerate(week)
        ),
        is_wide=True,
    )
    mean_demand = [sum(week[at].demand_min for at in range(hour, 168, 24)) / 7 for hour in range(24)]
    mean_hands = [sum(week[at].capacity_min for at in range(hour, 168, 24)) / 7 for hour in range(24)]
    day = Figure(
        code="balance",
        title=_("Demand against hands, mean day"),
        note=_("Columns: minutes of work asked for. Line: minutes of hands on duty."),
        chart=drawing.columns(
            [round(value, 1) for value in mean_demand],
            [str(hour) for hour in range(24)],
            title=_("Minutes of work and of hands by hour"),
            line=mean_hands,
        ),
        head=(_("Hour"), _("Demand, minutes"), _("Hands, minutes")),
        rows=tuple((str(h), f"{mean_demand[h]:.1f}", f"{mean_hands[h]:.1f}") for h in range(24)),
        is_wide=True,
    )
    return shortage, day
