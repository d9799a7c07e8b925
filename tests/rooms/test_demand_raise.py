"""Taking in: a number at once, the clock of the item's edition, nobody turned away."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.people import MONDAY_NINE, House
from tests.rooms.requests import ask
from yingxu.demand.models import Request
from yingxu.demand.refusals import HospitalDecides
from yingxu.ground.actor import Actor, Held
from yingxu.ground.models import Entry
from yingxu.ground.refusals import Malformed, NotAllowed, NotFound
from yingxu.ground.unit import CommandKey
from yingxu.promise.models import Promise

pytestmark = pytest.mark.django_db


def test_a_nurse_gets_a_number_and_the_promise_of_a_human_word(house: House) -> None:
    raised = ask(house)
    request = Request.objects.get(uid=raised.id)
    assert (request.number, request.priority, request.state, request.owner_id) == (
        raised.number,
        3,
        "accepted",
        house.accounts["nurse"],
    )
    acknowledged = next(said for said in raised.promises if said.milestone == "acknowledged")
    assert acknowledged.due_at == MONDAY_NINE + timedelta(minutes=10)
    assert request.next_due_at == min(said.due_at for said in raised.promises)
    assert Promise.objects.filter(request=request).count() == len(raised.promises)


def test_raising_costs_one_read_and_one_write(house: House) -> None:
    nurse = house.actor("nurse")
    ask(house, actor=nurse)
    with CaptureQueriesContext(connection) as queries:
        ask(house, actor=nurse)
    own = [query["sql"] for query in queries if "nextval" not in (query["sql"] or "")]
    assert len(own) == 2, own


def test_the_same_command_answers_the_same_request_again(house: House) -> None:
    first = ask(house, command=CommandKey("c-1", "same"))
    again = ask(house, command=CommandKey("c-1", "same"))
    assert again == first
    assert Request.objects.count() == 1


def test_without_an_item_it_waits_for_the_desk_and_is_promised_a_word_all_the_same(house: House) -> None:
    raised = ask(house, item_code=None, place_code=None, place_words="七楼骨科", text="漏水")
    assert (raised.state, [said.milestone for said in raised.promises]) == ("new", ["acknowledged"])
    assert Request.objects.get().place_words == "七楼骨科"


def test_a_p1_with_a_phone_goes_without_a_place_and_one_without_waits(house: House) -> None:
    critical = {"item_code": "elv.trapped", "place_code": None, "text": "电梯困人"}
    assert ask(house, **critical).state == "new"
    assert ask(house, **critical, requester_phone="6120").state == "queued"


def test_no_contract_covers_it_and_it_is_taken_in_all_the_same(house: House) -> None:
    """S1: accepted, flagged, routed to the hospital."""
    before_any_contract = MONDAY_NINE - timedelta(days=90)
    ask(house, at=before_any_contract)
    request = Request.objects.get()
    assert (request.has_contract_gap, request.contract_id, request.party_keys, request.is_open) == (
        True,
        None,
        [],
        True,
    )


def test_the_lift_company_pays_for_lifts(house: House) -> None:
    ask(house, item_code="elv.stopped", place_code="S-L3", text="电梯停了")
    assert Request.objects.get().party_keys == [house.parties["yi"]]


def test_a_request_stands_without_any_job(house: House) -> None:
    """S3: a suggestion is a request too; it is answered in words, and its answer is promised."""
    raised = ask(house, item_code="gen.suggest", place_code=None, text="建议加一把椅子")
    assert raised.state == "queued"
    assert {said.milestone for said in raised.promises} == {"acknowledged", "done"}
    assert not Request.objects.get().has_contract_gap


def test_rank_changes_nothing(house: House) -> None:
    """S75, AS-03: the same facts from whoever asks get the same urgency and the same clock."""
    leader = ask(house, text="首长要洗漱，整层没水", item_code="plb.no_water", requester_name="院长")
    patient = ask(house, text="病人要洗漱，整层没水", item_code="plb.no_water", requester_name="")
    assert (leader.priority, leader.promises) == (patient.priority, patient.promises)


def test_whoever_takes_it_in_stays_the_contact(house: House) -> None:
    """S29: the cleaner's own phone, the desk's telephone; an asker has the duty desk."""
    ask(house, "porter", channel="self_found")
    assert Request.objects.get().first_contact_id == house.accounts["porter"]
    raised = ask(house, "clerk", channel="phone", owner_id=house.accounts["nurse"])
    taken = Request.objects.get(uid=raised.id)
    assert (taken.first_contact_id, taken.owner_id) == (house.accounts["clerk"], house.accounts["nurse"])
    assert Request.objects.get(uid=ask(house).id).first_contact_id is None


def test_a_companys_desk_takes_in_another_companys_line(house: House) -> None:
    assert ask(house, "company_clerk", channel="phone", item_code="elv.stopped", place_code="S-L3").number


def test_the_urgency_is_the_items_unless_the_desk_says_otherwise(house: House) -> None:
    with pytest.raises(NotAllowed):
        ask(house, priority=1)
    assert ask(house, "clerk", channel="phone", priority=2).priority == 2
    assert ask(house, "company_clerk", channel="phone", priority=2).priority == 2
    assert ask(house, "clerk", channel="phone", priority=4).priority == 4
    with pytest.raises(HospitalDecides):
        ask(house, "company_clerk", channel="phone", priority=4)


def test_a_printed_code_asks_for_its_own_place_alone(house: House) -> None:
    ward = house.places["S7-ORT"]
    path = f"/{house.places['HQ']}/{house.places['S']}/{house.places['S7']}/{ward}/"
    code = Actor(kind="qr", id=None, name="", holdings=(Held(role="qr", site_id=house.site_id, place_path=path),))
    assert ask(house, actor=code, channel="qr", place_code=None, place_id=house.places["S7-ORT-ST"]).number
    with pytest.raises(NotAllowed):
        ask(house, actor=code, channel="qr", place_code="N5-RES")


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"text": "  "}, Malformed),
        ({"text": "x" * 2001}, Malformed),
        ({"channel": "smoke"}, Malformed),
        ({"item_code": "no.such"}, NotFound),
        ({"place_code": "NOWHERE"}, NotFound),
        ({"happened_at": MONDAY_NINE + timedelta(seconds=1)}, Malformed),
    ],
)
def test_what_is_refused_leaves_nothing_behind(house: House, given: dict[str, Any], refusal: type[Exception]) -> None:
    n_entries = Entry.objects.count()
    with pytest.raises(refusal):
        ask(house, **given)
    assert (Request.objects.count(), Entry.objects.count()) == (0, n_entries)


@pytest.mark.parametrize("who", ["auditor", "administrator"])
def test_who_only_looks_does_not_ask(house: House, who: str) -> None:
    with pytest.raises(NotAllowed):
        ask(house, who)


def test_work_reported_later_counts_from_when_it_was_asked(house: House) -> None:
    raised = ask(house, happened_at=MONDAY_NINE - timedelta(minutes=5))
    assert raised.created_at == MONDAY_NINE - timedelta(minutes=5)
    assert raised.promises[0].due_at == MONDAY_NINE + timedelta(minutes=5)


def test_an_outside_records_own_target_is_all_that_is_promised(house: House) -> None:
    raised = ask(house, "clerk", channel="log", source_ref="case-1", target_at=MONDAY_NINE - timedelta(hours=1))
    assert {said.milestone for said in raised.promises} <= {"done"}
