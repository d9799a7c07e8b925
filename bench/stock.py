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


_COPY = """
WITH one AS (SELECT * FROM demand_request WHERE id = %(key)s), n AS (SELECT generate_series(%(from)s, %(to)s) AS i)
INSERT INTO demand_request ({columns}) SELECT {columns} FROM (
    SELECT (jsonb_populate_record(NULL::demand_request, to_jsonb(one) || jsonb_build_object(
    'id', %(base)s + n.i * 10, 'uid', gen_random_uuid(), 'number', 'B' || n.i,
    'created_at', now() - n.i * interval '20 seconds',
    'changed_at', now() - n.i * interval '20 seconds',
    'is_open', n.i %% 10 = 0, 'shown_state', CASE WHEN n.i %% 10 = 0 THEN 'queued' ELSE 'closed' END,
    'state', CASE WHEN n.i %% 10 = 0 THEN 'accepted' ELSE 'answered' END,
    'final_answer', CASE WHEN n.i %% 10 = 0 THEN '' ELSE 'done' END,
    'next_due_at', CASE WHEN n.i %% 10 = 0 THEN now() + (n.i %% 1000) * interval '1 minute' END
))).* FROM one, n) AS copied
"""
_JOBS = """
WITH one AS (SELECT * FROM work_job WHERE request_id = %(key)s LIMIT 1),
     n AS (SELECT generate_series(%(from)s, %(to)s) AS i)
INSERT INTO work_job ({columns}) SELECT {columns} FROM (
    SELECT (jsonb_populate_record(NULL::work_job, to_jsonb(one) || jsonb_build_object(
    'id', %(base)s + n.i * 10 + 1, 'uid', gen_random_uuid(), 'number', 'B' || n.i, 'request_id', %(base)s + n.i * 10,
    'state', CASE WHEN n.i %% 10 = 0 THEN 'queued' ELSE 'closed' END, 'opened_at', now() - n.i * interval '20 seconds'
))).* FROM one, n) AS copied
"""
_PROMISES = """
WITH sample AS (SELECT *, row_number() OVER (ORDER BY id) AS place FROM promise_promise WHERE request_id = %(key)s),
     n AS (SELECT generate_series(%(from)s, %(to)s) AS i)
INSERT INTO promise_promise ({columns}) SELECT {columns} FROM (
    SELECT (jsonb_populate_record(NULL::promise_promise, to_jsonb(sample) || jsonb_build_object(
    'id', %(base)s + n.i * 10 + 1 + sample.place, 'uid', gen_random_uuid(), 'request_id', %(base)s + n.i * 10,
    'job_key', CASE WHEN sample.job_key IS NULL THEN NULL ELSE %(base)s + n.i * 10 + 1 END,
    'state', CASE WHEN n.i %% 10 = 0 THEN 'running' ELSE 'kept' END,
    'due_at', CASE WHEN n.i %% 10 = 0 THEN now() + (n.i %% 1000) * interval '1 minute' ELSE now() END,
    'reached_at', CASE WHEN n.i %% 10 = 0 THEN NULL ELSE now() END
))).* FROM sample, n) AS copied
"""
_filled = 0


def fill(house: House, size: int) -> Stock:
    """Bring the hospital to ``size`` requests more than it has from the verbs alone."""
    global _filled
    at = timezone.now()
    raised = demand.raise_request(
        site_id=house.site_id, channel="web", text="卫生间水龙头滴水", item_code="plb.faucet", place_code="S7-ORT-WC",
        actor=house.actor("nurse"), at=at,
    )  # fmt: skip
    values = {"key": raised.key, "from": _filled + 1, "to": size, "base": 10_000_000_000}
    with connection.cursor() as cursor:
        for table, statement in (("demand_request", _COPY), ("work_job", _JOBS), ("promise_promise", _PROMISES)):
            cursor.execute(
                "SELECT string_agg(quote_ident(attname), ', ') FROM pg_attribute"
                " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''",
                [table],
            )
            cursor.execute(statement.replace("{columns}", cursor.fetchone()[0]), values)
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
