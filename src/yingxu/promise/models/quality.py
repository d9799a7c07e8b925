"""Quality promises beside time promises: which share of the work is good, and how that is sampled."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from yingxu.ground.models.keyed import Known


class Measure(models.TextChoices):
    """What makes a finished job good."""

    CHECKED = "checked", "an independent check found it good"
    SCORE = "score", "its steps score at least so much"
    RIGHT_FIRST = "right_first", "never sent back, never reopened"
    RATED = "rated", "its asker gave at least so many stars"
    READING = "reading", "a reading taken at it lies within limits"
    DELIVERED = "delivered", "brought to the right place and hands at once"


#: The reading that is no step: the temperature of a load where it is handed over, in °C.
HAND_OVER = "hand_over"


class StratumKey(models.TextChoices):
    """What the jobs are parted by before they are drawn."""

    NONE = "none", "not parted"
    PRIORITY = "priority", "by urgency"
    PLACE_CLASS = "place_class", "by class of place"


class QualityPromise(Known):
    """One quality promise of a line from a date on. Its terms never change; a change is a new row from a later date."""

    site = models.ForeignKey("ground.Site", on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=24)
    name = models.CharField(max_length=64)
    name_en = models.CharField(max_length=96, blank=True)
    line_code = models.CharField(max_length=8)
    #: Narrows the promise to one item; empty: every item of the line.
    item_code = models.CharField(max_length=32, blank=True)
    measure = models.CharField(max_length=12, choices=Measure.choices)
    at_least = models.SmallIntegerField(null=True)
    #: Which reading: a step of the procedure, or HAND_OVER: the temperature at the hand-over. Its limits, both kept.
    step_code = models.CharField(max_length=32, blank=True)
    low = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    high = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    target = models.DecimalField(max_digits=4, decimal_places=3)
    stratum_key = models.CharField(max_length=12, choices=StratumKey.choices, default=StratumKey.NONE)
    #: Chance of a job to be drawn; ``shares`` says so for single strata: {"1": 1.0}.
    sample_share = models.DecimalField(max_digits=4, decimal_places=3, default=1)
    shares = models.JSONField(default=dict)
    #: So many measured jobs a month are meant at least; fewer, and the figure says so.
    n_least = models.SmallIntegerField(default=0)
    from_on = models.DateField()
    to_on = models.DateField(null=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "code", "from_on"], name="quality_promise_once_a_day"),
            models.UniqueConstraint(
                fields=["site", "code"], condition=Q(to_on=None), name="one_quality_promise_in_force"
            ),
            models.CheckConstraint(condition=Q(target__gt=0, target__lte=1), name="quality_target_is_share"),
            models.CheckConstraint(condition=Q(sample_share__gt=0, sample_share__lte=1), name="sample_share_is_share"),
            models.CheckConstraint(condition=Q(to_on=None) | Q(to_on__gte=F("from_on")), name="quality_ends_after"),
        ]
