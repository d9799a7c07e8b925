"""What the ways of a site take and on which storey each place lies, kept a short while for pages and programs."""

from __future__ import annotations

from datetime import datetime

from yingxu.core.forecast.legs import Standards
from yingxu.dispatch.queries import ways_said
from yingxu.web.inside import kept
from yingxu.work.transport import Storeys, leg_standards, storeys_of


def learnt(site_id: int, *, at: datetime) -> tuple[Standards, Storeys]:
    """Return the standard times of legs and the storeys of a site. Budget: four, seldom."""
    return (
        kept("legs", site_id, lambda: leg_standards(site_id, at=at, said=ways_said(site_id))),
        kept("storeys", site_id, lambda: storeys_of(site_id)),
    )
