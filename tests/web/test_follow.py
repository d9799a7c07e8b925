"""Follow: one request like a parcel; the link opens that request and no other; yes, no and faces."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import LazySettings
from django.contrib.staticfiles import finders
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.people import House
from tests.rooms.test_work_loop import asked, at_work, done, minutes, sent
from tests.web.test_ask import PNG
from tests.web.test_shell import signed_in
from yingxu.demand.models import Request, Word
from yingxu.ground.models import File
from yingxu.verify.models import Verdict
from yingxu.voice.models import Heard, Rating
from yingxu.web import links
from yingxu.work import actions as work
from yingxu.work.models import Job

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(tmp_path: Path, settings: LazySettings) -> None:
    settings.FILES_ROOT = tmp_path


def link(job: Job) -> str:
    return f"/f/{links.follow_code(job.request.uid)}"


def test_the_link_shows_number_steps_and_what_is_promised(client: Client, house: House) -> None:
    job = asked(house)
    page = client.get(link(job))
    html = page.content.decode()
    assert job.request.number in html
    assert "data-due" in html
    assert "no-store" in page.headers["Cache-Control"]


def test_a_wrong_link_opens_nothing(client: Client, house: House) -> None:
    job = asked(house)
    assert client.get(link(job)[:-1] + ("A" if link(job)[-1] != "A" else "B")).status_code == 404
    assert client.get("/f/garbage").status_code == 404
    assert client.get("/f/%E4%B8%AD.x").status_code == 404


def test_a_page_unchanged_is_answered_with_nothing(client: Client, house: House) -> None:
    job = asked(house)
    html = client.get(link(job)).content.decode()
    mark = html.split('data-mark="')[1].split('"')[0]
    assert client.get(link(job), headers={"X-Mark": mark}).status_code == 204
    sent(house, job)
    assert client.get(link(job), headers={"X-Mark": mark}).status_code == 200


def test_the_worker_is_named_and_only_the_ward_gets_the_phone(client: Client, house: House) -> None:
    job = at_work(house, sent(house, asked(house)))
    assert "王水工" in client.get(link(job)).content.decode()
    assert "tel:13800000000" not in client.get(link(job)).content.decode()
    nurse = signed_in(house, "nurse")
    assert "tel:13800000000" in nurse.get(f"/ours/{job.request.uid}").content.decode()
    done(house, job)
    assert "tel:13800000000" not in nurse.get(f"/ours/{job.request.uid}").content.decode()


def test_a_pause_says_why(client: Client, house: House) -> None:
    job = at_work(house, sent(house, asked(house)))
    work.pause_job(
        job_id=job.uid,
        reason_code="W1",
        note="无",
        told="等水龙头到货",
        expected_at=minutes(600),
        actor=house.actor("plumber"),
        at=minutes(12),
    )
    assert "等水龙头到货" in client.get(link(job)).content.decode()


def test_urging_adding_and_withdrawing(client: Client, house: House) -> None:
    job = asked(house)
    assert client.post(f"{link(job)}/do/urge", {"command": "u1"}).headers["Location"].endswith("done=urge")
    client.post(f"{link(job)}/do/urge", {"command": "u1"})
    assert Request.objects.get(pk=job.request_id).n_urges == 1
    client.post(f"{link(job)}/do/add", {"command": "w1", "text": "水很大"})
    photo = SimpleUploadedFile("a.png", PNG)
    client.post(f"{link(job)}/do/add", {"command": "w2", "text": "看照片", "photos": photo})
    assert list(Word.objects.filter(request=job.request, kind="word").values_list("text", flat=True)) == [
        "水很大",
        "看照片",
    ]
    file = File.objects.get(subject_id=job.request_id)
    shown = client.get(f"{link(job)}/photo/{file.uid}")
    assert b"".join(shown.streaming_content) == PNG  # type: ignore[attr-defined]
    assert client.get(f"{link(asked(house))}/photo/{file.uid}").status_code == 404
    client.post(f"{link(job)}/do/cancel", {"command": "c1", "reason": "solved_itself"})
    assert Request.objects.get(pk=job.request_id).shown_state == "cancelled"


def test_yes_closes_and_one_row_of_faces_follows(client: Client, house: House) -> None:
    job = done(house, at_work(house, sent(house, asked(house))))
    html = client.get(link(job)).content.decode()
    assert "修好了吗" in html
    client.post(f"{link(job)}/do/good", {"command": "g1", "job": str(job.uid)})
    assert Request.objects.get(pk=job.request_id).shown_state == "closed"
    html = client.get(link(job)).content.decode()
    assert html.count('name="stars"') == 5
    client.post(f"{link(job)}/do/rate", {"command": "r1", "stars": "5", "text": "很快"})
    assert Rating.objects.get(request_id=job.request_id).stars == 5
    html = client.get(link(job)).content.decode()
    assert "★★★★★" in html
    assert 'name="rater" value="asker"' not in html  # who asked has rated; the patient and the ward may still
    assert 'value="patient"' in html
    again = client.post(f"{link(job)}/do/rate", {"command": "r2", "stars": "1"})
    assert again.status_code == 409
    assert "已经评价过" in again.content.decode()


def test_one_tap_then_why_then_the_patient(client: Client, house: House) -> None:
    job = done(house, at_work(house, sent(house, asked(house))))
    client.post(f"{link(job)}/do/good", {"command": "g1", "job": str(job.uid)})
    assert "done=rate" in client.post(f"{link(job)}/do/rate", {"command": "r1", "stars": "2"}).headers["Location"]
    html = client.get(link(job)).content.decode()
    assert "哪里不好" in html
    client.post(f"{link(job)}/do/explain", {"command": "e1", "reason": ["late"], "text": "等了半天"})
    html = client.get(link(job)).content.decode()
    assert "等了半天" in html
    assert "哪里不好" not in html
    client.post(f"{link(job)}/do/rate", {"command": "r2", "stars": "5", "rater": "patient"})
    assert Rating.objects.filter(request_id=job.request_id).count() == 2
    assert "好在哪里" in client.get(link(job)).content.decode()


def test_v1_a_yes_whose_words_say_no_says_that_it_stays_open(client: Client, house: House) -> None:
    job = done(house, at_work(house, sent(house, asked(house))))
    assert "不回答会自动结单" in client.get(link(job)).content.decode()
    came = client.post(f"{link(job)}/do/good", {"command": "g1", "job": str(job.uid), "text": "好了，但还在滴"})
    assert came.headers["Location"].endswith("done=held")
    html = client.get(came.headers["Location"]).content.decode()
    assert "工单先不关" in html
    assert "不回答会自动结单" not in html
    assert Request.objects.get(pk=job.request_id).shown_state == "finished"


def test_who_did_the_work_and_holds_the_link_is_told_so_on_the_page(house: House) -> None:
    """A worker who is signed in on this telephone does not confirm or rate by the asker's link."""
    job = done(house, at_work(house, sent(house, asked(house))))
    worker = signed_in(house, "plumber")
    for act, said in (("good", {"job": str(job.uid)}), ("rate", {"stars": "5"})):
        page = worker.post(f"{link(job)}/do/{act}", {"command": f"{act}1", **said})
        assert page.status_code == 403
    assert not Rating.objects.exists()
    assert Client().post(f"{link(job)}/do/good", {"command": "g2", "job": str(job.uid)}).status_code == 302


