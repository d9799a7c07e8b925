"""The ledger: what a fact is, and which fact wakes which room.

A fact is a frozen dataclass in the past tense with a stable code. It is recorded inside a unit of work, in the
transaction that made it true, and its reactions run at once in the same unit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

if TYPE_CHECKING:
    from yingxu.ground.unit import Unit

#: A chain of facts that wake facts may be this long.
DEPTH_LIMIT = 8


@dataclass(frozen=True, kw_only=True)
class Fact:
    """Something that became true. ``subject_id`` is its object, ``thread_id`` the object whose timeline shows it."""

    kind: ClassVar[str]
    subject_kind: ClassVar[str]
    site_id: int
    subject_id: int
    thread_id: int

    def facts(self) -> dict[str, Any]:
        """Return the fact's own fields in JSON's types: ids, codes, numbers, ISO times."""
        kind = type(self)
        names = _own_fields.get(kind)
        if names is None:
            names = _own_fields[kind] = _recorded(kind)
        return {name: plain(getattr(self, name)) for name in names}

    def own(self) -> dict[str, Any]:
        """Return the fact's own fields as they are, for a writer that knows JSON's types itself."""
        kind = type(self)
        names = _own_fields.get(kind)
        if names is None:
            names = _own_fields[kind] = _recorded(kind)
        content = self.__dict__
        return {name: content[name] for name in names}


_own_fields: dict[type[Fact], tuple[str, ...]] = {}


def _recorded(kind: type[Fact]) -> tuple[str, ...]:
    """Return the names of a fact's own fields that are kept with it."""
    base = {field.name for field in fields(Fact)}
    return tuple(f.name for f in fields(kind) if f.name not in base and f.metadata.get("recorded", True))


def plain(value: Any) -> Any:
    """Return a value in JSON's types."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, tuple | list):
        return [plain(part) for part in value]
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    return value


Reaction = Callable[[Any, "Unit"], None]
Reactions = Mapping[type[Fact], Sequence[Reaction]]

_wired: dict[type[Fact], tuple[Reaction, ...]] = {}


def wire(reactions: Reactions) -> None:
    """Hand over the loop's page. Called once, by the fuse box."""
    _wired.clear()
    _wired.update({fact: tuple(woken) for fact, woken in reactions.items()})


def woken_by(fact: type[Fact]) -> tuple[Reaction, ...]:
    """Return the reactions that a fact wakes, in the order of the loop's page."""
    return _wired.get(fact, ())
