"""The unit of work: rows and facts gathered by a verb and its reactions, written together in one statement.

PostgreSQL carries out one statement whole or not at all, so a unit that locked nothing needs no transaction of its own:
one round trip, one durable commit. A unit that must read what it then changes takes :meth:`Unit.locking`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from contextlib import ExitStack, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from django.db import IntegrityError, models, transaction

from yingxu.ground import ids
from yingxu.ground.actor import Actor
from yingxu.ground.ledger import DEPTH_LIMIT, Fact, woken_by
from yingxu.ground.manner import manner
from yingxu.ground.models import Command, Delivery
from yingxu.ground.prepared import database, run_prepared
from yingxu.ground.refusals import CommandReused, Refusal, Stale, TooDeep
from yingxu.ground.results import from_json
from yingxu.ground.writing import (
    Change,
    NewCommand,
    NewEntry,
    Outdated,
    attribute_of,
    plain_value,
    to_json,
    write,
)

if TYPE_CHECKING:
    from yingxu.ground.batch import Batch

__all__ = ["IN_BATCH", "CommandKey", "Unit", "recalled", "run_prepared", "to_json", "write"]

Row = TypeVar("Row", bound=models.Model)
Answer = TypeVar("Answer")
Value = TypeVar("Value")

#: The batch that this thread's units hand over to, on the bulk path.
IN_BATCH: ContextVar[Batch | None] = ContextVar("batch", default=None)


@dataclass
class CommandKey:
    """The id that the sender gave a command, a digest of its body; the unit says whether it was carried out before."""

    command_id: str
    digest: str
    is_replayed: bool = False


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
        self._changes: dict[tuple[type[models.Model], int], Change] = {}
        self._entries: list[NewEntry] = []
        self._commands: list[NewCommand] = []
        self._causes: list[UUID] = []
        self._new: dict[tuple[type[models.Model], int], models.Model] = {}
        self._stack = ExitStack()
        self._mark: UUID | None = None
        self.batch = IN_BATCH.get()

    # gathering

    def insert(self, row: Row) -> Row:
        """Add a new row."""
        kind = type(row)
        self._inserts.setdefault(kind, []).append(row)
        self._new[kind, cast(int, row.pk)] = row
        return row

    def change(self, row: Row, *, seen: Iterable[str] = (), **values: Any) -> Row:
        """Change a row; refuse with :class:`Stale` if a ``seen`` field no longer holds what the row in hand says."""
        key = (type(row), cast(int, row.pk))
        if key in self._new:
            pending = self._new[key]
            for name, value in values.items():
                setattr(pending, name, value)
        else:
            if self.batch is not None:
                self.batch.about_to_change(row)
            change = self._changes.setdefault(key, Change(row, {}, {}))
            for name in seen:
                attname = attribute_of(row, name)
                if attname not in change.values:
                    change.seen.setdefault(attname, getattr(row, attname))
            change.values.update({attribute_of(row, name): plain_value(value) for name, value in values.items()})
        for name, value in values.items():
            setattr(row, name, value)
        return row

    def fresh(self, model: type[Row], key: int) -> Row | None:
        """Return the row with that key if this unit made or changed it, or its batch has it in hand."""
        row = self._new.get((model, key))
        if row is None and self.batch is not None:
            row = self.batch.fresh(model, key)
        if row is None and (model, key) in self._changes:
            row = self._changes[model, key].row
        return cast("Row | None", row)

    def by_uid(self, model: type[Row], uid: UUID, fetch: Callable[[], Row | None]) -> Row | None:
        """Return the row with that uid as the batch has it in hand, else as ``fetch`` reads it."""
        return fetch() if self.batch is None else self.batch.by_uid(model, uid, fetch)

    def by_key(self, model: type[Row], key: int, fetch: Callable[[], Row]) -> Row:
        """Return the row with that key if this unit or its batch has it in hand, else as ``fetch`` reads it."""
        row = self.fresh(model, key)
        if row is not None:
            return row
        return fetch() if self.batch is None else self.batch.read(fetch)

    def kin(self, model: type[Row], name: str, value: Any, fetch: Callable[[], Iterable[Row]]) -> list[Row]:
        """Return the rows whose column ``name`` holds ``value``, oldest first, as the batch has them or as read."""
        return list(fetch()) if self.batch is None else self.batch.kin(model, name, value, fetch)

    def record(self, fact: Fact, *, happened_at: datetime | None = None, actor: Actor | None = None) -> UUID:
        """Record a fact and run the reactions that it wakes. Returns the entry's uid."""
        who = actor or self.actor
        entry = NewEntry(
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
            facts={**fact.own(), **manner().marks},
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

    def deliver(
        self, *, entry: UUID, fact: Fact, channel: str, to_account_id: int | None = None, address: str = ""
    ) -> None:
        """Queue a message about a fact for somebody; a worker sends it after the commit. None where all is retold."""
        if manner().is_muted:
            return
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

    def relies_on(self, mark: UUID | None) -> None:
        """State the mark that kept readings were read under: where another stands, the write raises Outdated."""
        self._mark = mark

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
        """Open a transaction now, because what follows reads rows that it locks. A batch has one open already."""
        if self.batch is not None:
            return
        self._stack.enter_context(transaction.atomic())

    def __enter__(self) -> Unit:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, why: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if self.batch is not None:
            return self._hand_over(self.batch, why)
        if why is None:
            try:
                self._flush()
            except BaseException as error:
                # whatever it was, a connection that was cut too: a transaction left open would never be left again,
                # and this thread could not open another connection
                self._stack.__exit__(type(error), error, error.__traceback__)
                if isinstance(error, IntegrityError | Stale | Outdated) and self._replay(error):
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
        self._answer_again(self.command, known.digest, known.result, why)
        return True

    def _answer_again(self, command: CommandKey, digest: str, result: Any, why: BaseException | None) -> None:
        if digest != command.digest:
            raise CommandReused(command_id=command.command_id) from why
        self._answer = result
        self.replayed = command.is_replayed = True

    def _hand_over(self, batch: Batch, why: BaseException | None) -> bool:
        """Give the batch what was gathered; a verb that refuses, or was carried out before, leaves nothing behind."""
        known = None
        if self.command is not None and (why is None or isinstance(why, Refusal)):
            known = batch.carried_out(self.actor.key, self.command.command_id)
        if why is not None or known is not None:
            batch.take_back()
        if known is not None and self.command is not None:
            self._answer_again(self.command, *known, why)
            return True
        if why is None:
            self._keep_command()
            batch.take(self._inserts, self._changes, self._entries, self._commands)
        return False

    def _keep_command(self) -> None:
        if self.command is not None:
            self._commands.append(
                NewCommand(
                    id=ids.next_key(),
                    actor=self.actor.key,
                    command_id=self.command.command_id,
                    digest=self.command.digest,
                    # the writer knows dataclasses; a batch hands the values back before they are written
                    result=to_json(self._answer) if self.batch is not None else self._answer or {},
                    carried_out_at=self.at,
                )
            )

    def _flush(self) -> None:
        self._keep_command()
        # inside an outer transaction a refused duplicate must not take the whole with it
        around = transaction.atomic() if self.command is not None and database().in_atomic_block else nullcontext()
        with around:
            rows: dict[type[models.Model], list[Any]] = {**self._inserts, Command: self._commands}
            write(rows, self._changes.values(), self._entries, mark=self._mark)


def recalled(key: Hashable, fetch: Callable[[], Value], *, of: Iterable[type[models.Model]]) -> Value:
    """Return what ``fetch`` reads; in a batch it is read once, and anew after the batch touched a model ``of`` it."""
    batch = IN_BATCH.get()
    return fetch() if batch is None else batch.recall(key, fetch, of=of)
