"""Promises in words: 15 分钟内到场, or until when, where the service sleeps at night."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from yingxu.core.hours import advance
from yingxu.standards import queries as standards
from yingxu.standards.queries import TermRow
from yingxu.web import saying


def promise_line(terms: Mapping[str, TermRow], *, at: datetime) -> str:
    """Return the promise of an item in one line: when somebody is there and when it is done.

    Budget: the calendars, once a process.
    """
    told = [terms[milestone] for milestone in ("arrived", "done") if milestone in terms]
    due = {term.milestone: _due_at(term, at) for term in told}
    if "done" in due and due.get("arrived", at) > due["done"]:
        told = [term for term in told if term.milestone == "done"]  # arriving later than done would say nothing
    return _(", ").join(_by_when(term, due[term.milestone], at) for term in told)


def _due_at(term: TermRow, at: datetime) -> datetime:
    return advance(standards.calendar_by_id(term.calendar_id), at, timedelta(seconds=term.limit_s))


def _by_when(term: TermRow, due_at: datetime, at: datetime) -> str:
    milestone, limit = term.milestone, timedelta(seconds=term.limit_s)
    if due_at - at <= limit + timedelta(seconds=1):
        within = {"arrived": _("there within %(time)s"), "done": _("done within %(time)s")}
        return within[milestone] % {"time": saying.duration(limit.total_seconds())}
    until = {"arrived": _("there by %(moment)s"), "done": _("done by %(moment)s")}
    return until[milestone] % {"moment": saying.moment(due_at, now=at)}
