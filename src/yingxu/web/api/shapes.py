"""Rows as the API gives them."""

from __future__ import annotations

from typing import Any

import orjson

from yingxu.demand.actions import Raised
from yingxu.demand.queries import RequestRow
from yingxu.web.whole import Whole


def created(raised: Raised, *, follow_url: str) -> bytes:
    """Return a request as taken in, as the schema ``Created`` writes it (a test compares)."""
    said = {
        "id": raised.id,
        "number": raised.number,
        "state": raised.state,
        "priority": raised.priority,
        "created_at": raised.created_at,
        "promises": raised.promises,
        "follow_url": follow_url,
    }
    return orjson.dumps(said, option=orjson.OPT_UTC_Z)


def listed(row: RequestRow) -> dict[str, Any]:
    """Return a request in a list."""
    return {
        "id": row.id,
        "number": row.number,
        "state": row.state,
        "is_open": row.is_open,
        "priority": row.priority,
        "text": row.text,
        "item": row.item_code or None,
        "line": row.line_code or None,
        "place": row.place_name or row.place_words,
        "next_due_at": row.next_due_at,
        "created_at": row.created_at,
    }


def detailed(whole: Whole) -> dict[str, Any]:
    """Return a request in whole."""
    detail = whole.detail
    return {
        **listed(detail.row),
        "closed_at": detail.closed_at,
        "final_answer": detail.final_answer or None,
        "answer_text": detail.answer_text,
        "promises": [
            {
                "milestone": clock.milestone,
                "state": clock.state,
                "limit_s": clock.limit_s,
                "started_at": clock.started_at,
                "due_at": clock.due_at,
                "reached_at": clock.reached_at,
            }
            for clock in whole.clocks
        ],
        "jobs": [
            {
                "id": job.job_id,
                "number": job.number,
                "state": job.state,
                "item": job.item_name,
                "worker": job.worker_name or None,
            }
            for job in whole.jobs
        ],
        "words": [vars(word) for word in detail.words],
    }
