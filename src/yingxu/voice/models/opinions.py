"""Opinions: what somebody said and a person answers: a low rating, words, a complaint, praise, a vent."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from yingxu.ground.models.keyed import Known


class Opinion(Known):
    """One voice with its one fate. Who spoke is kept so that they can read the answer; shown only where they chose so."""

    site = models.ForeignKey("ground.Site", on_delete=models.PROTECT, related_name="+")
    #: low_rating, words, complaint, praise, vent
    kind = models.CharField(max_length=12)
    request = models.ForeignKey("demand.Request", on_delete=models.PROTECT, null=True, related_name="+")
    text = models.TextField(blank=True)
    stars = models.SmallIntegerField(null=True)
    #: Who spoke; None for a rating, which whoever asked reads.
    owner = models.ForeignKey("ground.Account", on_delete=models.PROTECT, null=True, related_name="+")
    is_named = models.BooleanField(default=False)
    line_code = models.CharField(max_length=8, blank=True)
    place_path = models.CharField(max_length=200, blank=True)
    department = models.ForeignKey("ground.Place", on_delete=models.PROTECT, null=True, related_name="+")
    party_keys = ArrayField(models.BigIntegerField(), default=list)
    team_keys = ArrayField(models.BigIntegerField(), default=list)
    #: Who did the work that it is about.
    worker_keys = ArrayField(models.BigIntegerField(), default=list)
    said_at = models.DateTimeField()
    answer_by = models.DateTimeField()
    #: answered, done, studied, declined, clarified; empty: it waits for a person.
    fate = models.CharField(max_length=12, blank=True)
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey("ground.Account", on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    is_public = models.BooleanField(default=False)
    n_disputes = models.SmallIntegerField(default=0)
    understood_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(fate="") | ~Q(answer=""), name="fate_has_its_words")]
        indexes = [
            models.Index(fields=["site", "answer_by"], condition=Q(fate=""), name="opinion_waiting"),
            models.Index(fields=["owner", "-said_at"], condition=Q(owner__isnull=False), name="opinion_of_owner"),
            models.Index(fields=["request"], condition=Q(request__isnull=False), name="opinion_of_request"),
        ]
