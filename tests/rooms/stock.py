"""Stores for tests: the company's and the hospital's, a part, a lot."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from tests.people import MONDAY_NINE, House
from tests.rooms.test_work_loop import minutes
from yingxu.work.actions import shelves, stores
from yingxu.work.models import Level, Part, Store


def a_store(house: House, code: str = "A", *, party: str | None = "jia", keeper: str | None = None) -> Store:
    """Set up a store; ``party`` None: the hospital's own."""
    kept = stores.set_store(
        site_id=house.site_id,
        code=code,
        name=f"{code}库",
        name_en=f"Store {code}",
        party_id=house.parties[party] if party else None,
        keeper_id=house.accounts[keeper] if keeper else None,
        actor=house.actor("officer"),
        at=MONDAY_NINE - timedelta(days=3),
    )
    return Store.objects.get(uid=kept.uid)


def a_part(house: House, code: str = "P1", *, is_whole: bool = True, **more: Any) -> Part:
    """Make a part known."""
    kept = stores.set_part(
        site_id=house.site_id,
        code=code,
        name=f"陶瓷阀芯{code}",
        name_en=f"Ceramic cartridge {code}",
        unit_name="个" if is_whole else "米",
        unit_name_en="pc" if is_whole else "m",
        is_whole=is_whole,
        actor=house.actor("officer"),
        at=MONDAY_NINE - timedelta(days=3),
        **more,
    )
    return Part.objects.get(uid=kept.uid)


def came(
    house: House,
    store: Store,
    part: Part,
    n: str | int = 5,
    price_fen: int = 1250,
    *,
    at: datetime = minutes(-60),
    **more: Any,
) -> Level:
    """Receive a lot."""
    shelves.receive_stock(
        store_id=store.uid,
        part_id=part.uid,
        quantity=Decimal(n),
        price_fen=price_fen,
        actor=house.actor(more.pop("by", "officer")),
        at=at,
        **more,
    )
    return Level.objects.get(store=store, part=part)
