"""Who can be sent, on pages: lists, one person, rules, refusals in words; the desk's proposal; the pool."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.people import House
from tests.rooms.test_work_loop import uid
from tests.web.test_desk import FRAGMENT, asked
from tests.web.test_shell import signed_in
from yingxu.connect.planner.reckoning import SitePlanner
from yingxu.dispatch.models import LineMode
from yingxu.team.models import Member, Team
from yingxu.web.clock import site_clock
from yingxu.work.models import Job

pytestmark = pytest.mark.django_db


def proposed(house: House) -> None:
    assert SitePlanner(house.site_id, "test", is_warm=lambda: False).turn(site_clock("Asia/Shanghai"))


def test_a_leader_sets_todays_duty_of_those_chosen_and_too_long_is_refused_in_words(house: House) -> None:
    leader = signed_in(house, "leader")
    chosen = {"person": [str(uid(house, "plumber")), str(uid(house, "electrician"))]}
    answer = leader.post("/who-can/duties", {**chosen, "from": "07:00", "to": "20:00"})
    assert answer.status_code == 422
    assert "12" in answer.content.decode()
    assert 'value="20:00"' in answer.content.decode(), "nothing typed is lost"
    assert leader.post("/who-can/duties", {**chosen, "from": "07:00", "to": "15:00"}).status_code == 302
    assert Member.objects.filter(account_id__in=house.accounts.values(), duty_to__isnull=False).count() == 2


def test_a_certificate_is_entered_by_the_leader_and_verified_by_the_hospital(house: House) -> None:
    where = f"/who-can/{uid(house, 'electrician')}"
    given = {"kind": "LV", "number": "LV-7", "valid_to": "2030-01-01"}
    assert signed_in(house, "leader").post(f"{where}/certificate", given).status_code == 302
    again = signed_in(house, "leader").post(f"{where}/certificate", given)
    assert again.status_code == 409
    assert "LV-7" in again.content.decode()
    page = signed_in(house, "officer").get(where).content.decode()
    assert "未核验" in page
    key = page.split("/who-can/certificates/")[1].split("/")[0]
    assert signed_in(house, "officer").post(f"/who-can/certificates/{key}/verify").status_code == 302
    assert "有效" in signed_in(house, "leader").get(where).content.decode()


def test_papers_decide_from_the_officers_word_and_not_before_a_duty_is_set(house: House) -> None:
    team = Team.objects.get(site_id=house.site_id, code="repair")
    officer = signed_in(house, "officer")
    assert officer.post("/who-can/rules/start", {"key": str(team.uid)}).status_code == 409
    assert officer.get("/who-can/rules").status_code == 200


def test_a_line_manager_sets_the_mode_of_the_own_line(house: House) -> None:
    manager = signed_in(house, "line_manager")
    assert manager.post("/who-can/rules/mode", {"line": "PLB", "mode": "claim", "limit": "1"}).status_code == 302
    assert manager.post("/who-can/rules/mode", {"line": "ELE", "mode": "claim", "limit": "1"}).status_code == 403
    assert LineMode.objects.get(site_id=house.site_id, line_code="PLB").mode == "claim"


def test_the_drawer_says_whom_the_planner_would_send_and_enter_sends(house: House) -> None:
    request = asked(house, item="plb.faucet")
    proposed(house)
    clerk = signed_in(house, "clerk")
    html = clerk.get(f"/desk/requests/{request.uid}", headers=FRAGMENT).content.decode()
    assert "data-enter" in html
    assert "plan" in html
    worker = html.split("data-enter")[0].rsplit('value="', 1)[1].split('"')[0]
    job = Job.objects.get(request=request)
    answer = clerk.post(f"/desk/jobs/{job.uid}/assign", {"worker": worker, "request": str(request.uid)})
    assert answer.status_code == 302
    job.refresh_from_db()
    assert job.state == "dispatched"


def test_a_worker_claims_from_the_pool_and_goes_on_in_my_work(house: House, client: Client) -> None:
    LineMode.objects.create(
        site_id=house.site_id,
        line_code="PLB",
        mode="claim",
        hold_limit=1,
        changed_at=site_clock("Asia/Shanghai"),
    )
    first, second = (asked(house, item="plb.faucet") for _ in range(2))
    plumber = signed_in(house, "plumber")
    page = plumber.get("/claims").content.decode()
    assert first.number in page
    keys = [Job.objects.get(request=one).uid for one in (first, second)]
    answer = plumber.post(f"/claims/{keys[0]}")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/my-work")
    refused = plumber.post(f"/claims/{keys[1]}")
    assert refused.status_code == 409
    assert signed_in(house, "nurse").get("/claims").status_code == 403
