"""Who goes: each offer of a job to a worker and what became of it; what the planner proposes, and who plans."""

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


#: Outcomes of somebody who goes along, or may yet.
LIVE_MATE = ("offered", "accepted")


class Mate(Known):
    """Somebody who goes along on a job that takes several: told by the desk or the planner, answered by the person.

    The accountable person is the job's worker alone; a mate who cannot go leaves the job where it is.
    """

    site = models.ForeignKey("ground.Site", on_delete=models.PROTECT, related_name="+", db_index=False)
    job = models.ForeignKey("work.Job", on_delete=models.PROTECT, related_name="mates")
    worker = models.ForeignKey("ground.Account", on_delete=models.PROTECT, related_name="+", db_index=False)
    made_by = models.ForeignKey("ground.Account", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    made_at = models.DateTimeField()
    #: offered, accepted, declined, released (the job went back, ended, or somebody else goes along)
    outcome = models.CharField(max_length=12, default="offered")
    settled_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["job", "worker"], condition=Q(outcome__in=LIVE_MATE), name="goes_along_once_a_job"
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["offered", "accepted", "declined", "released"]), name="mate_outcome_is_known"
            ),
        ]
        indexes = [models.Index(fields=["worker"], condition=Q(outcome__in=LIVE_MATE), name="mate_now")]


class Proposal(Known):
    """Whom the planner would send to a waiting job now, and why. One row a job, written anew by the planner only.

    A reckoning, not a fact: it can be made again from the jobs and people at any time, so the ledger keeps only what
    came of it, the assignment.
    """

    site = models.ForeignKey("ground.Site", on_delete=models.PROTECT, related_name="+")
    job = models.OneToOneField("work.Job", on_delete=models.PROTECT, related_name="+")
    #: Null: nobody can go now; ``reason`` says by which rules.
    worker = models.ForeignKey("ground.Account", on_delete=models.PROTECT, null=True, related_name="+")
    runner_up = models.ForeignKey("ground.Account", on_delete=models.PROTECT, null=True, related_name="+")
    start_at = models.DateTimeField(null=True)
    #: {"parts", "cost", "delays", "runner_parts", "runner_cost", "runner_later_s", "others", "barred", "waits_for"}
    reason = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    #: Lease under which it was written: a planner that lost its lease writes nothing.
    epoch = models.BigIntegerField()
    is_live = models.BooleanField(default=True)

    class Meta:
        indexes = [models.Index(fields=["site"], condition=Q(is_live=True), name="proposal_live")]


class LineMode(Known):
    """How the jobs of a line find their worker: ``automatic``, ``proposal`` (a clerk confirms) or ``claim``."""

    site = models.ForeignKey("ground.Site", on_delete=models.PROTECT, related_name="+")
    line_code = models.CharField(max_length=8)
    mode = models.CharField(max_length=10)
    #: So many jobs somebody may hold who claims one more (claim), or is sent one more by itself (automatic).
    hold_limit = models.SmallIntegerField(default=2)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "line_code"], name="one_mode_a_line"),
            models.CheckConstraint(condition=Q(mode__in=["automatic", "proposal", "claim"]), name="mode_is_known"),
            models.CheckConstraint(condition=Q(hold_limit__gte=1, hold_limit__lte=10), name="hold_limit_1_to_10"),
        ]


class PlannerLease(Known):
    """Which process plans for a site, until when. Taken when it has run out; each taking is a new epoch."""

    site = models.OneToOneField("ground.Site", on_delete=models.PROTECT, related_name="+")
    holder = models.CharField(max_length=64)
    epoch = models.BigIntegerField()
    taken_at = models.DateTimeField()
    expires_at = models.DateTimeField()


class WayTime(Known):
    """How long the way between two spots takes, as somebody said who knows; above what the planner learnt.

    A spot is a building and a floor of it (None: the building is not divided). The pair is kept in one order.
    """

    site = models.ForeignKey("ground.Site", on_delete=models.PROTECT, related_name="+", db_index=False)
    begin = models.ForeignKey("ground.Place", on_delete=models.PROTECT, related_name="+", db_index=False)
    begin_floor = models.SmallIntegerField(null=True)
    end = models.ForeignKey("ground.Place", on_delete=models.PROTECT, related_name="+", db_index=False)
    end_floor = models.SmallIntegerField(null=True)
    seconds = models.IntegerField()
    reason = models.CharField(max_length=200)
    said_by = models.ForeignKey("ground.Account", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    said_at = models.DateTimeField()
    #: False: what was learnt counts again.
    is_live = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["site", "begin", "begin_floor", "end", "end_floor"],
                name="one_time_a_way",
                nulls_distinct=False,
            ),
            models.CheckConstraint(condition=Q(seconds__gte=5, seconds__lte=3600), name="way_time_5_s_to_1_h"),
        ]


class WhatIf(Known):
    """One question "what if we had sent otherwise?" with its answer; written by whoever asks and by the analyst."""

    site = models.ForeignKey("ground.Site", on_delete=models.PROTECT, related_name="+")
    #: Empty: all lines together.
    line_code = models.CharField(max_length=8, blank=True)
    from_at = models.DateTimeField()
    to_at = models.DateTimeField()
    #: Workers more or fewer than there were, for the scenarios with other hands.
    more_hands = models.SmallIntegerField(default=0)
    #: Rules of sending beside the usual ones, which take long: ``planner``.
    further = models.JSONField(default=list)
    seed = models.BigIntegerField(default=1)
    #: asked, done, too_little, failed, cancelled; while asked, ``result`` says how far it is
    state = models.CharField(max_length=12, default="asked")
    result = models.JSONField(default=dict)
    asked_by = models.ForeignKey("ground.Account", on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    #: An analyst works on it until then; afterwards another may take it.
    taken_until = models.DateTimeField(null=True)
    n_tries = models.SmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(to_at__gt=models.F("from_at")), name="what_if_ends_after"),
        ]
        indexes = [models.Index(fields=["asked_at"], condition=Q(state="asked"), name="what_if_waiting")]
