"""Clocks that a person can check: the table of domain §5, acceptance scenarios AS-09 and AS-10, decisions 10 and 15."""

from datetime import UTC, date, datetime, timedelta

import pytest

from yingxu.core.clock import (
    ClockReading,
    Corrected,
    Event,
    FractionOutOfRange,
    LimitNotPositive,
    Milestone,
    MilestoneChanged,
    NothingPromised,
    PauseApproved,
    Paused,
    PauseReason,
    PercentileOutOfRange,
    Reached,
    ReasonIncoherent,
    ReasonNeverStops,
    Reinstated,
    Reopened,
    Resumed,
    Started,
    State,
    Stops,
    Terms,
    TermsChanged,
    UnknownPauseReason,
    Withdrawn,
    derive,
    explain,
    rungs,
)
from yingxu.core.hours import Calendar, NaiveTime

ALWAYS = Calendar.always()
SERVICE = Calendar.weekly("UTC", {day: [("08:00", "18:00")] for day in range(7)})


def t(text: str) -> datetime:
    """A time of Tuesday 3 March 2026, or "04 08:00" for another day of March."""
    day, _, clock = text.rpartition(" ")
    return datetime.fromisoformat(f"2026-03-{day or '03'}T{clock}").replace(tzinfo=UTC)


def done(minutes: int | None, calendar: Calendar = ALWAYS, target: str | None = None) -> Terms:
    target_at = None if target is None else t(target)
    return Terms(Milestone.DONE, None if minutes is None else minutes * 60, calendar, target_at=target_at)


def read(terms: Terms, *events: Event, at: str) -> ClockReading:
    return derive(terms, events, t(at))


START = Started(t("09:00"))


def test_within_is_up_to_and_including_the_limit() -> None:
    assert read(done(60), START, at="08:59").state is State.WAITING
    assert read(done(60), START, at="10:00").state is State.RUNNING
    assert read(done(60), START, at="10:00:01").state is State.LATE
    assert read(done(60), START, Reached(t("10:00")), at="12:00").state is State.KEPT
    late = read(done(60), START, Reached(t("10:00:01")), at="12:00")
    assert (late.state, late.remaining_s, late.breached_at) == (State.BROKEN, -1, t("10:00"))


def test_AS_09_short_of_hands_does_not_stop_the_clock() -> None:
    events = [Started(t("11:00")), Paused(t("13:00"), "W4", is_approved=True), Resumed(t("14:30")), Reached(t("15:10"))]
    reading = derive(done(240), events, t("16:00"))
    assert (reading.state, reading.elapsed_s, reading.stopped_s) == (State.BROKEN, 250 * 60, 0)


def test_AS_10_an_approved_pause_for_the_patient_is_taken_out() -> None:
    events = [START, Paused(t("10:00"), "R1", is_approved=True), Resumed(t("11:30")), Reached(t("14:20"))]
    reading = derive(done(240), events, t("16:00"))
    assert (reading.state, reading.elapsed_s, reading.stopped_s) == (State.KEPT, 230 * 60, 90 * 60)
    assert reading.due_at == t("14:30")


def test_W05_exactly_at_its_limit_net_is_kept() -> None:
    events = [
        Started(t("10:00")),
        Paused(t("12:00"), "R1", is_approved=True),
        Resumed(t("14:00")),
        Reached(t("04 12:00")),
    ]
    reading = derive(done(1440), events, t("05 00:00"))
    assert (reading.state, reading.elapsed_s, reading.remaining_s) == (State.KEPT, 1440 * 60, 0)


def test_a_pause_counts_only_from_its_approval() -> None:
    events = [START, Paused(t("10:00"), "R1"), PauseApproved(t("10:20")), Resumed(t("11:00")), Resumed(t("11:01"))]
    assert read(done(120), *events[:2], at="10:10").state is State.RUNNING
    waiting = read(done(120), *events[:2], at="10:10")
    assert (waiting.pause_code, waiting.pause_review_at) == ("R1", t("04 10:00"))
    held = read(done(120), *events, at="10:30")
    assert (held.state, held.due_at, held.remaining_s, held.stopped_s) == (State.PAUSED, None, 40 * 60, 10 * 60)
    assert read(done(120), *events, at="11:00").due_at == t("11:40")


