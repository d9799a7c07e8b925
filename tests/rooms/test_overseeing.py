"""Supervisors, remarks and forums (domain S61–S64, AS-20, AS-21)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from django.test import Client

from tests.people import MONDAY_NINE, House
from tests.web.test_shell import signed_in
from yingxu.demand import actions as demand
from yingxu.demand.models import Request
from yingxu.ground.actor import engine
from yingxu.ground.models import Account, Delivery, Entry, Holding
from yingxu.ground.refusals import Malformed, NotAllowed, ReasonNeeded
from yingxu.voice.actions.answering import answer_remark, do_promised, judge_remark
from yingxu.voice.actions.forums import hold_forum, plan_forum, raise_remark, watch_forums
from yingxu.voice.actions.supervisors import (
    FINDER,
    decide_supervisor,
    nominate_supervisor,
    note_finding,
    renew_supervisor,
    reveal_finder,
)
from yingxu.voice.actions.watching import watch_promised
from yingxu.voice.models.overseeing import Forum, Remark
from yingxu.voice.queries import overseeing as queries
from yingxu.voice.refusals.overseeing import CriterionMissing, RemarkNotOpen

pytestmark = pytest.mark.django_db
GROUNDS = {"conscience": "交班必查", "insight": "提过两条建议", "in_touch": "每天报修"}


def nominate(house: House, who: str, **changed: str) -> UUID:
    return nominate_supervisor(
        site_id=house.site_id,
        username=who,
        department_code="S7-ORT",
        from_on=date(2025, 3, 1),
        to_on=date(2026, 3, 1),
        actor=house.actor("officer"),
        at=MONDAY_NINE,
        **{**GROUNDS, **changed},
    ).uid


def finding(house: House, *, is_hidden: bool = True) -> Remark:
    finder = house.actor("supervisor")
    raised = demand.raise_request(
        site_id=house.site_id,
        channel="supervisor",
        text="扶手松了",
        place_id=house.places["S7-ORT"],
        requester_name="" if is_hidden else finder.name,
        actor=FINDER if is_hidden else finder,
        at=MONDAY_NINE,
    )
    made = note_finding(request_id=raised.id, is_hidden=is_hidden, actor=finder, at=MONDAY_NINE)
    return Remark.objects.get(uid=made.uid)


def answer(house: House, row: Remark, by: str, verdict: str = "misunderstanding") -> str:
    return answer_remark(
        remark_id=row.uid, verdict=verdict, fate="clarified", answer="有记录", actor=house.actor(by), at=MONDAY_NINE
    ).state


def test_s61_each_of_the_three_criteria_needs_its_grounds(house: House) -> None:
    for criterion in GROUNDS:
        with pytest.raises(CriterionMissing) as found:
            nominate(house, "nurse", **{criterion: " "})
        assert found.value.criterion == criterion


def test_s61_the_head_appoints_and_the_role_lasts_for_the_term(house: House) -> None:
    uid = nominate(house, "nurse")
    with pytest.raises(NotAllowed):
        decide_supervisor(supervisor_id=uid, is_appointed=True, actor=house.actor("officer"), at=MONDAY_NINE)
    decide_supervisor(supervisor_id=uid, is_appointed=True, actor=house.actor("director"), at=MONDAY_NINE)
    _, spread = queries.supervisors(house.actor("officer"), house.site_id)
    # one department holds all of them: above 40 %
    assert [(one.n, one.n_all, one.is_much) for one in spread] == [(1, 1, True)]


def test_s61_a_term_is_renewed_by_the_head_and_the_role_goes_on(house: House) -> None:
    uid = nominate(house, "nurse")
    head, later = house.actor("director"), date(2027, 3, 1)
    with pytest.raises(RemarkNotOpen):
        renew_supervisor(supervisor_id=uid, to_on=later, actor=head, at=MONDAY_NINE)
    decide_supervisor(supervisor_id=uid, is_appointed=True, actor=head, at=MONDAY_NINE)
    with pytest.raises(NotAllowed):
        renew_supervisor(supervisor_id=uid, to_on=later, actor=house.actor("officer"), at=MONDAY_NINE)
    with pytest.raises(Malformed):
        renew_supervisor(supervisor_id=uid, to_on=date(2026, 3, 1), actor=head, at=MONDAY_NINE)
    renew_supervisor(supervisor_id=uid, to_on=later, actor=head, at=MONDAY_NINE)
    held = Holding.objects.get(account_id=house.accounts["nurse"], role="VS")
    assert held.ends_at == datetime(2027, 2, 28, 16, tzinfo=UTC)
    # the term was over before anybody thought of it: the role begins again
    renew_supervisor(supervisor_id=uid, to_on=date(2029, 3, 1), actor=head, at=datetime(2028, 3, 1, tzinfo=UTC))
    assert Holding.objects.filter(account_id=house.accounts["nurse"], role="VS").count() == 2
    (row,), _spread = queries.supervisors(house.actor("officer"), house.site_id)
    assert (row.state, row.to_on) == ("appointed", date(2029, 3, 1))
    decide_supervisor(supervisor_id=uid, is_appointed=False, actor=head, at=datetime(2028, 4, 1, tzinfo=UTC))
    with pytest.raises(RemarkNotOpen):
        renew_supervisor(supervisor_id=uid, to_on=date(2030, 3, 1), actor=head, at=datetime(2028, 4, 2, tzinfo=UTC))


def test_s61_people_and_departments_are_named_as_people_name_them(house: House) -> None:
    """By account or full name, by code or name; of two with one name, and of a name nobody bears, it says so."""
    officer = signed_in(house, "officer")
    name = house.actor("nurse").name
    said = {**GROUNDS, "department": "S7-ORT", "from_on": "2025-03-01", "to_on": "2026-03-01"}
    assert officer.post("/supervisors", {**said, "username": "无此人"}).status_code == 422
    refused = officer.post("/supervisors", {**said, "username": "nurse", "department": "没有的科"})
    assert "没有的科" in refused.content.decode()
    assert officer.post("/supervisors", {**said, "username": name}).status_code == 302
    (row,), _spread = queries.supervisors(house.actor("officer"), house.site_id)
    assert row.name == name
    twin = Account.objects.get(pk=house.accounts["clerk"])
    Account.objects.filter(pk=twin.pk).update(name=house.actor("leader").name)
    assert officer.post("/supervisors", {**said, "username": house.actor("leader").name}).status_code == 422


def test_s62_the_company_never_learns_a_hidden_name_and_the_auditor_does_with_a_reason(house: House) -> None:
    row = finding(house)
    name = house.actor("supervisor").name
    assert name not in signed_in(house, "manager").get("/remarks").content.decode()
    request = Request.objects.get(pk=row.request_id)
    assert (request.owner_id, request.requester_name) == (None, "")
    entries = Entry.objects.filter(thread_id=request.pk)
    assert house.accounts["supervisor"] not in set(entries.values_list("actor_id", flat=True))
    with pytest.raises(NotAllowed):
        reveal_finder(remark_id=row.uid, reason="想知道", actor=house.actor("manager"), at=MONDAY_NINE)
    with pytest.raises(ReasonNeeded):
        reveal_finder(remark_id=row.uid, reason=" ", actor=house.actor("auditor"), at=MONDAY_NINE)
    assert reveal_finder(remark_id=row.uid, reason="复核", actor=house.actor("auditor"), at=MONDAY_NINE).name == name
    logged = Entry.objects.get(kind="voice.finder.revealed")
    assert (logged.actor_id, logged.facts["reason"]) == (house.accounts["auditor"], "复核")
    # who was looked up is told, by whom and why
    told = Delivery.objects.get(kind="voice.finder.revealed")
    assert (told.to_account_id, told.facts["reason"]) == (house.accounts["supervisor"], "复核")


def test_s64_a_company_only_proposes_a_misunderstanding_and_the_second_disagreement_is_the_heads(house: House) -> None:
    """AS-21."""
    row = finding(house)
    finder = house.actor("supervisor")
    assert answer(house, row, "manager") == "proposed"
    assert answer(house, row, "officer") == "answered"
    for n in (1, 2):
        judged = judge_remark(remark_id=row.uid, word="disagree", text="不对", actor=finder, at=MONDAY_NINE)
        assert judged.state == "open"
        if n == 1:
            assert answer(house, row, "manager", "valid") == "proposed"
            assert answer(house, row, "officer") == "answered"
    with pytest.raises(NotAllowed):
        answer(house, row, "officer")
    assert answer(house, row, "director") == "answered"
    assert judge_remark(remark_id=row.uid, word="understood", actor=finder, at=MONDAY_NINE).state == "settled"


def planned(house: House, month: date) -> UUID:
    return plan_forum(
        site_id=house.site_id,
        month=month,
        planned_at=MONDAY_NINE,
        room="三号会议室",
        actor=house.actor("officer"),
        at=MONDAY_NINE,
    ).uid


def test_s63_last_months_promises_are_read_back_first(house: House) -> None:
    officer = house.actor("officer")
    march = planned(house, date(2025, 3, 1))
    raise_remark(forum_id=march, text="热水不够", speaker="赵护士长", actor=officer, at=MONDAY_NINE)
    row = Remark.objects.get()
    answer_remark(
        remark_id=row.uid,
        verdict="valid",
        fate="studied",
        answer="加一台炉",
        owner_name="王工",
        due_on=date(2025, 3, 20),
        actor=officer,
        at=MONDAY_NINE,
    )
    hold_forum(forum_id=march, attendance=["李护士", " "], minutes="一件事", actor=officer, at=MONDAY_NINE)
    april = queries.forum_for(officer, planned(house, date(2025, 4, 1)))
    assert [one.text for one in queries.agenda(officer, april).promised] == ["热水不够"]
    hold_forum(forum_id=april.uid, attendance=["李护士"], minutes="读回", actor=officer, at=MONDAY_NINE)
    held = Entry.objects.filter(kind="voice.forum.held").order_by("id").last()
    assert held is not None
    assert (held.facts["n_came"], held.facts["n_read_back"]) == (1, 1)
    may = queries.forum_for(officer, planned(house, date(2025, 5, 1)))
    assert queries.agenda(officer, may).promised == ()


def test_s63_the_pack_of_a_held_forum_tells_of_its_own_day(house: House) -> None:
    """What waited at the forum stands on its page for ever, with what became of it; what came later does not."""
    officer = house.actor("officer")
    before = finding(house)
    made = plan_forum(
        site_id=house.site_id,
        month=date(2025, 3, 1),
        planned_at=MONDAY_NINE,
        room="会议室",
        actor=officer,
        at=MONDAY_NINE,
    )
    hold_forum(forum_id=made.uid, attendance=["韩"], minutes="已读", actor=officer, at=MONDAY_NINE)
    later = finding(house)
    answer(house, before, "officer", "valid")
    held = queries.agenda(officer, queries.forum_for(officer, made.uid))
    assert [(row.uid, row.answer) for row in held.open] == [(before.uid, "有记录")]
    assert later.uid not in {row.uid for row in held.open}
    page = signed_in(house, "officer").get(f"/forums/{made.uid}")
    assert page.status_code == 200


def test_as20_a_month_without_a_forum_raises_its_alarm_once(house: House) -> None:
    finding(house)
    Entry.objects.filter(pk__in=()).exists()
    # the house acted in January and February already: its set-up stands in the ledger
    first_of_april = MONDAY_NINE + timedelta(days=29)
    assert watch_forums(actor=engine("clock"), at=first_of_april).n == 1
    assert watch_forums(actor=engine("clock"), at=first_of_april).n == 0
    forum = Forum.objects.get()
    assert (forum.month, forum.state) == (date(2025, 3, 1), "missed")
    told = set(Delivery.objects.filter(kind="voice.forum.missed").values_list("to_account_id", flat=True))
    assert {house.accounts["officer"], house.accounts["director"]} <= told
    row = queries.forum_for(house.actor("officer"), forum.uid)
    assert [one.text for one in queries.agenda(house.actor("officer"), row).open] == ["扶手松了"]


@pytest.mark.parametrize(
    ("at", "month"),
    [
        (datetime(2025, 3, 31, 15, 59, 59, tzinfo=UTC), date(2025, 2, 1)),
        (datetime(2025, 3, 31, 16, tzinfo=UTC), date(2025, 3, 1)),
        (datetime(2026, 1, 1, 8, tzinfo=UTC), date(2025, 12, 1)),
        (datetime(2028, 3, 1, 0, tzinfo=UTC), date(2028, 2, 1)),
    ],
)
def test_as20_the_alarm_comes_with_the_first_day_of_the_next_month_at_the_hospital(
    house: House, at: datetime, month: date
) -> None:
    """Midnight is the hospital's, not Greenwich's; the turn of a year and a leap day are months like others."""
    assert watch_forums(actor=engine("clock"), at=at).n == 1
    assert Forum.objects.get().month == month


def test_as20_a_forum_that_was_held_raises_none_and_a_late_one_keeps_the_miss_on_record(house: House) -> None:
    officer = house.actor("officer")
    first_of_april = MONDAY_NINE + timedelta(days=29)
    planned = plan_forum(
        site_id=house.site_id,
        month=date(2025, 3, 1),
        planned_at=MONDAY_NINE,
        room="会议室",
        actor=officer,
        at=MONDAY_NINE,
    )
    # planned and not held is not held
    assert watch_forums(actor=engine("clock"), at=first_of_april).n == 1
    hold_forum(
        forum_id=planned.uid, attendance=["韩"], minutes="补开", actor=officer, at=first_of_april + timedelta(days=1)
    )
    forum = Forum.objects.get()
    assert (forum.state, forum.month, forum.held_on) == ("held", date(2025, 3, 1), date(2025, 4, 2))
    assert watch_forums(actor=engine("clock"), at=first_of_april + timedelta(days=2)).n == 0
    assert Entry.objects.filter(kind="voice.forum.missed").count() == 1


def test_the_pack_is_a_pdf_in_chinese(house: House, client: Client) -> None:
    finding(house)
    uid = planned(house, date(2025, 3, 1))
    answer_of = signed_in(house, "officer").get(f"/forums/{uid}/pack.pdf")
    assert answer_of.content.startswith(b"%PDF")


def test_a_finding_with_a_hidden_name_is_sent_in_one_form(house: House) -> None:
    supervisor = signed_in(house, "supervisor")
    sent = supervisor.post("/findings", {"text": "灯罩掉了", "place": "S7-ORT", "hidden": "1", "command": "c-1"})
    assert sent.status_code == 302
    assert Remark.objects.get().is_hidden
    assert "灯罩掉了" in supervisor.get("/remarks").content.decode()


def test_s39_what_is_past_its_day_is_told_leader_manager_officer_at_0_1_3_days(house: House) -> None:
    officer, clock = house.actor("officer"), engine("clock")
    remark = finding(house)
    answer_remark(
        remark_id=remark.uid, verdict="valid", fate="studied", answer="换扶手", owner_name="班长",
        due_on=date(2025, 3, 5), actor=officer, at=MONDAY_NINE,
    )  # fmt: skip
    # as a request is, once its team is known
    Request.objects.filter(pk=remark.request_id).update(team_keys=[house.teams["repair"]])
    told = []
    for days in range(6):  # from the day itself on
        watch_promised(actor=clock, at=datetime(2025, 3, 5, 6, tzinfo=UTC) + timedelta(days=days))
        told.append(Remark.objects.get().n_told)
    assert told == [0, 1, 2, 2, 3, 3]
    got = list(Delivery.objects.filter(kind="voice.remark.promised_late").order_by("id"))
    assert got[0].to_account_id == house.accounts["leader"]
    assert {row.to_account_id for row in got} >= {house.accounts[who] for who in ("leader", "manager", "officer")}
    Remark.objects.update(n_told=0)
    do_promised(remark_id=remark.uid, note="已换", actor=officer, at=MONDAY_NINE)
    assert watch_promised(actor=clock, at=datetime(2025, 4, 1, tzinfo=UTC)).n == 0
