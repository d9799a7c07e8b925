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
    #: Approved; ``from_at`` is empty until it is published, and may lie ahead.
    APPROVED = "approved", "approved"
    IN_FORCE = "in_force", "in force"
    SUPERSEDED = "superseded", "superseded"
    WITHDRAWN = "withdrawn", "withdrawn"


#: Editions of these states with a span count by time: the one whose span holds a moment was in force at it.
PUBLISHED = ("approved", "in_force", "superseded")
#: One edition of an item at most is on its way.
UNDER_WAY = ("draft", "review", "approved")


class Edition(Known):
    """One edition of an item's standard: procedure, goal, requirement, promise terms. Immutable once approved.

    Which one is in force at a moment is told by the spans alone; ``state`` follows within the clock's tick. That spans
    never overlap, and that one at most is in force, are exclusion constraints in migration 0005 (two rows change
    in one statement, so they are checked at its end).
    """

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
    #: Terms while they may still change; the approval makes rows of :class:`Term` of them.
    draft_terms = models.JSONField(default=list)
    from_at = models.DateTimeField(null=True)
    to_at = models.DateTimeField(null=True)
    #: Counts what was saved; whoever saves names the count that he or she saw.
    revision = models.IntegerField(default=0)
    #: Why there is this edition, in the drafter's words; read by those who must read it again.
    why = models.CharField(max_length=500, blank=True)
    #: Why it may be longer than its budget; empty means that it keeps to it.
    length_reason = models.CharField(max_length=300, blank=True)
    based_on = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    drafted_by = models.ForeignKey("ground.Account", on_delete=models.PROTECT, null=True, related_name="+")
    drafted_at = models.DateTimeField(null=True)
    edited_by = models.ForeignKey("ground.Account", on_delete=models.PROTECT, null=True, related_name="+")
    edited_at = models.DateTimeField(null=True)
    #: Keys of everybody who wrote in it: none of them approves it.
    writers = models.JSONField(default=list)
    submitted_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey("ground.Account", on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    #: What the reviewer said when it went back.
    review_note = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="edition_number_once_an_item"),
            models.UniqueConstraint(fields=["item"], condition=Q(state__in=UNDER_WAY), name="one_edition_under_way"),
            models.CheckConstraint(condition=Q(to_at=None) | Q(to_at__gt=F("from_at")), name="edition_ends_after"),
            models.CheckConstraint(
                condition=~Q(state="in_force") | (Q(from_at__isnull=False) & ~Q(requirement="") & ~Q(goal="")),
                name="edition_in_force_is_complete",
            ),
            models.CheckConstraint(
                condition=Q(from_at=None) | Q(approved_at=None) | Q(from_at__gte=F("approved_at")),
                name="edition_in_force_after_approval",
            ),
            models.CheckConstraint(
                condition=Q(state__in=PUBLISHED) | (Q(from_at=None) & Q(to_at=None)), name="unpublished_has_no_span"
            ),
        ]
        indexes = [
            models.Index(fields=["item", "from_at"], name="edition_by_time"),
            models.Index(fields=["from_at"], condition=Q(state="approved"), name="edition_to_start"),
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
