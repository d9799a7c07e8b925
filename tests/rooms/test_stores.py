"""Stores: set up by whose they are; the book is what moved; a count changes it only when a second person agrees."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.people import MONDAY_NINE, House
from tests.rooms.stock import a_part, a_store, came
from tests.rooms.test_parts import derived, in_work, lack, use
from tests.rooms.test_work_loop import minutes
from yingxu.ground.models import Entry
from yingxu.ground.refusals import Malformed, NotAllowed, NotFound, Refusal
from yingxu.work.actions import parts, shelves, stocktakes, stores
from yingxu.work.models import Level, Lot, Movement
from yingxu.work.queries import parts as questions
from yingxu.work.queries import stores as queries
from yingxu.work.refusals import CodeTaken, CountBelowReserved, SecondPersonNeeded, StockTakeEnded, StockTakeOpen

pytestmark = pytest.mark.django_db
ONE = Decimal(1)


def test_a_company_sets_up_its_own_stores_only(house: House) -> None:
    said = {"site_id": house.site_id, "name": "班库", "at": MONDAY_NINE}
    manager = house.actor("manager")
    stores.set_store(code="J", party_id=house.parties["jia"], actor=manager, **said)
    for party in (None, house.parties["yi"]):
        with pytest.raises(NotAllowed):
            stores.set_store(code="X", party_id=party, actor=manager, **said)
    for name in ("plumber", "leader", "nurse", "clerk", "auditor", "administrator"):
        with pytest.raises(NotAllowed):
            stores.set_store(code="X", party_id=house.parties["jia"], actor=house.actor(name), **said)
    with pytest.raises(CodeTaken):
        stores.set_store(code="J", actor=house.actor("officer"), **said)
    hospital = a_store(house, "H", party=None)
    with pytest.raises(NotAllowed):  # nobody takes the hospital's store over
        stores.set_store(code="H", store_id=hospital.uid, party_id=house.parties["jia"], actor=manager, **said)


def test_the_unit_of_a_part_that_has_moved_stays(house: House) -> None:
    level = came(house, a_store(house), a_part(house))
    said = {"site_id": house.site_id, "part_id": level.part.uid, "code": "P1", "name": "阀芯", "at": MONDAY_NINE}
    officer = house.actor("officer")
    with pytest.raises(Malformed):
        stores.set_part(unit_name="盒", actor=officer, **said)
    stores.set_part(unit_name="个", item_codes=["plb.faucet"], actor=officer, **said)
    with pytest.raises(NotFound):
        stores.set_part(unit_name="个", item_codes=["plb.nothing"], actor=officer, **said)
    with pytest.raises(CodeTaken):
        stores.set_part(site_id=house.site_id, code="P1", name="x", unit_name="个", actor=officer, at=MONDAY_NINE)


def test_what_came_in_must_be_possible(house: House) -> None:
    store, part = a_store(house), a_part(house)
    today = MONDAY_NINE.date()
    for wrong in (
        {"price_fen": -1},
        {"price_fen": 10**9},
        {"received_on": today + timedelta(days=1)},
        {"expires_on": today - timedelta(days=9)},
    ):
        with pytest.raises(Malformed):
            came(house, store, part, **wrong)  # type: ignore[arg-type]
    assert not Movement.objects.exists()


def test_low_ones_come_first_and_pages_are_whole(house: House) -> None:
    store = a_store(house)
    officer = house.actor("officer")
    for n in range(7):
        part = a_part(house, f"P{n}")
        came(house, store, part, 5)
        if n % 2:
            shelves.set_minimum(store_id=store.uid, part_id=part.uid, minimum=Decimal(6), actor=officer, at=minutes(0))
    rows: list[str] = []
    cursor = None
    while True:
        page = queries.stock(house.actor("plumber"), house.site_id, cursor=cursor, limit=2)
        rows += [row.code for row in page.rows]
        if page.next is None:
            break
        cursor = page.next
    assert rows == ["P1", "P3", "P5", "P0", "P2", "P4", "P6"]
    found = queries.stock(officer, house.site_id, q="cartridge P3", only_low=True)
    assert [row.code for row in found.rows] == ["P3"]
    assert queries.stock(house.actor("lift_fitter"), house.site_id).rows == ()  # another company's store


def counting(house: House, level: Level, n: int | str, *, reason: str = "", by: str = "leader") -> stocktakes.TakeKept:
    begun = stocktakes.begin_stock_take(store_id=level.store.uid, actor=house.actor(by), at=minutes(20))
    stocktakes.count_part(
        take_id=begun.take_id,
        level_id=level.uid,
        counted=Decimal(n),
        reason=reason,
        actor=house.actor(by),
        at=minutes(21),
    )
    return begun


def test_a_count_changes_the_book_only_when_a_second_person_agrees(house: House) -> None:
    level = came(house, a_store(house), a_part(house), 5)
    take = counting(house, level, 3, reason="broken")
    level.refresh_from_db()
    assert level.on_hand == 5
    for who, why in (("leader", SecondPersonNeeded), ("plumber", NotAllowed), ("lift_manager", NotAllowed)):
        with pytest.raises(why):
            stocktakes.settle_stock_take(take_id=take.take_id, actor=house.actor(who), at=minutes(30))
    use(house, in_work(house), level)  # meanwhile one goes out: the difference stays the difference
    said = stocktakes.settle_stock_take(take_id=take.take_id, actor=house.actor("manager"), at=minutes(30))
    level.refresh_from_db()
    assert (said.n_counted, said.n_differ, level.on_hand) == (1, 1, 2)
    assert derived(level)
    (entry,) = Entry.objects.filter(kind="work.stock.corrected", subject_id=level.pk)
    assert (entry.facts["difference"], entry.facts["reason"]) == ("-2", "broken")
    with pytest.raises(StockTakeEnded):
        stocktakes.settle_stock_take(take_id=take.take_id, actor=house.actor("officer"), at=minutes(31))


def test_a_difference_needs_a_reason_and_more_is_a_lot_of_the_last_price(house: House) -> None:
    level = came(house, a_store(house), a_part(house), 5, 900)
    with pytest.raises(Malformed):
        counting(house, level, 7)
    open_take = questions.stock_takes(house.actor("leader"), house.site_id)[0]
    with pytest.raises(StockTakeOpen):
        stocktakes.begin_stock_take(store_id=level.store.uid, actor=house.actor("officer"), at=minutes(22))
    stocktakes.count_part(
        take_id=open_take.take_id,
        level_id=level.uid,
        counted=Decimal(7),
        reason="found",
        actor=house.actor("leader"),
        at=minutes(23),
    )
    stocktakes.settle_stock_take(take_id=open_take.take_id, actor=house.actor("manager"), at=minutes(30))
    assert list(Lot.objects.filter(level=level).order_by("id").values_list("left", "price_fen")) == [(5, 900), (2, 900)]
    assert derived(level)


def test_a_count_below_what_is_kept_for_jobs_is_refused_whole(house: House) -> None:
    level = came(house, a_store(house), a_part(house), 5)
    job = in_work(house)
    parts.reserve_part(
        job_id=job.uid, level_id=level.uid, quantity=Decimal(4), actor=house.actor("plumber"), at=minutes(12)
    )
    take = counting(house, level, 2, reason="lost")
    with pytest.raises(CountBelowReserved):
        stocktakes.settle_stock_take(take_id=take.take_id, actor=house.actor("manager"), at=minutes(30))
    assert derived(level)
    stocktakes.drop_stock_take(take_id=take.take_id, actor=house.actor("leader"), at=minutes(31))
    stocktakes.begin_stock_take(store_id=level.store.uid, actor=house.actor("leader"), at=minutes(32))


def test_nothing_counted_settles_nothing(house: House) -> None:
    store = a_store(house)
    begun = stocktakes.begin_stock_take(store_id=store.uid, actor=house.actor("leader"), at=minutes(1))
    with pytest.raises(Malformed):
        stocktakes.settle_stock_take(take_id=begun.take_id, actor=house.actor("manager"), at=minutes(2))


def test_an_unknown_one_is_not_found(house: House) -> None:
    with pytest.raises(NotFound):
        queries.part_detail(house.actor("plumber"), house.site_id, a_store(house).uid)
    with pytest.raises(NotFound):
        queries.stock(house.actor("plumber"), house.site_id, cursor="x")
    with pytest.raises(NotFound):
        questions.job_numbered(house.actor("leader"), house.site_id, "0")


acts = st.lists(
    st.tuples(st.sampled_from(["receive", "issue", "reserve", "return", "release", "lack", "send"]), st.integers(1, 4)),
    min_size=4,
    max_size=12,
)


@given(acts)
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_moves_the_level_is_the_sum_of_its_movements(house: House, steps: list[tuple[str, int]]) -> None:
    from django.db import transaction

    with transaction.atomic():
        level = came(house, a_store(house), a_part(house), 3, 333)
        other = came(house, a_store(house, "B"), level.part, 1)
        job = in_work(house)
        plumber, leader = house.actor("plumber"), house.actor("leader")
        for place, (act, n) in enumerate(steps):
            at = minutes(20 + place)
            said = {"job_id": job.uid, "level_id": level.uid, "actor": plumber, "at": at}
            try:
                if act == "receive":
                    came(house, level.store, level.part, n, 100 * n + 7, at=at)
                elif act == "issue":
                    parts.issue_part(quantity=Decimal(n), **said)
                elif act == "reserve":
                    parts.reserve_part(quantity=Decimal(n), **said)
                elif act == "return":
                    parts.return_part(quantity=Decimal(n), **said)
                elif act == "release":
                    parts.release_part(**said)
                elif act == "lack":
                    lack(house, job, level, n + 3, at=20 + place)
                else:
                    shelves.transfer_stock(
                        site_id=house.site_id,
                        level_id=level.uid,
                        to_store_id=other.store.uid,
                        quantity=Decimal(n),
                        actor=leader,
                        at=at,
                    )
            except Refusal:
                pass
            assert derived(level)
            assert derived(other)
        transaction.set_rollback(True)
