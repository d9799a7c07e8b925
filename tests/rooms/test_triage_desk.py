"""The desk's verbs: a rule acts at once, proposals and decisions are kept, requests split, callers called back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.people import MONDAY_NINE, House
from tests.rooms.requests import ask, row
from yingxu.demand import actions, triage
from yingxu.demand.actions import Proposed
from yingxu.demand.models import Call, Request, TriageProposal
from yingxu.demand.refusals import CallIsOver, NotInThisState
from yingxu.ground import queries as ground
from yingxu.ground.actor import engine
from yingxu.ground.models import Entry, Place, PlaceToken
from yingxu.ground.refusals import Malformed, NotAllowed
from yingxu.standards import queries as standards
from yingxu.work.models import Job

pytestmark = pytest.mark.django_db


def entries(request_key: int, kind: str) -> list[Entry]:
    return list(Entry.objects.filter(thread_id=request_key, kind=kind))


# only P1 by rule acts at once


def test_a_rule_of_danger_makes_an_unread_request_critical_at_once(house: House) -> None:
    """Domain 2.1: it is P1 before anybody looked, and the ledger says by which rule and words."""
    raised = ask(house, text="3号电梯困人了,快来", item_code=None, place_code=None)
    assert (raised.priority, raised.state) == (1, "new")
    (noticed,) = entries(raised.key, "demand.request.danger_noticed")
    assert noticed.facts["rule"] == "TRAPPED"
    assert noticed.facts["words"] in "3号电梯困人了,快来"
    assert (noticed.actor_kind, noticed.actor_name) == ("engine", "triage")
    assert [promise.milestone for promise in raised.promises] == ["acknowledged"]
    assert raised.promises[0].limit_s == 180


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("灯不亮了", {"item_code": None}),
        ("没有冒烟,只是灯不亮", {"item_code": None}),
        ("3号电梯困人了", {"channel": "log", "actor": engine("replay")}),
        ("3号电梯困人了", {"priority": 3, "item_code": None, "who": "clerk", "channel": "phone"}),
    ],
)
def test_nothing_else_acts_before_a_person(house: House, text: str, given: dict[str, Any]) -> None:
    """Words without danger, danger denied, an outside log, and a person who has decided otherwise."""
    who = given.pop("who", "nurse")
    raised = ask(house, who, text=text, **given)
    assert entries(raised.key, "demand.request.danger_noticed") == []
    assert raised.priority != 1


def test_a_wrong_choice_does_not_hide_a_danger(house: House) -> None:
    assert ask(house, text="灯管冒火花了", item_code="ele.light").priority == 1
    assert ask(house, text="电梯困人了", item_code="plb.leak").priority == 1


def test_the_create_path_makes_no_further_statement_when_a_rule_fires(house: House) -> None:
    actor = house.actor("nurse")
    ask(house, actor=actor)
    with CaptureQueriesContext(connection) as plain:
        ask(house, actor=actor)
    with CaptureQueriesContext(connection) as critical:
        ask(house, actor=actor, text="灯管冒火花了", item_code="ele.light")
    assert len(critical) == len(plain)


# what was proposed is kept beside what was decided


def shown(item: str = "plb.leak", priority: int = 3, place: str = "S7-ORT-WC") -> Proposed:
    return Proposed(0, item, priority, place, is_danger=False, confidence=0.9, words=("漏", "卫生间"))


def test_a_corrected_proposal_is_kept_with_the_decision(house: House) -> None:
    raised = ask(house, item_code=None, place_code=None)
    actions.accept_request(
        request_id=raised.id,
        item_codes=["plb.toilet"],
        place_code="S7-ORT-WC",
        proposed=shown(),
        actor=house.actor("clerk"),
        at=MONDAY_NINE + timedelta(minutes=1),
    )
    kept = TriageProposal.objects.get(request_id=raised.key)
    assert (kept.item_code, kept.decided_item_code) == ("plb.leak", "plb.toilet")
    assert (kept.place_code, kept.decided_place_code) == ("S7-ORT-WC", "S7-ORT-WC")
    assert kept.decided_by_id == house.accounts["clerk"]


def test_a_call_keeps_its_proposal_in_the_same_statement(house: House) -> None:
    actor = house.actor("clerk")
    given: dict[str, Any] = {"actor": actor, "channel": "phone"}
    ask(house, **given)
    with CaptureQueriesContext(connection) as plain:
        ask(house, **given)
    with CaptureQueriesContext(connection) as kept:
        raised = ask(house, **given, proposed=shown())
    own = [[one for one in asked if "nextval" not in (one["sql"] or "")] for asked in (kept, plain)]
    assert len(own[0]) == len(own[1])
    assert TriageProposal.objects.filter(request_id=raised.key).exists()


# reading a text


def read(house: House, text: str, **more: Any) -> triage.Read:
    return triage.read(
        text,
        catalogue=standards.catalogue(house.site_id),
        tree=triage.tree_of(house.site_id),
        in_use=triage.table_in_use(house.site_id),
        **more,
    )


def test_as_01_a_short_line_gives_item_urgency_place_and_one_question(house: House) -> None:
    """AS-01: 「7楼骨科卫生间漏」 is plb.leak, P3, 外科楼7楼 骨科; which bathroom is asked, nothing is blocked."""
    Place.objects.filter(code="S7-ORT-WC").update(is_active=False)
    said = read(house, "7楼骨科卫生间漏")
    assert said.item is not None
    assert (said.item.code, said.priority) == ("plb.leak", 3)
    assert said.place is not None
    assert said.place.full_name == "外科楼 7楼 骨科"
    assert said.question == "room"
    assert said.words


def test_as_03_rank_never_raises_the_class(house: House) -> None:
    """S75: the same facts, said for a chief and for a patient, are the same item and urgency."""
    first, second = read(house, "7楼整层停水,首长要洗漱"), read(house, "7楼整层停水,病人要洗漱")
    assert first.item is not None
    assert first.item == second.item
    assert first.priority == second.priority


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("电梯坏了", "lift"),
        ("灯不亮", "place"),
        ("啊啊", "item"),
        ("7楼骨科卫生间灯不亮", ""),
        ("骨科送个病人", "route"),
    ],
)
def test_one_missing_fact_is_asked(house: House, text: str, question: str) -> None:
    assert read(house, text).question == question


def test_several_problems_are_named_apart(house: House) -> None:
    said = read(house, "马桶堵了灯也不亮")
    assert {row.code for row in said.problems} == {"plb.toilet", "ele.light"}


def test_an_english_line_is_read_plainly(house: House) -> None:
    said = read(house, "Orthopaedics bathroom: the light is broken")
    assert said.item is not None
    assert said.item.line_code == "ELE"


# the same incident


def test_as_11_the_second_report_is_found_with_what_both_share(house: House) -> None:
    first = ask(house, text="骨科整个病区停电了", item_code="ele.outage", place_code="S7-ORT")
    at = MONDAY_NINE + timedelta(minutes=6)
    earlier = triage.recent_reports(house.actor("clerk"), house.site_id, at=at)
    (twin,) = triage.twins_of("7楼骨科没电", read(house, "7楼骨科没电"), earlier, at=at)
    assert twin.earlier.key == first.key
    assert {"place", "item"} <= set(twin.shares)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("内科楼呼吸科停电了", 6), ("骨科要一个轮椅送CT", 6), ("7楼骨科没电", 130)],
)
def test_another_place_another_kind_or_too_late_is_no_twin(house: House, text: str, minutes: int) -> None:
    ask(house, text="骨科整个病区停电了", item_code="ele.outage", place_code="S7-ORT", priority=None)
    Request.objects.update(priority=2)
    at = MONDAY_NINE + timedelta(minutes=minutes)
    earlier = triage.recent_reports(house.actor("clerk"), house.site_id, at=at)
    assert earlier
    assert triage.twins_of(text, read(house, text), earlier, at=at) == ()


def escorts_twins(house: House, text: str, **form: Any) -> list[int]:
    """Return the twins of a further escort out of the same ward, asked for two minutes later."""
    raised = ask(house, text=text, item_code="esc.exam", place_code="S7-ORT")
    Request.objects.filter(pk=raised.key).update(form=form)
    at = MONDAY_NINE + timedelta(minutes=2)
    earlier = triage.recent_reports(house.actor("clerk"), house.site_id, at=at)
    path = Request.objects.get(pk=raised.key).place_path
    said = read(house, text, place_code="S7-ORT")
    found = triage.twins_of(text, said, earlier, at=at, place_path=path, beside=raised.key)
    return [twin.earlier.key for twin in found]


def test_escorts_of_different_patients_are_no_twins(house: House) -> None:
    """Two beds of one ward go to the same examination each morning: two bookings, never one told twice."""
    first = ask(house, text="3床去做CT,要轮椅", item_code="esc.exam", place_code="S7-ORT")
    assert escorts_twins(house, "5床去做CT,要轮椅") == []
    assert first.key in escorts_twins(house, "三床去做CT,轮椅")
    ask(house, text="病人张建国去做B超", item_code="esc.exam", place_code="S7-ORT")
    assert escorts_twins(house, "病人李秀英去做B超") == []


def test_escorts_booked_by_the_form_are_told_apart_by_it(house: House) -> None:
    """What the form says of bed, name and number counts as much as the words; the same patient booked twice is one."""
    first = ask(house, text="送病人去做检查", item_code="esc.exam", place_code="S7-ORT")
    Request.objects.filter(pk=first.key).update(form={"bed": "03", "patient_name": "张建国", "patient_no": "100234"})
    assert escorts_twins(house, "送病人去做检查", bed="12床", patient_name="李秀英", patient_no="100777") == []
    assert escorts_twins(house, "送病人去检查", bed="3", patient_name="张建国", patient_no="100234") == [first.key]


@pytest.mark.parametrize(
    "text", ["谢谢", "好的", "收到", "没事了", "test", "???", "OK, thanks!", "好的,谢谢师傅", "🙏"]
)
def test_a_word_that_asks_for_nothing_is_no_fault(house: House, text: str) -> None:
    """「谢谢」 was read as praise, 「收到」 as a lost delivery, "test" as the first everyday fault of the list."""
    said = read(house, text)
    assert said.is_bare
    assert (said.item, said.runners_up, said.problems, said.question) == (None, (), (), "item")
    assert said.priority == 4


@pytest.mark.parametrize(
    "text", ["好的,灯还是不亮", "收到的药少了一盒", "灯不亮,谢谢", "测试一下呼叫铃", "7楼", "8000"]
)
def test_anything_beside_a_thank_you_is_read_as_ever(house: House, text: str) -> None:
    assert not read(house, text).is_bare


def test_an_english_word_that_names_nothing_is_no_everyday_fault(house: House) -> None:
    said = read(house, "qwerty uiop")
    assert (said.item, said.question) == (None, "item")


# one text, several jobs


def split(house: House, raised: Any, *codes: str, who: str = "clerk", minutes: int = 2) -> Any:
    at = MONDAY_NINE + timedelta(minutes=minutes)
    return actions.split_request(request_id=raised.id, item_codes=codes, actor=house.actor(who), at=at)


def test_as_12_a_split_request_has_a_job_for_each_problem_under_one_number(house: House) -> None:
    raised = ask(house, text="马桶堵了灯也不亮", item_code="plb.toilet")
    assert split(house, raised, "ele.light").state == "queued"
    jobs = Job.objects.filter(request_id=raised.key).order_by("number")
    assert list(jobs.values_list("number", "item__code")) == [
        (raised.number, "plb.toilet"),
        (f"{raised.number}-2", "ele.light"),
    ]
    assert set(row(raised).job_states) == {str(job.pk) for job in jobs}
    (fact,) = entries(raised.key, "demand.request.split")
    assert fact.facts["item_codes"] == ["ele.light"]


def test_a_split_that_says_nothing_new_or_comes_too_early_is_refused(house: House) -> None:
    raised = ask(house, item_code="plb.toilet")
    with pytest.raises(Malformed):
        split(house, raised, "plb.toilet")
    with pytest.raises(Malformed):
        split(house, raised)
    with pytest.raises(NotInThisState):
        split(house, ask(house, item_code=None), "ele.light")
    with pytest.raises(NotAllowed):
        split(house, raised, "ele.light", who="nurse")


# calls


@pytest.fixture
def exchange(house: House) -> int:
    return actions.open_door(
        site_id=house.site_id,
        kind="pbx",
        name="总机",
        settings={"secret_env": "PBX_SECRET"},
        actor=house.actor("administrator"),
        at=MONDAY_NINE,
    ).id


def says(exchange: int, event: str, call: str = "c1", minutes: float = 0, **more: Any) -> Any:
    values: dict[str, Any] = {"number": "13900000001", **more}
    return actions.note_call(
        door_id=exchange,
        external_id=call,
        event=event,
        actor=engine("pbx"),
        at=MONDAY_NINE + timedelta(minutes=minutes),
        **values,
    )


def test_s31_an_abandoned_call_waits_with_a_clock_until_somebody_calls_back(house: House, exchange: int) -> None:
    says(exchange, "ringing")
    missed = says(exchange, "abandoned", minutes=1)
    assert missed.state == "abandoned"
    assert missed.call_back_by == MONDAY_NINE + timedelta(minutes=11)
    clerk = house.actor("clerk")
    for n in (1, 2):
        at = MONDAY_NINE + timedelta(minutes=10 * n)
        again = actions.settle_call(call_id=missed.id, outcome="no_answer", actor=clerk, at=at)
        assert again.call_back_by == at + timedelta(minutes=10)
    over = actions.settle_call(call_id=missed.id, outcome="no_answer", actor=clerk, at=at)
    assert (over.state, over.call_back_by) == ("over", None)
    assert Call.objects.get(uid=missed.id).outcome == "unreached"
    with pytest.raises(CallIsOver):
        actions.settle_call(call_id=missed.id, outcome="reached", actor=clerk, at=at)


@pytest.mark.parametrize(
    ("events", "state"),
    [
        (("ringing", "answered", "ended"), "over"),
        (("ringing", "ringing", "answered", "answered"), "answered"),
        (("answered", "ringing", "abandoned"), "answered"),
        (("abandoned", "answered"), "abandoned"),
        (("ended",), "abandoned"),
    ],
)
def test_events_twice_or_out_of_order_leave_one_call(
    house: House, exchange: int, events: tuple[str, ...], state: str
) -> None:
    for minutes, event in enumerate(events):
        says(exchange, event, minutes=minutes)
    assert Call.objects.get().state == state


def test_who_rings_again_is_called_back_by_the_first_time_and_once(house: House, exchange: int) -> None:
    says(exchange, "abandoned", "c1")
    second = says(exchange, "abandoned", "c2", minutes=4)
    assert second.call_back_by == MONDAY_NINE + timedelta(minutes=10)
    assert Call.objects.filter(state="abandoned").count() == 1
    says(exchange, "ringing", "c3", minutes=5)
    says(exchange, "answered", "c3", minutes=6, agent=f"{house.prefix}clerk")
    assert not Call.objects.filter(state="abandoned").exists()
    assert Call.objects.get(external_id="c3").clerk_id == house.accounts["clerk"]


def test_an_exchange_may_do_nothing_else(house: House, exchange: int) -> None:
    with pytest.raises(NotAllowed):
        ask(house, actor=engine("pbx"), channel="phone")
    with pytest.raises(Malformed):
        says(exchange, "exploded")


def test_a_printed_code_is_critical_by_rule_too(house: House) -> None:
    token = PlaceToken.objects.create(place_id=house.places["S7-ORT"], token="t" * 12, issued_at=MONDAY_NINE)
    actor = ground.actor_of_qr(ground.qr_of_token(token.token))
    raised = ask(house, actor=actor, channel="qr", item_code=None, place_code="S7-ORT", text="病房插座冒烟着火了")
    assert raised.priority == 1
