"""S34 at the desk: at every instant a request has its final answer, or an owner and a clock; nobody is lost."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.people import MONDAY_NINE, House
from tests.rooms.requests import ask, row
from tests.rooms.test_demand_answered import STEPS, Step, by, check
from yingxu.demand import actions, queries
from yingxu.demand.models import Call
from yingxu.demand.queries import calls
from yingxu.ground import queries as ground
from yingxu.ground.actor import engine
from yingxu.ground.refusals import Refusal

pytestmark = pytest.mark.django_db

DESK_STEPS: dict[str, Step] = {
    **STEPS,
    "split": by(actions.split_request, "clerk", item_codes=["ele.light", "fur.lock"]),
    "critical": by(actions.raise_priority, "clerk", priority=1),
    "ask_contact": lambda house, raised, other, at: actions.ask_first_contact(
        request_id=raised.id, account_id=house.accounts["other_clerk"], actor=house.actor("clerk"), at=at
    ),
    "contact_agrees": by(actions.accept_first_contact, "other_clerk"),
}


def owned(house: House, raised: Any, at: datetime) -> None:
    """Whoever owes the next step has a name, and a time by which it is missed on the list of the unanswered."""
    request = row(raised)
    if not request.is_open:
        assert request.final_answer
        return
    assert queries.accountable(request.shown_state)
    times = [one for one in (request.next_due_at, request.word_due_at, request.follow_up_at) if one is not None]
    assert times
    shown = {one.row.key for one in queries.unanswered(house.actor("clerk"), house.site_id, at=at)}
    assert (request.pk in shown) == (min(times) < at)
    # left alone from here on, it is missed: nothing sleeps for ever
    later = max(times) + timedelta(seconds=1)
    assert request.pk in {one.row.key for one in queries.unanswered(house.actor("clerk"), house.site_id, at=later)}


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    text=st.sampled_from(["灯不亮", "3号电梯困人了", "呼吸机黑屏", "马桶堵了灯也不亮"]),
    is_known=st.booleans(),
    steps=st.lists(st.tuples(st.sampled_from(sorted(DESK_STEPS)), st.integers(1, 400)), min_size=4, max_size=12),
)
def test_every_request_is_answered_or_owned_with_a_clock(
    house: House, text: str, is_known: bool, steps: list[tuple[str, int]]
) -> None:
    with transaction.atomic():
        other = ask(house)
        given_: dict[str, Any] = {} if is_known else {"item_code": None, "place_code": None}
        raised = ask(house, "clerk", channel="phone", text=text, **given_)
        at = MONDAY_NINE
        contact = row(raised).first_contact_id
        assert contact == house.accounts["clerk"]
        for name, minutes in steps:
            at += timedelta(minutes=minutes)
            try:
                with transaction.atomic():
                    DESK_STEPS[name](house, raised, other, at)
                done = name
            except Refusal:
                done = ""
            check(house, raised, at)
            owned(house, raised, at)
            # the contact changes only when the colleague agrees
            assert row(raised).first_contact_id == contact or done == "contact_agrees"
            contact = row(raised).first_contact_id
        transaction.set_rollback(True)


def test_as_02_what_others_own_is_carried_there_and_whoever_took_it_in_stays_the_contact(house: House) -> None:
    """S32, S29: a worker logs a black ventilator: critical by rule, carried to its owner, alarming after 3 minutes."""
    worker = house.actor("plumber")
    raised = ask(house, actor=worker, text="呼吸机黑屏", item_code=None, place_code="S4-ICU")
    assert (raised.priority, row(raised).first_contact_id) == (1, house.accounts["plumber"])
    clerk = house.actor("clerk")
    at = MONDAY_NINE + timedelta(minutes=1)
    actions.transfer_request(request_id=raised.id, receiver_code="equipment", word="设备科马上来", actor=clerk, at=at)
    request = row(raised)
    assert (request.shown_state, request.first_contact_id) == ("transferred", house.accounts["plumber"])
    detail = queries.request_detail(ground.actor_of_link(raised.key), raised.id)
    assert detail.receiver_name == "设备科", "the asker sees who has it"
    assert detail.receiver_accepted_at is None

    def alarming(minutes: float) -> bool:
        found = queries.unanswered(clerk, house.site_id, at=at + timedelta(minutes=minutes))
        return raised.key in {one.row.key for one in found}

    assert not alarming(2.9)
    assert alarming(3.1)
    actions.accept_transfer(request_id=raised.id, contact="李工 6120", actor=clerk, at=at + timedelta(minutes=4))
    assert not alarming(4.5)
    actions.close_transfer(request_id=raised.id, answer="换了备用机", actor=clerk, at=at + timedelta(minutes=30))
    assert (row(raised).final_answer, row(raised).is_open) == ("transferred", False)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    events=st.lists(
        st.tuples(
            st.sampled_from(["ringing", "answered", "abandoned", "ended", "no_answer", "reached"]),
            st.integers(0, 2),
            st.integers(0, 30),
        ),
        max_size=12,
    )
)
def test_no_caller_who_gave_up_is_forgotten(house: House, events: list[tuple[str, int, int]]) -> None:
    """At every instant a missed call has a time, or its outcome is known."""
    with transaction.atomic():
        door = actions.open_door(
            site_id=house.site_id,
            kind="pbx",
            name="总机",
            settings={"secret_env": "X"},
            actor=house.actor("administrator"),
            at=MONDAY_NINE,
        )
        clerk, at = house.actor("clerk"), MONDAY_NINE
        for event, n, minutes in events:
            at += timedelta(minutes=minutes)
            if event in {"no_answer", "reached"}:
                for call in Call.objects.filter(state="abandoned"):
                    actions.settle_call(call_id=call.uid, outcome=event, actor=clerk, at=at)
            else:
                actions.note_call(
                    door_id=door.id, external_id=f"c{n}", event=event, number="139", actor=engine("pbx"), at=at
                )
            waiting = {one.id for one in calls.waiting_calls(clerk, house.site_id, at=at)}
            for call in Call.objects.all():
                if call.state == "abandoned":
                    assert call.call_back_by is not None
                    assert call.uid in waiting
                elif call.state == "over" and call.answered_at is None:
                    assert call.outcome
        transaction.set_rollback(True)
