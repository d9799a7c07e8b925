"""What the holder of an outside company's link may press: each name is one verb, the same as everybody's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from django.http import HttpRequest, QueryDict
from django.utils import timezone

from yingxu.ground.refusals import Malformed
from yingxu.ground.unit import CommandKey
from yingxu.web.inside import Inside
from yingxu.web.mywork import acts as workers
from yingxu.web.stores.reading import fen_of
from yingxu.work import actions as work
from yingxu.work.queries.outside import ByLink

Act = Callable[[Inside, ByLink, HttpRequest, CommandKey | None], object]


def _worker(name: str) -> Act:
    """Return the act as a worker's page has it."""
    carried_out = workers.ACTS[name]

    def act(here: Inside, link: ByLink, request: HttpRequest, command: CommandKey | None) -> object:
        return carried_out(here, link.job.uid, request, command)

    return act


def moment_of(post: QueryDict, at: datetime) -> datetime:
    """Return a moment typed in the site's time, or so many minutes ahead. Refuses: Malformed."""
    typed, minutes = post.get("expected_at", "").strip(), post.get("minutes", "").strip()
    if typed:
        try:
            return timezone.make_aware(datetime.fromisoformat(typed))
        except ValueError as error:
            raise Malformed(field="expected_at", problem="wrong_type") from error
    if not (minutes.isascii() and minutes.isdigit()) or not 0 < int(minutes) <= 60 * 24 * 60:
        raise Malformed(field="expected_at", problem="missing")
    return at + timedelta(minutes=int(minutes))


def _accept(here: Inside, link: ByLink, request: HttpRequest, command: CommandKey | None) -> object:
    return work.accept_outside(
        order_id=link.order.order_id,
        coming_name=request.POST.get("coming_name", ""),
        expected_at=moment_of(request.POST, here.at),
        actor=here.actor,
        at=here.at,
        command=command,
    )


def _decline(here: Inside, link: ByLink, request: HttpRequest, command: CommandKey | None) -> object:
    return work.decline_outside(
        order_id=link.order.order_id,
        why=request.POST.get("why", ""),
        actor=here.actor,
        at=here.at,
        command=command,
    )


def _say(here: Inside, link: ByLink, request: HttpRequest, command: CommandKey | None) -> object:
    return work.say_outside(
        order_id=link.order.order_id,
        text=request.POST.get("text", ""),
        actor=here.actor,
        at=here.at,
        command=command,
    )


def _cost(here: Inside, link: ByLink, request: HttpRequest, command: CommandKey | None) -> object:
    post = request.POST
    return work.state_outside_cost(
        order_id=link.order.order_id,
        labour_fen=fen_of(post, "labour"),
        parts_fen=fen_of(post, "parts") if post.get("parts", "").strip() else 0,
        words=post.get("cost_words", ""),
        document=post.get("document", ""),
        actor=here.actor,
        at=here.at,
        command=command,
    )


def _visit(here: Inside, link: ByLink, request: HttpRequest, command: CommandKey | None) -> object:
    return visit(here, link.job.uid, request, command)


def visit(here: Inside, job_id: UUID, request: HttpRequest, command: CommandKey | None) -> object:
    """Be there again, by the code that was typed."""
    typed = request.POST.get("code", "").strip()
    is_token = workers.is_token(typed)
    return work.begin_visit(
        job_id=job_id,
        typed_token=typed if is_token else "",
        place_code="" if is_token else typed,
        reason=request.POST.get("reason", ""),
        actor=here.actor,
        at=here.at,
        command=command,
    )


def _finish(here: Inside, link: ByLink, request: HttpRequest, command: CommandKey | None) -> object:
    post = request.POST
    minutes = post.get("minutes", "").strip()
    if minutes and not (minutes.isascii() and minutes.isdigit()):
        raise Malformed(field="minutes", problem="wrong_type")
    return work.finish_job(
        job_id=link.job.uid,
        result_text=post.get("result", ""),
        minutes=int(minutes) if minutes else None,
        cause_code=post.get("cause", ""),
        signed_by=post.get("signed_by", ""),
        actor=here.actor,
        at=here.at,
        command=command,
    )


ACTS: dict[str, Act] = {
    "accept": _accept,
    "decline": _decline,
    "set-out": _worker("set-out"),
    "arrive": _worker("arrive"),
    "visit": _visit,
    "start": _worker("start"),
    "safe": _worker("safe"),
    "step": _worker("step"),
    "photo": _worker("photo"),
    "pause": _worker("pause"),
    "resume": _worker("resume"),
    "say": _say,
    "cost": _cost,
    "finish": _finish,
}
