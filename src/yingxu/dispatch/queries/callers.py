"""Who calls, and what was asked from there before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from yingxu.demand.models import Request
from yingxu.dispatch.queries.rows import DESK_COLUMNS, DeskRow, desk_row
from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.models import Account, Holding

#: A caller is remembered so long by what was asked from the same number.
CALLER_MEMORY = timedelta(days=90)


@dataclass(frozen=True)
class CallerRow:
    """Who calls, as far as the house knows: the account with that number, else the name given last time."""

    account_id: int | None
    name: str
    department: str
    department_en: str
    place_code: str
    place_name: str
    place_name_en: str
    requests: tuple[DeskRow, ...]


def caller(actor: Actor, site_id: int, phone: str, *, at: datetime) -> CallerRow | None:
    """Return who calls from a number, with the last requests of the last 90 days. Budget: three queries."""
    seen = Request.objects.filter(authority.visible(actor, "requester.see_phone"), site_id=site_id)
    account = Account.objects.filter(
        Q(phone=phone), is_active=True, id__in=Holding.objects.filter(site_id=site_id, ends_at=None).values("account")
    ).order_by("id")
    person = account.values_list("id", "name").first()
    mine = Q(requester_phone=phone) | (Q(owner_id=person[0]) if person else Q(pk__in=()))
    last = seen.filter(mine, created_at__gte=at - CALLER_MEMORY).order_by("-created_at", "-id")
    columns = last.values_list(*DESK_COLUMNS, "place__code", "department__name", "department__name_en")
    found = [([*row[:-3], []], *row[-3:]) for row in columns[:3]]
    if person is None and not found:
        return None
    rows = tuple(desk_row(row) for row, *_ in found)
    return CallerRow(
        account_id=person[0] if person else None,
        name=person[1] if person else rows[0].requester_name,
        department=found[0][2] or "" if found else "",
        department_en=found[0][3] or "" if found else "",
        place_code=found[0][1] or "" if found else "",
        place_name=rows[0].place_name if rows else "",
        place_name_en=rows[0].place_name_en if rows else "",
        requests=rows,
    )
