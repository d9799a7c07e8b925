"""100−1=0: what share of the work was good at every step, what spoils it, and what one more minute is worth.

Domain §1.4 (S36, S37), §6.2 HUNDRED, §6.13.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from yingxu.core.quality.share import Share, attainment

#: A miss by at most this share of the limit was near (§6.13, S37).
NEAR_SHARE = 0.10


@dataclass(frozen=True, slots=True)
class Spoiler:
    """One step that spoils service: in how many jobs, and in how many of them it was the only thing wrong."""

    code: str
    n: int
    n_alone: int
    #: Perfect-service rate if this step alone had always been good.
    share_without: float


def perfect(faults: Sequence[Collection[str]]) -> Share:
    """Return the share of jobs without any fault.

    Parameters
    ----------
    faults
        For each job the codes of what was not good; an empty one is a perfect job.
    """
    return attainment(sum(not one for one in faults), len(faults))


def spoilers(faults: Sequence[Collection[str]]) -> tuple[Spoiler, ...]:
    """Return what spoils service, first what would win most if it alone were always good.

    Notes
    -----
    Jobs that have several faults are not won by mending one of them; so the rank goes by the jobs that a code spoils
    alone, then by all it is in, then by its name.
    """
    n_in = Counter(code for one in faults for code in set(one))
    alone = Counter(next(iter(set(one))) for one in faults if len(set(one)) == 1)
    n_good = sum(not one for one in faults)
    rows = [Spoiler(code, n, alone[code], (n_good + alone[code]) / len(faults)) for code, n in n_in.items()]
    return tuple(sorted(rows, key=lambda row: (-row.n_alone, -row.n, row.code)))


def hundred(vetoed: Iterable[bool]) -> Share:
    """HUNDRED 百减一率: orders with any veto failure ÷ orders; lower is better."""
    found = list(vetoed)
    return attainment(sum(found), len(found))


@dataclass(frozen=True, slots=True)
class NearMiss:
    """One class of near misses.

    Attributes
    ----------
    n
        Cases in the class.
    short_min
        Median minutes that were missing.
    gain
        What one case is worth if it is won: yuan of deduction avoided, plus weighted satisfaction.
    convertible
        Share of the cases that can be won, 0..1.
    is_veto
        A critical step failed: outranks every number (100−1=0).
    """

    code: str
    n: int
    short_min: float
    gain: float
    convertible: float
    is_veto: bool = False

    @property
    def worth_per_min(self) -> float | None:
        """(p·g)/m in units of gain a minute; None when no time was missing."""
        return self.convertible * self.gain / self.short_min if self.short_min > 0 else None


def ranked(classes: Iterable[NearMiss]) -> tuple[NearMiss, ...]:
    """Return classes of near misses by what one more minute is worth, veto classes first (§6.13)."""
    return tuple(
        sorted(
            classes,
            key=lambda one: (
                not one.is_veto,
                -(one.worth_per_min if one.worth_per_min is not None else float("inf")),
                -one.n,
                one.code,
            ),
        )
    )


@dataclass(frozen=True, slots=True)
class Miss:
    """A promise that was missed: minutes over its limit, and its limit in minutes."""

    code: str
    over_min: float
    limit_min: float
    #: The only thing that was wrong with its job: winning it makes the service perfect.
    is_alone: bool = False

    @property
    def is_near(self) -> bool:
        """Whether it was missed by at most a tenth of the limit."""
        return self.over_min <= NEAR_SHARE * self.limit_min


@dataclass(frozen=True, slots=True)
class Margin:
    """What is lost by a little in one class of promises."""

    code: str
    n_missed: int
    n_near: int
    short_min: float | None
    n_alone: int

    @property
    def jobs_per_min(self) -> float | None:
        """Perfect jobs won for one minute less on each near miss: near ones spoiled by this alone ÷ median minutes."""
        return self.n_alone / self.short_min if self.short_min else None


def margins(misses: Iterable[Miss]) -> tuple[Margin, ...]:
    """Return, by class, how many were missed and how many by a little; first where a minute wins most.

    Notes
    -----
    §6.13 with p = 1 and g = 1 perfect job for a miss that spoiled its job alone, 0 for others: no contract's money is
    needed to say it, and the unit is jobs a minute.
    """
    by_code: dict[str, list[Miss]] = {}
    for miss in misses:
        by_code.setdefault(miss.code, []).append(miss)
    rows = []
    for code, found in by_code.items():
        near = [miss for miss in found if miss.is_near]
        short = median(miss.over_min for miss in near) if near else None
        rows.append(Margin(code, len(found), len(near), short, sum(miss.is_alone for miss in near)))
    return tuple(sorted(rows, key=lambda row: (-(row.jobs_per_min or 0.0), -row.n_near, row.code)))
