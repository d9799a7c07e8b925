"""The call-back list and the checks, as people use them."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.people import House
from tests.rooms.test_work_loop import finished, minutes
from yingxu.demand.models import Request
from yingxu.ground.actor import engine
from yingxu.ground.models import Account, Entry
from yingxu.verify import actions
from yingxu.verify.models import Call, Verdict
from yingxu.work.models import Job

pytestmark = pytest.mark.django_db


def signed_in(house: House, who: str) -> Client:
    client = Client()
    client.force_login(Account.objects.get(pk=house.accounts[who]))
    return client


@pytest.fixture
def call(house: House) -> Call:
    finished(house)
    actions.draw_calls(site_id=house.site_id, actor=engine("clock"), at=minutes(30))
    return Call.objects.get()


def said(response: Any) -> str:
    return str(response.content.decode())


def test_s40_the_desk_asks_by_the_script_and_keeps_the_answer(house: House, call: Call) -> None:
    clerk = signed_in(house, "clerk")
    page = said(clerk.get("/callbacks"))
    assert call.job.number in page
    page = said(clerk.get(f"/callbacks/{call.uid}"))
    assert "卫生间水龙头漏水" in page
    assert "13800000000" not in page
    assert "13800000000" in said(clerk.post(f"/callbacks/{call.uid}/number"))
    assert Entry.objects.filter(kind="verify.call.number_seen", actor_id=house.accounts["clerk"]).exists()
    response = clerk.post(f"/callbacks/{call.uid}", {"act": "good", "text": "很好", "command": "c1"})
    assert response.status_code == 302
    assert Job.objects.get(pk=call.job_id).state == "closed"
    assert Verdict.objects.get(job_id=call.job_id).behalf_id == house.accounts["nurse"]


def test_a_no_without_a_reason_says_so_and_loses_nothing(house: House, call: Call) -> None:
    response = signed_in(house, "clerk").post(
        f"/callbacks/{call.uid}", {"act": "bad", "text": "还在滴水", "command": "c1"}
    )
    assert response.status_code == 422
    assert "还在滴水" in said(response)


def test_an_attempt_is_counted_and_waits(house: House, call: Call) -> None:
    clerk = signed_in(house, "clerk")
    clerk.post(f"/callbacks/{call.uid}", {"act": "try", "why": "no_answer", "command": "c2"})
    call.refresh_from_db()
    assert call.n_tries == 1
    assert call.job.number in said(clerk.get("/callbacks?show=later"))


def test_the_officer_checks_what_nobody_answered_well(house: House) -> None:
    job = finished(house)
    Job.objects.filter(pk=job.pk).update(flags=["photo_reused"])
    from django.utils import timezone

    Job.objects.filter(pk=job.pk).update(finished_at=timezone.now())
    officer = signed_in(house, "officer")
    page = said(officer.get("/checks"))
    assert job.number in page
    response = officer.post(f"/checks/{job.uid}", {"found": "bad", "text": "渗水", "command": "k1"})
    assert response.status_code == 422
    response = officer.post(f"/checks/{job.uid}", {"found": "good", "text": "现场已看", "command": "k2"})
    assert response.status_code == 302
    assert Job.objects.get(pk=job.pk).state == "closed"


def test_the_list_asks_the_database_little(house: House, call: Call) -> None:
    clerk = signed_in(house, "clerk")
    clerk.get("/callbacks")
    with CaptureQueriesContext(
        connection,
    ) as seen:
        clerk.get("/callbacks")
    assert len(seen) <= 6, [one["sql"][:80] for one in seen]


def test_lists_of_calls_checks_voices_and_perfect_jobs_take_j_and_k(house: House, call: Call) -> None:
    """keys.js moves over the rows of [data-keys] alone; a list without it had no keyboard."""
    officer = signed_in(house, "officer")
    for address in (
        "/callbacks",
        "/voices?show=all",
        "/perfect/jobs?from=2025-03-01&to=2025-03-31",
        "/checks",
        "/peers",
    ):
        html = officer.get(address).content.decode()
        assert ("data-row" not in html) or ("data-keys" in html), address
    assert "data-row" in officer.get("/callbacks").content.decode()


def test_after_the_number_was_shown_the_answer_is_still_kept(house: House, call: Call) -> None:
    """The page with the number lies at another address: its forms lead to the call, and what was typed stays."""
    Request.objects.update(requester_phone="13900001111")
    clerk = signed_in(house, "clerk")
    address = f"/callbacks/{call.uid}"
    page = clerk.post(f"{address}/number", {"text": "还有点响", "command": "n1"}).content.decode()
    assert "13900001111" in page
    assert "还有点响" in page
    for form in re.findall(r'<form class="cb-form"[^>]*>', page):
        assert f'action="{address}"' in form


def test_who_is_not_reached_three_times_is_replaced_and_the_page_says_by_whom(house: House, call: Call) -> None:
    other = finished(house)
    clerk = signed_in(house, "clerk")
    Call.objects.exclude(pk=call.pk).delete()
    Job.objects.filter(pk=other.pk).update(finished_at=timezone.now() - timedelta(hours=1))
    for n in (1, 2, 3):
        page = clerk.post(f"/callbacks/{call.uid}", {"act": "try", "why": "busy", "command": f"t{n}"}, follow=True)
    html = page.content.decode()
    assert "三次未接通" in html
    assert f"由 {other.number} 替补" in html
    assert "3 次" in clerk.get(f"/callbacks/{call.uid}").content.decode()
