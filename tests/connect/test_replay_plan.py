"""A case of a log becomes acts: what the log states, and what is inferred between; pure."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from yingxu.connect.assess.log import Case
from yingxu.connect.replay.pacing import in_order
from yingxu.connect.replay.plan import CLOSE, FINISH, RAISE, REOPEN, RESEND, Told, acts_of, priority_of

BARE = Case(
    id="1", row=2, opened_s=1000, target_s=None, closed_s=None, first_action_s=None, flagged_kept=None, line=None,
    item=None, place=None, department=None, channel=None, priority=None, text=None,
)  # fmt: skip


def plan(case: Case, *, closed_s: int | None, n_reopens: int = 0, n_reassignments: int = 0):
    return acts_of(case, closed_s=closed_s, n_reopens=n_reopens, n_reassignments=n_reassignments)


def told(*acts, ref: str = "1") -> Told:
    return Told("s", ref, "x", "L", "i", "", None, None, is_target_from_flag=False, acts=tuple(acts))


def test_an_open_case_without_a_first_action_is_only_raised() -> None:
    assert [act.kind for act in plan(BARE, closed_s=None)] == [RAISE]


def test_a_closed_case_goes_the_whole_way_and_says_what_is_inferred() -> None:
    acts = plan(replace(BARE, first_action_s=1500), closed_s=4000)
    assert [(act.kind, act.at_s, act.is_inferred) for act in acts] == [
        ("raise", 1000, False), ("send", 1500, True), ("take", 1500, True), ("come", 1500, True),
        ("begin", 1500, True), ("finish", 4000, False), ("close", 4000, False),
    ]  # fmt: skip


def test_an_open_case_with_a_first_action_is_being_worked_on() -> None:
    assert plan(replace(BARE, first_action_s=1500), closed_s=None)[-1].kind == "begin"


@given(
    closed=st.one_of(st.none(), st.integers(0, 10**6)),
    first=st.one_of(st.none(), st.integers(0, 10**6)),
    n_reopens=st.integers(0, 4),
    n_reassignments=st.integers(0, 4),
)
def test_counts_are_those_of_the_log_and_every_command_has_its_own_id(
    closed, first, n_reopens, n_reassignments
) -> None:
    acts = plan(
        replace(BARE, first_action_s=first), closed_s=closed, n_reopens=n_reopens, n_reassignments=n_reassignments
    )
    kinds = [act.kind for act in acts]
    is_worked = closed is not None or first is not None
    assert kinds.count(REOPEN) == (n_reopens if is_worked else 0)
    assert kinds.count(RESEND) == (n_reassignments if is_worked else 0)
    assert kinds.count(FINISH) == kinds.count(CLOSE) == kinds.count(REOPEN) + (closed is not None)
    assert acts[0] == acts[0].__class__(RAISE, 1000, is_inferred=False)
    if closed is not None:
        assert (acts[-1].at_s, acts[-1].is_inferred) == (closed, False)
    case = told(*acts)
    assert len({case.command_id(act) for act in acts}) == len(acts)
    assert all(len(case.command_id(act)) <= 64 for act in acts)


def test_played_in_time_the_acts_are_in_order_and_a_contradictory_case_keeps_its_own() -> None:
    early, late = plan(BARE, closed_s=400), plan(replace(BARE, opened_s=900), closed_s=1100)
    due = in_order([told(*early), told(*late, ref="2")])
    assert [moment for moment, _, _ in due] == sorted(moment for moment, _, _ in due)
    assert [act for _, place, act in due if place == 0] == list(early)


def test_only_a_plain_class_is_an_urgency() -> None:
    assert [priority_of(said) for said in ("1 - Critical", "P3", "3", "高", None, "7", "12")] == [
        1,
        3,
        3,
        None,
        None,
        None,
        None,
    ]
