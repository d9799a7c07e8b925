"""The pages of the standards: list, reading, editing, what differs, review, publication."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.people import House
from tests.rooms.standards_texts import approved, drafted, edited, in_force, text
from tests.web.test_shell import signed_in
from yingxu.standards import actions
from yingxu.standards.models import Edition

pytestmark = pytest.mark.django_db


def now() -> datetime:
    return timezone.now()


def fields(html: str) -> dict[str, Any]:
    """Return what the editor's form would send as it stands."""
    form = html[html.index('id="editor"') : html.index("</form>", html.index('id="editor"'))]
    found: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name = re.search(r'name="([^"]+)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if name and ("checkbox" not in tag or " checked" in tag):
            found.setdefault(name.group(1), []).append(value.group(1) if value else "")
    for name, body in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.S):
        found.setdefault(name, []).append(body)
    for name, body in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        found.setdefault(name, []).extend(re.findall(r'value="([^"]*)" selected', body))
    return found


@pytest.fixture
def manager(house: House) -> Client:
    return signed_in(house, "manager")


def test_the_list_shows_state_filters_and_pages(house: House, manager: Client) -> None:
    drafted(house, "plb.faucet", at=now())
    page = manager.get("/standards?q=龙头")
    assert "plb.faucet" in page.content.decode()
    assert "第 2 版" in page.content.decode() or "edition 2" in page.content.decode()
    first = manager.get("/standards").content.decode()
    assert 'rel="next"' in first
    assert "plb.faucet" in manager.get("/standards?state=draft").content.decode()
    assert "plb.faucet" not in manager.get("/standards?state=review").content.decode()
    assert "empty-state" in manager.get("/standards?q=nothing-like-this").content.decode()


def test_one_who_only_reads_sees_no_edition_on_its_way(house: House) -> None:
    drafted(house, "plb.faucet", at=now())
    nurse = signed_in(house, "nurse")
    assert nurse.get("/standards/plb.faucet").status_code == 200
    assert nurse.get("/standards/plb.faucet/2").status_code == 404
    assert nurse.get("/standards?state=draft").status_code == 200
    assert "plb.faucet" not in nurse.get("/standards?state=draft").content.decode()


@pytest.mark.parametrize("item_code", ["elv.trapped", "plb.faucet", "esc.exam", "gen.unclear"])
def test_a_standard_reads_in_whole(house: House, manager: Client, item_code: str) -> None:
    html = manager.get(f"/standards/{item_code}").content.decode()
    edition = Edition.objects.get(item__code=item_code, site_id=house.site_id, number=1)
    assert edition.goal[:12] in html
    assert all(step["zh"][:8] in html for step in edition.procedure)
    assert all(row["name"] in html for row in edition.basis)


def test_saving_what_the_editor_shows_changes_nothing(house: House, manager: Client) -> None:
    """What a form says as it stands is what is kept: no field is lost on the way to the page and back."""
    for item_code in ("plb.faucet", "esc.exam", "cln.terminal", "gen.unclear"):
        said = drafted(house, item_code, at=now(), by="manager", why="")
        before = text(said.id)
        sent = fields(manager.get(f"/standards/{item_code}/2/edit").content.decode())
        answer = manager.post(f"/standards/{item_code}/2/edit", {**sent, "act": "save"})
        assert answer.status_code == 302, answer.content.decode()[:400]
        assert text(said.id) == before
        assert Edition.objects.get(uid=said.id).revision == 0


def test_cards_are_added_moved_and_taken_away_without_saving(house: House, manager: Client) -> None:
    said = drafted(house, "plb.faucet", at=now(), by="manager")
    address = "/standards/plb.faucet/2/edit"
    before = text(said.id)["steps"]
    sent = fields(manager.get(address).content.decode())
    html = manager.post(address, {**sent, "act": "add-step:choice"}).content.decode()
    after = fields(html)
    assert len(after["step"]) == len(before) + 1
    after[f"s-{len(before)}-zh"] = ["选一个"]
    html = manager.post(address, {**after, "act": f"step-up:{len(before)}"}).content.decode()
    moved = fields(html)
    assert moved[f"s-{len(before) - 1}-zh"] == ["选一个"]
    html = manager.post(address, {**moved, "act": "step-away:0"}).content.decode()
    assert len(fields(html)["step"]) == len(before)
    assert text(said.id)["steps"] == before


