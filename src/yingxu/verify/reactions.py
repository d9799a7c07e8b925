"""What this room does when somebody complains elsewhere: the job does not lapse until a person has looked."""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from yingxu.ground.unit import Unit
from yingxu.verify.events import CallDrawn
from yingxu.verify.models import Call, Verdict
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


def call_after_complaint(*, request_key: int, unit: Unit, why: str = "low_rating") -> None:
    """Whoever rated badly, or whose words say no, is called back, whatever chance says (domain 5.9). Budget: one."""
    called = Call.objects.filter(job=OuterRef("pk"), after_days=0)
    rows = Job.objects.filter(
        ~Exists(called), request_id=request_key, state__in=["finished", "verified", "closed"]
    ).order_by("id")
    for job in rows:
        unit.insert(
            Call(
                site_id=job.site_id,
                job_id=job.pk,
                why=why,
                stratum=job.line_code,
                drawn_at=unit.at,
                due_at=unit.at,
            )
        )
        unit.record(CallDrawn(site_id=job.site_id, subject_id=job.pk, thread_id=job.request_id, after_days=0, why=why))
