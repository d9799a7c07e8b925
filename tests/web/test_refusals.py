"""Refusals in words: every one of every room has its sentence, in both languages, with its facts."""

from __future__ import annotations

import dataclasses
import importlib
import pkgutil
import re

import pytest
from django.utils import timezone, translation

import yingxu
from yingxu.core.procedure import Finding
from yingxu.dispatch.refusals import NotQualified
from yingxu.ground.refusals import Malformed, Refusal
from yingxu.standards.refusals.forms import WrongField
from yingxu.verify.refusals import ReopenTooLate
from yingxu.web.errors import SENTENCES, sentence
from yingxu.work.refusals import AcceptanceOver, EvidenceMissing, IllegalMove, MissingPart


def every_refusal() -> list[type[Refusal]]:
    for module in pkgutil.walk_packages(yingxu.__path__, "yingxu."):
        if module.name.endswith(".refusals") and not module.name.startswith("yingxu.core"):
            importlib.import_module(module.name)
    found, waiting = [], [Refusal]
    while waiting:
        for kind in waiting.pop().__subclasses__():
            waiting.append(kind)
            if kind.__module__.startswith("yingxu."):
                found.append(kind)
    return found


@pytest.mark.parametrize("kind", every_refusal(), ids=lambda kind: kind.__name__)
def test_every_refusal_has_its_own_sentence(kind: type[Refusal]) -> None:
    assert any(parent in SENTENCES for parent in kind.__mro__ if parent is not Refusal), f"{kind} has no sentence"
    for language in ("zh-hans", "en"):
        with translation.override(language):
            assert sentence(kind()).strip()


#: A value of each type that facts of a refusal have.
PART = MissingPart("photo", "after", "完工照片", "photo after")
FACTS: dict[str, object] = {
    "missing": ("line:PLB", "skill:electrical:2", "party"),
    "accept_by": "2025-03-03T01:05:00+00:00",
    "closed_at": "2025-03-03T01:05:00+00:00",
    "window_s": 604800,
    "state": "finished",
    "from_state": "finished",
    "to_state": "accepted",
    "hours": 24,
    "before": 3,
    "after": 4,
    "saved_at": "2025-03-03T01:05:00+00:00",
    "from_at": "2025-03-03T01:05:00+00:00",
    "earliest_at": "2025-03-03T01:05:00+00:00",
    "limit_s": 900,
    "percentile": 0.95,
    "since": "2025-03-03T01:05:00+00:00",
    "which": ("first",),
    "kind": "taken",
    "priority": 2,
    "milestone": "done",
    "findings": (Finding("no_steps", "steps"),),
    "fields": (WrongField("from", "起点", "From", "missing"),),
}


def _of_type(name: str) -> object:
    return 12 if name == "int" else 0.5 if name == "float" else "某某"


def full(kind: type[Refusal]) -> Refusal:
    """Return the refusal with a fact in every field."""
    facts = {field.name: FACTS.get(field.name, _of_type(str(field.type))) for field in dataclasses.fields(kind)}
    return kind(**({**facts, "missing": (PART,)} if kind is EvidenceMissing else facts))


@pytest.mark.parametrize("kind", every_refusal(), ids=lambda kind: kind.__name__)
def test_no_sentence_shows_a_placeholder_a_code_or_the_other_language(kind: type[Refusal]) -> None:
    said = {}
    for language in ("zh-hans", "en"):
        with translation.override(language):
            said[language] = sentence(full(kind))
    for words in said.values():
        assert not re.search(r"%\(|%[sd]|\{|\}|None|<|&#", words), words
    assert re.search("[一-鿿]", said["zh-hans"]), said["zh-hans"]
    assert not re.search("[一-鿿]", re.sub("某某", "", said["en"])), said["en"]
    assert not re.search(r"\b[a-z]+_[a-z_]+\b|\b[a-z]+:[A-Z]", said["zh-hans"]), said["zh-hans"]


def test_what_to_do_instead_is_said() -> None:
    with translation.override("zh-hans"), timezone.override("Asia/Shanghai"):
        assert "09:05" in sentence(AcceptanceOver(accept_by="2025-03-03T01:05:00+00:00"))
        assert "7 天" in sentence(ReopenTooLate(number="1", closed_at="", window_s=604800))
        assert "重新报修" in sentence(ReopenTooLate(number="1", closed_at="", window_s=604800))


def test_sentences_carry_their_facts() -> None:
    part = MissingPart("photo", "after", "完工照片", "photo after")
    with translation.override("zh-hans"):
        assert "王工" in sentence(NotQualified(worker="王工", missing=("skill:electrical:2",)))
        assert "完工照片" in sentence(EvidenceMissing(missing=(part,)))
        assert "已完工" in sentence(IllegalMove("finished", "accepted", "not_next"))
        assert sentence(Malformed("text", "too_long", "2000")) == "内容太长了（最多 2000）。"
    with translation.override("en"):
        assert "photo after" in sentence(EvidenceMissing(missing=(part,)))
