"""The page of an outside company's link by plain forms, in two languages; what those who send it see."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.people import House
from tests.rooms.test_work_loop import uid
from tests.web.test_ask import PNG
from tests.web.test_desk import asked
from tests.web.test_shell import signed_in
from yingxu.connect import notifying
from yingxu.connect.sending import NotSent
from yingxu.ground.actions import claiming
from yingxu.ground.actor import engine
from yingxu.ground.models import Delivery, Entry, NoticeSetting
from yingxu.standards.queries import procedure_of
from yingxu.web import inside
from yingxu.web.ask.limits import Counter
from yingxu.web.outside import views
from yingxu.work import actions as work
from yingxu.work.models import Job, OutsideOrder

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_kept(tmp_path: Path, settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    settings.FILES_ROOT = tmp_path
    monkeypatch.setattr(views, "presses", Counter(200))
    monkeypatch.setattr(views, "wrong", Counter(300))
    inside.forget()
    yield
    inside.forget()


def job_of_house(house: House) -> Job:
    return Job.objects.select_related("request").get(request=asked(house, item="plb.faucet"))


def sent(house: House, job: Job, **more: str) -> str:
    """Send it out by the form; returns the link's path."""
    said = {
        "company": "金龙阀门",
        "contact_name": "黄师傅",
        "phone": "13900000000",
        "words": "换卫生间龙头",
        "hours": "24",
        "answers": str(uid(house, "leader")),
        **more,
    }
    client = signed_in(house, "clerk")
    answer = client.post(f"/outside/jobs/{job.uid}/send", said)
    assert answer.status_code == 302, answer.content.decode()
    html = client.get(f"/outside/jobs/{job.uid}").content.decode()
    found = re.search(r'value="http://testserver(/x/[^"]+)"', html)
    assert found is not None
    assert "data:image/svg+xml" in html  # the code to be scanned
    return found[1]


def press(path: str, act: str, **said: object) -> str:
    answer = Client().post(f"{path}/do/{act}", said)
    assert answer.status_code == 302, answer.content.decode()
    return answer.headers["Location"]


def test_the_whole_job_by_plain_forms_without_an_account(house: House) -> None:
    job = job_of_house(house)
    path = sent(house, job)
    page = Client().get(path)
    html = page.content.decode()
    assert page.headers["Cache-Control"].startswith("max-age=0")
    assert "换卫生间龙头" in html
    assert "骨科" in html
    assert job.text not in html  # what the asker wrote is the asker's
    assert "<script" not in re.sub(r'<script src="[^"]*" defer></script>', "", html)
    assert "/do/arrive" not in html  # first it says that it comes
    press(path, "accept", coming_name="小黄", minutes="60")
    press(path, "set-out")
    press(path, "arrive", code="S7-ORT")
    press(path, "start")
    answer = Client().post(f"{path}/do/finish", {"result": "换了龙头", "minutes": "30", "cause": "wear"})
    assert answer.status_code == 422
    assert "换了龙头" in answer.content.decode()  # nothing that was typed is lost
    for step in procedure_of(job.edition_id).steps:
        if step["type"] == "photo":
            photo = SimpleUploadedFile("p.png", PNG, "image/png")
            press(path, "photo", label=step["code"], photos=photo)
            continue
        value = {"tick": "yes", "text": "好", "signature": "小黄", "scan": "S7-ORT-WC"}.get(step["type"])
        if step["type"] in {"number", "meter"}:
            value = str(step.get("min", 1))
        elif step["type"] == "choice":
            value = step["choices"][0]["code"]
        press(path, "step", step=step["code"], kind=step["type"], value=value or "")
    press(path, "cost", labour="200", parts="80.5", cost_words="龙头一只", document="JL-7")
    press(path, "finish", result="换了龙头", minutes="30", cause="wear", signed_by="黄小明")
    job.refresh_from_db()
    assert (job.state, job.arrival_proof, job.accountable_id) == ("finished", "code", house.accounts["leader"])
    html = Client().get(path).content.decode()
    assert "黄小明" in html
    timeline = signed_in(house, "officer").get(f"/requests/{job.request.uid}").content.decode()
    assert "金龙阀门 · 小黄（凭链接），代刘班长" in timeline
    # the officer takes what is asked into the cost
    order = OutsideOrder.objects.get(job=job)
    officer = signed_in(house, "officer")
    assert "280.50" in officer.get(f"/outside/jobs/{job.uid}").content.decode()
    assert officer.post(f"/outside/jobs/{job.uid}/{order.uid}/take", {"amount": "280.50"}).status_code == 302
    assert "金龙阀门" in officer.get(f"/costs/requests/{job.request.uid}").content.decode()


