"""What was asked about one asset: its timeline of requests."""

from __future__ import annotations

from yingxu.demand.models import Request
from yingxu.demand.queries.pages import Page, _after, _page, _read_cursor, rows_of
from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.refusals import Malformed


def requests_of_asset(actor: Actor, site_id: int, asset_id: int, *, cursor: str | None = None, limit: int = 20) -> Page:
    """Return what was asked about an asset, as far as the actor may see it, newest first.

    Refuses: Malformed (cursor). Budget: one query.
    """
    rows = Request.objects.filter(authority.visible(actor), site_id=site_id, asset_id=asset_id)
    if cursor:
        created_at, key = _read_cursor(cursor)
        if created_at is None:
            raise Malformed(field="cursor", problem="wrong_type")
        rows = _after(rows, "created_at", created_at, key, "<")
    return _page(rows_of(rows.order_by("-created_at", "-id")[: limit + 1]), "newest", limit)
