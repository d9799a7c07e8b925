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
from yingxu.work.actions import NewPhoto

Act = Callable[[Inside, UUID, HttpRequest, CommandKey | None], object]
_MINUTE_LIMIT = 32_767
#: The label of a photo that shows who signed for the work.
SIGNATURE = "signature"
#: An age in milliseconds of up to thirty years.
_AGE_DIGITS = 13


def carry_out(
    verb: Callable[..., object],
    here: Inside,
    job_id: UUID,
    command: CommandKey | None,
    happened_at: datetime | None = None,
    /,
    **said: Any,
) -> object:
    """Call a verb of one job with who acts, when, under which id, and what was said."""
    return verb(job_id=job_id, actor=here.actor, at=here.at, happened_at=happened_at, command=command, **said)


def _simple(verb: Callable[..., object]) -> Act:
    """Return an act for a verb that needs nothing but the job."""

    def act(here: Inside, key: UUID, request: HttpRequest, command: CommandKey | None) -> object:
        return carry_out(verb, here, key, command)

    return act


def _said(verb: Callable[..., object], *names: str) -> Act:
    """Return an act for a verb that takes these words of the form as they stand."""

    def act(here: Inside, key: UUID, request: HttpRequest, command: CommandKey | None) -> object:
        return carry_out(verb, here, key, command, **{name: request.POST.get(name, "") for name in names})

    return act


def _performed(verb: Callable[..., object]) -> Act:
    """Return an act that a team leader may do in the worker's name, with a reason."""
    return _said(verb, "reason")


def _arrive(here: Inside, key: UUID, request: HttpRequest, command: CommandKey | None) -> object:
    typed = request.POST.get("code", "").strip()
    proof = {"typed_token": typed} if is_token(typed) else {"place_code": typed}  # typed, not seen: the weaker proof
    return carry_out(work.arrive_at_job, here, key, command, reason=request.POST.get("reason", ""), **proof)


def is_token(typed: str) -> bool:
    """Tell a printed code (ten letters and digits without a sign) from a place's own code."""
    return len(typed) >= 10 and typed.isalnum() and typed.upper() == typed


def _step(here: Inside, key: UUID, request: HttpRequest, command: CommandKey | None) -> object:
    post = request.POST
    return carry_out(
        work.carry_out_step,
        here,
        key,
        command,
        step_code=post.get("step", ""),
        value=_value(post),
        note=post.get("note", ""),
        reason=post.get("reason", ""),
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
    ages = _ages(request.POST.get("ages", ""), len(contents))
    photos = [
        NewPhoto(content.sha256, content.n_bytes, content.media_type, None if age is None else here.at - age)
        for content, age in zip(contents, ages, strict=True)
    ]
    label, signed_by = request.POST.get("label", "after"), request.POST.get("signed_by", "").strip()
    if label == SIGNATURE and not signed_by:
        raise Malformed(field="signed_by", problem="missing")
    return carry_out(work.add_evidence, here, key, command, photos=photos, label=label, signed_by=signed_by)


def _ages(text: str, n: int) -> list[timedelta | None]:
    """Return how old each picture was by the device's own clock when it was sent; unknown without its script."""
    said = text.split(",")
    if len(said) != n or not all(one.isascii() and one.isdigit() and len(one) < _AGE_DIGITS for one in said):
        return [None] * n
    return [timedelta(milliseconds=int(one)) for one in said]


def _pause(here: Inside, key: UUID, request: HttpRequest, command: CommandKey | None) -> object:
    post = request.POST
    return carry_out(
        work.pause_job,
        here,
        key,
        command,
        reason_code=post.get("reason_code", ""),
        expected_at=_expected(post, here.at),
        told=post.get("told", ""),
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
    return carry_out(
        work.finish_job,
        here,
        key,
        command,
        result_text=post.get("result", ""),
        minutes=int(minutes) if minutes else None,
        cause_code=post.get("cause", ""),
        reason=post.get("reason", ""),
    )


def _help(here: Inside, key: UUID, request: HttpRequest, command: CommandKey | None) -> object:
    note = request.POST.get("note", "") or request.POST.get("reason", "")  # in a colleague's name: why is said already
    return carry_out(work.ask_for_help, here, key, command, note=note)


def _hand_over(here: Inside, key: UUID, request: HttpRequest, command: CommandKey | None) -> object:
    worker = worker_named(request.POST.get("to", ""))
    note = request.POST.get("note", "")
    return carry_out(work.hand_over_job, here, key, command, to_worker_id=worker, note=note)


def worker_named(text: str) -> UUID:
    """Return the worker who was chosen. Refuses: Malformed (nobody)."""
    try:
        return UUID(text)
    except ValueError as error:
        raise Malformed(field="worker", problem="missing") from error


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
    "help": _help,
    "hand-over": _hand_over,
    "finish": _finish,
    "return": _said(work.return_job, "reason_code", "note"),
    "take-over": _simple(work.accept_hand_over),
    "leave-it": _simple(work.decline_hand_over),
}
