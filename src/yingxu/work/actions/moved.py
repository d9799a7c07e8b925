"""What every verb on one job answers."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from yingxu.work.models import Job


@dataclass(frozen=True)
class JobMoved:
    """The job as the verb left it."""

    job_id: UUID
    number: str
    state: str
    request_key: int
    flags: tuple[str, ...] = ()

    @classmethod
    def of(cls, job: Job) -> JobMoved:
        """Return the answer for a job."""
        return cls(job.uid, job.number, job.state, job.request_id, tuple(job.flags))
