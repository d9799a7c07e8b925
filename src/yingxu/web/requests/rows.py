"""Rows of the list as words, made once a row so that the template only places them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _

from yingxu.demand.queries import RequestRow
from yingxu.web import saying, words
from yingxu.web.templatetags.yingxu import is_english, priority_word, states


@dataclass(frozen=True)
class Row:
    """A request in the list."""

    url: str
    number: str
    what: str
    text: str
    where: str
    line: str
    state: str
    tone: str
    icon: str
    priority: int
    urgency: str
    due: str
    due_iso: str
    due_tone: str
    due_title: str
    asked: str
    asked_iso: str
    asked_title: str


def listed(rows: Sequence[RequestRow], *, at: datetime) -> list[Row]:
    """Return the rows of a page."""
    english, known, sprite = is_english(), states(), static("vendor/icons.svg")
    base = reverse("web:requests")
    urgencies = {level: priority_word(level) for level in (1, 2, 3, 4)}
    unknown = _("not known yet")
    lines: dict[str, str] = {}
    return [_row(row, at, english, known, sprite, base, urgencies, unknown, lines) for row in rows]


def _row(
    row: RequestRow,
    at: datetime,
    english: bool,
    known: Mapping[str, object],
    sprite: str,
    base: str,
    urgencies: Mapping[int, str],
    unknown: str,
    lines: dict[str, str],
) -> Row:
    state = states()[row.state]
    due = act_by(row) if row.is_open else None
    left_s = (due - at).total_seconds() if due else 0.0
    if row.line_code not in lines:
        lines[row.line_code] = words.line_name(row.line_code)
    return Row(
        url=f"{base}/{row.id}",
        number=row.number,
        what=(row.item_name_en if english and row.item_name_en else row.item_name) or unknown,
        text=row.text[:80],
        where=(row.place_name_en if english and row.place_name_en else row.place_name) or row.place_words or "—",
        line=lines[row.line_code],
        state=state.word_en if english else state.word,
        tone=state.tone,
        icon=f"{sprite}#{state.icon}",
        priority=row.priority,
        urgency=urgencies[row.priority],
        due=saying.left(left_s) if due else "",
        due_iso=due.isoformat() if due else "",
        due_tone=saying.tone_of_left(left_s) if due else "",
        due_title=saying.absolute(due) if due else "",
        asked=saying.moment(row.created_at, now=at),
        asked_iso=row.created_at.isoformat(),
        asked_title=saying.absolute(row.created_at),
    )


def act_by(row: RequestRow) -> datetime | None:
    """Return the earliest moment by which somebody must have done something."""
    known = [moment for moment in (row.next_due_at, row.word_due_at) if moment is not None]
    return min(known) if known else row.follow_up_at
