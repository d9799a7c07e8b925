"""The HTTP API as contracts.md says: create, list, read, follow; idempotency; problems; scopes and sites."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.people import MONDAY_NINE, House
from yingxu.demand.actions import Raised
from yingxu.demand.reads import PromiseSaid
from yingxu.ground import actions
from yingxu.ground.actor import engine
from yingxu.web.api import shapes, tokens
from yingxu.web.api.schemas import Created

pytestmark = pytest.mark.django_db
BODY = {
    "site": "demo",
    "place": "S7-ORT-WC",
    "item": "plb.faucet",
    "text": "卫生间水龙头滴水",
    "requester": {"name": "李护士"},
}


def token(house: House, *scopes: str, site: bool = True) -> dict[str, str]:
    made = actions.make_token(
        name="test",
        scopes=scopes or ("requests:write",),
        site_id=house.site_id if site else None,
        actor=engine("setup"),
        at=MONDAY_NINE,
    )
    return {"Authorization": f"Bearer {made.secret}"}


def post(client: Client, body: Any, headers: dict[str, str]) -> Any:
    text = body if isinstance(body, str) else json.dumps(body)
    return client.post("/api/v1/requests", text, content_type="application/json", headers=headers)


def test_a_created_request_shows_number_state_promises_and_its_private_link(client: Client, house: House) -> None:
    answer = post(client, BODY, token(house))
    assert answer.status_code == 201, answer.content
    made = answer.json()
    assert made["number"]
    assert made["state"] == "queued"
    assert {promise["milestone"] for promise in made["promises"]} == {"acknowledged", "arrived", "done"}
    assert "/f/" in made["follow_url"]


def test_create_is_one_read_and_one_write_beside_the_authentication(client: Client, house: House) -> None:
    headers = token(house)
    post(client, BODY, headers)
    with CaptureQueriesContext(connection) as queries:
        post(client, BODY, {**headers, "Idempotency-Key": str(uuid4())})
    statements = [query["sql"] for query in queries if "SAVEPOINT" not in (query["sql"] or "")]
    assert len(statements) <= 3


def test_without_an_item_it_waits_for_the_desk(client: Client, house: House) -> None:
    made = post(client, {**BODY, "item": None}, token(house)).json()
    assert made["state"] == "new"
    assert [promise["milestone"] for promise in made["promises"]] == ["acknowledged"]


def test_a_repeated_key_answers_the_first_body_and_another_body_is_refused(client: Client, house: House) -> None:
    headers = {**token(house), "Idempotency-Key": "k-1"}
    first = post(client, BODY, headers)
    again = post(client, BODY, headers)
    assert (again.status_code, again.content) == (201, first.content)
    assert again["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first
    other = post(client, {**BODY, "text": "别的"}, headers)
    assert other.status_code == 422
    assert other.json()["code"] == "command_reused"
    listed = client.get("/api/v1/requests?site=demo", headers=headers).json()["items"]
    assert len(listed) == 1


def test_the_list_pages_newest_first_and_filters_by_state(client: Client, house: House) -> None:
    headers = token(house)
    numbers = [post(client, BODY, headers).json()["number"] for _ in range(5)]
    seen: list[str] = []
    cursor = ""
    while True:
        page = client.get(f"/api/v1/requests?site=demo&limit=2{cursor}", headers=headers).json()
        seen += [item["number"] for item in page["items"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert seen == numbers[::-1]
    assert client.get("/api/v1/requests?site=demo&state=closed", headers=headers).json() == {"items": [], "next": None}
    assert len(client.get("/api/v1/requests?site=demo&state=queued", headers=headers).json()["items"]) == 5


def test_one_request_in_whole(client: Client, house: House) -> None:
    headers = token(house)
    made = post(client, BODY, headers).json()
    whole = client.get(f"/api/v1/requests/{made['id']}", headers=headers).json()
    assert (whole["number"], whole["text"]) == (made["number"], BODY["text"])
    assert [job["state"] for job in whole["jobs"]] == ["queued"]
    assert len(whole["promises"]) == 3


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"text": ""}, 422),
        ({"text": "长" * 2001}, 422),
        ({"site": "nowhere"}, 422),
        ({"place": "nowhere"}, 422),
        ({"item": "plb.nothing"}, 422),
        ({"text": None}, 422),
        ({"text": 7}, 422),
        ({"requester": "李"}, 422),
    ],
)
def test_bad_input_is_a_problem_with_a_stable_code_and_nothing_is_made(
    client: Client, house: House, change: dict[str, Any], status: int
) -> None:
    headers = token(house)
    answer = post(client, {**BODY, **change}, headers)
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"]
    assert client.get("/api/v1/requests?site=demo", headers=headers).json()["items"] == []


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"site": "demo"}'])
def test_a_body_that_is_no_request_is_a_problem(client: Client, house: House, text: str) -> None:
    answer = post(client, text, token(house))
    assert answer.status_code in {400, 422}
    assert answer["Content-Type"] == "application/problem+json"


def test_stranger_wrong_scope_and_wrong_site_are_refused(client: Client, house: House) -> None:
    assert post(client, BODY, {}).status_code == 401
    assert post(client, BODY, {"Authorization": "Bearer yx_nobody"}).status_code == 401
    assert post(client, BODY, token(house, "requests:read")).status_code == 403
    elsewhere = actions.set_up_site(code="other", name="别院", actor=engine("setup"), at=MONDAY_NINE)
    there = actions.make_token(
        name="there", scopes=["requests:write"], site_id=elsewhere.id, actor=engine("setup"), at=MONDAY_NINE
    )
    headers = {"Authorization": f"Bearer {there.secret}"}
    assert post(client, BODY, headers).status_code == 403
    made = post(client, BODY, token(house)).json()
    assert client.get(f"/api/v1/requests/{made['id']}", headers=headers).status_code == 404
    assert client.get("/api/v1/requests?site=demo", headers=headers).json()["items"] == []


@pytest.mark.parametrize("query", ["site=demo&limit=0", "site=demo&limit=101", "site=demo&cursor=x", "limit=5"])
def test_a_wrong_query_is_a_problem(client: Client, house: House, query: str) -> None:
    answer = client.get(f"/api/v1/requests?{query}", headers=token(house))
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"


def test_too_many_calls_answer_429_with_retry_after_but_not_for_bulk(
    client: Client, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "_RATE", 0.01)
    ordinary, bulk = token(house), token(house, "requests:write", "bulk")
    statuses = [client.get("/api/v1/requests?site=demo&limit=1", headers=ordinary) for _ in range(410)]
    refused = [answer for answer in statuses if answer.status_code == 429]
    assert refused
    assert int(refused[0]["Retry-After"]) >= 1
    assert all(client.get("/api/v1/requests?site=demo&limit=1", headers=bulk).status_code == 200 for _ in range(410))


def test_the_description_is_served_and_health_is_told(client: Client, house: House) -> None:
    described = client.get("/api/v1/openapi.json").json()
    assert "/api/v1/requests" in described["paths"]
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {"status": "ready"}
    assert b"yingxu_ledger_entries" in client.get("/metrics").content


def test_a_created_request_is_written_as_its_schema_says() -> None:
    """The door writes it by hand, because the general way costs three times as much."""
    raised = Raised(uuid4(), 7, "100007", "queued", 2, MONDAY_NINE, (PromiseSaid("done", 3600, MONDAY_NINE),))
    said = {**vars(raised), "promises": [vars(one) for one in raised.promises], "follow_url": "http://院/f/a"}
    assert shapes.created(raised, follow_url="http://院/f/a") == Created.model_validate(said).model_dump_json().encode()


def test_a_key_that_is_too_long_is_refused_in_words_and_the_header_is_described_by_its_name(
    client: Client, house: House
) -> None:
    refused = post(client, BODY, {**token(house), "Idempotency-Key": "k" * 65})
    assert (refused.status_code, refused.json()["code"]) == (422, "malformed")
    assert "Idempotency-Key" in refused.json()["detail"]
    described = client.get("/api/v1/openapi.json").json()["paths"]["/api/v1/requests"]["post"]["parameters"]
    assert [(one["in"], one["name"]) for one in described] == [("header", "Idempotency-Key")]


@pytest.mark.parametrize("body", [b"{", b'{"site": NaN}', b'{"site": "\\ud800"}', b"\xff"])
def test_what_is_no_json_is_unreadable(client: Client, house: House, body: bytes) -> None:
    answer = client.post("/api/v1/requests", body, content_type="application/json", headers=token(house))
    assert (answer.status_code, answer.json()["code"]) == (400, "unreadable")


@pytest.mark.parametrize("said", ["", "Bearer", "Basic yx_1", "bearer  "])
def test_without_a_token_nobody_is_known(client: Client, house: House, said: str) -> None:
    answer = client.get("/api/v1/requests?site=demo", headers={"Authorization": said} if said else {})
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
