"""What the API answers about who goes: rows of the rooms as the schemas say them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from yingxu.dispatch import actions
from yingxu.dispatch.queries import Candidate, PlanRow, WorkerRow
from yingxu.dispatch.queries.pages import JobListed, Planned
from yingxu.web import words
from yingxu.web.desk.plans import plan_said
from yingxu.work import actions as work


def moved(done: work.JobMoved) -> dict[str, Any]:
    """Return a job as an act left it."""
    return {"id": done.job_id, "number": done.number, "state": done.state}


def goes_along(done: actions.GoingAlong) -> dict[str, Any]:
    """Return somebody who was called, and the answer so far."""
    return {"id": done.job_id, "number": done.number, "worker_name": done.worker_name, "outcome": done.outcome}


def sent(done: actions.Assigned) -> dict[str, Any]:
    """Return to whom a job was offered."""
    return {
        "id": done.job_id,
        "number": done.number,
        "state": done.state,
        "worker_name": done.worker_name,
        "accept_by": done.accept_by,
    }


def job_shown(row: JobListed) -> dict[str, Any]:
    """Return a job as lists and its own address give it."""
    same = (
        *("number", "state", "priority", "text", "place_name", "skill", "skill_level", "crew", "minutes", "item_name"),
        *("opened_at", "dispatched_at", "accept_by", "accepted_at", "arrived_at", "finished_at", "next_due_at"),
    )
    return {
        **{name: getattr(row, name) for name in same},
        "id": row.uid,
        "request": row.request_uid,
        "line": row.line_code,
        "item": row.item_code,
        "place": row.place_code,
        "certificates": list(row.certificates),
        "clearances": list(row.clearances),
        "worker": _named(row.worker_uid, row.worker_name or ""),
        "handed_to": row.successor_uid,
    }


def _named(uid: UUID | None, name: str) -> dict[str, Any] | None:
    return {"id": uid, "name": name} if uid is not None else None


def worker_shown(row: WorkerRow) -> dict[str, Any]:
    """Return a worker and the load now."""
    return {
        "id": row.uid,
        "name": row.name,
        "team": row.team_name,
        "lines": list(row.line_codes),
        "skills": dict(row.skills),
        "is_present": row.is_present,
        "n_in_hand": row.n_in_hand,
        "n_offered": row.n_offered,
        "at_place": row.at_place,
    }


def candidate_shown(one: Candidate) -> dict[str, Any]:
    """Return a worker for a certain job, with what is missing in codes and in words."""
    return {
        **worker_shown(one.worker),
        "missing": list(one.missing),
        "missing_in_words": words.lacking(one.missing) if one.missing else "",
    }


def plan_shown(one: Planned) -> dict[str, Any]:
    """Return a proposal with its reasons."""
    plan: PlanRow = one.plan
    reason, said = plan.reason, plan_said(plan)
    return {
        "job": one.job.uid,
        "number": one.job.number,
        "priority": one.job.priority,
        "worker": _named(plan.worker_uid, plan.worker_name),
        "runner_up": _named(plan.runner_uid, plan.runner_name),
        "start_at": plan.start_at,
        "made_at": plan.made_at,
        "sentence": said.why,
        "if_overruled": said.overruled,
        "cost": reason.get("cost"),
        "runner_up_cost": reason.get("runner_cost"),
        "terms": reason.get("parts") or {},
        "runner_up_terms": reason.get("runner_parts") or {},
        "delays": list(reason.get("delays") or ()),
        "runner_up_delays": list(reason.get("runner_delays") or ()),
        "barred": list(reason.get("barred") or ()),
        "mates": [{"id": uid, "name": name} for uid, name in said.mates],
        "crew": said.crew,
        "n_missing": said.n_missing,
        "waits_for": said.waits_for or None,
    }


def wished(one: Planned) -> dict[str, Any]:
    """Return a planned job as an item of a day."""
    job = one.job
    return {
        "job": job.uid,
        "number": job.number,
        "state": job.state,
        "priority": job.priority,
        "item_name": job.item_name,
        "place_name": job.place_name,
        "minutes": job.minutes,
        "is_planned": True,
        "start_at": one.plan.start_at,
        "accepted_at": None,
        "arrived_at": None,
        "finished_at": None,
        "next_due_at": job.next_due_at,
    }
