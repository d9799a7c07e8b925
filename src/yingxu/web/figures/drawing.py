"""Charts as SVG: drawn on the server, readable without scripts, the same file on the page and as a download.

Colours stand as attributes, so that a downloaded file has them; the page's own sheet overrides them for dark mode.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

WIDTH = 720
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 12, 14, 30
_COLOURS = {
    "c-bar": "#0f766e",
    "c-soft": "#99d5cf",
    "c-late": "#b91c1c",
    "c-line": "#854d0e",
    "c-axis": "#dedad4",
    "c-text": "#57534e",
}


@dataclass(frozen=True)
class Span:
    """A value with the bounds that it lies between."""

    value: float
    low: float
    high: float


def _fill(name: str) -> SafeString:
    return format_html('class="{}" fill="{}"', name, _COLOURS[name])


def _stroke(name: str, width: float = 1.5) -> SafeString:
    return format_html('class="{} is-stroke" fill="none" stroke="{}" stroke-width="{}"', name, _COLOURS[name], width)


def _svg(height: int, title: str, parts: Sequence[SafeString]) -> SafeString:
    body = mark_safe("".join(parts))
    role = "group" if "<a " in body else "img"  # what holds links is no picture
    return format_html(
        '<svg class="chart" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" role="{}" aria-label="{}" '
        'font-family="PingFang SC, Microsoft YaHei, Noto Sans CJK SC, sans-serif" font-size="12"><title>{}</title>'
        "{}</svg>",
        WIDTH,
        height,
        role,
        title,
        title,
        body,
    )


def _text(x: float, y: float, said: str, *, anchor: str = "middle") -> SafeString:
    return format_html('<text x="{}" y="{}" text-anchor="{}" {}>{}</text>', _n(x), _n(y), anchor, _fill("c-text"), said)


def _n(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")


def nice_top(most: float) -> float:
    """Return a round number at or above the largest value, for the top of an axis."""
    if most <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(most))
    return next(step * power for step in (1, 1.5, 2, 3, 4, 5, 6, 8, 10) if step * power >= most * (1 - 1e-9))


def _frame(height: int, top: float, *, is_share: bool) -> list[SafeString]:
    parts = []
    for step in range(5):
        value = top * step / 4
        y = _y(value, top, height)
        parts.append(format_html('<path d="M{} {}H{}" {}/>', _LEFT, _n(y), WIDTH - _RIGHT, _stroke("c-axis", 1)))
        said = f"{100 * value:.0f}%" if is_share else f"{value:g}"
        parts.append(_text(_LEFT - 6, y + 4, said, anchor="end"))
    return parts


def _y(value: float, top: float, height: int) -> float:
    return height - _BOTTOM - min(max(value, 0.0), top) / top * (height - _TOP - _BOTTOM)


def _x(place: float, n: int) -> float:
    return _LEFT + place / max(n, 1) * (WIDTH - _LEFT - _RIGHT)


def _labels(labels: Sequence[str], height: int) -> list[SafeString]:
    every = max(1, math.ceil(len(labels) / 13))
    return [
        _text(_x(at + 0.5, len(labels)), height - 10, said)
        for at, said in enumerate(labels)
        if at % every == 0 and said
    ]


def columns(
    values: Sequence[float | None],
    labels: Sequence[str],
    *,
    title: str,
    target: float | None = None,
    line: Sequence[float | None] = (),
    spans: Sequence[Span | None] = (),
    links: Sequence[str] = (),
    is_share: bool = False,
    height: int = 220,
) -> SafeString:
    """Return a column a value; below ``target`` it is red (and marked), ``line`` runs over the columns."""
    known = [value for value in [*values, *line] if value is not None] + [span.high for span in spans if span]
    top = 1.0 if is_share else nice_top(max([*known, target or 0.0, 0.0]))
    parts = _frame(height, top, is_share=is_share)
    width = (WIDTH - _LEFT - _RIGHT) / max(len(values), 1)
    for at, value in enumerate(values):
        if value is None:
            continue
        is_low = target is not None and value < target
        y, x = _y(value, top, height), _x(at + 0.12, len(values))
        said = f"{labels[at]}: {100 * value:.1f}%" if is_share else f"{labels[at]}: {value:g}"
        bar = format_html(
            '<rect x="{}" y="{}" width="{}" height="{}" {}><title>{}</title></rect>',
            _n(x),
            _n(y),
            _n(width * 0.76),
            _n(height - _BOTTOM - y),
            _fill("c-late" if is_low else "c-bar"),
            said,
        )
        parts.append(format_html('<a href="{}">{}</a>', links[at], bar) if links else bar)
        if is_low:
            parts.append(_text(x + width * 0.38, y - 4, "!"))
    for at, span in enumerate(spans):
        if span is not None:
            x = _x(at + 0.5, len(values))
            parts.append(
                format_html(
                    '<path d="M{0} {1}V{2}M{3} {1}H{4}M{3} {2}H{4}" {5}/>',
                    _n(x),
                    _n(_y(span.low, top, height)),
                    _n(_y(span.high, top, height)),
                    _n(x - 3),
                    _n(x + 3),
                    _stroke("c-line"),
                )
            )
    if target is not None:
        dashed = '<path d="M{} {}H{}" stroke-dasharray="5 3" {}/>'
        y_target = _n(_y(target, top, height))
        parts.append(format_html(dashed, _LEFT, y_target, WIDTH - _RIGHT, _stroke("c-line")))
    parts += _steps(line, top, height, "c-line")
    return _svg(height, title, [*parts, *_labels(labels, height)])


def _steps(values: Sequence[float | None], top: float, height: int, colour: str) -> list[SafeString]:
    """Return a line of steps, one a column; it is cut where nothing is known."""
    path, is_down = [], False
    for at, value in enumerate(values):
        if value is None:
            is_down = False
            continue
        y = _n(_y(value, top, height))
        path.append(f"{'L' if is_down else 'M'}{_n(_x(at, len(values)))} {y}H{_n(_x(at + 1, len(values)))}")
        is_down = True
    return [format_html('<path d="{}" {}/>', "".join(path), _stroke(colour, 2))] if path else []


def band(
    spans: Sequence[Span], labels: Sequence[str], *, title: str, seen: Sequence[float | None] = (), height: int = 240
) -> SafeString:
    """Return a curve within its band; ``seen`` are dots of what came."""
    n = len(spans)
    top = nice_top(max([*(span.high for span in spans), *(value for value in seen if value is not None), 0.0]))
    up = "".join(
        f"{'L' if at else 'M'}{_n(_x(at + 0.5, n))} {_n(_y(s.high, top, height))}" for at, s in enumerate(spans)
    )
    down = "".join(f"L{_n(_x(at + 0.5, n))} {_n(_y(spans[at].low, top, height))}" for at in range(n - 1, -1, -1))
    curve = "".join(
        f"{'L' if at else 'M'}{_n(_x(at + 0.5, n))} {_n(_y(s.value, top, height))}" for at, s in enumerate(spans)
    )
    parts = _frame(height, top, is_share=False)
    parts.append(format_html('<path d="{}{}Z" fill-opacity="0.45" {}/>', up, down, _fill("c-soft")))
    parts.append(format_html('<path d="{}" {}/>', curve, _stroke("c-bar", 2)))
    parts += [
        format_html(
            '<circle cx="{}" cy="{}" r="2.5" {}/>', _n(_x(at + 0.5, n)), _n(_y(value, top, height)), _fill("c-line")
        )
        for at, value in enumerate(seen)
        if value is not None
    ]
    return _svg(height, title, [*parts, *_labels(labels, height)])


def heat(
    values: Sequence[float | None],
    days: Sequence[str],
    *,
    title: str,
    said: str = "{day} {hour}: {value}",
    links: Sequence[str] = (),
    is_alarm: Sequence[bool] = (),
) -> SafeString:
    """Return a week by hours: seven rows of 24; the darker the more; alarming cells are red and framed."""
    row, width = 26, (WIDTH - _LEFT - _RIGHT) / 24
    most = max((value for value in values if value is not None), default=0.0) or 1.0
    parts = [_text(_LEFT - 6, 18 + day * row + 16, name, anchor="end") for day, name in enumerate(days)]
    for at, value in enumerate(values):
        if value is None:
            continue
        day, hour = divmod(at, 24)
        alarms = bool(is_alarm) and is_alarm[at]
        x, y = _LEFT + hour * width, 18 + day * row
        label = said.format(day=days[day], hour=f"{hour:02d}:00", value=f"{value:g}")
        cell = format_html(
            '<rect x="{}" y="{}" width="{}" height="{}" rx="2" fill-opacity="{}" {}><title>{}</title></rect>',
            _n(x + 1),
            y,
            _n(width - 2),
            row - 3,
            f"{0.06 + 0.94 * max(value, 0.0) / most:.2f}",
            _fill("c-late" if alarms else "c-bar"),
            label,
        )
        if alarms:
            frame = format_html(
                '<rect x="{}" y="{}" width="{}" height="{}" {}/>',
                _n(x + 1),
                y,
                _n(width - 2),
                row - 3,
                _stroke("c-late"),
            )
            cell = format_html("{}{}", cell, frame)
        parts.append(format_html('<a href="{}" aria-label="{}">{}</a>', links[at], label, cell) if links else cell)
    hours = [_text(_LEFT + (hour + 0.5) * width, 12, str(hour)) for hour in range(0, 24, 2)]
    return _svg(18 + 7 * row + 6, title, [*hours, *parts])


def as_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> SafeString:
    """Return the figures of a chart as a table, for those who do not see it."""
    return format_html(
        '<table class="table table-sm"><thead><tr>{}</tr></thead><tbody>{}</tbody></table>',
        format_html_join("", '<th scope="col">{}</th>', ((cell,) for cell in head)),
        format_html_join(
            "", "<tr>{}</tr>", ((format_html_join("", "<td>{}</td>", ((cell,) for cell in row)),) for row in rows)
        ),
    )
