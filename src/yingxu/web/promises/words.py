"""What a clock tells, in words: one sentence in short, then line by line; the seconds of the lines add up."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from yingxu.core.clock import Line
from yingxu.core.hours import Span
from yingxu.promise.queries import Explained, ExplainedLine, TermsSaid
from yingxu.web import saying, words
from yingxu.web.templatetags.yingxu import in_language, priority_word

#: States of a clock that is still owed.
_OPEN = frozenset({"running", "paused", "late"})


@dataclass(frozen=True)
class ToldLine:
    """One line: when, what happened or passed, which opening times it counted."""

    day: str
    clock: str
    until: str
    said: str
    note: str
    tone: str


@dataclass(frozen=True)
class ToldClock:
    """One clock in words."""

    name: str
    short: str
    verdict: str
    tone: str
    icon: str
    due_at: datetime
    is_open: bool
    is_paused: bool
    lines: tuple[ToldLine, ...]
    sums: str


def told(clocks: Iterable[Explained], *, now: datetime) -> tuple[ToldClock, ...]:
    """Return the clocks in words; a clock that another one of the same milestone followed comes first."""
    return tuple(_told(one, now) for one in clocks)


def _told(one: Explained, now: datetime) -> ToldClock:
    verdict, tone, icon = _verdict(one)
    return ToldClock(
        name=words.milestone_name(one.clock.milestone),
        short=_short(one, now),
        verdict=verdict,
        tone=tone,
        icon=icon,
        due_at=one.clock.due_at,
        is_open=one.clock.state in _OPEN,
        is_paused=one.clock.state == "paused",
        lines=_lines(one),
        sums=_sums(one),
    )


def _verdict(one: Explained) -> tuple[str, str, str]:
    if one.is_reported_after:
        return _("told after the limit: counts as broken until the hospital accepts it"), "late", "alert-circle"
    if one.clock.state == "kept" and one.clock.is_reported_late:
        return _("kept, reported late"), "ok", "check"
    if one.clock.state == "void":
        return _("no longer promised"), "muted", "minus"
    return {
        "kept": (_("kept"), "ok", "check"),
        "broken": (_("broken"), "late", "alert-circle"),
        "late": (_("late, still owed"), "late", "alert-circle"),
        "paused": (_("stands still"), "muted", "player-pause"),
    }.get(one.clock.state, (_("runs"), "warn", "clock"))


def hours_said(terms: TermsSaid) -> str:
    """Return the service hours in words."""
    if terms.is_always_open:
        return _("around the clock")
    return in_language(terms, "calendar_name")


def _short(one: Explained, now: datetime) -> str:
    """Return the whole story in a sentence: from when, how long, what was taken out, so by when."""
    terms, reading = one.terms[-1], one.explanation.reading
    if terms.is_from_log:
        return _("The record itself names the limit: %(due)s.") % {"due": saying.moment(one.clock.due_at, now=now)}
    start = reading.started_at or one.clock.started_at
    parts = [
        _("From %(start)s within %(limit)s (%(hours)s)")
        % {"start": saying.moment(start, now=now), "limit": saying.duration(terms.limit_s), "hours": hours_said(terms)}
    ]
    if terms.is_by_appointment:
        parts.append(_("counted to the appointment, which is later than the standard's own limit"))
    stopped_s = sum(line.line.stopped_s for line in one.lines)
    if stopped_s:
        parts.append(_("%(time)s with approval not counted") % {"time": saying.duration(stopped_s)})
    if one.clock.state == "paused" and reading.due_at is None:
        parts.append(_("no limit as long as it stands still"))
    else:
        due = {"due": saying.moment(reading.due_at or one.clock.due_at, now=now)}
        parts.append(_("so by %(due)s") % due)
    return _("; ").join(parts) + _(".")


def _sums(one: Explained) -> str:
    lines = [line.line for line in one.lines]
    limit_s = one.terms[-1].limit_s
    said = [
        _("Counted %(used)s of %(limit)s")
        % {"used": saying.duration(one.explanation.reading.elapsed_s), "limit": saying.duration(max(limit_s, 0))}
    ]
    for seconds, sentence in (
        (sum(line.stopped_s for line in lines), _("stood still %(time)s")),
        (sum(line.closed_s for line in lines), _("outside service hours %(time)s")),
    ):
        if seconds > 0:
            said.append(sentence % {"time": saying.duration(seconds)})
    return _("; ").join(said) + _(".")


def _lines(one: Explained) -> tuple[ToldLine, ...]:
    found: list[ToldLine] = []
    day = ""
    for explained in one.lines:
        line = explained.line
        sentence = _SENTENCES.get(line.code)
        if sentence is None:
            continue
        there = timezone.localtime(line.from_at)
        today = there.strftime("%Y-%m-%d")
        found.append(
            ToldLine(
                day="" if today == day else today,
                clock=there.strftime("%H:%M:%S"),
                until=_until(line),
                said=sentence(line, one),
                note=_spans(explained),
                tone=_tone(line),
            )
        )
        day = today
    return tuple(found)


def _until(line: Line) -> str:
    if line.until_at <= line.from_at:
        return ""
    from_there, to_there = timezone.localtime(line.from_at), timezone.localtime(line.until_at)
    pattern = "%H:%M:%S" if from_there.date() == to_there.date() else "%m-%d %H:%M:%S"
    return to_there.strftime(pattern)


def _spans(explained: ExplainedLine) -> str:
    """Return the opening times that were counted; of many the first ones and the last."""
    if not explained.spans:
        return ""
    said = [_span(span) for span in explained.spans]
    left_out = explained.n_spans - len(said)
    if left_out:
        said.insert(-1, _("… %(n)d more …") % {"n": left_out})
    return _("service hours: %(spans)s") % {"spans": _(", ").join(said)}


def _span(span: Span) -> str:
    from_there, to_there = timezone.localtime(span.start), timezone.localtime(span.end)
    ends = to_there.strftime("%H:%M")
    if to_there.date() != from_there.date() and ends == "00:00":
        ends = "24:00"
    return f"{from_there:%m-%d %H:%M}\u2013{ends}"


_TONES = {
    "event.stopped": "muted",
    "time.stopped": "muted",
    "event.time_runs_on": "warn",
    "time.pause_not_stopping": "warn",
    "event.reopened": "late",
    "event.terms_changed": "warn",
}


def _tone(line: Line) -> str:
    if line.code == "event.reached":
        return "late" if dict(line.facts).get("late") else "ok"
    return _TONES.get(line.code, "")


def _reason(line: Line) -> str:
    return words.coded("pause_reasons", str(dict(line.facts).get("reason_code", "")))


def _started(line: Line, one: Explained) -> str:
    terms = one.terms[0]
    if terms.is_from_log:
        return _("The clock starts; the record itself names the limit")
    values = {
        "milestone": words.milestone_name(one.clock.milestone),
        "limit": saying.duration(terms.limit_s),
        "urgency": priority_word(terms.priority),
        "hours": hours_said(terms),
    }
    return _("The clock starts: %(milestone)s within %(limit)s (%(urgency)s, %(hours)s)") % values


def _counted(line: Line, one: Explained) -> str:
    values = {"time": saying.duration(line.counted_s), "closed": saying.duration(line.closed_s)}
    if line.closed_s <= 0:
        return _("%(time)s count") % values
    if line.counted_s <= 0:
        return _("%(closed)s outside service hours: nothing counts") % values
    return _("%(time)s count; %(closed)s outside service hours do not") % values


def _terms_changed(line: Line, one: Explained) -> str:
    terms = next((terms for terms in one.terms if terms.since_at == line.from_at), one.terms[-1])
    old_s = dict(line.facts).get("old_limit_s")
    values = {
        "urgency": priority_word(terms.priority),
        "limit": saying.duration(terms.limit_s),
        "old": saying.duration(old_s) if isinstance(old_s, int) else "—",
        "hours": hours_said(terms),
    }
    return (
        _("Another urgency: %(urgency)s, now within %(limit)s (%(hours)s) instead of %(old)s; what was used stays used")
        % values
    )


def _kept_past(line: Line, one: Explained) -> str:
    after = dict(line.facts).get("after")
    urgency = priority_word(after) if isinstance(after, int) else ""
    return _("Another urgency: %(urgency)s; this clock was over or broken already and keeps its past") % {
        "urgency": urgency
    }


def _withdrawn(line: Line, one: Explained) -> str:
    why = str(dict(line.facts).get("why_code", "")) or one.clock.void_why
    names = {
        "merged": _("joined with another number"),
        "transferred": _("carried to another department"),
        "declined": _("declined"),
        "cancelled": _("called off"),
        "replaced": _("the new urgency promises none"),
        "sent_back": _("sent back, it will be asked for again"),
        "lapsed": _("closed in silence"),
        "withdrawn_late": _("called off after its limit: the breach stays counted"),
    }
    return _("No longer promised: %(why)s") % {"why": names.get(why, why)}


def _corrected(line: Line, one: Explained) -> str:
    reached_at = dict(line.facts).get("reached_at")
    at = timezone.localtime(reached_at).strftime("%m-%d %H:%M:%S") if isinstance(reached_at, datetime) else "—"
    return _("The hospital accepts the proof: in truth reached at %(at)s; what was counted beyond is taken back") % {
        "at": at
    }


_SENTENCES: dict[str, Callable[[Line, Explained], str]] = {
    "event.started": _started,
    "time.counted": _counted,
    "event.paused": lambda line, one: (
        _("Paused: %(reason)s; the clock runs until somebody approves that it stops") % {"reason": _reason(line)}
    ),
    "event.stopped": lambda line, one: _("Approved: the clock stands still"),
    "event.time_runs_on": lambda line, one: _("Not approved as a stop: the clock runs on"),
    "time.stopped": lambda line, one: (
        _("%(time)s do not count: %(reason)s")
        % {
            "time": saying.duration((line.until_at - line.from_at).total_seconds()),
            "reason": _reason(line),
        }
    ),
    "time.pause_not_stopping": lambda line, one: (
        _("%(time)s count although work was paused: %(reason)s")
        % {"time": saying.duration(line.counted_s), "reason": _reason(line)}
    ),
    "event.resumed": lambda line, one: _("Work goes on, the clock runs"),
    "event.stop_ended": lambda line, one: _("The approved time is used up: the clock runs again by itself"),
    "event.reached": lambda line, one: _("Reached too late") if dict(line.facts).get("late") else _("Reached in time"),
    "event.reopened": lambda line, one: _("Not good after all: the clock goes on from its first start"),
    "time.since_finished": lambda line, one: (
        _("%(time)s since it was said to be done count as well") % {"time": saying.duration(line.counted_s)}
    ),
    "event.terms_changed": _terms_changed,
    "note.urgency_changed": _kept_past,
    "event.withdrawn": _withdrawn,
    "event.voided": _withdrawn,
    "event.reinstated": lambda line, one: _("Promised again: the time between counts"),
    "event.corrected": _corrected,
    "ignored.breached_before": lambda line, one: _("The limit had passed: a change of terms does not undo that"),
}
