"""What we said: one clock for each promised milestone."""

from __future__ import annotations

from django.db import models
from django.db.models import Case, F, Q, When
from django.db.models.functions import Coalesce

from yingxu.ground.models.keyed import Known


class ClockState(models.TextChoices):
    """State of a promise's clock. ``late`` runs past its limit: already broken, not yet reached."""

    RUNNING = "running", "running"
    PAUSED = "paused", "paused"
    LATE = "late", "late"
    KEPT = "kept", "kept"
    BROKEN = "broken", "broken"
    VOID = "void", "void"


#: Why a promise of verification is void: its window ended without the asker's word; counted apart (V4).
LAPSED = "lapsed"


class Promise(Known):
    """One promised milestone of a request or of one of its jobs. Its limit never changes; a change is a new row."""

    # site, item, edition and calendar stand with the request and its job; three promises a request would check each of
    # them again (ADR 0060)
    site = models.ForeignKey(
        "ground.Site", on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    request = models.ForeignKey("demand.Request", on_delete=models.PROTECT, related_name="+")
    #: Key of the job, which stands in a later room: a plain number by intent. Null for the request's own milestone.
    job_key = models.BigIntegerField(null=True)
    milestone = models.CharField(max_length=12)
    priority = models.SmallIntegerField()
    line_code = models.CharField(max_length=8, blank=True)
    item = models.ForeignKey(
        "standards.Item", on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False, db_index=False
    )
    edition = models.ForeignKey(
        "standards.Edition", on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False, db_index=False
    )
    calendar = models.ForeignKey(
        "standards.Calendar", on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    limit_s = models.IntegerField()
    percentile = models.DecimalField(max_digits=4, decimal_places=3)
    is_pausable = models.BooleanField()
    #: Service seconds already spent under the promise that this one replaced (a change mid-way keeps its past).
    spent_before_s = models.IntegerField(default=0)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=ClockState.choices, default=ClockState.RUNNING)
    reached_at = models.DateTimeField(null=True)
    #: When the breach happened, once it is recorded: the moment it was due. It stays, whatever comes after.
    broken_at = models.DateTimeField(null=True)
    #: Why it no longer stands: cancelled, merged, replaced …; ``withdrawn_late`` leaves the breach counted.
    void_why = models.CharField(max_length=16, blank=True)
    voided_at = models.DateTimeField(null=True)
    #: A correction says that it was reached in time, though reported late (decision 15).
    is_reported_late = models.BooleanField(default=False)
    origin = models.CharField(max_length=8, default="standard")
    #: The moment that decides in which period it is counted (domain 6): asked for, or for done and verified, reached.
    counts_at = models.GeneratedField(
        expression=Case(
            When(milestone__in=["done", "verified"], then=Coalesce(F("reached_at"), F("due_at"))),
            default=F("started_at"),
        ),
        output_field=models.DateTimeField(),
        db_persist=True,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["request", "job_key", "milestone"],
                condition=~Q(state="void"),
                name="one_promise_a_milestone",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(state__in=["kept", "broken"], reached_at__isnull=False)
                | Q(state__in=["running", "paused", "late", "void"]),
                name="reached_promise_has_its_time",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="running"), name="promise_due"),
            models.Index(fields=["due_at"], condition=Q(state="late"), name="promise_late"),
            models.Index(fields=["due_at"], condition=Q(state="paused"), name="promise_paused"),
            models.Index(fields=["site", "milestone", "counts_at"], name="promise_board"),
        ]


class Hold(Known):
    """A span in which a promise's clock stood still, approved; open while ``ended_at`` is null."""

    promise = models.ForeignKey(Promise, on_delete=models.PROTECT, related_name="holds")
    reason_code = models.CharField(max_length=8)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    #: The clock goes on by itself after so many seconds (an unsafe place holds at most 30 minutes).
    limit_s = models.IntegerField(null=True)
    #: ``started_at`` and ``limit_s`` together; null when it holds until somebody ends it.
    expires_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["expires_at"], condition=Q(ended_at=None), name="hold_expires")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")), name="hold_ends_after"
            ),
            models.UniqueConstraint(fields=["promise"], condition=Q(ended_at=None), name="one_open_hold"),
        ]
