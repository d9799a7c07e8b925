"""What a desk looks up by name: a request by its number, who takes transfers."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from yingxu.demand.models import Request
from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.models import Party
from yingxu.ground.refusals import NotFound


def request_by_number(actor: Actor, site_id: int, number: str) -> UUID:
    """Return a request's public id by its number; refuses: NotFound. Budget: one query."""
    rows = Request.objects.filter(authority.visible(actor), site_id=site_id, number=number.strip())
    found = rows.values_list("uid", flat=True).first()
    if found is None:
        raise NotFound(kind="request", name=number)
    return found


@dataclass(frozen=True)
class ReceiverRow:
    """A department outside logistics that takes transfers."""

    code: str
    name: str
    name_en: str
    phone: str


def receivers(site_id: int) -> tuple[ReceiverRow, ...]:
    """Return the departments that take transfers. Budget: one query."""
    rows = Party.objects.filter(site_id=site_id, kind="department").order_by("name")
    return tuple(ReceiverRow(*row) for row in rows.values_list("code", "name", "name_en", "phone"))