def test_nothing_pauses_the_acknowledged_clock() -> None:
    terms = Terms(Milestone.ACKNOWLEDGED, 600, ALWAYS)
    events = [START, Paused(t("09:01"), "R1", is_approved=True), PauseApproved(t("09:02"))]
    assert derive(terms, events, t("09:30")).state is State.LATE
    codes = [line.code for line in explain(terms, events, t("09:30")).lines]
    assert codes == ["event.started", "ignored.acknowledged_never_pauses", "ignored.no_pause", "time.counted"]


def test_an_unsafe_place_stops_the_clock_for_half_an_hour_at_most() -> None:
    events = [START, Paused(t("09:10"), "W5", is_approved=True), Resumed(t("11:00"))]
    assert read(done(60), *events, at="09:20").due_at == t("10:30")  # known at once: the stop has an end
    assert read(done(60), *events, at="09:40").state is State.RUNNING
    assert read(done(60), *events, at="10:31").state is State.LATE
    codes = [line.code for line in explain(done(60), events, t("12:00")).lines]
    assert codes == [
        "event.started",
        "time.counted",
        "event.paused",
        "event.stopped",
        "time.stopped",
        "event.stop_ended",
        "time.pause_not_stopping",
        "event.resumed",
        "time.counted",
    ]


def test_a_window_stops_the_clock_until_two_hours_after_its_end() -> None:
    paused = Paused(t("10:00"), "R2", is_approved=True, until_at=t("12:00"))
    assert read(done(120), START, paused, at="11:00").due_at == t("15:00")
    over = Paused(t("10:00"), "R3", is_approved=True, until_at=t("09:30"))
    assert read(done(120), START, over, at="10:30").due_at == t("11:00")


def test_parts_stop_the_clock_only_when_the_approval_says_so() -> None:
    waiting = [START, Paused(t("10:00"), "W1")]
    assert read(done(120), *waiting, PauseApproved(t("10:10")), at="10:30").state is State.RUNNING
    agreed = [*waiting, PauseApproved(t("10:10"), stops=True), PauseApproved(t("10:20"), stops=True)]
    assert read(done(120), *agreed, at="10:30").stopped_s == 20 * 60
    refused = Paused(t("10:00"), "R1", is_approved=True, stops=False)
    assert read(done(120), START, refused, at="10:30").state is State.RUNNING


def test_a_second_pause_ends_the_first() -> None:
    events = [START, Paused(t("10:00"), "R1", is_approved=True), Paused(t("10:30"), "W4"), Resumed(t("11:00"))]
    assert read(done(120), *events, at="12:00").due_at == t("11:30")


def test_a_pause_after_the_breach_mends_nothing() -> None:
    events = [START, Paused(t("11:30"), "R1", is_approved=True), Resumed(t("13:00"))]
    reading = read(done(120), *events, at="14:00")
    assert (reading.state, reading.due_at, reading.elapsed_s) == (State.LATE, t("11:00"), 210 * 60)


def test_a_failed_verification_continues_from_the_original_start() -> None:
    events = [START, Reached(t("10:00")), Reopened(t("10:30")), Reached(t("11:30"))]
    assert read(done(120), *events, at="10:15").state is State.KEPT
    assert read(done(120), *events, at="10:45").state is State.RUNNING
    final = read(done(120), *events, at="12:00")
    assert (final.state, final.elapsed_s, final.due_at) == (State.BROKEN, 150 * 60, t("11:00"))
    lines = explain(done(120), events, t("12:00")).lines
    assert [line.counted_s for line in lines if line.code == "time.since_finished"] == [30 * 60]


def test_the_first_acknowledgement_and_arrival_stand() -> None:
    terms = Terms(Milestone.ARRIVED, 600, ALWAYS)
    assert read(terms, START, Reached(t("09:05")), Reopened(t("09:30")), at="11:00").state is State.KEPT
    assert read(done(60), START, Reopened(t("09:30")), at="09:40").state is State.RUNNING
    assert read(done(60), START, Reached(t("09:30")), Reached(t("10:30")), at="11:00").reached_at == t("09:30")


def test_what_comes_after_the_end_or_twice_changes_nothing() -> None:
    events = [START, Started(t("09:10")), Reached(t("09:30")), Paused(t("09:40"), "R1", is_approved=True)]
    assert read(done(60), *events, at="12:00") == read(done(60), START, Reached(t("09:30")), at="12:00")
    assert read(done(60), Reached(t("08:00")), START, at="09:30").state is State.RUNNING


