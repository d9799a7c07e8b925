"""Timelines: every recorded fact has its sentence, in both languages; who may read them."""

from __future__ import annotations

import importlib
import pkgutil
import re
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

import pytest
from django.utils import translation

import yingxu
from tests.people import House
from tests.web.test_desk import asked
from tests.web.test_shell import signed_in
from yingxu.ground.actions.routing import COLLECTED
from yingxu.ground.ledger import Fact, plain
from yingxu.ground.models import Account, Site
from yingxu.web.facts import SENTENCES, sentence
from yingxu.work.models import Job


def every_fact() -> list[type[Fact]]:
    for module in pkgutil.walk_packages(yingxu.__path__, "yingxu."):
        if module.name.endswith(".events") and not module.name.startswith("yingxu.core"):
            importlib.import_module(module.name)
    found, waiting = [], [Fact]
    while waiting:
        for kind in waiting.pop().__subclasses__():
            waiting.append(kind)
            if "kind" in vars(kind) and kind.__module__.startswith("yingxu."):
                found.append(kind)
    return sorted(found, key=lambda kind: kind.kind)


def example(kind: type[Fact]) -> dict[str, Any]:
    """Return facts of a kind as the ledger would keep them."""
    base = {field.name for field in fields(Fact)}
    values: dict[str, Any] = {}
    for field in fields(kind):
        if field.name in base or not field.metadata.get("recorded", True):
            continue
        text = str(field.type)
        values[field.name] = plain(
            datetime(2025, 3, 3, 1, tzinfo=UTC)
            if "datetime" in text
            else True
            if text == "bool"
            else 2
            if "int" in text and "tuple" not in text
            else 0.5
            if "float" in text
            else ("x",)
            if "tuple" in text
            else "done"
            if field.name == "milestone"
            else "word"
        )
    return {**values, **EXAMPLES.get(kind.kind, {})}


#: Where the type alone does not say what stands in a field.
EXAMPLES: dict[str, dict[str, Any]] = {
    "demand.triage.learned": {"state": "ready"},
    "dispatch.line.mode_changed": {"mode": "claim"},
    "dispatch.what_if.answered": {"state": "done"},
    "voice.heard.said": {"answer_by": "2025-03-03T01:00:00+00:00", "said": "complaint"},
    "voice.heard.late": {"answer_by": "2025-03-03T01:00:00+00:00", "said": "low_rating"},
    "standards.item.moved": {"after": "active"},
    "ground.asset.changed": {"changed": {"state": ["in_use", "stopped"]}},
    "verify.peer.asked": {"due_at": "2025-03-03T01:00:00+00:00", "why": "chance"},
    "ground.place.changed": {"changed": {"name": ["骨科", "骨一科"]}},
}


@pytest.mark.parametrize("kind", every_fact(), ids=lambda kind: kind.kind)
def test_every_fact_has_a_sentence_in_both_languages(kind: type[Fact]) -> None:
    assert kind.kind in SENTENCES, f"{kind.kind} has no sentence in web/facts/"
    said = {}
    for language in ("zh-hans", "en"):
        with translation.override(language):
            said[language] = sentence(kind.kind, example(kind))
    assert said["en"].strip()
    assert re.search(r"[\u4e00-\u9fff]", said["zh-hans"])


def test_no_sentence_is_for_a_fact_that_does_not_exist() -> None:
    messages = {COLLECTED}  # a message to somebody, of several that waited: no fact of the ledger
    assert set(SENTENCES) - {kind.kind for kind in every_fact()} == messages


@pytest.mark.django_db
def test_the_timeline_of_a_request_a_job_a_site_and_a_person(house: House) -> None:
    request = asked(house, item="plb.faucet")
    job = Job.objects.get(request=request)
    client = signed_in(house, "officer")
    for address in (f"request/{request.uid}", f"job/{job.uid}"):
        html = client.get(f"/timeline/{address}").content.decode()
        assert f"单号 {request.number}" in html
        assert "承诺" in html
    site, nurse = Site.objects.get(pk=house.site_id), Account.objects.get(pk=house.accounts["nurse"])
    assert "医院启用了院区" in client.get(f"/timeline/site/{site.uid}").content.decode()
    assert "账号开通" in client.get(f"/timeline/account/{nurse.uid}").content.decode()


@pytest.mark.django_db
def test_a_timeline_is_not_for_everybody(house: House) -> None:
    request = asked(house, item="plb.faucet")
    site = Site.objects.get(pk=house.site_id)
    assert signed_in(house, "other_nurse").get(f"/timeline/request/{request.uid}").status_code == 404
    assert signed_in(house, "nurse").get(f"/timeline/site/{site.uid}").status_code == 403
    assert signed_in(house, "officer").get(f"/timeline/teapot/{site.uid}").status_code == 404
