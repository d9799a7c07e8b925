"""A question for the warning ladder: with whom some jobs are."""

from __future__ import annotations

from yingxu.promise.receivers import Answering
from yingxu.work.models import Job


def hands_of_jobs(job_keys: tuple[int, ...]) -> dict[int, Answering]:
    """Return who answers for each of these jobs, its team and company. Budget: one query."""
    rows = Job.objects.filter(pk__in=job_keys).values_list("id", "accountable_id", "team_id", "party_id")
    return {key: Answering(worker_id, team_id, party_id) for key, worker_id, team_id, party_id in rows}
