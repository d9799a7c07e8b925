"""Questions to the desk's room: the open requests with their jobs, the workers, the callers. Rows out, no querysets."""

from yingxu.dispatch.queries.callers import CallerRow, caller
from yingxu.dispatch.queries.crews import AlongRow, BesideRow, going_along, going_with
from yingxu.dispatch.queries.finding import ReceiverRow, receivers, request_by_number
from yingxu.dispatch.queries.jobs import MateSaid, PauseSaid, RequestJob, request_jobs
from yingxu.dispatch.queries.offers import AssignmentRow, assignments
from yingxu.dispatch.queries.proposals import (
    ClaimRow,
    LineModeRow,
    PlanRow,
    Pool,
    is_planned_now,
    modes,
    plans_of,
    pool,
    proposed_worker,
)
from yingxu.dispatch.queries.rows import DeskFilter, DeskJob, DeskRow, desk_rows
from yingxu.dispatch.queries.situation import (
    JobNow,
    Look,
    Mode,
    Situation,
    WorkerNow,
    asked_lately,
    commit_mark,
    grounds,
    look,
    new_jobs,
    situation,
)
from yingxu.dispatch.queries.walks import Walk, walks
from yingxu.dispatch.queries.ways import ways_said
from yingxu.dispatch.queries.workers import Candidate, WorkerRow, candidates, workers
from yingxu.dispatch.snapshots import Needs

__all__ = [
    "AlongRow",
    "AssignmentRow",
    "BesideRow",
    "CallerRow",
    "Candidate",
    "ClaimRow",
    "DeskFilter",
    "DeskJob",
    "DeskRow",
    "JobNow",
    "LineModeRow",
    "Look",
    "MateSaid",
    "Mode",
    "Needs",
    "PauseSaid",
    "PlanRow",
    "Pool",
    "ReceiverRow",
    "RequestJob",
    "Situation",
    "Walk",
    "WorkerNow",
    "WorkerRow",
    "asked_lately",
    "assignments",
    "caller",
    "candidates",
    "commit_mark",
    "desk_rows",
    "going_along",
    "going_with",
    "grounds",
    "is_planned_now",
    "look",
    "modes",
    "new_jobs",
    "plans_of",
    "pool",
    "proposed_worker",
    "receivers",
    "request_by_number",
    "request_jobs",
    "situation",
    "walks",
    "ways_said",
    "workers",
]
