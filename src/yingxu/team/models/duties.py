"""When somebody is on duty."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from yingxu.ground.models.keyed import Known


class Duty(Known):
    """One duty of a person, set by whoever leads the team; two of one person never overlap (constraint in 0004)."""

    site = models.ForeignKey("ground.Site", on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey("ground.Account", on_delete=models.PROTECT, related_name="+")
    #: A kind of the library (``duty_kinds.csv``).
    kind = models.CharField(max_length=12, default="work")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    #: [[from, to], …], as ISO moments.
    breaks = models.JSONField(default=list)
    set_by = models.ForeignKey("ground.Account", on_delete=models.PROTECT, null=True, related_name="+")
    set_at = models.DateTimeField()
    #: When it was replaced, called off or passed on before it was over.
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="duty_ends_after_its_start"),
        ]
        indexes = [models.Index(fields=["account", "ends_at"], condition=Q(ended_at=None), name="duty_of_person")]
