"""Is every reference whole: those that the database does not check by a constraint are looked through here."""

from __future__ import annotations

from django.apps import apps
from django.db import connection, models


def pointing_nowhere() -> dict[str, int]:
    """Return how many rows point to a row that is not there, by ``table.column``, for references without constraint.

    Budget: one query a reference; reads whole tables.
    """
    found: dict[str, int] = {}
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if not isinstance(field, models.ForeignKey) or getattr(field, "db_constraint", True):
                continue
            target = field.remote_field.model._meta
            name = f"{model._meta.db_table}.{field.column}"
            with connection.cursor() as cursor:
                cursor.execute(
                    f'SELECT count(*) FROM "{model._meta.db_table}" AS r WHERE r."{field.column}" IS NOT NULL'
                    f' AND NOT EXISTS (SELECT FROM "{target.db_table}" AS t WHERE t.id = r."{field.column}")'
                )
                n_rows = int(cursor.fetchone()[0])
            if n_rows:
                found[name] = n_rows
    return found
