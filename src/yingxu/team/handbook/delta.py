"""What changed between two editions, said so that only that needs reading."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from yingxu.team.handbook.values import Procedure


@dataclass(frozen=True)
class Segment:
    """A piece of text: ``same``, ``gone`` or ``new``."""

    how: str
    text: str


@dataclass(frozen=True)
class Change:
    """One thing that changed.

    ``kind``: goal, requirement, step_new, step_gone, step_words, step_limits, step_critical, step_eased, step_needed,
    step_optional, step_moved, promise, promise_new, promise_gone, basis.
    """

    kind: str
    #: Number of the step in the new edition (in the old one for a step that is gone).
    step_no: int = 0
    step_code: str = ""
    segments: tuple[Segment, ...] = ()
    before: str = ""
    after: str = ""
    priority: int = 0
    milestone: str = ""
    place_class: str = ""
    before_s: int = 0
    after_s: int = 0


def segments(before: str, after: str) -> tuple[Segment, ...]:
    """Return both texts in one: what stayed, went, came. Sign by sign, as Chinese is read; latin words stay whole."""
    old, new = _units(before), _units(after)
    found: list[Segment] = []
    for how, i, j, k, n in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if how == "equal":
            found.append(Segment("same", "".join(old[i:j])))
            continue
        if j > i:
            found.append(Segment("gone", "".join(old[i:j])))
        if n > k:
            found.append(Segment("new", "".join(new[k:n])))
    return tuple(found)


def _units(text: str) -> list[str]:
    units: list[str] = []
    for sign in text:
        is_latin = sign.isascii() and sign.isalnum()
        if is_latin and units and units[-1].isascii() and units[-1].isalnum():
            units[-1] += sign
        else:
            units.append(sign)
    return units


def words_of(step: dict[str, Any], *, is_english: bool) -> str:
    """Return a step's text."""
    return str((step.get("en") if is_english else "") or step.get("zh", ""))


def limits_of(step: dict[str, Any]) -> str:
    """Return a measured step's limits: ``0.3–0.8 MPa``, ``≤ 110 mm``; empty where it has none."""
    low, high, unit = step.get("min"), step.get("max"), step.get("unit", "")
    if low is None and high is None:
        return ""
    if low is None:
        said = f"≤ {high:g}"
    elif high is None:
        said = f"≥ {low:g}"
    else:
        said = f"{low:g}–{high:g}"
    return f"{said} {unit}".strip()


def delta(old: Procedure, new: Procedure, *, is_english: bool = False) -> tuple[Change, ...]:
    """Return what changed from one edition to the next, in the order of the page."""
    found: list[Change] = []
    for field in ("goal", "requirement"):
        before, after = _said(old, field, is_english), _said(new, field, is_english)
        if before != after:
            found.append(Change(field, segments=segments(before, after)))
    found += _steps(old, new, is_english)
    found += _promises(old, new)
    before, after = _bases(old), _bases(new)
    if before != after:
        found.append(Change("basis", segments=segments(before, after)))
    return tuple(found)


def _said(one: Procedure, field: str, is_english: bool) -> str:
    return str((getattr(one, f"{field}_en") if is_english else "") or getattr(one, field))


def _bases(one: Procedure) -> str:
    parts = (" ".join(str(b.get(name, "")) for name in ("name", "clause", "edition")).strip() for b in one.basis)
    return "; ".join(parts)


def _steps(old: Procedure, new: Procedure, is_english: bool) -> list[Change]:
    before = {step["code"]: (no, step) for no, step in enumerate(old.steps, 1)}
    after = {step["code"]: (no, step) for no, step in enumerate(new.steps, 1)}
    found = []
    for code, (no, step) in after.items():
        if code not in before:
            text = words_of(step, is_english=is_english)
            found.append(Change("step_new", no, code, (Segment("new", text),), after=limits_of(step)))
            continue
        found += _one_step(before[code][1], step, no, code, is_english)
    stayed_old = [code for code in before if code in after]
    stayed_new = [code for code in after if code in before]
    if stayed_old != stayed_new:
        kept = {
            code
            for how, i, j, _, _ in SequenceMatcher(None, stayed_old, stayed_new, autojunk=False).get_opcodes()
            if how == "equal"
            for code in stayed_old[i:j]
        }
        for code in stayed_new:
            if code not in kept:
                text = words_of(after[code][1], is_english=is_english)
                found.append(
                    Change(
                        "step_moved",
                        after[code][0],
                        code,
                        (Segment("same", text),),
                        before=str(before[code][0]),
                        after=str(after[code][0]),
                    )
                )
    for code, (no, step) in before.items():
        if code not in after:
            found.append(Change("step_gone", no, code, (Segment("gone", words_of(step, is_english=is_english)),)))
    return found


def _one_step(old: dict[str, Any], new: dict[str, Any], no: int, code: str, is_english: bool) -> list[Change]:
    text = (Segment("same", words_of(new, is_english=is_english)),)
    found = []
    before, after = words_of(old, is_english=is_english), words_of(new, is_english=is_english)
    if before != after:
        found.append(Change("step_words", no, code, segments(before, after)))
    if limits_of(old) != limits_of(new):
        found.append(Change("step_limits", no, code, text, before=limits_of(old), after=limits_of(new)))
    if bool(old.get("critical")) != bool(new.get("critical")):
        found.append(Change("step_critical" if new.get("critical") else "step_eased", no, code, text))
    if bool(old.get("mandatory")) != bool(new.get("mandatory")):
        found.append(Change("step_needed" if new.get("mandatory") else "step_optional", no, code, text))
    if old.get("type") != new.get("type"):
        found.append(
            Change("step_type", no, code, text, before=str(old.get("type", "")), after=str(new.get("type", "")))
        )
    return found


def _promises(old: Procedure, new: Procedure) -> list[Change]:
    before = {(one.priority, one.milestone, one.place_class): one.limit_s for one in old.promises}
    after = {(one.priority, one.milestone, one.place_class): one.limit_s for one in new.promises}
    found = []
    for key in sorted({*before, *after}):
        was, now = before.get(key, 0), after.get(key, 0)
        if was != now:
            kind = "promise_new" if not was else "promise_gone" if not now else "promise"
            found.append(Change(kind, priority=key[0], milestone=key[1], place_class=key[2], before_s=was, after_s=now))
    return found
