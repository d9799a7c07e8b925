"""What is maintained: lifts, beds, pumps and their like, each with a code of its own and a place where it stands."""

from __future__ import annotations

from django.db import models

from yingxu.ground.models.keyed import Known
from yingxu.ground.models.parties import Party
from yingxu.ground.models.sites import Place, Site


class AssetState(models.TextChoices):
    """Whether it serves: a stopped one is still asked about, a retired one no more."""

    IN_USE = "in_use", "in use"
    STOPPED = "stopped", "stopped"
    RETIRED = "retired", "retired"


class Asset(Known):
    """A thing with a code that is maintained; whoever keeps the house's furniture changes it. Never deleted, only
    retired, except with the upload that brought it while nothing depends on it.
    """

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+", db_index=False)
    code = models.CharField(max_length=64)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)
    #: Code of a class of the library (``asset_classes``): what is likely asked about it follows from this.
    class_code = models.CharField(max_length=24)
    #: The service line that looks after it, as its class says; a line's manager keeps the assets of the line.
    line_code = models.CharField(max_length=8)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    #: The maker's number on the plate.
    serial = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=8, choices=AssetState.choices, default=AssetState.IN_USE)
    #: Who supplied it or maintains it under a contract.
    party = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    in_service_on = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "code"], name="asset_code_once_a_site")]
