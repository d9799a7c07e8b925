"""What the pages' tests share: nothing that a process keeps for a short while reaches from one test into another."""

from __future__ import annotations

import pytest

from yingxu.demand import queries as demand
from yingxu.web import live
from yingxu.web.desk import views
from yingxu.web.fragments import Fragments, Marks


@pytest.fixture(autouse=True)
def _kept_afresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "_fragments", Fragments())
    monkeypatch.setattr(views, "_talking", Fragments())
    monkeypatch.setattr(live, "marks", Marks(demand.change_mark))