def test_a_rater_without_an_account_reads_what_came_of_it_on_this_page(client: Client, house: House) -> None:
    job = done(house, at_work(house, sent(house, asked(house))))
    client.post(f"{link(job)}/do/rate", {"command": "r1", "stars": "1", "reason": ["rude", "late"], "text": "态度差"})
    case = Heard.objects.get()
    assert (case.kind, Rating.objects.get().reasons) == ("conduct", ["rude", "late"])
    assert "一天之内会有人答复" in client.get(link(job)).content.decode()
    Heard.objects.update(
        fate="done", answer="已谈话并道歉", answered_by=house.accounts["leader"], answered_at=case.said_at
    )
    page = client.get(link(job)).content.decode()
    assert "已谈话并道歉" in page
    client.post(f"{link(job)}/do/fate", {"command": "f1", "voice": str(case.uid), "content": "0"})
    assert Heard.objects.get().n_disputes == 1
    assert client.post(f"{link(job)}/do/fate", {"command": "f2", "voice": "x"}).status_code == 422


def test_no_sends_it_back_with_its_reason(client: Client, house: House) -> None:
    job = done(house, at_work(house, sent(house, asked(house))))
    client.post(f"{link(job)}/do/bad", {"command": "b1", "job": str(job.uid), "reason": "not_fixed", "text": "还在滴"})
    job.refresh_from_db()
    assert job.state == "in_progress"
    assert Verdict.objects.get(job=job).reason_code == "not_fixed"


def test_a_refusal_is_said_in_words_on_the_page(client: Client, house: House) -> None:
    job = asked(house)
    page = client.post(f"{link(job)}/do/rate", {"command": "r1", "stars": "5"})
    assert page.status_code == 409
    assert 'role="alert"' in page.content.decode()
    assert client.post(f"{link(job)}/do/rate", {"command": "r2", "stars": "x"}).status_code == 422
    assert client.post(f"{link(job)}/do/nonsense").status_code == 404


def test_a_link_never_acts_on_another_request(client: Client, house: House) -> None:
    mine, other = asked(house), done(house, at_work(house, sent(house, asked(house))))
    page = client.post(f"{link(mine)}/do/good", {"command": "g1", "job": str(other.uid)})
    assert page.status_code == 403
    other.refresh_from_db()
    assert other.state == "finished"


def test_the_list_shows_own_and_department_and_nothing_else(house: House) -> None:
    job = asked(house)
    assert job.request.number in signed_in(house, "nurse").get("/ours").content.decode()
    assert job.request.number not in signed_in(house, "other_nurse").get("/ours").content.decode()
    assert signed_in(house, "other_nurse").get(f"/ours/{job.request.uid}").status_code == 404
    assert Client().get("/ours").headers["Location"].startswith("/sign-in")


def test_the_list_filters_and_pages(house: House) -> None:
    first = asked(house)
    for n in range(21):
        asked(house, at=n + 1)
    nurse = signed_in(house, "nurse")
    html = nurse.get("/ours").content.decode()
    assert first.request.number not in html
    cursor = html.split("after=")[1].split('"')[0].split("&")[0]
    assert first.request.number in nurse.get(f"/ours?after={cursor}").content.decode()
    assert "data-row" not in nurse.get("/ours", {"show": "closed"}).content.decode()
    assert nurse.get("/ours", {"q": first.request.number}).content.decode().count("data-row") == 1


@pytest.mark.parametrize(("address", "limit"), [("link", 6), ("list", 3)])
def test_pages_ask_the_database_little(house: House, address: str, limit: int) -> None:
    job = asked(house)
    client = Client() if address == "link" else signed_in(house, "nurse")
    url = link(job) if address == "link" else "/ours"
    client.get(url)
    with CaptureQueriesContext(connection) as seen:
        client.get(url)
    assert len(seen) <= limit


def test_what_a_page_of_the_phone_hides_is_not_seen() -> None:
    """The line of what waits without network is hidden until something waits; no class may show it all the same."""
    style = Path(finders.find("web/phone.css") or "").read_text(encoding="utf-8")
    assert "[hidden] { display: none !important; }" in style
