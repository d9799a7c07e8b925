"""Standards as the pages show them: steps with their words, promises by urgency, length against budget, differences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from yingxu.core.procedure import Difference, Length, measure, over_budget
from yingxu.standards import library
from yingxu.standards.queries import EditionRow
from yingxu.standards.texts import budget_of
from yingxu.web import saying
from yingxu.web.standards import wording
from yingxu.web.templatetags.yingxu import in_language, is_english, priority_word
from yingxu.work.usefulness import ItemFigures, StepFigures


@dataclass(frozen=True)
class Stage:
    """An edition's stage as a badge."""

    text: str
    icon_name: str
    tone: str


def stage_of(state: str) -> Stage:
    """Return a stage's badge: icon and word, never colour alone."""
    icon, tone = wording.STAGE_LOOKS.get(state, ("info-circle", "muted"))
    return Stage(wording.stage_word(state), icon, tone)


@dataclass(frozen=True)
class ShownStep:
    """One step as people read it."""

    at: int
    kind: str
    icon: str
    text: str
    limits: str
    options: tuple[str, ...]
    condition: str
    is_critical: bool
    is_mandatory: bool
    certificate: str = ""
    figures: StepFigures | None = None
    takes: str = ""


def steps_of(steps: Sequence[Mapping[str, Any]], figures: ItemFigures | None = None) -> list[ShownStep]:
    """Return steps as people read them, with what the jobs say about each."""
    by_code = {str(step.get("code")): step for step in steps}
    return [
        ShownStep(
            at=at,
            kind=wording.step_word(str(step.get("type"))),
            icon=wording.STEP_ICONS.get(str(step.get("type")), "check"),
            text=wording.said_of_step(step),
            limits=wording.limits_word(step),
            options=tuple(
                str((one.get("en") if is_english() else "") or one.get("zh")) for one in step.get("choices") or ()
            ),
            condition=condition_of(step, by_code),
            is_critical=bool(step.get("critical")),
            is_mandatory=bool(step.get("mandatory")),
            certificate=wording.certificate_word(str(step["certificate"])) if step.get("certificate") else "",
            figures=figures.steps.get(str(step.get("code"))) if figures else None,
            takes=_takes(figures.steps.get(str(step.get("code")))) if figures else "",
        )
        for at, step in enumerate(steps, 1)
    ]


def _takes(figures: StepFigures | None) -> str:
    """Return how long a step takes in the middle of the jobs; empty below a minute, where clicks say nothing."""
    is_known = figures is not None and figures.median_s is not None and figures.median_s >= 60
    return saying.duration(figures.median_s or 0) if is_known and figures is not None else ""


def condition_of(step: Mapping[str, Any], by_code: Mapping[str, Mapping[str, Any]]) -> str:
    """Return when a step is asked, in words; empty when always."""
    condition = step.get("only_if")
    on = by_code.get(str(condition["step"])) if condition else None
    if condition is None or on is None:
        return ""
    answers = " / ".join(wording.answer_word(on, str(answer)) for answer in condition["is"])
    return f"{wording.said_of_step(on)} → {answers}"


@dataclass(frozen=True)
class ShownTerm:
    """One promise as people read it."""

    milestone: str
    limit_s: int
    percent: str
    place_class: str
    calendar: str
    is_pausable: bool
    is_legal: bool


@dataclass(frozen=True)
class Urgency:
    """The promises of one urgency."""

    level: int
    word: str
    terms: tuple[ShownTerm, ...]


_ORDER = ("acknowledged", "arrived", "safe", "done", "verified")


def promises_of(terms: Sequence[Mapping[str, Any]], calendars: Mapping[str, tuple[str, str]]) -> list[Urgency]:
    """Return promises by urgency, milestones in the order in which they are reached."""
    found = []
    for level in (1, 2, 3, 4):
        of_level = [term for term in terms if term.get("priority") == level]
        of_level.sort(key=lambda term: (_ORDER.index(term["milestone"]), str(term.get("place_class") or "")))
        if of_level:
            shown = tuple(_term(term, calendars) for term in of_level)
            found.append(Urgency(level, priority_word(level), shown))
    return found


def _term(term: Mapping[str, Any], calendars: Mapping[str, tuple[str, str]]) -> ShownTerm:
    return ShownTerm(
        milestone=wording.milestone_word(term["milestone"]),
        limit_s=int(term["limit_s"]),
        percent=f"{float(term['percentile']) * 100:.4g}%",
        place_class=place_class_name(term.get("place_class") or ""),
        calendar=calendar_name(term["calendar"], calendars),
        is_pausable=bool(term.get("is_pausable")),
        is_legal=bool(term.get("is_legal")),
    )


def calendar_name(code: str, calendars: Mapping[str, tuple[str, str]]) -> str:
    """Return service hours by name."""
    name, name_en = calendars.get(code, (code, ""))
    return (name_en if is_english() else "") or name