def test_a_changed_promise_keeps_its_past() -> None:
    tighter = TermsChanged(t("10:00"), done(90), "edition")
    reading = read(done(240), START, tighter, at="10:10")
    assert (reading.due_at, reading.elapsed_s, reading.limit_s) == (t("10:30"), 70 * 60, 90 * 60)
    harsh = TermsChanged(t("10:00"), done(30), "reclassified")
    assert read(done(240), START, harsh, at="10:00").state is State.RUNNING
    assert read(done(240), START, harsh, at="10:01").breached_at == t("10:00")
    mild = TermsChanged(t("10:30"), done(1000), "edition")
    assert read(done(60), START, mild, at="10:45").due_at == t("10:00")  # a breach that happened stays
    assert read(done(60), TermsChanged(t("08:00"), done(90), "edition"), START, at="10:20").state is State.RUNNING


def test_a_change_of_calendar_counts_each_part_by_its_own() -> None:
    change = TermsChanged(t("17:00"), done(240, SERVICE), "edition")
    assert read(done(600, ALWAYS), Started(t("16:00")), change, at="17:30").due_at == t("04 10:00")


def test_a_change_during_a_pause_takes_out_each_part_by_its_own_calendar() -> None:
    events = [
        Started(t("16:00")),
        Paused(t("17:00"), "R1", is_approved=True),
        TermsChanged(t("17:30"), done(240), "edition"),
    ]
    reading = read(done(240, SERVICE), *events, at="20:00")
    assert (reading.stopped_s, reading.elapsed_s, reading.state) == (180 * 60, 60 * 60, State.PAUSED)
    assert read(done(240, SERVICE), *events, Resumed(t("20:00")), at="20:30").due_at == t("23:00")


def test_a_change_after_the_finish_waits_for_a_reopening() -> None:
    events = [START, Reached(t("09:30")), TermsChanged(t("09:40"), done(300), "edition")]
    assert read(done(60), *events, at="10:30").due_at == t("10:00")
    assert read(done(60), *events, Reopened(t("10:10")), at="10:30").due_at == t("14:00")
    broken = [START, Reached(t("10:30")), TermsChanged(t("10:40"), done(300), "edition"), Reopened(t("10:50"))]
    assert read(done(60), *broken, at="11:00").state is State.LATE


def test_withdrawn_counts_nowhere_but_a_breach_before_it_stands() -> None:
    early = Withdrawn(t("09:30"), "cancelled")
    assert read(done(60), START, early, at="12:00").state is State.WITHDRAWN
    late = read(done(60), START, Withdrawn(t("10:30"), "cancelled"), at="12:00")
    assert (late.state, late.elapsed_s) == (State.BROKEN, 90 * 60)
    assert read(done(60), START, Withdrawn(t("10:30"), "merged", is_void=True), at="12:00").state is State.WITHDRAWN
    assert read(done(60), Withdrawn(t("08:00"), "merged"), at="12:00").state is State.WITHDRAWN
    unstarted = read(done(60), Withdrawn(t("08:00"), "merged"), START, at="12:00")
    assert (unstarted.state, unstarted.elapsed_s) == (State.WITHDRAWN, 0)
    assert read(done(60), START, Reached(t("09:30")), early, at="12:00").state is State.KEPT


def test_reinstated_goes_on_from_the_original_start() -> None:
    events = [START, Withdrawn(t("09:30"), "merged", is_void=True), Reinstated(t("09:50"))]
    assert read(done(60), *events, at="10:01").state is State.LATE
    assert read(done(60), START, Reinstated(t("09:50")), at="09:55").state is State.RUNNING
    changed = [*events[:2], TermsChanged(t("09:40"), done(120), "edition"), events[2]]
    assert read(done(60), *changed, at="10:01").due_at == t("11:00")
    reached = [START, Reached(t("09:10")), *events[1:]]
    assert read(done(60), *reached, at="09:40").state is State.WITHDRAWN
    assert read(done(60), *reached, at="10:01").state is State.KEPT


