"""Which finished jobs are followed up: how many of each stratum a week, and who comes next (domain §5.9, S40)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
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


def recheck_days(*, priority: int, is_repeat: bool, was_redone: bool, leaves_something: bool = True) -> tuple[int, ...]:
    """Return after how many days a closed job is looked at again: what came back or matters most, twice.

    ``leaves_something``: of what was only carried or kept in order there is nothing that could still hold.
    """
    if not leaves_something:
        return ()
    if priority == 1 or is_repeat:
        return RECHECK_DAYS
    return RECHECK_DAYS[:1] if priority == 2 or was_redone else ()


def must_look(*, priority: int, leaves_something: bool, is_held: bool, is_doubtful: bool, came_back: bool) -> str:
    """Return why a colleague looks at a finished job whatever chance says; empty: by chance.

    Parameters
    ----------
    priority
        1..4.
    leaves_something
        Whether there is something on the spot to look at; of what was only carried from one hand to another there is
        not, and the hand-over is a second person's word already: urgency alone does not ask for a look then.
    is_held
        Somebody has said no, or a yes whose words say no.
    is_doubtful
        The evidence is flagged (S42).
    came_back
        It was redone, reopened, or repeats another one.

    Notes
    -----
    The cases of domain §5.9 that are followed up in full: doubts, repeats, P1 and P2. In that order, as one is enough.
    """
    if is_held:
        return "held"
    if is_doubtful:
        return "flagged"
    if came_back:
        return "repeat"
    return "priority" if priority <= 2 and leaves_something else ""


@dataclass(frozen=True, slots=True)
class Peer:
    """Somebody who could look at a colleague's job.

    Attributes
    ----------
    key
        The person.
    is_near
        Of the same team.
    is_here
        On duty now.
    is_mutual
        Who did the job looked at this person's work lately: one hand would wash the other.
    n_open
        Looks that this person still owes.
    """

    key: int
    is_near: bool = True
    is_here: bool = True
    is_mutual: bool = False
    n_open: int = 0


def first_peer(peers: Iterable[Peer], *, case: str) -> int | None:
    """Return who looks at a job: nobody can choose, everybody can check; None: there is nobody.

    Not who was looked at by the doer lately if there is anybody else, then of the same team, then here, then with the
    fewest looks owed; among equals by the permanent random number of job and person (:func:`chance_number`).
    """

    def order(peer: Peer) -> tuple[bool, bool, bool, int, float]:
        chance = chance_number(str(peer.key), plan=f"peer-{case}")
        return peer.is_mutual, not peer.is_near, not peer.is_here, peer.n_open, chance

    return min(peers, key=order).key if (peers := tuple(peers)) else None
