"""What can be asked for: lines and items, and the priority classes and milestones they are measured by."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from yingxu.ground.models.keyed import Known


class Priority(models.IntegerChoices):
    """Priority classes, decided by the effect on people, never by rank."""

    P1 = 1, "critical"
    P2 = 2, "urgent"
    P3 = 3, "ordinary"
    P4 = 4, "planned"


class Milestone(models.TextChoices):
    """The five milestones that are promised."""

    ACKNOWLEDGED = "acknowledged", "acknowledged"
    ARRIVED = "arrived", "arrived"
    SAFE = "safe", "made safe"
    DONE = "done", "done"
    VERIFIED = "verified", "verified"


class Line(Known):
    """A service line of a site: the trade that acts."""

    site = models.ForeignKey("ground.Site", on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=8)
    name = models.CharField(max_length=64)
    name_en = models.CharField(max_length=64, blank=True)
    icon = models.CharField(max_length=32, blank=True)
    sort = models.SmallIntegerField(default=0)
    is_transport = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "code"], name="line_code_once_a_site")]


class ItemState(models.TextChoices):
    """Life of a catalogue item."""

    DRAFT = "draft", "draft"
    ACTIVE = "active", "active"
    #: Offered no more for a while, with a notice that says why and until when.
    HELD = "held", "suspended"
    RETIRED = "retired", "retired"


class Item(Known):
    """One kind of service that can be asked for. Published only with a standard in force."""

    site = models.ForeignKey("ground.Site", on_delete=models.PROTECT, related_name="+")
    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=32)
    name = models.CharField(max_length=64)
    name_en = models.CharField(max_length=96, blank=True)
    #: repair, escort, specimen, cleaning, waste, legal, rescue, other: decides the evidence.
    kind = models.CharField(max_length=16)
    default_priority = models.SmallIntegerField(choices=Priority.choices)
    certificates = models.JSONField(default=list)
    skill = models.CharField(max_length=32, blank=True)
    skill_level = models.SmallIntegerField(default=0)
    crew = models.SmallIntegerField(default=1)
    minutes = models.SmallIntegerField(default=30)
    #: {"before_photo": bool, "after_photo": bool, "arrival_scan": bool, "extra": [codes]}
    evidence = models.JSONField(default=dict)
    is_answered_only = models.BooleanField(default=False)
    is_place_needed = models.BooleanField(default=True)
    advice = models.CharField(max_length=300, blank=True)
    advice_en = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=8, choices=ItemState.choices, default=ItemState.ACTIVE)
    #: Said while it is suspended.
    notice = models.CharField(max_length=200, blank=True)
    notice_en = models.CharField(max_length=200, blank=True)
    #: When it is served, by a calendar's code; empty means around the clock.
    hours_code = models.CharField(max_length=32, blank=True)
    #: Classes of places where it is offered; empty means everywhere.
    place_classes = models.JSONField(default=list)
    #: What is asked besides the words: typed fields (docs/rooms/standards.md); null takes the library's.
    form = models.JSONField(null=True)
    sort = models.SmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "code"], name="item_code_once_a_site"),
            models.CheckConstraint(
                condition=Q(default_priority__gte=1, default_priority__lte=4), name="item_priority_1_to_4"
            ),
            models.CheckConstraint(condition=Q(crew__gte=1, minutes__gte=0), name="item_crew_and_minutes"),
        ]
        indexes = [models.Index(fields=["site", "line", "sort"], name="item_of_line")]
