"""Which object a timeline is of: its key by its public id, and where it stands for the authority."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import models

from yingxu.ground.models import Account, Contract, Holding, Party, Place, Site
from yingxu.ground.refusals import NotFound


@dataclass(frozen=True)
class ThreadRow:
    """An object of the ground whose timeline can be read."""

    key: int
    site_id: int | None
    name: str
    name_en: str


_KINDS: dict[str, tuple[type[models.Model], str, str, str]] = {
    "site": (Site, "id", "name", "name_en"),
    "place": (Place, "site_id", "full_name", "full_name_en"),
    "party": (Party, "site_id", "name", "name_en"),
    "contract": (Contract, "site_id", "name", "name"),
}


def thread(kind: str, uid: UUID) -> ThreadRow:
    """Return an object of the ground by its public id; refuses: NotFound. Budget: one query, two for accounts."""
    if kind == "account":
        row = Account.objects.filter(uid=uid).values_list("id", "name", "name_en").first()
        if row is None:
            raise NotFound(kind=kind, name=str(uid))
        site = Holding.objects.filter(account_id=row[0]).values_list("site_id", flat=True).order_by("id").first()
        return ThreadRow(row[0], site, row[1], row[2])
    if kind not in _KINDS:
        raise NotFound(kind=kind, name=str(uid))
    model, *columns = _KINDS[kind]
    found = model._default_manager.filter(uid=uid).values_list("id", *columns).first()
    if found is None:
        raise NotFound(kind=kind, name=str(uid))
    return ThreadRow(*found)
