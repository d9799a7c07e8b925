"""An outside company by link: one job, one person here who answers, the same verbs and gate; dead when it ends."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.people import House
from tests.rooms.test_work_loop import VALUES, asked, at_work, minutes, sent, uid
from yingxu.demand import actions as demand
from yingxu.ground.actor import Actor
from yingxu.ground.models import Delivery, Entry
from yingxu.ground.refusals import Malformed, NotAllowed, OwnWork, Refusal
from yingxu.standards.queries import procedure_of
from yingxu.verify import actions as verify
from yingxu.work import actions as work
from yingxu.work.actions import costs as rates
from yingxu.work.models import IN_HAND, Bill, Job, OutsideOrder
from yingxu.work.queries import costs, outside
from yingxu.work.refusals import CostTaken, EvidenceMissing, IllegalMove, LinkEnded, NoOneAnswers, OutsideAlready

pytestmark = pytest.mark.django_db


def out(
    house: House, job: Job, *, by: str = "clerk", at: float = 1, answers: str | None = "leader", **more: Any
) -> UUID:
    """Send the job to an outside company; returns the order."""
    said = {"company": "金龙阀门", "contact_name": "黄师傅", "phone": "13900000000", "words": "换卫生间龙头", **more}
    kept = work.send_outside(
        job_id=job.uid,
        expires_at=minutes(at) + timedelta(days=3),
        answers_id=uid(house, answers) if answers else None,
        actor=house.actor(by),
        at=minutes(at),
        **said,
    )
    job.refresh_from_db()
    return kept.order_id


def holder(order_id: UUID, *, at: float = 2) -> Actor:
    """Return who holds the link."""
    return outside.by_link(order_id, at=minutes(at)).actor


def brought_to_work(house: House, job: Job, order_id: UUID, *, at: float = 2) -> None:
    """The company comes and begins."""
    who = holder(order_id, at=at)
    work.accept_outside(order_id=order_id, coming_name="小黄", expected_at=minutes(at + 30), actor=who, at=minutes(at))
    work.arrive_at_job(job_id=job.uid, place_code="S7-ORT-WC", actor=who, at=minutes(at + 5))
    work.start_job(job_id=job.uid, actor=who, at=minutes(at + 6))
    job.refresh_from_db()


def steps_by_link(job: Job, who: Actor, *, at: float = 10) -> None:
    """Carry out every step by the link."""
    for step in procedure_of(job.edition_id).steps:
        if step["type"] == "photo":
            photo = work.NewPhoto(sha256=f"{job.pk}{step['code']}".rjust(64, "0"), n_bytes=10, taken_at=minutes(at))
            work.add_evidence(job_id=job.uid, photos=[photo], label=step["code"], actor=who, at=minutes(at))
            continue
        kind = step["type"]
        value = VALUES.get(kind)
        if kind in {"number", "meter"}:
            value = float(step.get("min", step.get("max", 1)))
        elif kind == "choice":
            value = step["choices"][0]["code"]
        work.carry_out_step(job_id=job.uid, step_code=step["code"], value=value, actor=who, at=minutes(at))


def test_a_waiting_job_goes_out_and_the_person_named_here_answers_for_it(house: House) -> None:
    job = asked(house)
    out(house, job)
    assert (job.state, job.worker_id, job.accountable_id) == (
        "accepted",
        house.accounts["leader"],
        house.accounts["leader"],
    )
    kinds = list(Entry.objects.filter(thread_id=job.request_id).order_by("id").values_list("kind", flat=True))
    assert [kind for kind in kinds if kind.startswith("work.")][-3:] == [
        "work.job.dispatched",
        "work.job.accepted",
        "work.outside.sent",
    ]


def test_who_has_the_job_in_hand_goes_on_answering_for_it(house: House) -> None:
    job = at_work(house, sent(house, asked(house)))
    out(house, job, at=20, answers=None)
    assert (job.state, job.accountable_id) == ("in_progress", house.accounts["plumber"])


def test_a_waiting_job_without_a_person_here_is_refused(house: House) -> None:
    with pytest.raises(NoOneAnswers):
        out(house, asked(house), answers=None)
    with pytest.raises(Malformed):
        out(house, asked(house), phone="", email="")
    with pytest.raises(NotAllowed):
        out(house, asked(house), by="plumber")
    with pytest.raises(NotAllowed):  # a leader sends what his or her own team answers for
        out(house, asked(house), by="leader", answers="lift_fitter")
    with pytest.raises(NoOneAnswers):  # a porter answers for no tap
        out(house, asked(house), answers="porter")
    assert not OutsideOrder.objects.exists()


def test_an_offered_job_and_one_that_is_out_already_are_refused(house: House) -> None:
    job = sent(house, asked(house))
    with pytest.raises(IllegalMove):
        out(house, job, answers=None)
    other = asked(house, at=3)
    out(house, other, at=4)
    with pytest.raises(OutsideAlready):
        out(house, other, at=5)
    out(house, other, at=4 + 60 * 24 * 4)  # a link whose time is over makes room for a new one
    assert list(OutsideOrder.objects.filter(job=other).order_by("sent_at").values_list("ended_why", flat=True)) == [
        "replaced",
        "",
    ]


def test_the_whole_job_by_link_through_the_same_gate_and_never_judged_by_who_did_it(house: House) -> None:
    job = asked(house)
    order_id = out(house, job)
    brought_to_work(house, job, order_id)
    who = holder(order_id, at=9)
    with pytest.raises(EvidenceMissing) as why:
        work.finish_job(job_id=job.uid, actor=who, at=minutes(9), minutes=20)
    assert "signature" in {part.code for part in why.value.missing}
    steps_by_link(job, who)
    said = {"job_id": job.uid, "actor": who, "at": minutes(20), "minutes": 20, "cause_code": "wear"}
    with pytest.raises(EvidenceMissing):  # everything is there but the signature
        work.finish_job(**said)
    work.finish_job(**said, signed_by="黄小明")
    job.refresh_from_db()
    order = OutsideOrder.objects.get(uid=order_id)
    assert (job.state, order.signed_name, order.signed_at) == ("finished", "黄小明", job.finished_at)
    for judge in (who, house.actor("leader")):
        with pytest.raises((NotAllowed, OwnWork)):
            verify.check_job(job_id=job.uid, actor=judge, at=minutes(21))
        with pytest.raises((NotAllowed, OwnWork)):
            verify.check_first_level(job_id=job.uid, verdict="good", actor=judge, at=minutes(21))
    # the ledger keeps both names
    entry = Entry.objects.filter(kind="work.job.finished", subject_id=job.pk).get()
    assert (entry.actor_kind, entry.actor_name, entry.behalf_id) == (
        "outside",
        "金龙阀门 · 小黄",
        house.accounts["leader"],
    )


def test_a_pause_by_link_is_approved_as_usual_and_not_by_who_answers_for_it(house: House) -> None:
    job = asked(house)
    order_id = out(house, job)
    brought_to_work(house, job, order_id)
    who = holder(order_id, at=9)
    work.pause_job(job_id=job.uid, reason_code="R1", expected_at=minutes(60), actor=who, at=minutes(10))
    with pytest.raises(NotAllowed):
        work.approve_pause(job_id=job.uid, actor=who, at=minutes(11))
    work.approve_pause(job_id=job.uid, actor=house.actor("clerk"), at=minutes(11))
    work.begin_visit(job_id=job.uid, actor=who, at=minutes(50))
    work.resume_job(job_id=job.uid, actor=who, at=minutes(51))
    job.refresh_from_db()
    assert (job.state, job.n_visits) == ("in_progress", 2)


ENDS: dict[str, Callable[[House, Job, UUID], object]] = {
    "revoked": lambda house, job, order: work.revoke_outside(
        order_id=order, why="来不了", actor=house.actor("clerk"), at=minutes(40)
    ),
    "declined": lambda house, job, order: work.decline_outside(
        order_id=order, why="没有件", actor=holder(order, at=40), at=minutes(40)
    ),
    "reassigned": lambda house, job, order: (
        work.hand_over_job(
            job_id=job.uid, to_worker_id=uid(house, "plumber"), actor=house.actor("clerk"), at=minutes(40)
        ),
        work.accept_hand_over(job_id=job.uid, actor=house.actor("plumber"), at=minutes(41)),
    ),
    "gone": lambda house, job, order: demand.cancel_request(
        request_id=job.request.uid,
        reason_code="no_longer_needed",
        actor=house.actor("clerk"),
        at=minutes(40),
        askers_word="不用了",
    ),
}


@pytest.mark.parametrize("why", list(ENDS))
def test_a_dead_link_opens_nothing_and_does_nothing(house: House, why: str) -> None:
    job = asked(house)
    order_id = out(house, job)
    brought_to_work(house, job, order_id)
    who = holder(order_id, at=9)
    ENDS[why](house, job, order_id)
    with pytest.raises(LinkEnded) as ended:
        outside.by_link(order_id, at=minutes(42))
    assert ended.value.why == why
    n = Entry.objects.count()
    for act in (
        lambda: work.pause_job(job_id=job.uid, reason_code="R1", expected_at=minutes(99), actor=who, at=minutes(50)),
        lambda: work.say_outside(order_id=order_id, text="喂", actor=who, at=minutes(50)),
        lambda: work.make_safe(job_id=job.uid, actor=who, at=minutes(50)),
        lambda: work.state_outside_cost(order_id=order_id, labour_fen=1, parts_fen=0, actor=who, at=minutes(50)),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert Entry.objects.count() == n
    job.refresh_from_db()
    assert job.outside_key is None
    answers = {"reassigned": house.accounts["plumber"], "gone": None}
    assert job.accountable_id == answers.get(why, house.accounts["leader"])


def test_a_link_is_over_at_its_time_and_when_the_job_is_closed(house: House) -> None:
    job = asked(house)
    order_id = out(house, job)
    with pytest.raises(LinkEnded) as ended:
        outside.by_link(order_id, at=minutes(1) + timedelta(days=3))
    assert ended.value.why == "expired"
    brought_to_work(house, job, order_id)
    who = holder(order_id, at=9)
    steps_by_link(job, who)
    work.finish_job(job_id=job.uid, actor=who, at=minutes(20), minutes=20, cause_code="wear", signed_by="黄小明")
    outside.by_link(order_id, at=minutes(21))  # until it is judged the company sees that it waits
    verify.confirm_job(job_id=job.uid, actor=house.actor("nurse"), at=minutes(30))
    with pytest.raises(LinkEnded) as ended:
        outside.by_link(order_id, at=minutes(31))
    assert ended.value.why == "closed"


def test_a_link_reaches_no_other_job(house: House) -> None:
    job, other = asked(house), asked(house, at=1)
    order_id = out(house, job)
    order_of_other = out(house, other, at=2)
    who = holder(order_id, at=3)
    for act in (
        lambda: work.arrive_at_job(job_id=other.uid, actor=who, at=minutes(4)),
        lambda: work.accept_outside(
            order_id=order_of_other, coming_name="别人", expected_at=minutes(60), actor=who, at=minutes(4)
        ),
        lambda: work.revoke_outside(order_id=order_id, why="x", actor=who, at=minutes(4)),
        lambda: work.hand_over_job(job_id=job.uid, to_worker_id=uid(house, "plumber"), actor=who, at=minutes(4)),
        lambda: work.return_job(job_id=other.uid, reason_code="busy", actor=who, at=minutes(4)),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_the_link_tells_nothing_of_the_asker(house: House) -> None:
    job = asked(house)
    found = outside.by_link(out(house, job), at=minutes(2))
    assert found.order.words == "换卫生间龙头"
    assert (found.job.text, found.job.requester_name, found.job.requester_phone, found.job.asked, found.job.said) == (
        "",
        "",
        "",
        (),
        (),
    )


def test_what_the_company_asks_is_a_cost_only_when_somebody_here_takes_it(house: House) -> None:
    job = asked(house)
    order_id = out(house, job)
    brought_to_work(house, job, order_id)
    who = holder(order_id, at=9)
    steps_by_link(job, who)
    work.finish_job(job_id=job.uid, actor=who, at=minutes(20), minutes=60, cause_code="wear", signed_by="黄小明")
    rates.set_labour_rate(
        site_id=house.site_id,
        fen_per_hour=6000,
        from_on=minutes(0).date(),
        actor=house.actor("officer"),
        at=minutes(21),
    )
    work.state_outside_cost(
        order_id=order_id, labour_fen=20000, parts_fen=8000, document="JL-1", actor=who, at=minutes(22)
    )
    officer = house.actor("officer")

    def cost() -> Any:
        return costs.cost_of_request(officer, house.site_id, job.request_id, timezone="Asia/Shanghai")

    assert (cost().total_fen, Bill.objects.count()) == (0, 0)
    with pytest.raises(NotAllowed):
        work.take_outside_cost(order_id=order_id, amount_fen=28000, actor=house.actor("leader"), at=minutes(23))
    work.take_outside_cost(order_id=order_id, amount_fen=27000, actor=officer, at=minutes(23))
    # the company's labour is in its bill: none of ours is reckoned on top
    assert (cost().total_fen, cost().charged_fen, cost().bills[0].supplier) == (27000, 27000, "金龙阀门")
    with pytest.raises(CostTaken):
        work.take_outside_cost(order_id=order_id, amount_fen=1, actor=officer, at=minutes(24))
    with pytest.raises(CostTaken):
        work.state_outside_cost(order_id=order_id, labour_fen=1, parts_fen=0, actor=who, at=minutes(24))


def test_words_reach_who_answers_and_who_sent_it(house: House) -> None:
    job = asked(house)
    order_id = out(house, job)
    work.say_outside(order_id=order_id, text="门锁着", actor=holder(order_id), at=minutes(3))
    work.say_outside(order_id=order_id, text="护士站拿钥匙", actor=house.actor("leader"), at=minutes(4))
    told = Delivery.objects.filter(kind="work.outside.spoke").values_list("to_account_id", flat=True)
    assert set(told) == {house.accounts["leader"], house.accounts["clerk"]}
    assert [(row.is_theirs, row.text) for row in outside.by_link(order_id, at=minutes(5)).words] == [
        (True, "门锁着"),
        (False, "护士站拿钥匙"),
    ]


def test_questions_ask_little(house: House) -> None:
    job = asked(house)
    order_id = out(house, job)
    procedure_of(job.edition_id)
    with CaptureQueriesContext(connection) as queries:
        outside.by_link(order_id, at=minutes(2))
    assert len(queries) == 4
    with CaptureQueriesContext(connection) as queries:
        outside.job_outside(house.actor("clerk"), job.uid)
    assert len(queries) <= 5
    with CaptureQueriesContext(connection) as queries:
        page = outside.orders_page(house.actor("clerk"), house.site_id, is_open=True)
    assert len(page.rows) == 1
    with pytest.raises(NotAllowed):
        outside.orders_page(house.actor("nurse"), house.site_id, is_open=True)


ACTS = ("out", "accept", "arrive", "start", "pause", "resume", "visit", "decline", "revoke", "offer", "take", "back")


def acts_at(house: House, job: Job, orders: list[UUID], moment: float) -> dict[str, Callable[[], object]]:
    """Return what each act does at that moment."""
    at, later = minutes(moment), minutes(moment + 60)

    def last() -> dict[str, Any]:
        return {"order_id": orders[-1], "actor": holder(orders[-1], at=moment), "at": at}

    def mine() -> dict[str, Any]:
        return {"job_id": job.uid, "actor": holder(orders[-1], at=moment), "at": at}

    clerk, leader, plumber = house.actor("clerk"), house.actor("leader"), house.actor("plumber")
    return {
        "out": lambda: orders.append(out(house, job, at=moment)),
        "accept": lambda: work.accept_outside(coming_name="黄", expected_at=later, **last()),
        "arrive": lambda: work.arrive_at_job(**mine()),
        "start": lambda: work.start_job(**mine()),
        "pause": lambda: work.pause_job(reason_code="W2", expected_at=later, **mine()),
        "resume": lambda: work.resume_job(**mine()),
        "visit": lambda: work.begin_visit(**mine()),
        "decline": lambda: work.decline_outside(why="忙", **last()),
        "revoke": lambda: work.revoke_outside(order_id=orders[-1], why="换", actor=clerk, at=at),
        "offer": lambda: work.hand_over_job(job_id=job.uid, to_worker_id=uid(house, "plumber"), actor=clerk, at=at),
        "take": lambda: work.accept_hand_over(job_id=job.uid, actor=plumber, at=at),
        "back": lambda: work.return_job(job_id=job.uid, reason_code="shift_end", note="交班", actor=leader, at=at),
    }


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(st.sampled_from(ACTS), min_size=4, max_size=14))
def test_exactly_one_person_here_answers_whatever_happens_by_link(house: House, acts: list[str]) -> None:
    job, orders = asked(house), list[UUID]()
    for moment, name in enumerate(("out", *acts), 1):
        with suppress(Refusal, IndexError):
            acts_at(house, job, orders, float(moment))[name]()
        job.refresh_from_db()
        live = OutsideOrder.objects.filter(job=job, ended_at=None).values_list("pk", flat=True)
        # one person here, or the desk; nobody outside; and a living link is the job's own
        assert (job.accountable_id is not None) == (job.state in IN_HAND)
        assert job.accountable_id in {None, house.accounts["leader"], house.accounts["plumber"]}
        assert list(live) == ([job.outside_key] if job.outside_key else [])
        assert job.outside_key is None or job.state in IN_HAND
