"""What a phone may report, by name: each name is one verb of the rooms."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from yingxu.demand import actions as demand
from yingxu.ground import actions as ground
from yingxu.ground import files
from yingxu.ground.files import Content
from yingxu.ground.refusals import Malformed, NotFound
from yingxu.ground.unit import CommandKey
from yingxu.web.inside import Inside
from yingxu.web.mywork.acts import is_token
from yingxu.web.mywork.sync.commands import Reported
from yingxu.work import actions as work
from yingxu.work.actions import JobMoved, NewPhoto

#: (here, command, its key, when it happened) -> what the verb answered.
Act = Callable[[Inside, Reported, CommandKey, datetime], object]
_PHOTO_LIMIT = 8
_MINUTE_LIMIT = 32_767


class PhotosAway(Exception):
    """The command's photos are not here yet: the phone sends them, then the command again."""


def _job(one: Reported) -> UUID:
    if one.job_id is None:
        raise NotFound(kind="job", name="")
    return one.job_id


def _plain(verb: Callable[..., JobMoved]) -> Act:
    def act(here: Inside, one: Reported, key: CommandKey, happened_at: datetime) -> object:
        return verb(job_id=_job(one), actor=here.actor, at=here.at, happened_at=happened_at, command=key)

    return act


def _arrive(here: Inside, one: Reported, key: CommandKey, happened_at: datetime) -> object:
    code, seen = one.text("code", 64), one.said.get("by") == "camera"
    printed = is_token(code)
    return work.arrive_at_job(
        job_id=_job(one),
        qr_token=code if printed and seen else "",
        typed_token=code if printed and not seen else "",
        place_code="" if printed else code,
        actor=here.actor,
        at=here.at,
        happened_at=happened_at,
        command=key,
    )


def _step(here: Inside, one: Reported, key: CommandKey, happened_at: datetime) -> object:
    return work.carry_out_step(
        job_id=_job(one),
        step_code=one.text("step", 32),
        value=one.said.get("value"),
        note=one.text("note", 300),
        actor=here.actor,
        at=here.at,
        happened_at=happened_at,
        command=key,
    )


def _photo(here: Inside, one: Reported, key: CommandKey, happened_at: datetime) -> object:
    return work.add_evidence(
        job_id=_job(one),
        photos=[NewPhoto(content.sha256, content.n_bytes, content.media_type, taken) for content, taken in photos(one)],
        label=one.text("label", 16) or "after",
        actor=here.actor,
        at=here.at,
        happened_at=happened_at,
        command=key,
    )


def photos(one: Reported) -> list[tuple[Content, datetime | None]]:
    """Return the command's photos, all of which are here, with when the phone says each was taken."""
    named = one.said.get("photos") or []
    if not isinstance(named, list) or len(named) > _PHOTO_LIMIT:
        raise Malformed(field="photo", problem="wrong_type")
    return [_stored(photo, one) for photo in named]


def _stored(photo: Any, one: Reported) -> tuple[Content, datetime | None]:
    sha256 = str(photo.get("sha256", "")) if isinstance(photo, dict) else ""
    if len(sha256) != 64 or not sha256.isalnum():
        raise Malformed(field="photo", problem="wrong_type")
    path = files.path_of(sha256)
    if not path.is_file():
        raise PhotosAway
    with path.open("rb") as file:
        media_type = files.media_type_of(file.read(16))
    taken = photo.get("taken_at")
    moment = None
    if isinstance(taken, int | float):
        # by our clock: as far before the act as the phone says
        earlier = one.device_at - datetime.fromtimestamp(taken / 1000, tz=UTC)
        moment = one.happened_at - max(timedelta(0), earlier)
    return Content(sha256, path.stat().st_size, media_type), moment


def _pause(here: Inside, one: Reported, key: CommandKey, happened_at: datetime) -> object:
    return work.pause_job(
        job_id=_job(one),
        reason_code=one.text("reason_code", 8),
        expected_at=happened_at + timedelta(minutes=_minutes(one.said.get("minutes"), field="expected_at") or 0),
        told=one.text("told", 300),
        actor=here.actor,
        at=here.at,
        happened_at=happened_at,
        command=key,
    )


def _minutes(value: Any, *, field: str) -> int | None:
    if value in (None, ""):
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _MINUTE_LIMIT:
        raise Malformed(field=field, problem="wrong_type")
    return value


def _finish(here: Inside, one: Reported, key: CommandKey, happened_at: datetime) -> object:
    return work.finish_job(
        job_id=_job(one),
        result_text=one.text("result", 1000),
        minutes=_minutes(one.said.get("minutes"), field="minutes"),
        cause_code=one.text("cause", 24),
        actor=here.actor,
        at=here.at,
        happened_at=happened_at,
        command=key,
    )


def _return(here: Inside, one: Reported, key: CommandKey, happened_at: datetime) -> object:
    return work.return_job(
        job_id=_job(one),
        reason_code=one.text("reason_code", 24),
        note=one.text("note", 300),
        actor=here.actor,
        at=here.at,
        happened_at=happened_at,
        command=key,
    )


def _help(here: Inside, one: Reported, key: CommandKey, happened_at: datetime) -> object:
    return work.ask_for_help(
        job_id=_job(one),
        note=one.text("note", 300),
        actor=here.actor,
        at=here.at,
        happened_at=happened_at,
        command=key,
    )


def _hand_over(here: Inside, one: Reported, key: CommandKey, happened_at: datetime) -> object:
    try:
        worker = UUID(one.text("to", 36))
    except ValueError as error:
        raise Malformed(field="worker", problem="missing") from error
    return work.hand_over_job(
        job_id=_job(one),
        to_worker_id=worker,
        note=one.text("note", 300),
        actor=here.actor,
        at=here.at,
        happened_at=happened_at,
        command=key,
    )


def _defect(here: Inside, one: Reported, key: CommandKey, happened_at: datetime) -> object:
    """Raise what a worker found by himself; its photos follow under ids derived from the command's."""
    contents = [content for content, _ in photos(one)]
    raised = demand.raise_request(
        site_id=here.site.id,
        channel="self_found",
        text=one.text("text"),
        item_code=one.text("item", 32) or None,
        place_code=one.text("place", 64) or None,
        place_words=one.text("place_words", 200),
        happened_at=happened_at,
        actor=here.actor,
        at=here.at,
        command=key,
    )
    if contents:
        kept = ground.keep_photos(
            site_id=here.site.id,
            contents=contents,
            actor=here.actor,
            at=here.at,
            command=CommandKey(f"{one.id}.files", one.digest),
        )
        demand.add_word(
            request_id=raised.id,
            text="",
            actor=here.actor,
            at=here.at,
            file_keys=kept.keys,
            command=CommandKey(f"{one.id}.photos", one.digest),
        )
    return raised


ACTS: dict[str, Act] = {
    "accept": _plain(work.accept_job),
    "set-out": _plain(work.set_out),
    "arrive": _arrive,
    "start": _plain(work.start_job),
    "safe": _plain(work.make_safe),
    "step": _step,
    "photo": _photo,
    "pause": _pause,
    "resume": _plain(work.resume_job),
    "help": _help,
    "hand-over": _hand_over,
    "take-over": _plain(work.accept_hand_over),
    "leave-it": _plain(work.decline_hand_over),
    "finish": _finish,
    "return": _return,
    "defect": _defect,
}
