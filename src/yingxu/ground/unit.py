"""The unit of work: rows and facts gathered by a verb and its reactions, written together in one statement.

PostgreSQL carries out one statement whole or not at all, so a unit that locked nothing needs no transaction of its own:
one round trip, one durable commit. A unit that must read what it then changes takes :meth:`Unit.locking`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from types import TracebackType
from typing import Any, TypeVar, cast
from uuid import UUID

import psycopg
from django.db import IntegrityError, connection, models, transaction

from yingxu.ground import ids
from yingxu.ground.actor import Actor
from yingxu.ground.ledger import DEPTH_LIMIT, Fact, woken_by
from yingxu.ground.models import Command, Delivery, Entry
from yingxu.ground.refusals import CommandReused, Refusal, Stale, TooDeep
from yingxu.ground.results import from_json

Row = TypeVar("Row", bound=models.Model)
Answer = TypeVar("Answer")

#: SQLSTATE of the guard in the flush: a row was not in the state that the verb saw.
STALE_STATE = "YX001"


@dataclass
class CommandKey:
    """The id that the sender gave a command, and a digest of its body. The unit says whether it was carried out before."""

    command_id: str
    digest: str
    is_replayed: bool = False


@dataclass
class _Change:
    row: models.Model
    values: dict[str, Any]
    seen: dict[str, Any]


class Unit:
    """Gathers rows to insert, rows to change and facts, and writes them when its block ends without an exception.

    Parameters
    ----------
    actor : who acts.
    at : the moment of the act (aware). ``happened_at`` of its facts unless they say otherwise.
    command : the sender's id of this command; a command that was carried out before answers again what it answered.
    happened_at : when it was true, for work that arrives late from a phone without signal; default ``at``.
    """

    def __init__(
        self, *, actor: Actor, at: datetime, command: CommandKey | None = None, happened_at: datetime | None = None
    ) -> None:
        self.actor = actor
        self.at = at
        self.happened_at = happened_at or at
        self.command = command
        self.replayed = False
        self._answer: Any = None
        self._inserts: dict[type[models.Model], list[models.Model]] = {}
        self._changes: dict[tuple[type[models.Model], int], _Change] = {}
        self._entries: list[Entry] = []
        self._causes: list[UUID] = []
        self._new: dict[tuple[type[models.Model], int], models.Model] = {}
        self._stack = ExitStack()

    # gathering

    def insert(self, row: Row) -> Row:
        """Add a new row."""
        self._inserts.setdefault(type(row), []).append(row)
        self._new[type(row), cast(int, row.pk)] = row
        return row

    def change(self, row: Row, *, seen: Iterable[str] = (), **values: Any) -> Row:
        """Change a row; refuse with :class:`Stale` if a ``seen`` field no longer holds what the row in hand says."""
        key = (type(row), cast(int, row.pk))
        if key in self._new:
            pending = self._new[key]
            for name, value in values.items():
                setattr(pending, name, value)
        else:
            change = self._changes.setdefault(key, _Change(row, {}, {}))
            for name in seen:
                attname = _attname(row, name)
                if attname not in change.values:
                    change.seen.setdefault(attname, getattr(row, attname))
            change.values.update({_attname(row, name): _plain_value(value) for name, value in values.items()})
        for name, value in values.items():
            setattr(row, name, value)
        return row

    def fresh(self, model: type[Row], key: int) -> Row | None:
        """Return the row with that key if this unit made or changed it."""
        row = self._new.get((model, key))
        if row is None and (model, key) in self._changes:
            row = self._changes[model, key].row
        return cast("Row | None", row)

    def record(self, fact: Fact, *, happened_at: datetime | None = None, actor: Actor | None = None) -> UUID:
        """Record a fact and run the reactions that it wakes. Returns the entry's uid."""
        who = actor or self.actor
        entry = Entry(
            uid=ids.new_uid(),
            site_id=fact.site_id,
            kind=fact.kind,
            subject_kind=fact.subject_kind,
            subject_id=fact.subject_id,
            thread_id=fact.thread_id,
            actor_kind=who.kind,
            actor_id=who.id,
            actor_name=who.name,
            behalf_id=who.behalf_id,
            happened_at=happened_at or self.happened_at,
            cause=self._causes[-1] if self._causes else None,
            command_id=self.command.command_id if self.command else "",
            facts=fact.facts(),
        )
        self._entries.append(entry)
        reactions = woken_by(type(fact))
        if reactions:
            if len(self._causes) >= DEPTH_LIMIT:
                raise TooDeep(kind=fact.kind)
            self._causes.append(entry.uid)
            try:
                for react in reactions:
                    react(fact, self)
            finally:
                self._causes.pop()
        return entry.uid

    def deliver(self, *, entry: UUID, fact: Fact, channel: str, to_account_id: int | None = None, address: str = "") -> None:
        """Queue a message about a fact for somebody; a worker sends it after the commit."""
        self.insert(
            Delivery(
                site_id=fact.site_id,
                entry=entry,
                channel=channel,
                to_account_id=to_account_id,
                address=address,
                kind=fact.kind,
                facts=fact.facts(),
                subject_id=fact.thread_id,
                due_at=self.at,
            )
        )

    @property
    def cause(self) -> UUID:
        """The uid of the fact that woke the running reaction."""
        return self._causes[-1]

    # answering

    def answer(self, result: Answer) -> Answer:
        """State the verb's result (a frozen dataclass), kept with the command."""
        self._answer = result
        return result

    def answered(self, kind: type[Answer]) -> Answer:
        """Return the result, from this run or from the first run of the same command."""
        if isinstance(self._answer, dict):
            return from_json(kind, self._answer)
        return cast(Answer, self._answer)

    # writing

    def locking(self) -> None:
        """Open a transaction now, because what follows reads rows that it locks."""
        self._stack.enter_context(transaction.atomic())

    def __enter__(self) -> Unit:
        return self

    def __exit__(self, kind: type[BaseException] | None, why: BaseException | None, trace: TracebackType | None) -> bool:
        if why is None:
            try:
                self._flush()
            except (IntegrityError, Stale) as error:
                self._stack.__exit__(type(error), error, error.__traceback__)
                if self._replay(error):
                    return True
                raise
            self._stack.close()
            return False
        self._stack.__exit__(kind, why, trace)
        return isinstance(why, Refusal) and self._replay(why)

    def _replay(self, why: BaseException) -> bool:
        """Answer again what the same command answered the first time; refuse another body under its id."""
        if self.command is None:
            return False
        known = Command.objects.filter(actor=self.actor.key, command_id=self.command.command_id).first()
        if known is None:
            return False
        if known.digest != self.command.digest:
            raise CommandReused(command_id=self.command.command_id) from why
        self._answer = known.result
        self.replayed = self.command.is_replayed = True
        return True

    def _flush(self) -> None:
        if self.command is not None:
            self.insert(
                Command(
                    id=ids.next_key(),
                    actor=self.actor.key,
                    command_id=self.command.command_id,
                    digest=self.command.digest,
                    result=to_json(self._answer),
                    carried_out_at=self.at,
                )
            )
        # inside an outer transaction a refused duplicate must not take the whole with it
        around = transaction.atomic() if self.command is not None and connection.in_atomic_block else nullcontext()
        with around:
            write(self._inserts, self._changes.values(), self._entries)


