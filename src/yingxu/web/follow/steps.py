"""The vertical line: what has happened, as the asker would tell it, and what is still promised."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from yingxu.ground.queries import TimelineRow
from yingxu.promise.queries import ClockRow
from yingxu.standards.library import by_code
from yingxu.web.templatetags.yingxu import is_english
from yingxu.web.words import coded

#: Milestones that are shown as still to come, in their order.
_TO_COME = ("acknowledged", "arrived", "safe", "done")


@dataclass(frozen=True)
class Step:
    """One thing that happened: its words, when, a line under it."""

    words: str
    at: datetime
    note: str = ""


@dataclass(frozen=True)
class ToCome:
    """A promise that is not reached yet."""

    words: str
    due_at: datetime
    is_paused: bool


def past(timeline: Iterable[TimelineRow]) -> list[Step]:
    """Return what happened, oldest first; facts that tell an asker nothing are left out."""
    steps: list[Step] = []
    for row in timeline:
        step = _step(row)
        if step is None or (steps and step.words == steps[-1].words and step.note == steps[-1].note):
            continue
        steps.append(step)
    return steps


def to_come(clocks: Iterable[ClockRow]) -> list[ToCome]:
    """Return what is still promised, the nearest of each milestone."""
    words = {
        "acknowledged": _("A person answers you"),
        "arrived": _("Somebody is there"),
        "safe": _("Danger is under control"),
        "done": _("Done"),
    }
    nearest: dict[str, ClockRow] = {}
    for clock in clocks:
        is_open = clock.state in {"running", "paused", "late"} and clock.milestone in words
        if is_open and (clock.milestone not in nearest or clock.due_at < nearest[clock.milestone].due_at):
            nearest[clock.milestone] = clock
    rows = [nearest[milestone] for milestone in _TO_COME if milestone in nearest]
    return [ToCome(words[clock.milestone], clock.due_at, clock.state == "paused") for clock in rows]


def is_held(timeline: Iterable[TimelineRow]) -> bool:
    """Tell whether a yes with doubts holds the finished work open: it does not close by itself then."""
    turns = [row.kind for row in timeline if row.kind in {"work.job.finished", "verify.job.yes_contradicted"}]
    return bool(turns) and turns[-1] == "verify.job.yes_contradicted"


def pause_words(timeline: Iterable[TimelineRow]) -> str:
    """Return why it stands still, in the words for askers."""
    asked = [row.facts for row in timeline if row.kind == "work.pause.asked"]
    return _pause_note(asked[-1]) if asked else ""


def _step(row: TimelineRow) -> Step | None:
    facts = row.facts
    plain = {
        "demand.request.raised": _("Received"),
        "demand.request.acknowledged": _("Answered by a person"),
        "demand.request.clarification_answered": _("You answered"),
        "demand.request.accepted": _("Accepted, waiting for dispatch"),
        "demand.request.urged": _("You urged"),
        "demand.request.transfer_accepted": _("The other department has taken it over"),
        "demand.request.declined": _("Declined, with the reason below"),
        "demand.request.cancelled": _("Withdrawn"),
        "demand.request.reopened": _("Open again"),
        "work.job.accepted": _("The worker accepted"),
        "work.job.set_out": _("On the way"),
        "work.job.arrived": _("Arrived"),
        "work.job.started": _("Work has begun"),
        "work.job.made_safe": _("Danger is under control"),
        "work.job.resumed": _("Work goes on"),
        "work.job.finished": _("The worker says done"),
        "verify.job.yes_contradicted": _("Your yes came with doubts: the desk asks again"),
        "work.job.reopened": _("Opened again"),
    }
    if row.kind in plain:
        return Step(plain[row.kind], row.happened_at)
    noted = _noted(row.kind, facts)
    return Step(noted[0], row.happened_at, noted[1]) if noted else None


def _noted(kind: str, facts: dict[str, Any]) -> tuple[str, str] | None:
    if kind == "work.job.dispatched":
        return _("Sent to %(name)s") % {"name": facts.get("worker_name", "")}, ""
    if kind == "demand.request.clarification_asked":
        return _("The desk has a question"), facts.get("question", "")
    if kind == "demand.request.merged":
        return _("Joined with number %(number)s, the same trouble") % {"number": facts.get("master_number", "")}, ""
    if kind == "demand.request.transferred":
        return _("Carried to %(name)s") % {"name": facts.get("receiver_name", "")}, ""
    if kind == "work.job.returned":
        return _("Given back, somebody else is sent"), ""
    if kind == "work.job.handed_over":
        return _("Handed over to %(name)s") % {"name": facts.get("worker_name", "")}, ""
    if kind == "work.pause.asked":
        return _("Paused"), _pause_note(facts)
    if kind == "work.job.sent_back":
        return _("Not good yet, the work goes on"), coded("rework_reasons", facts.get("reason_code", ""))
    if kind == "work.job.verified":
        by = {"asker": _("You said: good"), "check": _("Checked and found good")}
        return by.get(facts.get("ground", ""), _("Closed without a word from you")), ""
    if kind == "demand.request.answered":
        return _("Closed"), ""
    return None


def _pause_note(facts: dict[str, Any]) -> str:
    """Return what the asker is told: the worker's own words, else the library's for the reason."""
    if facts.get("told"):
        return str(facts["told"])
    row = by_code("pause_reasons").get(facts.get("reason_code", ""), {})
    return row.get("plain_en" if is_english() else "plain_zh", "") or ""
