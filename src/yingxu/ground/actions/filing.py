"""Keeping what was sent: rows for stored contents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.files import Content
from yingxu.ground.models import File
from yingxu.ground.refusals import Malformed
from yingxu.ground.unit import CommandKey, Unit

#: So many photos at once.
AT_ONCE = 6


@dataclass(frozen=True)
class Kept:
    """Keys of the kept files, in order."""

    keys: tuple[int, ...]


def keep_photos(
    *, site_id: int, contents: Sequence[Content], actor: Actor, at: datetime, command: CommandKey | None = None
) -> Kept:
    """The sender's photos are kept and belong to nothing yet; a verb of a room takes them to its object.

    Records nothing by itself: the fact is recorded by the verb that takes them.
    Refuses: NotAllowed, Malformed (none, too many). Budget: one write.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        authority.require(actor, "file.keep", where=Where(site_id, is_own=True))
        if not contents:
            raise Malformed(field="photo", problem="missing")
        if len(contents) > AT_ONCE:
            raise Malformed(field="photo", problem="too_large", limit=str(AT_ONCE))
        files = [
            unit.insert(
                File(
                    site_id=site_id,
                    sha256=content.sha256,
                    media_type=content.media_type,
                    n_bytes=content.n_bytes,
                    subject_kind="",
                    subject_id=0,
                    sender=actor.key,
                    received_at=at,
                )
            )
            for content in contents
        ]
        unit.answer(Kept(tuple(file.pk for file in files)))
    return unit.answered(Kept)
