"""Emergencies: the site's own plans, incidents, what was said and done, whom was called, which limits were passed."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from yingxu.ground.models.keyed import Known

#: Kinds, of the library's table ``emergency_kinds``.
KINDS = ("entrapment", "oxygen", "fire", "flood", "power")


class EmergencyPlan(Known):
    """An edition of a site's own call tree and limits for one kind; the newest holds. Never changed."""

    site = models.ForeignKey("ground.Site", on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=12)
    #: Levels in order, with the columns of the library's table ``emergency_calls``.
    tree = models.JSONField(default=list)
    #: Seconds of the limits that differ from the library's: {"legal_arrival": 3600}.
    limits = models.JSONField(default=dict)
    made_by = models.ForeignKey("ground.Account", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    made_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["site", "kind", "-made_at"], name="plan_newest")]


class Incident(Known):
    """One emergency, or a drill of one. Proposed by a critical request, opened by a person, led by exactly one."""

    site = models.ForeignKey("ground.Site", on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=12)
    #: proposed, open, ended; dropped (nobody needed to open it), joined (it is told under another one).
    state = models.CharField(max_length=8, default="proposed")
    is_drill = models.BooleanField(default=False)
    #: The request that reported it; a drill has none, so that nothing of a drill is ever promised, sent or counted.
    request = models.ForeignKey("demand.Request", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    joined_to = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="joined")
    place = models.ForeignKey("ground.Place", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    place_name = models.CharField(max_length=300, blank=True)
    place_name_en = models.CharField(max_length=300, blank=True)
    #: What is known in a word; of an incident of a request what the desk says when it opens it.
    words = models.CharField(max_length=300, blank=True)
    commander = models.ForeignKey(
        "ground.Account", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    #: The limits that it is judged by, as they were when it was opened: [{"clock", "limit_s"}].
    limits = models.JSONField(default=dict)
    reported_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    opened_by = models.ForeignKey(
        "ground.Account", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    ended_at = models.DateTimeField(null=True)
    #: real, false (a false alarm)
    outcome = models.CharField(max_length=8, blank=True)
    #: The short review: {"went_well", "went_badly", "change", "owner"}.
    review = models.JSONField(default=dict)
    reviewed_at = models.DateTimeField(null=True)
    #: When something comes due by itself next; null when nothing does.
    look_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="incident_kind_known"),
            models.CheckConstraint(
                condition=~Q(state="open") | Q(commander__isnull=False), name="open_incident_has_a_commander"
            ),
            models.CheckConstraint(condition=Q(is_drill=False) | Q(request=None), name="drill_has_no_request"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("opened_at")), name="incident_ends_after"
            ),
            models.UniqueConstraint(fields=["request"], name="incident_once_a_request"),
        ]
        indexes = [
            models.Index(fields=["look_at"], condition=Q(look_at__isnull=False), name="incident_to_look_at"),
            models.Index(fields=["site"], condition=Q(state__in=["proposed", "open"]), name="incident_standing"),
            models.Index(fields=["site", "-reported_at", "-id"], name="incident_newest"),
        ]


class IncidentLine(Known):
    """A line of an incident's log: a mark (a moment that a limit needs) or what was said, done, decided. Never changed.

    ``noted_at`` much later than ``happened_at``: it was put down afterwards, and shows so.
    """

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="lines")
    #: A mark of the kind, or said, done, decided, told, command, place, ended.
    code = models.CharField(max_length=16)
    text = models.CharField(max_length=300, blank=True)
    account = models.ForeignKey("ground.Account", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    happened_at = models.DateTimeField()
    noted_at = models.DateTimeField()


class IncidentPlace(Known):
    """A place that an incident touches, and whether its people were told."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="places")
    place = models.ForeignKey("ground.Place", on_delete=models.PROTECT, related_name="+", db_index=False)
    added_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "place"], name="place_once_an_incident")]


class IncidentCall(Known):
    """One level of an incident's call tree, as it was when the incident was opened."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="calls")
    #: rescue: who can help; command: who leads.
    branch = models.CharField(max_length=8)
    level = models.SmallIntegerField()
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)
    phone = models.CharField(max_length=32, blank=True)
    account = models.ForeignKey("ground.Account", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    #: Somebody outside the hospital and its companies: in a drill never called, only played.
    is_outside = models.BooleanField(default=False)
    wait_s = models.IntegerField()
    max_tries = models.SmallIntegerField()
    #: The mark that an answer sets.
    sets_mark = models.CharField(max_length=16, blank=True)
    #: When it came due, once that was recorded.
    due_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["incident", "branch", "level"], name="call_level_once"),
            models.CheckConstraint(condition=Q(wait_s__gt=0, max_tries__gt=0), name="call_waits_and_tries"),
        ]


class CallTry(Known):
    """One attempt to reach a level: answered, no_answer, busy. Never changed."""

    call = models.ForeignKey(IncidentCall, on_delete=models.PROTECT, related_name="tries")
    outcome = models.CharField(max_length=10)
    words = models.CharField(max_length=300, blank=True)
    account = models.ForeignKey("ground.Account", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    tried_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(outcome__in=["answered", "no_answer", "busy"]), name="try_outcome_known")
        ]


class LimitPassed(Known):
    """A limit of an incident was passed, as found when it was: raised once, dated when it was due. Never changed."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="passed")
    clock = models.CharField(max_length=16)
    due_at = models.DateTimeField()
    raised_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "clock", "due_at"], name="limit_passed_once")]
