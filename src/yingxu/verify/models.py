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


class Call(Known):
    """Somebody is to be asked how it is: a call-back after the work, or a re-check days after.

    Written when it is drawn; changed by each attempt and by the answer. Nothing is ever taken off the list silently.
    """

    site = models.ForeignKey("ground.Site", on_delete=models.PROTECT, related_name="+")
    job = models.ForeignKey("work.Job", on_delete=models.PROTECT, related_name="+")
    #: 0: after the work; 7 and 30: does it still hold?
    after_days = models.SmallIntegerField(default=0)
    #: priority, low_rating, repeat, held, random, replacement, recheck: why this job.
    why = models.CharField(max_length=12)
    stratum = models.CharField(max_length=8)
    drawn_at = models.DateTimeField()
    #: Not before; a number that did not answer is tried again later.
    due_at = models.DateTimeField()
    n_tries = models.SmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True)
    last_try = models.CharField(max_length=12, blank=True)
    #: Empty while open; good, bad, doubtful (a yes whose words say no), unreachable.
    outcome = models.CharField(max_length=12, blank=True)
    text = models.TextField(blank=True)
    answered_by = models.ForeignKey("ground.Account", on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    #: The call that reached nobody and whose place this one takes.
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "after_days"], name="one_call_a_job_and_day")]
        indexes = [
            models.Index(fields=["site", "due_at"], condition=models.Q(outcome=""), name="call_open"),
            models.Index(fields=["site", "drawn_at"], name="call_drawn"),
        ]
