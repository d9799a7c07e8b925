"""Steps of a procedure as typed values: what each type takes, when a step failed, what finishing still needs. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from yingxu.core.procedure import conditions_met
from yingxu.work.refusals import MissingPart, StepValueRefused, UnknownStep

#: Longest text that a step takes.
TEXT_LIMIT = 2000


def step_of(procedure: Iterable[dict[str, Any]], code: str) -> dict[str, Any]:
    """Return the step of that code; refuses: UnknownStep."""
    for step in procedure:
        if step["code"] == code:
            return step
    raise UnknownStep(step=code)


def photo_step(procedure: Iterable[dict[str, Any]], label: str) -> dict[str, Any] | None:
    """Return the photo step that a photo's label names, if the procedure has it."""
    for step in procedure:
        if step["code"] == label and step["type"] == "photo":
            return step
    return None


def judge(step: dict[str, Any], value: Any, *, note: str, photos: Collection[str]) -> bool:
    """Tell whether the step is good; refuses StepValueRefused for a value that is not of the step's type.

    No value with a note means: could not be done, hence not good.
    """
    code, kind = step["code"], step["type"]
    if value is None:
        if not note.strip():
            raise StepValueRefused(step=code, problem="missing")
        return False
    if kind == "tick":
        _expect(isinstance(value, bool), code)
        return bool(value)
    if kind in {"number", "meter"}:
        _expect(isinstance(value, int | float) and not isinstance(value, bool), code)
        return bool(float(step.get("min", value)) <= value <= float(step.get("max", value)))
    if kind == "choice":
        choices = [choice["code"] for choice in step.get("choices", ())]
        if value not in choices:
            raise StepValueRefused(step=code, problem="unknown", limit=", ".join(choices))
        return True
    if kind == "photo":
        sent = [value] if isinstance(value, str) else value
        _expect(isinstance(sent, list | tuple) and bool(sent), code)
        if not set(sent) <= set(photos):
            raise StepValueRefused(step=code, problem="unknown")
        return True
    _expect(isinstance(value, str), code)  # signature, text, scan
    if not value.strip():
        raise StepValueRefused(step=code, problem="missing")
    if len(value) > TEXT_LIMIT and kind != "signature":
        raise StepValueRefused(step=code, problem="too_long", limit=str(TEXT_LIMIT))
    return True


def _expect(is_right: bool, code: str) -> None:
    if not is_right:
        raise StepValueRefused(step=code, problem="wrong_type")


def quality(done: Sequence[dict[str, Any]]) -> int:
    """Return the quality score, 0 to 100: the share of good steps; 0 when a critical one failed (100−1=0)."""
    if any(row["is_critical"] and not row["is_ok"] for row in done):
        return 0
    return round(100 * sum(bool(row["is_ok"]) for row in done) / len(done)) if done else 100


def missing_evidence(
    procedure: Iterable[dict[str, Any]],
    evidence: dict[str, Any],
    *,
    done_codes: Collection[str],
    photo_labels: Collection[str],
    is_arrival_proven: bool,
    is_repeat: bool,
    cause_code: str,
    minutes: int | None,
    values: Mapping[str, Any] | None = None,
) -> tuple[MissingPart, ...]:
    """Return everything that finishing still needs, in the procedure's order, each thing once.

    A proven arrival is the scan of the place; a photo may be labelled with the step it shows. A step that is asked only
    after an answer (``only_if``) is needed when ``values`` hold that answer.
    """
    missing: list[MissingPart] = []
    procedure = tuple(procedure)
    asked = conditions_met(procedure, values or {})
    for step in procedure:
        code, kind = step["code"], step["type"]
        if code not in asked:
            continue
        is_there = code in done_codes or (kind == "photo" and code in photo_labels)
        is_there = is_there or (code == "place" and kind == "scan" and is_arrival_proven)
        if step.get("mandatory") and not is_there:
            part = "photo" if kind == "photo" else "step"
            missing.append(MissingPart(part, code, step.get("zh", code), step.get("en", code)))
    named = {part.code for part in missing}
    have = {*done_codes, *photo_labels}
    for code, key, zh, en in (
        ("before", "before_photo", "处理前照片", "Photo before"),
        ("after", "after_photo", "处理后照片", "Photo after"),
    ):
        if evidence.get(key) and code not in have and code not in named:
            missing.append(MissingPart("photo", code, zh, en))
    extra = evidence.get("extra", ())
    if not cause_code and (is_repeat or "cause_code" in extra):
        missing.append(MissingPart("field", "cause_code", "原因代码", "Cause code"))
    if minutes is None and "minutes" in extra:
        missing.append(MissingPart("field", "minutes", "用时（分钟）", "Minutes"))
    return tuple(missing)
