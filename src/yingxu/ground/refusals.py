"""Refusals: a verb that cannot do what was asked says so by a name that carries its facts.

The sentence for people is made where people are (``web/errors.py``), from the name and the facts, in their language.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, ClassVar


@dataclass(unsafe_hash=True)
class Refusal(Exception):
    """Base of every refusal. ``code`` is stable and public (problem+json); ``status`` is its HTTP status."""

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 409

    def facts(self) -> dict[str, Any]:
        """Return the refusal's own fields."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def __str__(self) -> str:
        return f"{self.code} {self.facts()}"


@dataclass(unsafe_hash=True)
class NotAllowed(Refusal):
    """The actor holds no role that allows the action here (default deny)."""

    code: ClassVar[str] = "not_allowed"
    status: ClassVar[int] = 403
    action: str = ""


@dataclass(unsafe_hash=True)
class OwnWork(Refusal):
    """Separation of duty: nobody verifies or approves what is their own (domain 4.3.1)."""

    code: ClassVar[str] = "own_work"
    status: ClassVar[int] = 403
    action: str = ""


@dataclass(unsafe_hash=True)
class ReasonNeeded(Refusal):
    """The act is allowed only with a reason, which is recorded."""

    code: ClassVar[str] = "reason_needed"
    status: ClassVar[int] = 422
    action: str = ""


@dataclass(unsafe_hash=True)
class NotFound(Refusal):
    """Nothing of that kind is known by that name, or the actor may not know of it."""

    code: ClassVar[str] = "not_found"
    status: ClassVar[int] = 404
    kind: str = ""
    name: str = ""


@dataclass(unsafe_hash=True)
class Malformed(Refusal):
    """A field of the command is missing or out of its range; ``problem`` is a stable code."""

    code: ClassVar[str] = "malformed"
    status: ClassVar[int] = 422
    field: str = ""
    problem: str = ""
    limit: str = ""


@dataclass(unsafe_hash=True)
class Stale(Refusal):
    """Somebody else changed it meanwhile; nothing was written."""

    code: ClassVar[str] = "stale"
    status: ClassVar[int] = 409
    kind: str = ""


@dataclass(unsafe_hash=True)
class InUse(Refusal):
    """Something depends on what should be taken back; ``kind``: the table that does."""

    code: ClassVar[str] = "in_use"
    status: ClassVar[int] = 409
    kind: str = ""


@dataclass(unsafe_hash=True)
class CommandReused(Refusal):
    """The same command id came with another body."""

    code: ClassVar[str] = "command_reused"
    status: ClassVar[int] = 422
    command_id: str = ""


@dataclass(unsafe_hash=True)
class TooDeep(Refusal):
    """A fact woke a chain of reactions longer than the limit: a loop in the wiring."""

    code: ClassVar[str] = "too_deep"
    status: ClassVar[int] = 500
    kind: str = ""
