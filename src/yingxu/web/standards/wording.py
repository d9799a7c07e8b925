"""Standards in people's words: kinds of step, stages, bases, what differs, what is wrong and where."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from yingxu.core.procedure import Finding, StepChange
from yingxu.standards import library
from yingxu.web.templatetags.yingxu import is_english, priority_word

#: Icon and tone of an edition's stage.
STAGE_LOOKS = {
    "draft": ("edit", "muted"),
    "review": ("eye", "warn"),
    "approved": ("calendar", "warn"),
    "in_force": ("circle-check", "ok"),
    "superseded": ("history", "muted"),
    "withdrawn": ("circle-x", "muted"),
}
STEP_ICONS = {
    "tick": "check",
    "number": "adjustments",
    "choice": "list",
    "photo": "camera",
    "scan": "qrcode",
    "meter": "ripple",
    "signature": "edit",
    "text": "message",
}


def stage_word(state: str) -> str:
    """Return an edition's stage."""
    names = {
        "draft": _("draft"),
        "review": _("in review"),
        "approved": _("approved, not in force yet"),
        "in_force": _("in force"),
        "superseded": _("superseded"),
        "withdrawn": _("withdrawn"),
    }
    return names.get(state, state)


def step_word(kind: str) -> str:
    """Return a kind of step."""
    names = {
        "tick": _("tick"),
        "number": _("number"),
        "choice": _("choice"),
        "photo": _("photo"),
        "scan": _("scan"),
        "meter": _("meter reading"),
        "signature": _("signature"),
        "text": _("text"),
    }
    return names.get(kind, kind)


def milestone_word(milestone: str) -> str:
    """Return a promised milestone."""
    names = {
        "acknowledged": _("a person's word"),
        "arrived": _("on the spot"),
        "safe": _("made safe"),
        "done": _("done"),
        "verified": _("confirmed"),
    }
    return names.get(milestone, milestone)


def basis_word(kind: str) -> str:
    """Return a kind of basis."""
    names = {
        "law": _("law or regulation"),
        "standard": _("published standard"),
        "contract": _("contract"),
        "house": _("rule of the house"),
    }
    return names.get(kind, kind)


def part_word(part: str) -> str:
    """Return a part of a standard."""
    names = {
        "goal": _("the goal"),
        "goal_en": _("the goal in English"),
        "requirement": _("the requirement"),
        "requirement_en": _("the requirement in English"),
        "steps": _("the steps"),
        "terms": _("the promises"),
        "basis": _("the basis"),
        "why": _("the reason for this edition"),
        "length_reason": _("the reason for its length"),
        "text": _("the wording"),
        "whole": _("the whole"),
    }
    return names.get(part, part)


def change_word(kind: str) -> str:
    """Return what became of a step or term."""
    names = {
        "same": _("unchanged"),
        "changed": _("changed"),
        "moved": _("moved"),
        "added": _("added"),
        "removed": _("removed"),
    }
    return names.get(kind, kind)


def field_words(row: StepChange) -> str:
    """Return which fields of a step differ."""
    names = {
        "zh": _("wording"),
        "en": _("English wording"),
        "type": _("kind"),
        "critical": _("critical"),
        "mandatory": _("needed"),
        "min": _("lower limit"),
        "max": _("upper limit"),
        "unit": _("unit"),
        "choices": _("options"),
        "only_if": _("condition"),
        "certificate": _("certificate"),
    }
    return _(", ").join(dict.fromkeys(names.get(name, _("other")) for name in row.fields))


def said_of_step(step: Mapping[str, Any]) -> str:
    """Return a step's words in the reader's language."""
    return str((step.get("en") if is_english() else "") or step.get("zh") or "")


def answer_word(on: Mapping[str, Any], answer: str) -> str:
    """Return an answer to a step as people read it."""
    if on.get("type") == "tick":
        return {"yes": _("yes"), "no": _("no")}.get(answer, answer)
    for choice in on.get("choices") or ():
        if choice.get("code") == answer:
            return str((choice.get("en") if is_english() else "") or choice.get("zh"))
    return answer


def limits_word(step: Mapping[str, Any]) -> str:
    """Return a reading's limits with their unit."""
    low, high, unit = step.get("min"), step.get("max"), unit_word(str(step.get("unit", "")))
    if step.get("type") not in {"number", "meter"}:
        return ""
    if low is None and high is None:
        return str(unit)
    if low is None:
        return f"≤ {_figure(high)} {unit}"
    if high is None:
        return f"≥ {_figure(low)} {unit}"
    return f"{_figure(low)}–{_figure(high)} {unit}"


