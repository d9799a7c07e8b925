"""My work: one card, one press each, by plain forms; what is missing is listed; nobody else's job."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.people import House
from tests.rooms.test_work_loop import uid
from tests.web.test_ask import PNG
from tests.web.test_desk import asked
from tests.web.test_shell import signed_in
from yingxu.demand.models import Request
from yingxu.dispatch import actions as dispatch
from yingxu.ground.models import Delivery, Entry, File
from yingxu.standards.queries import procedure_of
from yingxu.team.models import Member
from yingxu.web import inside
from yingxu.web.clock import site_clock
from yingxu.work import actions as work
from yingxu.work.models import Job, Pause

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_kept(tmp_path: Path, settings: LazySettings) -> Iterator[None]:
    settings.FILES_ROOT = tmp_path
    inside.forget()
    yield
    inside.forget()


def offered(house: House, item: str = "plb.faucet") -> Job:
    job = Job.objects.get(request=asked(house, item=item))
    dispatch.assign_job(
        job_id=job.uid, worker_id=uid(house, "plumber"), actor=house.actor("clerk"), at=site_clock("Asia/Shanghai")
    )
    return job


def press(client: Client, job: Job, act: str, **said: object) -> str:
    answer = client.post(f"/my-work/{job.uid}/{act}", said)
    assert answer.status_code == 302, answer.content.decode()
    job.refresh_from_db()
    return str(answer.headers["Location"])


def at_work(house: House, client: Client) -> Job:
    job = offered(house)
    press(client, job, "accept")
    press(client, job, "set-out")
    press(client, job, "arrive", code="S7-ORT")
    press(client, job, "start")
    return job


def test_the_card_shows_what_where_and_the_one_thing_to_press(house: House) -> None:
    job = offered(house)
    html = signed_in(house, "plumber").get("/my-work").content.decode()
    assert "外科楼 7楼 骨科 卫生间" in html
    assert f'action="/my-work/{job.uid}/accept"' in html
    assert f'action="/my-work/{job.uid}/start"' not in html


def test_from_accept_to_done_by_plain_forms(house: House) -> None:
    client = signed_in(house, "plumber")
    job = at_work(house, client)
    assert (job.state, job.arrival_proof) == ("in_progress", "code")
    answer = client.post(f"/my-work/{job.uid}/finish", {"result": "换了阀芯", "minutes": "20", "cause": "wear"})
    assert answer.status_code == 422
    steps = procedure_of(job.edition_id).steps
    assert all(step["zh"] in answer.content.decode() for step in steps if step["type"] == "photo")
    for step in steps:
        if step["type"] == "photo":
            press(client, job, "photo", label=step["code"], photos=SimpleUploadedFile("a.png", PNG))
        elif step["code"] != "place":
            value = step["choices"][0]["code"] if step["type"] == "choice" else "yes" if step["type"] == "tick" else "1"
            press(client, job, "step", step=step["code"], kind=step["type"], value=value)
    assert press(client, job, "finish", result="换了阀芯", minutes="20", cause="wear").startswith(
        "/my-work?done=finish"
    )
    assert (job.state, job.minutes, job.cause_code) == ("finished", 20, "wear")
    assert "等报修人确认" in client.get("/my-work").content.decode()


def test_an_arrival_without_a_code_is_marked(house: House) -> None:
    client, job = signed_in(house, "plumber"), offered(house)
    press(client, job, "accept")
    press(client, job, "arrive", code="")
    assert (job.arrival_proof, job.flags) == ("none", ["unproven_arrival"])


def test_a_wrong_code_is_refused_in_words_and_the_card_stays(house: House) -> None:
    client, job = signed_in(house, "plumber"), offered(house)
    press(client, job, "accept")
    answer = client.post(f"/my-work/{job.uid}/arrive", {"code": "N5-RES"})
    assert answer.status_code == 409
    assert "呼吸科" in answer.content.decode()
    assert f'action="/my-work/{job.uid}/arrive"' in answer.content.decode()


def test_pause_and_go_on(house: House) -> None:
    client = signed_in(house, "plumber")
    job = at_work(house, client)
    press(client, job, "pause", reason_code="W1", minutes="120", told="备件下午到")
    assert job.state == "paused"
    assert Pause.objects.get(job=job).told == "备件下午到"
    press(client, job, "resume")
    assert job.state == "in_progress"


def test_given_back_with_a_reason(house: House) -> None:
    client, job = signed_in(house, "plumber"), offered(house)
    assert client.post(f"/my-work/{job.uid}/return", {"reason_code": ""}).status_code == 422
    press(client, job, "return", reason_code="wrong_trade")
    assert job.state == "queued"


def test_nobody_elses_job(house: House) -> None:
    job = offered(house)
    porter = signed_in(house, "porter")
    assert porter.post(f"/my-work/{job.uid}/accept").status_code == 403
    assert porter.get(f"/my-work/{job.uid}").status_code == 403
    assert signed_in(house, "nurse").get("/my-work").status_code == 403


def test_presence_is_ones_own_switch(house: House) -> None:
    signed_in(house, "plumber").post("/my-work/presence", {"is_present": "0"})
    assert not Member.objects.get(account_id=house.accounts["plumber"]).is_present


def test_a_colleague_takes_over(house: House) -> None:
    client, job = signed_in(house, "plumber"), offered(house)
    press(client, job, "accept")
    other, at = uid(house, "electrician"), site_clock("Asia/Shanghai")
    work.hand_over_job(job_id=job.uid, to_worker_id=other, actor=house.actor("plumber"), at=at)
    press(signed_in(house, "electrician"), job, "take-over")
    assert job.worker_id == house.accounts["electrician"]


def test_help_is_asked_for_and_the_job_offered_to_a_colleague_by_plain_forms(house: House) -> None:
    client = signed_in(house, "plumber")
    job = at_work(house, client)
    html = client.get(f"/my-work/{job.uid}").content.decode()
    assert f'action="/my-work/{job.uid}/help"' in html
    assert "陈电工" in html
    press(client, job, "help", note="要两个人抬")
    assert Entry.objects.get(kind="work.job.help_asked").facts["note"] == "要两个人抬"
    assert client.post(f"/my-work/{job.uid}/hand-over", {"to": ""}).status_code == 422
    said = press(client, job, "hand-over", to=str(uid(house, "electrician")), note="下班")
    assert "done=hand-over" in said
    assert job.accountable_id == house.accounts["plumber"]  # until the other accepts
    press(signed_in(house, "electrician"), job, "take-over")
    assert job.accountable_id == house.accounts["electrician"]


def test_a_team_leader_says_why_before_acting_in_a_workers_name_and_both_names_stay(house: House) -> None:
    job, leader = offered(house), signed_in(house, "leader")
    first = leader.get(f"/my-work/{job.uid}").content.decode()
    assert f'action="/my-work/{job.uid}/accept"' not in first
    assert 'name="in_name"' in first
    html = leader.get(f"/my-work/{job.uid}", {"in_name": "他手机没电"}).content.decode()
    assert '<input type="hidden" name="reason" value="他手机没电">' in html
    assert "in_name=" in press(leader, job, "accept", reason="他手机没电")
    entry = Entry.objects.get(kind="work.job.accepted")
    assert (entry.actor_name, entry.behalf_id) == ("刘班长", house.accounts["plumber"])
    assert Entry.objects.get(kind="work.job.acted_on_behalf").facts["reason"] == "他手机没电"


def test_a_team_leader_who_was_sent_is_the_worker_and_needs_no_reason(house: House) -> None:
    """With every hand of the team busy the desk sends its leader: then nobody's name is borrowed."""
    job = Job.objects.get(request=asked(house, item="plb.faucet"))
    dispatch.assign_job(
        job_id=job.uid, worker_id=uid(house, "leader"), actor=house.actor("clerk"), at=site_clock("Asia/Shanghai")
    )
    leader = signed_in(house, "leader")
    html = leader.get("/my-work").content.decode()
    assert f'action="/my-work/{job.uid}/accept"' in html
    assert 'name="in_name"' not in html
    for act in ("accept", "set-out"):
        press(leader, job, act)
    press(leader, job, "arrive", code="S7-ORT")
    press(leader, job, "start")
    assert (job.state, job.accountable_id) == ("in_progress", house.accounts["leader"])
    assert not Entry.objects.filter(kind="work.job.acted_on_behalf").exists()


