"""What the pages' tests share: nothing that a process keeps for a short while reaches from one test into another."""

from __future__ import annotations

import pytest

from yingxu.demand import queries as demand
from yingxu.web import live
from yingxu.web.ask import limits
from yingxu.web.boxes import abuse
from yingxu.web.desk import views
from yingxu.web.fragments import Fragments, Marks
from yingxu.web.outside import views as outside
from yingxu.web.stands import views as stands
from yingxu.web.surveys import public as surveys
from yingxu.web.voices import saying

_COUNTERS = (
    *(limits.codes, limits.addresses, limits.anyhow),
    *(saying._sayings, stands._sendings, outside.presses, outside.wrong),
)
_ROTATING = (abuse.apart, abuse.refused, abuse.tries, saying._apart, surveys.apart, surveys.refused)


@pytest.fixture(autouse=True)
def _kept_afresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "_fragments", Fragments())
    monkeypatch.setattr(views, "_talking", Fragments())
    monkeypatch.setattr(live, "marks", Marks(demand.change_mark))
    for counter in _COUNTERS:
        monkeypatch.setattr(counter, "_seen", {})
    for rotating in _ROTATING:
        monkeypatch.setattr(rotating, "_made_s", -1e9)
