"""Which side an actor is on: the hospital's or a company's (domain 4.3.2)."""

from __future__ import annotations

from yingxu.demand.refusals import HospitalDecides
from yingxu.ground.actor import Actor
from yingxu.ground.models import Party


def is_hospital_side(actor: Actor) -> bool:
    """Tell whether the actor acts for the hospital in some role. Budget: one query, none for engines."""
    if actor.kind == "engine" or actor.roles & {"HO", "HD"}:
        return True
    keys = {held.party_id for held in actor.holdings if held.role == "DK"}
    if None in keys:
        return True
    companies = [key for key in keys if key is not None]
    return Party.objects.filter(pk__in=companies, kind="hospital").exists()


def require_hospital_side(actor: Actor, action: str) -> None:
    """Refuse with HospitalDecides unless the actor acts for the hospital. Budget: one query."""
    if not is_hospital_side(actor):
        raise HospitalDecides(action=action)
