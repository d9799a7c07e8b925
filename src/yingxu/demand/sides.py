"""Which side an actor is on: the hospital's or a company's (domain 4.3.2)."""

from __future__ import annotations

from yingxu.demand.refusals import HospitalDecides
from yingxu.ground.actor import Actor
from yingxu.ground.models import Party


def is_hospital_side(actor: Actor, site_id: int) -> bool:
    """Tell whether the actor acts for the hospital in some role at the site. Budget: one query, none for engines."""
    here = [held for held in actor.holdings if held.site_id in (None, site_id)]
    if actor.kind == "engine" or any(held.role in {"HO", "HD"} for held in here):
        return True
    keys = {held.party_id for held in here if held.role == "DK"}
    if None in keys:
        return True
    companies = [key for key in keys if key is not None]
    return Party.objects.filter(pk__in=companies, kind="hospital").exists()


def require_hospital_side(actor: Actor, action: str, *, site_id: int) -> None:
    """Refuse with HospitalDecides unless the actor acts for the hospital there. Budget: one query."""
    if not is_hospital_side(actor, site_id):
        raise HospitalDecides(action=action)
