"""The handbook's screens: the book, the change in words, three questions by a plain form, who has not read, posts."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.people import House
from tests.rooms.standards_texts import in_force, text
from tests.rooms.test_handbook import answers, make_post, read_all, reading_of
from tests.web.test_shell import signed_in
from yingxu.ground.models import Delivery
from yingxu.standards.models import Edition
from yingxu.team import queries
from yingxu.team.models import Post, Posting, Signature
from yingxu.web import inside
from yingxu.web.clock import site_clock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    inside.forget()
    yield
    inside.forget()


def changed(house: House) -> None:
    """Put an edition of the tap's procedure in force in which the test takes three minutes."""
    now = site_clock("Asia/Shanghai")
    read_all(house, "plumber", "leader", at=now - timedelta(days=30))
    running = Edition.objects.get(site_id=house.site_id, item__code="plb.faucet", state="in_force")
    steps = [dict(step) for step in text(running.uid)["steps"]]
    steps[5]["zh"] = "开阀试水3分钟，接头和关闭后均不滴漏。"
    in_force(house, "plb.faucet", at=now - timedelta(days=8), steps=steps)


def form(house: House, who: str, part: str, *, attempt: int = 1, n_wrong: int = 0) -> dict[str, str]:
    reading = reading_of(house, who, part)
    said = answers(reading, house.accounts[who], attempt, n_wrong=n_wrong)
    return {
        "digest": reading.digest,
        "attempt": str(attempt),
        **{f"answer{n}": str(one) for n, one in enumerate(said)},
    }


def test_the_book_reads_like_one(house: House) -> None:
    html = signed_in(house, "plumber").get("/handbook").content.decode()
    assert html.count('<article class="page"') == 40
    assert "第 2 章" in html
    assert 'href="#p-plb.faucet"' in html
    assert "开阀试水2分钟" in html
    assert "10 分钟内" in html
    assert 'href="tel:6666"' in html
    assert "41 条有改动或未读" in html
    assert not re.search(r"\son\w+=|\sstyle=|<style", html)


def test_the_book_is_complete_in_english(house: House) -> None:
    client = signed_in(house, "plumber")
    client.post("/language", {"language": "en"})
    html = client.get("/handbook").content.decode()
    assert "Open and test for 2 min" in html
    assert not re.search(r"目标|要求|步骤|第 \d+ 章", html)


def test_a_book_of_general_rules_alone_says_why(house: House) -> None:
    html = signed_in(house, "clerk").get("/handbook").content.decode()
    assert "手册只有通用守则" in html


def test_a_change_is_shown_alone_and_signed_with_three_right_answers(house: House) -> None:
    changed(house)
    client = signed_in(house, "plumber")
    listed = client.get("/handbook/unread").content.decode()
    assert "龙头、花洒、冲洗阀" in listed
    assert "1 处改动" in listed
    assert "应读期限" in listed
    html = client.get("/handbook/read/plb.faucet").content.decode()
    assert "开阀试水<del>2</del><ins>3</ins>分钟" in html
    assert html.count("<fieldset>") == 3
    answer = client.post("/handbook/read/plb.faucet", form(house, "plumber", "plb.faucet"))
    assert answer.status_code == 302
    assert "已签收" in client.get(answer.headers["Location"]).content.decode()
    assert client.get("/handbook/read/plb.faucet").status_code == 409


def test_wrong_answers_are_said_and_other_questions_come(house: House) -> None:
    changed(house)
    client = signed_in(house, "plumber")
    failed = client.post("/handbook/read/plb.faucet", form(house, "plumber", "plb.faucet", n_wrong=2))
    html = failed.content.decode()
    assert failed.status_code == 422
    assert "3 题答对 1 题" in html
    assert 'name="attempt" value="2"' in html
    assert "<del>2</del>" in html
    # the same page sent again is not another try
    again = client.post("/handbook/read/plb.faucet", form(house, "plumber", "plb.faucet", n_wrong=2))
    assert again.status_code == 409
    assert "请按现在的内容重读再答" in again.content.decode()
    passed = client.post("/handbook/read/plb.faucet", form(house, "plumber", "plb.faucet", attempt=2))
    assert passed.status_code == 302
    assert Signature.objects.get(account_id=house.accounts["plumber"], part="plb.faucet").n_attempts == 2


def test_a_question_left_open_signs_nothing(house: House) -> None:
    client = signed_in(house, "plumber")
    said = form(house, "plumber", "PLB")
    del said["answer1"]
    answer = client.post("/handbook/read/PLB", said)
    assert answer.status_code == 422
    assert "三道题" in answer.content.decode()
    assert not Signature.objects.filter(account_id=house.accounts["plumber"]).exists()


