"""How two editions differ: texts, steps (added, removed, changed, moved), promise terms (tighter, looser), basis."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Step = Mapping[str, Any]

#: Fields of a step that people read; how a scan is met, for instance, is not among them but counts as "other".
_STEP_FIELDS = ("zh", "en", "type", "critical", "mandatory", "min", "max", "unit", "choices", "only_if", "certificate")
_TERM_FIELDS = ("limit_s", "percentile", "calendar", "is_pausable", "is_legal")
_PARTS = ("goal", "goal_en", "requirement", "requirement_en")


@dataclass(frozen=True)
class PartChange:
    """A text of the edition before and after."""

    name: str
    before: str
    after: str

    @property
    def is_same(self) -> bool:
        """Nothing changed."""
        return self.before == self.after


@dataclass(frozen=True)
class StepChange:
    """One step of either edition. ``kind``: same, changed, moved (and perhaps changed), added, removed.

    Places count from 1; 0 is absent. ``fields`` names what differs.
    """

    kind: str
    code: str
    before: Step | None
    after: Step | None
    before_at: int
    after_at: int
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class TermChange:
    """One promised milestone of either edition. ``kind``: same, changed, added, removed.

    ``direction``: tighter (sooner, or for a larger share), looser, mixed; empty when neither limit nor share changed.
    """

    kind: str
    priority: int
    milestone: str
    place_class: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    direction: str = ""


@dataclass(frozen=True)
class Difference:
    """All that differs between two editions."""

    parts: tuple[PartChange, ...]
    steps: tuple[StepChange, ...]
    terms: tuple[TermChange, ...]
    basis: tuple[PartChange, ...]

    @property
    def changed_parts(self) -> tuple[str, ...]:
        """Which parts differ: goal, requirement, steps, terms, basis."""
        texts = {change.name.removesuffix("_en") for change in self.parts if not change.is_same}
        names: list[str] = [name for name in ("goal", "requirement") if name in texts]
        for name, rows in (("steps", self.steps), ("terms", self.terms)):
            if any(row.kind != "same" for row in rows):
                names.append(name)
        if any(not row.is_same for row in self.basis):
            names.append("basis")
        return tuple(names)

    @property
    def is_tightened(self) -> bool:
        """Some promise is sooner, for a larger share, or new."""
        return any(term.direction in {"tighter", "mixed"} or term.kind == "added" for term in self.terms)

    @property
    def is_loosened(self) -> bool:
        """Some promise is later, for a smaller share, or gone."""
        return any(term.direction in {"looser", "mixed"} or term.kind == "removed" for term in self.terms)


def compare(before: Mapping[str, Any], after: Mapping[str, Any]) -> Difference:
    """Return how two editions differ.

    Parameters
    ----------
    before, after : ``{goal, goal_en, requirement, requirement_en, steps, terms, basis}``; what is absent is empty.
    """
    return Difference(
        parts=tuple(
            PartChange(name, str(before.get(name) or ""), str(after.get(name) or ""))
            for name in _PARTS
            if before.get(name) or after.get(name)
        ),
        steps=compare_steps(before.get("steps") or (), after.get("steps") or ()),
        terms=compare_terms(before.get("terms") or (), after.get("terms") or ()),
        basis=_basis(before.get("basis") or (), after.get("basis") or ()),
    )


def compare_steps(before: Sequence[Step], after: Sequence[Step]) -> tuple[StepChange, ...]:
    """Return the steps of both editions side by side, in the order of the later one, each once.

    A step is known by its code. Of those in both, the fewest possible count as moved: all outside a longest increasing
    subsequence of places (Schensted 1961, by patience sorting, n log n). A removed step stands where it stood.
    """
    old = {step["code"]: at for at, step in enumerate(before)}
    new = {step["code"]: at for at, step in enumerate(after)}
    common = [step["code"] for step in after if step["code"] in old]
    anchors = [common[n] for n in _longest_increasing([old[code] for code in common])]
    rows: list[StepChange] = []
    next_old = next_new = 0

    def pass_by(until_old: int, until_new: int) -> None:
        rows.extend(
            StepChange("removed", before[at]["code"], before[at], None, at + 1, 0)
            for at in range(next_old, until_old)
            if before[at]["code"] not in new
        )
        for at in range(next_new, until_new):
            step = after[at]
            stood = old.get(step["code"])
            if stood is None:
                rows.append(StepChange("added", step["code"], None, step, 0, at + 1))
            else:
                fields = _differing(before[stood], step)
                rows.append(StepChange("moved", step["code"], before[stood], step, stood + 1, at + 1, fields))

    for code in anchors:
        pass_by(old[code], new[code])
        was, now = before[old[code]], after[new[code]]
        fields = _differing(was, now)
        rows.append(StepChange("changed" if fields else "same", code, was, now, old[code] + 1, new[code] + 1, fields))
        next_old, next_new = old[code] + 1, new[code] + 1
    pass_by(len(before), len(after))
    return tuple(rows)


def _differing(before: Step, after: Step) -> tuple[str, ...]:
    names = [name for name in _STEP_FIELDS if (before.get(name) or None) != (after.get(name) or None)]
    rest = (set(before) | set(after)) - {*_STEP_FIELDS, "code"}
    return (*names, *sorted(name for name in rest if before.get(name) != after.get(name)))


def _longest_increasing(values: Sequence[int]) -> list[int]:
    """Return the places of one longest increasing subsequence."""
    tails: list[int] = []
    ends: list[int] = []
    came_from: list[int] = []
    for place, value in enumerate(values):
        pile = bisect_left(tails, value)
        came_from.append(ends[pile - 1] if pile else -1)
        if pile == len(tails):
            tails.append(value)
            ends.append(place)
        else:
            tails[pile] = value
            ends[pile] = place
    found: list[int] = []
    at = ends[-1] if ends else -1
    while at >= 0:
        found.append(at)
        at = came_from[at]
    return found[::-1]


def compare_terms(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> tuple[TermChange, ...]:
    """Return the promised milestones of both editions by urgency, milestone and class of place."""
    old, new = _by_case(before), _by_case(after)
    rows = []
    for case in sorted({*old, *new}):
        was, now = old.get(case), new.get(case)
        if was is None or now is None:
            rows.append(TermChange("added" if was is None else "removed", *_said(case), before=was, after=now))
            continue
        is_same = all(was.get(name) == now.get(name) for name in _TERM_FIELDS)
        rows.append(TermChange("same" if is_same else "changed", *_said(case), was, now, _direction(was, now)))
    return tuple(rows)


_ORDER = ("acknowledged", "arrived", "safe", "done", "verified")


def _by_case(terms: Sequence[Mapping[str, Any]]) -> dict[tuple[int, int, str], Mapping[str, Any]]:
    return {
        (int(term["priority"]), _ORDER.index(term["milestone"]), str(term.get("place_class") or "")): term
        for term in terms
    }


def _said(case: tuple[int, int, str]) -> tuple[int, str, str]:
    return case[0], _ORDER[case[1]], case[2]


def _direction(was: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    sooner = (now["limit_s"] < was["limit_s"]) - (now["limit_s"] > was["limit_s"])
    surer = (now["percentile"] > was["percentile"]) - (now["percentile"] < was["percentile"])
    if sooner * surer < 0:
        return "mixed"
    return {1: "tighter", -1: "looser", 0: ""}[max(-1, min(1, sooner + surer))]


def _basis(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> tuple[PartChange, ...]:
    old = {str(row.get("name", "")): _basis_said(row) for row in before}
    new = {str(row.get("name", "")): _basis_said(row) for row in after}
    return tuple(PartChange(name, old.get(name, ""), new.get(name, "")) for name in dict.fromkeys([*old, *new]))


def _basis_said(row: Mapping[str, Any]) -> str:
    said = (str(row.get(name) or "") for name in ("name", "clause", "edition", "verified_on"))
    return " · ".join(part for part in said if part)
