"""What makes somebody fit to be sent besides skill: certificates held, and the zones that need a clearance."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from yingxu.ground.models.keyed import Known


class Certificate(Known):
    """One certificate that a person holds; entered by the holder or the company, verified by somebody else."""

    site = models.ForeignKey("ground.Site", on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey("ground.Account", on_delete=models.PROTECT, related_name="+")
    #: A kind of the library (``certificates.csv``).
    kind_code = models.CharField(max_length=16)
    number = models.CharField(max_length=64)
    scope = models.CharField(max_length=120, blank=True)
    issued_on = models.DateField(null=True)
    #: Last day of validity; empty for kinds without an end.
    valid_to = models.DateField(null=True)
    #: Last day by which it must have been reviewed; empty for kinds without reviews.
    review_due = models.DateField(null=True)
    entered_by = models.ForeignKey("ground.Account", on_delete=models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField()
    verified_by = models.ForeignKey("ground.Account", on_delete=models.PROTECT, null=True, related_name="+")
    verified_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            # a renewed paper has the old number: it waits beside the verified one until it is compared itself
            models.UniqueConstraint(
                fields=["account", "kind_code", "number"],
                condition=Q(withdrawn_at=None, verified_at=None),
                name="certificate_waits_once",
            ),
            models.CheckConstraint(
                condition=Q(verified_by=None) | ~Q(verified_by=F("account")), name="certificate_verified_by_another"
            ),
            models.CheckConstraint(
                condition=Q(issued_on=None) | Q(valid_to=None) | Q(valid_to__gte=F("issued_on")),
                name="certificate_ends_after_issue",
            ),
        ]
        indexes = [models.Index(fields=["site", "account"], name="certificate_of_person")]


class RestrictedZone(Known):
    """A place, with all below it, that only people with a certain clearance enter. The hospital decides."""

    site = models.ForeignKey("ground.Site", on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey("ground.Place", on_delete=models.PROTECT, related_name="+")
    #: The place's path, so that a job's place can be compared without its tree.
    path = models.CharField(max_length=200)
    #: infection, clean, security, radiation
    clearance = models.CharField(max_length=16)
    made_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["place", "clearance"], condition=Q(lifted_at=None), name="zone_restricted_once"
            ),
        ]
        indexes = [models.Index(fields=["site"], condition=Q(lifted_at=None), name="zone_of_site")]
