"""What a request's form was answered, as people read it; identifiers of patients stay covered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yingxu.standards.forms import Field, fields_of


@dataclass(frozen=True)
class AskedField:
    """One answered field. ``value`` is empty where it is covered."""

    code: str
    kind: str
    name: str
    name_en: str
    value: str
    value_en: str
    is_covered: bool
    moment: datetime | None = None


def asked_fields(
    item_code: str, own: Sequence[Mapping[str, Any]] | None, form: Mapping[str, Any], *, uncovered: bool = False
) -> tuple[AskedField, ...]:
    """Return the answered fields in the form's order."""
    return tuple(
        _answered(field, form[field.code], uncovered) for field in fields_of(item_code, own) if field.code in form
    )


def _answered(field: Field, value: Any, uncovered: bool) -> AskedField:
    names = (field.code, field.kind, field.name, field.name_en)
    if field.is_personal and not uncovered:
        return AskedField(*names, "", "", is_covered=True)
    if field.kind == "choice":
        said = next((option for option in field.options if option[0] == value), (value, str(value), str(value)))
        return AskedField(*names, said[1], said[2], is_covered=False)
    if field.kind == "flag":
        return AskedField(*names, "是", "yes", is_covered=False)
    if field.kind == "moment":
        moment = datetime.fromisoformat(str(value))
        said_at = moment.strftime("%m-%d %H:%M")
        return AskedField(*names, said_at, said_at, is_covered=False, moment=moment)
    return AskedField(*names, str(value), str(value), is_covered=False)
