"""The two identifiers of every row: a key inside, a uid outside."""

from __future__ import annotations

from django.db import models

from yingxu.ground import ids


class Keyed(models.Model):
    """A row with a bigint key from :mod:`yingxu.ground.ids`, so that rows can be built before they are written."""

    id = models.BigIntegerField(primary_key=True, default=ids.next_key, editable=False)

    class Meta:
        abstract = True


class Known(Keyed):
    """A keyed row that the outside world knows by a UUID."""

    uid = models.UUIDField(unique=True, default=ids.new_uid, editable=False)

    class Meta:
        abstract = True
