"""Domain §6.1 and §6.3: the worked month TV-1, and what a share may never do."""
# ruff: noqa: E501 -- the worked month reads as a table

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yingxu.core.quality.indicators import (
    OrderRow,
    Verdict,
    arrival_verdict,
    art,
    frt,
    ftf,
    mttr_s,
    nearest_rank,
    order_verdict,
    proact,
    ratings,
    repeat,
    repeats,
    resolve_verdict,
    response_verdict,
    rt_net,
    rt_net_s,
    sla_all,
    sla_arr,
    sla_res,
    sla_resp,
    sla_w,
)
from yingxu.core.quality.share import Share, ShareOutOfRange, attainment

MINUTE = 60
LIMITS = {1: (3, 10, 120), 2: (5, 20, 240), 3: (10, 60, 1440), 4: (240, None, 4320)}
MONTH_END = datetime(2026, 4, 1, tzinfo=UTC)


def when(text: str) -> datetime:
    day, clock = text.split(" ")
    return datetime.fromisoformat(f"2026-{day}T{clock}:00+00:00")


def order(
    code: str, priority: int, created: str, responded: str, arrived: str, finished: str, paused_min: int,
    visits: int, reopened: str, origin: str, stars: int | None, recommend: int | None, fault: str,
) -> OrderRow:  # fmt: skip
    response, arrival, resolve = LIMITS[priority]
    return OrderRow(
        code,
        priority,
        when(created),
        when(responded),
        when(arrived),
        when(finished),
        response * MINUTE,
        None if arrival is None else arrival * MINUTE,
        resolve * MINUTE,
        stopped_s=paused_min * MINUTE,
        n_visits=visits,
        is_reopened=reopened == "yes",
        is_proactive=origin == "proactive",
        stars=stars,
        recommend=recommend,
        fault_key=fault,
    )


# fmt: off
TV_1 = [
    order("W01", 1, "03-03 08:00", "03-03 08:01", "03-03 08:07", "03-03 08:40", 0, 1, "no", "reactive", 5, 10, "ELV-A3 door"),
    order("W02", 2, "03-03 08:10", "03-03 08:14", "03-03 08:28", "03-03 10:05", 0, 1, "no", "reactive", 4, 8, "B12-O2 leak"),
    order("W03", 2, "03-03 09:00", "03-03 09:09", "03-03 09:31", "03-03 14:20", 90, 1, "no", "reactive", 3, 6, "B07-WC clog"),
    order("W04", 3, "03-03 09:30", "03-03 09:38", "03-03 10:20", "03-03 11:00", 0, 2, "yes", "reactive", 2, 3, "A09-TAP drip"),
    order("W05", 3, "03-03 10:00", "03-03 10:06", "03-03 10:55", "03-04 12:00", 120, 1, "no", "reactive", 4, 9, "B16-AC cool"),
    order("W06", 3, "03-03 11:00", "03-03 11:12", "03-03 13:10", "03-03 15:00", 0, 1, "no", "reactive", 4, 7, "A07-BED crank"),
    order("W07", 4, "03-03 13:00", "03-03 14:00", "03-05 09:00", "03-05 10:00", 0, 1, "no", "reactive", 5, 10, "OFF-3 socket"),
    order("W08", 3, "03-03 14:00", "03-03 14:02", "03-03 14:30", "03-03 14:50", 0, 1, "no", "proactive", None, None, "A01-PUMP"),
    order("W09", 3, "03-03 15:00", "03-03 15:01", "03-03 15:20", "03-03 16:00", 0, 1, "no", "proactive", None, None, "ELV-A3"),
    order("W10", 2, "03-04 07:30", "03-04 07:33", "03-04 07:46", "03-04 08:30", 0, 1, "no", "reactive", 5, 9, "B05-VAC low"),
    order("W11", 3, "03-04 08:00", "03-04 08:05", "03-04 08:50", "03-04 09:30", 0, 1, "no", "reactive", None, None, "A09-TAP drip"),
    order("W12", 1, "03-04 20:00", "03-04 20:02", "03-04 20:15", "03-04 21:30", 0, 1, "no", "reactive", 3, 5, "A15-PWR outage"),
]
# fmt: on
REACTIVE = [row for row in TV_1 if not row.is_proactive]


def missed(judge: object) -> list[str]:
    return [row.order_code for row in REACTIVE if judge(row, at=MONTH_END) is Verdict.MISSED]  # type: ignore[operator]


def counts(share: Share) -> tuple[int, int]:
    return share.hits, share.n


