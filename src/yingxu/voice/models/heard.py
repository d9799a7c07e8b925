"""What somebody said about the service, and the one fate that it gets."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from yingxu.ground.models.keyed import Known

#: Fates of a voice; none is closed without one, and a person gives it.
FATES = ("answered", "done", "studied", "declined", "clarified")


class Heard(Known):
    """A complaint, praise, a vent, or a rating that calls for an answer. It waits for a person to give its fate."""

    site = models.ForeignKey("ground.Site", on_delete=models.PROTECT, related_name="+")
    #: complaint, praise, vent, low_rating, words.
    kind = models.CharField(max_length=12)
    request = models.ForeignKey("demand.Request", on_delete=models.PROTECT, null=True, related_name="+")
    #: need, appeal, vent, improve (domain S60), by who spoke or else by who answered; empty: not said.
    purpose = models.CharField(max_length=8, blank=True)
    text = models.TextField(blank=True)
    stars = models.SmallIntegerField(null=True)
    #: Codes of what a rating named.
    reasons = models.JSONField(default=list)
    #: Who spoke; null where that is not kept. Shown to the hospital alone, and only if ``is_named``.
    owner = models.ForeignKey("ground.Account", on_delete=models.PROTECT, null=True, related_name="+")
    is_named = models.BooleanField(default=False)
    line_code = models.CharField(max_length=8, blank=True)
    place_path = models.CharField(max_length=200, blank=True)
    department = models.ForeignKey("ground.Place", on_delete=models.PROTECT, null=True, related_name="+")
    party_keys = ArrayField(models.BigIntegerField(), default=list)
    team_keys = ArrayField(models.BigIntegerField(), default=list)
    worker_keys = ArrayField(models.BigIntegerField(), default=list)
    said_at = models.DateTimeField()
    answer_by = models.DateTimeField()
    #: Who has it in hand until it is answered; a leader of the team at first, anybody who may answer takes it over.
    keeper = models.ForeignKey("ground.Account", on_delete=models.PROTECT, null=True, related_name="+")
    #: How many steps upwards were told that its time is past.
    n_told = models.SmallIntegerField(default=0)
    #: SHA-256 of the code by which somebody without an account reads the answer.
    claim_digest = models.CharField(max_length=64, blank=True)
    #: How somebody without an account wants to be reached; the hospital alone sees it.
    contact = models.CharField(max_length=80, blank=True)
    #: Empty while it waits for a person.
    fate = models.CharField(max_length=12, blank=True)
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey("ground.Account", on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    #: The answer stands on the public board, without names.
    is_public = models.BooleanField(default=False)
    #: How often who spoke still disagreed; from the second time on only the hospital answers (S64).
    n_disputes = models.SmallIntegerField(default=0)
    understood_at = models.DateTimeField(null=True)
    #: Why it is held apart (``too_many``); nobody is told of it until a person let it in; nothing is deleted.
    quarantine = models.CharField(max_length=16, blank=True)
    #: Why it was held apart at first, kept when it was let in; empty: never judged by a person.
    held_as = models.CharField(max_length=16, blank=True)
    judged_why = models.CharField(max_length=300, blank=True)
    judged_by = models.ForeignKey("ground.Account", on_delete=models.PROTECT, null=True, related_name="+")
    judged_on = models.DateField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(fate="") | ~Q(answer=""), name="fate_has_its_words")]
        indexes = [
            models.Index(fields=["site", "answer_by"], condition=Q(fate=""), name="heard_waiting"),
            models.Index(fields=["owner", "-said_at"], condition=Q(owner__isnull=False), name="heard_of_owner"),
            models.Index(fields=["request"], condition=Q(request__isnull=False), name="heard_of_request"),
        ]
