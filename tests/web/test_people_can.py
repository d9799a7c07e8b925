"""Who can be sent, on pages: lists, one person, rules, refusals in words; the desk's proposal; the pool."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.people import House
from tests.rooms.test_work_loop import uid
from tests.web.test_desk import FRAGMENT, asked
from tests.web.test_shell import signed_in
from yingxu.connect.planner.reckoning import SitePlanner
from yingxu.dispatch.models import LineMode
from yingxu.ground.actions import NewAccount, NewHolding, open_accounts
from yingxu.team.models import Certificate, Duty, Member, Team
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


def test_a_leader_sets_a_week_takes_a_day_off_and_has_a_colleague_take_another(house: House) -> None:
    leader = signed_in(house, "leader")
    where = f"/who-can/{uid(house, 'plumber')}"
    tomorrow = (site_clock("Asia/Shanghai") + timedelta(days=1)).date().isoformat()
    said = {"on": tomorrow, "from": "22:00", "to": "06:00", "n_days": "5", "duty_kind": "work"}
    assert leader.post(f"{where}/duty", {**said, "n_days": "40"}).status_code == 422
    assert leader.post(f"{where}/duty", said).status_code == 302
    rows = list(Duty.objects.filter(account_id=house.accounts["plumber"]).order_by("starts_at"))
    assert len(rows) == 5
    page = leader.get(where).content.decode()
    assert page.count('name="reason"') == 5
    assert leader.post(f"{where}/call-off", {"duty": str(rows[0].uid), "reason": ""}).status_code == 422
    assert leader.post(f"{where}/call-off", {"duty": str(rows[0].uid), "reason": "病假"}).status_code == 302
    taker = str(uid(house, "electrician"))
    assert leader.post(f"{where}/pass", {"duty": str(rows[1].uid), "to": taker}).status_code == 302
    assert Duty.objects.get(account_id=house.accounts["electrician"], ended_at=None).starts_at == rows[1].starts_at
    gone = leader.post(f"{where}/pass", {"duty": str(rows[1].uid), "to": taker})
    assert gone.status_code == 409
    assert 'role="alert"' in gone.content.decode()
    assert leader.post(f"{where}/pass", {"duty": "x", "to": taker}).status_code == 404
    for name in ("plumber", "nurse", "lift_manager"):
        answer = signed_in(house, name).post(f"{where}/call-off", {"duty": str(rows[2].uid), "reason": "x"})
        assert answer.status_code in {403, 404}, name


def test_a_worker_keeps_the_own_papers_from_the_phone_and_puts_a_slip_right(house: House) -> None:
    worker = signed_in(house, "electrician")
    assert "/who-can/mine" in worker.get("/my-work").content.decode()
    where = f"/who-can/{uid(house, 'electrician')}"
    assert worker.get("/who-can/mine").status_code == 200
    assert worker.post(f"{where}/certificate", {"kind": "LV", "number": "LV-8"}).status_code == 302
    row = Certificate.objects.get(number="LV-8")
    officer = signed_in(house, "officer")
    undated = officer.post(f"/who-can/certificates/{row.uid}/verify", {"person": str(uid(house, "electrician"))})
    assert undated.status_code == 422
    assert "低压电工" in undated.content.decode()
    said = {"number": "LV-9", "valid_to": "2031-01-01", "person": str(uid(house, "electrician"))}
    assert worker.post(f"/who-can/certificates/{row.uid}/correct", said).status_code == 302
    row.refresh_from_db()
    assert (row.number, row.valid_to.isoformat() if row.valid_to else "") == ("LV-9", "2031-01-01")
    assert officer.post(f"/who-can/certificates/{row.uid}/verify").status_code == 302
    assert worker.post(f"/who-can/certificates/{row.uid}/correct", said).status_code == 409


def test_whoever_is_opened_by_hand_with_a_role_in_a_team_can_be_sent(house: House) -> None:
    """Seen: a worker opened on the page of people had a role in a team and was in none, so nobody could send him."""
    team = Team.objects.get(site_id=house.site_id, code="repair")
    open_accounts(
        site_id=house.site_id,
        people=[
            NewAccount(
                username="new-plumber",
                name="新水工",
                holdings=(NewHolding("WK", house.site_id, party_id=team.party_id, team_id=team.pk),),
            )
        ],
        actor=house.actor("administrator"),
        at=site_clock("Asia/Shanghai"),
    )
    assert Member.objects.get(account__username="new-plumber").team_id == team.pk
    assert "新水工" in signed_in(house, "leader").get("/who-can?q=新水工").content.decode()


def test_the_pages_cost_the_same_for_any_number_of_duties(house: House) -> None:
    leader = signed_in(house, "leader")
    where = f"/who-can/{uid(house, 'plumber')}"
    tomorrow = (site_clock("Asia/Shanghai") + timedelta(days=1)).date().isoformat()
    counted = []
    for n_days in ("1", "5"):
        leader.post(f"{where}/duty", {"on": tomorrow, "from": "08:00", "to": "16:00", "n_days": n_days})
        with CaptureQueriesContext(connection) as seen:
            assert leader.get(where).status_code == 200
        counted.append(len(seen))
    assert counted[0] == counted[1]
