"""One site's planner: looks, proposes at once what is new, plans everything again, writes what changed."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from yingxu.connect.planner.problem import Posed, barred, critical_before, is_planned, pose
from yingxu.core.routing.eligible import Eligibility
from yingxu.core.routing.explain import explain, options
from yingxu.core.routing.fallback import fallback_plan
from yingxu.core.routing.plan import Plan, repaired_plan
from yingxu.core.routing.problem import MalformedProblem, NoFeasiblePlan
from yingxu.core.routing.session import Resident, carried_routes
from yingxu.dispatch import actions, queries
from yingxu.dispatch.actions import NewProposal
from yingxu.dispatch.queries import JobNow, Situation
from yingxu.dispatch.refusals import LeaseLost
from yingxu.ground.actor import engine
from yingxu.ground.refusals import Refusal

log = logging.getLogger("yingxu.planner")

#: A lease is said again so often; it holds five seconds.
RENEW_S = 1.0
#: Everything is planned again after so long even if nothing happened: time alone makes things late.
AGAIN_S = 15.0
#: Search time for a whole plan.
SEARCH_S = 0.15
#: With more people than this the kernel says who does one more job best; with fewer, the explanation itself does.
MANY = 60

PLANNER = engine("planner")


@dataclass
class SitePlanner:
    """Plans for one site while it holds the lease."""

    site_id: int
    holder: str
    is_warm: Callable[[], bool]
    epoch: int = 0
    is_mine: bool = False
    plan: Plan | None = None
    mark: tuple[int, int] | None = None
    renewed: float = -1e9
    planned: float = -1e9
    known: set[int] = field(default_factory=set)
    #: Seconds of the last turn's first answer and of its whole plan, for the log and the bench.
    quick_s: float = 0.0
    whole_s: float = 0.0
    _grounds: tuple[float, Mapping[int, tuple[int, int | None]]] | None = None

    def turn(self, at: datetime) -> bool:
        """Look whether something happened and plan if so; returns whether it planned."""
        clock = time.monotonic()
        if clock - self.renewed >= RENEW_S:
            lease = actions.take_lease(site_id=self.site_id, holder=self.holder, actor=PLANNER, at=at)
            if lease.epoch != self.epoch:
                self.plan, self.mark, self.known = None, None, set()
            self.is_mine, self.epoch, self.renewed = lease.is_mine, lease.epoch, clock
        if not self.is_mine:
            return False
        mark = queries.look(self.site_id).mark
        if mark == self.mark and clock - self.planned < AGAIN_S:
            return False
        self.mark, self.planned = mark, clock
        try:
            self.reckon(at)
        except LeaseLost:
            self.is_mine = False
        return True

    def stop(self, at: datetime) -> None:
        """Let the next planner begin at once."""
        if self.is_mine:
            actions.give_up_lease(site_id=self.site_id, holder=self.holder, actor=PLANNER, at=at)

    def reckon(self, at: datetime) -> None:
        """Propose for what is new, then plan everything again and write what changed."""
        began = time.perf_counter()
        now = queries.situation(PLANNER, self.site_id, at=at)
        posed = pose(now, self.grounds())
        new = [job for job in now.waiting if job.key not in self.known and is_planned(now, job)]
        if new and self.plan is not None:
            self._write([self._at_once(now, posed, job) for job in new[:20]], at)
            self.quick_s = time.perf_counter() - began
        self.known = {job.key for job in now.waiting}
        self.plan = self._whole(posed)
        waiting = [job for job in now.waiting if is_planned(now, job)]
        self._write(_proposals(now, posed, self.plan, waiting), at)
        self._send(now, posed, self.plan, at)
        self.whole_s = time.perf_counter() - began
        log.info(
            "site %s: %d jobs, %d people, %.0f ms", self.site_id, len(waiting), len(now.workers), 1e3 * self.whole_s
        )

    def grounds(self) -> Mapping[int, tuple[int, int | None]]:
        """Return where places lie; read again every five minutes."""
        if self._grounds is None or time.monotonic() - self._grounds[0] > 300:
            self._grounds = (time.monotonic(), queries.grounds(self.site_id))
        return self._grounds[1]

    def _write(self, proposals: Sequence[NewProposal], at: datetime) -> None:
        if proposals:
            actions.propose(
                site_id=self.site_id,
                holder=self.holder,
                epoch=self.epoch,
                proposals=proposals,
                actor=PLANNER,
                at=at,
            )

    def _at_once(self, now: Situation, posed: Posed, job: JobNow) -> NewProposal:
        """Who does one more job best with the plan as it stands."""
        problem = posed.problem
        i = next(k for k, order in enumerate(problem.orders) if order.id == str(job.key))
        assert self.plan is not None
        carried = repaired_plan(problem, carried_routes(self.plan, problem))
        if len(now.workers) > MANY and self.is_warm():
            best = Resident(problem, carried).best(str(job.key))
            chosen = {"worker": best[0][0], "cost": best[1]} if best else None
            return _proposal(now, posed, job, {"chosen": chosen} if chosen else {})
        ways = options(carried, i, Eligibility(problem), {})
        said = [
            {
                "worker": problem.workers[way.worker].id,
                "start": way.start_s,
                "cost": way.cost,
                "parts": dict(way.parts),
                "delays": [{"order": problem.orders[j].id, "seconds": late} for j, late in way.delays.items()],
            }
            for way in ways[:2]
        ]
        return _proposal(now, posed, job, dict(zip(("chosen", "runner_up"), said, strict=False)))

    def _whole(self, posed: Posed) -> Plan:
        problem = posed.problem
        try:
            if not self.is_warm() or not problem.orders or not problem.workers:
                return fallback_plan(problem)
            from yingxu.core.routing.engine import Budget, solve

            share = min(1.0, (len(problem.orders) + 5) / 60)
            warm = carried_routes(self.plan, problem) if self.plan is not None else None
            return solve(problem, Budget(None, SEARCH_S * share, time.perf_counter), warm=warm).plan
        except (NoFeasiblePlan, MalformedProblem) as why:
            # promises that contradict each other are the desk's to settle; what is new is still planned around them
            log.warning("site %s: %s", self.site_id, why)
            return fallback_plan(problem)

    def _send(self, now: Situation, posed: Posed, plan: Plan, at: datetime) -> None:
        """Send the next job of everybody free, on lines that do so by themselves; refused ones stay proposals."""
        held: dict[int, int] = {}
        for job in now.held:
            held[job.worker_id or 0] = held.get(job.worker_id or 0, 0) + 1
        for k, stops in enumerate(plan.routes):
            worker = posed.workers[plan.problem.workers[k].id]
            first = next((i for is_break, i, _ in stops if not is_break), None)
            following = posed.jobs[plan.problem.orders[first].id] if first is not None else None
            if following is None or following.state != "queued":
                continue
            mode, n = now.mode(following.needs.line_code), held.get(worker.key, 0)
            if mode.mode == "automatic" and (n == 0 or (following.priority == 1 and n < mode.hold_limit)):
                try:
                    actions.assign_job(job_id=following.uid, worker_id=worker.uid, actor=PLANNER, at=at)
                except Refusal as why:
                    log.info("job %s stays a proposal: %s", following.number, why.code)


def _proposals(now: Situation, posed: Posed, plan: Plan, waiting: Sequence[JobNow]) -> list[NewProposal]:
    at = {order.id: i for i, order in enumerate(plan.problem.orders)}
    told = explain(plan, [at[str(job.key)] for job in waiting[:_EXPLAINED]])["orders"]
    return [_proposal(now, posed, job, told[str(job.key)]) for job in waiting[:_EXPLAINED]]


#: So many waiting jobs get a reason in full, the most urgent first.
_EXPLAINED = 200


def _proposal(now: Situation, posed: Posed, job: JobNow, told: Mapping[str, Any]) -> NewProposal:
    best, other = told.get("chosen"), told.get("runner_up")
    if best is None and told.get("why_left_out"):
        best, other = None, None
    worker = posed.workers[best["worker"]] if best else None
    start = best.get("start") if best else None
    reason: dict[str, Any] = {"barred": barred(now, job)}
    if best is not None and worker is not None:
        reason |= {"cost": round(best["cost"], 2), "parts": best.get("parts", {}), "delays": _delays(posed, best)}
        reason["waits_for"] = critical_before(now, job, worker)
    else:
        reason["left_out"] = str(told.get("why_left_out") or "nobody")
    if other is not None:
        later = None if other.get("start") is None or start is None else other["start"] - start
        reason |= {
            "runner_cost": round(other["cost"], 2),
            "runner_parts": other.get("parts", {}),
            "runner_delays": _delays(posed, other),
            "runner_later_s": later,
        }
    return NewProposal(
        job_key=job.key,
        worker_id=worker.key if worker else None,
        runner_up_id=posed.workers[other["worker"]].key if other else None,
        start_at=posed.at + timedelta(seconds=start) if start is not None else None,
        reason=reason,
    )


def _delays(posed: Posed, way: Mapping[str, Any]) -> list[dict[str, Any]]:
    found = []
    for delay in way.get("delays", ())[:3]:
        job = posed.jobs[delay["order"]]
        found.append({"number": job.number, "priority": job.priority, "minutes": max(1, round(delay["seconds"] / 60))})
    return found