def test_TV_1() -> None:
    assert counts(sla_resp(REACTIVE, at=MONTH_END)) == (8, 10)
    assert missed(response_verdict) == ["W03", "W06"]
    assert counts(sla_arr(REACTIVE, at=MONTH_END)) == (6, 9)
    assert missed(arrival_verdict) == ["W03", "W06", "W12"]
    assert counts(sla_res(REACTIVE, at=MONTH_END)) == (10, 10)
    assert missed(resolve_verdict) == []
    assert counts(sla_all(REACTIVE, at=MONTH_END)) == (7, 10)
    assert missed(order_verdict) == ["W03", "W06", "W12"]

    weighted = sla_w(REACTIVE, at=MONTH_END)
    assert (weighted.kept, weighted.due) == (17, 26)
    assert weighted.share == pytest.approx(0.654, abs=5e-4)

    first = frt(REACTIVE)
    assert (first.median_s, first.mean_s, first.p90_s) == (5.5 * MINUTE, 11.0 * MINUTE, 12 * MINUTE)
    assert mttr_s(TV_1) == 509.5 * MINUTE
    assert rt_net(REACTIVE).median_s == 102.5 * MINUTE
    assert rt_net_s(REACTIVE[4]) == 1440 * MINUTE  # W05, exactly at its limit, is kept

    assert counts(ftf(TV_1)) == (9, 10)
    assert sum(row.is_reopened for row in REACTIVE) == 1
    assert repeats(TV_1) == ("W11",)
    assert counts(repeat(TV_1)) == (1, 10)
    assert counts(proact(TV_1)) == (2, 12)

    said = ratings(REACTIVE)
    assert counts(said.answered) == (9, 10)
    assert counts(said.top_two) == (6, 9)
    assert said.mean == pytest.approx(35 / 9)
    assert said.nps_percent == pytest.approx(100 / 9)


def test_arrival_times_of_the_worked_month() -> None:
    assert art(REACTIVE[:2]).mean_s == 12.5 * MINUTE


def test_wilson_vector() -> None:
    six_of_nine = attainment(6, 9)
    assert six_of_nine.low == pytest.approx(0.354, abs=5e-4)
    assert six_of_nine.high == pytest.approx(0.879, abs=5e-4)
    assert six_of_nine.share == 6 / 9


def test_nothing_due_is_neither_zero_nor_all() -> None:
    nothing = attainment(0, 0)
    assert (nothing.share, nothing.low, nothing.high) == (None, None, None)
    assert frt([]).median_s is None
    assert sla_w([], at=MONTH_END).share is None
    said = ratings([])
    assert (said.mean, said.nps_percent, said.top_two.share) == (None, None, None)
    assert nearest_rank([], 0.9) is None


@given(st.integers(0, 500), st.integers(0, 500))
def test_a_share_lies_in_its_interval_and_the_interval_in_0_to_1(kept: int, more: int) -> None:
    share = attainment(kept, kept + more)
    if share.share is not None:
        assert share.low is not None
        assert share.high is not None
        assert 0 <= share.low <= share.share <= share.high <= 1


@pytest.mark.parametrize(("kept", "due"), [(-1, 3), (4, 3)])
def test_counts_that_are_no_share_are_refused(kept: int, due: int) -> None:
    with pytest.raises(ShareOutOfRange):
        attainment(kept, due)


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=50))
def test_nearest_rank_is_a_value_with_nine_tenths_at_or_below_it(values: list[int]) -> None:
    found = nearest_rank(values, 0.9)
    assert found in values
    assert 10 * sum(value <= found for value in values) >= 9 * len(values)  # type: ignore[operator]
    assert 10 * sum(value < found for value in values) < 9 * len(values)  # type: ignore[operator]


def test_open_past_its_limit_is_missed_and_open_within_it_is_not_yet_due() -> None:
    created = when("03-31 23:00")
    row = OrderRow("X", 3, created, None, None, None, 10 * MINUTE, 60 * MINUTE, 1440 * MINUTE, fault_key="A09-TAP drip")
    assert response_verdict(row, at=MONTH_END) is Verdict.MISSED
    assert arrival_verdict(row, at=MONTH_END) is Verdict.PENDING  # exactly at the limit
    assert order_verdict(row, at=created) is Verdict.PENDING
    assert counts(sla_arr([row], at=MONTH_END)) == (0, 0)
    assert rt_net_s(row) is None
    assert counts(ftf([row])) == (0, 0)
    assert repeats([*TV_1, row]) == ("W11", "X")


def test_reached_after_the_period_is_judged_as_open() -> None:
    created = MONTH_END - timedelta(minutes=30)
    row = OrderRow("X", 3, created, MONTH_END + timedelta(minutes=1), None, None, 10 * MINUTE, None, None)
    assert response_verdict(row, at=MONTH_END) is Verdict.MISSED


def test_an_order_without_limits_counts_nowhere() -> None:
    row = OrderRow("X", 3, MONTH_END, None, None, None, None, None, None)
    assert order_verdict(row, at=MONTH_END) is Verdict.NONE
    assert counts(sla_all([row], at=MONTH_END)) == (0, 0)
    assert repeats([row]) == ()
