"""The course of one clock through its events, in whole epoch seconds.

Instants are cut to the second they lie in. That can only favour keeping: two instants at most `limit_s` apart stay at
most `limit_s` apart when both are cut.
"""

from collections.abc import Callable
from datetime import datetime

from yingxu.core.clock.events import (
    Corrected,
    Event,
    PauseApproved,
    Paused,
    Reached,
    Reinstated,
    Reopened,
    Resumed,
    Started,
    TermsChanged,
    Withdrawn,
)
from yingxu.core.clock.reading import Line
from yingxu.core.clock.refusals import MilestoneChanged, ReasonNeverStops, UnknownPauseReason
from yingxu.core.clock.stretch import Pause, Stretch
from yingxu.core.clock.terms import CONTINUES_AFTER_REOPENING, Milestone, Reasons, Stops, Terms
from yingxu.core.hours.measure import at_epoch, epoch_s
from yingxu.core.hours.timeline import Timeline

Facts = tuple[tuple[str, str | int | datetime | None], ...]


class Course:
    """A clock being played through its events.

    Reaching does not stop the inner count, it is only remembered: a reopened clock goes on from its original start, so
    the time between finishing and reopening counts (domain §5.2).
    """

    def __init__(self, terms: Terms, reasons: Reasons, lines: list[Line] | None) -> None:
        self.terms = terms
        self.timeline: Timeline = terms.calendar.timeline
        self.reasons = reasons
        self.lines = lines
        self.start_s: int | None = None
        self.ran: list[Stretch] = []
        self.runs_from_s: int | None = None
        self.used_s = 0  # open seconds counted before runs_from_s, or before the stop
        self.stops: list[tuple[int, int, Timeline]] = []
        self.not_before_s: int | None = None  # a change of terms cannot make the past due
        self.pause: Pause | None = None
        self.reached_s: int | None = None
        self.withdrawn_s: int | None = None
        self.is_void = False
        self.mended_due_s: int | None = None
        self.pending: TermsChanged | None = None
        self._told_s = 0  # lines cover the time up to here
        self._told_used_s = 0
        self._told_stopped_s = 0

    # ---- questions -------------------------------------------------------------------------------------------

    def used_at(self, instant_s: int) -> int:
        """Return the open seconds counted before an instant."""
        if self.runs_from_s is not None and instant_s >= self.runs_from_s:
            return self.used_s + self.timeline.elapsed_s(self.runs_from_s, instant_s)
        for stretch in reversed(self.ran):
            if instant_s >= stretch.from_s:
                end_s = min(instant_s, stretch.to_s)
                return stretch.used_before_s + stretch.timeline.elapsed_s(stretch.from_s, end_s)
        return 0

    def stopped_at(self, instant_s: int) -> int:
        """Return the open seconds that pauses took out before an instant."""
        stops = self.stops
        if self.pause is not None and self.pause.stopped_from_s is not None and self.runs_from_s is None:
            stops = [*stops, (self.pause.stopped_from_s, instant_s, self.timeline)]
        return sum(
            timeline.elapsed_s(from_s, min(to_s, instant_s)) for from_s, to_s, timeline in stops if from_s < instant_s
        )

    def instant_of(self, used_s: int) -> int | None:
        """Return the first instant by which `used_s` seconds have been counted; None while a pause holds it."""
        for stretch in self.ran:
            if stretch.used_before_s + stretch.seconds >= used_s:
                return stretch.timeline.advance_s(stretch.from_s, used_s - stretch.used_before_s)
        runs_from_s = self.runs_from_s
        if runs_from_s is None and self.pause is not None:
            runs_from_s = self.pause.stop_until_s
        return None if runs_from_s is None else self.timeline.advance_s(runs_from_s, used_s - self.used_s)

    def target_s(self) -> int | None:
        """Return the earliest second that may be due whatever the limit says: a promised instant, a change of terms."""
        target_at = self.terms.target_at
        if target_at is None:
            return self.not_before_s
        promised_s = epoch_s(target_at)
        return promised_s if self.not_before_s is None else max(promised_s, self.not_before_s)

    def due_s(self) -> int | None:
        """Return the last second that keeps the promise; None before the start and while a pause without end holds."""
        if self.start_s is None:
            return None
        floor_s = self.target_s()
        if self.terms.limit_s is None:
            return floor_s
        limit_due_s = self.instant_of(self.terms.limit_s)
        if limit_due_s is None or floor_s is None:
            return limit_due_s
        return max(limit_due_s, floor_s)

    def is_late(self, instant_s: int) -> bool:
        """Return whether the promise is past due at an instant."""
        due_s = self.due_s()
        return due_s is not None and instant_s > due_s

    @property
    def is_over(self) -> bool:
        """Whether the clock was reached or withdrawn."""
        return self.reached_s is not None or self.withdrawn_s is not None

    # ---- playing ---------------------------------------------------------------------------------------------

    def play(self, event: Event) -> None:
        """Let one event happen; events come in order of time."""
        if self.start_s is None and not isinstance(event, _BEFORE_THE_START):
            self._tell("ignored.not_started", epoch_s(event.at), event)
            return
        instant_s = epoch_s(event.at)
        self.settle(instant_s)
        _PLAYS[type(event)](self, event, instant_s)

    def settle(self, instant_s: int) -> None:
        """Let a pause whose stop has an end run out before an instant."""
        pause = self.pause
        if pause is not None and pause.stop_until_s is not None and pause.stop_until_s <= instant_s:
            until_s = pause.stop_until_s
            self._run_again(until_s)
            self._event("event.stop_ended", until_s, ("reason_code", pause.reason.code))

    def finish(self, at_s: int) -> None:
        """Bring the explanation up to the instant of reading."""
        self.settle(at_s)
        if self.start_s is not None and not self.is_over:
            self._pass_time(at_s)

    def _start(self, event: Started, instant_s: int) -> None:
        if self.start_s is not None:
            self._tell("ignored.started_before", instant_s, event)
            return
        self.start_s = self.runs_from_s = self._told_s = instant_s
        self._event("event.started", instant_s, ("limit_s", self.terms.limit_s), ("target_at", self.terms.target_at))

    def _pause(self, event: Paused, instant_s: int) -> None:
        reason = self.reasons.get(event.reason_code)
        if reason is None:
            raise UnknownPauseReason(event.reason_code)
        if self.terms.milestone is Milestone.ACKNOWLEDGED:
            self._tell("ignored.acknowledged_never_pauses", instant_s, event)
            return
        if self.is_over:
            self._tell("ignored.clock_over", instant_s, event)
            return
        self._end_pause(instant_s)
        until_s = None if event.until_at is None else epoch_s(event.until_at)
        self.pause = Pause(reason, instant_s, until_s)
        self._event("event.paused", instant_s, ("reason_code", reason.code), ("until_at", event.until_at))
        if event.is_approved:
            self._stop(instant_s, said=event.stops)

    def _approve(self, event: PauseApproved, instant_s: int) -> None:
        if self.pause is None:
            self._tell("ignored.no_pause", instant_s, event)
            return
        self._stop(instant_s, said=event.stops, end_s=None if event.until_at is None else epoch_s(event.until_at))

    def _stop(self, instant_s: int, *, said: bool | None, end_s: int | None = None) -> None:
        pause = self.pause
        assert pause is not None
        if said and pause.reason.stops is Stops.NEVER:
            raise ReasonNeverStops(pause.reason.code)
        stops = pause.reason.stops is Stops.YES if said is None else said
        ends = [] if end_s is None else [end_s]
        if pause.reason.cap_s is not None:
            ends.append(instant_s + pause.reason.cap_s)
        if pause.reason.until_grace_s is not None and pause.until_s is not None:
            ends.append(pause.until_s + pause.reason.until_grace_s)
        until_s = min(ends, default=None)
        # Once stopped, a second approval neither stops again nor lengthens.
        if not stops or pause.stopped_from_s is not None or (until_s is not None and until_s <= instant_s):
            self._event("event.time_runs_on", instant_s, ("reason_code", pause.reason.code))
            return
        self._event("event.stopped", instant_s, ("reason_code", pause.reason.code))
        pause.stopped_from_s, pause.stop_until_s = instant_s, until_s
        self._close_stretch(instant_s)
        self.runs_from_s = None

    def _resume(self, event: Resumed, instant_s: int) -> None:
        if self.pause is None:
            self._tell("ignored.no_pause", instant_s, event)
            return
        code = self.pause.reason.code
        self._end_pause(instant_s)
        self._event("event.resumed", instant_s, ("reason_code", code))

    def _reach(self, event: Reached, instant_s: int) -> None:
        if self.is_over:
            self._tell("ignored.clock_over", instant_s, event)
            return
        self._end_pause(instant_s)
        self._event("event.reached", instant_s, ("late", int(self.is_late(instant_s))))
        self.reached_s = instant_s

    def _reopen(self, event: Reopened, instant_s: int) -> None:
        if self.terms.milestone not in CONTINUES_AFTER_REOPENING:
            self._tell("ignored.first_time_stands", instant_s, event)
            return
        if self.reached_s is None:
            self._tell("ignored.not_reached", instant_s, event)
            return
        was_late = self.is_late(self.reached_s)
        self._event("event.reopened", instant_s)
        self.reached_s = self.mended_due_s = None
        self._apply_pending(instant_s, was_late=was_late)

    def _change_terms(self, event: TermsChanged, instant_s: int) -> None:
        if event.terms.milestone is not self.terms.milestone:
            raise MilestoneChanged(self.terms.milestone, event.terms.milestone)
        if self.start_s is None:
            self.terms, self.timeline = event.terms, event.terms.calendar.timeline
        elif self.is_over:
            self.pending = event  # what is over keeps its past; the new terms wait for a reopening
            self._tell("ignored.until_reopened", instant_s, event)
        elif self.is_late(instant_s):
            self._tell("ignored.breached_before", instant_s, event)
        else:
            self._adopt(event, instant_s)

    def _adopt(self, event: TermsChanged, instant_s: int) -> None:
        facts = (("why_code", event.why_code), ("old_limit_s", self.terms.limit_s), ("limit_s", event.terms.limit_s))
        self._event("event.terms_changed", instant_s, *facts, ("target_at", event.terms.target_at))
        if self.runs_from_s is not None:
            self._close_stretch(instant_s)
            self.runs_from_s = instant_s
        else:  # what the old calendar had open is taken out by it, the rest by the new one
            pause = self.pause
            assert pause is not None
            assert pause.stopped_from_s is not None
            self.stops.append((pause.stopped_from_s, instant_s, self.timeline))
            pause.stopped_from_s = instant_s
        self.terms, self.timeline = event.terms, event.terms.calendar.timeline
        self.not_before_s = instant_s

    def _apply_pending(self, instant_s: int, *, was_late: bool) -> None:
        pending, self.pending = self.pending, None
        if pending is not None and not was_late:
            self._adopt(pending, instant_s)

    def _withdraw(self, event: Withdrawn, instant_s: int) -> None:
        if self.is_over:
            voids = event.is_void and not self.is_void
            self.is_void = self.is_void or event.is_void
            self._tell("event.voided" if voids else "ignored.clock_over", instant_s, event)
            return
        self.is_void = event.is_void
        self._end_pause(instant_s)
        self._event("event.withdrawn", instant_s, ("why_code", event.why_code), ("void", int(event.is_void)))
        self.withdrawn_s = instant_s

    def _reinstate(self, event: Reinstated, instant_s: int) -> None:
        if self.withdrawn_s is None and not self.is_void:
            self._tell("ignored.not_withdrawn", instant_s, event)
            return
        self.is_void = False
        if self.withdrawn_s is None:  # reached before it was voided: only the count changes
            self._tell("event.reinstated", instant_s, event)
            return
        was_late = self.is_late(self.withdrawn_s)
        self._event("event.reinstated", instant_s)
        self.withdrawn_s = None
        self._apply_pending(instant_s, was_late=was_late)

    def _correct(self, event: Corrected, instant_s: int) -> None:
        true_s = epoch_s(event.reached_at)
        assert self.start_s is not None
        if not self.start_s <= true_s <= instant_s:
            self._tell("ignored.impossible_time", instant_s, event)
            return
        if self.withdrawn_s is not None:
            self._tell("ignored.clock_over", instant_s, event)
            return
        was_late = self.mended_due_s is not None or self.is_late(
            instant_s if self.reached_s is None else self.reached_s
        )
        if self.reached_s is None:
            self._pass_time(instant_s)
        self._end_pause(true_s)
        self.reached_s = true_s
        due_s = self.due_s()
        self.mended_due_s = due_s if was_late and not self.is_late(true_s) else None
        if self.lines is not None:
            # The lines so far ran past the true end: this one takes back what they counted, closed and stopped.
            counted_s = self.used_at(true_s) - self._told_used_s
            stopped_s = self.stopped_at(true_s) - self._told_stopped_s
            closed_s = true_s - self._told_s - counted_s - stopped_s
            facts: Facts = (("reached_at", event.reached_at), ("late", int(self.is_late(true_s))))
            at = at_epoch(instant_s)
            self.lines.append(Line("event.corrected", at, at, counted_s, closed_s, stopped_s, facts))
            self._told_s = true_s
            self._told_used_s += counted_s
            self._told_stopped_s += stopped_s

    # ---- stretches -------------------------------------------------------------------------------------------

    def _close_stretch(self, instant_s: int) -> None:
        assert self.runs_from_s is not None
        seconds = self.timeline.elapsed_s(self.runs_from_s, instant_s)
        self.ran.append(Stretch(self.runs_from_s, instant_s, self.used_s, seconds, self.timeline))
        self.used_s += seconds

    def _run_again(self, instant_s: int) -> None:
        """End the stop of the pause in progress; the pause itself may go on while time runs."""
        pause = self.pause
        assert pause is not None
        assert pause.stopped_from_s is not None
        instant_s = max(instant_s, pause.stopped_from_s)
        self._pass_time(instant_s)
        self.stops.append((pause.stopped_from_s, instant_s, self.timeline))
        self.runs_from_s, pause.stop_until_s = instant_s, None

    def _end_pause(self, instant_s: int) -> None:
        if self.pause is not None and self.runs_from_s is None:
            self._run_again(instant_s)
        self._pass_time(instant_s)
        self.pause = None

    # ---- telling ---------------------------------------------------------------------------------------------

    def _tell(self, code: str, instant_s: int, event: Event) -> None:
        """Add a line for an event that changed nothing."""
        if self.lines is not None:
            at = at_epoch(instant_s)
            self.lines.append(Line(code, at, at, 0, 0, 0, (("event", type(event).__name__),)))

    def _event(self, code: str, instant_s: int, *facts: tuple[str, str | int | datetime | None]) -> None:
        if self.lines is not None:
            self._pass_time(instant_s)
            at = at_epoch(instant_s)
            self.lines.append(Line(code, at, at, 0, 0, 0, facts))

    def _pass_time(self, instant_s: int) -> None:
        """Add a line for the time since the last one, if any passed."""
        from_s = self._told_s
        if self.lines is None or self.start_s is None or instant_s <= from_s:
            return
        used_s = self.used_at(instant_s)
        counted_s = used_s - self._told_used_s
        stopped_s = self.stopped_at(instant_s) - self._told_stopped_s
        code, facts = "time.counted", ()  # type: str, Facts
        if self.runs_from_s is None:
            assert self.pause is not None
            code, facts = "time.stopped", (("reason_code", self.pause.reason.code),)
        elif self.pause is not None:
            code, facts = "time.pause_not_stopping", (("reason_code", self.pause.reason.code),)
        elif self.is_over:
            code = "time.since_finished"
        closed_s = instant_s - from_s - counted_s - stopped_s
        line = Line(code, at_epoch(from_s), at_epoch(instant_s), counted_s, closed_s, stopped_s, facts)
        self.lines.append(line)
        self._told_s, self._told_used_s = instant_s, used_s
        self._told_stopped_s += stopped_s


_BEFORE_THE_START = (Started, TermsChanged, Withdrawn, Reinstated)
_PLAYS: dict[type, Callable[..., None]] = {
    Started: Course._start,
    Paused: Course._pause,
    PauseApproved: Course._approve,
    Resumed: Course._resume,
    Reached: Course._reach,
    Reopened: Course._reopen,
    TermsChanged: Course._change_terms,
    Withdrawn: Course._withdraw,
    Reinstated: Course._reinstate,
    Corrected: Course._correct,
}
