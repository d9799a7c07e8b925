"""Results of verbs are frozen dataclasses; a repeated command gets the first one back from its stored JSON."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import datetime
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints
from uuid import UUID

Kind = TypeVar("Kind")


def from_json(kind: type[Kind], value: Any) -> Kind:
    """Return ``value`` (JSON types) as a ``kind``: dataclasses, tuples, UUIDs, datetimes, optional and plain values."""
    return cast(Kind, _read(kind, value))


def _read(kind: Any, value: Any) -> Any:
    origin = get_origin(kind)
    if origin in (Union, UnionType):
        if value is None:
            return None
        return _read(next(part for part in get_args(kind) if part is not NoneType), value)
    if origin is tuple:
        return tuple(_read(get_args(kind)[0], part) for part in value)
    if value is None or kind is Any:
        return value
    if kind is UUID:
        return UUID(value)
    if kind is datetime:
        return datetime.fromisoformat(value)
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return cast(Any, kind)(**{field.name: _read(hints[field.name], value[field.name]) for field in fields(kind)})
    return value
