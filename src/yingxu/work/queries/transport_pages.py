"""Transports in pages, for programs."""

from __future__ import annotations

from dataclasses import dataclass

from yingxu.ground.actor import Actor
from yingxu.ground.refusals import Malformed
from yingxu.work.models import Job
from yingxu.work.queries.jobs import seen_by
from yingxu.work.transport import _IS_TRANSPORT, _OPEN, Transport, _read


@dataclass(frozen=True)
class TransportPage:
    """Open transports and the cursor of the next page."""

    rows: tuple[Transport, ...]
    next: str | None


def transport_page(actor: Actor, site_id: int, *, cursor: str | None = None, limit: int = 25) -> TransportPage:
    """Return the open transports that the actor may see, oldest first. Refuses: Malformed. Budget: three queries."""
    rows = Job.objects.filter(_IS_TRANSPORT, seen_by(actor), site_id=site_id, state__in=_OPEN)
    if cursor:
        if not (cursor.isascii() and cursor.isdecimal() and len(cursor) <= 18):
            raise Malformed(field="cursor", problem="wrong_type")
        rows = rows.filter(pk__gt=int(cursor))
    keys = list(rows.order_by("id").values_list("id", flat=True)[: limit + 1])
    shown = _read(Job.objects.filter(pk__in=keys[:limit]).order_by("id")) if keys else ()
    return TransportPage(shown, str(keys[limit - 1]) if len(keys) > limit else None)
