"""Today's arrivals by hour against what was expected, as figures of an SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from yingxu.demand.queries import analysis
from yingxu.ground.actor import Actor
from yingxu.improve import queries as improve

WIDTH, HEIGHT = 480.0, 130.0
_WEEKS = 4


@dataclass(frozen=True)
class Expected:
    """What was expected of today's hours. ``source``: forecast, weeks (the mean of the last weeks' same day), none."""

    source: str
    mean: tuple[float, ...]
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()


@dataclass(frozen=True)
class Curve:
    """Today against what was expected: bars, a line, a band."""

    n_today: int
    n_expected: float
    source: str
    bars: tuple[tuple[float, float, float, float], ...]
    line: str
    band: str
    now_x: float
    most: int


def expected_today(actor: Actor, site_id: int, *, zone: ZoneInfo, at: datetime) -> Expected:
    """Return what was expected of the 24 hours of today: the forecast, else the mean of the last weeks' same day.

    Budget: two queries.
    """
    midnight = at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    known = improve.outlook(actor, site_id, line_code="")
    if known is not None and known.forecast.get("mean"):
        begun = datetime.fromisoformat(known.forecast["from_at"])
        first = round((midnight - begun).total_seconds() / 3600)
        if first >= 0 and first + 24 <= len(known.forecast["mean"]):
            cut = slice(first, first + 24)
            return Expected(
                "forecast",
                tuple(known.forecast["mean"][cut]),
                tuple(float(n) for n in known.forecast["low"][cut]),
                tuple(float(n) for n in known.forecast["high"][cut]),
            )
    counts = [0] * 24
    since = midnight - timedelta(weeks=_WEEKS)
    days = {(midnight - timedelta(weeks=back)).date() for back in range(1, _WEEKS + 1)}
    for _, hour, n in analysis.hours_asked(actor, site_id, from_at=since, to_at=midnight, timezone=zone.key):
        if hour.astimezone(zone).date() in days:
            counts[hour.astimezone(zone).hour] += n
    if not any(counts):
        return Expected("none", (0.0,) * 24)
    return Expected("weeks", tuple(n / _WEEKS for n in counts))


def asked_today(actor: Actor, site_id: int, *, zone: ZoneInfo, at: datetime) -> tuple[int, ...]:
    """Return how many were asked for in each hour of today. Budget: one query."""
    midnight = at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    counts = [0] * 24
    to_at = midnight + timedelta(days=1)
    for _, hour, n in analysis.hours_asked(actor, site_id, from_at=midnight, to_at=to_at, timezone=zone.key):
        counts[hour.astimezone(zone).hour] += n
    return tuple(counts)


def curve(today: Sequence[int], expected: Expected, *, hour: int, minute: int) -> Curve:
    """Return the picture; the line ends where the day does, the bars where it stands now."""
    most = max([4, *today, *expected.mean, *expected.high])
    step = WIDTH / 24

    def y(value: float) -> float:
        return round(HEIGHT - value / most * (HEIGHT - 8), 1)

    bars = tuple(
        (round(at * step + 2, 1), y(n), round(step - 4, 1), round(HEIGHT - y(n), 1))
        for at, n in enumerate(today)
        if n and at <= hour
    )
    middles = [round((at + 0.5) * step, 1) for at in range(24)]
    line = " ".join(f"{x},{y(value)}" for x, value in zip(middles, expected.mean, strict=True))
    band = ""
    if expected.high:
        top = [f"{x},{y(value)}" for x, value in zip(middles, expected.high, strict=True)]
        under = [f"{x},{y(value)}" for x, value in zip(middles, expected.low, strict=True)][::-1]
        band = " ".join([*top, *under])
    so_far = sum(expected.mean[:hour]) + expected.mean[hour] * minute / 60
    return Curve(
        n_today=sum(today),
        n_expected=round(so_far, 1),
        source=expected.source,
        bars=bars,
        line="" if expected.source == "none" else line,
        band=band,
        now_x=round((hour + minute / 60) * step, 1),
        most=int(most),
    )
