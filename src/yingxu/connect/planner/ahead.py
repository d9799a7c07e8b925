"""What may still come, as the planner imagines it: what was asked in the last hours comes again. Pure.

A whole plan of what is known spends the last free specialist on routine work. The first moves of everybody free are
therefore tried in imagined futures (``core.routing.foresight``), where each arrival is a copy of one of the last hours.
Nobody free is kept back from work that waits: that is a policy which a hospital decides, not the planner.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from yingxu.connect.planner.problem import WEIGHTS, Posed, kind
from yingxu.core.routing.outlook import Day, Outlook
from yingxu.core.routing.plan import Plan
from yingxu.core.routing.problem import Order
from yingxu.dispatch.queries import JobNow, Needs
from yingxu.dispatch.queries.situation import LATELY

#: How the planner imagines what comes; the search bounds its time as well.
LOOK = Outlook(holds_back=False, most=200)
#: Fewer than so many jobs in the last hours say nothing of what comes.
LEAST = 5
#: So many kinds of needs are imagined, the most frequent: each is compared with everybody present.
MOST_KINDS = 40


@dataclass(frozen=True)
class Lately:
    """What was asked for in the last hours, and the kinds of needs among it."""

    jobs: tuple[JobNow, ...] = ()
    kinds: tuple[Needs, ...] = field(default=())

    @classmethod
    def of(cls, jobs: Sequence[JobNow]) -> Lately:
        """Return it; too few jobs are nothing."""
        if len(jobs) < LEAST:
            return cls()
        kinds = tuple(needs for needs, _ in Counter(job.needs for job in jobs).most_common(MOST_KINDS))
        return cls(tuple(job for job in jobs if job.needs in kinds), kinds)

    def day(self, posed: Posed) -> Day:
        """Return them as examples, on the axis of a problem that was posed with these kinds."""
        turn = {needs: n for n, needs in enumerate(self.kinds)}
        day = Day(began=-int(LATELY.total_seconds()))
        day.see(_example(job, posed, kind(turn[job.needs])) for job in self.jobs)
        return day


def _example(job: JobNow, posed: Posed, skill: str) -> Order:
    released = posed.s(job.opened_at)
    return Order(
        id=str(job.key),
        location=posed.ground.spot(job.place_id),
        roles=({skill: 1},),
        weight=float(WEIGHTS[job.priority]),
        released=released,
        ready_s=released,
        respond_by=posed.s(job.respond_by),
        resolve_by=posed.s(job.resolve_by),
        duration=max(60, job.minutes * 60),
        appointment=None,
        after=(),
        preferred=frozenset(),
        names_preferred=False,
        excluded=frozenset(),
        locked=None,
        locked_first=False,
        class_=str(job.priority),
    )


def foreseen(posed: Posed, plan: Plan, lately: Lately, *, in_time: Callable[[], bool]) -> Plan:
    """Return the plan with the first moves of everybody free judged by what may still come; nothing known: as it is."""
    if not lately.jobs:
        return plan
    from yingxu.core.routing.foresight import foresee

    return foresee(posed.problem, plan, lately.day(posed), in_time=in_time, look=LOOK)