def test_no_page_gives_the_right_answer_away(house: House) -> None:
    html = signed_in(house, "plumber").get("/handbook/read/PLB").content.decode()
    quiz = html[html.index('id="quiz"') :]
    assert "right" not in quiz
    assert "checked" not in quiz


def test_the_printed_code_opens_the_edition_in_force(house: House) -> None:
    changed(house)
    html = signed_in(house, "porter").get("/handbook/p/plb.faucet").content.decode()
    assert "开阀试水3分钟" in html
    assert signed_in(house, "porter").get("/handbook/p/nothing").status_code == 404


def test_the_book_comes_as_pdf(house: House) -> None:
    answer = signed_in(house, "plumber").get("/handbook/book.pdf")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")


def test_the_offline_copy_is_of_the_handbook_alone(client: Client) -> None:
    answer = client.get("/handbook/sw.js")
    assert answer.headers["Service-Worker-Allowed"] == "/handbook"
    assert answer.headers["Content-Type"].startswith("text/javascript")
    said = answer.content.decode()
    assert "__STATIC__" not in said
    assert "handbook.css" in said


def test_the_leader_sees_exports_and_reminds(house: House) -> None:
    changed(house)
    client = signed_in(house, "leader")
    html = client.get("/handbooks/people?show=overdue").content.decode()
    assert "王水工" in html
    assert "3<small> / 3</small>" in html
    rows = list(csv.reader(io.StringIO(client.get("/handbooks/people.csv").content.decode().lstrip("\ufeff"))))
    assert any(row[0] == "王水工" and row[3] == "龙头、花洒、冲洗阀" and row[7] == "是" for row in rows[1:])
    answer = client.post("/handbooks/people/remind", {"person": str(house.accounts["plumber"])})
    assert answer.headers["Location"].endswith("reminded=1")
    assert "已提醒 1 人" in client.get(answer.headers["Location"]).content.decode()
    assert Delivery.objects.filter(to_account_id=house.accounts["plumber"], kind="team.handbook.reminded").count() == 1
    assert "您被提醒过" in signed_in(house, "plumber").get("/handbook/unread").content.decode()


def test_filters_stay_in_the_address_and_nonsense_is_no_error(house: House) -> None:
    client = signed_in(house, "officer")
    for query in ("line=PLB", "item=plb.faucet", "team=x&after=y&show=z", f"team={house.teams['repair']}", "after=999"):
        assert client.get(f"/handbooks/people?{query}").status_code == 200
    assert "没有人有未读内容" in client.get("/handbooks/people?line=GAS").content.decode()


def test_a_leader_makes_a_post_and_gives_it(house: House) -> None:
    client = signed_in(house, "leader")
    said = {
        "team": str(house.teams["repair"]),
        "code": "plumber",
        "name": "水工岗",
        "line": ["PLB"],
        "items": "ele.light，",
    }
    assert client.post("/handbooks/posts/make", said).status_code == 302
    post = Post.objects.get(code="plumber")
    assert (post.line_codes, post.item_codes) == (["PLB"], ["ele.light"])
    again = client.post("/handbooks/posts/make", said)
    assert again.status_code == 409
    assert "已被别的岗位使用" in again.content.decode()
    assert 'value="水工岗"' in again.content.decode()
    assert client.post(f"/handbooks/posts/{post.uid}/give", {"person": house.accounts["plumber"]}).status_code == 302
    assert len(queries.book_of(house.site_id, house.accounts["plumber"]).procedures) == 10
    assert "王水工" in client.get("/handbooks/posts").content.decode()
    posting = Posting.objects.get(post=post)
    assert client.post(f"/handbooks/postings/{posting.uid}/take").status_code == 302
    assert client.post(f"/handbooks/posts/{post.uid}/change", {"name": "x"}).status_code == 422


def test_another_companys_post_is_not_given(house: House) -> None:
    post = make_post(house)
    answer = signed_in(house, "lift_manager").post(f"/handbooks/posts/{post}/give", {"person": "1"})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("who", "address", "budget"),
    [
        ("plumber", "/handbook", 15),
        ("plumber", "/handbook/unread", 14),
        ("plumber", "/handbook/unread/count", 8),
        ("plumber", "/handbook/read/PLB", 12),
        ("leader", "/handbooks/people", 11),
        ("leader", "/handbooks/posts", 10),
    ],
)
def test_pages_keep_their_budgets(house: House, who: str, address: str, budget: int) -> None:
    client = signed_in(house, who)
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    assert len(asked) <= budget, [one["sql"][:90] for one in asked]
