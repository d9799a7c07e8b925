"""Fill the bench's hospital with many requests: one raised by the verb, then copied with its promises and job.

The copies are rows as the verbs write them (a test compares), spread over the time before now, a tenth of them open.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.db import connection
from django.utils import timezone
from tests.people import House

from yingxu.demand import actions as demand


@dataclass(frozen=True)
class Stock:
    """Public ids of some of the requests, and a signed-in clerk's cookie."""

    ids: list[UUID]
    clerk_cookie: str


#: Table -> (where its sample rows come from, what differs in each copy); every other column is the sample's.
_COPIES: dict[str, tuple[str, dict[str, str]]] = {
    "demand_request": (
        "SELECT * FROM demand_request WHERE id = {key}",
        {
            "id": "{base} + i * 10",
            "uid": "gen_random_uuid()",
            "number": "'B' || i",
            "created_at": "now() - i * interval '20 seconds'",
            "changed_at": "now() - i * interval '20 seconds'",
            "is_open": "i % 10 = 0",
            "shown_state": "CASE WHEN i % 10 = 0 THEN 'queued' ELSE 'closed' END",
            "state": "CASE WHEN i % 10 = 0 THEN 'accepted' ELSE 'answered' END",
            "final_answer": "CASE WHEN i % 10 = 0 THEN '' ELSE 'done' END",
            "next_due_at": "CASE WHEN i % 10 = 0 THEN now() + (i % 1000) * interval '1 minute' END",
        },
    ),
    "work_job": (
        "SELECT * FROM work_job WHERE request_id = {key} LIMIT 1",
        {
            "id": "{base} + i * 10 + 1",
            "uid": "gen_random_uuid()",
            "number": "'B' || i",
            "request_id": "{base} + i * 10",
            "state": "CASE WHEN i % 10 = 0 THEN 'queued' ELSE 'closed' END",
            "opened_at": "now() - i * interval '20 seconds'",
        },
    ),
    "promise_promise": (
        "SELECT *, row_number() OVER (ORDER BY id) AS place FROM promise_promise WHERE request_id = {key}",
        {
            "id": "{base} + i * 10 + 1 + one.place",
            "uid": "gen_random_uuid()",
            "request_id": "{base} + i * 10",
            "job_key": "CASE WHEN one.job_key IS NULL THEN NULL ELSE {base} + i * 10 + 1 END",
            "state": "CASE WHEN i % 10 = 0 THEN 'running' ELSE 'kept' END",
            "due_at": "CASE WHEN i % 10 = 0 THEN now() + (i % 1000) * interval '1 minute' ELSE now() END",
            "reached_at": "CASE WHEN i % 10 = 0 THEN NULL ELSE now() END",
        },
    ),
}
_filled = 0


def fill(house: House, size: int) -> Stock:
    """Bring the hospital to ``size`` requests more than it has from the verbs alone."""
    global _filled
    at = timezone.now()
    raised = demand.raise_request(
        site_id=house.site_id, channel="web", text="卫生间水龙头滴水", item_code="plb.faucet", place_code="S7-ORT-WC",
        actor=house.actor("nurse"), at=at,
    )  # fmt: skip
    values = {"key": raised.key, "base": 10_000_000_000}
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # the samples were checked; their copies are alike
        for table, (sample, differing) in _COPIES.items():
            cursor.execute(
                "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
                " AND NOT attisdropped AND attgenerated = ''",
                [table],
            )
            columns = [row[0] for row in cursor.fetchall()]
            picks = ", ".join(differing.get(name, f'one."{name}"') for name in columns)
            names = ", ".join(f'"{name}"' for name in columns)
            cursor.execute(
                f"INSERT INTO {table} ({names}) "
                + f"SELECT {picks} FROM ({sample}) AS one, generate_series({_filled + 1}, {size}) AS i".format(**values)
            )
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("SELECT uid FROM demand_request WHERE id %% 97 = 0 LIMIT 2000", [])
        found = [row[0] for row in cursor.fetchall()]
    _filled = size
    session = SessionStore()
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from yingxu.ground.queries import account_with_holdings

    account = account_with_holdings(house.accounts["clerk"])
    assert account is not None
    session[SESSION_KEY] = str(account.pk)
    session[BACKEND_SESSION_KEY] = "yingxu.web.signing.Accounts"
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    session.save()
    return Stock(found or [raised.id], f"yingxu_session={session.session_key}")