def test_what_is_wrong_is_named_and_nothing_typed_is_lost(house: House, manager: Client) -> None:
    drafted(house, "plb.faucet", at=now(), by="manager")
    address = "/standards/plb.faucet/2/edit"
    sent = fields(manager.get(address).content.decode())
    sent |= {"t-0-percent": ["0"], "goal": ["新的目标一字不丢"], "act": "save"}
    answer = manager.post(address, sent)
    assert answer.status_code == 422
    html = answer.content.decode()
    assert "新的目标一字不丢" in html
    assert 'href="#term-0"' in html
    assert Edition.objects.get(item__code="plb.faucet", number=2).goal != "新的目标一字不丢"


def test_a_draft_saved_by_somebody_else_meanwhile_is_said_and_can_be_saved_over(house: House, manager: Client) -> None:
    said = drafted(house, "plb.faucet", at=now(), by="manager")
    address = "/standards/plb.faucet/2/edit"
    sent = fields(manager.get(address).content.decode())
    edited(house, said, at=now(), by="line_manager", goal="主管的目标")
    answer = manager.post(address, {**sent, "goal": ["经理的目标"], "act": "save"})
    assert answer.status_code == 409
    html = answer.content.decode()
    assert "郑主管" in html
    assert "经理的目标" in html
    again = manager.post(address, {**fields(html), "act": "save"})
    assert again.status_code == 302
    assert Edition.objects.get(uid=said.id).goal == "经理的目标"


def test_a_condition_typed_in_the_editor_is_kept(house: House, manager: Client) -> None:
    said = drafted(house, "plb.faucet", at=now(), by="manager")
    address = "/standards/plb.faucet/2/edit"
    sent = fields(manager.get(address).content.decode())
    at = next(n for n, step in enumerate(text(said.id)["steps"]) if step["code"] == "repair")
    sent[f"s-{at}-only_if"] = ["cause=cartridge", "cause=washer"]
    assert manager.post(address, {**sent, "act": "save"}).status_code == 302
    assert text(said.id)["steps"][at]["only_if"] == {"step": "cause", "is": ["cartridge", "washer"]}


def test_from_draft_over_review_into_force_by_the_pages(house: House, manager: Client) -> None:
    opened = manager.post("/standards/plb.faucet/draft", {"why": "少跑一趟"})
    assert opened["Location"] == "/standards/plb.faucet/2/edit"
    sent = fields(manager.get(opened["Location"]).content.decode())
    manager.post(opened["Location"], {**sent, "goal": ["二十次开关不滴"], "act": "submit"})
    review = "/standards/plb.faucet/2/review"
    assert "二十次开关不滴" in manager.get(review).content.decode()
    act = "/standards/plb.faucet/2/do/"
    assert manager.post(f"{act}submit", {"revision": "1"}).status_code == 302
    director, officer = signed_in(house, "director"), signed_in(house, "officer")
    assert officer.post(f"{act}approve", {"revision": "1"}).status_code == 403
    answer = director.post(f"{act}return", {"note": ""})
    assert answer.status_code == 422
    assert director.post(f"{act}approve", {"revision": "1", "note": "好"}).status_code == 302
    early = officer.post(f"{act}publish", {"when": "later", "from_at": "2020-01-01T08:00"})
    assert early.status_code == 422
    assert "2020-01-01" in early.content.decode()
    assert officer.post(f"{act}publish", {"when": "now"}).status_code == 302
    assert Edition.objects.get(item__code="plb.faucet", number=2).state == "in_force"
    assert "二十次开关不滴" in signed_in(house, "nurse").get("/standards/plb.faucet").content.decode()


