"""What was sent: photos, voice notes, documents."""

from __future__ import annotations

from django.db import models

from yingxu.ground.models.keyed import Known
from yingxu.ground.models.sites import Site


class File(Known):
    """One stored file, addressed by what it contains; the row says who sent it, when, and where it belongs."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    media_type = models.CharField(max_length=64)
    n_bytes = models.PositiveIntegerField()
    #: Public kind and uid of the object it belongs to: "request", "job".
    subject_kind = models.CharField(max_length=16)
    subject_id = models.BigIntegerField()
    label = models.CharField(max_length=16, blank=True)
    sender = models.CharField(max_length=64)
    received_at = models.DateTimeField()
    #: What the device says; null when it does not.
    taken_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["subject_id", "id"], name="file_of_subject"),
            models.Index(fields=["sha256"], name="file_by_content"),
        ]
