"""The chain of custody as the house keeps it: where a load stands, what only the scans can say, who has it now."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from tests.people import House
from tests.rooms.test_work_loop import minutes, uid
from tests.web.test_shell import signed_in
from tests.web.test_transport import escort, taken, there
from yingxu.core.forecast.legs import Expected, Leg, Point, Standards
from yingxu.demand import actions as demand
from yingxu.demand.models import Request
from yingxu.dispatch import actions as dispatch
from yingxu.ground.models import Entry, Place, PlaceToken
from yingxu.ground.refusals import Malformed
from yingxu.team.models import Member
from yingxu.web import inside
from yingxu.web.transport import views
from yingxu.work import actions as work
from yingxu.work.models import CustodyScan, Job, StepDone, ZoneSignIn
from yingxu.work.refusals import EvidenceMissing, LoadCarried, ScanNeeded, WrongPlace
from yingxu.work.transport import leg_standards, transport

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    inside.forget()
    yield
    inside.forget()


@pytest.fixture(autouse=True)
def porter_may_carry_all(house: House) -> None:
    Member.objects.filter(account_id=house.accounts["porter"]).update(skills={"escort": 3, "courier": 3})


# where the load stands, and what only the scans can say


def test_a_return_is_fetched_where_the_patient_is_and_goes_back_to_the_ward(house: House) -> None:
    """Seen on the demo: the worker was sent to the ward, and the label of the examination room was another place's."""
    form = {"patient_name": "赵一鸣", "patient_no": "ZY20250381", "from_place": "呼吸科", "mode": "wheelchair"}
    job = escort(house, item="esc.return", form=form)
    ward = Place.objects.get(code="N5-RES")
    assert (job.place_id, job.place_path) == (ward.pk, ward.path)
    dispatch.assign_job(job_id=job.uid, worker_id=uid(house, "porter"), actor=house.actor("clerk"), at=minutes(1))
    porter = house.actor("porter")
    work.accept_job(job_id=job.uid, actor=porter, at=minutes(1))
    with pytest.raises(WrongPlace):
        work.arrive_at_job(job_id=job.uid, actor=porter, at=minutes(4), place_code="S4-ICU")
    work.arrive_at_job(job_id=job.uid, actor=porter, at=minutes(5), place_code="N5-RES")
    taken(house, job, place_code="N5-RES")
    row = transport(house.actor("clerk"), job.uid)
    assert row.begin.place_id == ward.pk
    assert row.end.place_id == Place.objects.get(code="S7-ORT-ST").pk
    with pytest.raises(WrongPlace):
        work.give_load(
            job_id=job.uid,
            identifiers=("赵一鸣", "ZY20250381"),
            counterpart="护士",
            place_code="S4-ICU",
            actor=porter,
            at=minutes(9),
        )


def test_what_is_fetched_is_taken_wherever_it_is_found_and_goes_to_whoever_asked(house: House) -> None:
    Member.objects.filter(account_id=house.accounts["porter"]).update(skills={"escort": 3, "courier": 3})
    job = escort(house, item="dlv.supply", form={"what": "无菌包", "count": "3"})
    there_at = Place.objects.get(code="N5-RES")
    dispatch.assign_job(job_id=job.uid, worker_id=uid(house, "porter"), actor=house.actor("clerk"), at=minutes(1))
    porter = house.actor("porter")
    work.accept_job(job_id=job.uid, actor=porter, at=minutes(1))
    work.arrive_at_job(job_id=job.uid, actor=porter, at=minutes(3), place_code=there_at.code)
    work.start_job(job_id=job.uid, actor=porter, at=minutes(3))
    taken(house, job, identifiers=("BAG-1", "3"), place_code=there_at.code)
    row = transport(house.actor("clerk"), job.uid)
    assert (row.begin.name, row.end.place_id) == ("", Place.objects.get(code="S7-ORT-ST").pk)


