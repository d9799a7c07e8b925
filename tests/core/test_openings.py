"""A text that holds none of the characters that a pattern can begin with is matched by it nowhere."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yingxu.core.language.danger import rules, worth_searching
from yingxu.core.language.openings import openings

_WORDS = sorted({char for rule in rules() for char in rule.words.pattern if char.isalnum()} | set(" ,.，。()-"))


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("着火|起火", {"着", "起"}),
        ("(梯|轿厢).{0,3}(困|关)|被困", {"梯", "轿", "被"}),
        ("冒(着|出)*烟", {"冒"}),
        ("不?能|[焦糊]味", {"不", "能", "焦", "糊"}),
        ("(?<!没)有火(?!警)", {"有"}),
        ("AED|ICU", {"a", "i"}),
        ("[0-3]号", {"0", "1", "2", "3"}),
        (".火", None),
        ("[^没]火", None),
        ("火*", None),
        (r"\d号", None),
    ],
)
def test_the_characters_that_a_match_begins_with(pattern: str, expected: set[str] | None) -> None:
    assert openings(re.compile(pattern, re.IGNORECASE)) == expected


@settings(deadline=None)
@given(st.text(st.sampled_from(_WORDS), max_size=40))
def test_a_rule_that_is_not_worth_searching_is_found_nowhere(text: str) -> None:
    worth = set(worth_searching(text))
    assert not [rule.code for rule in rules() if rule not in worth and rule.words.search(text)]


@settings(deadline=None)
@given(st.sampled_from(rules()), st.text(st.sampled_from(_WORDS), max_size=5))
def test_the_words_of_a_rule_in_another_case_are_searched_too(rule, before: str) -> None:  # type: ignore[no-untyped-def]
    for text in (f"{before}{rule.words.pattern}".upper(), f"{before}{rule.words.pattern}".lower()):
        if rule.words.search(text):
            assert rule in worth_searching(text)


def test_a_letter_that_is_another_ones_capital_hides_nothing() -> None:
    assert set(worth_searching("\u212a\u017f")) == set(rules()), "the Kelvin sign is a K, the long s an S"
