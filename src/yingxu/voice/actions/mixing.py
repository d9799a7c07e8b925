"""Rows without a sender are written afresh in no order, so that the database itself does not tell when they came.

PostgreSQL stamps each row with its transaction (``xmin``), lays new rows behind one another (``ctid``), numbers large
values as they come. Between two entries of the ledger, whose second is known, such a stamp would name the minute
of a letter, and the words of a survey's sheet would stand beside its ticks. Rewritten together in one transaction, row
by row in the order of their random keys, all of them carry one stamp; the table is then laid out by those
keys, which also takes the old versions out. What this cannot reach is named in the docs: the write-ahead log.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import SystemRandom
from typing import Any

from django.db import OperationalError, connection, models, transaction
from django.db.models import Q

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.voice.models import Letter, LetterPhoto, Sheet

#: Rows of today and of the days before, which a phone without network may still bring.
BACK = timedelta(days=2)
#: Whoever reads a table for longer is not interrupted; the next turn lays it out.
PATIENCE = "2s"
#: A writer's last word changes a letter so long after its answer.
WORD_WITHIN = timedelta(days=90)
#: Model, its large value, which is stored afresh by joining it with nothing, and what nothing is.
_TABLES: tuple[tuple[type[models.Model], str, str], ...] = (
    (Letter, "text", "''"),
    (LetterPhoto, "content", "''::bytea"),
    (Sheet, "quarantine", "''"),
)


@dataclass(frozen=True)
class Mixed:
    """How many rows were written afresh."""

    n: int


def mix_letters(*, actor: Actor, at: datetime) -> Mixed:
    """Letters, photos and sheets of the last days, and letters whose writer may speak, carry one stamp, in no order.

    Does nothing while they do already. Records nothing: an entry would know the hour of the last letter.
    Refuses: NotAllowed. Budget: three reads; one write a row when something came.
    """
    authority.require(actor, "letter.mix", where=Where(None))
    since, heard = (at - BACK).date(), (at - WORD_WITHIN).date()
    may_change = Q(received_on__gte=since) | Q(answered_on__gte=heard)
    rows: dict[type[models.Model], models.QuerySet[Any]] = {
        Letter: Letter.objects.filter(may_change),
        LetterPhoto: LetterPhoto.objects.filter(letter__received_on__gte=since),
        Sheet: Sheet.objects.filter(received_on__gte=since),
    }
    with transaction.atomic():
        keys = {model: _stamped(found) for model, found in rows.items()}
        stamps = {stamp for found in keys.values() for _key, stamp in found}
        if len(stamps) < 2:
            return Mixed(0)
        n = 0
        with connection.cursor() as cursor:
            for model, column, nothing in _TABLES:
                order = [(key,) for key, _stamp in keys[model]]
                SystemRandom().shuffle(order)
                table, name = model._meta.db_table, model._meta.pk.attname if model._meta.pk else "id"
                # made here from our own models' names; a large value joined with nothing is stored afresh
                change = f"UPDATE {table} SET {column} = {column} || {nothing} WHERE {name} = %s"
                cursor.executemany(change, order)
                n += len(order)
    for model, *_ in _TABLES:
        _lay_out(model._meta.db_table)
    return Mixed(n)


def _stamped(rows: models.QuerySet[Any]) -> list[tuple[int, str]]:
    """Return keys and stamps of rows."""
    stamp = models.expressions.RawSQL(f"{rows.model._meta.db_table}.xmin::text", ())
    return list(rows.annotate(stamp=stamp).order_by().values_list("pk", "stamp"))


def _lay_out(table: str) -> None:
    """Lay a table's rows in the order of their random keys, without those that were rewritten or are held too long."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{PATIENCE}'")
            cursor.execute(f"CLUSTER {table} USING {table}_pkey")
    except OperationalError:
        return
