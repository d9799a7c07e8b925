"""What somebody who types probably asks for: a few items of the catalogue, everyday ones at first, danger named."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yingxu.demand.likely import AT_MOST, likely
from yingxu.standards.library import rows
from yingxu.standards.queries import CatalogueRow

CATALOGUE = tuple(
    CatalogueRow(
        number,
        row["code"],
        row["name_zh"],
        row["name_en"],
        row["line"],
        "",
        "",
        "",
        int(row["default_priority"]),
        False,
        True,
        "",
        "",
    )
    for number, row in enumerate(rows("items"))
)


@settings(max_examples=15, deadline=None)
@given(st.text(max_size=40))
def test_whatever_is_typed_a_few_known_items_are_offered_once_each(text: str) -> None:
    codes = [row.code for row in likely(text, CATALOGUE).items]
    assert len(set(codes)) == len(codes)
    assert 1 <= len(codes) <= AT_MOST


@pytest.mark.parametrize("place_class", ["", "ward", "critical", "emergency", "unheard of"])
def test_before_anything_is_typed_everyday_items_of_the_place_are_offered(place_class: str) -> None:
    offer = likely("  ", CATALOGUE, place_class=place_class)
    assert len(offer.items) == AT_MOST
    assert not offer.is_danger


def test_an_item_that_the_site_does_not_offer_is_not_proposed() -> None:
    few = tuple(row for row in CATALOGUE if row.line_code == "ELE")
    assert {row.line_code for row in likely("灯不亮", few).items} <= {"ELE"}


@pytest.mark.parametrize(("text", "code"), [("the toilet is blocked", "plb.toilet"), ("马桶堵了", "plb.toilet")])
def test_the_obvious_is_among_the_first(text: str, code: str) -> None:
    assert code in [row.code for row in likely(text, CATALOGUE).items[:3]]


@pytest.mark.parametrize(("text", "is_danger"), [("there is smoke and sparks", True), ("a chair please", False)])
def test_danger_is_named_in_english_too(text: str, is_danger: bool) -> None:
    assert likely(text, CATALOGUE).is_danger == is_danger
