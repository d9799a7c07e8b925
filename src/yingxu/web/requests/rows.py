"""Rows of the list, written here and not by the template: a page has 25 of them, and most of its cost was there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from html import escape

from django.templatetags.static import static
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yingxu.demand.queries import RequestRow
from yingxu.standards.queries import LineRow
from yingxu.web import saying, words
from yingxu.web.templatetags.yingxu import in_language, is_english, priority_word, states


@dataclass(frozen=True)
class Row:
    """A request in the list: its number, and its table row."""

    number: str
    html: SafeString


@dataclass(frozen=True)
class _Words:
    """What all rows of a page share, in the reader's language."""

    is_english: bool
    base: str
    unknown: str
    badges: dict[str, str]
    urgencies: dict[int, str]
    lines: dict[str, str]


@lru_cache(maxsize=8)
def _words(language: str, base: str) -> _Words:
    english, sprite = is_english(), static("vendor/icons.svg")
    badges = {
        code: f'<span class="state tone-{state.tone}"><svg class="icon" aria-hidden="true">'
        f'<use href="{sprite}#{state.icon}"></use></svg>{escape(state.word_en if english else state.word)}</span>'
        for code, state in states().items()
    }
    urgencies = {level: escape(priority_word(level)) for level in (1, 2, 3, 4)}
    return _Words(english, base, escape(_("not known yet")), badges, urgencies, {})


def listed(rows: Sequence[RequestRow], *, at: datetime) -> list[Row]:
    """Return the rows of a page. Everything that somebody typed is escaped."""
    known = _words(get_language() or "", reverse("web:requests"))
    return [Row(row.number, mark_safe(_row(row, known, at))) for row in rows]


def table_rows(rows: Sequence[Row]) -> SafeString:
    """Return the rows as one piece, for the table's body."""
    return mark_safe("".join(row.html for row in rows))


def _row(row: RequestRow, known: _Words, at: datetime) -> str:
    english = known.is_english
    what = escape((row.item_name_en if english and row.item_name_en else row.item_name) or "") or known.unknown
    place = (row.place_name_en if english and row.place_name_en else row.place_name) or row.place_words or "—"
    line = known.lines.get(row.line_code)
    if line is None:
        line = known.lines[row.line_code] = escape(words.line_name(row.line_code))
    return (
        f'<tr class="p{row.priority}"><td><a data-row href="{known.base}/{row.id}">{row.number}</a></td>'
        f'<td>{known.badges[row.state]}</td><td class="urgency">{known.urgencies[row.priority]}</td>'
        f"<td><strong>{what}</strong><small>{escape(row.text[:80])}</small></td>"
        f"<td>{escape(place)}</td><td>{line}</td><td>{_clock(row, at)}</td>"
        f"<td>{saying.moment_html(row.created_at, now=at)}</td></tr>"
    )


def _clock(row: RequestRow, at: datetime) -> str:
    due = act_by(row) if row.is_open else None
    if due is None:
        return ""
    left_s = (due - at).total_seconds()
    return (
        f'<time class="clock {saying.tone_of_left(left_s)}" data-due datetime="{due.isoformat()}" '
        f'title="{saying.absolute(due)}">{escape(saying.left(left_s))}</time>'
    )


def act_by(row: RequestRow) -> datetime | None:
    """Return the earliest moment by which somebody must have done something."""
    known = [moment for moment in (row.next_due_at, row.word_due_at) if moment is not None]
    return min(known) if known else row.follow_up_at


def state_options(chosen: str) -> SafeString:
    """Return the options of the filter by state."""
    return _options(tuple((code, in_language(state, "word")) for code, state in states().items()), chosen)


def line_options(lines: Sequence[LineRow], chosen: str) -> SafeString:
    """Return the options of the filter by service line."""
    return _options(tuple((line.code, in_language(line)) for line in lines), chosen)


@lru_cache(maxsize=256)
def _options(rows: tuple[tuple[str, str], ...], chosen: str) -> SafeString:
    parts = [
        f'<option value="{escape(code)}"{" selected" if code == chosen else ""}>{escape(name)}</option>'
        for code, name in rows
    ]
    return mark_safe("".join(parts))
