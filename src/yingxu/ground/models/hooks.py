"""Who is told by machine: subscriptions to what the ledger records, and how far the relay has come."""

from __future__ import annotations

from django.db import models

from yingxu.ground.models.keyed import Keyed, Known
from yingxu.ground.models.sites import Site


class Subscription(Known):
    """An outside system that is told of a site's facts, signed. Its secret is derived, never stored."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=64)
    url = models.CharField(max_length=500)
    #: Kinds of facts, ``demand.request.raised`` or ``demand.*``; empty means all.
    kinds = models.JSONField(default=list)
    #: Raised when the secret is renewed: the old one no longer signs.
    secret_number = models.SmallIntegerField(default=1)
    is_on = models.BooleanField(default=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "name"], name="subscription_name_once_a_site")]


class Relay(Keyed):
    """How far a reader of the ledger has come: every entry up to here was seen once."""

    name = models.CharField(max_length=32, unique=True)
    entry_id = models.BigIntegerField()
