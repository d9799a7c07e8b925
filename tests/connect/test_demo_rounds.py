"""The demo hospital asks for its linen and its specimen round by itself."""

from __future__ import annotations

import pytest

from tests.people import MONDAY_NINE
from yingxu.connect.demo import furnish as furnishing
from yingxu.connect.demo.rounds import set_rounds
from yingxu.demand.models import Recurrence

pytestmark = pytest.mark.django_db


def test_two_rounds_stand_every_morning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(furnishing, "SITE", "demo-rounds")
    built = furnishing.furnish(MONDAY_NINE, holidays=())
    set_rounds(built.site_id, MONDAY_NINE)
    assert sorted(Recurrence.objects.values_list("item__code", flat=True)) == ["dlv.specimen", "lin.change"]
