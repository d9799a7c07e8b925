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


@dataclass(frozen=True)
class Uses:
    """How often a standard was used since a moment: facts of the work, never a count of pages opened."""

    item_code: str
    name: str
    name_en: str
    line_code: str
    in_force_from: datetime
    n_jobs: int
    n_requests: int
    n_steps: int
    n_found: int
    n_signed: int

    @property
    def n(self) -> int:
        """Uses at work: jobs under it, and requests answered by it without a job."""
        return max(self.n_jobs, self.n_requests)


_USES = """
SELECT i.code, i.name, i.name_en, l.code, coalesce(f.first_at, e.from_at),
       coalesce(j.n, 0), coalesce(r.n, 0), coalesce(d.n, 0), coalesce(d.n_found, 0), coalesce(s.n, 0)
FROM standards_edition e
JOIN standards_item i ON i.id = e.item_id
JOIN standards_line l ON l.id = i.line_id
LEFT JOIN (SELECT item_id, min(from_at) AS first_at FROM standards_edition
           WHERE site_id = %(site_id)s GROUP BY item_id) f ON f.item_id = i.id
LEFT JOIN (SELECT item_id, count(*) AS n FROM work_job
           WHERE site_id = %(site_id)s AND opened_at >= %(since)s GROUP BY item_id) j ON j.item_id = i.id
LEFT JOIN (SELECT item_id, count(*) AS n FROM demand_request
           WHERE site_id = %(site_id)s AND created_at >= %(since)s GROUP BY item_id) r ON r.item_id = i.id
LEFT JOIN (SELECT j.item_id, count(*) AS n, count(*) FILTER (WHERE NOT d.is_ok) AS n_found
           FROM work_stepdone d JOIN work_job j ON j.id = d.job_id
           WHERE j.site_id = %(site_id)s AND j.opened_at >= %(since)s GROUP BY j.item_id) d ON d.item_id = i.id
LEFT JOIN (SELECT e.item_id, count(*) AS n
           FROM team_receipt t JOIN team_signature g ON g.id = t.signature_id
           JOIN standards_edition e ON e.id = t.edition_id
           WHERE t.site_id = %(site_id)s AND g.signed_at >= %(since)s GROUP BY e.item_id) s ON s.item_id = i.id
WHERE e.site_id = %(site_id)s AND i.state = 'active'
  AND e.from_at <= %(at)s AND (e.to_at IS NULL OR e.to_at > %(at)s)
ORDER BY l.sort, i.sort
"""


def uses(site_id: int, *, since: datetime, at: datetime) -> tuple[Uses, ...]:
    """Return how often each standard in force was used since a moment, in the lines' order. Budget: one query.

    Jobs done under it, requests that named it, steps carried out and what they found, handbooks signed for it.
    """
    with connection.cursor() as run:
        run.execute(_USES, {"site_id": site_id, "since": since, "at": at})
        return tuple(Uses(*row) for row in run.fetchall())
