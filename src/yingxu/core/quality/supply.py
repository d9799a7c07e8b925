"""Demand against hands, in minutes of one hour (domain S2)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Balance:
    """One hour: minutes of work asked for, minutes of hands there, and what is missing. A shortfall is flagged."""

    demand_min: float
    capacity_min: float

    @property
    def shortfall_min(self) -> float:
        """Minutes of work that the hour's hands cannot do."""
        return max(0.0, self.demand_min - self.capacity_min)

    @property
    def is_short(self) -> bool:
        """Whether a whole minute and a twentieth of the demand are missing: less is rounding."""
        return self.shortfall_min >= max(1.0, 0.05 * self.demand_min)


def balance(*, n: float, minutes_each: float, hands: float) -> Balance:
    """Return the balance of an hour: ``n`` askings of so many minutes against hands of 60 minutes each."""
    return Balance(n * minutes_each, hands * 60)
