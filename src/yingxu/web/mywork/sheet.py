"""A job as the worker's page shows it: the next act, the steps, what is still missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yingxu.core.procedure import conditions_met
from yingxu.standards.library import by_code
from yingxu.standards.queries import ProcedureRow, procedure_of
from yingxu.web.standards.wording import certificate_word
from yingxu.web.templatetags.yingxu import in_language, is_english
from yingxu.web.words import milestone_name
from yingxu.work.ends import node_steps
from yingxu.work.hands import HandRow
from yingxu.work.steps import missing_evidence

PROVEN = frozenset({"qr", "code", "asker"})


@dataclass(frozen=True)
class Step:
    """One step of the procedure with what was done about it."""

    code: str
    kind: str
    text: str
    unit: str
    low: str
    high: str
    choices: tuple[tuple[str, str], ...]
    is_critical: bool
    is_mandatory: bool
    is_done: bool
    is_ok: bool
    value: str
    #: What certificate the step is for, in words; empty: for anybody.
    certificate: str = ""
    #: Taking or giving the load carries it out, with both identifiers.
    is_by_scan: bool = False


@dataclass(frozen=True)
class Limit:
    """A promised milestone that still runs."""

    name: str
    due_at: datetime
    is_paused: bool


@dataclass(frozen=True)
class Sheet:
    """Everything that the card shows."""

    job: HandRow
    what: str
    where: str
    limits: tuple[Limit, ...]
    steps: tuple[Step, ...]
    n_done: int
    #: Code of the first step that is not done: it stands open.
    next_step: str
    missing: tuple[str, ...]
    needs_minutes: bool
    needs_cause: bool
    return_reasons: tuple[tuple[str, str], ...]
    pause_reasons: tuple[tuple[str, str, str], ...]
    causes: tuple[tuple[str, str], ...]
    pause_name: str
    goal: str
    #: Somebody has signed for the work.
    is_signed: bool


def sheet(job: HandRow) -> Sheet:
    """Return a job's card. Budget: one query, once an edition and process."""
    procedure = procedure_of(job.edition_id)
    is_proven = job.arrival_proof in PROVEN
    asked = conditions_met(procedure.steps, _answers(job))
    steps = tuple(
        _step(step, job) for step in procedure.steps if step["code"] in asked and not (is_proven and _is_arrival(step))
    )
    missing = _missing(job, procedure)
    return Sheet(
        job=job,
        what=in_language(job, "item_name"),
        where=where_of(job),
        limits=tuple(Limit(milestone_name(c.milestone), c.due_at, c.state == "paused") for c in job.clocks),
        steps=steps,
        n_done=sum(step.is_done for step in steps),
        next_step=next((step.code for step in steps if not step.is_done), ""),
        missing=tuple(part.name_en if is_english() else part.name for part in missing if part.kind != "field"),
        needs_minutes=any(part.code == "minutes" for part in missing),
        needs_cause=any(part.code == "cause_code" for part in missing),
        return_reasons=return_reasons(job.state),
        pause_reasons=tuple(
            (row["code"], _name(row), row["plain_en" if is_english() else "plain_zh"])
            for row in by_code("pause_reasons").values()
        ),
        causes=_named(
            row
            for row in by_code("cause_codes").values()
            if not row["lines"] or job.line_code in row["lines"].split(";")
        ),
        pause_name=_name(by_code("pause_reasons")[job.pause_reason]) if job.pause_reason else "",
        goal=in_language(procedure, "goal"),
        is_signed="signature" in job.photo_labels,
    )


def where_of(job: HandRow) -> str:
    """Return where it is, and at which lift, bed or pump."""
    where = in_language(job, "place_name") or job.place_words
    name = "" if job.asset_name in job.place_name else f"{in_language(job, 'asset_name')} "
    return f"{where} · {name}{job.asset_code}" if job.asset_code else where


def return_reasons(state: str) -> tuple[tuple[str, str], ...]:
    """Return why a job may be given back in this state."""
    return _named(row for row in by_code("return_reasons").values() if _fits(row, state) and row["code"] != "timeout")


def _missing(job: HandRow, procedure: ProcedureRow) -> tuple[Any, ...]:
    return missing_evidence(
        procedure.steps,
        procedure.evidence,
        done_codes=set(job.steps),
        photo_labels=set(job.photo_labels),
        is_arrival_proven=job.arrival_proof in PROVEN,
        is_repeat=job.is_repeat,
        cause_code="",
        minutes=None,
        values=_answers(job),
    )


def _answers(job: HandRow) -> dict[str, Any]:
    """Return what the steps were answered with: some steps are asked only after an answer."""
    return {code: done["value"] for code, done in job.steps.items()}


def _is_arrival(step: Mapping[str, Any]) -> bool:
    return (step["code"], step["type"]) == ("place", "scan")


def _step(step: Mapping[str, Any], job: HandRow) -> Step:
    done = job.steps.get(step["code"])
    is_photo = step["type"] == "photo" and step["code"] in job.photo_labels
    chosen = {choice["code"]: _worded(choice) for choice in step.get("choices", ())}
    value = done["value"] if done else None
    return Step(
        code=step["code"],
        kind=step["type"],
        text=_worded(step),
        unit=step.get("unit", ""),
        low=_figure(step.get("min")),
        high=_figure(step.get("max")),
        choices=tuple(chosen.items()),
        is_critical=bool(step.get("critical")),
        is_mandatory=bool(step.get("mandatory")),
        is_done=done is not None or is_photo,
        is_ok=bool(done["is_ok"]) if done else is_photo,
        value=_said(value, chosen),
        certificate=certificate_word(str(step["certificate"])) if step.get("certificate") else "",
        is_by_scan=_is_by_scan(step, job),
    )


def _is_by_scan(step: Mapping[str, Any], job: HandRow) -> bool:
    return any(field.is_covered for field in job.asked) and step in node_steps(procedure_of(job.edition_id))


def _worded(said: Mapping[str, Any]) -> str:
    """Return a step's or an option's words; the site's own standards may lack the English ones."""
    return str((said.get("en") if is_english() else "") or said["zh"])


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def _said(value: Any, chosen: Mapping[str, str]) -> str:
    """Return a step's value as it is shown; ticks and photos need no more than their mark."""
    if isinstance(value, bool) or value is None or isinstance(value, list):
        return ""
    if isinstance(value, str):
        return chosen.get(value, value)
    return f"{value:g}"


def _name(row: Mapping[str, str]) -> str:
    return row["name_en"] if is_english() else row["name_zh"]


def _fits(row: Mapping[str, str], state: str) -> bool:
    return state in row["states"].split(";")


def _named(rows: Any) -> tuple[tuple[str, str], ...]:
    return tuple((row["code"], _name(row)) for row in rows)
