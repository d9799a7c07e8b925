"""Which acts the page offers now. The verbs ask again; a button that is not offered is only not shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from yingxu.demand.public_state import BEFORE_ARRIVAL
from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.standards.library import by_code, priority_rules
from yingxu.web.templatetags.yingxu import is_english
from yingxu.web.whole import Whole
from yingxu.work.queries import JobRow


@dataclass(frozen=True)
class MayDo:
    """What the asker may do here and now."""

    urge: bool
    add: bool
    answer: bool
    cancel: bool
    cancel_reasons: tuple[tuple[str, str], ...]
    judge: JobRow | None
    rework_reasons: tuple[tuple[str, str], ...]
    again: JobRow | None
    again_reasons: tuple[tuple[str, str], ...]
    disagree: bool
    rate: bool


def may_do(actor: Actor, whole: Whole, *, at: datetime, is_merged_done: bool = False) -> MayDo:
    """Return the acts to offer, from the actor's roles and the public state."""
    row, where = whole.detail.row, whole.detail.where

    def allowed(action: str) -> bool:
        return authority.may(actor, action, where=where)

    finished = [job for job in whole.jobs if job.state == "finished"]
    closed = [job for job in whole.jobs if job.state in {"verified", "closed"} and job.worker_name]
    window = timedelta(seconds=priority_rules()[row.priority].reopen_window_s)
    ended_at = whole.detail.closed_at or row.changed_at
    may_reopen = bool(closed) and not finished and at <= ended_at + window and allowed("job.reopen")
    is_over = not row.is_open or bool(finished) or row.state in {"verified", "closed"}
    may_rate = allowed("rating.create") or allowed("rating.create_for_ward")
    return MayDo(
        urge=row.is_open and not finished and allowed("request.urge"),
        add=row.is_open and allowed("request.add_word"),
        answer=row.state == "clarifying" and allowed("request.answer_clarify"),
        cancel=row.state in BEFORE_ARRIVAL and allowed("request.cancel"),
        cancel_reasons=tuple(_cancel_reasons(actor, row.priority)),
        judge=finished[0] if finished and allowed("job.verify") else None,
        rework_reasons=_named("rework_reasons"),
        again=closed[-1] if may_reopen else None,
        again_reasons=tuple(pair for pair in _named("reopen_reasons") if pair[0] not in {"inspection", "objection"}),
        disagree=row.state == "declined" and allowed("request.object"),
        rate=is_over and (bool(whole.jobs) or is_merged_done) and row.state != "cancelled" and may_rate,
    )


def _named(table: str) -> tuple[tuple[str, str], ...]:
    name = "name_en" if is_english() else "name_zh"
    return tuple((code, row[name]) for code, row in by_code(table).items())


def _cancel_reasons(actor: Actor, priority: int) -> list[tuple[str, str]]:
    rules = by_code("cancel_reasons")
    return [
        (code, name)
        for code, name in _named("cancel_reasons")
        if actor.roles & set(rules[code]["who"].split(";"))
        and rules[code]["needs_requester_word"] == "1"
        and not (priority == 1 and rules[code]["not_for_p1"] == "1")
    ]
