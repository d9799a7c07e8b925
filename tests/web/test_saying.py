"""O5 by a printed code: praise, complaints and vents without an account; a person answers, and who spoke reads it."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.people import House
from tests.rooms.test_work_loop import finished, minutes
from tests.web.test_shell import signed_in
from yingxu.ground.models import Account, Delivery, Entry
from yingxu.ground.queries import actor_of_link
from yingxu.ground.refusals import NotFound
from yingxu.voice import actions
from yingxu.voice.claims import claim_digest
from yingxu.voice.models import Heard
from yingxu.voice.queries import heard
from yingxu.web.notices.views import _address

pytestmark = pytest.mark.django_db

CODE = "ABCDEFGHJKLM"


def said(client: Client, **values: str) -> str:
    form = {"kind": "complaint", "text": "电梯口一直有水", "code": CODE, "command": "s1", **values}
    return client.post("/say/demo", form).content.decode()


def test_a_complaint_without_an_account_is_answered_by_a_person_and_read_by_the_code(
    client: Client, house: House
) -> None:
    assert 'name="kind"' in client.get("/say/demo").content.decode()
    assert "ABCD-EFGH-JKLM" in said(client)
    assert "ABCD-EFGH-JKLM" in said(client)  # sent twice without network: once
    case = Heard.objects.get()
    assert (case.owner_id, case.claim_digest, case.keeper_id) == (None, claim_digest(CODE), house.accounts["officer"])
    assert Entry.objects.get(kind="voice.heard.said").actor_kind == "asker"
    assert "电梯口一直有水" in client.post("/c/demo", {"code": CODE}).content.decode()
    officer = signed_in(house, "officer")
    officer.post(
        f"/voices/{case.uid}", {"fate": "done", "answer": "已加吸水垫，每小时巡一次", "public": "1", "command": "a1"}
    )
    assert "已加吸水垫" in client.post("/c/demo", {"code": "abcd efgh jklm"}).content.decode()
    assert "已加吸水垫" in client.get("/answers/demo").content.decode()
    page = client.post("/c/demo/word", {"code": CODE, "word": "disagree", "text": "今天又有水"})
    case.refresh_from_db()
    assert page.status_code == 200
    assert (case.fate, case.n_disputes, case.n_told) == ("", 1, 0)
    assert case.text.endswith("今天又有水")
    assert "已加吸水垫" not in client.get("/answers/demo").content.decode()
    # before there is an answer there is nothing to judge
    assert client.post("/c/demo/word", {"code": CODE, "word": "understood"}).status_code == 422


def test_s26_praise_with_a_badge_number_appears_with_the_worker(client: Client, house: House) -> None:
    Account.objects.filter(pk=house.accounts["plumber"]).update(badge="B017")
    html = said(client, kind="praise", text="爬高修灯，还把地擦了", badge="b999")
    assert "没有工牌号 b999" in html
    assert "爬高修灯" in html  # what was typed stays
    assert "马上就能看到" in said(client, kind="praise", text="爬高修灯，还把地擦了", badge="B017")
    assert Delivery.objects.get(kind="voice.heard.said").to_account_id == house.accounts["plumber"]
    assert "爬高修灯" in signed_in(house, "plumber").get("/voices/mine").content.decode()
    assert "爬高修灯" not in signed_in(house, "porter").get("/voices/mine").content.decode()


def test_a_notice_of_a_case_opens_the_case_and_of_praise_the_own_page(client: Client, house: House) -> None:
    said(client)
    case = Heard.objects.get()
    officer, plumber = house.actor("officer"), house.actor("plumber")
    assert _address(officer, "voice.heard.said", case.pk) == f"/voices/{case.uid}"
    assert _address(plumber, "voice.heard.said", case.pk) == "/voices/mine"


def test_of_a_request_it_is_nobodys_business_but_the_codes(client: Client, house: House) -> None:
    """The link's holder and the asker's account read their own words, not a stranger's about the same work."""
    job = finished(house)
    said(client, number=job.request.number, contact="13911112222")
    case = Heard.objects.get()
    assert (case.request_id, case.keeper_id) == (job.request_id, house.accounts["leader"])
    link, nurse = actor_of_link(job.request_id), house.actor("nurse")
    assert heard.fates_of_request(link, job.request_id) == ()
    assert heard.my_voices(nurse, house.site_id) == ()
    Heard.objects.update(fate="done", answer="x")
    for stranger in (link, nurse):
        with pytest.raises(NotFound):
            actions.judge_voice(voice_id=case.uid, is_content=True, actor=stranger, at=minutes(50))
    assert "13911112222" in signed_in(house, "officer").get(f"/voices/{case.uid}").content.decode()
    assert "13911112222" not in signed_in(house, "leader").get(f"/voices/{case.uid}").content.decode()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [({"kind": ""}, 'role="alert"'), ({"text": " "}, 'role="alert"'), ({"number": "0"}, "没有报修单 0")],
)  # fmt: skip
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    client: Client, house: House, wrong: dict[str, str], words: str
) -> None:
    html = said(client, **{"contact": "李女士", **wrong})
    assert words in html
    assert "李女士" in html
    assert not Heard.objects.exists()


