"""Promises in words: 15 分钟内到场, or until when, where the service sleeps at night."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from yingxu.core.hours import advance
from yingxu.standards import queries as standards
from yingxu.standards.queries import TermRow
from yingxu.web import saying

#: Milestones that an asker is told, in the order of what happens.
TOLD = ("acknowledged", "arrived", "safe", "done")


def milestone_word(milestone: str) -> str:
    """Return what a milestone is called."""
    names = {
        "acknowledged": _("a person answers"),
        "arrived": _("somebody is there"),
        "safe": _("danger is under control"),
        "done": _("it is done"),
        "verified": _("it is checked"),
    }
    return names.get(milestone, milestone)


def promise_line(terms: Mapping[str, TermRow], *, at: datetime) -> str:
    """Return the promise of an item in one line: when somebody is there and when it is done.

    Budget: the calendars, once a process.
    """
    parts = []
    for milestone in ("arrived", "done"):
        term = terms.get(milestone)
        if term is not None:
            parts.append(_by_when(milestone, timedelta(seconds=term.limit_s), term.calendar_id, at))
    return _(", ").join(parts)


def _by_when(milestone: str, limit: timedelta, calendar_id: int, at: datetime) -> str:
    due_at = advance(standards.calendar_by_id(calendar_id), at, limit)
    if due_at - at <= limit + timedelta(seconds=1):
        within = {"arrived": _("there within %(time)s"), "done": _("done within %(time)s")}
        return within[milestone] % {"time": saying.duration(limit.total_seconds())}
    until = {"arrived": _("there by %(moment)s"), "done": _("done by %(moment)s")}
    return until[milestone] % {"moment": saying.moment(due_at, now=at)}
