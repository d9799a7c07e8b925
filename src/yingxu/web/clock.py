"""The wall clock of the pages: the moment, and the zone in which a page shows its times."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone


def site_clock(zone: str) -> datetime:
    """Return this moment; from here on this page shows times in the site's zone."""
    timezone.activate(zone)
    return timezone.now()
