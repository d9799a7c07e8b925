"""Telephone calls as the exchange tells of them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from yingxu.demand.models.doors import Door
from yingxu.demand.models.requests import Request
from yingxu.ground.models.keyed import Known


class Call(Known):
    """One call to the desk: who rang, who answered, what became of it; abandoned, somebody calls back by a time."""

    site = models.ForeignKey("ground.Site", on_delete=models.PROTECT, related_name="+", db_index=False)
    door = models.ForeignKey(Door, on_delete=models.PROTECT, related_name="+", db_index=False)
    #: The exchange's own id of the call.
    external_id = models.CharField(max_length=100)
    number = models.CharField(max_length=32, blank=True)
    #: ringing, answered, abandoned, over (answered and hung up, or called back).
    state = models.CharField(max_length=10)
    rang_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    #: Extension or account name of whoever answered, as the exchange says it.
    agent = models.CharField(max_length=64, blank=True)
    clerk = models.ForeignKey("ground.Account", on_delete=models.PROTECT, null=True, related_name="+")
    request = models.ForeignKey(Request, on_delete=models.PROTECT, null=True, related_name="+")
    #: Somebody calls back by then; null when nothing is owed.
    call_back_by = models.DateTimeField(null=True)
    n_tries = models.SmallIntegerField(default=0)
    outcome = models.CharField(max_length=16, blank=True)
    note = models.CharField(max_length=300, blank=True)
    settled_by = models.ForeignKey("ground.Account", on_delete=models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["door", "external_id"], name="call_once_a_door"),
            models.CheckConstraint(
                condition=~Q(state="abandoned") | Q(call_back_by__isnull=False), name="abandoned_call_has_a_time"
            ),
        ]
        indexes = [
            models.Index(fields=["site", "-rang_at", "-id"], name="call_newest"),
            models.Index(
                fields=["site", "call_back_by"], condition=Q(call_back_by__isnull=False), name="call_to_return"
            ),
            models.Index(fields=["site", "rang_at"], condition=Q(state="ringing"), name="call_ringing"),
        ]
