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
from django.db import connection, models

from yingxu.ground.models import Entry
from yingxu.ground.prepared import run_prepared
from yingxu.ground.refusals import Stale

#: SQLSTATE of the guard in the flush: a row was not in the state that the verb saw.
STALE_STATE = "YX001"
#: The row of marks that kept readings stand under, and what its guard is called.
ASKING, _MARK_LABEL = "asking", "ground.mark"


class Outdated(Exception):
    """What the verb relied on was changed by another process; nothing was written, the verb begins again."""


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


@dataclass(frozen=True)
class _Layout:
    """How a model's new rows are written: the columns that travel with each row, and those that rest on a default.

    A new job leaves thirty of its sixty columns as they are by themselves. A column in which no row of this process has
    differed yet is a constant of the statement; the first that differs makes it travel from then on.
    """

    sql: str
    values_of: Callable[[Any], tuple[Any, ...]]
    travelling: frozenset[str]
    resting: tuple[str, ...]
    resting_of: Callable[[dict[str, Any]], tuple[Any, ...]]
    defaults: tuple[Any, ...]

    @classmethod
    def of(cls, model: type[models.Model], travelling: frozenset[str], *, is_plain: bool = False) -> _Layout:
        """Return the layout in which so many columns travel, and of a plain value all."""
        defaults = {} if is_plain else _defaults(model)
        resting = tuple(name for name in defaults if name not in travelling)
        columns = _columns(model)
        names = tuple(name for name, _, _ in columns if name not in resting)
        place = {name: number for number, name in enumerate(names)}
        picks = ", ".join(
            _pick(place[name], kind) if name in place else _constant(defaults[name], kind) for name, _, kind in columns
        )
        into = ", ".join(f'"{column}"' for _, column, _ in columns)
        sql = (
            f'INSERT INTO "{model._meta.db_table}" ({into}) '
            f"SELECT {picks} FROM jsonb_array_elements(%s::jsonb) AS r RETURNING 1"
        )
        of_content = _picker(names)
        values_of = attrgetter(*names) if is_plain else lambda row: of_content(row.__dict__)
        return cls(sql, values_of, travelling, resting, _picker(resting), tuple(defaults[name] for name in resting))

    def fits(self, row: models.Model) -> bool:
        """Tell whether the row says nothing else in the columns that rest."""
        return self.resting_of(row.__dict__) == self.defaults


def _picker(names: tuple[str, ...]) -> Callable[[dict[str, Any]], tuple[Any, ...]]:
    """Return what reads these names of a row's content, without the framework's descriptors; always as a tuple."""
    if len(names) > 1:
        return cast("Callable[[dict[str, Any]], tuple[Any, ...]]", itemgetter(*names))
    return lambda content: tuple(content[name] for name in names)


@lru_cache(maxsize=128)
def _defaults(model: type[models.Model]) -> dict[str, Any]:
    """Return what a model's columns say by themselves, where that is a constant."""
    written = {name for name, _, _ in _columns(model)}
    found = {}
    for field in model._meta.concrete_fields:
        is_made = field.has_default() and callable(field.default) and field.default not in (list, dict)
        if field.attname not in written or is_made:
            continue
        value = field.get_default()
        if value is None or isinstance(value, str | bool | int) or value in ([], {}):
            found[field.attname] = value
    return found


def _constant(value: Any, kind: str) -> str:
    """Return a default as SQL."""
    if value is None:
        return f"NULL::{kind}"
    if isinstance(value, bool | int):
        return f"{value}::{kind}"
    if isinstance(value, str):
        said = value.replace("'", "''").replace("%", "%%")
        return f"'{said}'::text"
    return "'{}'::" + kind if kind.endswith("[]") or value == {} else "'[]'::jsonb"


_layouts: dict[tuple[type[models.Model], bool], _Layout] = {}


def _layout(model: type[models.Model], rows: Sequence[Any]) -> _Layout:
    """Return how these new rows are written."""
    is_plain = not isinstance(rows[0], models.Model)
    known = _layouts.get((model, is_plain)) or _Layout.of(model, frozenset(), is_plain=is_plain)
    for row in () if is_plain else rows:
        if not known.fits(row):
            said = zip(known.resting, known.resting_of(row.__dict__), known.defaults, strict=True)
            known = _Layout.of(model, known.travelling | {name for name, value, default in said if value != default})
    _layouts[model, is_plain] = known
    return known


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


#: A part of a statement: its SQL, and the table and number of rows that it must have changed; of new rows "" and 0.
_Part = tuple[str, str, int]


@lru_cache(maxsize=1024)
def _statement(parts: tuple[_Part, ...], has_mark: bool) -> str:
    """Return the one statement of these parts, a payload of rows for each; last the mark relied on."""
    bodies, guards = [], []
    for place, (sql, table, n_rows) in enumerate(parts):
        bodies.append(f"p{place} AS ({sql})")
        if table:
            guards.append(f"ground_expect((SELECT count(*) FROM p{place}), {n_rows}, '{table}')")
    if has_mark:
        same = f"SELECT count(*) FROM ground_mark WHERE name = '{ASKING}' AND value = %s::uuid"
        guards.append(f"ground_expect(({same}), 1, '{_MARK_LABEL}')")
    return f"WITH {', '.join(bodies)} SELECT {', '.join(guards) or '1'}"


def write(
    inserts: dict[type[models.Model], list[Any]],
    changes: Iterable[Change],
    entries: list[NewEntry],
    *,
    mark: UUID | None = None,
) -> None:
    """Write rows, changes and entries in one statement; refuse with :class:`Stale` where another state was found.

    Raises :class:`Outdated` where another ``mark`` stands than the one that the verb's kept readings were read under.
    """
    parts: list[_Part] = []
    payloads: list[Any] = []

    def add(model: type[models.Model], rows: Sequence[Any]) -> None:
        layout = _layout(model, rows)
        parts.append((layout.sql, "", 0))
        payloads.append(_written([layout.values_of(row) for row in rows]))

    for model, rows in inserts.items():
        if rows:
            add(model, rows)
    grouped: dict[tuple[type[models.Model], tuple[str, ...], tuple[str, ...]], list[list[Any]]] = {}
    for change in changes:
        values, seen = tuple(sorted(change.values)), tuple(sorted(change.seen))
        row = [change.row.pk, *(change.values[name] for name in values), *(change.seen[name] for name in seen)]
        grouped.setdefault((type(change.row), values, seen), []).append(row)
    for (model, values, seen), rows_of in grouped.items():
        parts.append((_change_sql(model, values, seen), model._meta.label_lower, len(rows_of)))
        payloads.append(_written(rows_of))
    if entries:
        add(Entry, entries)
    if not parts:
        return
    if mark is not None:
        payloads.append(mark)
    try:
        run_prepared(_statement(tuple(parts), mark is not None), payloads)
    except Exception as error:
        if getattr(error.__cause__, "sqlstate", None) == STALE_STATE:
            label = str(error.__cause__).splitlines()[0].split(": ")[-1]
            raise (Outdated() if label == _MARK_LABEL else Stale(kind=label)) from error
        raise
