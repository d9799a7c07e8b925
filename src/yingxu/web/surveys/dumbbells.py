"""Expectation against perception as a drawing (SVG): a line from what was expected to what was found, a row each."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from yingxu.voice.queries.gaps import Gapped
from yingxu.web.surveys.words import dimension_name

_WIDE, _LEFT, _RIGHT, _TOP, _ROW = 560, 132, 20, 26, 40
_LOW, _HIGH = 1, 7


def drawn(rows: Sequence[Gapped]) -> SafeString | str:
    """Return the drawing; empty without figures. The table beside it says the same in numbers."""
    shown = [
        (dimension_name(one.question.code), one.expected.mean, one.perceived.mean)
        for one in rows
        if one.expected.mean is not None and one.perceived.mean is not None
    ]
    if not shown:
        return ""
    bottom = _TOP + _ROW * len(shown)

    def across(value: float) -> float:
        return round(_LEFT + (value - _LOW) / (_HIGH - _LOW) * (_WIDE - _LEFT - _RIGHT), 1)

    grid = format_html_join(
        "",
        '<path class="gap-grid" d="M{} {}V{}"></path><text class="quadrant-tick" x="{}" y="{}" text-anchor="middle">{}'
        "</text>",
        ((across(n), _TOP - 6, bottom, across(n), bottom + 16, n) for n in range(_LOW, _HIGH + 1)),
    )
    lines = format_html_join(
        "",
        '<text class="gap-name" x="{}" y="{}" text-anchor="end">{}</text>'
        '<path class="gap-line{}" d="M{} {}H{}"></path>'
        '<circle class="gap-expected" cx="{}" cy="{}" r="7"></circle>'
        '<circle class="gap-found" cx="{}" cy="{}" r="7"></circle>',
        (
            (_LEFT - 14, y + 4, name, " is-short" if found < expected else "", across(expected), y, across(found),
             across(expected), y, across(found), y)
            for y, (name, expected, found) in (
                (_TOP + _ROW * n + _ROW // 2, one) for n, one in enumerate(shown)
            )
        ),
    )  # fmt: skip
    label = _("Hollow: what was expected; full: what was found; on a scale from 1 to 7.")
    return format_html(
        '<svg class="quadrant" viewBox="0 0 {w} {h}" role="img" aria-label="{label}">{grid}{lines}</svg>',
        w=_WIDE,
        h=bottom + 26,
        label=label,
        grid=grid,
        lines=lines,
    )
