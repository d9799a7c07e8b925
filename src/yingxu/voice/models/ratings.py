"""What people say: ratings."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from yingxu.ground.models.keyed import Known


class Rating(Known):
    """One person's rating of one request's service: one to five, with reasons and a text."""

    site = models.ForeignKey("ground.Site", on_delete=models.PROTECT, related_name="+")
    request = models.ForeignKey("demand.Request", on_delete=models.PROTECT, related_name="+")
    #: The rater's identity among the raters of this request (an account, or the private link); never shown.
    rater = models.CharField(max_length=48)
    account = models.ForeignKey("ground.Account", on_delete=models.PROTECT, null=True, related_name="+")
    stars = models.SmallIntegerField()
    reasons = models.JSONField(default=list)
    text = models.TextField(blank=True)
    line_code = models.CharField(max_length=8, blank=True)
    rated_at = models.DateTimeField()
    #: The teams whose work it was when it was rated; a later re-assignment does not move the rating.
    team_keys = ArrayField(models.BigIntegerField(), default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "rater"], name="one_rating_a_rater"),
            models.CheckConstraint(condition=Q(stars__gte=1, stars__lte=5), name="stars_1_to_5"),
        ]
        indexes = [models.Index(fields=["site", "line_code", "rated_at"], name="rating_of_line")]
