"""An edition's text as one value, the seam between rows and ``core.procedure``: how it is read, cleaned and judged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from yingxu.core.procedure import (
    Budget,
    Finding,
    check_completeness,
    check_steps,
    check_terms,
    measure,
    over_budget,
)
from yingxu.core.procedure.checks import check_basis
from yingxu.standards import library
from yingxu.standards.models import Edition, Term

Text = Mapping[str, Any]

#: Longest texts of an edition, in characters.
LIMITS = {"goal": 1000, "goal_en": 2000, "requirement": 3000, "requirement_en": 6000, "why": 500, "length_reason": 300}
_STEP_KEYS = (
    "code",
    "type",
    "zh",
    "en",
    "critical",
    "mandatory",
    "evidence",
    "met_by",
    "min",
    "max",
    "unit",
    "certificate",
)
_EVIDENCE = {"number": "reading", "meter": "reading"}
_READ = frozenset({"number", "meter"})


def text_of(edition: Edition, terms: Iterable[Term] = ()) -> dict[str, Any]:
    """Return an edition's text: goal, requirement, steps, terms, basis. Terms are the draft's until it is approved."""
    return {
        "goal": edition.goal,
        "goal_en": edition.goal_en,
        "requirement": edition.requirement,
        "requirement_en": edition.requirement_en,
        "steps": list(edition.procedure),
        "terms": [term_of(term) for term in terms] or list(edition.draft_terms),
        "basis": list(edition.basis),
    }


def term_of(term: Term) -> dict[str, Any]:
    """Return a term's row as a value; its calendar by code."""
    return {
        "priority": term.priority,
        "milestone": term.milestone,
        "place_class": term.place_class,
        "limit_s": term.limit_s,
        "percentile": float(term.percentile),
        "calendar": term.calendar.code,
        "is_pausable": term.is_pausable,
        "is_legal": term.is_legal,
    }


def first_terms(item_code: str) -> list[dict[str, Any]]:
    """Return the terms that a first edition begins with: the library's for the item, or for the classes."""
    return [
        {
            "priority": term.priority,
            "milestone": term.milestone,
            "place_class": term.place_class,
            "limit_s": term.limit_s,
            "percentile": float(term.percentile),
            "calendar": term.calendar,
            "is_pausable": term.is_pausable,
            "is_legal": term.is_legal,
        }
        for term in library.terms_for(item_code)
    ]


def cleaned(text: Text) -> dict[str, Any]:
    """Return a text with spaces cut and only the fields that it has; a step keeps what its type uses."""
    return {
        **{name: str(text.get(name) or "").strip() for name in ("goal", "goal_en", "requirement", "requirement_en")},
        "steps": [_step(step) for step in text.get("steps") or ()],
        "terms": sorted((dict(term) for term in text.get("terms") or ()), key=_case),
        "basis": [_basis(row) for row in text.get("basis") or ()],
    }


def _step(step: Mapping[str, Any]) -> dict[str, Any]:
    kind = str(step.get("type", ""))
    kept: dict[str, Any] = {
        name: step[name]
        for name in _STEP_KEYS
        if name in step and (name not in {"min", "max", "unit"} or kind in _READ) and step[name] is not None
    }
    for name in ("code", "zh", "en", "unit"):
        if name in kept:
            kept[name] = str(kept[name]).strip()
    kept["critical"], kept["mandatory"] = bool(step.get("critical")), bool(step.get("mandatory"))
    kept["evidence"] = _EVIDENCE.get(kind, kind)
    if kind != "scan":
        kept.pop("met_by", None)
    if not kept.get("certificate"):
        kept.pop("certificate", None)
    if kind == "choice":
        kept["choices"] = [
            {name: str(choice.get(name) or "").strip() for name in ("code", "zh", "en")}
            for choice in step.get("choices") or ()
        ]
    if step.get("only_if"):
        kept["only_if"] = {"step": str(step["only_if"]["step"]), "is": [str(one) for one in step["only_if"]["is"]]}
    return kept


def _basis(row: Mapping[str, Any]) -> dict[str, str]:
    said = {name: str(row.get(name) or "").strip() for name in ("kind", "name", "clause", "edition", "verified_on")}
    return {**said, "mark": str(row.get("mark") or "E")}


def _case(term: Mapping[str, Any]) -> tuple[str, ...]:
    return (str(term.get("priority")), str(term.get("milestone")), str(term.get("place_class") or ""))


def faults(text: Text, *, calendars: Sequence[str]) -> tuple[Finding, ...]:
    """Return what is wrong with a text as such, so that it cannot even be kept as a draft."""
    long = [
        Finding("too_long", name, said=f"{len(str(text.get(name) or ''))} > {limit}")
        for name, limit in LIMITS.items()
        if len(str(text.get(name) or "")) > limit
    ]
    steps, terms = text.get("steps") or (), text.get("terms") or ()
    known = library.by_code("certificates")
    long += [
        Finding("unknown_certificate", "steps", at, str(step.get("code", "")), str(step["certificate"]))
        for at, step in enumerate(steps, 1)
        if step.get("certificate") and not set(str(step["certificate"]).split("|")) <= set(known)
    ]
    basis = check_basis(text.get("basis") or ())
    return (*long, *check_steps(steps), *check_terms(terms, calendars=calendars), *basis)


def lacks(text: Text, *, kind: str, length_reason: str) -> tuple[Finding, ...]:
    """Return what a text still lacks to be reviewed; one beyond its budget needs a reason (精而管用)."""
    found = check_completeness(text)
    length, budget = measure(text), budget_of(kind)
    over = over_budget(length, budget)
    if over and not length_reason.strip():
        said = {
            "steps": f"{length.n_steps} > {budget.n_steps}",
            "characters": f"{length.n_characters} > {budget.n_characters}",
        }
        found = (*found, *(Finding(f"over_budget_{name}", "whole", said=said[name]) for name in over))
    return found


def budget_of(kind: str) -> Budget:
    """Return the length budget of a kind of work, from the library's table."""
    rows = library.by_code("length_budgets")
    row = rows.get(kind) or rows["other"]
    return Budget(int(row["n_steps"]), int(row["n_characters"]))