def test_what_lacks_is_listed_on_the_review_page(house: House, manager: Client) -> None:
    said = drafted(house, "plb.faucet", at=now(), by="manager")
    said = edited(house, said, at=now(), by="manager", requirement="", basis=[])
    answer = manager.post("/standards/plb.faucet/2/do/submit", {"revision": said.revision})
    assert answer.status_code == 422
    assert answer.content.decode().count("<li>") >= 2


def test_differences_are_laid_side_by_side(house: House, manager: Client) -> None:
    said = in_force(house, "plb.faucet", at=now(), requirement="轻拿轻放。")
    html = manager.get(f"/standards/plb.faucet/{said.number}/differences").content.decode()
    assert "轻拿轻放。" in html
    assert "is-same" in html
    assert manager.get("/standards/plb.faucet/2/differences?with=2").status_code == 404


def test_a_moment_ahead_is_shown_until_it_comes(house: House) -> None:
    said = approved(house, "plb.faucet", at=now(), goal="不滴。")
    officer = signed_in(house, "officer")
    officer.post("/standards/plb.faucet/2/do/publish", {"when": "later", "from_at": "2099-01-01T08:00"})
    assert Edition.objects.get(uid=said.id).from_at is not None
    assert "2099" in officer.get("/standards/plb.faucet/2/review").content.decode()
    actions.withdraw_edition(edition_id=said.id, reason="再议", actor=house.actor("officer"), at=now())
    assert officer.get("/standards/plb.faucet/2/review").status_code == 200


@pytest.mark.parametrize(
    ("address", "limit"),
    [
        ("/standards", 6),
        ("/standards/plb.faucet", 13),
        ("/standards/plb.faucet/2/edit", 10),
        ("/standards/plb.faucet/2/review", 13),
        ("/standards/plb.faucet/2/differences", 12),
        ("/standards/use", 8),
        ("/standards/bases", 8),
        ("/standards/elv.trapped/beside/elv.stopped", 18),
    ],
)
def test_pages_ask_few_questions(house: House, manager: Client, address: str, limit: int) -> None:
    drafted(house, "plb.faucet", at=now(), by="manager")
    manager.get(address)
    with CaptureQueriesContext(connection) as run:
        assert manager.get(address).status_code == 200
    assert len(run) <= limit, "\n".join(query["sql"][:150] for query in run.captured_queries)


def test_procedures_that_say_the_same_are_proposed_and_laid_beside(house: House, manager: Client) -> None:
    page = manager.get("/standards/use").content.decode()
    assert "180 天没用过" in page
    beside = manager.get("/standards/elv.trapped/beside/elv.stopped").content.decode()
    assert "的步骤相同" in beside
    assert "合并" in beside


def test_a_superseded_basis_is_listed_with_its_successor(house: House, manager: Client) -> None:
    said = {"name": "给排水零修规程", "edition": "1", "outcome": "superseded", "newer": "", "command": str(uuid4())}
    refused = manager.post("/standards/bases", said)
    assert refused.status_code == 422
    assert "现行版本" in refused.content.decode()
    assert manager.post("/standards/bases", {**said, "newer": "第 2 版"}).status_code == 302
    assert "已被 第 2 版 取代" in manager.get("/standards/bases?state=superseded").content.decode()


def test_a_step_may_be_kept_for_holders_of_a_certificate(house: House, manager: Client) -> None:
    drafted(house, "plb.faucet", at=now(), by="manager")
    page = fields(manager.get("/standards/plb.faucet/2/edit").content.decode())
    page["s-1-certificate"] = ["LV"]
    assert manager.post("/standards/plb.faucet/2/edit", {**page, "act": "save"}).status_code == 302
    assert "限持证人" in manager.get("/standards/plb.faucet/2").content.decode()