def test_found_by_oneself_by_a_plain_page(house: House) -> None:
    client = signed_in(house, "plumber")
    job = at_work(house, client)
    html = client.get("/my-work/found").content.decode()
    assert f'<option value="{job.place.code}"' in html
    assert client.post("/my-work/found", {"item": "", "place": "S7-ORT", "text": ""}).status_code == 422
    wrong = client.post("/my-work/found", {"item": "plb.drain", "place": "", "place_words": "", "text": "堵"})
    assert wrong.status_code == 422
    assert 'value="堵"' in wrong.content.decode()
    said = {"item": "plb.faucet", "place": "S7-ORT", "command": "found-0001"}
    for _ in range(2):  # a press that comes twice is one request
        answer = client.post("/my-work/found", {**said, "photos": SimpleUploadedFile("a.png", PNG)})
        assert answer.headers["Location"] == "/my-work?done=found"
    request = Request.objects.get(channel="self_found")
    assert (request.item.code if request.item else "", request.place_id) == ("plb.faucet", house.places["S7-ORT"])
    assert File.objects.filter(subject_id=request.pk).count() == 1
    assert "已上报" in client.get("/my-work?done=found").content.decode()
    client.post("/my-work/found", {"text": "门坏了", "place": "S7-ORT", "place_words": "三楼连廊"})
    there = Request.objects.get(text="门坏了")
    assert (there.place_id, there.place_words) == (None, "三楼连廊")


