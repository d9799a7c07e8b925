"""Work that an outside company does: its order, the link by which it acts, and what was said on both sides."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from yingxu.ground.models.keyed import Known
from yingxu.work.models.jobs import Job


class OutsideOrder(Known):
    """One job at one outside company (domain 5.7), which acts by a link and has no account.

    Nobody outside answers for the job: its worker here does, all along. The link lives as long as the order. Written by
    the verbs of ``actions/outside`` and ended by whatever ends the job or gives it to somebody else.
    """

    site = models.ForeignKey("ground.Site", on_delete=models.PROTECT, related_name="+", db_index=False)
    job = models.ForeignKey(Job, on_delete=models.PROTECT, related_name="+")
    #: The company as a party of the site, where it is one.
    party = models.ForeignKey("ground.Party", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    company = models.CharField(max_length=120)
    contact_name = models.CharField(max_length=64)
    phone = models.CharField(max_length=32, blank=True)
    email = models.CharField(max_length=120, blank=True)
    #: What the company is told to do: the sender's words, not the asker's, who may have named a patient.
    words = models.TextField()
    sent_by = models.ForeignKey("ground.Account", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    #: Who comes, as the company says.
    coming_name = models.CharField(max_length=64, blank=True)
    expected_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    signed_name = models.CharField(max_length=64, blank=True)
    #: The moment at which the company finished the job: the labour of that finish is in its bill.
    signed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    #: revoked, declined, replaced (a new link), reassigned, gone (the job was called off), closed
    ended_why = models.CharField(max_length=12, blank=True)
    ended_note = models.CharField(max_length=300, blank=True)
    #: What the company asks for its work; it becomes a bill of the job only when somebody here takes it.
    labour_fen = models.BigIntegerField(null=True)
    parts_fen = models.BigIntegerField(null=True)
    cost_words = models.CharField(max_length=300, blank=True)
    document = models.CharField(max_length=64, blank=True)
    cost_stated_at = models.DateTimeField(null=True)
    bill = models.ForeignKey("work.Bill", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["job"], condition=Q(ended_at=None), name="one_live_outside_order_a_job"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("sent_at")), name="outside_order_expires_after"),
            models.CheckConstraint(
                condition=(Q(labour_fen=None) & Q(parts_fen=None)) | Q(labour_fen__gte=0, parts_fen__gte=0),
                name="outside_cost_not_negative",
            ),
        ]
        indexes = [
            models.Index(fields=["site", "-sent_at"], name="outside_order_of_site"),
        ]


class OutsideWord(Known):
    """A word between an outside company and those here who have to do with its order. Never changed."""

    order = models.ForeignKey(OutsideOrder, on_delete=models.PROTECT, related_name="said")
    is_theirs = models.BooleanField()
    #: Who said it here; null for the company.
    said_by = models.ForeignKey("ground.Account", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    said_at = models.DateTimeField()
    text = models.CharField(max_length=500)
