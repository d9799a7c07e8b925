"""The final answer of a request, and of those that were merged into it."""

from __future__ import annotations

from yingxu.demand.events import RequestAnswered
from yingxu.demand.models import Request
from yingxu.demand.reads import merged_into
from yingxu.ground.unit import Unit


def record_answer(request: Request, unit: Unit) -> None:
    """Record the final answer of a request and hand it on to those that were merged into it. Budget: one query."""
    unit.record(
        RequestAnswered(
            site_id=request.site_id, subject_id=request.pk, thread_id=request.pk, final_answer=request.final_answer
        )
    )
    for merged in merged_into(unit, request.pk):
        unit.change(merged, answer_text=request.answer_text, changed_at=unit.at)
        unit.record(
            RequestAnswered(
                site_id=merged.site_id, subject_id=merged.pk, thread_id=merged.pk, final_answer=merged.final_answer
            )
        )
