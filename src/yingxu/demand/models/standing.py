"""What is needed again and again."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from yingxu.ground.models.keyed import Known


class Recurrence(Known):
    """Something that is needed again and again: at a time of day, on some weekdays; raised ahead, once a day of it."""

    site = models.ForeignKey("ground.Site", on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey("standards.Item", on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey("ground.Place", on_delete=models.PROTECT, null=True, related_name="+")
    text = models.TextField()
    form = models.JSONField(default=dict)
    #: Minutes after midnight in the site's zone.
    starts_min = models.SmallIntegerField()
    #: How long the window is in which it is wanted.
    window_min = models.SmallIntegerField(default=30)
    #: Monday is 0.
    weekdays = ArrayField(models.SmallIntegerField())
    #: The site's holidays are left out.
    skips_holidays = models.BooleanField(default=False)
    from_on = models.DateField()
    to_on = models.DateField(null=True)
    #: Days on which it is not asked for, though the rule says so: an exception, or the days of a pause.
    left_out = ArrayField(models.DateField(), default=list)
    #: Raised so many hours before it is wanted.
    ahead_h = models.SmallIntegerField(default=24)
    is_active = models.BooleanField(default=True)
    owner = models.ForeignKey("ground.Account", on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_min__gte=0, starts_min__lt=1440, window_min__gt=0, ahead_h__gte=1, ahead_h__lte=168),
                name="recurrence_times_are_times",
            ),
            models.CheckConstraint(condition=Q(to_on=None) | Q(to_on__gt=models.F("from_on")), name="recurrence_ends"),
        ]
