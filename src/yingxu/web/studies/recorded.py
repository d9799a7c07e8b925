"""A study by the record as people read it: how many would have kept it, when it fails, how thick the record is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yingxu.standards.queries import StudyRow
from yingxu.web import saying
from yingxu.web.figures import drawing
from yingxu.web.figures.drawing import Span
from yingxu.web.standards.adopted import percent

FORMAT = "record-result/1"
HOURS = 24
#: So many hours are named; the chart shows them all.
_MOST_HOURS = 8


@dataclass(frozen=True)
class WeakHour:
    """An hour of the day in which the promise would have failed more often than it allows."""

    when: str
    said: str


def is_of_record(row: StudyRow) -> bool:
    """Tell whether the answer comes of the record alone."""
    return bool(row.result.get("format") == FORMAT)


def doubt(attained: Mapping[str, Any]) -> str:
    """Return the interval and the number of cases."""
    if attained.get("share") is None:
        return ""
    n = int(attained["n"])
    return ngettext(
        "95%% interval %(low)s–%(high)s, n = %(n)s case of the record",
        "95%% interval %(low)s–%(high)s, n = %(n)s cases of the record",
        n,
    ) % {"low": percent(attained["low"]), "high": percent(attained["high"]), "n": f"{n:,}"}


def said(found: Mapping[str, Any], limit_s: int, percentile: float) -> str:
    """Return what a record says in one sentence; empty where it holds no case."""
    attained = found.get("attainment") or {}
    if attained.get("share") is None:
        return ""
    values = {
        "n": f"{attained['n']:,}",
        "kept": f"{found['kept']:,}",
        "share": percent(attained["share"]),
        "low": percent(attained["low"]),
        "high": percent(attained["high"]),
        "time": saying.duration(limit_s),
    }
    first = (
        _("Of %(n)s cases in the record, %(kept)s would have met %(time)s: %(share)s (95%% interval %(low)s–%(high)s).")
        % values
    )
    return first + " " + reached(found, percentile)


def reached(found: Mapping[str, Any], percentile: float) -> str:
    """Return the time within which the promised share was really reached."""
    share = f"{100 * percentile:g}%"
    if found.get("reached_s") is None:
        return _("Fewer than %(share)s of them were reached at all.") % {"share": share}
    return _("%(share)s of them were reached within %(time)s.") % {
        "share": share,
        "time": saying.duration(found["reached_s"]),
    }


def weak_hours(row: StudyRow) -> tuple[WeakHour, ...]:
    """Return the hours of the day that fail, most misses first."""
    hours, found = row.result.get("by_hour", ()), []
    for hour in row.result.get("weak_hours", ())[:_MOST_HOURS]:
        one = hours[hour]
        text = _("%(kept)s of %(n)s kept") % {"kept": one["kept"], "n": one["n"]}
        found.append(WeakHour(f"{hour:02d}:00–{hour + 1:02d}:00", f"{text} ({percent(one['share'])})"))
    return tuple(found)


def chart(row: StudyRow) -> SafeString | None:
    """Return the share that would have been kept, by hour of asking, with its intervals."""
    hours: Sequence[Mapping[str, Any]] = row.result.get("by_hour", ())
    if not any(one["n"] for one in hours):
        return None
    return drawing.columns(
        [one["share"] for one in hours],
        [str(hour) for hour in range(HOURS)],
        title=_("Share that would have been kept, by hour of asking"),
        target=row.percentile,
        spans=[None if one["share"] is None else Span(one["share"], one["low"], one["high"]) for one in hours],
        is_share=True,
    )


def basis(row: StudyRow) -> list[tuple[str, str]]:
    """Return what the answer rests on, name and value."""
    seen, result = row.evidence, row.result
    found = [(_("Window"), f"{seen['from_at'][:10]} – {seen['to_at'][:10]}")]
    if seen["scope"] == "item":
        found.append((_("Cases"), _("this kind of service, n = %(n)s") % {"n": seen["n_item"]}))
    else:
        found.append((_("Cases"), _("the whole line, n = %(n)s") % {"n": seen["n_line"]}))
        if row.item_code:
            found.append((_("Of this kind of service itself"), f"n = {seen['n_item']}"))
    found.append((_("Still open, left out"), f"n = {result['n_open']}"))
    if result.get("median_s") is not None:
        found.append((_("Half were reached within"), saying.duration(result["median_s"])))
    if result.get("reached_s") is not None:
        share = f"{100 * row.percentile:g}%"
        found.append((_("%(share)s were reached within") % {"share": share}, saying.duration(result["reached_s"])))
    stops = _("taken out of the clock") if row.is_pausable else _("counted, the clock is never paused")
    found.append((_("Approved pauses"), stops))
    found.append((_("Version"), row.version))
    return found
