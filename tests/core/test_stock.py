"""Lots are taken oldest first; what is taken adds up; issue and return cancel to the fen."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from yingxu.core.stock.lots import GRAIN, LotLeft, Taken, back_fen, fifo, labour_fen, parts_fen, put_back
from yingxu.core.stock.rates import in_force

DAY = date(2025, 3, 3)
quantities = st.integers(1, 9_000).map(lambda n: n * GRAIN)
lots = st.lists(
    st.tuples(st.integers(0, 20), st.one_of(st.none(), st.integers(-5, 5)), quantities), min_size=0, max_size=6
).map(
    lambda rows: [
        LotLeft(n, DAY - timedelta(days=age), None if ends is None else DAY + timedelta(days=ends), left)
        for n, (age, ends, left) in enumerate(rows)
    ]
)


@given(lots, quantities)
@settings(max_examples=60)
def test_what_is_taken_adds_up_or_nothing_is(held: list[LotLeft], wanted: Decimal) -> None:
    usable = sum((one.left for one in held if one.expires_on is None or one.expires_on >= DAY), Decimal(0))
    taken = fifo(held, wanted, on=DAY)
    assert sum((one.quantity for one in taken), Decimal(0)) == (wanted if usable >= wanted else 0)
    left = {one.key: one.left for one in held}
    assert all(0 < one.quantity <= left[one.key] for one in taken)


@given(lots, quantities)
@settings(max_examples=60)
def test_no_younger_lot_is_touched_while_an_older_one_has_some(held: list[LotLeft], wanted: Decimal) -> None:
    taken = {one.key: one.quantity for one in fifo(held, wanted)}
    order = sorted(held, key=lambda one: (one.received_on, one.key))
    touched = [one for one in order if one.key in taken]
    for one in order[: order.index(touched[-1])] if touched else ():
        assert taken[one.key] == one.left


def test_an_expired_lot_is_passed_over_on_its_day_it_is_still_good() -> None:
    old = LotLeft(1, DAY - timedelta(days=9), DAY - timedelta(days=1), Decimal(5))
    today = LotLeft(2, DAY - timedelta(days=8), DAY, Decimal(1))
    new = LotLeft(3, DAY, None, Decimal(5))
    assert fifo([new, today, old], Decimal(2), on=DAY) == (Taken(2, Decimal(1)), Taken(3, Decimal(1)))
    assert fifo([new, today, old], Decimal(7), on=DAY) == ()
    assert fifo([old], Decimal(2)) == (Taken(1, Decimal(2)),)


def test_the_lot_issued_last_takes_back_first() -> None:
    issued = [Taken(1, Decimal(2)), Taken(2, Decimal(3))]
    assert put_back(issued, Decimal(4)) == (Taken(2, Decimal(3)), Taken(1, Decimal(1)))
    assert put_back(issued, Decimal(6)) == ()
    assert put_back([], Decimal(1)) == ()


@given(st.integers(0, 100_000), quantities, st.data())
@settings(max_examples=60)
def test_issue_and_return_cancel_to_the_fen(price_fen: int, quantity: Decimal, data: st.DataObject) -> None:
    cost, held = parts_fen(quantity, price_fen), quantity
    for _ in range(3):
        if held == 0:
            break
        back = data.draw(st.integers(1, int(held / GRAIN))) * GRAIN
        returned = back_fen(back, held=held, cost_fen=cost)
        assert 0 <= returned <= cost
        cost, held = cost - returned, held - back
    if held:
        cost -= back_fen(held, held=held, cost_fen=cost)
    assert cost == 0


def test_halves_of_a_fen_are_rounded_up() -> None:
    assert parts_fen(Decimal("0.5"), 3) == 2
    assert parts_fen(Decimal(3), 1250) == 3750
    assert [labour_fen(minutes, 4500) for minutes in (0, 1, 15, 60)] == [0, 75, 1125, 4500]
    assert labour_fen(1, 30) == 1
    assert labour_fen(1, 29) == 0


def test_the_newest_row_that_had_begun_is_in_force() -> None:
    rows = [(DAY, 1), (DAY - timedelta(days=30), 2), (DAY, 3)]
    assert in_force(rows, DAY) == 3  # set again for the same day: the last word counts
    assert in_force(rows, DAY - timedelta(days=1)) == 2
    assert in_force(rows, DAY - timedelta(days=31)) is None
