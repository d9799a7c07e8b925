"""Sending: the request first, then its photos; a photo that is refused never costs the request."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile

from yingxu.demand import actions as demand
from yingxu.ground import actions as ground
from yingxu.ground.actor import Actor
from yingxu.ground.files import Content, store_photo, store_voice, voice_type_of
from yingxu.ground.refusals import Malformed, Refusal
from yingxu.ground.unit import CommandKey


def stored(photos: Sequence[UploadedFile[Any]]) -> tuple[list[Content], list[Malformed]]:
    """Return the photos that are on the disk now, and why others are not."""
    contents, refused = [], []
    for photo in photos:
        try:
            content = photo.read()
            contents.append(store_voice(content) if voice_type_of(content) else store_photo(content))
        except Malformed as why:
            refused.append(why)
    return contents, refused


def add_photos(
    *,
    site_id: int,
    request_id: UUID,
    photos: Sequence[UploadedFile[Any]],
    text: str = "",
    actor: Actor,
    at: datetime,
    command: CommandKey,
) -> Refusal | None:
    """Give photos (and words) to a request; returns why a photo was not taken, or None."""
    contents, refused = stored(photos)
    if contents:
        kept = ground.keep_photos(
            site_id=site_id, contents=contents, actor=actor, at=at, command=_step(command, "files", contents)
        )
        demand.add_word(
            request_id=request_id,
            text=text,
            actor=actor,
            at=at,
            file_keys=kept.keys,
            command=_step(command, "photos", contents),
        )
    elif text:
        demand.add_word(
            request_id=request_id, text=text, actor=actor, at=at, command=_step(command, "photos", contents)
        )
    return refused[0] if refused else None


def _step(command: CommandKey, name: str, contents: Sequence[Content]) -> CommandKey:
    """Return the id of one step of a command; the same photos sent twice are one command."""
    digest = ".".join(content.sha256[:16] for content in contents)
    return CommandKey(f"{command.command_id[:48]}.{name}", f"{command.digest[:20]}.{digest}"[:64])
