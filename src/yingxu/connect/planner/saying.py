"""From the engine's answer to what stands at the desk: whom to send, who goes along, why, and who cannot. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from yingxu.connect.planner.comparing import Only, holds
from yingxu.connect.planner.problem import Able, Posed, able, barred, critical_before
from yingxu.core.routing.explain import Option, options
from yingxu.core.routing.plan import Plan
from yingxu.core.routing.problem import Problem
from yingxu.dispatch.actions import NewProposal
from yingxu.dispatch.queries import JobNow

#: Beside the runner-up it is told of so many more what it would cost to send them: as many as the desk has keys for.
OTHERS = 7


def way_told(problem: Problem, way: Option) -> dict[str, Any]:
    """Return one way to do a job with people's and jobs' ids."""
    return {
        "worker": problem.workers[way.worker].id,
        "start": way.start_s,
        "cost": way.cost,
        "parts": dict(way.parts),
        "delays": [{"order": problem.orders[j].id, "seconds": late} for j, late in way.delays.items()],
    }


def proposal(posed: Posed, job: JobNow, told: Mapping[str, Any], *, mates: Sequence[str] = ()) -> NewProposal:
    """Return what to propose for a job: best and runner-up with their parts, who goes along, who cannot and why not."""
    best, other = told.get("chosen"), told.get("runner_up")
    worker = posed.workers[best["worker"]] if best else None
    start = best.get("start") if best else None
    reason: dict[str, Any] = {"barred": barred(posed, job)}
    if best is not None and worker is not None:
        reason |= {"cost": round(best["cost"], 2), "parts": best.get("parts", {}), "delays": _delays(posed, best)}
        reason["waits_for"] = critical_before(posed, job, worker)
    else:
        reason["left_out"] = str(told.get("why_left_out") or "nobody")
    if job.crew > 1 and worker is not None:
        beside = [posed.workers[one] for one in mates]
        reason["mates"] = [{"uid": str(one.uid), "name": one.name} for one in beside]
        reason["crew"] = job.crew
        reason["missing"] = job.crew - 1 - len(beside)
    if other is not None:
        reason |= {
            "runner_cost": round(other["cost"], 2),
            "runner_parts": other.get("parts", {}),
            "runner_delays": _delays(posed, other),
            "runner_later_s": _later(other, start),
        }
    reason["others"] = [
        {
            "uid": str(posed.workers[way["worker"]].uid),
            "parts": way.get("parts", {}),
            "delays": _delays(posed, way),
            "later_s": _later(way, start),
        }
        for way in told.get("others", ())
    ]
    return NewProposal(
        job_key=job.key,
        worker_id=worker.key if worker else None,
        runner_up_id=posed.workers[other["worker"]].key if other else None,
        start_at=posed.at + timedelta(seconds=start) if start is not None else None,
        reason=reason,
    )


def crew_proposal(posed: Posed, plan: Plan, job: JobNow, i: int) -> NewProposal | None:
    """Return what to propose for a job that the plan gives to several; nothing when it does not.

    The accountable person is compared with others who could answer for it, those who go along held still.
    """
    sent = [k for k, stops in enumerate(plan.routes) if any(not is_break and j == i for is_break, j, _ in stops)]
    if len(sent) < 2:
        return None
    who, problem = able(posed, job), plan.problem
    keys = {k: int(problem.workers[k].id) for k in sent}
    lead = _leader(posed, job, [k for k in sent if keys[k] in who.first], who, keys)
    if lead is None:
        return None
    beside = [k for k in sent if k != lead]
    start = next(at for is_break, j, at in plan.routes[lead] if not is_break and j == i)
    alone = replace(problem.orders[i], roles=({},))
    orders = (*problem.orders[:i], alone, *problem.orders[i + 1 :])
    lone = replace(problem, orders=orders)
    routes = tuple(
        tuple(stop for stop in stops if k == lead or stop[0] or stop[1] != i) for k, stops in enumerate(plan.routes)
    )
    could = [k for k, w in enumerate(problem.workers) if int(w.id) in who.first and k not in beside]
    ways = options(Plan(lone, routes, plan.unassigned, plan.parts), i, Only(could), holds(plan, without=i))
    told: dict[str, Any] = {}
    for way in ways:
        if way.worker == lead:
            told["chosen"] = {**way_told(lone, way), "start": start}
        elif "runner_up" not in told:
            told["runner_up"] = way_told(lone, way)
        elif len(told.setdefault("others", [])) < OTHERS:
            told["others"].append(way_told(lone, way))
    if "chosen" not in told:
        told["chosen"] = {"worker": problem.workers[lead].id, "start": start, "cost": 0.0}
    return proposal(posed, job, told, mates=[problem.workers[k].id for k in beside])


def _leader(posed: Posed, job: JobNow, could: Sequence[int], who: Able, keys: Mapping[int, int]) -> int | None:
    """Who of a crew answers for it: whom the desk was shown, else the highest level of the skill that it asks for.

    The others must be able to go along.
    """

    def fits(k: int) -> bool:
        return all(key in who.beside for other, key in keys.items() if other != k)

    def merit(k: int) -> tuple[bool, int, int]:
        w = posed.workers[str(keys[k])]
        return posed.now.proposed.get(job.key) == w.key, w.can.skills.get(job.needs.skill, 0), -w.key

    able_to = [k for k in could if fits(k)]
    return max(able_to, key=merit) if able_to else None


def _later(way: Mapping[str, Any], start: float | None) -> float | None:
    return None if way.get("start") is None or start is None else way["start"] - start


def _delays(posed: Posed, way: Mapping[str, Any]) -> list[dict[str, Any]]:
    found = []
    for delay in way.get("delays", ())[:3]:
        job = posed.jobs[delay["order"]]
        found.append({"number": job.number, "priority": job.priority, "minutes": max(1, round(delay["seconds"] / 60))})
    return found
