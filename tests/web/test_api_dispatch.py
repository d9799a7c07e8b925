"""The API of who goes: every verb of the board with the same authority and refusals; people's own tokens."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.people import House
from tests.rooms.test_planner import plan
from tests.rooms.test_work_loop import asked, minutes, sent, uid
from tests.web.test_transport import PATIENT, escort
from yingxu.dispatch import actions as dispatch
from yingxu.dispatch.models import Assignment, LineMode
from yingxu.ground import actions as ground
from yingxu.ground.actor import engine
from yingxu.ground.models import Account, Entry, Token
from yingxu.team.models import Member
from yingxu.web import inside
from yingxu.web.api import own_work, views
from yingxu.work.models import CustodyScan, Job

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 3, 3, 1, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def the_moment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """One minute after Monday nine; nothing kept from another test."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    inside.forget()
    yield
    inside.forget()


def token(house: House, *scopes: str, of: str = "", site: int | None = None) -> dict[str, str]:
    made = ground.make_token(
        name="test",
        scopes=scopes or ("dispatch:write",),
        site_id=site or house.site_id,
        account_id=house.accounts[of] if of else None,
        actor=engine("setup"),
        at=minutes(-9),
    )
    return {"Authorization": f"Bearer {made.secret}"}


def post(path: str, headers: dict[str, str], **body: Any) -> Any:
    return Client().post(f"/api/v1/{path}", json.dumps(body), content_type="application/json", headers=headers)


def get(path: str, headers: dict[str, str]) -> Any:
    return Client().get(f"/api/v1/{path}", headers=headers)


def test_a_program_sends_withdraws_and_sends_somebody_else(house: House) -> None:
    job, desk = asked(house), token(house)
    answer = post(f"jobs/{job.uid}/assign", desk, worker=str(uid(house, "plumber")), word="马上来")
    assert answer.status_code == 200, answer.content
    assert (answer.json()["state"], answer.json()["worker_name"]) == ("dispatched", "王水工")
    assert post(f"jobs/{job.uid}/pull-back", desk, note="换人").json() == {"number": job.number}
    post(f"jobs/{job.uid}/assign", desk, worker=str(uid(house, "plumber")))
    assert post(f"jobs/{job.uid}/reassign", desk, worker=str(uid(house, "leader"))).json()["worker_name"] == "刘班长"
    shown = get(f"jobs/{job.uid}", desk).json()
    told = [(one["outcome"], one["reason"]) for one in shown["offers"]]
    assert told == [("pulled_back", "desk"), ("pulled_back", "replaced"), ("offered", "")]
    assert shown["worker"]["id"] == str(uid(house, "leader"))


def test_what_is_refused_on_the_board_is_a_problem_with_its_facts(house: House) -> None:
    job, desk = asked(house), token(house)
    lacking = post(f"jobs/{job.uid}/assign", desk, worker=str(uid(house, "porter")))
    assert (lacking.status_code, lacking["Content-Type"]) == (409, "application/problem+json")
    assert lacking.json()["code"] == "not_qualified"
    assert "line:PLB" in lacking.json()["facts"]["missing"]
    asked(house, "plb.burst")  # critical, and waits
    before = post(f"jobs/{job.uid}/assign", desk, worker=str(uid(house, "plumber")))
    assert before.json()["code"] == "more_urgent_waiting"
    for body, status, code in (
        ({"worker": str(uuid4())}, 422, "not_found"),
        ({"worker": "王"}, 422, "malformed"),
        ({}, 422, "malformed"),
        ({"worker": str(uid(house, "plumber")), "overide_reason": "急"}, 422, "malformed"),
    ):
        answer = post(f"jobs/{job.uid}/assign", desk, **body)
        assert (answer.status_code, answer.json()["code"]) == (status, code), body
    gone = post(f"jobs/{uuid4()}/assign", desk, worker=str(uid(house, "plumber")))
    assert (gone.status_code, gone.json()["code"]) == (404, "not_found")
    assert not Assignment.objects.exists()


def test_a_key_is_carried_out_once_and_belongs_to_one_address(house: House) -> None:
    job, other, desk = asked(house), asked(house), token(house)
    keyed = {**desk, "Idempotency-Key": "send-1"}
    body = {"worker": str(uid(house, "plumber"))}
    first = post(f"jobs/{job.uid}/assign", keyed, **body)
    again = post(f"jobs/{job.uid}/assign", keyed, **body)
    assert (again.status_code, again.content, again["Idempotency-Replayed"]) == (200, first.content, "true")
    elsewhere = post(f"jobs/{other.uid}/assign", keyed, **body)
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (422, "command_reused")
    assert Assignment.objects.count() == 1