def test_a_code_is_used_once(client: Client, house: House) -> None:
    said(client)
    assert 'role="alert"' in said(client, command="s2", text="别的事")
    assert Heard.objects.count() == 1


def test_s65_a_burst_is_held_apart_until_a_person_has_looked(client: Client, house: House) -> None:
    """Beyond ten in a quarter of an hour nobody is told and nothing counts; let in, its time begins then."""
    codes = [f"ABCDEFGHJK{letter}M" for letter in "ABCDEFGHJKLMN"]
    pages = [said(client, code=code, text=f"第{n}条", command=f"b{n}") for n, code in enumerate(codes)]
    assert "一下子收到很多" in pages[-1]
    held = list(Heard.objects.filter(quarantine="too_many").order_by("pk"))
    assert (len(pages), len(held)) == (13, 3)
    assert Delivery.objects.filter(kind="voice.heard.said").count() == 10
    officer = signed_in(house, "officer")
    assert "第12条" not in officer.get("/voices?show=all").content.decode()
    assert officer.get(f"/voices/{held[0].uid}").status_code == 404
    shown = officer.get("/voices/apart?kind=voice").content.decode()
    assert shown.count('name="id"') == 3
    assert "第12条" in shown
    assert "隔离" in client.post("/c/demo", {"code": codes[-1]}).content.decode()
    told = {"why": "是同一批学生的真话", "command": "j1"}
    officer.post("/voices/apart?kind=voice", {"id": [str(held[0].uid)], "act": "let_in", **told})
    kept = {"why": "同一人灌水", "command": "j2"}
    officer.post("/voices/apart?kind=voice", {"id": [str(held[1].uid)], "act": "keep", **kept})
    let_in, kept_row = (Heard.objects.get(pk=one.pk) for one in held[:2])
    assert (let_in.quarantine, let_in.held_as) == ("", "too_many")
    assert let_in.answer_by > held[0].answer_by
    assert Delivery.objects.filter(kind="voice.heard.said").count() == 11
    assert officer.get(f"/voices/{let_in.uid}").status_code == 200
    assert (kept_row.quarantine, kept_row.judged_why) == ("too_many", "同一人灌水")
    assert "同一人灌水" in client.post("/c/demo", {"code": codes[-2]}).content.decode()
    assert Heard.objects.count() == 13  # never deleted


def test_who_may_not_look_lets_nothing_in(client: Client, house: House) -> None:
    for n in range(11):
        said(client, code=f"ABCDEFGHJK{'ABCDEFGHJKL'[n]}M", command=f"b{n}")
    held = Heard.objects.get(quarantine="too_many")
    for who in ("leader", "manager", "clerk"):
        page = signed_in(house, who).post(
            "/voices/apart?kind=voice", {"id": [str(held.uid)], "act": "let_in", "why": "x", "command": "z"}
        )
        assert page.status_code == 403, who
    held.refresh_from_db()
    assert held.quarantine == "too_many"
