"""Closing the gap: what the analyst worked out of the whole house's record, kept so that pages only read it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from yingxu.ground.models.keyed import Known


class Outlook(Known):
    """One line's next fortnight by hour, and its demand against its hands by hour of the week. Made once a day.

    An empty line code is all lines together, which have a forecast but no common staff.
    """

    site = models.ForeignKey("ground.Site", on_delete=models.PROTECT, related_name="+")
    line_code = models.CharField(max_length=8, blank=True)
    #: The site's day on which it was made.
    made_on = models.DateField()
    made_at = models.DateTimeField()
    n = models.IntegerField()
    #: {"from_at", "mean": [...], "low": [...], "high": [...], "days", "measured": {...}}; empty: too little history.
    forecast = models.JSONField(default=dict)
    #: {"demand_min": [168], "capacity_min": [168], "weeks", "n_handled"}; empty: nothing was handled.
    supply = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "line_code", "made_on"], name="outlook_once_a_day"),
            models.CheckConstraint(condition=Q(n__gte=0), name="outlook_counts"),
        ]


class TextGroup(Known):
    """Askings with shared words that no item or standard fits, found together; people decide what becomes of them."""

    site = models.ForeignKey("ground.Site", on_delete=models.PROTECT, related_name="+")
    made_on = models.DateField()
    made_at = models.DateTimeField()
    rank = models.SmallIntegerField()
    n = models.IntegerField()
    #: Askings without an item or under the "unclear" one; and those read with little confidence.
    n_unfit = models.IntegerField()
    words = models.JSONField(default=list)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    #: Keys of the requests, which stand in a lower room; the list of them is asked for by these.
    request_keys = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "made_on", "rank"], name="text_group_rank_once")]
