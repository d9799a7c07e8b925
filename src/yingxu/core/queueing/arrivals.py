"""Arrival rates from a history of opening times."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from yingxu.core.queueing.specs import HOURS_OF_DAY, HOURS_OF_WEEK

#: 1970-01-01, from which local seconds are counted, was a Thursday.
_HOURS_MONDAY_TO_EPOCH = 3 * HOURS_OF_DAY


def rates_by_hour_of_week(
    opened_local_s: npt.NDArray[np.int64], chosen: npt.NDArray[np.bool_] | None = None
) -> tuple[float, ...]:
    """Return mean arrivals in each hour of the local week, Monday first.

    Parameters
    ----------
    opened_local_s : array of int
        Local clock readings as seconds since 1970-01-01 00:00 on that clock, in any order, at least one.
    chosen : array of bool, optional
        Which of them to count. The period observed, from the first opening's hour to the last one's, is that of all:
        a line with few requests was watched as long as the others.

    Notes
    -----
    An hour of the week that the period does not hold gets the mean of its hour of the day, or failing that the
    mean of the period.
    """
    hours = np.asarray(opened_local_s) // 3600 + _HOURS_MONDAY_TO_EPOCH
    counted = hours if chosen is None else hours[chosen]
    observed = np.bincount(np.arange(hours.min(), hours.max() + 1) % HOURS_OF_WEEK, minlength=HOURS_OF_WEEK)
    counts = np.bincount(counted % HOURS_OF_WEEK, minlength=HOURS_OF_WEEK)
    observed_of_day = observed.reshape(-1, HOURS_OF_DAY).sum(axis=0)
    counts_of_day = counts.reshape(-1, HOURS_OF_DAY).sum(axis=0)
    overall = counts.sum() / observed.sum()
    of_day = np.where(observed_of_day > 0, counts_of_day / np.maximum(observed_of_day, 1), overall)
    rates = np.where(observed > 0, counts / np.maximum(observed, 1), np.tile(of_day, HOURS_OF_WEEK // HOURS_OF_DAY))
    return tuple(float(rate) for rate in rates)
