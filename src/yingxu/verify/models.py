"""Was it really good: each verdict on a finished job."""

from __future__ import annotations

from django.db import models

from yingxu.ground.models.keyed import Known


class Verdict(Known):
    """One judgement of a job. ``ground``: asker, check, lapse, log close it; first_level and complaint do not."""

    site = models.ForeignKey("ground.Site", on_delete=models.PROTECT, related_name="+")
    job = models.ForeignKey("work.Job", on_delete=models.PROTECT, related_name="+")
    ground = models.CharField(max_length=12)
    is_good = models.BooleanField()
    #: The text that came with a yes says no: the job stays open until somebody asked.
    is_contradicted = models.BooleanField(default=False)
    text = models.TextField(blank=True)
    reason_code = models.CharField(max_length=24, blank=True)
    given_by = models.ForeignKey("ground.Account", on_delete=models.PROTECT, null=True, related_name="+")
    #: The asker, when a desk recorded the asker's answer from a call-back (decision 12).
    behalf = models.ForeignKey("ground.Account", on_delete=models.PROTECT, null=True, related_name="+")
    given_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["job", "given_at"], name="verdict_of_job")]
