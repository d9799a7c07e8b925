"""When a step is asked at all: ``only_if`` names an earlier step and the answers to it that call for this one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

#: Answers of a tick, as a condition names them.
YES, NO = "yes", "no"
#: Types of step that others may hang on: their answers can be listed.
ASKING = frozenset({"choice", "tick"})

Step = Mapping[str, Any]


def answers_of(step: Step) -> tuple[str, ...]:
    """Return the answers that a step can get, as conditions name them; none for a step that nothing can hang on."""
    if step.get("type") == "tick":
        return (YES, NO)
    if step.get("type") == "choice":
        return tuple(str(choice.get("code", "")) for choice in step.get("choices") or ())
    return ()


def answer_said(value: Any) -> str:
    """Return a step's value as conditions name it."""
    if isinstance(value, bool):
        return YES if value else NO
    return "" if value is None else str(value)


def applies(step: Step, values: Mapping[str, Any]) -> bool:
    """Tell whether a step is asked, given what was answered so far.

    Parameters
    ----------
    step : the step, with ``only_if`` = ``{"step": code, "is": [answers]}`` or without.
    values : answers by step code; a step without an answer yet is not in it.

    Returns
    -------
    bool
        True without a condition. With one: whether the named step got one of the named answers; not answered yet
        counts as no, so that nothing is demanded that may turn out not to be needed.
    """
    condition = step.get("only_if")
    if not condition:
        return True
    return answer_said(values.get(condition["step"])) in set(condition["is"])


def conditions_met(steps: Iterable[Step], values: Mapping[str, Any]) -> frozenset[str]:
    """Return the codes of the steps that are asked, given the answers; a step hangs on one that is itself asked.

    An answer to a step that is no longer asked (the branch was left again) opens nothing.
    """
    asked: set[str] = set()
    for step in steps:
        condition = step.get("only_if")
        if not condition or (condition["step"] in asked and applies(step, values)):
            asked.add(step["code"])
    return frozenset(asked)
