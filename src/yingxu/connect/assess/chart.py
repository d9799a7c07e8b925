"""Static SVG charts: no scripts, legible on a phone and in print, with a title and a description in words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH = 480
INK, SOFT, GRID, PAPER = "#1c2733", "#5b6875", "#dfe4ea", "#ffffff"
BLUE, GREEN, AMBER, RED, BAND = "#1f5fa8", "#2e8b57", "#d98a00", "#c0392b", "#cfe0f3"
FONT = "'Noto Sans SC','PingFang SC','Microsoft YaHei',system-ui,sans-serif"


@dataclass(frozen=True)
class Picture:
    """One chart: the SVG, and what it says in words for those who do not see it."""

    svg: str
    title: str
    description: str


def _text(x: float, y: float, words: str, *, size: int = 15, fill: str = INK, anchor: str = "start") -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{fill}" text-anchor="{anchor}">{escape(words)}</text>'
    )


def _rect(x: float, y: float, width: float, height: float, fill: str) -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 0):.1f}" height="{max(height, 0):.1f}" fill="{fill}"/>'


def _line(x1: float, y1: float, x2: float, y2: float, stroke: str, *, width: float = 1) -> str:
    return f'<path d="M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}" stroke="{stroke}" stroke-width="{width}"/>'


def _path(points: Sequence[tuple[float, float]], stroke: str, *, fill: str = "none", width: float = 2) -> str:
    steps = " ".join(f"{'M' if at == 0 else 'L'}{x:.1f} {y:.1f}" for at, (x, y) in enumerate(points))
    return f'<path d="{steps}" fill="{fill}" stroke="{stroke}" stroke-width="{width}" stroke-linejoin="round"/>'


def _picture(title: str, description: str, height: float, parts: Sequence[str]) -> Picture:
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" role="img" font-family="{FONT}">'
        f"<title>{escape(title)}</title><desc>{escape(description)}</desc>"
        f'<rect width="{WIDTH}" height="{height:.0f}" fill="{PAPER}"/>{"".join(parts)}</svg>'
    )
    return Picture(svg, title, description)


def nice_ceiling(value: float) -> float:
    """Return the least of 1, 2, 2.5, 5 times a power of ten that is not smaller."""
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 2, 2.5, 5, 10) if value <= step * power * (1 + 1e-9))


def stacked(title: str, description: str, parts: Sequence[tuple[str, float, str]]) -> Picture:
    """One bar of all, cut into (label, amount, colour), with its legend below."""
    total = sum(amount for _, amount, _ in parts) or 1.0
    drawn, x = [], 0.0
    for _, amount, colour in parts:
        width = WIDTH * amount / total
        drawn.append(_rect(x, 8, width - (1 if width > 2 else 0), 38, colour))
        if width > 56:
            drawn.append(_text(x + width / 2, 32, f"{100 * amount / total:.0f}%", fill=PAPER, anchor="middle"))
        x += width
    for at, (label, amount, colour) in enumerate(parts):
        left, top = (at % 2) * WIDTH / 2, 62 + (at // 2) * 24
        drawn += [_rect(left, top, 14, 14, colour), _text(left + 20, top + 13, f"{label}  {amount:,.0f}")]
    return _picture(title, description, 62 + 24 * math.ceil(len(parts) / 2) + 4, drawn)


def ranked(title: str, description: str, rows: Sequence[tuple[str, float, float, float, str]]) -> Picture:
    """Horizontal bars of (label, amount, low, high, note), each under its label, with a thin line for the interval."""
    most = max([high for _, _, _, high, _ in rows] + [1e-9])
    drawn, y = [], 6.0
    for label, amount, low, high, note in rows:
        short = label if _breadth(label) <= 42 else _cut(label, 41) + "…"
        drawn += [_text(0, y + 12, short), _text(WIDTH, y + 12, note, fill=SOFT, anchor="end")]
        drawn.append(_rect(0, y + 18, WIDTH * amount / most, 12, BLUE))
        left, right = WIDTH * low / most, WIDTH * high / most
        drawn.append(_line(left, y + 24, min(right, WIDTH - 1), y + 24, INK, width=1.5))
        drawn += [_line(end, y + 20, end, y + 28, INK, width=1.5) for end in (max(left, 1), min(right, WIDTH - 1))]
        y += 40
    return _picture(title, description, y, drawn)


def _breadth(words: str) -> int:
    return sum(2 if ord(letter) > 0x2E80 else 1 for letter in words)


def _cut(words: str, breadth: int) -> str:
    kept = ""
    for letter in words:
        if _breadth(kept + letter) > breadth:
            break
        kept += letter
    return kept


def columns(
    title: str, description: str, values: Sequence[float], labels: Sequence[str], *, every: int, as_percent: bool
) -> Picture:
    """Upright bars with a label under each ``every``-th."""
    frame = _Frame(0.0, nice_ceiling(max([*values, 1e-9])), 190, as_percent)
    width = frame.width / max(1, len(values))
    drawn = frame.grid()
    for at, value in enumerate(values):
        top = frame.y(value)
        drawn.append(_rect(frame.left + at * width + width * 0.12, top, width * 0.76, frame.bottom - top, BLUE))
        if at % every == 0:
            drawn.append(
                _text(frame.left + (at + 0.5) * width, frame.bottom + 19, labels[at], fill=SOFT, anchor="middle")
            )
    return _picture(title, description, frame.height, drawn)


def band(
    title: str,
    description: str,
    middle: Sequence[float],
    low: Sequence[float],
    high: Sequence[float],
    labels: Sequence[str],
    *,
    every: int,
) -> Picture:
    """A line with a band of doubt around it."""
    frame = _Frame(0.0, nice_ceiling(max([*high, 1e-9])), 210, False)
    xs = frame.xs(len(middle))
    drawn = frame.grid()
    ribbon = [(x, frame.y(value)) for x, value in zip(xs, high, strict=True)]
    ribbon += [(x, frame.y(value)) for x, value in reversed(list(zip(xs, low, strict=True)))]
    drawn.append(_path(ribbon, "none", fill=BAND))
    line = [(x, frame.y(value)) for x, value in zip(xs, middle, strict=True)]
    drawn.append(_path(line, BLUE))
    drawn += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{BLUE}"/>' for x, y in line]
    drawn += [
        _text(x, frame.bottom + 19, labels[at], fill=SOFT, anchor="middle")
        for at, x in enumerate(xs)
        if at % every == 0
    ]
    return _picture(title, description, frame.height, drawn)


def control(
    title: str,
    description: str,
    values: Sequence[float],
    centre: Sequence[float],
    low: Sequence[float],
    high: Sequence[float],
    marked: frozenset[int],
    labels: Sequence[str],
    *,
    as_percent: bool,
) -> Picture:
    """A control chart: the series, its mean, dashed limits, and the points with a signal."""
    top = max([*values, *high])
    bottom = min([*values, *low])
    room = (top - bottom) * 0.08 or 0.05
    ceiling = min(1.0, top + room) if as_percent else nice_ceiling(top + room)
    floor = max(0.0, bottom - room) if as_percent else (0.0 if bottom < ceiling / 2 else bottom - room)
    frame = _Frame(max(0.0, floor), ceiling, 210, as_percent)
    xs = frame.xs(len(values))
    drawn = frame.grid()
    for limit in (low, high):
        drawn += _steps(xs, [frame.y(max(value, frame.floor)) for value in limit], AMBER, "5 4")
    drawn += _steps(xs, [frame.y(value) for value in centre], SOFT, "")
    points = [(x, frame.y(value)) for x, value in zip(xs, values, strict=True)]
    drawn.append(_path(points, BLUE))
    for at, (x, y) in enumerate(points):
        radius, fill = (6, RED) if at in marked else (2.5, BLUE)
        drawn.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{fill}"/>')
    every = max(1, math.ceil(len(values) / 6))
    drawn += [
        _text(x, frame.bottom + 19, labels[at], fill=SOFT, anchor="middle")
        for at, x in enumerate(xs)
        if at % every == 0
    ]
    return _picture(title, description, frame.height, drawn)


def _steps(xs: Sequence[float], ys: Sequence[float], stroke: str, dash: str) -> list[str]:
    """Draw limits that change from point to point."""
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    steps = " ".join(f"{'M' if at == 0 else 'L'}{x:.1f} {y:.1f}" for at, (x, y) in enumerate(zip(xs, ys, strict=True)))
    return [f'<path d="{steps}" fill="none" stroke="{stroke}" stroke-width="1.3"{dashes}/>']


@dataclass(frozen=True)
class _Frame:
    """Axes: values from ``floor`` to ``ceiling`` over the width beside the axis labels."""

    floor: float
    ceiling: float
    plot: float
    as_percent: bool
    left: float = 58.0
    top: float = 10.0

    @property
    def bottom(self) -> float:
        return self.top + self.plot

    @property
    def height(self) -> float:
        return self.bottom + 30

    @property
    def width(self) -> float:
        return WIDTH - self.left - 8

    def y(self, value: float) -> float:
        return self.bottom - (value - self.floor) / (self.ceiling - self.floor or 1.0) * self.plot

    def xs(self, n: int) -> list[float]:
        return [self.left + (at + 0.5) * self.width / max(1, n) for at in range(n)]

    def grid(self) -> list[str]:
        drawn = []
        for step in range(5):
            value = self.floor + (self.ceiling - self.floor) * step / 4
            y = self.y(value)
            drawn.append(_line(self.left, y, WIDTH - 8, y, GRID))
            drawn.append(_text(self.left - 6, y + 4, self._label(value), fill=SOFT, anchor="end", size=14))
        return drawn

    def _label(self, value: float) -> str:
        span = self.ceiling - self.floor
        if self.as_percent:
            return f"{value * 100:.{0 if span >= 0.08 else 1}f}%"
        return f"{value:,.0f}" if span >= 8 else f"{value:,.1f}"
