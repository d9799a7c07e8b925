"""Verbs of uploaded tables: what one brought is noted, and taken back as a whole while nothing depends on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.events import TableImported, TableTakenBack
from yingxu.ground.importing import ABOUT_PEOPLE
from yingxu.ground.models import Account, Asset, Entry, Holding, ImportRun, Party, Place
from yingxu.ground.refusals import InUse, NotAllowed, NotFound
from yingxu.ground.setting_up import where_of_site
from yingxu.ground.unit import Unit

#: Table -> the act that its rows need.
ACTS = {
    "places": "place.manage",
    "people": "account.manage",
    "catalogue": "catalogue.manage",
    "assets": "asset.manage",
    "parts": "part.manage",
    "certificates": "certificate.enter",
    "skills": "person.manage",
    "duties": "duty.set",
}


@dataclass(frozen=True)
class Noted:
    """The public id of an upload."""

    id: UUID


def _require(actor: Actor, table: str, site_id: int) -> None:
    if table in ABOUT_PEOPLE:  # each row's verb asks about its person
        if not authority.may_anywhere(actor, ACTS[table]):
            raise NotAllowed(action=ACTS[table])
        return
    where = Where(site_id) if table == "people" else where_of_site(actor, site_id)
    authority.require(actor, ACTS.get(table, ""), where=where)


def note_import(
    *,
    site_id: int,
    table: str,
    file_name: str,
    sha256: str,
    n_rows: int,
    keys: Mapping[str, Sequence[Any]],
    actor: Actor,
    at: datetime,
) -> Noted:
    """It is known what an upload brought. Records TableImported. Refuses: NotAllowed. Budget: 1, 2 for setting up."""
    with Unit(actor=actor, at=at) as unit:
        _require(actor, table, site_id)
        run = unit.insert(
            ImportRun(
                site_id=site_id,
                table=table,
                file_name=file_name[-120:],
                sha256=sha256,
                n_rows=n_rows,
                keys={kind: list(found) for kind, found in keys.items()},
                made_by_id=actor.account_id,
                made_at=at,
            )
        )
        unit.record(
            TableImported(
                site_id=site_id,
                subject_id=run.pk,
                thread_id=site_id,
                table=table,
                file_name=file_name[-120:],
                n_rows=n_rows,
            )
        )
        unit.answer(Noted(run.uid))
    return unit.answered(Noted)


def take_back_import(*, import_id: UUID, actor: Actor, at: datetime) -> Noted:
    """What an upload brought is gone, as if it had never come; the ledger keeps that it did.

    Records TableTakenBack; other rooms take back their rows in the same breath.
    Refuses: NotAllowed, NotFound (also what was taken back already), InUse when anything depends on a row of it.
    Budget: 8.
    """
    with Unit(actor=actor, at=at) as unit:
        unit.locking()
        run = ImportRun.objects.select_for_update().filter(uid=import_id, undone_at=None).first()
        _require(actor, run.table if run else "places", run.site_id if run else 0)
        if run is None:
            raise NotFound(kind="import", name=str(import_id))
        if run.table in ABOUT_PEOPLE and run.made_by_id != actor.account_id:
            raise NotAllowed(action=ACTS[run.table])
        keys: dict[str, list[Any]] = run.keys
        people = keys.get("account", [])
        if people and Entry.objects.filter(actor_kind="person", actor_id__in=people).exists():
            raise InUse(kind="account")
        unit.change(run, seen=["undone_at"], undone_at=at)
        unit.record(
            TableTakenBack(
                site_id=run.site_id,
                subject_id=run.pk,
                thread_id=run.site_id,
                table=run.table,
                file_name=run.file_name,
                n_rows=run.n_rows,
                keys=keys,
            )
        )
        _take_away(keys)
        unit.answer(Noted(run.uid))
    return unit.answered(Noted)


def _take_away(keys: Mapping[str, Sequence[Any]]) -> None:
    """Delete the rows in one transaction; the database itself says whether something points to them."""
    using = connection.alias
    Holding.objects.filter(account_id__in=keys.get("account", ()))._raw_delete(using)
    for model, kind in ((Account, "account"), (Asset, "asset"), (Party, "party"), (Place, "place")):
        if keys.get(kind):
            model.objects.filter(pk__in=keys[kind])._raw_delete(using)
    with connection.cursor() as cursor:
        try:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        except IntegrityError as why:
            raise InUse(kind=_table_of(why)) from why
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _table_of(why: IntegrityError) -> str:
    """Return the table that still points to what should go."""
    diagnosis = getattr(why.__cause__, "diag", None)
    return str(getattr(diagnosis, "table_name", "") or "")
