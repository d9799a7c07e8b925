"""Whether a promise can be kept: studies before it is adopted, and proposals that come of keeping it for months."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from yingxu.ground.models.keyed import Known
from yingxu.standards.models.calendars import Calendar
from yingxu.standards.models.catalogue import Item, Milestone, Priority
from yingxu.standards.models.editions import Edition


class StudyState(models.TextChoices):
    """Life of a study: asked for, answered by formula, answered by simulation; or why it was not."""

    ASKED = "asked", "asked for"
    ESTIMATED = "estimated", "answered by formula"
    DONE = "done", "simulated"
    TOO_LITTLE = "too_little", "too little history"
    IMPOSSIBLE = "impossible", "cannot be simulated"
    FAILED = "failed", "given up after several tries"


class PromiseStudy(Known):
    """One question "can we keep it?" with its model and answers. Written by whoever asks and by the analyst alone."""

    site = models.ForeignKey("ground.Site", on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, null=True, related_name="+")
    line_code = models.CharField(max_length=8)
    priority = models.SmallIntegerField(choices=Priority.choices)
    milestone = models.CharField(max_length=12, choices=Milestone.choices)
    limit_s = models.PositiveIntegerField()
    percentile = models.DecimalField(max_digits=4, decimal_places=3)
    #: The service hours in which the promise's clock runs; null: around the clock.
    calendar = models.ForeignKey(Calendar, on_delete=models.PROTECT, null=True, related_name="+")
    #: Whether approved pauses stop the clock; only the record can say what they took.
    is_pausable = models.BooleanField(default=True)
    #: What was typed instead of seen: see docs/rooms/standards.md. Empty: all from the site's own history.
    assumptions = models.JSONField(default=dict)
    weeks = models.SmallIntegerField(default=8)
    seed = models.BigIntegerField()
    state = models.CharField(max_length=12, choices=StudyState.choices, default=StudyState.ASKED)
    asked_by = models.ForeignKey("ground.Account", on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    #: An analyst works on it until then; afterwards another may take it.
    taken_until = models.DateTimeField(null=True)
    n_tries = models.SmallIntegerField(default=0)
    #: The data window and the counts that the model was made of.
    evidence = models.JSONField(default=dict)
    #: The simulated ``simulation-spec/1``; or ``record-spec/1``, what the record was held against.
    spec = models.JSONField(default=dict)
    #: The formula's answer; ``simulation-result/1`` or ``record-result/1``.
    instant = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    why = models.JSONField(default=dict)
    version = models.CharField(max_length=32, blank=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(limit_s__gt=0), name="study_limit_positive"),
            models.CheckConstraint(condition=Q(percentile__gt=0, percentile__lte=1), name="study_percentile_is_share"),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(finished_at__isnull=False), name="study_done_has_its_time"
            ),
        ]
        indexes = [
            models.Index(fields=["site", "-asked_at"], name="study_newest"),
            models.Index(fields=["asked_at"], condition=Q(state__in=["asked", "estimated"]), name="study_waiting"),
        ]


class ProposalState(models.TextChoices):
    """Life of a proposal: open, waiting for the hospital's approval (loosening), adopted as a draft, declined."""

    OPEN = "open", "open"
    ADOPTED = "adopted", "adopted as a draft"
    DECLINED = "declined", "declined"


class PromiseProposal(Known):
    """A tighter or a looser promise, proposed with its rule and figures; people decide."""

    site = models.ForeignKey("ground.Site", on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    line_code = models.CharField(max_length=8)
    #: tighten: by the ratchet; loosen: by a person, with a reason.
    kind = models.CharField(max_length=8)
    priority = models.SmallIntegerField(choices=Priority.choices)
    milestone = models.CharField(max_length=12, choices=Milestone.choices)
    place_class = models.CharField(max_length=24, blank=True)
    limit_s = models.PositiveIntegerField()
    percentile = models.DecimalField(max_digits=4, decimal_places=3)
    to_limit_s = models.PositiveIntegerField()
    to_percentile = models.DecimalField(max_digits=4, decimal_places=3)
    #: First day of the last month that was judged, in the site's calendar.
    month = models.DateField()
    rule = models.CharField(max_length=32)
    #: By month: n, kept, share with its interval, the time within which the promised share was.
    figures = models.JSONField(default=dict)
    reason = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=10, choices=ProposalState.choices, default=ProposalState.OPEN)
    proposed_by = models.ForeignKey("ground.Account", on_delete=models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey("ground.Account", on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision_reason = models.CharField(max_length=500, blank=True)
    #: The draft that an adopted proposal became.
    draft = models.ForeignKey(Edition, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item", "priority", "milestone", "place_class", "month"],
                condition=Q(kind="tighten"),
                name="ratchet_once_a_month",
            ),
            models.UniqueConstraint(
                fields=["item", "priority", "milestone", "place_class", "kind"],
                condition=Q(state="open"),
                name="one_open_proposal",
            ),
            models.CheckConstraint(condition=Q(kind__in=["tighten", "loosen"]), name="proposal_kind"),
            models.CheckConstraint(condition=~Q(kind="loosen") | ~Q(reason=""), name="loosening_has_a_reason"),
            models.CheckConstraint(
                condition=Q(state="open") | Q(decided_at__isnull=False), name="decided_proposal_has_its_time"
            ),
        ]
        indexes = [models.Index(fields=["site", "state", "-proposed_at"], name="proposal_newest")]
