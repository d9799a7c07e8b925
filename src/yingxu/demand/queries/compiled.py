"""Hot questions are put into SQL once and run prepared: making and planning them costs more than answering."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet

from yingxu.ground.unit import run_prepared

#: A statement and its values; None where nothing can be found whatever the database holds.
Compiled = tuple[str, tuple[Any, ...]] | None


def compiled(rows: QuerySet[Any, Any]) -> Compiled:
    """Return a question as a statement and its values. Budget: none."""
    try:
        sql, values = rows.query.sql_with_params()
    except EmptyResultSet:
        return None
    return sql, tuple(values)


def run(question: Compiled) -> list[tuple[Any, ...]]:
    """Return the rows of a compiled question as the database gives them. Budget: one query."""
    return [] if question is None else run_prepared(*question)
