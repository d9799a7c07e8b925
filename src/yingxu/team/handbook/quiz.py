"""Three questions about what was read, made from the steps' own data: limits, order, critical steps, promised times.

The same person, reading and attempt get the same questions in the same order, so that nothing needs to be stored before
an answer is given; another attempt gets other questions. Nobody can send the right answers along: they are worked out
again where the answers are judged.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from yingxu.standards.library import rows
from yingxu.team.handbook.delta import delta, limits_of
from yingxu.team.handbook.values import Procedure, Reading

#: Questions of one quiz, and answers to choose from.
N_QUESTIONS, N_CHOICES = 3, 4
#: Times that a promise could plausibly have, in seconds.
_MINUTES = (1, 2, 3, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 360, 480, 720, 1440, 2880, 4320, 7200, 10080)
_LADDER_S = tuple(60 * minutes for minutes in _MINUTES)


@dataclass(frozen=True)
class Choice:
    """One answer: a text in two languages, or a span of seconds."""

    text: str = ""
    text_en: str = ""
    seconds: int = 0


@dataclass(frozen=True)
class Question:
    """A question. ``kind``: limits, next, first, critical, evidence, promise, rule. ``right`` is a choice's number."""

    code: str
    kind: str
    item: str
    item_en: str
    about: Choice
    #: Milestone of a promise, or the kind of evidence.
    detail: str
    priority: int
    choices: tuple[Choice, ...]
    right: int


@dataclass(frozen=True)
class _Candidate:
    code: str
    kind: str
    procedure: Procedure | None
    about: Choice
    detail: str
    right: Choice
    wrong: tuple[Choice, ...]
    step_code: str = ""


def questions(reading: Reading, *, account_id: int, attempt: int) -> tuple[Question, ...]:
    """Return the three questions of a person's attempt (1, 2, …) at a reading."""
    seed = f"{account_id}:{reading.digest}"
    dice = random.Random(_number(seed))
    found = _candidates(reading)
    dice.shuffle(found)
    changed = _changed(reading)
    touched = [one for one in found if (one.step_code or one.detail) in changed] if changed else []
    others = _mixed([one for one in found if one not in touched])
    turn = attempt - 1
    picked = [touched[turn % len(touched)]] if touched else []
    pool = others + [one for one in touched if one not in picked]
    wanted = N_QUESTIONS - len(picked)
    start = (turn * wanted) % max(len(pool), 1)
    picked += [pool[(start + n) % len(pool)] for n in range(min(wanted, len(pool)))]
    turned = random.Random(_number(f"{seed}:{attempt}"))
    return tuple(_asked(one, turned) for one in picked)


def n_right(asked: Sequence[Question], answers: Sequence[int]) -> int:
    """Return how many answers are right; a missing one is wrong."""
    return sum(question.right == answer for question, answer in zip(asked, answers, strict=False))


def _number(said: str) -> int:
    return int.from_bytes(hashlib.sha256(said.encode()).digest()[:8])


def _asked(one: _Candidate, dice: random.Random) -> Question:
    wrong = list(one.wrong)
    if all(choice.seconds for choice in wrong):
        # the nearest times are the hardest; they come in their own order
        choices = sorted([one.right, *wrong[: N_CHOICES - 1]], key=lambda choice: choice.seconds)
    else:
        dice.shuffle(wrong)
        choices = [one.right, *wrong[: N_CHOICES - 1]]
        dice.shuffle(choices)
    item = one.procedure
    return Question(
        code=one.code,
        kind=one.kind,
        item=item.name if item else "",
        item_en=item.name_en if item else "",
        about=one.about,
        detail=one.detail,
        priority=item.priority if item else 0,
        choices=tuple(choices),
        right=choices.index(one.right),
    )


def _mixed(found: Iterable[_Candidate]) -> list[_Candidate]:
    """Return candidates so that neighbours are of different kinds as long as possible."""
    by_kind: dict[str, list[_Candidate]] = {}
    for one in found:
        by_kind.setdefault(one.kind, []).append(one)
    mixed = []
    while by_kind:
        for kind in list(by_kind):
            mixed.append(by_kind[kind].pop())
            if not by_kind[kind]:
                del by_kind[kind]
    return mixed


def _changed(reading: Reading) -> set[str]:
    """Return codes of steps and milestones that differ from what was signed for before."""
    if reading.older is None or not reading.procedures:
        return set()
    new = reading.procedures[0]
    found = delta(reading.older, new)
    return {change.step_code or (change.milestone if change.priority == new.priority else "") for change in found} - {
        ""
    }


def _candidates(reading: Reading) -> list[_Candidate]:
    if not reading.procedures:
        return _of_rules()
    return [one for procedure in reading.procedures for one in _of(procedure)]