def test_a_machine_may_not_override_and_reads_only_with_its_scope(house: House) -> None:
    job = asked(house)
    body = {"worker": str(uid(house, "porter")), "override_reason": "人手不足"}
    assert post(f"jobs/{job.uid}/assign", token(house), **body).json()["code"] == "not_qualified"
    for scopes in (("requests:write",), ("dispatch:read",), ("bulk",), ("work:write",)):
        assert post(f"jobs/{job.uid}/assign", token(house, *scopes), **body).status_code == 403, scopes
    assert get("workers?site=demo", token(house, "requests:write")).status_code == 403
    assert get("plan?site=demo", token(house, "requests:write")).json() == {"items": [], "next": None}
    assert get("modes?site=demo", token(house, "requests:read")).status_code == 403


def test_a_persons_own_token_may_what_the_person_may_within_its_scopes(house: House) -> None:
    job = asked(house)
    body = {"worker": str(uid(house, "porter")), "override_reason": "无人可派，已交底"}
    for who in ("nurse", "plumber", "auditor", "lift_manager", "administrator"):
        refused = post(f"jobs/{job.uid}/assign", token(house, of=who), **body)
        assert refused.status_code in {403, 409}, who
    assert post(f"jobs/{job.uid}/assign", token(house, "dispatch:read", of="officer"), **body).status_code == 403
    made = post(f"jobs/{job.uid}/assign", token(house, of="officer"), **body)
    assert made.status_code == 200, made.content
    entry = Entry.objects.get(kind="dispatch.job.assigned", subject_id=job.pk)
    assert (entry.actor_kind, entry.actor_id, entry.facts["override_reason"]) == (
        "person",
        house.accounts["officer"],
        "无人可派，已交底",
    )
    other = asked(house)
    bare = post(f"jobs/{other.uid}/assign", token(house, of="officer"), worker=str(uid(house, "porter")))
    assert bare.json()["code"] == "reason_needed"


def test_a_closed_account_and_a_revoked_token_open_nothing(house: House) -> None:
    mine = token(house, of="clerk")
    assert get("jobs?site=demo", mine).status_code == 200
    fresh = token(house, of="clerk")
    Account.objects.filter(pk=house.accounts["clerk"]).update(is_active=False)
    assert get("jobs?site=demo", fresh).status_code == 401
    machine = token(house)
    ground.revoke_api_token(
        token_id=Token.objects.order_by("-id").values_list("id", flat=True)[0], actor=engine("setup"), at=NOW
    )
    assert get("jobs?site=demo", machine).status_code == 401


def test_an_own_token_of_one_site_reaches_no_other(house: House) -> None:
    away = ground.set_up_site(code="away", name="别院", actor=engine("setup"), at=minutes(-9)).id
    job = asked(house)
    for headers in (token(house, site=away), token(house, of="clerk", site=away)):
        assert get("jobs?site=demo", headers).json()["items"] == []
        assert get(f"jobs/{job.uid}", headers).status_code == 404
        assert get(f"jobs/{job.uid}/plan", headers).status_code == 404
        assert get(f"transports/{job.uid}", headers).status_code == 404
        assert get("workers?site=demo", headers).status_code == 403
        assert get(f"workers/{uid(house, 'plumber')}/day?site=demo", headers).status_code == 404
        sending = post(f"jobs/{job.uid}/assign", headers, worker=str(uid(house, "plumber")))
        assert sending.status_code == 403
    assert not Assignment.objects.exists()


def test_jobs_come_most_urgent_first_page_by_page_and_narrowed(house: House) -> None:
    desk = token(house)
    for item in ("plb.faucet", "plb.burst", "plb.leak", "plb.faucet", "fur.bed"):
        asked(house, item)
    seen, cursor = [], ""
    while True:
        page = get(f"jobs?site=demo&limit=2{cursor}", desk).json()
        seen += page["items"]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert len({one["id"] for one in seen}) == 5
    assert [one["priority"] for one in seen] == sorted(one["priority"] for one in seen)
    assert {one["line"] for one in get("jobs?site=demo&line=FUR", desk).json()["items"]} == {"FUR"}
    assert get("jobs?site=demo&state=accepted", desk).json()["items"] == []
    for query in (
        "site=demo&cursor=x",
        "site=demo&cursor=MX4yfjM",
        "site=demo&limit=0",
        "limit=3",
        "site=demo&worker=1",
    ):
        answer = get(f"jobs?{query}", desk)
        assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json"), query
    with CaptureQueriesContext(connection) as asked_for:
        get("jobs?site=demo", desk)
    assert len(asked_for) == 1


