"""What is wrong in an uploaded table, in words with the row's number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from yingxu.ground.importing import COLUMNS, Column, Fault
from yingxu.web.templatetags.yingxu import is_english

_WORDS: dict[str, Callable[[], str]] = {
    "missing": lambda: _("Row %(row)d: “%(column)s” is empty."),
    "twice": lambda: _("Row %(row)d: “%(column)s” %(value)s stands in row %(limit)s already."),
    "taken": lambda: _("Row %(row)d: “%(column)s” %(value)s is in use already."),
    "unknown": lambda: _("Row %(row)d: “%(column)s” %(value)s is not known."),
    "too_long": lambda: _("Row %(row)d: “%(column)s” is longer than %(limit)s characters."),
    "letters": lambda: _("Row %(row)d: “%(column)s” %(value)s has letters that are not allowed there."),
    "no_number": lambda: _("Row %(row)d: “%(column)s” %(value)s is not a number."),
    "no_moment": lambda: _("Row %(row)d: “%(column)s” %(value)s is not a date and time, like 2026-03-01 08:30."),
    "past": lambda: _("Row %(row)d: “%(column)s” %(value)s lies in the past."),
    "far": lambda: _("Row %(row)d: “%(column)s” %(value)s lies more than a year ahead."),
    "out_of_range": lambda: _("Row %(row)d: “%(column)s” %(value)s is out of range (at most %(limit)s)."),
    "several": lambda: _("Row %(row)d: several people are called %(value)s; write the account."),
    "no_day": lambda: _("Row %(row)d: “%(column)s” %(value)s is not a day, like 2026-03-01."),
    "no_clock": lambda: _("Row %(row)d: “%(column)s” %(value)s is not a time of day, like 08:30."),
    "before": lambda: _("Row %(row)d: “%(column)s” %(value)s lies before %(limit)s."),
    "differs": lambda: _("Row %(row)d: “%(column)s” %(value)s differs from %(limit)s, which stands already."),
    "not_whole": lambda: _("Row %(row)d: “%(column)s” %(value)s must be a whole number."),
    "too_fine": lambda: _("Row %(row)d: “%(column)s” %(value)s is finer than %(limit)s."),
    "not_yours": lambda: _("Row %(row)d: the stock of the store %(value)s is kept by others."),
    "in_future": lambda: _("Row %(row)d: “%(column)s” %(value)s lies in the future."),
    "refused": lambda: _("Row %(row)d: %(value)s"),
    "circle": lambda: _("Row %(row)d: “%(column)s” %(value)s lies in itself, by way of others."),
}
_UNREADABLE: dict[str, Callable[[], str]] = {
    "empty": lambda: _("The file has no rows. Fill in the template and upload it again."),
    "old_excel": lambda: _("This is an old Excel file (.xls). Save it as .xlsx or CSV and upload it again."),
    "not_a_table": lambda: _("This is no table that can be read. Upload an .xlsx or CSV file without a password."),
    "too_long": lambda: _("The table is too long: at most 20,000 rows at once. Upload it in parts."),
    "no_header": lambda: _("No column name was recognised. Put the template's column names into the first row."),
    "too_large": lambda: _("The file is larger than 12 MB. Upload it in parts."),
    "missing": lambda: _("Choose a file first."),
}

#: Table -> columns that take one of a few names, all of which their hint tells.
_CLOSED = {"places": ("kind",), "people": ("roles",)}


@dataclass(frozen=True)
class Told:
    """A fault in words."""

    row: int
    words: str


def column_name(table: str, code: str) -> str:
    """Return a column's name in the reader's language."""
    for column in COLUMNS.get(table, ()):
        if column.code == code:
            return column.name_en if is_english() else column.name
    return code


def told(table: str, fault: Fault, *, name: str = "") -> Told:
    """Return a fault in words."""
    words = _WORDS.get(fault.problem, _WORDS["unknown"])() % {
        "row": fault.row,
        "column": name or column_name(table, fault.column),
        "value": fault.value,
        "limit": fault.limit,
    }
    if fault.problem == "unknown" and fault.column in _CLOSED.get(table, ()):
        hint = next(_hint(column) for column in COLUMNS[table] if column.code == fault.column)
        words = _("%(fault)s It takes: %(names)s.") % {"fault": words, "names": hint}
    return Told(fault.row, words)


def _hint(column: Column) -> str:
    return column.hint_en if is_english() else column.hint


def unreadable(code: str) -> str:
    """Return why a file is no table."""
    return _UNREADABLE.get(code, _UNREADABLE["not_a_table"])()
