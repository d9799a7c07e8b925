"""Checks of what standards rest on: does the edition that they cite still hold?"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from yingxu.ground.models.keyed import Known

#: What a check found: the edition cited holds, or another has taken its place.
OUTCOMES = ("holds", "superseded")


class BasisCheck(Known):
    """Somebody compared a law, standard, contract or house rule, as cited, with what holds now. Never changed."""

    site = models.ForeignKey("ground.Site", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    edition = models.CharField(max_length=60, blank=True)
    outcome = models.CharField(max_length=10)
    #: Which edition holds instead.
    newer = models.CharField(max_length=60, blank=True)
    #: Where it was looked up.
    source = models.CharField(max_length=300, blank=True)
    checked_by = models.ForeignKey("ground.Account", on_delete=models.PROTECT, null=True, related_name="+")
    checked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(outcome__in=OUTCOMES), name="basis_check_has_outcome"),
            models.CheckConstraint(
                condition=~Q(outcome="superseded") | ~Q(newer=""), name="superseded_basis_names_the_newer"
            ),
        ]
        indexes = [models.Index(fields=["site", "name", "edition", "-checked_at"], name="basis_checked_last")]