def test_a_printed_label_proves_the_place_at_both_ends(house: House) -> None:
    token = PlaceToken.objects.filter(place__code="N5-RES", asset=None, revoked_at=None).first()
    if token is None:
        token = PlaceToken.objects.create(
            place=Place.objects.get(code="N5-RES"), token="TESTN5RES234", issued_at=minutes(0)
        )
    job = there(house, escort(house))
    taken(house, job)
    given(house, job, place_code=token.token)
    node = CustodyScan.objects.get(kind="given")
    assert (node.proof, node.place_id) == ("code", token.place_id)


def test_blood_changes_hands_with_its_temperature_at_both_ends(house: House) -> None:
    """§2.2.11: time, temperature and person at each node; a supply needs none."""
    form = {"patient_name": "赵一鸣", "patient_no": "ZY20250381", "units": "2"}
    job = there(house, escort(house, item="dlv.blood", form=form))
    said: dict[str, Any] = {"identifiers": ("赵一鸣", "ZY20250381")}
    with pytest.raises(Malformed) as refused:
        taken(house, job, **said)
    assert refused.value.field == "temperature_c"
    taken(house, job, temperature_c=Decimal("4.5"), **said)
    with pytest.raises(Malformed):
        given(house, job, **said)
    given(house, job, temperature_c=Decimal("5.0"), **said)
    nodes = CustodyScan.objects.filter(job=job).order_by("scanned_at").values_list("kind", "temperature_c")
    assert list(nodes) == [("taken", Decimal("4.5")), ("given", Decimal("5.0"))]


def given(house: House, job: Job, *, at: float = 16, **more: Any) -> None:
    said = {"identifiers": ("赵一鸣", "ZY20250381"), "counterpart": "林技师", **more}
    work.give_load(job_id=job.uid, actor=house.actor("porter"), at=minutes(at), **said)


def test_the_two_scans_are_the_procedures_own_and_no_number_is_typed_instead(house: House) -> None:
    """Before, any number typed into the step let somebody finish without one identifier compared, and was kept."""
    job, porter = there(house, escort(house)), house.actor("porter")
    with pytest.raises(ScanNeeded):
        work.carry_out_step(job_id=job.uid, step_code="from", value="ZY20259999", actor=porter, at=minutes(5))
    taken(house, job)
    given(house, job)
    steps = {row.step_code: (row.value, row.is_ok) for row in StepDone.objects.filter(job=job)}
    assert steps == {"from": ("••••", True), "to": ("••••", True)}


def test_a_transport_is_not_finished_while_the_load_is_in_somebodys_hands(house: House) -> None:
    job, porter = there(house, escort(house)), house.actor("porter")
    with pytest.raises(EvidenceMissing) as refused:
        work.finish_job(job_id=job.uid, actor=porter, at=minutes(20))
    assert {"from", "to"} <= {part.code for part in refused.value.missing}
    taken(house, job)
    with pytest.raises(EvidenceMissing) as refused:
        work.finish_job(job_id=job.uid, actor=porter, at=minutes(21))
    assert "to" in {part.code for part in refused.value.missing}
    given(house, job, at=22)
    with pytest.raises(EvidenceMissing) as refused:
        work.finish_job(job_id=job.uid, actor=porter, at=minutes(23))
    assert not {"from", "to", "given"} & {part.code for part in refused.value.missing}


def test_a_wristband_that_cannot_be_read_is_said_in_the_step_and_alarms(house: House) -> None:
    job = there(house, escort(house))
    work.carry_out_step(
        job_id=job.uid, step_code="from", value=None, note="腕带脱落", actor=house.actor("porter"), at=minutes(5)
    )
    job.refresh_from_db()
    assert job.quality_score == 0
    assert not StepDone.objects.get(job=job).is_ok


