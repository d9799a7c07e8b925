"""Which finished jobs are followed up: how many of each stratum a week, and who comes next (domain §5.9, S40)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from math import ceil

from yingxu.core.quality.sampling import chance_number

#: Domain §5.9: at least 5 % of the week's jobs that nothing else draws, and at least 30 of them.
LEAST_SHARE, LEAST_N = 0.05, 30
#: Domain §5.9: three attempts that reach nobody, and another job takes the place.
TRIES = 3
#: So many good answers running are a long good run, and ask for half as many calls again (§6.12: random checks ×1.5).
LONG_RUN, AFTER_LONG_RUN = 20, 1.5
#: Delayed re-checks, in days after closing (S40).
RECHECK_DAYS = (7, 30)


def wanted_of_week(n_cases: Mapping[str, int], *, long_runs: Collection[str] = ()) -> dict[str, int]:
    """Return how many of each stratum's cases are to be called in a week.

    Parameters
    ----------
    n_cases
        Cases of the week so far, by stratum; those drawn for another reason are not among them.
    long_runs
        Strata whose last answers were all good for long; they are looked at more, not less.

    Notes
    -----
    In all max(30, ⌈5 %⌉) of the cases, but never more than there are, shared out in proportion (largest remainder), at
    least one to each stratum that has a case (Cochran, Sampling Techniques, 3rd ed., §5.5, with a floor of one). A
    stratum after a long good run then gets half as many again, rounded up.
    """
    cases = {key: n for key, n in n_cases.items() if n > 0}
    n_all = sum(cases.values())
    if not n_all:
        return {}
    total = min(n_all, max(LEAST_N, ceil(round(LEAST_SHARE * n_all, 9))))
    exact = {key: total * n / n_all for key, n in cases.items()}
    wanted = {key: int(share) for key, share in exact.items()}
    left = total - sum(wanted.values())
    for key in sorted(cases, key=lambda name: (wanted[name] - exact[name], name))[:left]:
        wanted[key] += 1
    return {
        key: min(cases[key], ceil(max(1, n) * (AFTER_LONG_RUN if key in long_runs else 1.0)))
        for key, n in wanted.items()
    }


def is_long_run(newest_first: Sequence[bool]) -> bool:
    """Tell whether the last :data:`LONG_RUN` answers were all good."""
    return len(newest_first) >= LONG_RUN and all(newest_first[:LONG_RUN])


def first_by_chance(cases: Iterable[str], *, plan: str, n: int) -> tuple[str, ...]:
    """Return the ``n`` cases with the lowest permanent random numbers: nobody can choose, everybody can check."""
    return tuple(sorted(cases, key=lambda case: chance_number(case, plan=plan))[: max(0, n)])


def must_call(*, priority: int, is_repeat: bool, is_held: bool) -> str:
    """Return why a finished job is called back whatever chance says: priority, repeat, held; empty: by chance."""
    if is_held:
        return "held"
    if priority <= 2:
        return "priority"
    return "repeat" if is_repeat else ""


def recheck_days(*, priority: int, is_repeat: bool, was_redone: bool) -> tuple[int, ...]:
    """Return after how many days a closed job is looked at again: what came back or matters most, twice."""
    if priority == 1 or is_repeat:
        return RECHECK_DAYS
    return RECHECK_DAYS[:1] if priority == 2 or was_redone else ()
