"""Hot questions are put into SQL once a process and run prepared: making and planning them is the larger cost."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet

from yingxu.ground.unit import run_prepared

#: Stand for the values that change from question to question.
ANY_KEY, ANY_UID = -7_236_711_000_001, UUID(int=7_236_711)


def hot(make: Callable[[], QuerySet[Any, Any]]) -> Callable[[Any], list[tuple[Any, ...]]]:
    """Return a question of one value; ``make`` gives its query set with ANY_KEY or ANY_UID in the value's place.

    Its rows come as the database gives them (JSON may come as text). Budget: one query.
    """

    @cache
    def question() -> tuple[str, tuple[Any, ...]] | None:
        try:
            sql, values = make().query.sql_with_params()
        except EmptyResultSet:  # nothing can answer it: the actor may see no row at all
            return None
        return sql, tuple(values)

    def ask(value: Any) -> list[tuple[Any, ...]]:
        known = question()
        if known is None:
            return []
        sql, values = known
        return run_prepared(sql, [value if one in (ANY_KEY, ANY_UID) else one for one in values])

    return ask


def read_json(value: Any) -> Any:
    """Return JSON as values, whichever way the connection hands it over."""
    return json.loads(value) if isinstance(value, str | bytes) else value