def test_work_reported_late_is_kept_reported_late_and_counted_apart() -> None:
    correction = Corrected(t("12:00"), t("09:50"))
    before = read(done(60), START, correction, at="11:59")
    assert before.state is State.LATE
    mended = read(done(60), START, correction, at="12:00")
    assert (mended.state, mended.reached_at, mended.breached_at) == (State.KEPT_REPORTED_LATE, t("09:50"), t("10:00"))
    assert mended.elapsed_s == 50 * 60
    finished_late = [START, Reached(t("11:00")), correction, Corrected(t("12:05"), t("09:45"))]
    assert read(done(60), *finished_late, at="13:00").state is State.KEPT_REPORTED_LATE
    assert read(done(60), START, Corrected(t("12:00"), t("10:30")), at="13:00").state is State.BROKEN
    assert read(done(60), START, Corrected(t("09:58"), t("09:50")), at="13:00").state is State.KEPT


def test_a_correction_during_a_pause_ends_it_at_the_truth() -> None:
    paused = Paused(t("09:30"), "R1", is_approved=True)
    reading = read(done(60), START, paused, Corrected(t("12:00"), t("09:40")), at="13:00")
    assert (reading.state, reading.elapsed_s, reading.stopped_s) == (State.KEPT, 30 * 60, 10 * 60)


def test_a_correction_to_before_an_earlier_pause_counts_up_to_the_truth() -> None:
    pauses = [
        Paused(t("09:30"), "R1", is_approved=True),
        Resumed(t("09:50")),
        Paused(t("10:00"), "R1", is_approved=True),
    ]
    reading = read(done(60), START, *pauses, Corrected(t("12:00"), t("09:20")), at="13:00")
    assert (reading.state, reading.elapsed_s, reading.stopped_s) == (State.KEPT, 20 * 60, 0)


def test_a_correction_that_cannot_be_true_changes_nothing() -> None:
    for correction in (Corrected(t("09:30"), t("08:00")), Corrected(t("09:30"), t("09:31"))):
        assert read(done(60), START, correction, at="09:40").state is State.RUNNING
    withdrawn = [START, Withdrawn(t("09:20"), "cancelled"), Corrected(t("09:30"), t("09:10"))]
    assert read(done(60), *withdrawn, at="09:40").state is State.WITHDRAWN


def test_an_appointment_is_due_as_such_or_with_the_limit_whichever_is_later() -> None:
    both = done(60, target="15:00")
    assert read(both, START, at="12:00").due_at == t("15:00")
    assert read(done(600, target="15:00"), START, at="12:00").due_at == t("19:00")
    alone = done(None, SERVICE, target="04 09:00")
    reading = read(alone, START, at="17:00")
    assert (reading.due_at, reading.remaining_s, reading.limit_s) == (t("04 09:00"), 2 * 3600, None)
    assert read(alone, START, at="04 10:00").remaining_s == -3600
    paused = Paused(t("10:00"), "R1", is_approved=True)
    assert read(alone, START, paused, at="11:00").due_at == t("04 09:00")
    moved = TermsChanged(t("10:00"), done(None, target="11:00"), "appointment")
    assert read(both, START, moved, at="10:30").due_at == t("11:00")


def test_a_target_before_its_start_is_broken_whenever_it_is_reached() -> None:
    """The city log has targets that lie before their opening."""
    assert read(done(None, target="08:00"), START, Reached(t("09:01")), at="10:00").state is State.BROKEN


def test_rungs_of_the_ladder_follow_calendar_and_pauses() -> None:
    found = rungs(done(240, SERVICE), [Started(t("16:00"))], t("16:00"), overdue_s=(300,))
    assert [(rung.fraction, rung.overdue_s, rung.at) for rung in found] == [
        (0.5, 0, t("18:00")),
        (0.8, 0, t("04 09:12")),
        (1.0, 0, t("04 10:00")),
        (1.0, 300, t("04 10:05")),
    ]
    held = [START, Paused(t("09:40"), "R1", is_approved=True)]
    assert [rung.at for rung in rungs(done(60), held, t("10:00"))] == [t("09:30")]
    assert rungs(done(60), [], t("10:00")) == ()
    reached = rungs(done(60), [START, Reached(t("09:40"))], t("12:00"), overdue_s=(300,))
    assert [rung.fraction for rung in reached] == [0.5]


def test_rungs_of_an_appointment_are_shares_of_real_time() -> None:
    found = rungs(done(None, SERVICE, target="04 09:00"), [START], t("10:00"), fractions=(0.5, 1.0), overdue_s=(3600,))
    assert [rung.at for rung in found] == [t("21:00"), t("04 09:00"), t("04 10:00")]
    past = rungs(done(None, target="08:00"), [START], t("10:00"), fractions=(0.5,))
    assert [rung.at for rung in past] == [t("08:00")]


