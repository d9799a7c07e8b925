"""Knocks at the door: tries to sign in, kept for a day to slow down whoever guesses."""

from __future__ import annotations

from django.db import models

from yingxu.ground.models.keyed import Keyed


class SignInTry(Keyed):
    """One try to sign in. Name and address are kept as keyed digests: enough to count, nothing to read."""

    name_key = models.CharField(max_length=32)
    address_key = models.CharField(max_length=32)
    is_good = models.BooleanField()
    tried_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["name_key", "tried_at"], name="try_of_name"),
            models.Index(fields=["address_key", "tried_at"], name="try_of_address"),
        ]
