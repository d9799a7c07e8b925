"""Parts at a job: oldest lots first, never below nothing, never what is kept for another; every move is kept."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext

from tests.people import MONDAY_NINE, House
from tests.rooms.stock import a_part, a_store, came
from tests.rooms.test_work_loop import asked, at_work, done, minutes, sent
from yingxu.ground.actor import engine
from yingxu.ground.models import Delivery, Entry
from yingxu.ground.refusals import Malformed, NotAllowed, NotFound
from yingxu.ground.unit import CommandKey
from yingxu.work import actions as work
from yingxu.work.actions import parts, shelves, shortages
from yingxu.work.models import Job, Level, Lot, Movement, Pause, Reservation, Shortage
from yingxu.work.refusals import AlreadyAsked, InStore, MoreThanIssued, NotAtThisJob, NotEnough, ShortageSettled

pytestmark = pytest.mark.django_db
ONE = Decimal(1)


def in_work(house: House, *, at: float = 0) -> Job:
    return at_work(house, sent(house, asked(house, at=at), at=at + 1), at=at + 2)


def use(house: House, job: Job, level: Level, n: int | str = 1, *, by: str = "plumber", at: float = 12) -> None:
    parts.issue_part(job_id=job.uid, level_id=level.uid, quantity=Decimal(n), actor=house.actor(by), at=minutes(at))


def derived(level: Level) -> bool:
    """Whether the level and its lots are what their movements add up to, and what is reserved is what is kept."""
    level.refresh_from_db()
    total = Movement.objects.filter(level=level).aggregate(n=Sum("quantity"))["n"] or Decimal(0)
    kept = Reservation.objects.filter(level=level, ended_at=None).aggregate(n=Sum("quantity"))["n"] or Decimal(0)
    lots = Lot.objects.filter(level=level).annotate(n=Sum("movements__quantity"))
    return (
        level.on_hand == total
        and level.reserved == kept
        and 0 <= level.reserved <= level.on_hand
        and all(lot.left == lot.n for lot in lots)
    )


def test_the_oldest_lot_goes_first_and_the_job_bears_its_price(house: House) -> None:
    level = came(house, store := a_store(house), part := a_part(house), 2, 1000, received_on=date(2025, 2, 1))
    came(house, store, part, 5, 1500)
    job = in_work(house)
    use(house, job, level, 3)
    rows = list(Movement.objects.filter(job=job).order_by("id").values_list("quantity", "cost_fen"))
    assert rows == [(-2, 2000), (-1, 1500)]
    assert derived(level)
    entry = Entry.objects.get(subject_id=job.pk, kind="work.part.issued")
    assert (entry.thread_id, entry.facts["quantity"], entry.facts["cost_fen"]) == (job.request_id, "3", 3500)


def test_an_expired_lot_is_not_used(house: House) -> None:
    yesterday = MONDAY_NINE.date() - timedelta(days=1)
    level = came(house, a_store(house), a_part(house), 2, expires_on=yesterday, received_on=date(2025, 2, 1))
    with pytest.raises(NotEnough) as refused:
        use(house, in_work(house), level)
    assert refused.value.why == "expired"


def test_stock_is_never_negative_not_even_by_another_way(house: House) -> None:
    level = came(house, a_store(house), a_part(house), 2)
    job = in_work(house)
    with pytest.raises(NotEnough) as refused:
        use(house, job, level, 3)
    assert (refused.value.free, refused.value.why) == ("2", "none")
    for values in ({"on_hand": -1}, {"reserved": 3}, {"reserved": -1}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Level.objects.filter(pk=level.pk).update(**values)
    assert not Movement.objects.filter(job=job).exists()


def test_reserving_the_last_part_for_one_job_makes_another_wait_instead_of_double_promising(house: House) -> None:
    """Domain S16."""
    level = came(house, a_store(house), a_part(house), 1)
    first, second = in_work(house), in_work(house, at=1)
    parts.reserve_part(job_id=first.uid, level_id=level.uid, quantity=ONE, actor=house.actor("plumber"), at=minutes(12))
    with pytest.raises(NotEnough) as refused:
        use(house, second, level)
    assert refused.value.why == "reserved"
    shortages.report_shortage(
        job_id=second.uid,
        part_id=level.part.uid,
        store_id=level.store.uid,
        quantity=ONE,
        expected_at=minutes(300),
        actor=house.actor("plumber"),
        at=minutes(13),
    )
    second.refresh_from_db()
    assert second.state == "paused"
    use(house, first, level, at=14)
    assert derived(level)
    assert Reservation.objects.get(job=first).ended_how == "issued"
    level.refresh_from_db()
    assert (level.on_hand, level.reserved) == (0, 0)


def test_what_is_let_go_goes_to_who_waits(house: House) -> None:
    level = came(house, a_store(house), a_part(house), 1)
    first, second = in_work(house), in_work(house, at=1)
    plumber = house.actor("plumber")
    parts.reserve_part(job_id=first.uid, level_id=level.uid, quantity=ONE, actor=plumber, at=minutes(12))
    lack(house, second, level)
    parts.release_part(job_id=first.uid, level_id=level.uid, actor=plumber, at=minutes(20))
    second.refresh_from_db()
    assert second.state == "in_progress"
    assert Reservation.objects.get(job=second).quantity == 1
    assert derived(level)
    with pytest.raises(NotFound):
        parts.release_part(job_id=first.uid, level_id=level.uid, actor=plumber, at=minutes(21))


def lack(house: House, job: Job, level: Level, n: int = 1, *, at: float = 13) -> shortages.Lacking:
    return shortages.report_shortage(
        job_id=job.uid,
        part_id=level.part.uid,
        store_id=level.store.uid,
        quantity=Decimal(n),
        expected_at=minutes(300),
        actor=house.actor("plumber"),
        at=minutes(at),
    )


def test_a_job_waits_for_a_part_and_goes_on_when_it_has_come(house: House) -> None:
    level = came(house, store := a_store(house, keeper="porter"), part := a_part(house), 1)
    job = in_work(house)
    with pytest.raises(InStore):
        lack(house, job, level)
    row = lack(house, job, level, 3)
    job.refresh_from_db()
    pause = Pause.objects.get(job=job)
    assert (row.job_state, job.state, pause.reason_code, pause.verdict) == ("paused", "paused", "W1", "asked")
    assert Delivery.objects.filter(kind="work.shortage.reported", to_account_id=house.accounts["porter"]).exists()
    with pytest.raises(AlreadyAsked):
        lack(house, job, level, 4)
    came(house, store, part, 1, at=minutes(30))
    job.refresh_from_db()
    assert job.state == "paused"  # two of three
    came(house, store, part, 1, at=minutes(40), by="porter")
    job.refresh_from_db()
    pause.refresh_from_db()
    shortage = Shortage.objects.get(job=job)
    assert (job.state, pause.resumed_at, shortage.state) == ("in_progress", minutes(40), "received")
    assert Delivery.objects.filter(kind="work.shortage.received", to_account_id=house.accounts["plumber"]).exists()
    kinds = list(Entry.objects.filter(subject_id=job.pk).order_by("id").values_list("kind", flat=True))
    assert kinds[-2:] == ["work.shortage.received", "work.job.resumed"]
    use(house, job, level, 3, at=41)
    assert derived(level)


def test_want_of_a_stocked_part_never_stops_the_clocks(house: House) -> None:
    """Domain 5.5, W1: no for stocked parts."""
    store, part = a_store(house), a_part(house)
    shelves.set_minimum(
        store_id=store.uid, part_id=part.uid, minimum=Decimal(2), actor=house.actor("officer"), at=minutes(-90)
    )
    job = in_work(house)
    lack(house, job, Level.objects.get(store=store, part=part))
    assert Pause.objects.get(job=job).verdict == "plain"


def test_a_pause_for_another_reason_and_another_shortage_hold_the_job(house: House) -> None:
    store = a_store(house)
    level, other = came(house, store, a_part(house), 1), came(house, store, a_part(house, "P2"), 1)
    job = in_work(house)
    lack(house, job, level, 2)
    lack(house, job, other, 2, at=14)
    came(house, store, level.part, 1, at=minutes(30))
    job.refresh_from_db()
    assert job.state == "paused"
    came(house, store, other.part, 1, at=minutes(31))
    job.refresh_from_db()
    assert job.state == "in_progress"


def test_an_order_moves_the_moment_and_a_dropped_shortage_is_settled(house: House) -> None:
    level = came(house, a_store(house, keeper="porter"), a_part(house), 1)
    job = in_work(house)
    row = lack(house, job, level, 2)
    porter, plumber = house.actor("porter"), house.actor("plumber")
    with pytest.raises(NotAllowed):
        shortages.order_shortage(
            shortage_id=row.shortage_id, supplier="厂家", expected_at=minutes(900), actor=plumber, at=minutes(20)
        )
    shortages.order_shortage(
        shortage_id=row.shortage_id, supplier="厂家", expected_at=minutes(900), actor=porter, at=minutes(20)
    )
    assert Pause.objects.get(job=job).expected_at == minutes(900)
    with pytest.raises(NotAllowed):
        shortages.drop_shortage(shortage_id=row.shortage_id, actor=house.actor("electrician"), at=minutes(21))
    shortages.drop_shortage(shortage_id=row.shortage_id, actor=plumber, at=minutes(21))
    with pytest.raises(ShortageSettled):
        shortages.drop_shortage(shortage_id=row.shortage_id, actor=porter, at=minutes(22))
    job.refresh_from_db()
    assert job.state == "paused"  # its worker goes on by his own word
    work.resume_job(job_id=job.uid, actor=plumber, at=minutes(23))


def test_what_comes_back_lies_in_its_lot_and_costs_nothing(house: House) -> None:
    level = came(house, store := a_store(house), part := a_part(house), 2, 1000, received_on=date(2025, 2, 1))
    came(house, store, part, 5, 1500)
    job = in_work(house)
    use(house, job, level, 4)
    plumber = house.actor("plumber")
    with pytest.raises(MoreThanIssued) as refused:
        parts.return_part(job_id=job.uid, level_id=level.uid, quantity=Decimal(5), actor=plumber, at=minutes(20))
    assert refused.value.issued == "4"
    back = parts.return_part(job_id=job.uid, level_id=level.uid, quantity=Decimal(3), actor=plumber, at=minutes(20))
    assert (back.on_hand, back.cost_fen) == ("6", -4000)
    assert Movement.objects.filter(job=job).aggregate(n=Sum("cost_fen"))["n"] == 1000
    parts.return_part(job_id=job.uid, level_id=level.uid, quantity=ONE, actor=plumber, at=minutes(21))
    assert Movement.objects.filter(job=job).aggregate(n=Sum("cost_fen"))["n"] == 0
    assert derived(level)


def test_metres_are_cut_pieces_are_not(house: House) -> None:
    store = a_store(house)
    cable = came(house, store, a_part(house, "C", is_whole=False), "10.5", 333)
    job = in_work(house)
    use(house, job, cable, "2.25")
    assert Movement.objects.get(job=job).cost_fen == 749  # 2.25 m at 3.33
    whole = came(house, store, a_part(house), 3)
    for level, wrong in ((whole, "0.5"), (cable, "0.0005"), (cable, "0"), (whole, "-1"), (cable, "NaN")):
        with pytest.raises(Malformed):
            use(house, job, level, wrong)


def test_who_may_take_what_from_where(house: House) -> None:
    jia = came(house, a_store(house), a_part(house), 5)
    yi = came(house, a_store(house, "B", party="yi"), jia.part, 5)
    hospital = came(house, a_store(house, "H", party=None), jia.part, 5)
    job = in_work(house)
    for stranger in ("electrician", "nurse", "clerk", "lift_fitter"):
        with pytest.raises(NotAllowed):
            use(house, job, jia, by=stranger)
    with pytest.raises(NotAllowed):
        use(house, job, yi)  # another company's store
    use(house, job, jia)
    use(house, job, hospital)
    use(house, job, jia, by="leader")
    assert Movement.objects.filter(job=job).count() == 3
    for by in ("plumber", "nurse", "clerk", "lift_manager"):
        with pytest.raises(NotAllowed):
            came(house, jia.store, jia.part, by=by)
    with pytest.raises(NotAllowed):
        came(house, hospital.store, jia.part, by="leader")  # the hospital's own is no company's
    came(house, jia.store, jia.part, by="leader")


def test_parts_move_for_jobs_in_hand_only_and_what_was_kept_is_free_when_they_end(house: House) -> None:
    level = came(house, a_store(house), a_part(house), 5)
    waiting = asked(house)
    with pytest.raises(NotAllowed):
        use(house, waiting, level)
    job = in_work(house)
    plumber = house.actor("plumber")
    parts.reserve_part(job_id=job.uid, level_id=level.uid, quantity=Decimal(2), actor=plumber, at=minutes(12))
    lack(house, job, came(house, level.store, a_part(house, "P2"), 1), 2)
    work.resume_job(job_id=job.uid, actor=plumber, at=minutes(14))
    done(house, job)
    with pytest.raises(NotAtThisJob):
        lack(house, job, level, 9, at=30)
    clock = engine("clock")
    assert parts.let_go_of_ended(actor=clock, at=minutes(40)).n == 2
    assert parts.let_go_of_ended(actor=clock, at=minutes(41)).n == 0
    assert derived(level)
    level.refresh_from_db()
    assert level.reserved == 0
    assert Shortage.objects.get(job=job).state == "dropped"
    with pytest.raises(NotAllowed):
        parts.let_go_of_ended(actor=plumber, at=minutes(42))


def test_the_same_command_twice_takes_once(house: House) -> None:
    level = came(house, a_store(house), a_part(house), 5)
    job = in_work(house)
    for _ in range(2):
        said = parts.issue_part(
            job_id=job.uid,
            level_id=level.uid,
            quantity=ONE,
            actor=house.actor("plumber"),
            at=minutes(12),
            command=CommandKey("c1", "d"),
        )
    assert (said.on_hand, Movement.objects.filter(job=job).count()) == ("4", 1)


def test_parts_go_to_another_store_lot_by_lot_and_serve_who_waits_there(house: House) -> None:
    level = came(house, a_store(house), a_part(house), 2, 1000, received_on=date(2025, 2, 1), batch="A1")
    came(house, level.store, level.part, 5, 1500)
    there = a_store(house, "B", party=None)
    job = in_work(house)
    plumber, leader = house.actor("plumber"), house.actor("leader")
    target = came(house, there, level.part, 1)
    lack(house, job, target, 3)
    send = {"site_id": house.site_id, "level_id": level.uid, "quantity": Decimal(3), "at": minutes(30)}
    with pytest.raises(NotAllowed):
        shelves.transfer_stock(to_store_id=there.uid, actor=plumber, **send)
    with pytest.raises(Malformed):
        shelves.transfer_stock(to_store_id=level.store.uid, actor=leader, **send)
    with pytest.raises(NotEnough):
        shelves.transfer_stock(to_store_id=there.uid, actor=leader, **{**send, "quantity": Decimal(8)})
    shelves.transfer_stock(to_store_id=there.uid, actor=leader, **send)
    lots = (
        Lot.objects.filter(level=target)
        .order_by("received_on", "price_fen")
        .values_list("batch", "quantity", "price_fen")
    )
    assert list(lots) == [("A1", 2, 1000), ("", 1, 1250), ("", 1, 1500)]
    assert derived(level)
    assert derived(target)
    job.refresh_from_db()
    assert job.state == "in_progress"


def test_taking_a_part_costs_so_many_statements(house: House) -> None:
    level = came(house, a_store(house), a_part(house), 5)
    job = in_work(house)
    plumber = house.actor("plumber")
    with CaptureQueriesContext(connection) as asked_for:
        parts.issue_part(job_id=job.uid, level_id=level.uid, quantity=ONE, actor=plumber, at=minutes(12))
    statements = [one["sql"] or "" for one in asked_for.captured_queries]
    assert len([one for one in statements if "SAVEPOINT" not in one]) == 5
