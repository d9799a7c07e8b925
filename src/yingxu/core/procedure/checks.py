"""What is wrong with a standard's text, by name: steps, promise terms, and what a whole standard must have."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from math import isfinite
from typing import Any

from yingxu.core.procedure.conditions import ASKING, answers_of

#: Types of step, in the order in which an editor offers them.
STEP_TYPES = ("tick", "number", "choice", "photo", "scan", "meter", "signature", "text")
#: Milestones in the order in which they are reached; the last is counted from the one before.
MILESTONES = ("acknowledged", "arrived", "safe", "done", "verified")
#: What a standard may rest on: law, a published standard, the contract, a rule of the house.
BASIS_KINDS = ("law", "standard", "contract", "house")
#: Kinds of basis that come out anew and must name which edition they mean.
_DATED = frozenset({"law", "standard"})
#: Longest text of one step, in characters: a step is read with a tool in the other hand.
STEP_CHARACTERS = 200
_CODE = re.compile(r"[a-z0-9][a-z0-9_]{0,31}\Z")
_READ = frozenset({"number", "meter"})

Step = Mapping[str, Any]


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong. ``code`` names it; ``part`` says where (steps, terms, basis, goal, requirement)."""

    code: str
    part: str
    #: Place in its list, counted from 1; 0 is the whole.
    at: int = 0
    #: The step's, term's or basis's own name.
    name: str = ""
    #: The fact that makes it wrong: a limit, a code.
    said: str = ""


