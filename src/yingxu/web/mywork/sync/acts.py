"""What a phone may report, by name: each name is one verb of the rooms."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from yingxu.demand import actions as demand
from yingxu.ground import actions as ground
from yingxu.ground import files
from yingxu.ground.files import Content
from yingxu.ground.refusals import Malformed
from yingxu.ground.unit import CommandKey
from yingxu.web.handbook.signing import SIGN, sign
from yingxu.web.inside import Inside
from yingxu.web.mywork.acts import carry_out, is_token, worker_named
from yingxu.web.mywork.sync import moved
from yingxu.web.mywork.sync.commands import Reported
from yingxu.web.mywork.sync.moved import Act, job_of
from yingxu.work import actions as work
from yingxu.work.actions import NewPhoto

_PHOTO_LIMIT = 8
_MINUTE_LIMIT = 32_767
NOTE_LIMIT = 300


class PhotosAway(Exception):
    """The command's photos are not here yet: the phone sends them, then the command again."""


def _do(
    verb: Callable[..., object], one: Reported, here: Inside, key: CommandKey, at: datetime, /, **said: Any
) -> object:
    return carry_out(verb, here, job_of(one), key, at, **said)


def _plain(verb: Callable[..., object]) -> Act:
    def act(here: Inside, one: Reported, key: CommandKey, happened_at: datetime) -> object:
        return _do(verb, one, here, key, happened_at)

    return act


def _arrive(here: Inside, one: Reported, key: CommandKey, happened_at: datetime) -> object:
    code, seen = one.text("code", 64), one.said.get("by") == "camera"
    proof = "place_code" if not is_token(code) else "qr_token" if seen else "typed_token"
    return _do(work.arrive_at_job, one, here, key, happened_at, **{proof: code})


def _step(here: Inside, one: Reported, key: CommandKey, happened_at: datetime) -> object:
    said = {"step_code": one.text("step", 32), "value": one.said.get("value"), "note": one.text("note", NOTE_LIMIT)}
    return _do(work.carry_out_step, one, here, key, happened_at, **said)


def _photo(here: Inside, one: Reported, key: CommandKey, happened_at: datetime) -> object:
    named = photos(one)
    if any(content.media_type in files.HEARD_TYPES for content, _ in named):
        raise Malformed(field="photo", problem="wrong_type")
    taken = [NewPhoto(content.sha256, content.n_bytes, content.media_type, moment) for content, moment in named]
    label = one.text("label", 16) or "after"
    said = {"photos": taken, "label": label, "signed_by": one.text("name", 60)}
    return _do(work.add_evidence, one, here, key, happened_at, **said)


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
        signs = file.read(16)
    media_type = files.media_type_of(signs) or files.voice_type_of(signs)
    taken = photo.get("taken_at")
    moment = None
    if isinstance(taken, int | float):
        # by our clock: as far before the act as the phone says
        earlier = one.device_at - datetime.fromtimestamp(taken / 1000, tz=UTC)
        moment = one.happened_at - max(timedelta(0), earlier)
    return Content(sha256, path.stat().st_size, media_type), moment


def _pause(here: Inside, one: Reported, key: CommandKey, happened_at: datetime) -> object:
    expected_at = happened_at + timedelta(minutes=_minutes(one.said.get("minutes"), field="expected_at") or 0)
    said = {"reason_code": one.text("reason_code", 8), "expected_at": expected_at, "told": one.text("told", NOTE_LIMIT)}
    return _do(work.pause_job, one, here, key, happened_at, **said)


def _minutes(value: Any, *, field: str) -> int | None:
    if value in (None, ""):
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _MINUTE_LIMIT:
        raise Malformed(field=field, problem="wrong_type")
    return value


def _finish(here: Inside, one: Reported, key: CommandKey, happened_at: datetime) -> object:
    minutes = _minutes(one.said.get("minutes"), field="minutes")
    said = {"result_text": one.text("result", 1000), "minutes": minutes, "cause_code": one.text("cause", 24)}
    return _do(work.finish_job, one, here, key, happened_at, **said)


def _return(here: Inside, one: Reported, key: CommandKey, happened_at: datetime) -> object:
    said = {"reason_code": one.text("reason_code", 24), "note": one.text("note", NOTE_LIMIT)}
    return _do(work.return_job, one, here, key, happened_at, **said)


def _help(here: Inside, one: Reported, key: CommandKey, happened_at: datetime) -> object:
    return _do(work.ask_for_help, one, here, key, happened_at, note=one.text("note", NOTE_LIMIT))


def _hand_over(here: Inside, one: Reported, key: CommandKey, happened_at: datetime) -> object:
    said = {"to_worker_id": worker_named(one.text("to", 36)), "note": one.text("note", NOTE_LIMIT)}
    return _do(work.hand_over_job, one, here, key, happened_at, **said)


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
    SIGN: sign,
    **moved.ACTS,
}