def place_class_name(code: str) -> str:
    """Return a class of places by name; empty for all."""
    row = library.by_code("place_classes").get(code)
    return ((row["name_en"] if is_english() else "") or row["name_zh"]) if row else code


@dataclass(frozen=True)
class ShownLength:
    """How long a text is against its budget: figures, budget, share used, and whether it passes it."""

    length: Length
    n_steps: int
    n_characters: int
    steps_percent: int
    characters_percent: int
    is_over: bool
    minutes: float


def length_of(text: Mapping[str, Any], kind: str) -> ShownLength:
    """Return a text's length against the budget of its kind of work."""
    length, budget = measure(text), budget_of(kind)
    return ShownLength(
        length,
        budget.n_steps,
        budget.n_characters,
        min(100, round(100 * length.n_steps / budget.n_steps)),
        min(100, round(100 * length.n_characters / budget.n_characters)),
        bool(over_budget(length, budget)),
        round(length.read_s / 60, 1),
    )


@dataclass(frozen=True)
class ShownBasis:
    """What a standard rests on, and whether anybody checked it against the edition that holds now."""

    kind: str
    name: str
    clause: str
    edition: str
    verified_on: str


def basis_of(rows: Sequence[Mapping[str, Any]]) -> list[ShownBasis]:
    """Return the basis as people read it."""
    return [
        ShownBasis(
            wording.basis_word(str(row.get("kind"))),
            str(row.get("name", "")),
            str(row.get("clause", "")),
            str(row.get("edition", "")),
            str(row.get("verified_on", "")),
        )
        for row in rows
    ]


@dataclass(frozen=True)
class ShownChange:
    """One step of either edition, side by side."""

    kind: str
    word: str
    fields: str
    before: ShownStep | None
    after: ShownStep | None


@dataclass(frozen=True)
class ShownDifference:
    """What differs between two editions, ready to be laid side by side."""

    parts: list[tuple[str, str, str]]
    steps: list[ShownChange]
    terms: list[tuple[str, str, ShownTerm | None, ShownTerm | None, str]]
    basis: list[tuple[str, str]]
    counts: dict[str, int] = field(default_factory=dict)
    is_tightened: bool = False
    is_loosened: bool = False

    @property
    def is_empty(self) -> bool:
        """Nothing differs."""
        return not (self.parts or self.terms or self.basis or any(row.kind != "same" for row in self.steps))


def difference_of(found: Difference, calendars: Mapping[str, tuple[str, str]]) -> ShownDifference:
    """Return a difference in people's words; unchanged promises and texts are left out, unchanged steps stay."""
    before = steps_of([row.before for row in sorted(found.steps, key=lambda r: r.before_at) if row.before is not None])
    after = steps_of([row.after for row in sorted(found.steps, key=lambda r: r.after_at) if row.after is not None])
    steps = [
        ShownChange(
            row.kind,
            wording.change_word(row.kind),
            wording.field_words(row),
            before[row.before_at - 1] if row.before_at else None,
            after[row.after_at - 1] if row.after_at else None,
        )
        for row in found.steps
    ]
    counts: dict[str, int] = {}
    for row in found.steps:
        counts[row.kind] = counts.get(row.kind, 0) + 1
    return ShownDifference(
        parts=[(wording.part_word(row.name), row.before, row.after) for row in found.parts if not row.is_same],
        steps=steps,
        terms=[
            (
                f"{priority_word(row.priority)} · {wording.milestone_word(row.milestone)}",
                place_class_name(row.place_class),
                _term(row.before, calendars) if row.before else None,
                _term(row.after, calendars) if row.after else None,
                row.direction or row.kind,
            )
            for row in found.terms
            if row.kind != "same"
        ],
        basis=[(row.before, row.after) for row in found.basis if not row.is_same],
        counts={wording.change_word(kind): n for kind, n in counts.items() if kind != "same"},
        is_tightened=found.is_tightened,
        is_loosened=found.is_loosened,
    )


@dataclass(frozen=True)
class ShownEdition:
    """One edition in the list of an item's editions."""

    row: EditionRow
    stage: Stage
    is_here: bool


def editions_of(rows: Sequence[EditionRow], here: int | None) -> list[ShownEdition]:
    """Return an item's editions as a list, the one on the page marked."""
    return [ShownEdition(row, stage_of(row.state), row.number == here) for row in rows]


@dataclass(frozen=True)
class Reader:
    """A team that must read an edition again, and its people."""

    team: str
    names: tuple[str, ...]


def readers_of(members: Sequence[Any]) -> list[Reader]:
    """Return who serves a line, by team: they read it again when it changes."""
    teams: dict[str, list[str]] = {}
    for one in members:
        name = (one.team_name_en if is_english() else "") or one.team_name
        teams.setdefault(name, []).append(in_language(one))
    return [Reader(team, tuple(names)) for team, names in teams.items()]


def local(at: datetime | None) -> str:
    """Return a moment as a ``datetime-local`` field wants it."""
    return at.strftime("%Y-%m-%dT%H:%M") if at else ""
