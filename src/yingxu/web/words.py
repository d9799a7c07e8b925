"""Words for codes that several screens show: milestones, what a worker lacks, reasons from the library's tables."""

from __future__ import annotations

from functools import cache

from django.utils.translation import gettext as _

from yingxu.standards.library import by_code, rows
from yingxu.web.templatetags.yingxu import is_english


def milestone_name(code: str) -> str:
    """Return what a milestone is called on a clock."""
    names = {
        "acknowledged": _("first answer"),
        "arrived": _("arrival"),
        "safe": _("made safe"),
        "done": _("done"),
        "verified": _("checked"),
    }
    return names.get(code, code)


def coded(table: str, code: str) -> str:
    """Return a code of a library table in the reader's language; the code itself when the table lacks it."""
    row = by_code(table).get(code)
    if row is None:
        return code
    return row["name_en"] if is_english() else row["name_zh"]


def choices(table: str) -> list[tuple[str, str]]:
    """Return (code, name) of a library table in the reader's language."""
    field = "name_en" if is_english() else "name_zh"
    return [(row["code"], row[field]) for row in rows(table)]


@cache
def _lines() -> dict[str, dict[str, str]]:
    return {row["code"]: row for row in rows("lines")}


def line_name(code: str) -> str:
    """Return a service line's name from the trade's table; empty for no line."""
    row = _lines().get(code)
    if row is None:
        return code
    return row["name_en"] if is_english() else row["name_zh"]


def lacking(missing: tuple[str, ...]) -> str:
    """Return what a worker lacks for a job, in words."""
    said = []
    for part in missing:
        kind, _sep, rest = part.partition(":")
        if kind == "line":
            said.append(_("not of %(line)s") % {"line": line_name(rest)})
        elif kind == "skill":
            skill, _sep, level = rest.partition(":")
            said.append(_("skill %(skill)s level %(level)s") % {"skill": coded("skills", skill), "level": level})
        elif kind == "party":
            said.append(_("another company's contract"))
        else:
            said.append(part)
    return _(", ").join(said)