def to_json(result: Any) -> Any:
    """Return a result dataclass as JSON values."""
    return json.loads(json.dumps(result, default=_default)) if result is not None else {}


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


def _plain_value(value: Any) -> Any:
    return value.pk if isinstance(value, models.Model) else value


@lru_cache(maxsize=512)
def _attname_of(model: type[models.Model], name: str) -> str:
    return cast(str, cast(Any, model._meta.get_field(name)).attname)


def _attname(row: models.Model, name: str) -> str:
    return _attname_of(type(row), name)


@lru_cache(maxsize=128)
def _columns(model: type[models.Model]) -> tuple[tuple[str, str, str], ...]:
    """Return (attribute, column, type) of a model's columns that a writer fills."""
    rows = []
    for field in model._meta.concrete_fields:
        kind = field.db_type(connection) or "text"
        generated = getattr(field, "generated", False)
        identity = isinstance(field, models.BigAutoField | models.AutoField) or (model is Entry and field.name in {"id", "recorded_at"})
        if not generated and not identity:
            rows.append((field.attname, cast(str, field.column), kind))
    return tuple(rows)


@lru_cache(maxsize=256)
def _insert_sql(model: type[models.Model]) -> tuple[str, Callable[[models.Model], list[Any]]]:
    columns = _columns(model)
    table = model._meta.db_table
    names = ", ".join(f'"{column}"' for _, column, _ in columns)
    picks = ", ".join(_pick(place, kind) for place, (_, _, kind) in enumerate(columns))
    sql = f'INSERT INTO "{table}" ({names}) SELECT {picks} FROM jsonb_array_elements(%s::jsonb) AS r RETURNING 1'  # noqa: S608
    attributes = tuple(attribute for attribute, _, _ in columns)
    return sql, lambda row: [getattr(row, attribute) for attribute in attributes]


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
    table, key = model._meta.db_table, cast("models.Field[Any, Any]", model._meta.pk).column
    sets = ", ".join(f'"{columns[name][0]}" = {_pick(place, columns[name][1])}' for place, name in enumerate(values, 1))
    guards = "".join(
        f' AND t."{columns[name][0]}" IS NOT DISTINCT FROM {_pick(place, columns[name][1])}'
        for place, name in enumerate(seen, 1 + len(values))
    )
    return (
        f'UPDATE "{table}" AS t SET {sets} FROM jsonb_array_elements(%s::jsonb) AS r '  # noqa: S608
        f'WHERE t."{key}" = (r->>0)::bigint{guards} RETURNING 1'
    )