def test_what_is_on_the_way_is_not_called_off_but_brought_back(house: House) -> None:
    """Before, the job went and the patient stood in the corridor on nobody's list."""
    job, clerk = there(house, escort(house)), house.actor("clerk")
    taken(house, job, place_code="S7-ORT-ST")
    called_off = {"request_id": job.request.uid, "reason_code": "patient_left", "askers_word": "护士长电话"}
    with pytest.raises(LoadCarried):
        demand.cancel_request(**called_off, actor=clerk, at=minutes(8))
    given(house, job, place_code="S7-ORT-ST", counterpart="责任护士")
    assert Entry.objects.get(kind="work.load.given").facts["is_back"] is True
    assert leg_standards(house.site_id, at=minutes(2000)).n == 0
    page = signed_in(house, "porter").get(f"/transport/{job.uid}").content.decode()
    assert "送回原处" in page


def test_a_colleague_who_takes_it_over_on_the_way_stands_in_the_chain(house: House) -> None:
    job = there(house, escort(house))
    taken(house, job)
    work.hand_over_job(job_id=job.uid, to_worker_id=uid(house, "plumber"), actor=house.actor("porter"), at=minutes(8))
    work.accept_hand_over(job_id=job.uid, actor=house.actor("plumber"), at=minutes(9))
    nodes = transport(house.actor("clerk"), job.uid).nodes
    assert [node.kind for node in nodes] == ["taken", "passed"]
    assert nodes[1].worker != nodes[0].worker == nodes[1].counterpart


def test_a_zone_that_is_reported_late_is_history_and_puts_nobody_back(house: House) -> None:
    porter = house.actor("porter")
    work.sign_in_zone(place_code="S7", actor=porter, at=minutes(1))
    work.sign_in_zone(place_code="N5", actor=porter, at=minutes(30))
    work.sign_in_zone(place_code="S4", actor=porter, at=minutes(40), happened_at=minutes(10))
    stays = ZoneSignIn.objects.order_by("signed_at").values_list("place__code", "signed_at", "left_at")
    assert list(stays) == [
        ("S7", minutes(1), minutes(10)),
        ("S4", minutes(10), minutes(30)),
        ("N5", minutes(30), None),
    ]


def test_the_hospitals_word_stands_above_what_was_learnt(house: House) -> None:
    legs = [Leg(Point(1, "A", 7), Point(2, "B", 1), seconds) for seconds in (480, 540, 600, 660, 720)]
    learnt = Standards(legs).expected(Point(1, "A", 7), Point(2, "B", 1))
    assert (learnt.low_s, learnt.seconds, learnt.high_s) == (540, 600, 660)
    known = Standards(legs, said={frozenset({("B", 1), ("A", 7)}): 900.0})
    assert known.expected(Point(9, "A", 7), Point(8, "B", 1)) == Expected(1080, "said", 0)


def test_the_list_is_searched_and_paged(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    jobs = [escort(house) for _ in range(3)]
    monkeypatch.setattr(views, "PAGE", 2)
    clerk = signed_in(house, "clerk")
    first = clerk.get("/transport").content.decode()
    assert "data-keys" in first
    assert "after=2" in first
    second = clerk.get("/transport?after=2").content.decode()
    shown = [[job.number for job in jobs if job.number in html] for html in (first, second)]
    assert sorted(shown[0] + shown[1]) == sorted(job.number for job in jobs)
    assert jobs[0].number not in clerk.get("/transport?q=没有这样的").content.decode()
    assert clerk.get("/transport?after=x&q=%00").status_code == 200


def test_a_round_that_is_sent_now_leaves_out_what_is_wanted_tomorrow(house: House) -> None:
    """Seen on the demo: tomorrow's 07:00 specimens were to be fetched with this afternoon's."""
    jobs = [escort(house, item="dlv.specimen", form={"kind": "blood", "to": "呼吸科"}) for _ in range(3)]
    Request.objects.filter(pk=jobs[2].request_id).update(wanted_from=timezone.now() + timedelta(hours=15))
    html = signed_in(house, "clerk").get("/transport").content.decode()
    assert [f'name="jobs" value="{job.uid}"' in html for job in jobs] == [True, True, False]
