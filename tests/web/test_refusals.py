"""Refusals in words: every one of every room has its sentence, in both languages, with its facts."""

from __future__ import annotations

import importlib
import pkgutil

import pytest
from django.utils import translation

import yingxu
from yingxu.dispatch.refusals import NotQualified
from yingxu.ground.refusals import Malformed, Refusal
from yingxu.web.errors import SENTENCES, sentence
from yingxu.work.refusals import EvidenceMissing, IllegalMove, MissingPart


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


def test_sentences_carry_their_facts() -> None:
    part = MissingPart("photo", "after", "完工照片", "photo after")
    with translation.override("zh-hans"):
        assert "王工" in sentence(NotQualified(worker="王工", missing=("skill:electrical:2",)))
        assert "完工照片" in sentence(EvidenceMissing(missing=(part,)))
        assert "已完工" in sentence(IllegalMove("finished", "accepted", "not_next"))
        assert sentence(Malformed("text", "too_long", "2000")) == "内容太长了（最多 2000）。"
    with translation.override("en"):
        assert "photo after" in sentence(EvidenceMissing(missing=(part,)))
