"""Who goes: each offer of a job to a worker, and what became of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from yingxu.ground.models.keyed import Known


class Assignment(Known):
    """One offer of one job to one worker."""

    site = models.ForeignKey("ground.Site", on_delete=models.PROTECT, related_name="+")
    job = models.ForeignKey("work.Job", on_delete=models.PROTECT, related_name="+")
    worker = models.ForeignKey("ground.Account", on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey("team.Team", on_delete=models.PROTECT, null=True, related_name="+")
    made_by = models.ForeignKey("ground.Account", on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    accept_by = models.DateTimeField()
    #: offered, accepted, returned, pulled_back, replaced, ended
    outcome = models.CharField(max_length=12, default="offered")
    settled_at = models.DateTimeField(null=True)
    reason_code = models.CharField(max_length=24, blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["job"], condition=Q(outcome__in=["offered", "accepted"]), name="one_live_assignment_a_job"
            ),
        ]
        indexes = [models.Index(fields=["worker", "made_at"], name="assignment_of_worker")]
