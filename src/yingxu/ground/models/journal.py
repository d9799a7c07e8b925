"""What happened: the ledger, commands that may arrive twice, messages that leave the building, and the seals."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from yingxu.ground import ids
from yingxu.ground.models.keyed import Keyed


class Entry(models.Model):
    """One recorded fact. Append-only: triggers refuse change. Partitioned by month of ``recorded_at``.

    The table is made by hand in the first migration; ``id`` is the database's identity, in order of recording.
    """

    id = models.BigIntegerField(primary_key=True)
    uid = models.UUIDField(default=ids.new_uid)
    site_id = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=64)
    subject_kind = models.CharField(max_length=16)
    subject_id = models.BigIntegerField()
    #: Key of the object whose timeline shows this entry: the request, for everything that came of it.
    thread_id = models.BigIntegerField()
    actor_kind = models.CharField(max_length=8)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=64, blank=True)
    #: The person in whose name it was done, when that is another (decision 12; domain 4.3.6).
    behalf_id = models.BigIntegerField(null=True)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    cause = models.UUIDField(null=True)
    command_id = models.CharField(max_length=64, blank=True)
    facts = models.JSONField(default=dict)

    class Meta:
        managed = False
        db_table = "ground_entry"


class Command(models.Model):
    """A command that was carried out: who sent it under which id, a digest of its body, and what it answered."""

    id = models.BigIntegerField(primary_key=True)
    actor = models.CharField(max_length=48)
    command_id = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    result = models.JSONField()
    carried_out_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["actor", "command_id"], name="command_once_an_actor")]


#: After so many tries a message stays unsent, with its trouble, for a person to see.
MOST_TRIES = 8


class Delivery(Keyed):
    """A message that must leave, made in the transaction that made it true; a worker claims and sends it."""

    site_id = models.BigIntegerField(null=True)
    entry = models.UUIDField()
    channel = models.CharField(max_length=16)
    to_account_id = models.BigIntegerField(null=True)
    address = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=64)
    facts = models.JSONField(default=dict)
    subject_id = models.BigIntegerField()
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    n_tries = models.SmallIntegerField(default=0)
    trouble = models.CharField(max_length=300, blank=True)
    #: It waited for the end of quiet hours or for the hour of the digest.
    is_held = models.BooleanField(default=False)
    #: Key of the one message that carries it with others.
    collected_key = models.BigIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=Q(sent_at=None), name="delivery_waiting"),
            models.Index(
                fields=["to_account_id"],
                condition=Q(channel="in_app", seen_at=None, sent_at__isnull=False, collected_key=None),
                name="delivery_unread",
            ),
            models.Index(fields=["to_account_id", "-id"], name="delivery_of_account"),
        ]


class Seal(models.Model):
    """A link of the chain over a site's entries: which entries, a short digest of each, and the digest over all."""

    id = models.BigAutoField(primary_key=True)
    site_id = models.BigIntegerField(null=True)
    number = models.BigIntegerField()
    entry_ids = ArrayField(models.BigIntegerField())
    entry_digests = models.BinaryField()
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site_id", "number"], name="seal_number_once_a_site", nulls_distinct=False)
        ]
