"""The phone's queue at the server: carried out once, in order, when it happened; what cannot be is set aside."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import LazySettings
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
from yingxu.web import inside
from yingxu.web.clock import site_clock
from yingxu.work import actions as work
from yingxu.work.models import Job, SetAside

pytestmark = pytest.mark.django_db
SHA = hashlib.sha256(PNG).hexdigest()


@pytest.fixture(autouse=True)
def nothing_kept(tmp_path: Path, settings: LazySettings) -> Iterator[None]:
    settings.FILES_ROOT = tmp_path
    inside.forget()
    yield
    inside.forget()


def now() -> datetime:
    return site_clock("Asia/Shanghai")


def ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def offered(house: House, item: str = "plb.faucet", to: str = "plumber") -> Job:
    job = Job.objects.get(request=asked(house, item=item))
    at = now() - timedelta(hours=1)
    Job.objects.filter(pk=job.pk).update(opened_at=at)
    dispatch.assign_job(job_id=job.uid, worker_id=uid(house, to), actor=house.actor("clerk"), at=at)
    Job.objects.filter(pk=job.pk).update(accept_by=now() + timedelta(hours=1))
    return Job.objects.get(pk=job.pk)


class Phone:
    """A phone as the server meets it: its own clock is ``wrong`` by so much."""

    def __init__(self, house: House, who: str = "plumber", wrong: timedelta = timedelta(0)) -> None:
        self.client: Client = signed_in(house, who)
        self.key = house.actor(who).key
        self.wrong = wrong

    def act(self, act: str, job: Job | None, ago: float = 0, *, offset: bool = True, **said: Any) -> dict[str, Any]:
        at = now() - timedelta(minutes=ago) + self.wrong
        return {
            "id": str(uuid4()),
            "act": act,
            "job": str(job.uid) if job else None,
            "said": said,
            "device_at": ms(at),
            "offset_ms": -self.wrong.total_seconds() * 1000 if offset else None,
        }

    def send(self, *commands: dict[str, Any], status: int = 200, account: str = "") -> list[dict[str, Any]]:
        body = {"account": account or self.key, "sent_at": ms(now() + self.wrong), "commands": commands}
        answer = self.client.post("/my-work/sync", json.dumps(body), content_type="application/json")
        assert answer.status_code == status, answer.content.decode()
        found: list[dict[str, Any]] = answer.json()["results"] if status == 200 else []
        return found

    def upload(self, content: bytes = PNG, part: int = 40) -> None:
        sha = hashlib.sha256(content).hexdigest()
        for start in range(0, len(content), part):
            answer = self.client.post(
                f"/my-work/files/{sha}?from={start}&size={len(content)}",
                content[start : start + part],
                content_type="application/octet-stream",
            )
            assert answer.status_code == 200, answer.content.decode()
        assert self.client.get(f"/my-work/files/{sha}").json()["is_kept"]


def results(found: list[dict[str, Any]]) -> list[str]:
    return [one["result"] for one in found]


def state(job: Job) -> str:
    return str(Job.objects.values_list("state", flat=True).get(pk=job.pk))


def test_what_was_done_without_signal_keeps_the_moment_at_which_it_was_done(house: House) -> None:
    phone, job = Phone(house), offered(house)
    found = phone.send(
        phone.act("accept", job, 40),
        phone.act("set-out", job, 39),
        phone.act("arrive", job, 35, code="S7-ORT", by="typed"),
        phone.act("start", job, 34),
    )
    assert results(found) == ["done"] * 4
    job.refresh_from_db()
    assert job.started_at is not None
    assert abs(now() - timedelta(minutes=34) - job.started_at) < timedelta(seconds=10)
    entry = Entry.objects.get(kind="work.job.started")
    assert entry.recorded_at - entry.happened_at > timedelta(minutes=33)
    assert entry.facts["phone_late_s"] > 33 * 60


def test_a_post_that_comes_twice_is_carried_out_once(house: House) -> None:
    phone, job = Phone(house), offered(house)
    commands = [phone.act("accept", job, 10), phone.act("set-out", job, 9)]
    assert results(phone.send(*commands)) == ["done", "done"]
    n = Entry.objects.count()
    assert results(phone.send(*commands)) == ["already", "already"]
    assert Entry.objects.count() == n


@pytest.mark.parametrize("wrong", [timedelta(hours=-9), timedelta(hours=5)])
@pytest.mark.parametrize("offset", [True, False])
def test_a_phone_whose_clock_is_wrong_reports_the_right_moment(house: House, wrong: timedelta, offset: bool) -> None:
    phone, job = Phone(house, wrong=wrong), offered(house)
    phone.send(phone.act("accept", job, 20, offset=offset))
    job.refresh_from_db()
    assert job.accepted_at is not None
    assert abs(now() - timedelta(minutes=20) - job.accepted_at) < timedelta(seconds=10)


def test_a_clock_that_was_moved_is_clamped_and_marked(house: House) -> None:
    phone, job = Phone(house), offered(house)
    phone.send(phone.act("accept", job, 5))
    late = phone.act("set-out", job, 300)  # before the job was accepted
    assert results(phone.send(late)) == ["done"]
    entry = Entry.objects.get(kind="work.job.set_out")
    assert entry.facts["phone_clock"] == "moved"
    assert entry.happened_at == Job.objects.get(pk=job.pk).accepted_at


def test_a_moment_in_the_future_is_now(house: House) -> None:
    phone, job = Phone(house), offered(house)
    assert results(phone.send(phone.act("accept", job, -600))) == ["done"]
    assert Entry.objects.get(kind="work.job.accepted").facts["phone_clock"] == "unsure"


def test_given_to_somebody_else_meanwhile_is_kept_for_worker_and_desk(house: House) -> None:
    phone, job = Phone(house), offered(house)
    phone.send(phone.act("accept", job, 30))
    work.return_job(job_id=job.uid, reason_code="wrong_trade", note="收回", actor=house.actor("leader"), at=now())
    found = phone.send(phone.act("set-out", job, 20), phone.act("arrive", job, 15, code="S7-ORT"))
    assert results(found) == ["conflict", "conflict"]
    assert state(job) == "queued"
    assert SetAside.objects.filter(job=job, settled_at=None).count() == 2
    assert Entry.objects.filter(kind="work.report.set_aside").count() == 2
    carried = phone.client.get("/my-work/carried").json()
    assert [one["kind"] for one in carried["reports"]] == ["conflict", "conflict"]
    desk = signed_in(house, "clerk")
    page = desk.get("/phone-reports").content.decode()
    assert "王水工" in page
    assert found[0]["words"] in page
    report = SetAside.objects.order_by("id")[0]
    assert desk.post(f"/phone-reports/{report.uid}/settle", {"words": ""}).status_code == 422
    assert desk.post(f"/phone-reports/{report.uid}/settle", {"words": "已改派，请撤"}).status_code == 302
    report.refresh_from_db()
    assert report.words == "已改派，请撤"
    assert "已改派，请撤" in desk.get("/phone-reports").content.decode()


def test_a_conflict_that_is_sent_again_is_the_same_conflict(house: House) -> None:
    phone, job = Phone(house), offered(house)
    command = phone.act("start", job, 3)
    assert results(phone.send(command)) == ["conflict"]
    assert results(phone.send(command)) == ["conflict"]
    assert SetAside.objects.count() == 1


def test_a_code_of_another_place_keeps_the_arrival_without_its_proof(house: House) -> None:
    phone, job = Phone(house), offered(house)
    phone.send(phone.act("accept", job, 9))
    assert results(phone.send(phone.act("arrive", job, 5, code="N5-RES"))) == ["bent"]
    job.refresh_from_db()
    assert (job.state, job.arrival_proof, job.flags) == ("arrived", "none", ["unproven_arrival"])
    assert SetAside.objects.get().kind == "bent"


def test_what_was_refused_is_settled_when_it_is_done_again(house: House) -> None:
    phone, job = Phone(house), offered(house)
    phone.send(phone.act("accept", job, 9), phone.act("arrive", job, 8, code="S7-ORT"), phone.act("start", job, 7))
    bad = phone.act("pause", job, 5, reason_code="W1")
    assert results(phone.send(bad)) == ["refused"]
    assert results(phone.send(phone.act("pause", job, 4, reason_code="W1", minutes=60))) == ["done"]
    assert SetAside.objects.get().settled_how == "again"
    assert state(job) == "paused"
    assert results(phone.send(phone.act("resume", job, 30))) == ["done"]  # before the pause: clamped to it


def test_photos_come_in_parts_before_the_act_that_names_them(house: House) -> None:
    phone, job = Phone(house), offered(house)
    phone.send(phone.act("accept", job, 9), phone.act("arrive", job, 8, code="S7-ORT"), phone.act("start", job, 7))
    named = {"sha256": SHA, "taken_at": ms(now() - timedelta(minutes=6))}
    photo = phone.act("photo", job, 6, label="before", photos=[named])
    after = phone.act("help", job, 5, note="搭把手")
    assert results(phone.send(photo, after)) == ["photos"]
    phone.upload()
    assert results(phone.send(photo, after)) == ["done", "done"]
    file = File.objects.get(subject_kind="job", subject_id=job.pk)
    assert (file.sha256, file.label) == (SHA, "before")
    assert file.taken_at is not None
    assert Entry.objects.filter(kind="work.job.help_asked").count() == 1


def test_an_old_photo_and_one_of_another_job_are_flagged_and_kept(house: House) -> None:
    phone, jobs = Phone(house), [offered(house), offered(house)]
    phone.upload()
    for job, age in zip(jobs, (6, 120), strict=True):
        phone.send(phone.act("accept", job, 10), phone.act("arrive", job, 9, code="S7-ORT"), phone.act("start", job, 8))
        named = {"sha256": SHA, "taken_at": ms(now() - timedelta(minutes=age))}
        assert results(phone.send(phone.act("photo", job, 6, label="before", photos=[named]))) == ["done"]
        job.refresh_from_db()
    assert jobs[0].flags == []
    assert set(jobs[1].flags) == {"photo_old", "photo_reused"}
    assert File.objects.filter(subject_kind="job", subject_id=jobs[1].pk).count() == 1


def test_a_critical_step_that_failed_without_signal_makes_the_quality_zero_and_alarms(house: House) -> None:
    phone, job = Phone(house), offered(house)
    phone.send(phone.act("accept", job, 9), phone.act("arrive", job, 8, code="S7-ORT"), phone.act("start", job, 7))
    step = next(one for one in procedure_of(job.edition_id).steps if one["critical"])
    failed = phone.act("step", job, 6, step=step["code"], value=None, note="阀门锈死")
    assert results(phone.send(failed)) == ["done"]
    job.refresh_from_db()
    assert job.quality_score == 0
    told = Delivery.objects.filter(kind="work.step.carried_out").values_list("to_account_id", flat=True)
    assert {house.accounts["leader"], house.accounts["clerk"]} <= set(told)


def test_a_part_out_of_place_says_where_to_go_on(house: House) -> None:
    phone = Phone(house)
    client = phone.client
    client.post(f"/my-work/files/{SHA}?from=0&size={len(PNG)}", PNG[:20], content_type="application/octet-stream")
    answer = client.post(
        f"/my-work/files/{SHA}?from=0&size={len(PNG)}",
        PNG[:20],
        content_type="application/octet-stream",
        headers={"Accept": "application/json"},
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "part_out_of_place")
    assert client.get(f"/my-work/files/{SHA}").json() == {"n_bytes": 20, "is_kept": False}
    wrong = "0" * 64
    answer = client.post(f"/my-work/files/{wrong}?from=0&size={len(PNG)}", PNG, content_type="application/octet-stream")
    assert answer.status_code == 422
    assert not client.get(f"/my-work/files/{wrong}").json()["is_kept"]


def test_found_by_oneself_becomes_a_request_once(house: House) -> None:
    phone = Phone(house)
    phone.upload()
    found = phone.act("defect", None, 25, text="护士站灯不亮", place="S7-ORT-ST", photos=[{"sha256": SHA}])
    assert results(phone.send(found)) == ["done"]
    assert results(phone.send(found)) == ["already"]
    request = Request.objects.get(channel="self_found")
    assert abs(now() - timedelta(minutes=25) - request.created_at) < timedelta(seconds=10)
    assert File.objects.filter(sha256=SHA).count() == 1


def test_another_account_never_sends_what_is_not_its_own(house: House) -> None:
    plumber, porter, job = Phone(house), Phone(house, "porter"), offered(house)
    porter.send(plumber.act("accept", job, 2), account=plumber.key, status=403)
    assert state(job) == "dispatched"


def test_handed_over_without_signal(house: House) -> None:
    phone, job = Phone(house), offered(house)
    carried = phone.client.get("/my-work/carried").json()
    mate_id = next(mate["id"] for mate in carried["mates"] if mate["name"] == "陈电工")
    phone.send(phone.act("accept", job, 9), phone.act("hand-over", job, 8, to=mate_id, note="下班"))
    other = Phone(house, "electrician")
    assert results(other.send(other.act("take-over", job, 3))) == ["done"]
    job.refresh_from_db()
    assert job.worker_id == house.accounts["electrician"]
    entry = Entry.objects.get(kind="work.job.handed_over")
    assert entry.recorded_at - entry.happened_at > timedelta(minutes=2)


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b'{"account":"x"}', b'{"account":"x","sent_at":"soon","commands":[]}'],
)
def test_a_body_that_is_no_batch_is_refused(house: House, body: bytes) -> None:
    assert Phone(house).client.post("/my-work/sync", body, content_type="application/json").status_code == 422


def test_an_act_that_there_is_not_is_kept_too(house: House) -> None:
    phone, job = Phone(house), offered(house)
    assert results(phone.send(phone.act("fly", job))) == ["refused"]
    assert SetAside.objects.get().act == "fly"


def test_the_phone_carries_what_proves_an_arrival_without_the_codes(house: House) -> None:
    phone, job = Phone(house), offered(house)
    carried = phone.client.get("/my-work/carried").json()
    card = carried["jobs"][0]
    assert card["id"] == str(job.uid)
    assert hashlib.sha256(b"S7-ORT").hexdigest()[:16] in card["marks"]
    assert hashlib.sha256(b"N5-RES").hexdigest()[:16] not in card["marks"]
    assert [step["code"] for step in card["steps"]]


def test_what_a_phone_asks_costs_little(house: House) -> None:
    phone, job = Phone(house), offered(house)
    phone.client.get("/my-work/carried")
    with CaptureQueriesContext(connection) as carried:
        phone.client.get("/my-work/carried")
    commands = [phone.act("accept", job, 9), phone.act("set-out", job, 8)]
    with CaptureQueriesContext(connection) as sent:
        phone.send(*commands)
    assert (len(carried), len(sent)) == (13, 11)


def test_the_app_has_nobodys_data_and_says_what_it_keeps(house: House) -> None:
    client = Client()
    html = client.get("/my-work/app").content.decode()
    words = json.loads(html.split('<script id="words" type="application/json">')[1].split("</script>")[0])
    assert words["unsent"] == "未同步 {n}"
    assert client.get("/my-work/app.webmanifest").json()["start_url"] == "/my-work/app"
    worker = client.get("/my-work/sw.js")
    assert worker.headers["Service-Worker-Allowed"] == "/my-work"
    assert "__" not in worker.content.decode().replace("__proto__", "")
    assert "/static/web/mywork-queue" in worker.content.decode()
