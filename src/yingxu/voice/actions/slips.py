"""Paper slips: typed by one person, confirmed by a second who types the same."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.refusals import Malformed, NotFound
from yingxu.ground.unit import CommandKey, Unit
from yingxu.voice.actions.boxes import box_of
from yingxu.voice.claims import LETTER_LIMIT, day_at
from yingxu.voice.events import SlipConfirmed, SlipTyped
from yingxu.voice.models import Letter, PaperSlip
from yingxu.voice.refusals import SlipsDiffer


@dataclass(frozen=True)
class SlipKept:
    """A slip, and whether it is a letter now."""

    uid: UUID
    is_letter: bool


def type_slip(*, box_id: UUID, text: str, actor: Actor, at: datetime, command: CommandKey | None = None) -> SlipKept:
    """A slip is typed and waits for the second person. Records SlipTyped. Refuses: NotAllowed, NotFound, Malformed."""
    with Unit(actor=actor, at=at, command=command) as unit:
        box = box_of(box_id)
        authority.require(actor, "slip.type", where=Where(site_id=box.site_id))
        if not text.strip():
            raise Malformed(field="text", problem="missing")
        if len(text) > LETTER_LIMIT:
            raise Malformed(field="text", problem="too_long", limit=str(LETTER_LIMIT))
        slip = unit.insert(
            PaperSlip(site_id=box.site_id, box=box, text=text.strip(), typed_by_id=actor.account_id or 0, typed_at=at)
        )
        unit.record(SlipTyped(site_id=box.site_id, subject_id=slip.pk, thread_id=box.pk))
        unit.answer(SlipKept(slip.uid, is_letter=False))
    return unit.answered(SlipKept)


def confirm_slip(
    *, slip_id: UUID, text: str, actor: Actor, at: datetime, command: CommandKey | None = None
) -> SlipKept:
    """A second person typed the same from the paper, so that it is a letter in the box.

    Blanks and the width of signs may differ. Records SlipConfirmed.
    Refuses: NotAllowed, NotFound, OwnWork (the first typist), SlipsDiffer. Budget: 2.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        slip = PaperSlip.objects.filter(uid=slip_id, confirmed_by=None).select_related("site").first()
        if slip is None:
            raise NotFound(kind="slip", name=str(slip_id))
        authority.require(actor, "slip.type", where=Where(site_id=slip.site_id))
        authority.refuse_own_work(actor, (slip.typed_by_id,), action="slip.type")
        first, second = _plain(slip.text), _plain(text)
        if first != second:
            pairs = zip(first, second, strict=False)
            raise SlipsDiffer(place=next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(first), len(second))))
        unit.change(slip, seen=["confirmed_by"], confirmed_by_id=actor.account_id)
        unit.insert(
            Letter(
                site_id=slip.site_id,
                box_id=slip.box_id,
                origin="paper",
                received_on=day_at(slip.site, at),
                text=slip.text,
            )
        )
        unit.record(SlipConfirmed(site_id=slip.site_id, subject_id=slip.pk, thread_id=slip.box_id))
        unit.answer(SlipKept(slip.uid, is_letter=True))
    return unit.answered(SlipKept)


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())