def test_the_page_speaks_english(house: House, settings: LazySettings) -> None:
    path = sent(house, job_of_house(house))
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    html = client.get(path).content.decode()
    assert "We come" in html
    assert not re.search(
        r"[\u4e00-\u9fff]", re.sub(r"换卫生间龙头|黄师傅|金龙阀门|刘班长|中文|[^>]*lang=.zh[^<]*", "", html)
    )


@pytest.mark.parametrize(("state", "words"), [("revoked", "已收回这个链接"), ("expired", "已过有效期")])
def test_a_dead_link_says_why_in_words(house: House, state: str, words: str) -> None:
    path = sent(house, job_of_house(house))
    order = OutsideOrder.objects.get()
    if state == "revoked":
        work.revoke_outside(order_id=order.uid, why="换人", actor=house.actor("clerk"), at=timezone.now())
    else:
        OutsideOrder.objects.update(
            sent_at=timezone.now() - timedelta(days=2), expires_at=timezone.now() - timedelta(hours=1)
        )
    for answer in (Client().get(path), Client().post(f"{path}/do/accept", {"coming_name": "黄", "minutes": "60"})):
        assert answer.status_code == 410
        assert words in answer.content.decode()
        assert "换卫生间龙头" not in answer.content.decode()
    assert not Entry.objects.filter(kind="work.outside.accepted").exists()


def test_a_wrong_link_says_so_and_trying_many_is_stopped(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "wrong", Counter(3))
    tried = [Client().get(f"/x/AAAAAAAAAAAAAAAAAAAAA{n}.abcdef") for n in range(5)]
    assert [answer.status_code for answer in tried] == [404, 404, 404, 429, 429]
    assert "链接不完整或有误" in tried[0].content.decode()


def test_presses_by_one_link_are_counted(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "presses", Counter(2))
    path = sent(house, job_of_house(house))
    statuses = [Client().post(f"{path}/do/say", {"text": "喂"}).status_code for _ in range(3)]
    assert statuses == [302, 302, 429]


def test_a_press_that_comes_twice_counts_once(house: House) -> None:
    path = sent(house, job_of_house(house))
    for _ in range(2):
        press(path, "say", text="门锁着", command="c-1")
    assert Entry.objects.filter(kind="work.outside.spoke").count() == 1


def test_what_was_typed_stays_when_sending_is_refused(house: House) -> None:
    job = job_of_house(house)
    answer = signed_in(house, "clerk").post(
        f"/outside/jobs/{job.uid}/send",
        {"company": "金龙阀门", "contact_name": "黄师傅", "words": "换龙头", "hours": "24"},
    )
    assert answer.status_code == 422
    html = answer.content.decode()
    assert 'value="金龙阀门"' in html
    assert "黄师傅" in html
    assert not OutsideOrder.objects.exists()


def test_a_leader_sends_a_waiting_job_and_answers_for_it(house: House) -> None:
    job = job_of_house(house)
    client = signed_in(house, "leader")
    assert "金龙" not in client.get(f"/outside/jobs/{job.uid}").content.decode()
    said = {"company": "金龙阀门", "contact_name": "黄", "phone": "1", "words": "换", "hours": "24"}
    answer = client.post(f"/outside/jobs/{job.uid}/send", {**said, "answers": str(uid(house, "leader"))})
    assert answer.status_code == 302
    job.refresh_from_db()
    assert job.accountable_id == house.accounts["leader"]