def _of(procedure: Procedure) -> list[_Candidate]:
    steps = [(step["code"], step, Choice(step.get("zh", ""), step.get("en", ""))) for step in procedure.steps]
    return [
        *_of_limits(procedure, steps),
        *_of_order(procedure, steps),
        *_of_kind(procedure, steps),
        *_of_promises(procedure),
    ]


Steps = list[tuple[str, dict[str, Any], Choice]]


def _of_limits(procedure: Procedure, steps: Steps) -> list[_Candidate]:
    found = []
    for code, step, about in steps:
        said = limits_of(step)
        if not said:
            continue
        wrong = tuple(Choice(other, other) for other in _near_limits(step) if other != said)
        found.append(_candidate(procedure, "limits", about, "", Choice(said, said), wrong, code))
    return [one for one in found if one is not None]


def _near_limits(step: dict[str, Any]) -> list[str]:
    """Return limits that somebody could mistake for the step's: half, double, shifted by its width."""
    low, high = step.get("min"), step.get("max")
    said = []
    for factor_low, factor_high in ((0.5, 0.5), (1, 1.5), (1.5, 2), (0.5, 1), (2, 3)):
        near = dict(step)
        if low is not None:
            near["min"] = round(low * factor_low, 3)
        if high is not None:
            near["max"] = round(high * factor_high, 3)
        if low is None or high is None or near["min"] < near["max"]:
            said.append(limits_of(near))
    return list(dict.fromkeys(said))


def _of_order(procedure: Procedure, steps: Steps) -> list[_Candidate]:
    found = []
    for n, (_, _, about) in enumerate(steps[:-1]):
        code, _, right = steps[n + 1]
        wrong = tuple(text for m, (_, _, text) in enumerate(steps) if m not in (n, n + 1))
        found.append(_candidate(procedure, "next", about, "", right, wrong, code))
    if steps:
        code, _, right = steps[0]
        found.append(_candidate(procedure, "first", Choice(), "", right, tuple(text for _, _, text in steps[1:]), code))
    return [one for one in found if one is not None]


def _of_kind(procedure: Procedure, steps: Steps) -> list[_Candidate]:
    found = []
    plain = tuple(text for _, step, text in steps if not step.get("critical"))
    for code, step, text in steps:
        if step.get("critical"):
            found.append(_candidate(procedure, "critical", Choice(), "", text, plain, code))
        # a text that says itself what it asks for would be no question
        if step.get("type") in {"photo", "scan", "signature"} and not set("拍扫签照") & set(text.text):
            others = tuple(said for _, other, said in steps if other.get("type") != step["type"])
            found.append(_candidate(procedure, "evidence", Choice(), str(step["type"]), text, others, code))
    return [one for one in found if one is not None]


def _of_promises(procedure: Procedure) -> list[_Candidate]:
    found = []
    for promise in procedure.own_promises:
        if promise.milestone == "verified":
            continue
        near = sorted((s for s in _LADDER_S if s != promise.limit_s), key=lambda s: _apart(s, promise.limit_s))
        wrong = tuple(Choice(seconds=s) for s in near[: N_CHOICES - 1])
        right = Choice(seconds=promise.limit_s)
        found.append(_candidate(procedure, "promise", Choice(), promise.milestone, right, wrong, ""))
    return [one for one in found if one is not None]


def _apart(a: int, b: int) -> float:
    return max(a, b) / min(a, b)


def _candidate(
    procedure: Procedure,
    kind: str,
    about: Choice,
    detail: str,
    right: Choice,
    wrong: tuple[Choice, ...],
    step_code: str,
) -> _Candidate | None:
    """Return a candidate with distinct wrong answers, or None when there are fewer than two of them."""
    distinct = tuple(one for one in dict.fromkeys(wrong) if one.text != right.text or one.seconds != right.seconds)
    if len(distinct) < 2:
        return None
    code = f"{procedure.item_code}:{kind}:{step_code or detail}"
    return _Candidate(code, kind, procedure, about, detail, right, distinct, step_code)


def _of_rules() -> list[_Candidate]:
    """Return a question for each general rule that has a plausible wrong form: which of these is right?"""
    told = [row for row in rows("handbook_rules") if row["wrong_zh"]]
    return [
        _Candidate(
            code=f"rule:{row['code']}",
            kind="rule",
            procedure=None,
            about=Choice(row["section_zh"], row["section_en"]),
            detail=row["code"],
            right=Choice(row["text_zh"], row["text_en"]),
            wrong=tuple(Choice(one["wrong_zh"], one["wrong_en"]) for one in told if one is not row),
        )
        for row in told
    ]
