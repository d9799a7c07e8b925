"""Rating stands (评议台) and the taps left at them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from yingxu.ground.models.keyed import Known


class RatingStand(Known):
    """A tablet or printed code at a window: three faces. The hospital puts it up."""

    site = models.ForeignKey("ground.Site", on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey("ground.Place", on_delete=models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=120)
    line_code = models.CharField(max_length=8, blank=True)
    token = models.CharField(max_length=24, unique=True)
    #: More taps of one device within an hour are held apart (domain S65: 3; a tablet that many share: more).
    most_per_hour = models.SmallIntegerField(default=3)
    is_on = models.BooleanField(default=True)
    made_at = models.DateTimeField()


class Tap(Known):
    """One face that somebody touched; the device is a digest that changes every day."""

    site = models.ForeignKey("ground.Site", on_delete=models.PROTECT, related_name="+")
    stand = models.ForeignKey(RatingStand, on_delete=models.PROTECT, related_name="taps")
    #: Made by the device, so that a queue may be sent twice.
    client_id = models.CharField(max_length=36)
    #: 3 good, 2 fair, 1 bad
    face = models.SmallIntegerField()
    reason = models.CharField(max_length=16, blank=True)
    device = models.CharField(max_length=32)
    tapped_at = models.DateTimeField()
    #: The teams that were on duty for the stand's line at that moment, and their shifts: [[team key, from, to], …] as
    #: ISO moments (empty ones: present without a roster). No person stands here, neither who worked nor who touched.
    duty = models.JSONField(default=list)
    #: Why it does not count (``too_many``); nothing is deleted.
    quarantine = models.CharField(max_length=16, blank=True)
    #: Why it was held apart at first, kept when it was let in; empty: never judged by a person.
    held_as = models.CharField(max_length=16, blank=True)
    judged_why = models.CharField(max_length=300, blank=True)
    judged_by = models.ForeignKey("ground.Account", on_delete=models.PROTECT, null=True, related_name="+")
    judged_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stand", "client_id"], name="tap_once"),
            models.CheckConstraint(condition=Q(face__gte=1, face__lte=3), name="face_1_to_3"),
        ]
        indexes = [models.Index(fields=["stand", "tapped_at"], name="tap_of_stand")]
