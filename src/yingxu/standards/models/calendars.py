"""Service hours: calendars with their editions, and the days that are off."""

from __future__ import annotations

from django.db import models

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

    ``{"weekday": ["08:00-18:00"], "weekend": […], "follows_holidays": bool}``, and ``days`` for single weekdays.
    """

    calendar = models.ForeignKey(Calendar, on_delete=models.PROTECT, related_name="+")
    from_on = models.DateField()
    definition = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["calendar", "from_on"], name="calendar_edition_once_a_day")]


class Holiday(Known):
    """A day off, or a working day made up for one (调休), at a site."""

    site = models.ForeignKey("ground.Site", on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    name = models.CharField(max_length=32)
    is_off_day = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "on"], name="holiday_once_a_day")]
