"""What is wrong with a standard's text, how two editions differ, when a step is asked, how long it takes to read."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yingxu.core.procedure import (
    Budget,
    applies,
    check_completeness,
    check_steps,
    check_terms,
    compare,
    compare_steps,
    compare_terms,
    conditions_met,
    measure,
    over_budget,
)
from yingxu.core.procedure.checks import check_basis

CODES = ("a", "b", "c", "d", "e", "f", "g")


def step(code: str, zh: str = "做", **more: Any) -> dict[str, Any]:
    return {"code": code, "type": "tick", "zh": zh, "mandatory": True, **more}


procedures = st.lists(st.sampled_from(CODES), unique=True).flatmap(
    lambda codes: st.tuples(
        *(st.sampled_from(["做", "再做"]).map(lambda zh, code=code: step(code, zh)) for code in codes)
    )
)


@settings(max_examples=80)
@given(procedures, procedures)
def test_every_step_of_either_edition_stands_in_the_comparison_once(before: Any, after: Any) -> None:
    rows = compare_steps(before, after)
    assert sorted(row.code for row in rows) == sorted({one["code"] for one in (*before, *after)})
    assert [row.after for row in rows if row.after is not None] == list(after)
    old, new = {one["code"] for one in before}, {one["code"] for one in after}
    assert {row.code for row in rows if row.kind == "added"} == new - old
    assert {row.code for row in rows if row.kind == "removed"} == old - new
    for row in rows:
        if row.before is not None and row.after is not None:
            assert bool(row.fields) == (row.before["zh"] != row.after["zh"])


@settings(max_examples=40)
@given(procedures)
def test_an_edition_differs_in_nothing_from_itself(steps: Any) -> None:
    assert {row.kind for row in compare_steps(steps, steps)} <= {"same"}
    assert compare({"steps": steps}, {"steps": steps}).changed_parts == ()


@settings(max_examples=80)
@given(st.permutations(CODES))
def test_as_few_steps_as_possible_count_as_moved(order: Any) -> None:
    """All outside a longest increasing subsequence, found here by trying every subsequence."""
    rows = compare_steps([step(code) for code in CODES], [step(code) for code in order])
    places = [CODES.index(code) for code in order]
    longest = 0
    for mask in range(1 << len(places)):
        chosen = [place for n, place in enumerate(places) if mask >> n & 1]
        if chosen == sorted(chosen):
            longest = max(longest, len(chosen))
    assert sum(row.kind == "moved" for row in rows) == len(CODES) - longest


def test_a_step_moved_up_is_the_only_one_that_moved() -> None:
    before = [step("a"), step("b"), step("c")]
    rows = compare_steps(before, [before[2], before[0], before[1]])
    assert [(row.code, row.kind, row.before_at, row.after_at) for row in rows] == [
        ("c", "moved", 3, 1),
        ("a", "same", 1, 2),
        ("b", "same", 2, 3),
    ]


def test_a_removed_step_stands_where_it_stood() -> None:
    rows = compare_steps([step("a"), step("b"), step("c")], [step("a"), step("c")])
    assert [(row.code, row.kind) for row in rows] == [("a", "same"), ("b", "removed"), ("c", "same")]


def term(**changes: Any) -> dict[str, Any]:
    return {"priority": 3, "milestone": "done", "limit_s": 3600, "percentile": 0.9, "calendar": "always", **changes}


@pytest.mark.parametrize(
    ("now", "direction"),
    [
        (term(limit_s=1800), "tighter"),
        (term(limit_s=7200), "looser"),
        (term(percentile=0.95), "tighter"),
        (term(percentile=0.8), "looser"),
        (term(limit_s=1800, percentile=0.8), "mixed"),
        (term(limit_s=1800, percentile=0.95), "tighter"),
        (term(calendar="day"), ""),
    ],
)
def test_a_promise_becomes_tighter_or_looser(now: dict[str, Any], direction: str) -> None:
    (row,) = compare_terms([term()], [now])
    assert (row.kind, row.direction) == ("changed", direction)
    found = compare({"terms": [term()]}, {"terms": [now]})
    assert found.is_tightened == (direction in {"tighter", "mixed"})
    assert found.is_loosened == (direction in {"looser", "mixed"})


def test_a_new_promise_tightens_and_one_that_goes_loosens() -> None:
    assert compare({}, {"terms": [term()]}).is_tightened
    assert compare({"terms": [term()]}, {}).is_loosened


def test_changed_parts_are_named() -> None:
    before = {"goal": "一", "steps": [step("a")], "terms": [term()], "basis": [{"name": "甲", "edition": "1"}]}
    after = {"goal": "二", "steps": [step("b")], "terms": [term()], "basis": [{"name": "甲", "edition": "2"}]}
    assert compare(before, after).changed_parts == ("goal", "steps", "basis")


@pytest.mark.parametrize("share", [0, -0.1, 1.0001, None, "90", float("nan"), True])
def test_a_percentile_outside_its_bounds_is_named(share: Any) -> None:
    assert [found.code for found in check_terms([term(percentile=share)], calendars=["always"])] == [
        "percentile_out_of_range"
    ]


@pytest.mark.parametrize("share", [0.001, 0.9, 1])
def test_a_percentile_within_its_bounds_passes(share: float) -> None:
    assert check_terms([term(percentile=share)], calendars=["always"]) == ()


def test_wrong_promises_are_all_named_at_once() -> None:
    wrong = [term(priority=5, milestone="never", limit_s=0, calendar="none", is_pausable=True)]
    codes = {found.code for found in check_terms(wrong, calendars=["always"])}
    assert codes == {"unknown_priority", "unknown_milestone", "limit_not_positive", "unknown_calendar"}


def test_a_condition_is_a_hole_unless_an_earlier_step_offers_its_answer() -> None:
    choice = step("c", type="choice", choices=[{"code": "x", "zh": "甲"}, {"code": "y", "zh": "乙"}])
    number = step("n", type="number", min=1, unit="℃")
    good = step("d", only_if={"step": "c", "is": ["x", "y"]})
    assert check_steps([choice, good]) == ()
    for before, condition in (
        ([good | {"only_if": None}], {"step": "c", "is": ["x"]}),
        ([choice], {"step": "c", "is": ["z"]}),
        ([choice], {"step": "c", "is": []}),
        ([number], {"step": "n", "is": ["1"]}),
    ):
        codes = [one.code for one in check_steps([*before, step("e", only_if=condition)])]
        assert codes == ["hole_in_steps"]


def test_a_step_is_asked_after_its_answer_and_not_after_a_branch_that_was_left() -> None:
    steps = [
        step("leak"),
        step("part", type="choice", choices=[], only_if={"step": "leak", "is": ["no"]}),
        step("order", only_if={"step": "part", "is": ["valve"]}),
    ]
    assert conditions_met(steps, {}) == {"leak"}
    assert conditions_met(steps, {"leak": False}) == {"leak", "part"}
    assert conditions_met(steps, {"leak": False, "part": "valve"}) == {"leak", "part", "order"}
    assert conditions_met(steps, {"leak": True, "part": "valve"}) == {"leak"}
    assert applies(steps[1], {"leak": None}) is False


def test_limits_that_are_no_numbers_and_options_without_words() -> None:
    wrong = [
        step("a", type="number", min="low", unit="℃"),
        step("b", type="choice", choices=[{"code": "x", "zh": "甲"}, {"code": "y", "zh": ""}]),
        step("c", zh="长" * 201),
        step("Ä"),
    ]
    assert [one.code for one in check_steps(wrong)] == [
        "limits_not_numbers",
        "choice_option_without_text",
        "step_text_too_long",
        "step_without_code",
    ]


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ([step("a"), step("a")], "step_code_twice"),
        ([step("a", type="dance")], "unknown_step_type"),
        ([step("a", zh=" ")], "step_without_text"),
        ([step("a", critical=True, mandatory=False)], "critical_but_optional"),
        ([step("a", type="number", unit="℃")], "number_without_limits"),
        ([step("a", type="meter", max=3)], "number_without_unit"),
        ([step("a", type="number", min=3, max=1, unit="℃")], "limits_reversed"),
        ([step("a", type="choice", choices=[])], "choice_without_options"),
        ([step("a", type="choice", choices=[{"code": "x", "zh": "甲"}] * 2)], "choice_option_twice"),
    ],
)
def test_each_fault_of_a_step_has_its_name(wrong: list[dict[str, Any]], name: str) -> None:
    assert [found.code for found in check_steps(wrong)] == [name]


def test_a_reading_within_limits_or_with_one_of_them_passes() -> None:
    assert (
        check_steps([step("a", type="number", min=1, max=3, unit="℃"), step("b", type="meter", min=0, unit="度")]) == ()
    )


def test_promises_are_once_each_in_order_and_a_word_is_never_paused() -> None:
    wrong = [
        term(),
        term(),
        term(milestone="arrived", limit_s=7200),
        term(milestone="acknowledged", is_pausable=True, limit_s=9999),
    ]
    codes = [found.code for found in check_terms(wrong, calendars=["always"])]
    assert codes == ["term_twice", "acknowledged_is_never_paused", "milestones_out_of_order"]
    assert check_terms([term(milestone="safe", limit_s=60), term()], calendars=["always"]) == ()


def test_a_basis_names_its_kind_edition_and_date() -> None:
    rows = [
        {"kind": "rumour", "name": "x"},
        {"kind": "house", "name": ""},
        {"kind": "standard", "name": "y", "edition": ""},
        {"kind": "house", "name": "z", "verified_on": "2025-13-01"},
        {"kind": "law", "name": "特种设备安全法", "edition": "2013", "verified_on": "2025-03-01"},
    ]
    assert [found.code for found in check_basis(rows)] == [
        "basis_kind_unknown",
        "basis_without_name",
        "basis_without_edition",
        "basis_bad_date",
    ]


def test_nothing_is_whole_without_its_five_parts() -> None:
    assert [found.code for found in check_completeness({})] == [
        "goal_missing",
        "requirement_missing",
        "no_steps",
        "no_terms",
        "no_basis",
    ]


def test_length_counts_what_is_read_and_spaces_are_not() -> None:
    text = {
        "goal": "不 漏",
        "requirement": "轻",
        "steps": [step("a", "做好", choices=[{"zh": "甲"}])],
    }
    length = measure(text)
    assert (length.n_steps, length.n_characters) == (1, 6)
    assert measure({"goal": "字" * 255}).read_s == 60
    assert over_budget(length, Budget(1, 6)) == ()
    assert over_budget(length, Budget(0, 5)) == ("steps", "characters")
    assert Budget(12, 510).read_s == 120
