"""Service hours: calendars with their editions, and the days that are off.

An edit never touches what was: it is a new row that is known from ``made_at`` on and takes effect on a date; what is
withdrawn before it took effect keeps its row. A promise reads its calendar as it was known when its clock started.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from yingxu.ground.models.keyed import Known


class Calendar(Known):
    """Service hours with a name. What they are is in its editions, so that a change never rewrites a past clock."""

    site = models.ForeignKey("ground.Site", on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=32)
    name = models.CharField(max_length=64)
    name_en = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "code"], name="calendar_code_once_a_site")]


class CalendarEdition(Known):
    """A calendar's periods from a date on.

    ``{"weekday": ["08:00-18:00"], "weekend": […], "follows_holidays": bool}``, ``days`` for single weekdays, and
    ``exceptions``: ISO date to that day's own periods, none for closed.
    """

    calendar = models.ForeignKey(Calendar, on_delete=models.PROTECT, related_name="+")
    from_on = models.DateField()
    definition = models.JSONField()
    #: Known from this moment on; null: since ever.
    made_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["calendar", "from_on"], condition=Q(withdrawn_at=None), name="calendar_edition_once_a_day"
            )
        ]


class Holiday(Known):
    """A day off, or a working day made up for one (调休), at a site."""

    site = models.ForeignKey("ground.Site", on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    name = models.CharField(max_length=32)
    is_off_day = models.BooleanField()
    made_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "on"], condition=Q(withdrawn_at=None), name="holiday_once_a_day")
        ]
