"""Peer checks as people use them: a worker on the phone, the leader and the office at a screen."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.people import House
from tests.rooms.test_peers import CLOCK, colleague
from tests.rooms.test_work_loop import finished, minutes
from tests.web.test_shell import signed_in
from yingxu.verify import actions
from yingxu.verify.models import PeerCheck, Verdict

pytestmark = pytest.mark.django_db


@pytest.fixture
def check(house: House) -> PeerCheck:
    colleague(house, "mate_a")
    finished(house)
    actions.draw_peers(site_id=house.site_id, actor=CLOCK, at=minutes(30))
    return PeerCheck.objects.get()


def page(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, answer.content.decode()
    return answer.content.decode()


def test_the_worker_sees_what_to_look_at_with_its_steps_and_says_good(house: House, check: PeerCheck) -> None:
    mate = signed_in(house, "mate_a")
    assert check.job.number in page(mate, "/peers")
    assert 'badge">1' in page(mate, "/peers/count").replace(" ", "") or "1" in page(mate, "/peers/count")
    shown = page(mate, f"/peers/{check.uid}")
    assert "卫生间水龙头漏水" in shown
    assert "换了密封圈" in shown
    said = mate.post(f"/peers/{check.uid}", {"act": "good", "way": "spot", "text": "干净", "command": "p-1"})
    assert said.status_code == 302
    assert Verdict.objects.get().ground == "peer"
    assert check.job.number not in page(mate, "/peers")
    assert "干净" in page(mate, "/peers?show=done")
    assert "web:peers" not in page(mate, f"/peers/{check.uid}")


def test_a_no_without_a_reason_says_so_and_loses_nothing(house: House, check: PeerCheck) -> None:
    mate = signed_in(house, "mate_a")
    answer = mate.post(f"/peers/{check.uid}", {"act": "bad", "way": "spot", "text": "还在渗水", "command": "p-1"})
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "还在渗水" in shown
    assert 'value="spot" required checked' in shown
    bad = mate.post(
        f"/peers/{check.uid}",
        {"act": "bad", "way": "spot", "text": "还在渗水", "reason": "not_fixed", "command": "p-2"},
    )
    assert bad.status_code == 302
    # the leader reads it on the page, and the hospital finds the job among its checks
    assert "还在渗水" in page(signed_in(house, "leader"), "/peers?show=done")


def test_who_cannot_look_presses_why_and_the_leader_may_have_another_asked(house: House, check: PeerCheck) -> None:
    colleague(house, "mate_b")
    leader = signed_in(house, "leader")
    shown = page(leader, "/peers")
    assert check.job.number in shown
    assert leader.post(f"/peers/{check.uid}", {"act": "replace", "text": "", "command": "r-0"}).status_code == 422
    assert leader.post(f"/peers/{check.uid}", {"act": "replace", "text": "休假", "command": "r-1"}).status_code == 302
    second = PeerCheck.objects.get(outcome="")
    mate = signed_in(house, "mate_b")
    assert mate.post(f"/peers/{second.uid}", {"act": "decline", "why": "busy", "command": "d-1"}).status_code == 302
    second.refresh_from_db()
    assert (second.outcome, second.reason_code) == ("declined", "busy")
    # over is over
    assert mate.post(f"/peers/{second.uid}", {"act": "good", "way": "spot", "command": "g-1"}).status_code == 409


def test_the_officer_reads_figures_with_n_and_a_stranger_nothing(house: House, check: PeerCheck) -> None:
    shown = page(signed_in(house, "officer"), "/peers")
    assert "n = 0" in shown or "n=0" in shown
    page(signed_in(house, "nurse"), "/peers", 403)
    page(signed_in(house, "porter"), f"/peers/{check.uid}", 404)


def test_the_list_needs_as_many_statements_for_one_as_for_five(house: House, check: PeerCheck) -> None:
    officer = signed_in(house, "officer")
    officer.get("/peers")
    counts = []
    for n in range(2):
        with CaptureQueriesContext(connection) as asked:
            page(officer, "/peers")
        counts.append(len(asked))
        for _ in range(4 * (1 - n)):
            finished(house)
        actions.draw_peers(site_id=house.site_id, actor=CLOCK, at=minutes(31 + n))
    assert counts[0] == counts[1] <= 6, counts
