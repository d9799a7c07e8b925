"""Receipts of the handbook: who signed for which edition, and the quizzes before that."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from yingxu.ground.models.keyed import Keyed, Known


class Signature(Known):
    """A person signed for having read a part of the own handbook. Made by that person alone, never changed."""

    site = models.ForeignKey("ground.Site", on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey("ground.Account", on_delete=models.PROTECT, related_name="+")
    #: ``general``, a line's code (first reading of its chapter) or an item's code (a change).
    part = models.CharField(max_length=32)
    signed_at = models.DateTimeField()
    n_attempts = models.SmallIntegerField()
    #: Edition of the general rules, where those were read.
    rules_edition = models.SmallIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["site", "account", "rules_edition"],
                condition=Q(rules_edition__isnull=False),
                name="rules_signed_once",
            ),
            models.CheckConstraint(condition=Q(n_attempts__gte=1), name="signed_after_a_quiz"),
        ]
        indexes = [models.Index(fields=["site", "account"], name="signature_of_person")]


class Receipt(Keyed):
    """One edition that a signature covers."""

    site = models.ForeignKey("ground.Site", on_delete=models.PROTECT, related_name="+")
    signature = models.ForeignKey(Signature, on_delete=models.PROTECT, related_name="receipts")
    account = models.ForeignKey("ground.Account", on_delete=models.PROTECT, related_name="+")
    edition = models.ForeignKey("standards.Edition", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "edition"], name="edition_signed_once_a_person")]
        indexes = [models.Index(fields=["site", "account"], name="receipt_of_person")]


class QuizAttempt(Known):
    """One try at the three questions of a reading, with what was answered."""

    site = models.ForeignKey("ground.Site", on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey("ground.Account", on_delete=models.PROTECT, related_name="+")
    part = models.CharField(max_length=32)
    #: Digest of the editions that were read: other editions, other tries.
    reading = models.CharField(max_length=64)
    number = models.SmallIntegerField()
    answered_at = models.DateTimeField()
    answers = models.JSONField(default=list)
    n_right = models.SmallIntegerField()
    is_passed = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "reading", "number"], name="quiz_tried_once_a_number"),
            models.CheckConstraint(condition=Q(n_right__gte=0, n_right__lte=3), name="quiz_has_three_questions"),
        ]
