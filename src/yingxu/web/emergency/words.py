"""Emergencies in words: kinds, marks, states, how a limit stands, what a basis mark means."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from yingxu.core.clock.emergency import Standing
from yingxu.web.saying import duration
from yingxu.web.templatetags.yingxu import in_language, state_word
from yingxu.work.emergencies import kinds, marks_of, rules_of


def kind_name(code: str) -> str:
    """Return a kind's name."""
    kind = kinds().get(code)
    return in_language(kind) if kind is not None else code


def mark_name(kind: str, code: str) -> str:
    """Return the name of a mark, or of a line that is none."""
    known = marks_of(kind).get(code)
    if known is not None:
        return in_language(known)
    return {
        "said": _("said"),
        "done": _("done"),
        "decided": _("decided"),
        "told": _("told"),
        "command": _("leads from now on"),
        "place": _("affected"),
        "ended": _("ended"),
    }.get(code, code)


def clock_name(kind: str, code: str) -> str:
    """Return the name of a limit."""
    rule = rules_of(kind).get(code)
    return in_language(rule) if rule is not None else code


def state_name(state: str) -> tuple[str, str, str]:
    """Return an incident's state in a word, its tone and its icon."""
    return {
        "proposed": (_("waits for confirmation"), "warn", "alert-triangle"),
        "open": (_("running"), "late", "urgent"),
        "ended": (_("ended"), "muted", "circle-check"),
        "dropped": (_("none"), "muted", "circle-x"),
        "joined": (_("told under another"), "muted", "git-merge"),
    }.get(state, (state_word(state), "muted", "circle-dot"))


def outcome_name(code: str, *, is_drill: bool = False) -> str:
    """Return what an incident turned out to be, or how a drill ended."""
    if is_drill:
        return {"real": _("drill over"), "false": _("broken off")}.get(code, "")
    return {"real": _("real"), "false": _("false alarm")}.get(code, "")


def try_name(code: str) -> str:
    """Return how an attempt to call went."""
    return {"answered": _("a person answered"), "no_answer": _("no answer"), "busy": _("busy")}.get(code, code)


def branch_name(code: str) -> str:
    """Return a branch of the call tree."""
    return {"rescue": _("Who helps"), "command": _("Who leads")}.get(code, code)


def basis_words(mark: str) -> str:
    """Return what a basis mark of the library means."""
    if mark.startswith("V"):
        return _("law or standard, found stated")
    return _("known, check the text in force") if mark.startswith("K") else _("estimate of the house")


@dataclass(frozen=True)
class Said:
    """How a limit stands, in a word with its tone and icon, and the time used."""

    word: str
    tone: str
    icon: str
    spent: str


def standing_said(one: Standing) -> Said:
    """Return how a limit stands in words."""
    word, tone, icon = {
        "waiting": (_("not begun"), "muted", "clock"),
        "running": (_("running"), "warn", "clock"),
        "late": (_("passed"), "late", "alert-circle"),
        "kept": (_("within the limit"), "ok", "circle-check"),
        "broken": (_("not kept"), "late", "alert-circle"),
        "measured": (_("time only"), "muted", "clock"),
        "unknown": (_("not noted"), "muted", "help-circle"),
    }[one.state]
    return Said(word, tone, icon, clock_time(one.spent_s) if one.spent_s is not None else "—")


def clock_time(seconds: int) -> str:
    """Return a span to the second: seconds decide here."""
    hours, rest = divmod(max(0, seconds), 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02d}:{left:02d}" if hours else f"{minutes}:{left:02d}"


def limit_said(limit_s: int | None) -> str:
    """Return a limit in words."""
    return duration(limit_s) if limit_s is not None and limit_s % 60 == 0 else clock_time(limit_s or 0)
