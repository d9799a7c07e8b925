"""Importance against satisfaction as a drawing (SVG): points with their numbers, the axes where the means cross."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from yingxu.voice.queries.surveyed import Placed
from yingxu.web.surveys.words import quadrant_name

_WIDE, _HIGH, _LEFT, _TOP, _RIGHT, _BOTTOM = 560, 420, 46, 18, 14, 44


def drawn(items: Sequence[Placed]) -> SafeString | str:
    """Return the drawing; empty without two items. The table beside it says the same in numbers."""
    if len(items) < 2:
        return ""
    points = [(one.performance.mean or 0.0, one.importance.mean or 0.0) for one in items]
    low_x, high_x = _ends([x for x, _y in points])
    low_y, high_y = _ends([y for _x, y in points])

    def across(value: float) -> float:
        return round(_LEFT + (value - low_x) / (high_x - low_x) * (_WIDE - _LEFT - _RIGHT), 1)

    def down(value: float) -> float:
        return round(_HIGH - _BOTTOM - (value - low_y) / (high_y - low_y) * (_HIGH - _TOP - _BOTTOM), 1)

    middle_x, middle_y = across(fmean(x for x, _y in points)), down(fmean(y for _x, y in points))
    corners = (
        (_LEFT + 6, _TOP + 14, "start", "Q2"),
        (_WIDE - _RIGHT - 6, _TOP + 14, "end", "Q1"),
        (_LEFT + 6, _HIGH - _BOTTOM - 8, "start", "Q3"),
        (_WIDE - _RIGHT - 6, _HIGH - _BOTTOM - 8, "end", "Q4"),
    )
    names = format_html_join(
        "",
        '<text class="quadrant-name" x="{}" y="{}" text-anchor="{}">{}</text>',
        ((x, y, anchor, quadrant_name(code)) for x, y, anchor, code in corners),
    )
    dots = format_html_join(
        "",
        '<g class="quadrant-dot is-{}"><circle cx="{}" cy="{}" r="11"></circle><text x="{}" y="{}" '
        'text-anchor="middle">{}</text></g>',
        (
            (one.quadrant.lower(), across(x), down(y), across(x), down(y) + 4, n)
            for n, (one, (x, y)) in enumerate(zip(items, points, strict=True), start=1)
        ),
    )
    ticks = format_html_join(
        "",
        '<text class="quadrant-tick" x="{}" y="{}" text-anchor="{}">{}</text>',
        (
            (_LEFT, _HIGH - _BOTTOM + 16, "start", f"{low_x:.1f}"),
            (_WIDE - _RIGHT, _HIGH - _BOTTOM + 16, "end", f"{high_x:.1f}"),
            (_LEFT - 6, _HIGH - _BOTTOM, "end", f"{low_y:.1f}"),
            (_LEFT - 6, _TOP + 10, "end", f"{high_y:.1f}"),
        ),
    )
    label = _("%(n)d items by importance (up) and satisfaction (right); the table has their numbers.") % {
        "n": len(items)
    }
    return format_html(
        '<svg class="quadrant" viewBox="0 0 {w} {h}" role="img" aria-label="{label}">'
        '<rect class="quadrant-first" x="{left}" y="{top}" width="{fw}" height="{fh}"></rect>'
        '<rect class="quadrant-frame" x="{left}" y="{top}" width="{iw}" height="{ih}"></rect>'
        '<path class="quadrant-cross" d="M{mx} {top}V{bottom}M{left} {my}H{right}"></path>{names}{ticks}'
        '<text class="quadrant-axis" x="{cx}" y="{ax}" text-anchor="middle">{x_name}</text>'
        '<text class="quadrant-axis" x="14" y="{cy}" text-anchor="middle" transform="rotate(-90 14 {cy})">{y_name}'
        "</text>{dots}</svg>",
        w=_WIDE,
        h=_HIGH,
        label=label,
        left=_LEFT,
        top=_TOP,
        right=_WIDE - _RIGHT,
        bottom=_HIGH - _BOTTOM,
        fw=round(middle_x - _LEFT, 1),
        fh=round(middle_y - _TOP, 1),
        iw=_WIDE - _LEFT - _RIGHT,
        ih=_HIGH - _TOP - _BOTTOM,
        mx=middle_x,
        my=middle_y,
        cx=(_LEFT + _WIDE - _RIGHT) / 2,
        cy=(_TOP + _HIGH - _BOTTOM) / 2,
        ax=_HIGH - 10,
        x_name=_("satisfaction"),
        y_name=_("importance"),
        names=names,
        ticks=ticks,
        dots=dots,
    )


def _ends(values: Sequence[float]) -> tuple[float, float]:
    """Return the ends of an axis: what there is with a margin, at least a whole step wide."""
    low, high = min(values), max(values)
    room = max((1 - (high - low)) / 2, (high - low) * 0.12, 0.1)
    return low - room, high + room