def test_the_plan_says_who_why_and_who_may_not(house: House) -> None:
    job, desk = asked(house), token(house)
    assert get(f"jobs/{job.uid}/plan", desk).status_code == 404  # nothing reckoned yet
    plan(house, at=1)
    with CaptureQueriesContext(connection) as asked_for:
        told = get(f"jobs/{job.uid}/plan", desk).json()
    assert len(asked_for) == 2
    assert told["worker"]["id"] in {str(uid(house, "plumber")), str(uid(house, "leader"))}
    assert told["runner_up"]["id"] != told["worker"]["id"]
    assert told["sentence"]
    assert told["cost"] <= told["runner_up_cost"]
    assert {name for one in told["barred"] for name in one["names"]} == {"陈电工"}
    assert [one["job"] for one in get("plan?site=demo", desk).json()["items"]] == [str(job.uid)]
    mine = get(f"plan?site=demo&worker={told['worker']['id']}", desk).json()["items"]
    assert [one["number"] for one in mine] == [job.number]
    nobody = get(f"plan?site=demo&worker={uid(house, 'porter')}", desk).json()["items"]
    assert nobody == []
    assert get(f"jobs/{job.uid}/plan", token(house, "work:write", of="plumber")).status_code == 404


def test_who_could_be_sent_and_what_each_lacks(house: House) -> None:
    job, desk = asked(house), token(house, "dispatch:read")
    rows = get(f"jobs/{job.uid}/candidates", desk).json()["items"]
    assert rows[0]["missing"] == []
    lacking = next(row for row in rows if row["name"] == "周运送")
    assert "line:PLB" in lacking["missing"]
    assert lacking["missing_in_words"]
    assert get(f"jobs/{job.uid}/candidates", token(house, "work:write", of="nurse")).status_code == 403


def test_workers_with_their_load_and_one_workers_day(house: House) -> None:
    job = sent(house, asked(house), at=0.5)
    desk = token(house, "dispatch:read")
    first = get("workers?site=demo&limit=2", desk).json()
    rest = get(f"workers?site=demo&limit=100&cursor={first['next']}", desk).json()
    rows = {row["name"]: row for row in (*first["items"], *rest["items"])}
    assert len(rows) == 5
    assert (rows["王水工"]["n_offered"], rows["陈电工"]["n_offered"]) == (1, 0)
    day = get(f"workers/{uid(house, 'plumber')}/day?site=demo", desk).json()
    assert [(one["number"], one["is_planned"]) for one in day["items"]] == [(job.number, False)]
    waits = asked(house)
    plan(house, at=1)
    planned = [
        one["number"]
        for who in ("plumber", "leader")
        for one in get(f"workers/{uid(house, who)}/day?site=demo", desk).json()["items"]
        if one["is_planned"]
    ]
    assert planned == [waits.number]
    own = token(house, "work:write", of="plumber")
    assert get(f"workers/{uid(house, 'plumber')}/day?site=demo", own).status_code == 200
    assert get(f"workers/{uid(house, 'leader')}/day?site=demo", own).status_code == 404
    assert get("workers?site=demo", own).status_code == 403


def test_a_company_desk_sees_its_own_people_alone(house: House) -> None:
    theirs = get("workers?site=demo", token(house, "dispatch:read", of="company_clerk")).json()["items"]
    assert {row["name"] for row in theirs} == {"王水工", "陈电工", "周运送", "刘班长"}
    lift = token(house, "dispatch:write", of="lift_manager")
    assert {row["name"] for row in get("workers?site=demo", lift).json()["items"]} == {"吴梯工"}
    assert get(f"workers/{uid(house, 'plumber')}/day?site=demo", lift).status_code == 404
    asked(house)
    assert get("jobs?site=demo", lift).json()["items"] == []


