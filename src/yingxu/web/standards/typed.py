"""What was typed into the editor, as a standard's text; cards and rows moved, added, taken away before it is saved.

Cards stand in the order of their hidden ``step`` fields. Nothing is judged here: what is wrong comes back by name.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from yingxu.core.procedure import STEP_TYPES

#: Units in which a promised time is typed, in seconds.
UNITS = {"min": 60, "h": 3600, "d": 86_400}
_BLANK_OPTIONS = 2
_KINDS_OF_BASIS = ("kind", "name", "clause", "edition", "verified_on", "mark")


@dataclass(frozen=True)
class Typed:
    """A text as typed, with the reason for it and for its length, and the revision that was opened."""

    text: dict[str, Any]
    why: str
    length_reason: str
    revision: int


def read(post: QueryDict) -> Typed:
    """Return what a form of the editor says."""
    text: dict[str, Any] = {name: post.get(name, "") for name in ("goal", "goal_en", "requirement", "requirement_en")}
    text["steps"] = [_step(post, key) for key in post.getlist("step")]
    text["terms"] = [_term(post, key) for key in post.getlist("term")]
    text["basis"] = [_basis(post, key) for key in post.getlist("basis")]
    revision = post.get("revision", "")
    return Typed(text, post.get("why", ""), post.get("length_reason", ""), int(revision) if revision.isdigit() else -1)


def _step(post: QueryDict, key: str) -> dict[str, Any]:
    def get(name: str) -> str:
        return post.get(f"s-{key}-{name}", "").strip()

    step: dict[str, Any] = {
        "code": get("code"),
        "type": get("type"),
        "zh": get("zh"),
        "en": get("en"),
        "critical": bool(get("critical")),
        "mandatory": bool(get("mandatory")),
    }
    if get("met_by"):
        step["met_by"] = get("met_by")
    if get("certificate"):
        step["certificate"] = get("certificate")
    if step["type"] in {"number", "meter"}:
        step |= {"min": _figure(get("min")), "max": _figure(get("max")), "unit": get("unit")}
    if step["type"] == "choice":
        step["choices"] = _options(post, key)
    pairs = [pair.partition("=") for pair in post.getlist(f"s-{key}-only_if") if "=" in pair]
    if pairs and not get("always"):
        step["only_if"] = {"step": pairs[0][0], "is": [answer for on, _eq, answer in pairs if on == pairs[0][0]]}
    return step


def _options(post: QueryDict, key: str) -> list[dict[str, str]]:
    lists = [post.getlist(f"s-{key}-{name}") for name in ("o-code", "o-zh", "o-en")]
    rows = [dict(zip(("code", "zh", "en"), row, strict=True)) for row in zip(*lists, strict=False)]
    rows = [row for row in rows if row["zh"].strip() or row["en"].strip()]
    taken = {row["code"] for row in rows}
    for row in rows:
        if not row["code"]:
            row["code"] = _free("option", taken)
            taken.add(row["code"])
    return rows


def _figure(said: str) -> Any:
    """Return a typed number; what is none stays as typed, for the refusal to show."""
    if not said:
        return None
    try:
        value = float(said)
    except ValueError:
        return said
    return int(value) if value.is_integer() else value


def _term(post: QueryDict, key: str) -> dict[str, Any]:
    def get(name: str) -> str:
        return post.get(f"t-{key}-{name}", "").strip()

    priority, limit, percent = get("priority"), _figure(get("limit")), _figure(get("percent"))
    is_time = isinstance(limit, int | float) and get("unit") in UNITS
    is_share = isinstance(percent, int | float)
    return {
        "priority": int(priority) if priority.isdigit() else priority,
        "milestone": get("milestone"),
        "place_class": get("place_class"),
        "limit_s": round(limit * UNITS[get("unit")]) if is_time else limit,
        "percentile": round(percent / 100, 3) if is_share else percent,
        "calendar": get("calendar"),
        "is_pausable": bool(get("is_pausable")),
        "is_legal": bool(get("is_legal")),
    }


def _basis(post: QueryDict, key: str) -> dict[str, str]:
    return {name: post.get(f"b-{key}-{name}", "").strip() for name in _KINDS_OF_BASIS}


def _free(stem: str, taken: Iterable[str]) -> str:
    known = set(taken)
    return next(name for name in (f"{stem}{n}" for n in range(1, 10_000)) if name not in known)


def rearrange(text: dict[str, Any], act: str, *, post: QueryDict) -> str:
    """Do what a button of the editor asks with what is typed; return the anchor of what it touched, empty for none.

    ``add-step:tick``, ``step-up:2``, ``step-down:2``, ``step-away:2`` (the card's key as it was sent), and the same of
    term and basis.
    """
    what, _colon, said = act.partition(":")
    if what == "add-step" and said in STEP_TYPES:
        code = _free(said, (step["code"] for step in text["steps"]))
        text["steps"].append({"code": code, "type": said, "zh": "", "en": "", "critical": False, "mandatory": True})
        return f"step-{len(text['steps']) - 1}"
    if what == "add-term":
        text["terms"].append({"priority": 3, "milestone": "", "place_class": "", "limit_s": "", "percentile": ""})
        return f"term-{len(text['terms']) - 1}"
    if what == "add-basis":
        text["basis"].append({"kind": "house", "name": ""})
        return f"basis-{len(text['basis']) - 1}"
    name, _dash, move = what.partition("-")
    rows, keys = text.get({"step": "steps", "term": "terms", "basis": "basis"}.get(name, "")), post.getlist(name)
    if not isinstance(rows, list) or said not in keys:
        return ""
    return _moved(rows, keys.index(said), move, name)


def _moved(rows: list[Any], at: int, move: str, name: str) -> str:
    if move == "away":
        rows.pop(at)
        return f"{name}-{max(0, at - 1)}" if rows else ""
    to = at + {"up": -1, "down": 1}.get(move, 0)
    if 0 <= to < len(rows):
        rows[at], rows[to] = rows[to], rows[at]
    return f"{name}-{min(max(to, 0), len(rows) - 1)}"


def options_shown(step: dict[str, Any]) -> list[dict[str, str]]:
    """Return a choice's options with some empty rows to write in."""
    blank = {"code": "", "zh": "", "en": ""}
    return [*(step.get("choices") or ()), *(dict(blank) for _ in range(_BLANK_OPTIONS))]


def time_shown(limit_s: Any) -> tuple[str, str]:
    """Return a promised time as typed: the figure and its unit."""
    if not isinstance(limit_s, int | float) or not limit_s:
        return str(limit_s or ""), "min"
    for unit in ("d", "h"):
        if limit_s % UNITS[unit] == 0 and limit_s >= UNITS[unit] * (3 if unit == "h" else 1):
            return f"{limit_s / UNITS[unit]:g}", unit
    return f"{limit_s / 60:g}", "min"


def percent_shown(share: Any) -> str:
    """Return a promised share as typed, in percent."""
    return f"{share * 100:.4g}" if isinstance(share, int | float) and not isinstance(share, bool) else str(share or "")
