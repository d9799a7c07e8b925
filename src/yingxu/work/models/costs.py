"""What work costs: rates of labour by date, bills that belong to jobs, and what the contract includes."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from yingxu.ground.models.keyed import Known
from yingxu.work.models.jobs import Job


class LabourRate(Known):
    """What an hour costs from a day on: of a post, else of a team, else of everybody at the site. The hospital sets it.

    A wrong rate is set again for the same day; the newest row of a day counts.
    """

    site = models.ForeignKey("ground.Site", on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey("team.Post", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    team = models.ForeignKey("team.Team", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    from_on = models.DateField()
    fen_per_hour = models.BigIntegerField()
    set_by = models.ForeignKey("ground.Account", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(fen_per_hour__gte=0), name="rate_not_negative"),
            models.CheckConstraint(condition=Q(post=None) | Q(team=None), name="rate_of_post_or_team"),
        ]


class CostTerm(Known):
    """What the contract includes from a day on, for a line or all: included work costs, but is not charged."""

    site = models.ForeignKey("ground.Site", on_delete=models.PROTECT, related_name="+")
    #: Empty: every line that has no row of its own.
    line_code = models.CharField(max_length=8, blank=True)
    from_on = models.DateField()
    includes_labour = models.BooleanField()
    includes_parts = models.BooleanField()
    includes_bills = models.BooleanField()
    set_by = models.ForeignKey("ground.Account", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    set_at = models.DateTimeField()


class Bill(Known):
    """Money that a job cost beside hours and parts: a contractor's invoice, transport; or what was recovered."""

    job = models.ForeignKey(Job, on_delete=models.PROTECT, related_name="+")
    #: contractor, transport, recovery
    kind = models.CharField(max_length=10)
    supplier = models.CharField(max_length=120, blank=True)
    document = models.CharField(max_length=64, blank=True)
    #: What the job bears: negative for a recovery.
    amount_fen = models.BigIntegerField()
    billed_on = models.DateField()
    entered_by = models.ForeignKey(
        "ground.Account", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    entered_at = models.DateTimeField()
    #: Entered by mistake: kept, counted no more.
    struck_at = models.DateTimeField(null=True)
    struck_by = models.ForeignKey(
        "ground.Account", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    struck_why = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["contractor", "transport"], amount_fen__gt=0)
                | Q(kind="recovery", amount_fen__lt=0),
                name="bill_has_its_sign",
            ),
        ]
