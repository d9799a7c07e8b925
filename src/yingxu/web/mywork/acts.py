"""What a worker may press, by the name that a form carries: each name is one verb."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, QueryDict
from django.utils import timezone

from yingxu.ground.refusals import Malformed
from yingxu.ground.unit import CommandKey
from yingxu.web.ask.sending import stored
from yingxu.web.inside import Inside
from yingxu.work import actions as work
from yingxu.work.actions import JobMoved, NewPhoto

Act = Callable[[Inside, UUID, HttpRequest, CommandKey | None], object]
_MINUTE_LIMIT = 32_767


def _simple(verb: Callable[..., JobMoved]) -> Act:
    """Return an act for a verb that needs nothing but the job."""

    def act(here: Inside, key: UUID, request: HttpRequest, command: CommandKey | None) -> object:
        return verb(job_id=key, actor=here.actor, at=here.at, command=command)

    return act


def _performed(verb: Callable[..., JobMoved]) -> Act:
    """Return an act that a team leader may do in the worker's name, with a reason."""

    def act(here: Inside, key: UUID, request: HttpRequest, command: CommandKey | None) -> object:
        reason = request.POST.get("reason", "")
        return verb(job_id=key, reason=reason, actor=here.actor, at=here.at, command=command)

    return act


def _arrive(here: Inside, key: UUID, request: HttpRequest, command: CommandKey | None) -> object:
    typed = request.POST.get("code", "").strip()
    return work.arrive_at_job(
        job_id=key,
        qr_token=typed if is_token(typed) else "",
        place_code="" if is_token(typed) else typed,
        reason=request.POST.get("reason", ""),
        actor=here.actor,
        at=here.at,
        command=command,
    )


def is_token(typed: str) -> bool:
    """Tell a printed code (ten letters and digits without a sign) from a place's own code."""
    return len(typed) >= 10 and typed.isalnum() and typed.upper() == typed


def _step(here: Inside, key: UUID, request: HttpRequest, command: CommandKey | None) -> object:
    post = request.POST
    return work.carry_out_step(
        job_id=key,
        step_code=post.get("step", ""),
        value=_value(post),
        note=post.get("note", ""),
        reason=post.get("reason", ""),
        actor=here.actor,
        at=here.at,
        command=command,
    )


def _value(post: QueryDict) -> Any:
    """Return the step's value in the type of its kind; None when it could not be done."""
    text, kind = post.get("value", "").strip(), post.get("kind", "")
    if post.get("cannot") == "1" or not text:
        return None
    if kind == "tick":
        return text == "yes"
    if kind in {"number", "meter"}:
        try:
            return float(text.replace(",", "."))
        except ValueError as error:
            raise Malformed(field="value", problem="wrong_type") from error
    return text


def _photo(here: Inside, key: UUID, request: HttpRequest, command: CommandKey | None) -> object:
    contents, refused = stored(request.FILES.getlist("photos"))
    if refused and not contents:
        raise refused[0]
    return work.add_evidence(
        job_id=key,
        photos=[NewPhoto(content.sha256, content.n_bytes, content.media_type) for content in contents],
        label=request.POST.get("label", "after"),
        actor=here.actor,
        at=here.at,
        command=command,
    )


def _pause(here: Inside, key: UUID, request: HttpRequest, command: CommandKey | None) -> object:
    post = request.POST
    return work.pause_job(
        job_id=key,
        reason_code=post.get("reason_code", ""),
        expected_at=_expected(post, here.at),
        told=post.get("told", ""),
        actor=here.actor,
        at=here.at,
        command=command,
    )


def _expected(post: QueryDict, at: datetime) -> datetime:
    """Return when work will go on: so many minutes from now, or the moment that was typed in the site's time."""
    typed, minutes = post.get("expected_at", ""), post.get("minutes", "")
    if typed:
        try:
            return timezone.make_aware(datetime.fromisoformat(typed))
        except ValueError as error:
            raise Malformed(field="expected_at", problem="wrong_type") from error
    if not minutes.isdigit() or int(minutes) > _MINUTE_LIMIT:
        raise Malformed(field="expected_at", problem="missing")
    return at + timedelta(minutes=int(minutes))


def _finish(here: Inside, key: UUID, request: HttpRequest, command: CommandKey | None) -> object:
    post = request.POST
    minutes = post.get("minutes", "").strip()
    if minutes and not minutes.isdigit():
        raise Malformed(field="minutes", problem="wrong_type")
    return work.finish_job(
        job_id=key,
        result_text=post.get("result", ""),
        minutes=int(minutes) if minutes else None,
        cause_code=post.get("cause", ""),
        reason=post.get("reason", ""),
        actor=here.actor,
        at=here.at,
        command=command,
    )


def _return(here: Inside, key: UUID, request: HttpRequest, command: CommandKey | None) -> object:
    return work.return_job(
        job_id=key,
        reason_code=request.POST.get("reason_code", ""),
        note=request.POST.get("note", ""),
        actor=here.actor,
        at=here.at,
        command=command,
    )


ACTS: dict[str, Act] = {
    "accept": _performed(work.accept_job),
    "set-out": _performed(work.set_out),
    "arrive": _arrive,
    "start": _performed(work.start_job),
    "safe": _performed(work.make_safe),
    "step": _step,
    "photo": _photo,
    "pause": _pause,
    "resume": _performed(work.resume_job),
    "finish": _finish,
    "return": _return,
    "take-over": _simple(work.accept_hand_over),
    "leave-it": _simple(work.decline_hand_over),
}