def test_a_worker_claims_accepts_goes_and_gives_back(house: House) -> None:
    job, mine = asked(house), token(house, "work:write", of="plumber")
    assert post(f"jobs/{job.uid}/claim", mine).json()["code"] == "not_for_claiming"
    manager = token(house, of="line_manager")
    made = post("modes/change", manager, site="demo", line="PLB", mode="claim", hold_limit=1)
    assert made.json() == {"line": "PLB", "mode": "claim", "hold_limit": 1}
    assert post("modes/change", token(house), site="demo", line="PLB", mode="claim").status_code == 403
    pool = get("pool?site=demo", mine).json()
    assert [one["number"] for one in pool["items"]] == [job.number]
    assert post(f"jobs/{job.uid}/claim", mine).json()["state"] == "dispatched"
    assert post(f"jobs/{job.uid}/accept", mine, reason="").json()["state"] == "accepted"
    held = post(f"jobs/{asked(house).uid}/claim", mine)
    assert (held.status_code, held.json()["code"]) == (409, "holds_enough")
    assert post(f"jobs/{job.uid}/set-out", mine, reason="").json()["state"] == "en_route"
    stranger = token(house, "work:write", of="porter")
    assert post(f"jobs/{job.uid}/arrive", stranger, place="S7-ORT-WC").status_code == 403
    wrong = post(f"jobs/{job.uid}/arrive", mine, place="N5-RES")
    assert wrong.json()["code"] == "wrong_place"
    assert post(f"jobs/{job.uid}/refuse", mine, reason_code="nonsense").json()["code"] == "reason_not_for_this"
    assert post(f"jobs/{job.uid}/arrive", mine, place="S7-ORT-WC").json()["state"] == "arrived"
    assert LineMode.objects.get().mode == "claim"


def test_as05_by_the_api_too_the_first_answers_until_the_other_accepts(house: House) -> None:
    job = sent(house, asked(house), at=0.5)
    first, second = (token(house, "work:write", of=who) for who in ("plumber", "leader"))
    post(f"jobs/{job.uid}/accept", first, reason="")
    assert post(f"jobs/{job.uid}/hand-over", first, worker=str(uid(house, "leader")), note="下班").status_code == 200
    job.refresh_from_db()
    assert job.accountable_id == house.accounts["plumber"]
    other = post(f"jobs/{job.uid}/accept-hand-over", token(house, "work:write", of="electrician"))
    assert (other.status_code, other.json()["code"]) == (403, "not_offered")
    assert post(f"jobs/{job.uid}/accept-hand-over", second).status_code == 200
    job.refresh_from_db()
    assert job.accountable_id == house.accounts["leader"]


def test_who_is_called_along_answers_by_the_own_token(house: House) -> None:
    job = sent(house, asked(house), at=0.5)
    called = post(f"jobs/{job.uid}/call-mate", token(house), worker=str(uid(house, "leader")))
    assert called.json()["outcome"] == "offered"
    leader = token(house, "work:write", of="leader")
    assert post(f"jobs/{job.uid}/come", leader).json()["outcome"] == "accepted"
    assert post(f"jobs/{job.uid}/stay", leader, note="").json()["code"] == "reason_needed"
    assert post(f"jobs/{job.uid}/stay", leader, note="急诊叫走").json()["outcome"] == "declined"
    assert post(f"jobs/{job.uid}/come", token(house, "work:write", of="plumber")).status_code == 403


def test_a_round_goes_whole_or_not_at_all(house: House) -> None:
    Member.objects.filter(account_id=house.accounts["porter"]).update(skills={"escort": 3, "courier": 3})
    jobs = [escort(house, item="dlv.specimen", form={"kind": "blood", "to": "呼吸科"}) for _ in range(2)]
    desk, porter = token(house), str(uid(house, "porter"))
    other = asked(house)
    broken = post("rounds", desk, jobs=[str(jobs[0].uid), str(other.uid)], worker=porter)
    assert broken.json()["code"] == "not_qualified"
    assert not Assignment.objects.exists()
    done = post("rounds", desk, jobs=[str(one.uid) for one in jobs], worker=porter)
    assert done.json() == {"numbers": [one.number for one in jobs], "worker_name": "周运送"}
    twice = post("rounds", desk, jobs=[str(other.uid)] * 2, worker=porter)
    assert twice.status_code == 422


