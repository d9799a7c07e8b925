"""Questions to the desk's room: the open requests with their jobs, the workers, the callers. Rows out, no querysets."""

from yingxu.dispatch.desk.callers import CallerRow, caller
from yingxu.dispatch.desk.finding import ReceiverRow, receivers, request_by_number
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
    "ReceiverRow",
    "RequestJob",
    "WorkerRow",
    "caller",
    "candidates",
    "desk_rows",
    "receivers",
    "request_by_number",
    "request_jobs",
    "workers",
]
