"""Transport: from where to where, two identifiers at both ends, whose matter a delay is, rounds, zones."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.people import House
from tests.rooms.test_work_loop import minutes, uid
from tests.web.test_shell import signed_in
from yingxu.demand import actions as demand
from yingxu.demand.wanted import Wanted
from yingxu.dispatch import actions as dispatch
from yingxu.ground.models import Entry
from yingxu.ground.refusals import Malformed, NotAllowed
from yingxu.team.models import Member
from yingxu.web import inside
from yingxu.work import actions as work
from yingxu.work.models import CustodyScan, Job, TransportDelay, ZoneSignIn
from yingxu.work.refusals import AlreadyScanned, IdentifiersDiffer, IllegalMove, NotTaken, WrongPlace
from yingxu.work.transport import leg_standards, storeys_of, transport

pytestmark = pytest.mark.django_db
PATIENT = {
    "patient_name": "赵一鸣",
    "patient_no": "ZY2025 0381",
    "mode": "stretcher",
    "isolation": "contact",
    "to": "呼吸科",
}


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    inside.forget()
    yield
    inside.forget()


@pytest.fixture(autouse=True)
def porter_may_carry_specimens(house: House) -> None:
    Member.objects.filter(account_id=house.accounts["porter"]).update(skills={"escort": 3, "courier": 3})


def escort(house: House, *, item: str = "esc.exam", at: float = 0, form: dict[str, Any] | None = None) -> Job:
    raised = demand.raise_request(
        site_id=house.site_id,
        channel="web",
        text="送检查",
        item_code=item,
        place_code="S7-ORT-ST",
        wanted=Wanted(form=PATIENT if form is None else form),
        actor=house.actor("nurse"),
        at=minutes(at),
    )
    return Job.objects.get(request__uid=raised.id)


def there(house: House, job: Job, *, at: float = 1) -> Job:
    dispatch.assign_job(
        job_id=job.uid, worker_id=uid(house, "porter"), actor=house.actor("clerk"), at=minutes(at), word="马上到"
    )
    porter = house.actor("porter")
    work.accept_job(job_id=job.uid, actor=porter, at=minutes(at))
    work.arrive_at_job(job_id=job.uid, actor=porter, at=minutes(at + 4), place_code="S7-ORT-ST")
    work.start_job(job_id=job.uid, actor=porter, at=minutes(at + 4))
    job.refresh_from_db()
    return job


def taken(house: House, job: Job, *, at: float = 6, **more: Any) -> None:
    given = {"identifiers": ("赵一鸣", "zy20250381"), **more}
    work.take_load(job_id=job.uid, actor=house.actor("porter"), at=minutes(at), **given)


def test_a_load_is_taken_and_given_with_the_same_two_identifiers(house: House) -> None:
    job = there(house, escort(house))
    taken(house, job)
    work.give_load(
        job_id=job.uid,
        identifiers=("赵一鸣", "ZY20250381"),
        counterpart="CT室 林技师",
        place_code="N5-RES",
        actor=house.actor("porter"),
        at=minutes(16),
    )
    row = transport(house.actor("clerk"), job.uid)
    assert [node.kind for node in row.nodes] == ["taken", "given"]
    assert (row.stage, row.end.name) == ("given", "内科楼 5楼 呼吸科" if "5楼" in row.end.name else row.end.name)
    facts = Entry.objects.filter(subject_id=job.pk, kind="work.load.given").get().facts
    assert facts["carry_s"] == 600


@pytest.mark.parametrize(
    ("identifiers", "which"),
    [
        (("赵一明", "ZY20250381"), ("first",)),
        (("赵一鸣", "ZY20250382"), ("second",)),
        (("钱二", "1"), ("first", "second")),
    ],
)
def test_no_mismatch_is_accepted_at_the_bedside(
    house: House, identifiers: tuple[str, str], which: tuple[str, ...]
) -> None:
    job = there(house, escort(house))
    with pytest.raises(IdentifiersDiffer) as refused:
        taken(house, job, identifiers=identifiers)
    assert refused.value.which == which
    assert not CustodyScan.objects.exists()
    assert not Entry.objects.filter(kind="work.load.taken").exists()


def test_no_mismatch_is_accepted_at_the_other_end(house: House) -> None:
    job = there(house, escort(house, item="dlv.specimen", form={"kind": "blood", "to": "呼吸科"}))
    taken(house, job, identifiers=("BOX-17", "6"), temperature_c=Decimal("4.5"))
    with pytest.raises(IdentifiersDiffer):
        work.give_load(
            job_id=job.uid,
            identifiers=("BOX-17", "5"),
            counterpart="检验科",
            actor=house.actor("porter"),
            at=minutes(9),
        )
    with pytest.raises(WrongPlace):
        work.give_load(
            job_id=job.uid,
            identifiers=("BOX-17", "6"),
            counterpart="ICU",
            place_code="S4-ICU",
            actor=house.actor("porter"),
            at=minutes(9),
        )
    assert CustodyScan.objects.get().kind == "taken"


def test_identifiers_are_not_kept_only_what_they_are_compared_by(house: House) -> None:
    """S44: confidentiality."""
    job = there(house, escort(house))
    taken(house, job)
    row = CustodyScan.objects.get()
    entry = Entry.objects.get(kind="work.load.taken")
    assert "赵一鸣" not in f"{row.marks}{row.label}{entry.facts}"
    assert "0381" not in f"{row.marks[1][:0]}{row.label}{entry.facts}"


def test_what_is_asked_in_order_is_refused_out_of_order(house: House) -> None:
    job = escort(house)
    dispatch.assign_job(
        job_id=job.uid, worker_id=uid(house, "porter"), actor=house.actor("clerk"), at=minutes(1), word="好"
    )
    work.accept_job(job_id=job.uid, actor=house.actor("porter"), at=minutes(1))
    with pytest.raises(IllegalMove):
        taken(house, job, at=2)
    work.arrive_at_job(job_id=job.uid, actor=house.actor("porter"), at=minutes(3), place_code="S7-ORT-ST")
    with pytest.raises(NotTaken):
        work.give_load(
            job_id=job.uid, identifiers=("a", "b"), counterpart="x", actor=house.actor("porter"), at=minutes(4)
        )
    with pytest.raises(Malformed):
        taken(house, job, identifiers=("赵一鸣", " "))
    taken(house, job)
    with pytest.raises(AlreadyScanned):
        taken(house, job, at=7)
    with pytest.raises(NotAllowed):
        work.go_on(job_id=job.uid, actor=house.actor("plumber"), at=minutes(8))


def test_a_delay_is_somebodys_matter_and_ends_with_the_next_scan(house: House) -> None:
    job = there(house, escort(house))
    work.note_delay(job_id=job.uid, reason_code="not_ready", actor=house.actor("porter"), at=minutes(6))
    taken(house, job, at=14)
    row = TransportDelay.objects.get()
    assert (row.accountable, row.ended_at) == ("asker", minutes(14))
    assert Entry.objects.get(kind="work.transport.went_on").facts["stood_s"] == 480
    with pytest.raises(Malformed):
        work.note_delay(job_id=job.uid, reason_code="tea", actor=house.actor("porter"), at=minutes(15))


def test_standard_minutes_are_learnt_from_the_chains_of_custody(house: House) -> None:
    for number, spent in enumerate((8, 9, 10, 11, 90)):
        begin = number * 120
        job = there(house, escort(house, at=begin), at=begin + 1)
        taken(house, job, at=begin + 6, place_code="S7-ORT-ST")
        work.give_load(
            job_id=job.uid,
            identifiers=("赵一鸣", "ZY20250381"),
            counterpart="林技师",
            place_code="N5-RES",
            actor=house.actor("porter"),
            at=minutes(begin + 6 + spent),
        )
    standards, storeys = leg_standards(house.site_id, at=minutes(2000)), storeys_of(house.site_id)
    row = transport(house.actor("clerk"), job.uid)
    known = standards.expected(
        storeys.point(row.begin.place_id, row.begin.path), storeys.point(row.end.place_id, row.end.path)
    )
    assert (known.seconds, known.basis, known.n) == (600, "places", 5)


def test_specimens_that_wait_are_sent_as_one_round_or_not_at_all(house: House) -> None:
    """D10: batching of rounds."""
    jobs = [escort(house, item="dlv.specimen", form={"kind": "blood", "to": "呼吸科"}) for _ in range(3)]
    clerk = house.actor("clerk")
    with pytest.raises(Malformed):
        dispatch.assign_round(job_ids=[jobs[0].uid] * 2, worker_id=uid(house, "porter"), actor=clerk, at=minutes(1))
    sent = dispatch.assign_round(
        job_ids=[job.uid for job in jobs], worker_id=uid(house, "porter"), actor=clerk, at=minutes(1)
    )
    assert len(sent.numbers) == 3
    assert set(Job.objects.values_list("state", flat=True)) == {"dispatched"}


def test_a_worker_is_in_one_zone_at_a_time(house: House) -> None:
    for place in ("S7", "N5"):
        work.sign_in_zone(place_code=place, actor=house.actor("porter"), at=minutes(1))
    assert ZoneSignIn.objects.filter(left_at=None).get().place.code == "N5"


def test_the_screens(house: House) -> None:
    jobs = [escort(house, item="dlv.specimen", form={"kind": "blood", "to": "呼吸科"}) for _ in range(2)]
    job = there(house, escort(house))
    clerk = signed_in(house, "clerk")
    html = clerk.get("/transport").content.decode()
    assert "呼吸科" in html
    assert all(one.number in html for one in (*jobs, job))
    assert "赵一鸣" not in html
    porter = signed_in(house, "porter")
    page = porter.get(f"/transport/{job.uid}").content.decode()
    assert 'name="first"' in page
    assert "赵一鸣" not in page
    wrong = porter.post(f"/transport/{job.uid}/take", {"first": "钱二", "second": "1", "command": str(uuid4())})
    assert wrong.status_code >= 400
    right = porter.post(
        f"/transport/{job.uid}/take", {"first": "赵一鸣", "second": "ZY20250381", "command": str(uuid4())}
    )
    assert right.status_code == 302
    sent = clerk.post(
        "/transport/round",
        {"jobs": [str(one.uid) for one in jobs], "worker": str(uid(house, "porter")), "command": str(uuid4())},
    )
    assert sent.status_code == 302
    assert porter.post(f"/transport/{job.uid}/dance").status_code == 404


def test_the_list_needs_few_statements(house: House) -> None:
    for _ in range(3):
        escort(house)
    client = signed_in(house, "clerk")
    client.get("/transport")
    inside.forget()
    with CaptureQueriesContext(connection) as seen:
        client.get("/transport")
    assert len(seen) <= 14