def test_a_transport_from_hand_to_hand_and_no_identifier_is_ever_told(house: House) -> None:
    job = escort(house)
    dispatch.assign_job(job_id=job.uid, worker_id=uid(house, "porter"), actor=house.actor("clerk"), at=NOW, word="好")
    porter = token(house, "work:write", of="porter")
    post(f"jobs/{job.uid}/accept", porter, reason="")
    early = post(f"transports/{job.uid}/take", porter, first="赵一鸣", second="ZY20250381")
    assert early.json()["code"] == "illegal_move"
    post(f"jobs/{job.uid}/arrive", porter, place="S7-ORT-ST")
    wrong = post(f"transports/{job.uid}/take", porter, first="赵一鸣", second="ZY20250382")
    assert wrong.json()["code"] == "identifiers_differ"
    assert "381" not in wrong.content.decode()
    assert not CustodyScan.objects.exists()
    assert post(f"transports/{job.uid}/delay", porter, reason_code="nothing").status_code == 422
    assert post(f"transports/{job.uid}/take", porter, first="赵一鸣", second="ZY20250381").json()["kind"] == "taken"
    missing = post(f"transports/{job.uid}/give", porter, first="赵一鸣", second="ZY20250381", counterpart="")
    assert missing.json()["code"] == "malformed"
    given = post(f"transports/{job.uid}/give", porter, first="赵一鸣", second="ZY20250381", counterpart="CT 林")
    assert given.json()["kind"] == "given"
    shown = get(f"transports/{job.uid}", token(house, "dispatch:read"))
    assert [node["kind"] for node in shown.json()["chain"]] == ["taken", "given"]
    assert shown.json()["how"] == {name: PATIENT[name] for name in ("mode", "isolation")}
    for path in (f"transports/{job.uid}", "transports?site=demo", f"jobs/{job.uid}", "jobs?site=demo"):
        text = get(path, token(house, "dispatch:read")).content.decode()
        assert "赵一鸣" not in text, path
        assert "0381" not in text, path


def test_a_transport_is_read_by_who_has_to_do_with_it(house: House) -> None:
    job = escort(house)
    for who, status in (("nurse", 200), ("clerk", 200), ("other_nurse", 404), ("lift_manager", 404), ("plumber", 404)):
        assert get(f"transports/{job.uid}", token(house, "work:write", of=who)).status_code == status, who
    mine = get("transports?site=demo&limit=1", token(house, "dispatch:read")).json()
    assert [one["number"] for one in mine["items"]] == [job.number]
    assert get("transports?site=demo&cursor=x", token(house, "dispatch:read")).status_code == 422
    assert get("transports?site=demo", token(house, "dispatch:read", of="lift_manager")).json()["items"] == []


def test_a_zone_and_presence_are_ones_own(house: House) -> None:
    porter = token(house, "work:write", of="porter")
    assert post("zones/sign-in", porter, place="S7-ORT").json()["kind"] == "zone"
    assert post("zones/sign-in", porter, place="nowhere").status_code == 422
    assert post("zones/sign-in", token(house, "work:write", of="nurse"), place="S7-ORT").status_code == 403
    assert post("presence", porter, is_present=False).json() == {"is_present": False}
    assert not Member.objects.get(account_id=house.accounts["porter"]).is_present
    assert post("presence", token(house), is_present=False).status_code == 403


def test_everything_is_described_and_every_write_takes_a_key() -> None:
    paths = views.make_api().get_openapi_schema()["paths"]
    writes = [(path, told["post"]) for path, told in paths.items() if "post" in told]
    assert len(writes) >= 22
    for path, told in writes:
        assert any(one["name"] == "Idempotency-Key" for one in told["parameters"]), path
        assert {"401", "403", "409", "422", "429"} <= {str(code) for code in told["responses"]}, path
    assert own_work.PoolOut.__name__ in str(paths["/api/v1/pool"]["get"]["responses"])


def test_the_pages_of_transport_take_one_statement_more_than_the_lists(house: House) -> None:
    escort(house)
    desk = token(house, "dispatch:read")
    get("transports?site=demo", desk)  # standards and storeys are kept
    with CaptureQueriesContext(connection) as asked_for:
        get("transports?site=demo", desk)
    assert len(asked_for) <= 3


def test_a_job_that_somebody_assigned_meanwhile_is_stale(house: House) -> None:
    job = sent(house, asked(house), at=0.5)
    late = post(f"jobs/{job.uid}/assign", token(house), worker=str(uid(house, "leader")))
    assert (late.status_code, late.json()["code"]) == (409, "stale")
    assert Job.objects.get(pk=job.pk).worker_id == house.accounts["plumber"]
