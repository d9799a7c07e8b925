"""Whether a standard is of use: what its steps found, and how long the work took, from the jobs that were done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection


@dataclass(frozen=True)
class StepFigures:
    """One step over the jobs done: how often carried out, how often not good, median seconds since the step before."""

    code: str
    n_done: int
    n_failed: int
    median_s: float | None

    @property
    def never_failed(self) -> bool:
        """It never found anything in the jobs counted; asking it may be idle, or the work is simply good."""
        return self.n_done > 0 and self.n_failed == 0


@dataclass(frozen=True)
class ItemFigures:
    """An item's jobs: how many were done, their median minutes, quality, and each step's figures by code."""

    n_jobs: int
    median_minutes: float | None
    mean_quality: float | None
    steps: dict[str, StepFigures]


_JOBS = """
SELECT count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY minutes), avg(quality_score)
FROM work_job WHERE item_id = %s AND finished_at >= %s
"""
_STEPS = """
SELECT step_code, count(*), count(*) FILTER (WHERE NOT is_ok),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM done_at - before_at))
FROM (
    SELECT d.step_code, d.is_ok, d.done_at,
           coalesce(lag(d.done_at) OVER (PARTITION BY d.job_id ORDER BY d.done_at, d.id), j.started_at) AS before_at
    FROM work_stepdone d JOIN work_job j ON j.id = d.job_id
    WHERE j.item_id = %s AND j.finished_at >= %s
) AS step
GROUP BY step_code
"""


def item_figures(item_key: int, *, since: datetime) -> ItemFigures:
    """Return what the jobs of an item since a moment say about its steps, whatever edition asked. Budget: 2."""
    with connection.cursor() as run:
        run.execute(_JOBS, (item_key, since))
        n_jobs, minutes, quality = run.fetchone() or (0, None, None)
        run.execute(_STEPS, (item_key, since))
        steps = {
            code: StepFigures(code, n, n_failed, float(median) if median is not None else None)
            for code, n, n_failed, median in run.fetchall()
        }
    return ItemFigures(
        int(n_jobs),
        float(minutes) if minutes is not None else None,
        float(quality) if quality is not None else None,
        steps,
    )
