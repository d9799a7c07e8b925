"""Recorded facts as lines of a timeline, written here and not by the template: a page has up to two hundred."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape

from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from yingxu.ground.queries import TimelineRow
from yingxu.web import facts

#: A fact that was recorded so long after it happened says so.
LATE_S = 120


@dataclass(frozen=True)
class Line:
    """One line: when, who, what; ``tone`` marks what was broken or kept."""

    clock: str
    day: str
    happened_at: datetime
    recorded: str
    who: str
    said: str
    tone: str

    @property
    def html(self) -> SafeString:
        """The line as its item of the list. Everything that somebody typed is escaped."""
        day = f'<li class="timeline-day">{self.day}</li>' if self.day else ""
        tone = f"is-{self.tone}" if self.tone else ""
        who = f"<small>{escape(self.who)}</small>" if self.who else ""
        late = f"<small>{escape(_('recorded'))} {self.recorded}</small>" if self.recorded else ""
        return mark_safe(
            f'{day}<li class="timeline-line {tone}"><time datetime="{self.happened_at.isoformat()}">{self.clock}</time>'
            f"<span><strong>{escape(self.said)}</strong>{who}{late}</span></li>"
        )


_TONES = {
    "promise.clock.broken": "late",
    "work.job.sent_back": "late",
    "verify.job.found_bad": "late",
    "demand.request.urged": "warn",
    "work.pause.asked": "warn",
    "verify.job.found_good": "ok",
    "work.job.closed": "ok",
}


def lines(rows: Sequence[TimelineRow]) -> tuple[Line, ...]:
    """Return the lines of a timeline, oldest first; the day stands where it changes."""
    found, day = [], ""
    for row in rows:
        there = timezone.localtime(row.happened_at)
        today = there.strftime("%Y-%m-%d")
        is_late = (row.recorded_at - row.happened_at).total_seconds() > LATE_S
        tone = _TONES.get(row.kind, "")
        if row.kind == "promise.clock.stopped":
            tone = "ok" if row.facts.get("is_kept") else "late"
        found.append(
            Line(
                clock=there.strftime("%H:%M:%S"),
                day="" if today == day else today,
                happened_at=row.happened_at,
                recorded=timezone.localtime(row.recorded_at).strftime("%m-%d %H:%M") if is_late else "",
                who=facts.who(row),
                said=facts.sentence(row.kind, row.facts),
                tone=tone,
            )
        )
        day = today
    return tuple(found)
