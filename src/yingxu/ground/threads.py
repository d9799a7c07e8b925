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
    #: Whose it is among the parties: a company reads about itself and its own people alone.
    party_ids: tuple[int, ...] = ()


#: Stands for the hospital's own people, who are no company's.
_NO_COMPANY = (0,)
_KINDS: dict[str, tuple[type[models.Model], str, str, str]] = {
    "site": (Site, "id", "name", "name_en"),
    "place": (Place, "site_id", "full_name", "full_name_en"),
    "party": (Party, "site_id", "name", "name_en"),
    "contract": (Contract, "site_id", "name", "name"),
}


def thread(kind: str, uid: UUID) -> ThreadRow:
    """Return an object of the ground by its public id; refuses: NotFound. Budget: one query, at most two."""
    if kind == "account":
        row = Account.objects.filter(uid=uid).values_list("id", "name", "name_en").first()
        if row is None:
            raise NotFound(kind=kind, name=str(uid))
        held = Holding.objects.filter(account_id=row[0]).values_list("site_id", "party_id").order_by("id")
        parties = tuple(party_id for _, party_id in held if party_id is not None)
        return ThreadRow(row[0], held[0][0] if held else None, row[1], row[2], parties or _NO_COMPANY)
    if kind not in _KINDS:
        raise NotFound(kind=kind, name=str(uid))
    model, *columns = _KINDS[kind]
    found = model._default_manager.filter(uid=uid).values_list("id", *columns).first()
    if found is None:
        raise NotFound(kind=kind, name=str(uid))
    key, site_id, name, name_en = found
    return ThreadRow(key, site_id, name, name_en, _parties(kind, key))


def _parties(kind: str, key: int) -> tuple[int, ...]:
    if kind == "party":
        return (key,)
    if kind == "contract":
        return (Contract.objects.values_list("party_id", flat=True).get(pk=key),)
    return ()
