"""Questions to the desk's room: the open requests with their jobs, the workers, the callers. Rows out, no querysets."""

from yingxu.dispatch.desk.callers import CallerRow, caller
from yingxu.dispatch.desk.jobs import PauseSaid, RequestJob, request_jobs
from yingxu.dispatch.desk.rows import DeskFilter, DeskJob, DeskRow, desk_rows
from yingxu.dispatch.desk.workers import Candidate, WorkerRow, candidates, workers

__all__ = [
    "CallerRow",
    "Candidate",
    "DeskFilter",
    "DeskJob",
    "DeskRow",
    "PauseSaid",
    "RequestJob",
    "WorkerRow",
    "caller",
    "candidates",
    "desk_rows",
    "request_jobs",
    "workers",
]
