"""Which proposals a whole plan says anew. Pure but for what it remembers of what was said.

Comparing everybody for one job of a thousand costs ten milliseconds; most jobs stay where they were from plan to plan.
So the comparison is made again for the most urgent, for those whose person changed, and for a few of the others in
turn; what depends on the rules alone (who is barred, which critical job goes first) is always of now.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from yingxu.connect.planner.problem import Posed, able, barred, critical_before, is_planned
from yingxu.connect.planner.saying import OTHERS, crew_proposal, proposal
from yingxu.core.routing.explain import explain
from yingxu.core.routing.plan import Plan
from yingxu.dispatch.actions import NewProposal
from yingxu.dispatch.queries import JobNow

#: So many waiting jobs are said anew with each whole plan, the most urgent first; and so many more that have no
#: proposal yet, or one for somebody who may not go any longer.
EXPLAINED, OVERDUE = 200, 60
#: Of those so many are compared again each time, the most urgent; and so many others, whoever waited longest for it.
COMPARED, IN_TURN = 40, 10


def to_say(posed: Posed) -> list[JobNow]:
    """Return the waiting jobs whose proposals are said anew with a whole plan, the most urgent first."""
    now = posed.now
    waiting = [job for job in now.waiting if is_planned(now, job)]
    overdue = [
        job
        for job in waiting[EXPLAINED:]
        if job.key not in now.answered
        or (job.key in now.proposed and now.proposed[job.key] not in able(posed, job).first)
    ]
    return waiting[:EXPLAINED] + overdue[:OVERDUE]


def heads_of(posed: Posed, plan: Plan) -> list[JobNow]:
    """Return the waiting jobs with which somebody's route begins."""
    found: dict[int, JobNow] = {}
    for stops in plan.routes:
        first = next((i for is_break, i, _ in stops if not is_break), None)
        job = posed.jobs[plan.problem.orders[first].id] if first is not None else None
        if job is not None and job.state == "queued":
            found[job.key] = job
    return list(found.values())


def proposals(posed: Posed, plan: Plan, waiting: Sequence[JobNow]) -> list[NewProposal]:
    """Return what to propose for these jobs, everybody compared."""
    at = {order.id: i for i, order in enumerate(plan.problem.orders)}
    told = explain(plan, [at[str(job.key)] for job in waiting], n_others=OTHERS)["orders"]
    found = []
    for job in waiting:
        together = crew_proposal(posed, plan, job, at[str(job.key)]) if job.crew > 1 else None
        found.append(together or proposal(posed, job, told[str(job.key)]))
    return found


@dataclass
class Told:
    """What was said of each job, and when it was last compared."""

    said: dict[int, NewProposal] = field(default_factory=dict)
    #: Job -> number of the plan that compared it.
    compared: dict[int, int] = field(default_factory=dict)
    n: int = 0

    def say(self, posed: Posed, plan: Plan, waiting: Sequence[JobNow]) -> list[NewProposal]:
        """Return what to propose for these jobs, compared anew as far as that is due."""
        self.n += 1
        whom = {
            plan.problem.orders[i].id: int(plan.problem.workers[k].id)
            for k, stops in enumerate(plan.routes)
            for is_break, i, _ in stops
            if not is_break
        }
        stands = [job for job in waiting[COMPARED:] if self._stands(posed, job, whom.get(str(job.key)))]
        in_turn = sorted(stands, key=lambda job: self.compared.get(job.key, 0))[:IN_TURN]
        kept = {job.key for job in stands} - {job.key for job in in_turn}
        anew = proposals(posed, plan, [job for job in waiting if job.key not in kept])
        before = {job.key: self.compared.get(job.key, 0) for job in stands}
        self.compared = before | {one.job_key: self.n for one in anew}
        found = anew + [self._again(posed, job) for job in waiting if job.key in kept and job.key in self.said]
        self.said = {one.job_key: one for one in found}
        return found

    def _stands(self, posed: Posed, job: JobNow, worker: int | None) -> bool:
        before = self.said.get(job.key)
        if before is None:  # said by the planner before this one: whoever takes over compares it in its turn
            return job.crew == 1 and worker is not None and posed.now.proposed.get(job.key) == worker
        return (
            job.crew == 1
            and before.worker_id == worker
            and posed.now.proposed.get(job.key) == worker
            and (before.runner_up_id is None or str(before.runner_up_id) in posed.workers)
        )

    def _again(self, posed: Posed, job: JobNow) -> NewProposal:
        before = self.said[job.key]
        reason = {**before.reason, "barred": barred(posed, job)}
        if before.worker_id is not None:
            reason["waits_for"] = critical_before(posed, job, posed.workers[str(before.worker_id)])
        return replace(before, reason=reason)