def test_the_asker_signs_on_paper_by_a_plain_page_and_the_name_stays(house: House) -> None:
    client = signed_in(house, "plumber")
    job = at_work(house, client)
    picture = {"photos": SimpleUploadedFile("a.png", PNG), "label": "signature"}
    assert client.post(f"/my-work/{job.uid}/photo", {**picture, "signed_by": " "}).status_code == 422
    press(client, job, "photo", photos=SimpleUploadedFile("a.png", PNG), label="signature", signed_by="林护士")
    assert Entry.objects.get(kind="work.job.evidence_added").facts["signed_by"] == "林护士"
    assert "林护士" in signed_in(house, "clerk").get(f"/timeline/request/{job.request.uid}").content.decode()


def test_a_leader_comes_to_a_colleagues_job_from_the_team_board(house: House) -> None:
    job = offered(house)
    here = f'href="/my-work/{job.uid}"'
    assert here in signed_in(house, "leader").get("/team-board").content.decode()


def test_an_old_photo_and_one_of_another_job_are_flagged_and_kept(house: House) -> None:
    client = signed_in(house, "plumber")
    first, second = at_work(house, client), at_work(house, client)
    label = next(s["code"] for s in procedure_of(first.edition_id).steps if s["type"] == "photo")
    press(client, first, "photo", label=label, photos=SimpleUploadedFile("a.png", PNG), ages="0")
    assert first.flags == []
    press(client, second, "photo", label=label, photos=SimpleUploadedFile("a.png", PNG), ages=str(2 * 3600 * 1000))
    assert set(second.flags) == {"photo_old", "photo_reused"}
    assert File.objects.filter(subject_kind="job", subject_id=second.pk).count() == 1


def test_a_critical_step_that_fails_makes_the_quality_zero_and_alarms(house: House) -> None:
    client = signed_in(house, "plumber")
    job = at_work(house, client)
    step = next(s for s in procedure_of(job.edition_id).steps if s["critical"])
    press(client, job, "step", step=step["code"], kind=step["type"], cannot="1", note="阀门锈死")
    assert job.quality_score == 0
    told = Delivery.objects.filter(kind="work.step.carried_out").values_list("to_account_id", flat=True)
    assert {house.accounts["leader"], house.accounts["clerk"]} <= set(told)


def test_my_work_asks_the_database_little(house: House) -> None:
    offered(house)
    client = signed_in(house, "plumber")
    client.get("/my-work")
    with CaptureQueriesContext(connection) as asked_for:
        client.get("/my-work")
    assert len(asked_for) == 3
