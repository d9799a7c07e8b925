"""Questions of surveys: the kinds there are, the templates to begin with, and which answers a question may have."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from yingxu.ground.refusals import Malformed

#: Templates, in the order of the page; ``own`` begins without questions.
TEMPLATES = ("servperf", "servqual", "ipa", "kano", "nps")
#: score: how true, 1–7; gap: how it should be and how it is, 1–7 each; both: how important and how good, 1–5 each;
#: kano: a pair of five answers; nps: 0–10.
KINDS = ("score", "gap", "both", "kano", "nps")
#: Kinds whose questions belong to a dimension of service quality.
OF_DIMENSION = ("score", "gap")
#: Dimensions of SERVQUAL and SERVPERF with their weights of a hundred points (domain §6.4).
WEIGHTS = {"TAN": 15, "REL": 32, "RES": 28, "ASS": 15, "EMP": 10}
#: The five answers of a Kano question, 1…5.
KANO = ("like", "must", "neutral", "live", "dislike")
TEXT_LIMIT, MOST = 200, 60
_SCALES = {"score": (1, 7), "gap": (1, 7), "both": (1, 5), "kano": (1, 5), "nps": (0, 10)}
_PARTS = {"score": ("",), "gap": ("_e", "_p"), "both": ("_i", "_p"), "kano": ("_f", "_d"), "nps": ("",)}


@dataclass(frozen=True)
class Question:
    """One question. ``code`` is its own for good: a reworded one gets another."""

    code: str
    kind: str
    text: str
    text_en: str = ""
    dimension: str = ""

    @property
    def scale(self) -> tuple[int, int]:
        """Lowest and highest answer."""
        return _SCALES[self.kind]

    @property
    def parts(self) -> tuple[str, ...]:
        """Codes of its answers: one, or two of a pair (should be and is; important and good; there and not)."""
        return tuple(f"{self.code}{part}" for part in _PARTS[self.kind])


@cache
def template(name: str) -> tuple[Question, ...]:
    """Return the questions of a template; none of ``own``."""
    text = (Path(__file__).parent / "questions.csv").read_text(encoding="utf-8")
    return tuple(
        Question(row["code"], row["kind"], row["text"], row["text_en"], row["dimension"])
        for row in csv.DictReader(text.splitlines())
        if row["template"] == name
    )


def from_rows(rows: Iterable[dict[str, Any]]) -> tuple[Question, ...]:
    """Return questions as an edition keeps them."""
    return tuple(Question(**row) for row in rows)


def to_rows(questions: Iterable[Question]) -> list[dict[str, Any]]:
    """Return what an edition keeps."""
    return [asdict(one) for one in questions]


def checked(questions: Sequence[Question]) -> tuple[Question, ...]:
    """Return questions with words trimmed and codes given to new ones. Refuses: Malformed."""
    if not questions:
        raise Malformed(field="questions", problem="missing")
    if len(questions) > MOST:
        raise Malformed(field="questions", problem="too_large", limit=str(MOST))
    taken = {one.code for one in questions if one.code}
    if len(taken) < sum(bool(one.code) for one in questions):
        raise Malformed(field="questions", problem="twice")
    kept = []
    for one in questions:
        text, text_en = one.text.strip(), one.text_en.strip()
        if one.kind not in KINDS:
            raise Malformed(field="kind", problem="unknown")
        if not text:
            raise Malformed(field="questions", problem="missing")
        if max(len(text), len(text_en)) > TEXT_LIMIT:
            raise Malformed(field="questions", problem="too_long", limit=str(TEXT_LIMIT))
        if one.dimension and one.kind in OF_DIMENSION and one.dimension not in WEIGHTS:
            raise Malformed(field="dimension", problem="unknown")
        code = one.code or next(f"q{n}" for n in range(1, 2 * MOST) if f"q{n}" not in taken)
        taken.add(code)
        kept.append(replace(one, code=code, text=text, text_en=text_en))
    return tuple(kept)


def as_next_edition(
    questions: Sequence[Question], before: Sequence[Question], number: int, used: Iterable[str]
) -> tuple[Question, ...]:
    """Return questions for an edition after an answered one: what is worded anew is another question."""
    known = {one.code: one for one in before}
    taken = {*used, *(one.code for one in questions)}

    def renamed(one: Question) -> Question:
        old = known.get(one.code)
        if old is None or (old.kind, old.text) == (one.kind, one.text):
            return one
        base, n = one.code.split("~")[0], number
        while f"{base}~{n}" in taken:
            n += 1
        taken.add(f"{base}~{n}")
        return replace(one, code=f"{base}~{n}")

    return tuple(renamed(one) for one in questions)


def answers_within(questions: Sequence[Question], said: dict[str, int]) -> dict[str, int]:
    """Return the answers that the questions have room for. Refuses: Malformed for one out of its scale or unasked."""
    room = {part: one.scale for one in questions for part in one.parts}
    for part, value in said.items():
        if part not in room:
            raise Malformed(field="ticks", problem="unknown")
        low, high = room[part]
        if not low <= value <= high:
            raise Malformed(field="ticks", problem="too_small" if value < low else "too_large", limit=f"{low}–{high}")
    return dict(said)
