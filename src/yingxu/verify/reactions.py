"""What this room does when somebody complains elsewhere: the job does not lapse until a person has looked."""

from __future__ import annotations

from yingxu.ground.unit import Unit
from yingxu.verify.models import Verdict
from yingxu.work.models import Job


def note_complaint(*, request_key: int, text: str, unit: Unit) -> None:
    """A bad rating stands against every job of the request that still waits for a word. Budget: one query."""
    for job in Job.objects.filter(request_id=request_key, state="finished").order_by("id"):
        unit.insert(
            Verdict(
                site_id=job.site_id,
                job_id=job.pk,
                ground="complaint",
                is_good=False,
                text=text,
                given_by_id=None,
                given_at=unit.at,
            )
        )
