"""What an asker may do: each act reads its form, makes one call, and may say what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest

from yingxu.demand import actions as demand
from yingxu.ground.actor import Actor
from yingxu.ground.refusals import Malformed
from yingxu.ground.unit import CommandKey
from yingxu.verify import actions as verify
from yingxu.voice import actions as voice
from yingxu.web.ask import sending
from yingxu.web.inside import new_command


@dataclass(frozen=True)
class Act:
    """One act on its way: who, on which request, when, under which command."""

    request: HttpRequest
    actor: Actor
    site_id: int
    request_id: UUID
    at: datetime
    command: CommandKey | None

    def said(self, name: str = "text") -> str:
        """Return a field of the form."""
        return self.request.POST.get(name, "").strip()

    def job(self) -> UUID:
        """Return the job that the form is about; refuses: Malformed."""
        try:
            return UUID(self.said("job"))
        except ValueError:
            raise Malformed(field="job", problem="wrong_type") from None


def urge(act: Act) -> None:
    demand.urge_request(request_id=act.request_id, text=act.said(), actor=act.actor, at=act.at, command=act.command)


def add(act: Act) -> None:
    photos = act.request.FILES.getlist("photos")
    if not photos:
        demand.add_word(request_id=act.request_id, text=act.said(), actor=act.actor, at=act.at, command=act.command)
        return
    refused = sending.add_photos(
        site_id=act.site_id,
        request_id=act.request_id,
        photos=photos,
        text=act.said(),
        actor=act.actor,
        at=act.at,
        command=act.command or CommandKey(new_command(), ""),
    )
    if refused is not None:
        raise refused


def answer(act: Act) -> None:
    demand.answer_clarification(
        request_id=act.request_id,
        text=act.said(),
        phone=act.said("phone"),
        actor=act.actor,
        at=act.at,
        command=act.command,
    )


def cancel(act: Act) -> None:
    demand.cancel_request(
        request_id=act.request_id,
        reason_code=act.said("reason"),
        askers_word=act.said(),
        actor=act.actor,
        at=act.at,
        command=act.command,
    )


def good(act: Act) -> str:
    judged = verify.confirm_job(job_id=act.job(), text=act.said(), actor=act.actor, at=act.at, command=act.command)
    return "held" if judged.is_held else "good"


def bad(act: Act) -> None:
    verify.send_back_job(
        job_id=act.job(),
        reason_code=act.said("reason"),
        text=act.said(),
        actor=act.actor,
        at=act.at,
        command=act.command,
    )


def again(act: Act) -> None:
    verify.reopen_job(
        job_id=act.job(),
        reason_code=act.said("reason"),
        text=act.said(),
        actor=act.actor,
        at=act.at,
        command=act.command,
    )


def disagree(act: Act) -> None:
    demand.object_to_decline(
        request_id=act.request_id, text=act.said(), actor=act.actor, at=act.at, command=act.command
    )


def rate(act: Act) -> str:
    """One tap of a face; reasons and words may come with it, or follow."""
    stars = act.said("stars")
    if not stars.isascii() or not stars.isdigit():
        raise Malformed(field="stars", problem="missing")
    voice.rate_request(
        request_id=act.request_id,
        stars=int(stars),
        reasons=act.request.POST.getlist("reason"),
        text=act.said(),
        rater=act.said("rater") or "asker",
        actor=act.actor,
        at=act.at,
        command=act.command,
    )
    return "rate"


def explain(act: Act) -> None:
    """Why, after the tap."""
    voice.explain_rating(
        request_id=act.request_id,
        reasons=act.request.POST.getlist("reason"),
        text=act.said(),
        rater=act.said("rater") or "asker",
        actor=act.actor,
        at=act.at,
        command=act.command,
    )


def fate(act: Act) -> None:
    """Who rated says of the answer: understood, or still disagree."""
    try:
        voice_id = UUID(act.said("voice"))
    except ValueError:
        raise Malformed(field="text", problem="wrong_type") from None
    is_content = act.said("content") == "1"
    voice.judge_voice(voice_id=voice_id, is_content=is_content, actor=act.actor, at=act.at, command=act.command)


#: Address -> act; another word in the address is not found.
ACTS: dict[str, Callable[[Act], str | None]] = {
    "urge": urge,
    "add": add,
    "answer": answer,
    "cancel": cancel,
    "good": good,
    "bad": bad,
    "again": again,
    "disagree": disagree,
    "rate": rate,
    "explain": explain,
    "fate": fate,
}
