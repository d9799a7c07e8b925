"""A site is being set up until its hospital opens it; until then its administrator furnishes it (decision 14)."""

from __future__ import annotations

from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.models import Site


def is_any_being_set_up(actor: Actor) -> bool:
    """Tell whether a site that the actor belongs to has not been opened yet. Budget: one query."""
    sites = Site.objects.filter(state="setup")
    if all(held.site_id is not None for held in actor.holdings):
        sites = sites.filter(pk__in={held.site_id for held in actor.holdings})
    return sites.exists()


def where_of_site(actor: Actor, site_id: int | None, *, party_ids: tuple[int, ...] = ()) -> Where:
    """Return where a site's own furniture stands, for the authority. Budget: none; one query for an administrator."""
    if site_id is None or "AD" not in actor.roles:
        return Where(site_id, party_ids=party_ids)
    is_being_set_up = Site.objects.filter(pk=site_id, state="setup").exists()
    return Where(site_id, party_ids=party_ids, is_being_set_up=is_being_set_up)
