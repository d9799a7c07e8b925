"""Writing: rows to insert, rows to change and entries, together in one statement."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from operator import attrgetter, itemgetter
from typing import Any, cast
from uuid import UUID

import orjson
import psycopg
from django.db import DEFAULT_DB_ALIAS, connection, connections, models

from yingxu.ground.models import Entry
from yingxu.ground.refusals import Stale

#: SQLSTATE of the guard in the flush: a row was not in the state that the verb saw.
STALE_STATE = "YX001"


@dataclass(slots=True)
class NewEntry:
    """An entry of the ledger before it is written; a plain value, because a model instance costs ten times as much."""

    uid: UUID
    site_id: int
    kind: str
    subject_kind: str
    subject_id: int
    thread_id: int
    actor_kind: str
    actor_id: int | None
    actor_name: str
    behalf_id: int | None
    happened_at: datetime
    cause: UUID | None
    command_id: str
    facts: dict[str, Any]


@dataclass(slots=True)
class NewCommand:
    """A command that was carried out, before it is written; plain like an entry."""

    id: int
    actor: str
    command_id: str
    digest: str
    result: Any
    carried_out_at: datetime


@dataclass
class Change:
    """A row to change: its new values, and what the verb saw of the old ones, by attribute."""

    row: models.Model
    values: dict[str, Any]
    seen: dict[str, Any]


def to_json(result: Any) -> Any:
    """Return a result dataclass as JSON values; nothing is an empty object."""
    return {} if result is None else _json_value(result)


def _json_value(value: Any) -> Any:
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, tuple | list):
        return [_json_value(part) for part in value]
    if isinstance(value, dict):
        return {key: _json_value(part) for key, part in value.items()}
    if is_dataclass(value):
        return {name: _json_value(getattr(value, name)) for name in value.__dataclass_fields__}
    return _default(value)


def _written(values: list[Any]) -> str:
    """Return rows as one JSON text, the way the database reads it."""
    return orjson.dumps(values, _default, orjson.OPT_NON_STR_KEYS).decode()


def _default(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, UUID | Decimal):
        return str(value)
    if is_dataclass(value):
        return vars(value)
    if isinstance(value, bytes | memoryview):
        return "\\x" + bytes(value).hex()
    if hasattr(value, "lower") and hasattr(value, "bounds"):  # a psycopg range
        return _range_text(value)
    raise TypeError(f"{type(value).__name__} has no place in a row")


def _range_text(value: Any) -> str:
    ends = ["" if end is None else end.isoformat() for end in (value.lower, value.upper)]
    return f"{value.bounds[0]}{ends[0]},{ends[1]}{value.bounds[1]}"


def plain_value(value: Any) -> Any:
    return value.pk if isinstance(value, models.Model) else value


@lru_cache(maxsize=512)
def _attname_of(model: type[models.Model], name: str) -> str:
    return cast(str, cast(Any, model._meta.get_field(name)).attname)


def attribute_of(row: models.Model, name: str) -> str:
    return _attname_of(type(row), name)


@lru_cache(maxsize=128)
def _columns(model: type[models.Model]) -> tuple[tuple[str, str, str], ...]:
    """Return (attribute, column, type) of a model's columns that a writer fills."""
    rows = []
    for field in model._meta.concrete_fields:
        kind = field.db_type(connection) or "text"
        generated = getattr(field, "generated", False)
        identity = isinstance(field, models.BigAutoField | models.AutoField) or (
            model is Entry and field.name in {"id", "recorded_at"}
        )
        if not generated and not identity:
            rows.append((field.attname, cast(str, field.column), kind))
    return tuple(rows)


@lru_cache(maxsize=256)
def _insert_sql(model: type[models.Model]) -> str:
    columns = _columns(model)
    table = model._meta.db_table
    names = ", ".join(f'"{column}"' for _, column, _ in columns)
    picks = ", ".join(_pick(place, kind) for place, (_, _, kind) in enumerate(columns))
    return f'INSERT INTO "{table}" ({names}) SELECT {picks} FROM jsonb_array_elements(%s::jsonb) AS r RETURNING 1'


@lru_cache(maxsize=256)
def _values_of(model: type[models.Model], is_plain: bool) -> Callable[[Any], Any]:
    """Return what reads a new row's values: a plain value's, or a model's, whose content needs no descriptors."""
    names = tuple(attribute for attribute, _, _ in _columns(model))
    if is_plain:
        return attrgetter(*names)
    pick = itemgetter(*names)
    return lambda row: pick(row.__dict__)


