"""What no clock may do, whatever happens to it; and the batch, which must say what the single clock says."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yingxu.core.clock import (
    STATES,
    ArraysDisagree,
    Corrected,
    Event,
    LimitNotPositive,
    Milestone,
    PauseApproved,
    Paused,
    Pauses,
    Reached,
    Reinstated,
    Reopened,
    Resumed,
    Started,
    State,
    Terms,
    TermsChanged,
    Withdrawn,
    derive,
    evaluate_batch,
    explain,
    rungs,
)
from yingxu.core.hours import Calendar, CompiledCalendar

ALWAYS = Calendar.always()
OFFICE = Calendar.weekly(
    "Asia/Shanghai",
    {weekday: [("08:00", "12:00"), ("13:00", "17:00")] for weekday in range(5)},
    closed_on=[date(2026, 3, 4)],
    make_up={date(2026, 3, 7): 2},
)
T0 = datetime(2026, 3, 2, tzinfo=UTC)
WEEK_S = 7 * 24 * 3600
laws = settings(max_examples=80, deadline=None)

calendars = st.sampled_from([ALWAYS, OFFICE])
seconds = st.integers(0, WEEK_S)
limits = st.integers(1, 2 * 24 * 3600)


def at(second: int) -> datetime:
    return T0 + timedelta(seconds=second)


def terms(limit_s: int, calendar: Calendar = ALWAYS, milestone: Milestone = Milestone.DONE) -> Terms:
    return Terms(milestone, limit_s, calendar)


@st.composite
def histories(draw: st.DrawFn) -> list[Event]:
    """Anything that may happen to a clock, sensible or not."""
    kinds = {
        "pause": lambda when: Paused(when, draw(st.sampled_from(["R1", "W4", "W5"])), is_approved=draw(st.booleans())),
        "window": lambda when: Paused(
            when, "R2", is_approved=True, until_at=when + timedelta(hours=draw(st.integers(-3, 9)))
        ),
        "approve": PauseApproved,
        "resume": Resumed,
        "reach": Reached,
        "reopen": Reopened,
        "change": lambda when: TermsChanged(when, terms(draw(limits), draw(calendars)), "edition"),
        "target": lambda when: TermsChanged(
            when, Terms(Milestone.DONE, draw(st.none() | limits), ALWAYS, target_at=at(draw(seconds))), "appointment"
        ),
        "withdraw": lambda when: Withdrawn(when, "cancelled", is_void=draw(st.booleans())),
        "reinstate": Reinstated,
        "correct": lambda when: Corrected(when, when - timedelta(seconds=draw(st.integers(0, 90_000)))),
        "start": Started,
    }
    rising = sorted(draw(st.lists(seconds, max_size=8)))
    happened = [kinds[draw(st.sampled_from(sorted(kinds)))](at(second)) for second in rising]
    return [Started(T0), *happened] if draw(st.integers(0, 9)) else happened


@settings(max_examples=300, deadline=None)
@given(limits, calendars, histories(), seconds)
def test_the_lines_of_a_clock_add_up_to_its_reading(
    limit_s: int, calendar: Calendar, history: list[Event], now: int
) -> None:
    explained = explain(terms(limit_s, calendar), history, at(now))
    reading, lines = explained.reading, explained.lines
    assert reading == derive(terms(limit_s, calendar), history, at(now))
    assert sum(line.counted_s for line in lines) == reading.elapsed_s
    assert sum(line.stopped_s for line in lines) == reading.stopped_s
    if reading.state is State.WITHDRAWN or reading.started_at is None:
        return
    told_s = sum(line.counted_s + line.closed_s + line.stopped_s for line in lines)
    withdrawn = [line.from_at for line in lines if line.code == "event.withdrawn"]
    end = reading.reached_at or (withdrawn[-1] if reading.state is State.BROKEN else at(now))
    assert told_s == max(0, int((end - reading.started_at).total_seconds()))


@settings(max_examples=150, deadline=None)
@given(limits, calendars, histories(), seconds)
def test_every_rung_is_between_start_and_end_and_full_is_due(
    limit_s: int, calendar: Calendar, history: list[Event], now: int
) -> None:
    ladder = rungs(terms(limit_s, calendar), history, at(now), overdue_s=(300, 7200))
    reading = derive(terms(limit_s, calendar), history, at(now))
    assert [rung.at for rung in ladder] == sorted(rung.at for rung in ladder)
    for rung in ladder:
        assert reading.started_at is not None
        if reading.due_at is not None and reading.due_at >= reading.started_at:
            assert rung.at >= reading.started_at
        if (rung.code, rung.fraction) == ("fraction", 1.0) and reading.due_at is not None:
            assert rung.at == reading.due_at
        if rung.code == "overdue" and reading.due_at is not None:
            assert rung.at > reading.due_at


@laws
@given(limits, calendars, seconds, st.integers(0, WEEK_S), seconds)
def test_pausing_never_shortens(limit_s: int, calendar: Calendar, paused: int, length: int, start: int) -> None:
    pause = [Paused(at(paused), "R1", is_approved=True), Resumed(at(paused + length))]
    plain = derive(terms(limit_s, calendar), [Started(at(start))], at(3 * WEEK_S))
    held = derive(terms(limit_s, calendar), [Started(at(start)), *pause], at(3 * WEEK_S))
    assert held.due_at is not None
    assert plain.due_at is not None
    assert held.due_at >= plain.due_at


@laws
@given(limits, calendars, seconds, st.integers(0, WEEK_S), st.booleans())
def test_a_pause_that_does_not_stop_changes_nothing(
    limit_s: int, calendar: Calendar, paused: int, length: int, approved: bool
) -> None:
    pause = [Paused(at(paused), "W4", is_approved=approved), Resumed(at(paused + length))]
    plain = derive(terms(limit_s, calendar), [Started(T0)], at(3 * WEEK_S))
    assert derive(terms(limit_s, calendar), [Started(T0), *pause], at(3 * WEEK_S)) == plain


@laws
@given(limits, calendars, histories(), st.lists(seconds, min_size=2, max_size=2))
def test_elapsed_never_runs_backwards_without_a_correction(
    limit_s: int, calendar: Calendar, history: list[Event], instants: list[int]
) -> None:
    happened = [event for event in history if not isinstance(event, Corrected)]
    first, second = (derive(terms(limit_s, calendar), happened, at(now)) for now in sorted(instants))
    assert first.elapsed_s <= second.elapsed_s


@laws
@given(limits, calendars, limits, calendars, seconds)
def test_changed_terms_never_date_a_breach_before_the_change(
    limit_s: int, calendar: Calendar, new_limit_s: int, new_calendar: Calendar, changed: int
) -> None:
    before = derive(terms(limit_s, calendar), [Started(T0)], at(changed))
    change = TermsChanged(at(changed), terms(new_limit_s, new_calendar), "edition")
    after = derive(terms(limit_s, calendar), [Started(T0), change], at(3 * WEEK_S))
    assert after.due_at is not None
    if before.state is State.LATE:
        assert after.due_at == before.due_at
    else:
        assert after.due_at >= at(changed)


@laws
@given(limits, st.floats(0, 0.999999), st.floats(0, 0.999999), st.floats(0, 1))
def test_cutting_instants_to_seconds_never_breaks_a_kept_promise(
    limit_s: int, fraction: float, early: float, share: float
) -> None:
    start = T0 + timedelta(seconds=fraction)
    reached = max(start, start + timedelta(seconds=share * limit_s - early))
    reading = derive(terms(limit_s), [Started(start), Reached(reached)], at(WEEK_S))
    assert reading.state is State.KEPT


# ---- batch -------------------------------------------------------------------------------------------------------

clock_cases = st.tuples(seconds, limits, st.none() | seconds, st.lists(seconds, max_size=5, unique=True))


@settings(max_examples=150, deadline=None)
@given(calendars, st.lists(clock_cases, max_size=6), seconds)
def test_batch_says_what_the_single_clock_says(calendar: Calendar, cases: list, now: int) -> None:
    base = int(T0.timestamp())
    events: list[list[Event]] = []
    pauses: list[tuple[int, int, int]] = []
    for index, (start, _, reached, cuts) in enumerate(cases):
        history: list[Event] = [Started(at(start))]
        rising = sorted(start + cut for cut in cuts)
        for from_s, to_s in zip(rising[::2], [*rising[1::2], None][: len(rising[::2])], strict=True):
            pauses.append((index, base + from_s, -1 if to_s is None else base + to_s))
            history.append(Paused(at(from_s), "R1", is_approved=True))
            history += [] if to_s is None else [Resumed(at(to_s))]
        history += [] if reached is None else [Reached(at(reached))]
        events.append(history)
    columns = np.array(pauses, np.int64).reshape(-1, 3)
    found = evaluate_batch(
        CompiledCalendar.over(calendar, base, base),
        np.array([base + case[0] for case in cases], np.int64),
        np.array([case[1] for case in cases], np.int64),
        np.array([-1 if case[2] is None else base + case[2] for case in cases], np.int64),
        base + now,
        Pauses(columns[:, 0], columns[:, 1], columns[:, 2]) if pauses else None,
    )
    for index, case in enumerate(cases):
        single = derive(terms(case[1], calendar), events[index], at(now))
        assert STATES[found.state[index]] is single.state
        assert found.elapsed_s[index] == single.elapsed_s
        assert found.due_s[index] == (-1 if single.due_at is None else int(single.due_at.timestamp()))


def test_batch_is_the_same_beyond_one_chunk() -> None:
    n, base = 70_000, int(T0.timestamp())
    start_s = base + np.arange(n) % WEEK_S
    limit_s = np.full(n, 3600)
    pause = np.array([n - 1])
    pauses = Pauses(pause, start_s[pause] + 10, start_s[pause] + 70)
    found = evaluate_batch(
        CompiledCalendar.over(ALWAYS, base, base), start_s, limit_s, start_s + 3600, base + WEEK_S, pauses
    )
    assert (found.due_s[:-1] == start_s[:-1] + 3600).all()
    assert found.due_s[-1] == start_s[-1] + 3660
    assert {STATES[number] for number in np.unique(found.state)} == {State.KEPT}


def test_batch_refuses_arrays_that_do_not_fit() -> None:
    base = int(T0.timestamp())
    calendar, one = CompiledCalendar.over(ALWAYS, base, base), np.array([base])

    def read(limit_s: list[int], *pauses: list[int]) -> None:
        columns = [np.array(column, np.int64) for column in pauses]
        evaluate_batch(calendar, one, np.array(limit_s), one, base, Pauses(*columns) if pauses else None)

    with pytest.raises(ArraysDisagree):
        read([60, 60])
    with pytest.raises(LimitNotPositive):
        read([0])
    with pytest.raises(ArraysDisagree) as refused:
        read([60], [0], [base], [])
    assert str(refused.value) == "clock.batch.arrays_disagree: what='pauses'"
    with pytest.raises(ArraysDisagree):
        read([60], [1], [base], [base])
    with pytest.raises(ArraysDisagree):
        read([60], [0, 0], [base, base], [base + 5, -1])
    with pytest.raises(ArraysDisagree):
        read([60], [0], [base], [base - 1])
    read([60], [], [], [])