def check_steps(steps: Sequence[Step]) -> tuple[Finding, ...]:
    """Return what is wrong with steps as such: types, limits, options, and holes in the graph.

    A hole is a condition (``only_if``) that can never come true: it names a step that is not there, that comes later,
    that nothing can hang on, or an answer that the step does not offer.
    """
    found: list[Finding] = []
    before: dict[str, Step] = {}
    for at, step in enumerate(steps, 1):
        code = str(step.get("code", ""))

        def say(what: str, said: Any = "", *, at: int = at, code: str = code) -> None:
            found.append(Finding(what, "steps", at, code, str(said)))

        if not _CODE.match(code):
            say("step_without_code", code)
        if code in before:
            say("step_code_twice", code)
        if step.get("type") not in STEP_TYPES:
            say("unknown_step_type", step.get("type", ""))
        if not str(step.get("zh", "")).strip():
            say("step_without_text")
        if max(len(str(step.get("zh", ""))), len(str(step.get("en", ""))) // 3) > STEP_CHARACTERS:
            say("step_text_too_long", STEP_CHARACTERS)
        if step.get("critical") and not step.get("mandatory"):
            say("critical_but_optional")
        for what, said in (*_limits(step), *_options(step), *_hole(step, before)):
            say(what, said)
        before[code] = step
    return tuple(found)


def _limits(step: Step) -> Iterable[tuple[str, Any]]:
    if step.get("type") not in _READ:
        return
    low, high = step.get("min"), step.get("max")
    for bound in (low, high):
        if bound is not None and not _is_figure(bound):
            yield "limits_not_numbers", bound
            return
    if low is None and high is None:
        yield "number_without_limits", ""
    if low is not None and high is not None and low > high:
        yield "limits_reversed", f"{low:g} > {high:g}"
    if not str(step.get("unit", "")).strip():
        yield "number_without_unit", ""


def _is_figure(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


def _options(step: Step) -> Iterable[tuple[str, Any]]:
    if step.get("type") != "choice":
        return
    choices = step.get("choices") or ()
    if len(choices) < 2:
        yield "choice_without_options", len(choices)
    codes = [str(choice.get("code", "")) for choice in choices]
    for code in codes:
        if not code or codes.count(code) > 1:
            yield "choice_option_twice", code
            break
    if any(not str(choice.get("zh", "")).strip() for choice in choices):
        yield "choice_option_without_text", ""


def _hole(step: Step, before: Mapping[str, Step]) -> Iterable[tuple[str, Any]]:
    condition = step.get("only_if")
    if not condition:
        return
    named = str(condition.get("step", ""))
    on = before.get(named)
    if on is None or on.get("type") not in ASKING:
        yield "hole_in_steps", named
        return
    wanted = [str(answer) for answer in condition.get("is") or ()]
    missing = [answer for answer in wanted if answer not in answers_of(on)]
    if not wanted or missing:
        yield "hole_in_steps", ", ".join(missing) or named


def check_terms(terms: Sequence[Mapping[str, Any]], *, calendars: Collection[str]) -> tuple[Finding, ...]:
    """Return what is wrong with promise terms: a share outside (0, 1], a limit that is none, one promised twice.

    Parameters
    ----------
    terms : ``{priority, milestone, place_class, limit_s, percentile, calendar, is_pausable, is_legal}``.
    calendars : codes of the calendars that there are.
    """
    found: list[Finding] = []
    seen: set[tuple[Any, ...]] = set()
    by_case: dict[tuple[Any, ...], dict[str, Mapping[str, Any]]] = {}
    for at, term in enumerate(terms, 1):
        name = f"P{term.get('priority')} {term.get('milestone')}"

        def say(what: str, said: Any = "", *, at: int = at, name: str = name) -> None:
            found.append(Finding(what, "terms", at, name, str(said)))

        if term.get("priority") not in (1, 2, 3, 4):
            say("unknown_priority", term.get("priority"))
        if term.get("milestone") not in MILESTONES:
            say("unknown_milestone", term.get("milestone"))
        share = term.get("percentile")
        if not _is_figure(share) or not 0 < float(share or 0) <= 1:
            say("percentile_out_of_range", share)
        limit = term.get("limit_s")
        if not isinstance(limit, int) or isinstance(limit, bool) or limit <= 0:
            say("limit_not_positive", limit)
        if term.get("calendar") not in calendars:
            say("unknown_calendar", term.get("calendar"))
        if term.get("milestone") == "acknowledged" and term.get("is_pausable"):
            say("acknowledged_is_never_paused")
        key = (term.get("priority"), term.get("milestone"), term.get("place_class", ""))
        if key in seen:
            say("term_twice", name)
        seen.add(key)
        case = (term.get("priority"), term.get("place_class", ""), term.get("calendar"))
        by_case.setdefault(case, {})[str(term.get("milestone"))] = {**term, "at": at, "name": name}
    for promised in by_case.values():
        found.extend(_out_of_order(promised))
    return tuple(found)


def _out_of_order(case: Mapping[str, Mapping[str, Any]]) -> Iterable[Finding]:
    """A milestone on the spot may not be promised after the next one, by one calendar.

    ``acknowledged`` stands apart (somebody may be there before a word is said), ``verified`` starts anew.
    """
    reached = [case[name] for name in MILESTONES[1:-1] if name in case]
    for earlier, later in pairwise(reached):
        are_limits = isinstance(earlier["limit_s"], int) and isinstance(later["limit_s"], int)
        if are_limits and earlier["limit_s"] > later["limit_s"]:
            yield Finding("milestones_out_of_order", "terms", later["at"], later["name"], earlier["name"])


def check_completeness(text: Mapping[str, Any]) -> tuple[Finding, ...]:
    """Return what a standard still lacks before it can be reviewed: goal, requirement, steps, terms, basis."""
    found = [
        Finding(f"{part}_missing", part) for part in ("goal", "requirement") if not str(text.get(part) or "").strip()
    ]
    if not text.get("steps"):
        found.append(Finding("no_steps", "steps"))
    if not text.get("terms"):
        found.append(Finding("no_terms", "terms"))
    if not text.get("basis"):
        found.append(Finding("no_basis", "basis"))
    return (*found, *check_basis(text.get("basis") or ()))


def check_basis(basis: Sequence[Mapping[str, Any]]) -> tuple[Finding, ...]:
    """Return what is wrong with what a standard rests on: kind, name, edition of a law, date of the last check."""
    found: list[Finding] = []
    for at, row in enumerate(basis, 1):
        name = str(row.get("name", ""))
        if row.get("kind") not in BASIS_KINDS:
            found.append(Finding("basis_kind_unknown", "basis", at, name, str(row.get("kind", ""))))
        if not name.strip():
            found.append(Finding("basis_without_name", "basis", at))
        if row.get("kind") in _DATED and not str(row.get("edition", "")).strip():
            found.append(Finding("basis_without_edition", "basis", at, name))
        if row.get("verified_on") and not _is_date(str(row["verified_on"])):
            found.append(Finding("basis_bad_date", "basis", at, name, str(row["verified_on"])))
    return tuple(found)


def _is_date(said: str) -> bool:
    try:
        date.fromisoformat(said)
    except ValueError:
        return False
    return True