def test_the_list_and_the_request_lead_to_it(house: House) -> None:
    job = job_of_house(house)
    empty = signed_in(house, "clerk").get("/outside").content.decode()
    assert "没有外委中的工单" in empty
    sent(house, job)
    client = signed_in(house, "clerk")
    assert f"/outside/jobs/{job.uid}" in client.get("/outside").content.decode()
    assert f"/outside/jobs/{job.uid}" in client.get(f"/requests/{job.request.uid}").content.decode()
    with CaptureQueriesContext(connection) as queries:
        client.get("/outside")
    assert len(queries) <= 6


def test_the_link_page_asks_little(house: House) -> None:
    path = sent(house, job_of_house(house))
    Client().get(path)
    with CaptureQueriesContext(connection) as queries:
        Client().get(path)
    assert len(queries) == 5


def test_the_link_goes_by_mail_and_gateway_while_it_lives(
    house: House, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.PUBLIC_URL, settings.EMAIL_HOST = "https://yx.example", "mail.example"
    NoticeSetting.objects.update_or_create(
        site_id=house.site_id, defaults={"gateway_url": "https://gate.example/notice"}
    )
    posted: list[dict[str, object]] = []
    monkeypatch.setattr(notifying, "post", lambda url, body, headers: posted.append(json.loads(body)))
    job = job_of_house(house)
    client = signed_in(house, "clerk")
    said = {
        "company": "金龙",
        "contact_name": "黄",
        "phone": "139",
        "email": "h@j.example",
        "words": "换",
        "hours": "24",
    }
    client.post(f"/outside/jobs/{job.uid}/send", {**said, "answers": str(uid(house, "leader"))})
    assert set(
        Delivery.objects.filter(kind="work.outside.sent", to_account_id=None).values_list("channel", "address")
    ) == {("email", "h@j.example"), ("gateway", "https://gate.example/notice")}
    claimed = claiming.claim_due(channels=("email", "gateway"), actor=engine("clock"), at=timezone.now()).rows
    for message in claimed:
        {"email": notifying.send_mail, "gateway": notifying.send_to_gateway}[message.channel](message)
    assert len(mail.outbox) == 1
    url = re.search(r"https://yx\.example/x/\S+", mail.outbox[0].body)
    assert url is not None
    assert (posted[0]["url"], posted[0]["to"]) == (url[0], {"account": "", "name": "黄", "phone": "139"})
    assert Client().get(url[0].removeprefix("https://yx.example")).status_code == 200
    # an order that has ended sends nobody anything
    order = OutsideOrder.objects.get()
    work.revoke_outside(order_id=order.uid, why="换人", actor=house.actor("clerk"), at=timezone.now())
    for message in claimed:
        {"email": notifying.send_mail, "gateway": notifying.send_to_gateway}[message.channel](message)
    assert (len(mail.outbox), len(posted)) == (1, 1)
    assert NotSent


def test_being_there_again_is_a_visit_more(house: House) -> None:
    job = job_of_house(house)
    path = sent(house, job)
    press(path, "accept", coming_name="小黄", minutes="60")
    press(path, "arrive", code="S7-ORT")
    press(path, "start")
    press(path, "pause", reason_code="W1", minutes="60")
    html = Client().get(path).content.decode()
    assert "/do/visit" in html
    press(path, "visit", code="S7-ORT")
    press(path, "resume")
    job.refresh_from_db()
    assert (job.state, job.n_visits) == ("in_progress", 2)
    leader = signed_in(house, "leader")
    assert leader.get(f"/visits/{job.uid}").status_code == 200
    assert leader.post(f"/visits/{job.uid}", {"code": "N5"}).status_code == 409
