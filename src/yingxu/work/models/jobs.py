"""Doing it: jobs, steps done, pauses."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from yingxu.ground.models.keyed import Known

#: States in which a worker answers for the job; in all others the duty desk does (or nobody needs to).
IN_HAND = ["accepted", "en_route", "arrived", "in_progress", "paused", "finished"]


class Job(Known):
    """One piece of work under a request, for one team. ``state`` is a public code (domain 5.2); moves are data."""

    # site, item, place, department and contract are the request's, which holds them by constraints of its own: checking
    # and indexing them a second time cost a fifth of the database's part of a create (ADR 0060)
    site = models.ForeignKey(
        "ground.Site", on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    request = models.ForeignKey("demand.Request", on_delete=models.PROTECT, related_name="+", db_index=False)
    number = models.CharField(max_length=20)
    state = models.CharField(max_length=12, default="queued")
    origin = models.CharField(max_length=10, default="reactive")
    item = models.ForeignKey(
        "standards.Item", on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    edition = models.ForeignKey("standards.Edition", on_delete=models.PROTECT, related_name="+", db_index=False)
    line_code = models.CharField(max_length=8)
    priority = models.SmallIntegerField()
    text = models.TextField()
    place = models.ForeignKey(
        "ground.Place", on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False, db_index=False
    )
    place_path = models.CharField(max_length=200, blank=True)
    place_name = models.CharField(max_length=300, blank=True)
    place_name_en = models.CharField(max_length=300, blank=True)
    department = models.ForeignKey(
        "ground.Place", on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False, db_index=False
    )
    owner = models.ForeignKey("ground.Account", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    party = models.ForeignKey("ground.Party", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    contract = models.ForeignKey(
        "ground.Contract", on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False, db_index=False
    )
    team = models.ForeignKey("team.Team", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    #: Whom it was offered to or who does it; null while it waits in the queue.
    worker = models.ForeignKey("ground.Account", on_delete=models.PROTECT, null=True, related_name="+")
    #: Exactly one person answers for an open job: the desk until a worker accepts it (domain 5.2). Null: the duty desk.
    accountable = models.ForeignKey(
        "ground.Account", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    #: Asked to take it over and not answered yet; accountable only on acceptance.
    successor = models.ForeignKey(
        "ground.Account", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    #: Key of the live assignment, which stands in a later room: a plain number by intent.
    assignment_key = models.BigIntegerField(null=True)
    #: Key of the live order to an outside company; its link acts in the worker's name (ADR 0072).
    outside_key = models.BigIntegerField(null=True)
    accept_by = models.DateTimeField(null=True)
    opened_at = models.DateTimeField()
    dispatched_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    #: qr, code, asker, none: how the arrival is proven; ``none`` is flagged.
    arrival_proof = models.CharField(max_length=8, blank=True)
    safe_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    finished_by = models.ForeignKey(
        "ground.Account", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    #: Until then the asker may say yes or no; afterwards it lapses, counted apart.
    confirm_by = models.DateTimeField(null=True)
    verified_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    n_visits = models.SmallIntegerField(default=0)
    n_reworks = models.SmallIntegerField(default=0)
    n_reopens = models.SmallIntegerField(default=0)
    n_returns = models.SmallIntegerField(default=0)
    quality_score = models.SmallIntegerField(null=True)
    cause_code = models.CharField(max_length=24, blank=True)
    minutes = models.SmallIntegerField(null=True)
    result_text = models.TextField(blank=True)
    #: What somebody should look at: unproven_arrival, photo_old, photo_reused, returned_twice.
    flags = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "number"], name="job_number_once_a_site"),
            models.CheckConstraint(condition=Q(priority__gte=1, priority__lte=4), name="job_priority_1_to_4"),
            models.CheckConstraint(
                condition=Q(worker__isnull=False)
                | ~Q(state__in=["dispatched", "accepted", "en_route", "arrived", "in_progress", "paused", "finished"]),
                name="job_in_hand_has_a_worker",
            ),
            models.CheckConstraint(
                condition=Q(state__in=IN_HAND, accountable=F("worker"), accountable__isnull=False)
                | (~Q(state__in=IN_HAND) & Q(accountable=None)),
                name="job_in_hand_is_its_workers",
            ),
        ]
        indexes = [
            models.Index(fields=["request"], name="job_of_request"),
            models.Index(fields=["successor"], condition=Q(successor__isnull=False), name="job_offered_on"),
            models.Index(fields=["finished_by"], condition=Q(state="finished"), name="job_finished_by"),
            models.Index(
                fields=["worker", "priority", "opened_at"],
                condition=Q(state__in=["dispatched", "accepted", "en_route", "arrived", "in_progress", "paused"]),
                name="job_in_hand",
            ),
            models.Index(
                fields=["site", "priority", "opened_at"],
                condition=Q(state__in=["queued", "dispatched"]),
                name="job_waiting",
            ),
            models.Index(fields=["confirm_by"], condition=Q(state="finished"), name="job_to_confirm"),
            models.Index(fields=["accept_by"], condition=Q(state="dispatched"), name="job_to_accept"),
        ]


class StepDone(Known):
    """One step of the procedure as carried out in one job: its value, by whom, when."""

    job = models.ForeignKey(Job, on_delete=models.PROTECT, related_name="steps")
    step_code = models.CharField(max_length=32)
    value = models.JSONField(null=True)
    is_ok = models.BooleanField()
    is_critical = models.BooleanField(default=False)
    done_by = models.ForeignKey("ground.Account", on_delete=models.PROTECT, null=True, related_name="+")
    done_at = models.DateTimeField()
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "step_code"], name="step_once_a_job")]


class Pause(Known):
    """A pause of a job: its reason, what the asker was told, and whether somebody approved that clocks stop."""

    job = models.ForeignKey(Job, on_delete=models.PROTECT, related_name="pauses")
    reason_code = models.CharField(max_length=8)
    note = models.CharField(max_length=300, blank=True)
    told = models.CharField(max_length=300, blank=True)
    expected_at = models.DateTimeField(null=True)
    asked_by = models.ForeignKey("ground.Account", on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    #: asked, approved (clocks stop), refused (they run), plain (this reason never stops them).
    verdict = models.CharField(max_length=8, default="asked")
    decided_by = models.ForeignKey("ground.Account", on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    resumed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["job"], condition=Q(resumed_at=None), name="one_open_pause"),
            models.CheckConstraint(
                condition=Q(resumed_at=None) | Q(resumed_at__gte=F("asked_at")), name="pause_resumes_after"
            ),
        ]


class SetAside(Known):
    """What a phone reported and the house could not carry out as it was reported: kept whole until somebody has looked.

    Written when the report comes in; settled by the desk, or by the worker who did the act again with success.
    """

    site = models.ForeignKey("ground.Site", on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey("ground.Account", on_delete=models.PROTECT, related_name="+", db_index=False)
    #: Null for what concerns no job that the house knows.
    job = models.ForeignKey(Job, on_delete=models.PROTECT, null=True, related_name="+")
    #: The phone's own id of the command: it is set aside once.
    command_id = models.CharField(max_length=64)
    act = models.CharField(max_length=16)
    #: What the command said, as it came.
    said = models.JSONField(default=dict)
    #: conflict: the house had moved on; refused: something was missing or wrong; bent: carried out in another way.
    kind = models.CharField(max_length=8)
    problem = models.CharField(max_length=32)
    #: The sentence that the worker was shown, in both languages: it is part of what happened.
    told_zh = models.TextField()
    told_en = models.TextField()
    happened_at = models.DateTimeField()
    received_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(
        "ground.Account", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    #: noted: somebody has looked and said what follows; again: the same act succeeded later.
    settled_how = models.CharField(max_length=8, blank=True)
    words = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "command_id"], name="set_aside_once_a_command")]
        indexes = [
            models.Index(fields=["site", "received_at"], condition=Q(settled_at=None), name="set_aside_open"),
            models.Index(fields=["account", "received_at"], name="set_aside_of_worker"),
        ]


class CustodyScan(Known):
    """A node of a load's chain of custody: taken or given, by whom, where, when. Never changed.

    Identifiers of patients are not kept: only digests that the two ends of a leg are compared by.
    """

    job = models.ForeignKey(Job, on_delete=models.PROTECT, related_name="custody")
    #: taken, given
    kind = models.CharField(max_length=8)
    account = models.ForeignKey("ground.Account", on_delete=models.PROTECT, related_name="+", db_index=False)
    place = models.ForeignKey("ground.Place", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    #: qr, code, none: how the place is proven.
    proof = models.CharField(max_length=8, default="none")
    #: Digests of the two identifiers, bound to the job.
    marks = models.JSONField(default=list)
    #: What was carried, as the label says it, where it names no patient.
    label = models.CharField(max_length=64, blank=True)
    #: Who gave it or took it over at this node, in words.
    counterpart = models.CharField(max_length=64, blank=True)
    temperature_c = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    scanned_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "kind"], name="custody_node_once_a_job")]
        indexes = [models.Index(fields=["kind", "scanned_at"], name="custody_lately")]


class TransportDelay(Known):
    """A transport stood still: why, since when, until when; ``accountable`` is whose matter it is."""

    job = models.ForeignKey(Job, on_delete=models.PROTECT, related_name="delays")
    reason_code = models.CharField(max_length=16)
    accountable = models.CharField(max_length=8)
    note = models.CharField(max_length=200, blank=True)
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    account = models.ForeignKey("ground.Account", on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["job"], condition=Q(ended_at=None), name="one_open_delay_a_job"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("begun_at")), name="delay_ends_after"
            ),
        ]


class ZoneSignIn(Known):
    """A worker signed in to a zone (a building, a floor) and is looked for there until signing in elsewhere."""

    site = models.ForeignKey("ground.Site", on_delete=models.PROTECT, related_name="+", db_index=False)
    account = models.ForeignKey("ground.Account", on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey("ground.Place", on_delete=models.PROTECT, related_name="+", db_index=False)
    place_path = models.CharField(max_length=200)
    signed_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account"], condition=Q(left_at=None), name="in_one_zone_at_a_time"),
        ]
        indexes = [models.Index(fields=["site"], condition=Q(left_at=None), name="zone_now")]