def _pick(place: int, kind: str) -> str:
    """Return the SQL that reads one element of the JSON row ``r`` as a value of a column's type."""
    if kind == "jsonb":
        return f"NULLIF(r->{place}, 'null'::jsonb)"
    if kind.endswith("[]"):
        part = kind[:-2]
        return (
            f"CASE WHEN jsonb_typeof(r->{place}) = 'array' THEN "
            f"ARRAY(SELECT e::{part} FROM jsonb_array_elements_text(r->{place}) AS e) END"
        )
    if kind.startswith(("varchar", "char")):
        kind = "text"  # a cast to varchar(n) would cut without a word; assignment refuses instead
    return f"(r->>{place})::{kind}"


@lru_cache(maxsize=512)
def _change_sql(model: type[models.Model], values: tuple[str, ...], seen: tuple[str, ...]) -> str:
    columns = {attribute: (column, kind) for attribute, column, kind in _columns(model)}
    table, key = model._meta.db_table, model._meta.pk.column
    sets = ", ".join(f'"{columns[name][0]}" = {_pick(place, columns[name][1])}' for place, name in enumerate(values, 1))
    guards = "".join(
        f' AND t."{columns[name][0]}" IS NOT DISTINCT FROM {_pick(place, columns[name][1])}'
        for place, name in enumerate(seen, 1 + len(values))
    )
    return (
        f'UPDATE "{table}" AS t SET {sets} FROM jsonb_array_elements(%s::jsonb) AS r '
        f'WHERE t."{key}" = (r->>0)::bigint{guards} RETURNING 1'
    )


#: A table that a statement writes: by inserting, or by setting columns where others are seen, so many rows.
_Part = tuple[type[models.Model], "tuple[tuple[str, ...], tuple[str, ...]] | None", int]


@lru_cache(maxsize=1024)
def _statement(shape: tuple[_Part, ...]) -> str:
    """Return the one statement that writes these tables, a payload of rows for each."""
    bodies, guards = [], []
    for place, (model, columns, n_rows) in enumerate(shape):
        bodies.append(f"p{place} AS ({_insert_sql(model) if columns is None else _change_sql(model, *columns)})")
        if columns is not None:
            guards.append(f"ground_expect((SELECT count(*) FROM p{place}), {n_rows}, '{model._meta.label_lower}')")
    return f"WITH {', '.join(bodies)} SELECT {', '.join(guards) or '1'}"


def write(inserts: dict[type[models.Model], list[Any]], changes: Iterable[Change], entries: list[NewEntry]) -> None:
    """Write rows, changes and entries in one statement; refuse with :class:`Stale` where another state was found."""
    shape: list[_Part] = []
    payloads: list[Any] = []
    for model, rows in inserts.items():
        if rows:
            values_of = _values_of(model, not isinstance(rows[0], models.Model))
            shape.append((model, None, 0))
            payloads.append(_written([values_of(row) for row in rows]))
    grouped: dict[tuple[type[models.Model], tuple[str, ...], tuple[str, ...]], list[list[Any]]] = {}
    for change in changes:
        values, seen = tuple(sorted(change.values)), tuple(sorted(change.seen))
        row = [change.row.pk, *(change.values[name] for name in values), *(change.seen[name] for name in seen)]
        grouped.setdefault((type(change.row), values, seen), []).append(row)
    for (model, values, seen), rows_of in grouped.items():
        shape.append((model, (values, seen), len(rows_of)))
        payloads.append(_written(rows_of))
    if entries:
        values_of = _values_of(Entry, True)
        shape.append((Entry, None, 0))
        payloads.append(_written([values_of(row) for row in entries]))
    if not shape:
        return
    try:
        run_prepared(_statement(tuple(shape)), payloads)
    except Exception as error:
        if getattr(error.__cause__, "sqlstate", None) == STALE_STATE:
            raise Stale(kind=str(error.__cause__).splitlines()[0].split(": ")[-1]) from error
        raise


@lru_cache(maxsize=1024)
def _numbered(statement: str) -> str:
    """Return a statement with the server's own places ($1, $2 …) for ``%s``: it is then not taken apart each time."""
    parts = statement.split("%s")
    marked = (f"{part}${place}" for place, part in enumerate(parts[:-1], 1))
    return f"{''.join(marked)}{parts[-1]}".replace("%%", "%")


class _Prepared(psycopg.RawCursor[tuple[Any, ...]]):
    """A cursor whose parameters are bound by the server; its statements are prepared once a connection.

    Django's own cursor merges parameters into the text, and a wide statement is then parsed and planned afresh each
    time.
    """

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        return super().execute(_numbered(query), params, **{**options, "prepare": True})


def run_prepared(statement: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Run one statement that answers rows, and return them. It is counted and logged like Django's own."""
    link = connections[DEFAULT_DB_ALIAS]
    link.ensure_connection()
    bare = _Prepared(cast(Any, link.connection))
    wrap = link.make_debug_cursor if link.queries_logged else link.make_cursor
    with wrap(cast(Any, bare)) as cursor:
        cursor.execute(statement, values)
        return cast("list[tuple[Any, ...]]", cursor.fetchall())
