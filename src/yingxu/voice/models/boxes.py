"""Suggestion boxes: the box, the letters in it, and paper slips on their way into it.

A letter of the page must not lead back to who wrote it. Its two keys are random (the house's usual ones begin with the
time or follow each other), it knows its day and no hour, and it is in no table of commands and in no entry of the
ledger until somebody opens the box.
"""

from __future__ import annotations

import secrets
from uuid import uuid4

from django.db import models
from django.db.models import Q

from yingxu.ground.models.keyed import Known


def random_key() -> int:
    """Return a key that says nothing about when it was made."""
    return secrets.randbits(62) | 1 << 62


class SuggestionBox(Known):
    """A box (意见箱): at a place or of the whole hospital; its page is reached by its code. The hospital manages it."""

    site = models.ForeignKey("ground.Site", on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey("ground.Place", on_delete=models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=120)
    token = models.CharField(max_length=24, unique=True)
    is_on = models.BooleanField(default=True)
    made_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)


class PaperOpening(Known):
    """The box of wood was opened before two witnesses; so many slips lay in it, and so many are typed, no more."""

    site = models.ForeignKey("ground.Site", on_delete=models.PROTECT, related_name="+")
    box = models.ForeignKey(SuggestionBox, on_delete=models.PROTECT, related_name="+")
    opened_by = models.ForeignKey("ground.Account", on_delete=models.PROTECT, related_name="+")
    witness = models.ForeignKey("ground.Account", on_delete=models.PROTECT, related_name="+")
    second_witness = models.ForeignKey("ground.Account", on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    n_slips = models.PositiveSmallIntegerField()
    note = models.CharField(max_length=300, blank=True)
    #: When the second witness signed for it, with the own account; null: not yet.
    countersigned_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(witness=models.F("second_witness"))
                & ~Q(opened_by=models.F("witness"))
                & ~Q(opened_by=models.F("second_witness")),
                name="a_box_is_opened_before_two_others",
            )
        ]


class PaperSlip(Known):
    """A slip from the box of wood, typed by one person until a second one typed the same."""

    site = models.ForeignKey("ground.Site", on_delete=models.PROTECT, related_name="+")
    box = models.ForeignKey(SuggestionBox, on_delete=models.PROTECT, related_name="+")
    #: The opening that counted it; null for slips of before openings were recorded.
    opening = models.ForeignKey(PaperOpening, on_delete=models.PROTECT, null=True, related_name="slips")
    text = models.TextField()
    typed_by = models.ForeignKey("ground.Account", on_delete=models.PROTECT, related_name="+")
    typed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey("ground.Account", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=models.F("typed_by")), name="slip_needs_two_people"
            )
        ]


class Letter(models.Model):
    """What somebody put into a box; who it was is not known here. Answered by the hospital, read by the claim code."""

    id = models.BigIntegerField(primary_key=True, default=random_key, editable=False)
    uid = models.UUIDField(unique=True, default=uuid4, editable=False)
    site = models.ForeignKey("ground.Site", on_delete=models.PROTECT, related_name="+")
    box = models.ForeignKey(SuggestionBox, on_delete=models.PROTECT, null=True, related_name="letters")
    #: The survey on whose sheet the words stood; then there is no box.
    survey = models.ForeignKey("voice.Survey", on_delete=models.PROTECT, null=True, related_name="letters")
    #: ``page``, ``paper`` or ``survey``.
    origin = models.CharField(max_length=8)
    #: The day at the site; nothing finer is kept.
    received_on = models.DateField()
    #: need, appeal, vent, improve (domain S60); empty: not said.
    purpose = models.CharField(max_length=8, blank=True)
    text = models.TextField()
    #: The name or telephone that the writer chose to give; empty: anonymous.
    signature = models.CharField(max_length=80, blank=True)
    #: SHA-256 of the claim code; the code itself is on the writer's card alone. Empty for paper.
    claim_digest = models.CharField(max_length=64, blank=True)
    #: in_box, open, answered
    state = models.CharField(max_length=8, default="in_box")
    #: Why it is held apart (``too_many``, ``abuse``); nothing is deleted.
    quarantine = models.CharField(max_length=16, blank=True)
    #: Why it was held apart at first, kept when it was let in; empty: never judged by a person.
    held_as = models.CharField(max_length=16, blank=True)
    judged_why = models.CharField(max_length=300, blank=True)
    judged_by = models.ForeignKey("ground.Account", on_delete=models.PROTECT, null=True, related_name="+")
    judged_on = models.DateField(null=True)
    opened_on = models.DateField(null=True)
    #: valid, partly, misunderstanding, out_of_scope (domain S64)
    verdict = models.CharField(max_length=20, blank=True)
    #: answered, done, studied, declined, clarified
    fate = models.CharField(max_length=12, blank=True)
    answer = models.TextField(blank=True)
    #: The letter retold without names, for the public board; empty: not on the board.
    retold = models.TextField(blank=True)
    answered_by = models.ForeignKey("ground.Account", on_delete=models.PROTECT, null=True, related_name="+")
    answered_on = models.DateField(null=True)
    #: The writer's last word: ``understood`` or ``disagree``; how often the latter.
    word = models.CharField(max_length=12, blank=True)
    word_text = models.TextField(blank=True)
    n_disagreed = models.SmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(box__isnull=False, survey__isnull=True) | Q(box__isnull=True, survey__isnull=False),
                name="a_letter_lies_in_a_box_or_on_a_sheet",
            ),
            models.UniqueConstraint(
                fields=["claim_digest"], condition=~Q(claim_digest=""), name="one_letter_a_claim_code"
            ),
            models.CheckConstraint(
                condition=~Q(state="answered") | ~Q(answer=""), name="an_answered_letter_has_its_answer"
            ),
        ]
        indexes = [models.Index(fields=["box", "state", "-received_on"], name="letter_of_box")]


class LetterPhoto(models.Model):
    """A photo in a letter: the picture alone, without what the camera wrote into it.

    It is kept here and not among the house's files: a file of the disk knows the second in which it was written.
    """

    id = models.BigIntegerField(primary_key=True, default=random_key, editable=False)
    uid = models.UUIDField(unique=True, default=uuid4, editable=False)
    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="photos")
    number = models.SmallIntegerField()
    media_type = models.CharField(max_length=16)
    content = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["letter", "number"], name="photos_of_a_letter_are_numbered")]
