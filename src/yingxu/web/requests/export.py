"""The filtered list as CSV, row by row, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from yingxu.demand.queries import Page, RequestRow
from yingxu.web.templatetags.yingxu import in_language, priority_word, state_word
from yingxu.web.words import line_name

#: A cell that begins so would be a formula to a spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class _Echo:
    """Hands back what is written."""

    def write(self, value: str) -> str:
        return value


def safe(value: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{value}" if value.startswith(_FORMULA) else value


def csv_lines(page_after: Callable[[str | None], Page], zone: ZoneInfo) -> Iterator[str]:
    """Yield the lines of the export, asking for page after page."""
    writer = csv.writer(_Echo())
    yield "\ufeff" + str(writer.writerow(_head()))
    cursor: str | None = None
    while True:
        page = page_after(cursor)
        for row in page.rows:
            yield str(writer.writerow([safe(cell) for cell in _cells(row, zone)]))
        if page.next is None:
            return
        cursor = page.next


def _head() -> list[str]:
    return [
        _("Number"),
        _("State"),
        _("Urgency"),
        _("Service line"),
        _("Kind of service"),
        _("Text"),
        _("Place"),
        _("Asked"),
        _("Due"),
    ]


def _cells(row: RequestRow, zone: ZoneInfo) -> list[str]:
    return [
        row.number,
        state_word(row.state),
        priority_word(row.priority),
        line_name(row.line_code),
        in_language(row, "item_name"),
        row.text,
        in_language(row, "place_name") or row.place_words,
        _moment(row.created_at, zone),
        _moment(row.next_due_at, zone),
    ]


def _moment(at: datetime | None, zone: ZoneInfo) -> str:
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S") if at else ""
