"""What an item asks besides the words: typed fields as data, and what is right of what was given.

A definition is a list of fields ``{"code", "kind", "name", "name_en", "needed", "options", "low", "high"}``.
Kinds: text, choice (one of ``options``), flag (yes or no), number, moment (date and time), place (in words), person (an
identifier of a patient: never shown to whom it does not concern).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Any

from yingxu.ground.refusals import Malformed
from yingxu.standards.refusals.forms import FormWrong, WrongField

KINDS = ("text", "choice", "flag", "number", "moment", "place", "person")
_TEXT_LIMIT = 200
_FIELDS_AT_MOST = 20
_YES = frozenset({"1", "yes", "true", "on", "是", "有"})
_NO = frozenset({"", "0", "no", "false", "off", "否", "无"})


@dataclass(frozen=True)
class Field:
    """One field of a form."""

    code: str
    kind: str
    name: str
    name_en: str
    is_needed: bool
    #: (code, 中文, English)
    options: tuple[tuple[str, str, str], ...] = ()
    low: float | None = None
    high: float | None = None
    #: An identifier of a patient.
    is_personal: bool = False


@cache
def _library() -> dict[str, tuple[Field, ...]]:
    text = (resources.files("yingxu.standards.library") / "forms.toml").read_text(encoding="utf-8")
    found: dict[str, tuple[Field, ...]] = {}
    for form in tomllib.loads(text)["form"]:
        fields = tuple(_field(row) for row in form["fields"])
        for code in form["items"]:
            found[code] = fields
    return found


def _field(row: Mapping[str, Any]) -> Field:
    return Field(
        code=row["code"],
        kind=row["kind"],
        name=row["name"],
        name_en=row.get("name_en") or row["name"],
        is_needed=bool(row.get("needed", False)),
        options=tuple((str(one[0]), str(one[1]), str(one[2])) for one in row.get("options", ())),
        low=row.get("low"),
        high=row.get("high"),
        is_personal=row["kind"] == "person",
    )


def fields_of(item_code: str, own: Sequence[Mapping[str, Any]] | None) -> tuple[Field, ...]:
    """Return an item's fields: the site's ``own`` definition, else the library's; none for most items."""
    if own is not None:
        return tuple(_field(row) for row in own)
    return _library().get(item_code, ())


def definition_of(item_code: str) -> list[dict[str, Any]]:
    """Return the library's definition as a site may store and change it."""
    return [as_row(field) for field in _library().get(item_code, ())]


def as_row(field: Field) -> dict[str, Any]:
    """Return a field as it is stored."""
    row: dict[str, Any] = {
        "code": field.code,
        "kind": field.kind,
        "name": field.name,
        "name_en": field.name_en,
        "needed": field.is_needed,
    }
    if field.options:
        row["options"] = [list(option) for option in field.options]
    if field.low is not None:
        row["low"] = field.low
    if field.high is not None:
        row["high"] = field.high
    return row


def check_definition(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return a definition as it is stored. Refuses: Malformed (a field without name, kind or options; a code twice)."""
    found: list[dict[str, Any]] = []
    for row in rows:
        code, kind, name = (str(row.get(part, "")).strip() for part in ("code", "kind", "name"))
        if not name or not code.isidentifier() or len(code) > 24 or not code.isascii():
            raise Malformed(field="form", problem="missing")
        if kind not in KINDS:
            raise Malformed(field="form", problem="unknown", limit=kind)
        if kind == "choice" and not row.get("options"):
            raise Malformed(field="form", problem="no_options", limit=name)
        if code in {one["code"] for one in found}:
            raise Malformed(field="form", problem="twice", limit=code)
        found.append(as_row(_field({**row, "code": code, "kind": kind, "name": name[:40]})))
    if len(found) > _FIELDS_AT_MOST:
        raise Malformed(field="form", problem="too_long", limit=str(_FIELDS_AT_MOST))
    return found


def checked(fields: Sequence[Field], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a form, clean, by field code; what no field asks is left out.

    Refuses: FormWrong with every wrong field at once.
    """
    found: dict[str, Any] = {}
    wrong: list[WrongField] = []
    for field in fields:
        said = str(given.get(field.code, "")).strip()
        if not said and field.kind != "flag":
            if field.is_needed:
                wrong.append(WrongField(field.code, field.name, field.name_en, "missing"))
            continue
        value, problem = _value(field, said)
        if problem:
            limit = "–".join(f"{end:g}" for end in (field.low, field.high) if end is not None)
            wrong.append(WrongField(field.code, field.name, field.name_en, problem, limit))
        elif value is not None:
            found[field.code] = value
    if wrong:
        raise FormWrong(fields=tuple(wrong))
    return found


def _value(field: Field, said: str) -> tuple[Any, str]:
    if field.kind == "flag":
        if said.lower() in _YES:
            return True, ""
        return (None, "") if said.lower() in _NO else (None, "wrong_type")
    if field.kind == "choice":
        by_name = {name: code for code, *names in field.options for name in (code, *names)}
        return (by_name[said], "") if said in by_name else (None, "unknown")
    if field.kind == "number":
        return _number(field, said)
    if field.kind == "moment":
        try:
            return datetime.fromisoformat(said.replace("/", "-")).isoformat(timespec="minutes"), ""
        except ValueError:
            return None, "no_moment"
    return (said, "") if len(said) <= _TEXT_LIMIT and "\x00" not in said else (None, "too_long")


def _number(field: Field, said: str) -> tuple[Any, str]:
    try:
        number = float(said)
    except ValueError:
        return None, "no_number"
    if number != number or (field.low is not None and number < field.low):
        return None, "out_of_range"
    if field.high is not None and number > field.high:
        return None, "out_of_range"
    return (int(number) if number.is_integer() else number), ""
