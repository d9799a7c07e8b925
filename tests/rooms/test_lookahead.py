"""The look-ahead calendar (domain S38): what comes is made ready before, once a turn, with an owner or an alarm."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.people import MONDAY_NINE, House
from tests.rooms.test_work_loop import at_work, done, sent
from yingxu.connect import lookahead
from yingxu.demand import actions as demand
from yingxu.demand.models import Request
from yingxu.ground.actor import engine
from yingxu.ground.models import Delivery, Entry
from yingxu.ground.refusals import Malformed, NotAllowed, NotFound, ReasonNeeded
from yingxu.standards import library as standards_library
from yingxu.standards.models import Holiday
from yingxu.upkeep import actions as upkeep
from yingxu.upkeep import queries
from yingxu.upkeep.models import Occasion, Preparation, PreparationRule
from yingxu.upkeep.refusals import AfterItBegins, NotOpenAnyMore, OnCalendarAlready, PreparationInWork
from yingxu.upkeep.turns import library
from yingxu.verify import actions as verify
from yingxu.work.models import Job

pytestmark = pytest.mark.django_db
#: 2 May 2025, 09:00 in Shanghai: 30 days before 1 June.
SECOND_OF_MAY = datetime(2025, 5, 2, 1, 0, tzinfo=UTC)
#: Minutes from the tests' Monday to it.
M0 = (SECOND_OF_MAY - MONDAY_NINE).total_seconds() / 60


def adopted(house: House, code: str = "flood_bj", at: datetime = SECOND_OF_MAY, **more: Any) -> Occasion:
    made = upkeep.adopt_occasion(site_id=house.site_id, code=code, actor=house.actor("officer"), at=at, **more)
    return Occasion.objects.get(uid=made.id)


def turned(monkeypatch: pytest.MonkeyPatch, at: datetime) -> None:
    monkeypatch.setattr(lookahead.timezone, "now", lambda: at)
    lookahead.turn()


def season(house: House, at: datetime = SECOND_OF_MAY, **more: Any) -> UUID:
    what = {"kind": "season", "name": "雨季", "repeats": "yearly", "from_md": "06-01", "to_md": "09-15"} | more
    return upkeep.add_occasion(
        site_id=house.site_id, what=upkeep.NewOccasion(**what), actor=house.actor("officer"), at=at
    ).id


def ruled(house: House, occasion: UUID, at: datetime = SECOND_OF_MAY, **more: Any) -> PreparationRule:
    what = {"text": "查龙头和排水", "item": "plb.faucet", "place": "S7-ORT-WC", "lead_days": 30} | more
    made = upkeep.add_rule(occasion_id=occasion, what=upkeep.NewRule(**what), actor=house.actor("officer"), at=at)
    return PreparationRule.objects.get(uid=made.id)


def one(house: House, monkeypatch: pytest.MonkeyPatch, **more: Any) -> Preparation:
    rule = ruled(house, season(house), **more)
    turned(monkeypatch, SECOND_OF_MAY)
    return Preparation.objects.select_related("request", "owner").get(rule=rule)


def test_s38_thirty_days_before_the_flood_season_drains_roofs_and_pumps_are_prepared_with_owners(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    adopted(house, at=SECOND_OF_MAY - timedelta(days=40))
    turned(monkeypatch, SECOND_OF_MAY - timedelta(days=1))
    assert not Preparation.objects.exists()
    turned(monkeypatch, SECOND_OF_MAY)
    made = list(Preparation.objects.select_related("request", "owner").order_by("id"))
    assert {row.line_code for row in made} >= {"PLB", "BLD", "SEW", "ELV"}  # drains, roofs, pumps
    assert {row.owner.name for row in made if row.line_code in {"PLB", "BLD"} and row.owner} == {"刘班长"}
    for row in made:  # nobody leads the lift and sewage teams here: an alarm
        alarms = Entry.objects.filter(kind="upkeep.preparation.unowned", subject_id=row.pk)
        assert (row.owner is None) == alarms.exists()
        assert (row.begins_on, row.due_on, row.is_short) == (date(2025, 6, 1), date(2025, 5, 29), False)
    drain = next(row for row in made if row.line_code == "PLB")
    assert drain.request.channel == "plan"
    assert drain.request.state == "accepted"
    assert Job.objects.filter(request=drain.request).count() == 1
    told = Delivery.objects.filter(kind="upkeep.preparation.opened", to_account_id=house.accounts["leader"])
    assert told.count() == sum(row.owner_id == house.accounts["leader"] for row in made)
    assert Delivery.objects.filter(kind="upkeep.preparation.unowned", to_account_id=house.accounts["officer"]).exists()


def test_s38_whatever_turns_again_and_beside_raises_nothing_twice(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    ruled(house, season(house))
    monkeypatch.setattr(lookahead.timezone, "now", lambda: SECOND_OF_MAY)
    (waiting,) = queries.due_preparations(at=SECOND_OF_MAY)
    lookahead.turn()
    lookahead.turn()
    with pytest.raises(IntegrityError), transaction.atomic():  # the other worker had asked before
        lookahead.ask(waiting, item_code=waiting.item_code, place_id=waiting.place_id, at=SECOND_OF_MAY)
    assert Request.objects.filter(channel="plan").count() == Preparation.objects.count() == 1


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    begins=st.dates(date(2024, 1, 1), date(2024, 12, 31)),
    lead=st.integers(0, 300),
    ahead=st.integers(-20, 320),
    year=st.sampled_from([2024, 2025, 2026]),
)
def test_s38_for_any_date_and_lead_there_is_exactly_one_a_year_from_its_lead_on(
    house: House, begins: date, lead: int, ahead: int, year: int
) -> None:
    """Leap day and the turn of the year included; each with an owner or an alarm."""
    ends = begins + timedelta(days=60)
    with transaction.atomic():
        key = season(house, from_md=f"{begins:%m-%d}", to_md=f"{ends:%m-%d}")
        rule = ruled(house, key, lead_days=lead, ready_days=min(lead, 2))
        day = min(begins.day, 28) if begins.month == 2 else begins.day
        first = date(year, begins.month, begins.day if year == 2024 else day)
        now = datetime(first.year, first.month, first.day, 4, tzinfo=UTC) - timedelta(days=ahead)
        with pytest.MonkeyPatch.context() as patch:
            turned(patch, now)
            turned(patch, now + timedelta(hours=3))
        made = Preparation.objects.filter(rule=rule, begins_on=first)
        last = 60 if (begins.month, begins.day) <= (10, 31) or year != 2026 else 59
        if ahead > lead:
            assert not made.exists()
        elif ahead >= -min(last, 55):
            (row,) = made
            assert row.turn == str(year)
            assert row.is_short == (ahead < lead)
            alarmed = Entry.objects.filter(kind="upkeep.preparation.unowned", subject_id=row.pk).exists()
            assert (row.owner_id is not None) != alarmed
        transaction.set_rollback(True)


def test_s38_a_season_over_new_year_is_one_turn(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    rule = ruled(house, season(house, name="供暖季", from_md="11-15", to_md="03-15"), lead_days=45)
    for at in (datetime(2025, 10, 1, 1, tzinfo=UTC), datetime(2026, 1, 10, 1, tzinfo=UTC)):
        turned(monkeypatch, at)
    assert [(row.turn, row.begins_on) for row in Preparation.objects.filter(rule=rule)] == [
        ("2025", date(2025, 11, 15))
    ]
    turned(monkeypatch, datetime(2026, 10, 1, 1, tzinfo=UTC))
    assert Preparation.objects.filter(rule=rule).count() == 2


def test_s38_what_comes_onto_the_calendar_late_is_raised_at_once_and_says_so(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = datetime(2025, 5, 30, 1, tzinfo=UTC)
    rule = ruled(house, season(house, at=late), at=late, ready_days=3)
    turned(monkeypatch, late)
    row = Preparation.objects.get(rule=rule)
    assert row.is_short
    assert row.due_on == date(2025, 5, 30)  # never a day that has passed
    (entry,) = Entry.objects.filter(kind="upkeep.preparation.opened", subject_id=row.pk)
    assert entry.facts["is_short"] is True
    assert entry.thread_id == row.request_id


def test_s38_spring_festival_is_expected_by_the_moon_until_its_notice_is_there(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    adopted(house, "spring_festival")
    turned(monkeypatch, datetime(2026, 2, 3, 1, tzinfo=UTC))
    assert {row.begins_on for row in Preparation.objects.all()} == {date(2026, 2, 16)}  # New Year is the 17th
    for n in range(9):
        on = date(2026, 2, 15) + timedelta(days=n)
        Holiday.objects.create(site_id=house.site_id, on=on, name="春节", is_off_day=True)
    turned(monkeypatch, datetime(2026, 2, 4, 1, tzinfo=UTC))
    assert Preparation.objects.count() == len([row for row in library("preparations") if row["seed"] == "festival"])
    (found,) = queries.occasions(house.actor("officer"), house.site_id, today=date(2026, 2, 4))
    assert (found.begins_on, found.is_expected) == (date(2026, 2, 15), False)


def test_s38_an_event_moved_moves_what_is_prepared_for_it(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    first = date(2025, 5, 20)
    event = adopted(house, "review", from_on=first, to_on=first, name="三甲复审")
    turned(monkeypatch, SECOND_OF_MAY)
    assert {row.due_on for row in Preparation.objects.all()} == {date(2025, 5, 13)}
    what = upkeep.NewOccasion(kind="review", name="三甲复审", from_on=date(2025, 6, 20), to_on=date(2025, 6, 22))
    moved = upkeep.change_occasion(
        occasion_id=event.uid, what=what, actor=house.actor("officer"), at=SECOND_OF_MAY + timedelta(hours=1)
    )
    assert moved.n == Preparation.objects.count()
    assert {row.due_on for row in Preparation.objects.all()} == {date(2025, 6, 13)}
    turned(monkeypatch, SECOND_OF_MAY + timedelta(days=1))
    assert Preparation.objects.count() == moved.n


def test_s38_the_work_that_is_done_makes_it_ready_and_a_no_opens_it_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = one(house, monkeypatch)
    job = Job.objects.get(request=row.request)
    at_work(house, sent(house, job, at=M0 + 1), at=M0 + 2)
    done(house, job, at=M0 + 20)
    row.refresh_from_db()
    assert row.state == "open"  # done is not yet found good
    verify.confirm_job(job_id=job.uid, actor=house.actor("officer"), at=SECOND_OF_MAY + timedelta(hours=6))
    row.refresh_from_db()
    assert row.state == "ready"
    with pytest.raises(NotOpenAnyMore):
        upkeep.take_on_preparation(
            preparation_id=row.uid, actor=house.actor("leader"), at=SECOND_OF_MAY + timedelta(hours=7)
        )
    verify.reopen_job(
        job_id=job.uid,
        reason_code="same_fault",
        actor=house.actor("officer"),
        at=SECOND_OF_MAY + timedelta(hours=8),
    )
    row.refresh_from_db()
    assert (row.state, row.ended_at) == ("open", None)


def test_s38_work_called_off_tells_who_answers(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    row = one(house, monkeypatch)
    demand.cancel_request(
        request_id=row.request.uid,
        reason_code="no_longer_needed",
        askers_word="何科员来电",
        actor=house.actor("clerk"),
        at=SECOND_OF_MAY + timedelta(hours=1),
    )
    row.refresh_from_db()
    assert row.state == "open"
    assert Delivery.objects.filter(kind="upkeep.preparation.lost_work", to_account_id=house.accounts["leader"]).exists()
    kept = upkeep.make_ready(
        preparation_id=row.uid, note="自己查过了", actor=house.actor("leader"), at=SECOND_OF_MAY + timedelta(hours=2)
    )
    assert kept.state == "ready"


def test_s38_ready_by_a_note_ends_the_work_that_nobody_began(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    row = one(house, monkeypatch)
    at = SECOND_OF_MAY + timedelta(hours=1)
    with pytest.raises(Malformed):
        upkeep.make_ready(preparation_id=row.uid, note=" ", actor=house.actor("leader"), at=at)
    upkeep.make_ready(preparation_id=row.uid, note="都已疏通，照片在群里", actor=house.actor("leader"), at=at)
    request = Request.objects.get(pk=row.request_id)
    assert (request.is_open, request.final_answer, request.answer_text) == (False, "explained", "都已疏通，照片在群里")
    assert Job.objects.get(request=request).state == "declined"


def test_s38_what_somebody_works_on_ends_with_that_work(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    row = one(house, monkeypatch)
    at_work(house, sent(house, Job.objects.get(request=row.request), at=M0 + 1), at=M0 + 2)
    at = SECOND_OF_MAY + timedelta(hours=5)
    for act in (upkeep.make_ready, upkeep.skip_preparation):
        words = {"note": "好了"} if act is upkeep.make_ready else {"reason": "不做了"}
        with pytest.raises(PreparationInWork):
            act(preparation_id=row.uid, actor=house.actor("officer"), at=at, **words)


def test_s38_only_the_hospital_leaves_out_and_puts_off_each_with_a_reason(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = one(house, monkeypatch)
    at, officer = SECOND_OF_MAY + timedelta(hours=1), house.actor("officer")
    day = row.begins_on
    with pytest.raises(NotAllowed):
        upkeep.skip_preparation(preparation_id=row.uid, reason="忙", actor=house.actor("leader"), at=at)
    with pytest.raises(ReasonNeeded):
        upkeep.skip_preparation(preparation_id=row.uid, reason="", actor=officer, at=at)
    with pytest.raises(AfterItBegins):
        upkeep.postpone_preparation(
            preparation_id=row.uid, due_on=day + timedelta(days=1), reason="等料", actor=officer, at=at
        )
    with pytest.raises(Malformed):
        upkeep.postpone_preparation(
            preparation_id=row.uid, due_on=date(2025, 5, 1), reason="等料", actor=officer, at=at
        )
    upkeep.postpone_preparation(preparation_id=row.uid, due_on=day, reason="等料", actor=officer, at=at)
    row.refresh_from_db()
    assert row.due_on == day
    kept = upkeep.skip_preparation(preparation_id=row.uid, reason="今年改造，已拆除", actor=officer, at=at)
    assert kept.state == "skipped"
    assert not Request.objects.get(pk=row.request_id).is_open


def test_s38_somebody_takes_it_on_and_a_manager_names_somebody(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    row = one(house, monkeypatch, item="elv.escalator", place="S-L3")
    assert row.owner is None
    at = SECOND_OF_MAY + timedelta(hours=1)
    with pytest.raises(NotAllowed):
        upkeep.take_on_preparation(preparation_id=row.uid, actor=house.actor("plumber"), at=at)
    with pytest.raises(NotFound):
        upkeep.assign_preparation(preparation_id=row.uid, username="nobody", actor=house.actor("lift_manager"), at=at)
    kept = upkeep.assign_preparation(
        preparation_id=row.uid, username="lift_fitter", actor=house.actor("lift_manager"), at=at
    )
    assert kept.owner == "吴梯工"
    assert Delivery.objects.filter(
        kind="upkeep.preparation.taken", to_account_id=house.accounts["lift_fitter"]
    ).exists()
    assert upkeep.take_on_preparation(preparation_id=row.uid, actor=house.actor("officer"), at=at).owner == "何科员"


def test_s38_late_is_told_upwards_each_step_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    row = one(house, monkeypatch)  # due 31 May, for 1 June
    clock = engine("clock")

    def told(day: date) -> set[str]:
        Delivery.objects.filter(kind="upkeep.preparation.late").delete()
        at = datetime(day.year, day.month, day.day, 2, tzinfo=UTC)
        for _again in range(2):
            upkeep.watch_preparations(actor=clock, at=at)
        names = {key: name for name, key in house.accounts.items()}
        found = Delivery.objects.filter(kind="upkeep.preparation.late").values_list("to_account_id", flat=True)
        assert len(found) == len(set(found))
        return {names[key] for key in found}

    assert told(date(2025, 5, 20)) == set()
    assert told(date(2025, 5, 28)) == {"leader"}
    assert told(date(2025, 6, 1)) == {"leader", "manager", "officer", "director"}
    assert told(date(2025, 6, 2)) == set()
    assert Preparation.objects.get(pk=row.pk).n_told == 3


def test_s38_a_planned_power_stop_is_told_to_those_whom_it_touches(house: House) -> None:
    event = adopted(house, "outage", from_on=date(2025, 5, 6), name="7楼停电检修", place="S7")
    people = queries.told_of(house.actor("officer"), event.uid, at=SECOND_OF_MAY)
    names = {name for _key, name, _role, _place in people}
    assert {"李护士", "张调度", "刘班长"} <= names
    assert "赵护士" not in names  # the other tower
    said = "7楼 5月6日 9:00—11:00 停电，请提前切换重要设备"
    with pytest.raises(NotAllowed):
        upkeep.announce_occasion(occasion_id=event.uid, text=said, actor=house.actor("clerk"), at=SECOND_OF_MAY)
    kept = upkeep.announce_occasion(occasion_id=event.uid, text=said, actor=house.actor("officer"), at=SECOND_OF_MAY)
    assert kept.n == len(people)
    found = Delivery.objects.filter(kind="upkeep.occasion.announced")
    assert set(found.values_list("to_account_id", flat=True)) == {key for key, *_rest in people}
    assert found.first().facts["is_short"] is False  # type: ignore[union-attr]


def test_s38_withdrawn_nothing_more_is_raised_and_what_waits_is_left_out(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = one(house, monkeypatch)
    at = SECOND_OF_MAY + timedelta(hours=1)
    kept = upkeep.withdraw_occasion(
        occasion_id=Occasion.objects.get().uid, reason="登记错了", actor=house.actor("officer"), at=at
    )
    assert kept.n == 1
    row.refresh_from_db()
    assert (row.state, row.note) == ("skipped", "登记错了")
    assert queries.due_preparations(at=at + timedelta(days=365)) == ()


def test_s38_the_same_season_stands_once(house: House) -> None:
    adopted(house)
    with pytest.raises(OnCalendarAlready):
        adopted(house, "flood_sh")
    adopted(house, "review", from_on=date(2025, 6, 1))
    adopted(house, "review", from_on=date(2025, 9, 1))


def test_s38_a_legal_date_comes_again_after_its_cycle(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    cycle = next(row for row in standards_library.rows("cycles") if row["code"].startswith("LGT"))
    made = upkeep.adopt_cycle(
        site_id=house.site_id,
        cycle_code=cycle["code"],
        next_on=date(2025, 5, 31),
        actor=house.actor("officer"),
        at=SECOND_OF_MAY,
    )
    turned(monkeypatch, datetime(2025, 5, 20, 1, tzinfo=UTC))
    row = Preparation.objects.get(occasion__uid=made.id)
    assert (row.turn, row.due_on) == ("2025-05", date(2025, 5, 30))
    request = Request.objects.get(pk=row.request_id)
    assert request.item_id is None  # the desk says what kind of work it is
    detail = queries.occasion_for(house.actor("auditor"), made.id, today=date(2025, 6, 1))
    assert detail.turns[0].begins_on > date(2025, 6, 1)


def test_s38_a_place_that_is_no_more_does_not_hide_the_preparation(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    from yingxu.ground.models import Place

    rule = ruled(house, season(house))
    Place.objects.filter(code="S7-ORT-WC", site_id=house.site_id).update(is_active=False)
    turned(monkeypatch, SECOND_OF_MAY)
    assert Preparation.objects.filter(rule=rule).count() == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"from_md": "02-30"}, "from_md"),
        ({"to_md": "13-01"}, "to_md"),
        ({"name": ""}, "name"),
        ({"repeats": "once"}, "from_on"),
        ({"repeats": "months", "from_on": date(2025, 1, 1), "every_months": 0}, "every_months"),
        ({"repeats": "once", "from_on": date(2025, 2, 1), "to_on": date(2025, 1, 1)}, "to_on"),
        ({"repeats": "holiday"}, "holiday"),
        ({"kind": "x"}, "kind"),
    ],
)
def test_what_is_wrong_with_an_occasion_is_said(house: House, wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(Malformed) as why:
        season(house, **wrong)
    assert why.value.field == field
    assert not Occasion.objects.exists()


def test_a_stranger_keeps_no_calendar_and_the_company_reads_it(house: House) -> None:
    for name in ("leader", "manager", "clerk", "nurse", "auditor"):
        with pytest.raises(NotAllowed):
            upkeep.adopt_occasion(site_id=house.site_id, code="cooling", actor=house.actor(name), at=SECOND_OF_MAY)
    with pytest.raises(NotAllowed):
        queries.preparations(house.actor("nurse"), house.site_id, today=date(2025, 5, 2))


def test_another_company_sees_its_own_preparations_only(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    row = one(house, monkeypatch)
    today = date(2025, 5, 2)
    assert queries.preparations(house.actor("lift_manager"), house.site_id, today=today).rows == ()
    with pytest.raises(NotFound):
        queries.preparation_for(house.actor("lift_manager"), row.uid, today=today)
    assert queries.preparation_for(house.actor("leader"), row.uid, today=today).may_answer


def test_the_list_is_paged_by_day(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    adopted(house)
    turned(monkeypatch, SECOND_OF_MAY)
    officer, seen, after = house.actor("officer"), [], ""
    while True:
        page = queries.preparations(officer, house.site_id, today=date(2025, 5, 2), after=after, limit=2)
        seen += [row.id for row in page.rows]
        after = page.next
        if not after:
            break
    assert len(seen) == len(set(seen)) == Preparation.objects.count()
    with CaptureQueriesContext(connection) as asked:
        queries.preparations(officer, house.site_id, today=date(2025, 5, 2))
    assert len(asked.captured_queries) == 1


def test_the_library_says_what_the_domain_says() -> None:
    """Its seeds have the leads of the trade's table, and every row names an item, a line and a class that are known."""
    leads = {"flood": 30, "cooling": 45, "heating": 45, "heat": 2, "respiratory": 21, "festival": 14}
    leads |= {"review": 60, "outage": 3, "storm": 0}
    for row in library("preparations"):
        assert row["line"] in standards_library.by_code("lines"), row
        assert not row["item"] or standards_library.by_code("items")[row["item"]]["line"] == row["line"], row
        assert not row["place_class"] or row["place_class"] in standards_library.by_code("place_classes"), row
        assert int(row["lead_days"]) == leads.get(row["seed"], int(row["lead_days"])), row
    known = {row["seed"] for row in library("preparations")}
    for row in library("occasions"):
        assert row["seed"] in known, row
        assert row["mark"] in {"E", "K"}
    assert set(leads) <= {row["seed"] for row in library("occasions")}
