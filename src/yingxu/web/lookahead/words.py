"""Words of the look-ahead calendar: kinds, states, how something comes again, days."""

from __future__ import annotations

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yingxu.upkeep.queries import OccasionDetail, OccasionRow
from yingxu.web.templatetags.yingxu import is_english

#: Kind -> icon.
ICONS = {
    "season": "ripple",
    "holiday": "calendar",
    "review": "clipboard-check",
    "outage": "bolt",
    "warning": "alert-triangle",
    "legal": "shield-check",
}
#: State of a preparation -> tone and icon.
TONES = {
    "open": ("muted", "clock"),
    "near": ("warn", "hourglass"),
    "late": ("late", "clock-exclamation"),
    "ready": ("ok", "circle-check"),
    "skipped": ("muted", "ban"),
}


def kind_name(code: str) -> str:
    """Return what sort of thing comes."""
    names = {
        "season": _("Season"),
        "holiday": _("Holidays"),
        "review": _("Review or examination"),
        "outage": _("Planned stop"),
        "warning": _("Weather warning"),
        "legal": _("Legal date"),
    }
    return names.get(code, code)


def kinds() -> list[tuple[str, str]]:
    """Return the kinds by code."""
    return [(code, kind_name(code)) for code in ICONS]


def repeats() -> list[tuple[str, str]]:
    """Return how something can come again, by code."""
    return [
        ("once", _("Once, between two dates")),
        ("yearly", _("Every year between two days")),
        ("holiday", _("With the holidays of that name")),
        ("months", _("Every so many months")),
    ]


def state_name(code: str) -> str:
    """Return where a preparation stands."""
    names = {
        "open": _("to be made ready"),
        "near": _("due soon"),
        "late": _("past its day"),
        "ready": _("ready"),
        "skipped": _("left out"),
    }
    return names.get(code, code)


def shown_name(code: str) -> str:
    """Return what a list is narrowed to."""
    names = {
        "open": _("To be made ready"),
        "late": _("Late"),
        "unowned": _("Nobody answers"),
        "mine": _("Mine"),
        "over": _("Ready or left out"),
    }
    return names.get(code, code)


def days_left(n: int) -> str:
    """Return how many days are left, or how many it is late."""
    if n == 0:
        return _("today")
    if n > 0:
        return ngettext("%(n)d day left", "%(n)d days left", n) % {"n": n}
    return ngettext("%(n)d day late", "%(n)d days late", -n) % {"n": -n}


def day(on: date | None, *, of: date) -> str:
    """Return a day; with its year where that is another one."""
    if on is None:
        return ""
    if is_english():
        return date_format(on, "j M" if on.year == of.year else "j M Y")
    return date_format(on, "n月j日" if on.year == of.year else "Y年n月j日")


def month(on: date) -> str:
    """Return a month with its year."""
    return date_format(on, "F Y" if is_english() else "Y年n月")


def coming(row: OccasionRow, *, today: date) -> tuple[str, str]:
    """Return when it comes in words, and a tone."""
    if row.begins_on is None:
        return _("no date ahead"), "muted"
    if row.begins_on <= today:
        return _("now"), "warn"
    n = (row.begins_on - today).days
    tone = "warn" if row.opens_on is not None and row.opens_on <= today else "muted"
    return ngettext("in %(n)d day", "in %(n)d days", n) % {"n": n}, tone


def comes_again(row: OccasionDetail) -> str:
    """Return how it comes again, in words."""
    if row.row.repeats == "yearly":
        return _("every year from %(first)s to %(last)s") % {"first": row.from_md, "last": row.to_md}
    if row.row.repeats == "holiday":
        return _("with the holidays of %(name)s") % {"name": row.holiday}
    if row.row.repeats == "months":
        return ngettext("every %(n)d month", "every %(n)d months", row.every_months or 0) % {"n": row.every_months or 0}
    return _("once")


def mark_name(code: str) -> str:
    """Return how sure the basis is."""
    names = {
        "E": _("experience: set it to your place"),
        "K": _("known rule: check the local text"),
        "V": _("checked against the source"),
    }
    return names.get(code[:1], "")
