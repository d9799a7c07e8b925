"""The map: a small TOML file that says which column is which, where finding them is not enough."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from yingxu.connect.refusal import BadInput

#: Roles of the contract, in its order.
CONTRACT_ROLES = (
    *("id", "opened", "target", "closed", "first_action", "kept", "line", "item"),
    *("place", "department", "channel", "priority", "text"),
)
#: Further roles that a map may name: the time of an event row, its state, and counts of going back.
FURTHER_ROLES = ("updated", "status", "sequence", "reopens", "reassignments")
ROLES = CONTRACT_ROLES + FURTHER_ROLES
FORMAT_KEYS = {
    "timezone": str,
    "datetime": str,
    "encoding": str,
    "delimiter": str,
    "missing": list,
    "kept_values": list,
}


@dataclass(frozen=True)
class Mapping:
    """What the map says; empty where it is silent."""

    columns: dict[str, str] = field(default_factory=dict)
    timezone: str | None = None
    datetime: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    missing: frozenset[str] | None = None
    kept_values: frozenset[str] | None = None


def read_map(path: Path) -> Mapping:
    """Read a map. Raises BadInput naming the key that is wrong."""
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise BadInput(f"{path}: no such map; check the path after --map") from None
    except OSError as failure:
        raise BadInput(f"{path}: the map cannot be read ({failure.strerror})") from None
    except UnicodeDecodeError:
        raise BadInput(f"{path}: the map is not UTF-8; save it as UTF-8") from None
    except tomllib.TOMLDecodeError as failure:
        raise BadInput(f"{path}: the map is not valid TOML: {str(failure).splitlines()[0]}") from None
    for section, entries in told.items():
        if section not in {"columns", "format"}:
            raise BadInput(f"{path}: unknown section [{section}]; a map has [columns] and [format]")
        if not isinstance(entries, dict):
            raise BadInput(f"{path}: {section} must be a section, written [{section}]")
    columns = told.get("columns", {})
    for role, name in columns.items():
        _known(path, "columns", role, ROLES)
        if not isinstance(name, str) or not name.strip():
            raise BadInput(f"{path}: [columns] {role} must be a column name in quotes")
    form = told.get("format", {})
    for key, value in form.items():
        _known(path, "format", key, tuple(FORMAT_KEYS))
        wanted = FORMAT_KEYS[key]
        if not isinstance(value, wanted) or (wanted is list and not all(isinstance(one, str) for one in value)):
            raise BadInput(
                f"{path}: [format] {key} must be {'a list of texts' if wanted is list else 'a text'} in quotes"
            )
    if len(form.get("delimiter", ",")) != 1:
        raise BadInput(f"{path}: [format] delimiter must be one character, such as ; or \\t")
    return Mapping(
        columns=dict(columns),
        timezone=form.get("timezone"),
        datetime=form.get("datetime"),
        encoding=form.get("encoding"),
        delimiter=form.get("delimiter"),
        missing=_folded(form.get("missing")),
        kept_values=_folded(form.get("kept_values")),
    )


def column_index(header: Sequence[str], role: str, name: str) -> int:
    """Return where the column that the map names stands. Raises BadInput with the nearest name."""
    wanted = " ".join(name.split())
    if wanted in header:
        return list(header).index(wanted)
    folded = [one.casefold() for one in header]
    if wanted.casefold() in folded:
        return folded.index(wanted.casefold())
    near = difflib.get_close_matches(wanted, header, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"the file has: {', '.join(header[:12])}"
    raise BadInput(f"the map's column {name!r} for '{role}' is not in the file; {hint}")


def _folded(told: list[str] | None) -> frozenset[str] | None:
    return None if told is None else frozenset(one.strip().casefold() for one in told)


def _known(path: Path, section: str, key: str, known: Sequence[str]) -> None:
    if key not in known:
        near = difflib.get_close_matches(key, known, n=1)
        hint = f"did you mean '{near[0]}'?" if near else f"known: {', '.join(known)}"
        raise BadInput(f"{path}: unknown key '{key}' in [{section}]; {hint}")