@pytest.mark.parametrize("share", [0.0, -0.1, 1.1])
def test_a_rung_outside_the_limit_is_refused(share: float) -> None:
    with pytest.raises(FractionOutOfRange):
        rungs(done(60), [START], t("10:00"), fractions=(share,))
    with pytest.raises(FractionOutOfRange):
        rungs(done(60), [START], t("10:00"), overdue_s=(0,))


def test_closing_time_does_not_count() -> None:
    reading = read(done(240, SERVICE), Started(t("16:00")), at="04 08:30")
    assert (reading.elapsed_s, reading.remaining_s, reading.due_at) == (150 * 60, 90 * 60, t("04 10:00"))
    night = explain(done(240, SERVICE), [Started(t("16:00"))], t("04 08:30")).lines[-1]
    assert (night.counted_s, night.closed_s, night.stopped_s) == (150 * 60, 14 * 3600, 0)


def test_arrival_order_of_events_does_not_matter() -> None:
    events = [Reached(t("10:30")), Resumed(t("10:20")), START, Paused(t("10:00"), "R1", is_approved=True)]
    assert derive(done(70), events, t("12:00")).state is State.KEPT


def test_terms_that_mean_nothing_are_refused_by_name() -> None:
    with pytest.raises(NothingPromised):
        Terms(Milestone.DONE, None, ALWAYS)
    for limit_s in (0, -1):
        with pytest.raises(LimitNotPositive):
            Terms(Milestone.DONE, limit_s, ALWAYS)
    for percentile in (0.0, -0.5, 90.0):
        with pytest.raises(PercentileOutOfRange):
            Terms(Milestone.DONE, 60, ALWAYS, percentile)
    assert Terms(Milestone.DONE, 60, ALWAYS, 0.9).percentile == 0.9
    with pytest.raises(NaiveTime):
        Terms(Milestone.DONE, 60, ALWAYS, target_at=datetime(2026, 3, 3))  # noqa: DTZ001
    with pytest.raises(PercentileOutOfRange, match="percentile=0"):
        Terms(Milestone.DONE, 60, ALWAYS, 0)


def test_events_that_contradict_their_data_are_refused_by_name() -> None:
    with pytest.raises(UnknownPauseReason):
        read(done(60), START, Paused(t("09:10"), "X9"), at="10:00")
    with pytest.raises(ReasonNeverStops):
        read(done(60), START, Paused(t("09:10"), "W4"), PauseApproved(t("09:20"), stops=True), at="10:00")
    with pytest.raises(MilestoneChanged):
        read(done(60), START, TermsChanged(t("09:10"), Terms(Milestone.SAFE, 60, ALWAYS), "edition"), at="10:00")
    with pytest.raises(NaiveTime):
        read(done(60), Started(datetime(2026, 3, 3)), at="10:00")  # noqa: DTZ001


@pytest.mark.parametrize(
    ("stops", "cap_s", "grace_s"),
    [(Stops.NEVER, 60, None), (Stops.NEVER, None, 0), (Stops.YES, 0, None), (Stops.YES, None, -1)],
)
def test_a_reason_that_contradicts_itself_is_refused(stops: Stops, cap_s: int | None, grace_s: int | None) -> None:
    with pytest.raises(ReasonIncoherent):
        PauseReason("Z1", stops, cap_s=cap_s, until_grace_s=grace_s)


def test_a_site_brings_its_own_reasons() -> None:
    own = {"Z1": PauseReason("Z1", Stops.YES)}
    events = [START, Paused(t("09:10"), "Z1", is_approved=True)]
    reading = derive(done(60), events, t("12:00"), reasons=own)
    assert (reading.state, reading.pause_review_at) == (State.PAUSED, None)


def test_over_a_holiday_with_a_make_up_day() -> None:
    office = Calendar.weekly(
        "UTC",
        {day: [("08:00", "17:00")] for day in range(5)},
        closed_on=[date(2026, 3, 4)],
        make_up={date(2026, 3, 7): 2},
    )
    reading = read(done(20 * 60, office), Started(t("16:00")), at="06 12:00")
    assert reading.due_at == t("07 09:00")  # 1 h Tuesday, Wednesday closed, 9 h Thursday, 9 h Friday, 1 h of Saturday
    assert reading.due_at - t("16:00") > timedelta(days=3)
