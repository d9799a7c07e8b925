"""Between whom: the parties of a site and the contracts that say who serves what, where and when."""

from __future__ import annotations

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q

from yingxu.ground.models.keyed import Known
from yingxu.ground.models.sites import Place, Site


class PartyKind(models.TextChoices):
    """Which side a party is on."""

    HOSPITAL = "hospital", "hospital"
    COMPANY = "company", "service company"
    CONTRACTOR = "contractor", "external contractor"
    DEPARTMENT = "department", "department outside logistics"


class Party(Known):
    """An organisation at a site: hospital, service company, contractor, or a department that takes transfers."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=32)
    kind = models.CharField(max_length=12, choices=PartyKind.choices)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)
    phone = models.CharField(max_length=32, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "code"], name="party_code_once_a_site")]


class Contract(Known):
    """A company's duty: one line (or all) at one subtree of places (or the whole site) for a period. It pays the jobs.

    No two contracts overlap at one line, place and day: an exclusion constraint in the second migration, by built-in
    ranges alone (decision 19).
    """

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=64)
    name = models.CharField(max_length=120)
    #: Code of the service line; empty means every line that no other contract names.
    line_code = models.CharField(max_length=8, blank=True)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="+")
    period = DateRangeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(period__isempty=False), name="contract_period_not_empty"),
        ]