def certificate_word(said: str) -> str:
    """Return a certificate that a step needs, ``LV|HV`` either of two, as people call it."""
    rows = library.by_code("certificates")
    names = [rows[code]["name_en" if is_english() else "name_zh"] if code in rows else code for code in said.split("|")]
    return _(" or ").join(names)


def unit_word(unit: str) -> str:
    """Return a reading's unit; the library counts some things in Chinese measure words, the rest is the same."""
    if not is_english():
        return unit
    return _COUNTED.get(unit, unit)


#: Measure words of the library's readings, in English.
_COUNTED = {
    "人": "people",
    "个": "pieces",
    "件": "pieces",
    "只": "pieces",
    "把": "pieces",
    "支": "pieces",
    "项": "items",
    "床": "beds",
    "袋": "bags",
}


def _figure(value: Any) -> str:
    return f"{value:g}" if isinstance(value, int | float) else str(value)


def finding_said(found: Finding) -> str:
    """Return what is wrong, where, and what to do."""
    say = _FINDINGS.get(found.code)
    words = say() % {"said": found.said} if say is not None else found.code
    if found.part == "steps" and found.at:
        return _("Step %(at)s: %(words)s") % {"at": found.at, "words": words}
    if found.part == "terms" and found.at:
        return _("Promise %(name)s: %(words)s") % {"name": _term_name(found.name), "words": words}
    if found.part == "basis" and found.at:
        return _("Basis %(at)s: %(words)s") % {"at": found.at, "words": words}
    if found.code == "too_long":
        return f"{part_word(found.part)}: {words}"
    return words


def _term_name(name: str) -> str:
    level, _space, milestone = name.partition(" ")
    digit = level.removeprefix("P")
    return f"{priority_word(int(digit)) if digit.isdigit() else level} · {milestone_word(milestone)}"


_FINDINGS: dict[str, Callable[[], str]] = {
    "step_without_code": lambda: _("its short name may hold small letters, figures and _ only (%(said)s)."),
    "step_code_twice": lambda: _("another step has the same short name (%(said)s)."),
    "unknown_step_type": lambda: _("this kind of step is not known (%(said)s)."),
    "step_without_text": lambda: _("write what is to be done."),
    "step_text_too_long": lambda: _("say it in at most %(said)s characters, or make two steps of it."),
    "critical_but_optional": lambda: _("a critical step cannot be left out: make it needed too."),
    "limits_not_numbers": lambda: _("a limit must be a number (%(said)s)."),
    "number_without_limits": lambda: _("give a lower or an upper limit, so that a bad reading shows."),
    "limits_reversed": lambda: _("the lower limit is above the upper one (%(said)s)."),
    "number_without_unit": lambda: _("give the unit."),
    "choice_without_options": lambda: _("give at least two options."),
    "choice_option_twice": lambda: _("two options are the same."),
    "choice_option_without_text": lambda: _("an option has no words."),
    "unknown_certificate": lambda: _("this certificate is not known (%(said)s)."),
    "hole_in_steps": lambda: _(
        "it is asked only after an answer that can never come (%(said)s): a hole in the procedure. "
        "Choose an earlier step and one of its answers."
    ),
    "unknown_priority": lambda: _("choose the urgency."),
    "unknown_milestone": lambda: _("choose what is promised."),
    "percentile_out_of_range": lambda: _(
        "the share must be above 0 and at most 100%% (%(said)s): nothing, or more than all, cannot be promised."
    ),
    "limit_not_positive": lambda: _("the time must be longer than nothing."),
    "unknown_calendar": lambda: _("choose the service hours."),
    "acknowledged_is_never_paused": lambda: _("a person's word is never paused."),
    "term_twice": lambda: _("it is promised twice; keep one."),
    "milestones_out_of_order": lambda: _("it may not be sooner than what comes before it."),
    "goal_missing": lambda: _("The goal is missing: what is true when the work is well done?"),
    "requirement_missing": lambda: _("The requirement is missing: what must never be left out?"),
    "no_steps": lambda: _("There is no step yet."),
    "no_terms": lambda: _("Nothing is promised yet."),
    "no_basis": lambda: _("Name at least one basis: law, standard, contract or a rule of the house."),
    "basis_kind_unknown": lambda: _("choose what kind of basis it is."),
    "basis_without_name": lambda: _("give its name."),
    "basis_without_edition": lambda: _("a law or standard needs the edition that is meant."),
    "basis_bad_date": lambda: _("the date of the last check is none (%(said)s)."),
    "too_long": lambda: _("too long (%(said)s characters)."),
    "over_budget_steps": lambda: _(
        "More steps than the length budget allows (%(said)s). Merge or drop some, or give a reason for its length."
    ),
    "over_budget_characters": lambda: _(
        "More characters than the length budget allows (%(said)s). Shorten it, or give a reason for its length."
    ),
}
