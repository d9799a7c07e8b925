"""Would the past have kept it? A promise held against the site's own record of its milestone."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from yingxu.connect.analyst.past import ANALYST, local_s
from yingxu.core.queueing.record import LEAST_CASES, Case, RecordAnswer, held_against
from yingxu.promise.recorded import RecordedRow, recorded
from yingxu.standards import queries
from yingxu.standards.queries import StudyRow

SPEC, RESULT = "record-spec/1", "record-result/1"


def answer_of(study: StudyRow, *, site_id: int, timezone: str) -> tuple[dict[str, Any], RecordAnswer, dict[str, Any]]:
    """Return what the record was held against, the answer, and where it was looked for.

    The item's own cases where there are enough of them to tell, else those of its whole line. Budget: three queries.
    """
    at = study.asked_at
    calendar = queries.calendar_by_id(study.calendar_id) if study.calendar_id is not None else None
    rows = list(
        recorded(
            ANALYST,
            site_id,
            line_code=study.line_code,
            priority=study.priority,
            milestone=study.milestone,
            calendar=calendar,
            is_pausable=study.is_pausable,
            from_at=at - timedelta(weeks=study.weeks),
            to_at=at,
        )
    )
    item_id = queries.item_codes(site_id).get(study.item_code) if study.item_code else None
    own = _cases([row for row in rows if row.item_id == item_id], ZoneInfo(timezone))
    of_item = held_against(own, limit_s=study.limit_s, percentile=study.percentile)
    cases = _cases(rows, ZoneInfo(timezone))
    of_line = held_against(cases, limit_s=study.limit_s, percentile=study.percentile)
    is_item = item_id is not None and of_item.n >= LEAST_CASES
    spec = {
        "format": SPEC,
        "line": study.line_code,
        "item": study.item_code,
        "priority": study.priority,
        "milestone": study.milestone,
        "limit_s": study.limit_s,
        "percentile": study.percentile,
        "calendar": study.calendar_code,
        "pauses_stop": study.is_pausable,
        "weeks": study.weeks,
    }
    evidence: dict[str, Any] = {
        **_window(study.weeks, at),
        "scope": "item" if is_item else "line",
        "n_item": of_item.n,
        "n_line": of_line.n,
        "typed": [],
    }
    return spec, of_item if is_item else of_line, evidence


def _window(weeks: int, at: datetime) -> dict[str, str]:
    return {"from_at": (at - timedelta(weeks=weeks)).isoformat(), "to_at": at.isoformat()}


def _cases(rows: list[RecordedRow], zone: ZoneInfo) -> list[Case]:
    return [Case(local_s(zone, row.asked_at), row.used_s, row.is_reached) for row in rows]


def result_of(answer: RecordAnswer) -> dict[str, Any]:
    """Return ``record-result/1``: as ``simulation-result/1`` where both say the same."""
    return {
        "format": RESULT,
        "attainment": {"share": answer.share, "low": answer.low, "high": answer.high, "n": answer.n},
        "kept": answer.kept,
        "n_open": answer.n_open,
        "median_s": answer.median_s,
        "reached_s": answer.reached_s,
        "days": round(answer.days, 1),
        "by_hour": [asdict(hour) for hour in answer.by_hour],
        "weak_hours": list(answer.weak_hours),
    }