def write(
    inserts: dict[type[models.Model], list[models.Model]], changes: Iterable[_Change], entries: list[Entry]
) -> None:
    """Write rows, changes and entries in one statement; refuse with :class:`Stale` when a change found another state."""
    parts: list[tuple[str, str, int, str]] = []
    for model, rows in inserts.items():
        sql, values_of = _insert_sql(model)
        parts.append((sql, json.dumps([values_of(row) for row in rows], default=_default, ensure_ascii=False), len(rows), ""))
    grouped: dict[tuple[type[models.Model], tuple[str, ...], tuple[str, ...]], list[list[Any]]] = {}
    for change in changes:
        values, seen = tuple(sorted(change.values)), tuple(sorted(change.seen))
        row = [change.row.pk, *(change.values[name] for name in values), *(change.seen[name] for name in seen)]
        grouped.setdefault((type(change.row), values, seen), []).append(row)
    for (model, values, seen), rows_of in grouped.items():
        sql = _change_sql(model, values, seen)
        parts.append((sql, json.dumps(rows_of, default=_default, ensure_ascii=False), len(rows_of), model._meta.label_lower))
    if entries:
        sql, values_of = _insert_sql(Entry)
        parts.append((sql, json.dumps([values_of(row) for row in entries], default=_default, ensure_ascii=False), len(entries), ""))
    if not parts:
        return
    bodies = ", ".join(f"p{place} AS ({sql})" for place, (sql, _, _, _) in enumerate(parts))
    guards = [
        f"ground_expect((SELECT count(*) FROM p{place}), {n}, '{label}')"
        for place, (_, _, n, label) in enumerate(parts)
        if label
    ]
    statement = f"WITH {bodies} SELECT {', '.join(guards) or '1'}"
    try:
        run_prepared(statement, [payload for _, payload, _, _ in parts])
    except Exception as error:
        if getattr(error.__cause__, "sqlstate", None) == STALE_STATE:
            raise Stale(kind=str(error.__cause__).splitlines()[0].split(": ")[-1]) from error
        raise


class _Prepared(psycopg.Cursor[tuple[Any, ...]]):
    """A cursor whose parameters are bound by the server; its statements are prepared once a connection.

    Django's own cursor merges parameters into the text, and a wide statement is then parsed and planned afresh each time.
    """

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        return super().execute(query, params, **{**options, "prepare": True})


def run_prepared(statement: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Run one statement that answers rows, and return them. It is counted and logged like Django's own."""
    connection.ensure_connection()
    bare = _Prepared(connection.connection)
    wrap = connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
    with wrap(bare) as cursor:
        cursor.execute(statement, values)
        return cast("list[tuple[Any, ...]]", cursor.fetchall())
