"""First in, first out over lots; money in whole fen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

#: The smallest part of a unit that is counted.
GRAIN = Decimal("0.001")


@dataclass(frozen=True)
class LotLeft:
    """What is left of a lot. ``key`` breaks ties between lots of one day, oldest first."""

    key: int
    received_on: date
    expires_on: date | None
    left: Decimal


@dataclass(frozen=True)
class Taken:
    """So many of one lot."""

    key: int
    quantity: Decimal


def fifo(lots: Sequence[LotLeft], quantity: Decimal, *, on: date | None = None) -> tuple[Taken, ...]:
    """Return what is taken of which lot, the oldest first.

    Parameters
    ----------
    lots : in any order; ``left`` in the part's unit, not negative.
    quantity : how many are wanted, in the part's unit, positive.
    on : the day of use: lots whose last day lies before it are passed over. None takes of every lot.

    Returns
    -------
    tuple of Taken
        Their quantities add up to ``quantity``; empty when the lots do not hold so many.

    Notes
    -----
    First in, first out as in IAS 2 (Inventories), paragraph 27: what came first is taken first, so that what is left is
    what came last. Deviation: expired lots are no stock for use and are left for the stock-take to write off.
    """
    rest = quantity
    taken: list[Taken] = []
    for lot in sorted(lots, key=lambda one: (one.received_on, one.key)):
        if on is not None and lot.expires_on is not None and lot.expires_on < on:
            continue
        part = min(lot.left, rest)
        if part > 0:
            taken.append(Taken(lot.key, part))
            rest -= part
        if rest == 0:
            return tuple(taken)
    return ()


def put_back(issued: Sequence[Taken], quantity: Decimal) -> tuple[Taken, ...]:
    """Return which lots take back how many, the lot issued last first.

    Parameters
    ----------
    issued : what the job holds of each lot, in the order of issue.
    quantity : how many come back, positive.

    Returns
    -------
    tuple of Taken
        Empty when the job does not hold so many.
    """
    rest = quantity
    back: list[Taken] = []
    for one in reversed(issued):
        part = min(one.quantity, rest)
        if part > 0:
            back.append(Taken(one.key, part))
            rest -= part
        if rest == 0:
            return tuple(back)
    return ()


def parts_fen(quantity: Decimal, price_fen: int) -> int:
    """Return what a quantity costs, in fen, halves rounded up; ``price_fen`` is of one unit."""
    return int((quantity * price_fen).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def back_fen(quantity: Decimal, *, held: Decimal, cost_fen: int) -> int:
    """Return what comes back to the job's account with ``quantity`` of what it holds of a lot, in fen.

    The whole comes back with the last of it, so that issue and return of the same parts cost nothing whatever was
    rounded between.
    """
    if quantity == held:
        return cost_fen
    return int((cost_fen * quantity / held).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def labour_fen(minutes: int, fen_per_hour: int) -> int:
    """Return what so many minutes cost, in fen, halves rounded up (domain 5.8: minutes by rate)."""
    return (2 * minutes * fen_per_hour + 60) // 120
