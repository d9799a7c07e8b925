"""The warning ladder: its editions, what was warned, and which promise somebody looks at next."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from yingxu.ground.models.keyed import Known
from yingxu.promise.models.clocks import Promise


class Ladder(Known):
    """Who is warned when, for one urgency of one line (empty: of every line), from a moment on. Never edited:
    another edition follows it. A promise keeps the ladder that was in force when its clock started."""

    site = models.ForeignKey("ground.Site", on_delete=models.PROTECT, related_name="+", db_index=False)
    line_code = models.CharField(max_length=8, blank=True)
    priority = models.SmallIntegerField()
    #: [{"code": "f50", "share": 0.5, "late_s": 0, "receivers": ["WK"]}, ...], in the order in which they come due.
    rungs = models.JSONField(default=list)
    #: An urgent line: its warnings wait for nobody's quiet hours.
    is_urgent = models.BooleanField(default=False)
    effective_at = models.DateTimeField()
    made_by = models.ForeignKey("ground.Account", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["site", "line_code", "priority", "effective_at"], name="ladder_once_a_moment"
            ),
            models.CheckConstraint(condition=Q(priority__gte=1, priority__lte=4), name="ladder_priority_1_to_4"),
        ]


class PromiseWarning(Known):
    """One rung of the ladder that a promise reached, dated when it was due; once a promise and rung, for ever."""

    promise = models.ForeignKey(Promise, on_delete=models.PROTECT, related_name="warnings", db_index=False)
    rung = models.CharField(max_length=12)
    due_at = models.DateTimeField()
    raised_at = models.DateTimeField()
    #: The rung whose message told its receivers instead, when several were found due at once; empty: its own.
    told_by = models.CharField(max_length=12, blank=True)
    receiver_keys = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["promise", "rung"], name="one_warning_a_rung")]


class Watch(models.Model):
    """When the clock looks at a promise next, as far as known at the last look; re-derived before it is believed.

    Made by the clock, not with the promise: asking for something costs nothing more. ``look_at`` null: nothing more
    can come due until the promise's limit moves.
    """

    promise = models.OneToOneField(Promise, on_delete=models.PROTECT, primary_key=True, related_name="watch")
    look_at = models.DateTimeField(null=True)
    #: State and limit at the last look; when they differ from the promise's, it is looked at again.
    seen_state = models.CharField(max_length=8)
    seen_due_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["look_at"], condition=Q(look_at__isnull=False), name="watch_due")]
