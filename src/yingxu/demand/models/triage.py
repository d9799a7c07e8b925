"""What the reader of texts proposed and what people made of it; the versions that it learned."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from yingxu.demand.models.requests import Request
from yingxu.ground.models.keyed import Keyed, Known


class TriageProposal(Keyed):
    """What was proposed for a request and what a person decided; one a request, written with the decision."""

    site = models.ForeignKey("ground.Site", on_delete=models.PROTECT, related_name="+", db_index=False)
    request = models.OneToOneField(Request, on_delete=models.PROTECT, related_name="+")
    #: Number of the version that proposed; 0 is what came with the release.
    version = models.IntegerField()
    item_code = models.CharField(max_length=32)
    priority = models.SmallIntegerField()
    place_code = models.CharField(max_length=64, blank=True)
    is_danger = models.BooleanField()
    confidence = models.FloatField()
    #: The words that decided, verbatim.
    words = ArrayField(models.CharField(max_length=64))
    decided_item_code = models.CharField(max_length=32)
    decided_priority = models.SmallIntegerField()
    decided_place_code = models.CharField(max_length=64, blank=True)
    #: Whether somebody said that there is danger, or that there is none; empty: nobody was sure enough to say.
    decided_is_danger = models.BooleanField(null=True)
    #: Never trained on: it judges new versions.
    is_held_out = models.BooleanField()
    decided_by = models.ForeignKey("ground.Account", on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["site", "-id"], name="triage_of_site")]


class TriageVersion(Known):
    """What was learned from a site's corrections: a small change of the table, with its figures on held-out texts."""

    site = models.ForeignKey("ground.Site", on_delete=models.PROTECT, related_name="+", db_index=False)
    number = models.IntegerField()
    #: ready, refused (worse on held-out texts), in_use, retired.
    state = models.CharField(max_length=8)
    #: Digest of the release's table that it changes.
    base = models.CharField(max_length=64)
    learned = models.BinaryField()
    n_lessons = models.IntegerField()
    n_held_out = models.IntegerField()
    #: Key of the newest decision that it knows.
    up_to = models.BigIntegerField()
    #: Shares before and after, by name, on texts that no version was trained on.
    figures = models.JSONField()
    #: Names of the figures that became worse.
    worse = ArrayField(models.CharField(max_length=16))
    made_at = models.DateTimeField()
    decided_by = models.ForeignKey("ground.Account", on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "number"], name="triage_version_once_a_site"),
            models.UniqueConstraint(fields=["site"], condition=Q(state="in_use"), name="one_triage_version_in_use"),
        ]
