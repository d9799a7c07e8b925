"""Editions of an item's standard and the terms that they promise."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from yingxu.ground.models.keyed import Known
from yingxu.standards.models.calendars import Calendar
from yingxu.standards.models.catalogue import Item, Milestone, Priority


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
