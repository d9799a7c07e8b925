"""The bulk path: many verbs, one transaction, few statements.

Inside ``with Batch():`` the ordinary verbs run unchanged. Each unit of work hands over what it gathered instead of
writing it; the next one finds those rows in memory; the whole is written when the block ends. A verb that refuses
contributes nothing. A question that reads a table with rows still in hand sees them too: they are written first, in the
same transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from contextvars import Token
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, TypeVar, cast
from uuid import UUID

from django.db import connection, models, transaction

from yingxu.ground.models import Command, Entry
from yingxu.ground.unit import IN_BATCH
from yingxu.ground.writing import Change, NewCommand, NewEntry, write

Row = TypeVar("Row", bound=models.Model)
Value = TypeVar("Value")
Key = tuple[type[models.Model], int]


@dataclass
class Counts:
    """What a batch did, for those who measure."""

    units: int = 0
    rows: int = 0
    changes: int = 0
    entries: int = 0
    writes: int = 0
    #: Writes forced by a question that had to see rows in hand.
    early_writes: int = 0


@dataclass
class _InHand:
    """Rows that the batch made, changed or read: one instance of each."""

    rows: dict[Key, models.Model] = field(default_factory=dict)
    by_model: dict[type[models.Model], dict[int, models.Model]] = field(default_factory=dict)
    by_uid: dict[tuple[type[models.Model], UUID], models.Model] = field(default_factory=dict)
    #: Keys of rows made here: whatever points to them was made here as well.
    born: set[int] = field(default_factory=set)
    #: (model, field) -> value -> rows by key; kept up for the pairs that somebody asked for.
    kin: dict[tuple[type[models.Model], str], dict[Any, dict[int, models.Model]]] = field(default_factory=dict)
    kin_read: set[tuple[type[models.Model], str, Any]] = field(default_factory=set)


class Batch:
    """Gathers units of work and writes them together. One at a time in a thread; batches do not nest.

    A row that somebody else changed meanwhile makes the whole batch refuse with ``Stale``, a key that is taken makes it
    fail with IntegrityError; nothing of it is written then.
    """

    def __init__(self) -> None:
        self.counts = Counts()
        self._in_hand = _InHand()
        self._inserts: dict[type[models.Model], list[Any]] = {}
        self._unwritten: dict[Key, models.Model] = {}
        self._changes: dict[Key, Change] = {}
        self._entries: list[NewEntry] = []
        self._tables: set[str] = set()
        self._before: dict[int, tuple[models.Model, dict[str, Any]]] = {}
        self._commands: dict[tuple[str, str], tuple[str, Any] | None] = {}
        self._recalled: dict[Hashable, Any] = {}
        self._leaning: dict[type[models.Model], set[Hashable]] = {}
        self.n_quiet = 0
        self._token: Token[Batch | None] | None = None

    def __enter__(self) -> Batch:
        if IN_BATCH.get() is not None:
            raise RuntimeError("batches do not nest")
        self._atomic = transaction.atomic()
        self._atomic.__enter__()
        # by hand: a refusal is frozen, and a generator's context manager would write its traceback
        connection.execute_wrappers.append(self._before_reading)
        self._token = IN_BATCH.set(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, why: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._token is not None:
            IN_BATCH.reset(self._token)
        try:
            if why is None:
                self.write()
        except BaseException as error:
            connection.execute_wrappers.remove(self._before_reading)
            self._atomic.__exit__(type(error), error, error.__traceback__)
            raise
        connection.execute_wrappers.remove(self._before_reading)
        self._atomic.__exit__(kind, why, trace)

    # what units hand over

    def take(
        self,
        inserts: dict[type[models.Model], list[models.Model]],
        changes: dict[Key, Change],
        entries: list[NewEntry],
        commands: list[NewCommand],
    ) -> None:
        """Take over what a unit gathered."""
        self.counts.units += 1
        self._before.clear()
        for model, rows in inserts.items():
            self._inserts.setdefault(model, []).extend(rows)
            self._tables.add(model._meta.db_table)
            self._forget_recalled(model)
            for row in rows:
                key = cast(int, row.pk)
                self._unwritten[model, key] = row
                self._in_hand.born.add(key)
                self._keep(row)
        for key_of, change in changes.items():
            self._take_change(key_of, change)
        self._entries.extend(entries)
        if entries:
            self._tables.add(Entry._meta.db_table)
        for command in commands:
            self._inserts.setdefault(Command, []).append(command)
            self._tables.add(Command._meta.db_table)
            self._commands[command.actor, command.command_id] = (command.digest, command.result)

    def about_to_change(self, row: models.Model) -> None:
        """Keep a row as it is: it outlives the unit that changes it, and the verb may still refuse."""
        self._before.setdefault(id(row), (row, dict(row.__dict__)))

    def take_back(self) -> None:
        """Give the rows that a refusing unit changed their old values."""
        for row, as_it_was in self._before.values():
            _put(row, as_it_was)
        self._before.clear()

    def _take_change(self, key: Key, change: Change) -> None:
        known = self._in_hand.rows.get(key)
        if known is not None and known is not change.row:
            for name, value in change.values.items():
                setattr(known, name, value)
        elif known is None and not change.row._state.adding:
            self._keep(change.row)
        row = known if known is not None else change.row
        for (model, name), by_value in self._in_hand.kin.items():
            if model is key[0] and name in change.values:
                by_value.setdefault(change.values[name], {})[key[1]] = row
        self._forget_recalled(key[0])
        if key in self._unwritten:
            return  # one insert says it all
        merged = self._changes.setdefault(key, Change(row, {}, {}))
        for name, value in change.seen.items():
            if name not in merged.values:
                merged.seen.setdefault(name, value)
        merged.values.update(change.values)
        self._tables.add(key[0]._meta.db_table)

    def _keep(self, row: models.Model) -> None:
        model, key = type(row), cast(int, row.pk)
        self._in_hand.rows[model, key] = row
        self._in_hand.by_model.setdefault(model, {})[key] = row
        uid = getattr(row, "uid", None)
        if uid is not None:
            self._in_hand.by_uid[model, uid] = row
        for (kind, name), by_value in self._in_hand.kin.items():
            if kind is model:
                by_value.setdefault(getattr(row, name), {})[key] = row

    # what units find

    def fresh(self, model: type[Row], key: int) -> Row | None:
        """Return the row with that key if the batch has it in hand."""
        return cast("Row | None", self._in_hand.rows.get((model, key)))

    def by_uid(self, model: type[Row], uid: UUID, fetch: Callable[[], Row | None]) -> Row | None:
        """Return the row with that uid: from the hand, else as ``fetch`` reads it, in hand from then on."""
        row = self._in_hand.by_uid.get((model, uid))
        if row is not None:
            return cast(Row, row)
        with self.quietly():
            found = fetch()
        return None if found is None else self.own(found)

    def read(self, fetch: Callable[[], Row]) -> Row:
        """Return a row that the batch does not have in hand as ``fetch`` reads it, in hand from then on."""
        with self.quietly():
            row = fetch()
        return self.own(row)

    def own(self, row: Row) -> Row:
        """Return the batch's instance of a row that was just read, with what the batch changed of it."""
        key = (type(row), cast(int, row.pk))
        known = self._in_hand.rows.get(key)
        if known is not None:
            return cast(Row, known)
        pending = self._changes.get(key)
        if pending is not None:
            for name, value in pending.values.items():
                setattr(row, name, value)
            pending.row = row
        self._keep(row)
        return row

    def kin(self, model: type[Row], name: str, value: Any, fetch: Callable[[], Iterable[Row]]) -> list[Row]:
        """Return the rows of a model whose column ``name`` holds ``value``, oldest key first, as the batch has them.

        ``fetch`` reads them from the database, once, and not at all when the row they point to was made here.
        """
        index = self._in_hand.kin.get((model, name))
        if index is None:
            index = self._in_hand.kin[model, name] = {}
            for key, row in self._in_hand.by_model.get(model, {}).items():
                index.setdefault(getattr(row, name), {})[key] = row
        asked = (model, name, value)
        if value not in self._in_hand.born and asked not in self._in_hand.kin_read:
            with self.quietly():
                found = list(fetch())
            for row in found:
                self.own(row)
            self._in_hand.kin_read.add(asked)
        rows = index.get(value, {})
        return [cast(Row, rows[key]) for key in sorted(rows) if getattr(rows[key], name) == value]

    def rows(self, model: type[Row]) -> Iterator[Row]:
        """Yield every row of a model that the batch has in hand."""
        return (cast(Row, row) for row in self._in_hand.by_model.get(model, {}).values())

    def recall(self, key: Hashable, fetch: Callable[[], Value], *, of: Iterable[type[models.Model]]) -> Value:
        """Return what ``fetch`` read the first time; read anew after the batch touched one of the models ``of``."""
        if key not in self._recalled:
            self._recalled[key] = fetch()
            for model in of:
                self._leaning.setdefault(model, set()).add(key)
        return cast(Value, self._recalled[key])

    def _forget_recalled(self, model: type[models.Model]) -> None:
        for key in self._leaning.pop(model, ()):
            self._recalled.pop(key, None)

    # commands that arrive twice

    def expect(self, actor_key: str, command_ids: Iterable[str]) -> set[str]:
        """Look up in one query which of these commands were carried out before; returns their ids."""
        asked = [one for one in command_ids if (actor_key, one) not in self._commands]
        self._commands.update(dict.fromkeys(((actor_key, one) for one in asked), None))
        found = Command.objects.filter(actor=actor_key, command_id__in=asked).values_list(
            "command_id", "digest", "result"
        )
        with self.quietly():
            for command_id, digest, result in found:
                self._commands[actor_key, command_id] = (digest, result)
        return {one for one in asked if self._commands[actor_key, one] is not None}

    def carried_out(self, actor_key: str, command_id: str) -> tuple[str, Any] | None:
        """Return the digest and the result of a command that was carried out before, in this batch or ever."""
        if (actor_key, command_id) not in self._commands:
            self.expect(actor_key, [command_id])
        return self._commands[actor_key, command_id]

    # writing

    def write(self) -> None:
        """Write what is in hand, in one statement; what was in hand stays in hand to be found."""
        if not self._tables:
            return
        inserts, changes, entries = self._inserts, self._changes, self._entries
        self._inserts, self._changes, self._entries, self._unwritten, self._tables = {}, {}, [], {}, set()
        self.counts.writes += 1
        self.counts.rows += sum(map(len, inserts.values()))
        self.counts.changes += len(changes)
        self.counts.entries += len(entries)
        # a unit at work may have changed rows that it has not handed over: they are written as they were before it
        meanwhile = [(row, dict(row.__dict__)) for row, _ in self._before.values()]
        for row, as_it_was in self._before.values():
            _put(row, as_it_was)
        try:
            with self.quietly():
                write(inserts, changes.values(), entries)
        finally:
            for row, as_it_is in meanwhile:
                _put(row, as_it_is)

    def quietly(self) -> _Quiet:
        """Read without writing first: for rows that the batch cannot have changed, or knows better itself."""
        return _Quiet(self)

    def _before_reading(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        if not self.n_quiet and self._tables:
            text = str(sql)
            if any(table in text for table in self._tables):
                self.counts.early_writes += 1
                self.write()
        return execute(sql, params, many, context)


def _put(row: models.Model, values: dict[str, Any]) -> None:
    row.__dict__.clear()
    row.__dict__.update(values)


class _Quiet:
    def __init__(self, batch: Batch) -> None:
        self._batch = batch

    def __enter__(self) -> None:
        self._batch.n_quiet += 1

    def __exit__(self, *ignored: object) -> None:
        self._batch.n_quiet -= 1
