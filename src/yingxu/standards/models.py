"""What good is: lines, items, calendars, editions of standards and the terms that they promise."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

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


class Calendar(Known):
    """Service hours with a name. What they are is in its editions, so that a change never rewrites a past clock."""

    site = models.ForeignKey("ground.Site", on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=32)
    name = models.CharField(max_length=64)
    name_en = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "code"], name="calendar_code_once_a_site")]


class CalendarEdition(Known):
    """A calendar's periods from a date on.

    ``{"weekday": ["08:00-18:00"], "weekend": […], "follows_holidays": bool}``, and ``days`` for single weekdays.
    """

    calendar = models.ForeignKey(Calendar, on_delete=models.PROTECT, related_name="+")
    from_on = models.DateField()
    definition = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["calendar", "from_on"], name="calendar_edition_once_a_day")]


class Holiday(Known):
    """A day off, or a working day made up for one (调休), at a site."""

    site = models.ForeignKey("ground.Site", on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    name = models.CharField(max_length=32)
    is_off_day = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "on"], name="holiday_once_a_day")]


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


class EditionState(models.TextChoices):
    """Life of an edition."""

    DRAFT = "draft", "draft"
    REVIEW = "review", "in review"
    IN_FORCE = "in_force", "in force"
    SUPERSEDED = "superseded", "superseded"


class Edition(Known):
    """One edition of an item's standard: procedure, goal, requirement, promise terms. Immutable once in force."""

    site = models.ForeignKey("ground.Site", on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    number = models.SmallIntegerField()
    state = models.CharField(max_length=12, choices=EditionState.choices, default=EditionState.DRAFT)
    goal = models.TextField(blank=True)
    goal_en = models.TextField(blank=True)
    requirement = models.TextField(blank=True)
    requirement_en = models.TextField(blank=True)
    #: List of typed steps, see docs/rooms/standards.md.
    procedure = models.JSONField(default=list)
    basis = models.JSONField(default=list)
    from_at = models.DateTimeField(null=True)
    to_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="edition_number_once_an_item"),
            models.UniqueConstraint(fields=["item"], condition=Q(state="in_force"), name="one_edition_in_force"),
            models.CheckConstraint(condition=Q(to_at=None) | Q(to_at__gt=F("from_at")), name="edition_ends_after"),
            models.CheckConstraint(
                condition=~Q(state="in_force") | (Q(from_at__isnull=False) & ~Q(requirement="") & ~Q(goal="")),
                name="edition_in_force_is_complete",
            ),
        ]


class Term(Known):
    """What an edition promises for one milestone at one priority: limit, calendar, percentile."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="terms")
    priority = models.SmallIntegerField(choices=Priority.choices)
    milestone = models.CharField(max_length=12, choices=Milestone.choices)
    #: Narrows the term to a class of places; empty means all.
    place_class = models.CharField(max_length=24, blank=True)
    limit_s = models.PositiveIntegerField()
    percentile = models.DecimalField(max_digits=4, decimal_places=3)
    calendar = models.ForeignKey(Calendar, on_delete=models.PROTECT, related_name="+")
    is_pausable = models.BooleanField(default=True)
    is_legal = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "priority", "milestone", "place_class"], name="term_once"),
            models.CheckConstraint(condition=Q(limit_s__gt=0), name="term_limit_positive"),
            models.CheckConstraint(condition=Q(percentile__gt=0, percentile__lte=1), name="term_percentile_is_share"),
            models.CheckConstraint(
                condition=~Q(milestone="acknowledged") | Q(is_pausable=False), name="acknowledged_is_never_paused"
            ),
        ]
