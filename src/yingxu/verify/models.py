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


class PeerCheck(Known):
    """A colleague of the skill is asked to look at a finished job: the rung between self-proof and the asker's yes.

    Written when somebody is asked; changed by the answer alone. Who says no is replaced by another row.
    """

    site = models.ForeignKey("ground.Site", on_delete=models.PROTECT, related_name="+")
    job = models.ForeignKey("work.Job", on_delete=models.PROTECT, related_name="peer_checks")
    #: Null: nobody of the skill was there to ask.
    peer = models.ForeignKey("ground.Account", on_delete=models.PROTECT, null=True, related_name="+")
    #: held, flagged, repeat, priority, random: why this job.
    why = models.CharField(max_length=12)
    stratum = models.CharField(max_length=8)
    drawn_at = models.DateTimeField()
    #: Not answered by then, somebody else is asked.
    due_at = models.DateTimeField()
    #: Empty while open; good, bad, declined (with its reason), unanswered, replaced (by a leader or the desk), nobody.
    outcome = models.CharField(max_length=12, blank=True)
    #: spot or record: what was looked at.
    way = models.CharField(max_length=8, blank=True)
    reason_code = models.CharField(max_length=24, blank=True)
    text = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    #: The asking that this one takes the place of.
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["replaces"], name="an_asking_is_replaced_once"),
            models.CheckConstraint(
                condition=models.Q(peer__isnull=False) | models.Q(outcome="nobody"), name="a_peer_check_has_its_peer"
            ),
            models.CheckConstraint(
                condition=~models.Q(outcome__in=["good", "bad"]) | models.Q(way__in=["spot", "record"]),
                name="a_look_says_at_what",
            ),
        ]
        indexes = [
            models.Index(fields=["peer"], condition=models.Q(outcome=""), name="peer_check_open"),
            models.Index(fields=["site", "drawn_at"], name="peer_check_drawn"),
        ]
