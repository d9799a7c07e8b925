"""Paper slips: counted before two witnesses, typed by one person, confirmed by a second who types the same."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from uuid import UUID

from django.db.models import Count, F

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.models import Account
from yingxu.ground.queries import actor_of_account
from yingxu.ground.refusals import Malformed, NotFound
from yingxu.ground.unit import CommandKey, Unit
from yingxu.voice.actions.boxes import box_of
from yingxu.voice.actions.named import account_named
from yingxu.voice.claims import LETTER_LIMIT, day_at
from yingxu.voice.events import PaperCountersigned, PaperTakenOut, SlipConfirmed, SlipTyped
from yingxu.voice.models import Letter, PaperOpening, PaperSlip, SuggestionBox
from yingxu.voice.refusals import NoSlipCounted, SlipsDiffer, WitnessesNeeded

#: Two typings of one slip have at least this share of signs in common.
ALIKE = 0.6
#: More slips than this are a mistyped number.
MOST_SLIPS = 999


@dataclass(frozen=True)
class SlipKept:
    """A slip, and whether it is a letter now."""

    uid: UUID
    is_letter: bool


@dataclass(frozen=True)
class TakenOut:
    """An opening of the box of wood, and how many slips it counted."""

    uid: UUID
    n: int


def take_out_paper(
    *,
    box_id: UUID,
    n: int,
    witnesses: Sequence[str],
    note: str = "",
    actor: Actor,
    at: datetime,
    command: CommandKey | None = None,
) -> TakenOut:
    """The box of wood was opened before two witnesses (account or full name), who are told, and its slips counted.

    As many slips can be typed as were counted, no more. The second witness is one who may sign by account, whichever
    was named first. Records PaperTakenOut. Refuses: NotAllowed, NotFound, Malformed, WitnessesNeeded. Budget: 7.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        box = box_of(box_id)
        authority.require(actor, "box.open", where=Where(site_id=box.site_id))
        if not 0 <= n <= MOST_SLIPS:
            raise Malformed(field="n_slips", problem="out_of_range", limit=str(MOST_SLIPS))
        found = [account_named(name) for name in witnesses if name.strip()]
        if len({one.pk for one in found} - {actor.account_id}) != 2:
            raise WitnessesNeeded()
        found.sort(key=lambda one: _may_sign(one, box.site_id))
        if not _may_sign(found[1], box.site_id):
            raise WitnessesNeeded()
        opening = unit.insert(
            PaperOpening(
                site_id=box.site_id,
                box=box,
                opened_by_id=actor.account_id or 0,
                witness=found[0],
                second_witness=found[1],
                opened_at=at,
                n_slips=n,
                note=note.strip()[:300],
            )
        )
        fact = PaperTakenOut(
            site_id=box.site_id,
            subject_id=box.pk,
            thread_id=box.pk,
            n=n,
            witnesses="、".join(one.name for one in found),
            note=note.strip()[:300],
        )
        entry = unit.record(fact)
        for one in found:
            unit.deliver(entry=entry, fact=fact, channel="in_app", to_account_id=one.pk)
        unit.answer(TakenOut(opening.uid, n))
    return unit.answered(TakenOut)


def _may_sign(witness: Account, site_id: int) -> bool:
    where = Where(site_id=site_id, owner_ids=(witness.pk,))
    return authority.may(actor_of_account(witness), "box.countersign", where=where)


def countersign_opening(*, opening_id: UUID, actor: Actor, at: datetime, command: CommandKey | None = None) -> TakenOut:
    """The second witness signs, with the own account, for what was recorded of an opening: once, nobody else can.

    Records PaperCountersigned. Refuses: NotAllowed, NotFound, Stale. Budget: 2.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        row = PaperOpening.objects.filter(uid=opening_id, countersigned_at=None).first()
        if row is None:
            raise NotFound(kind="box", name="")
        where = Where(site_id=row.site_id, owner_ids=(row.second_witness_id,))
        authority.require(actor, "box.countersign", where=where)
        unit.change(row, seen=["countersigned_at"], countersigned_at=at)
        unit.record(PaperCountersigned(site_id=row.site_id, subject_id=row.box_id, thread_id=row.box_id, n=row.n_slips))
        unit.answer(TakenOut(row.uid, row.n_slips))
    return unit.answered(TakenOut)


def type_slip(*, box_id: UUID, text: str, actor: Actor, at: datetime, command: CommandKey | None = None) -> SlipKept:
    """A slip that was counted is typed and waits for the second person. Records SlipTyped.

    Refuses: NotAllowed, NotFound, Malformed, NoSlipCounted. Budget: 5.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        box = box_of(box_id)
        authority.require(actor, "slip.type", where=Where(site_id=box.site_id))
        if not text.strip():
            raise Malformed(field="text", problem="missing")
        if len(text) > LETTER_LIMIT:
            raise Malformed(field="text", problem="too_long", limit=str(LETTER_LIMIT))
        unit.locking()
        SuggestionBox.objects.select_for_update(no_key=True).get(pk=box.pk)
        openings = PaperOpening.objects.filter(box=box).annotate(n_typed=Count("slips"))
        opening = openings.filter(n_typed__lt=F("n_slips")).order_by("opened_at", "id").first()
        if opening is None:
            last = PaperOpening.objects.filter(box=box).order_by("-opened_at").first()
            raise NoSlipCounted(n=last.n_slips if last else 0)
        slip = unit.insert(
            PaperSlip(
                site_id=box.site_id,
                box=box,
                opening=opening,
                text=text.strip(),
                typed_by_id=actor.account_id or 0,
                typed_at=at,
            )
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
            raise SlipsDiffer(
                place=next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(first), len(second))),
                differences=differences(slip.text, text),
            )
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


def retype_slip(*, slip_id: UUID, text: str, actor: Actor, at: datetime, command: CommandKey | None = None) -> SlipKept:
    """The first typing was wrong: the second one stands instead of it, and somebody else types it again.

    Records SlipTyped (again). Refuses: NotAllowed, NotFound, OwnWork, Malformed. Budget: 2.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        slip = PaperSlip.objects.filter(uid=slip_id, confirmed_by=None).select_related("site").first()
        if slip is None:
            raise NotFound(kind="slip", name=str(slip_id))
        authority.require(actor, "slip.type", where=Where(site_id=slip.site_id))
        authority.refuse_own_work(actor, (slip.typed_by_id,), action="slip.type")
        if not text.strip():
            raise Malformed(field="text", problem="missing")
        if len(text) > LETTER_LIMIT:
            raise Malformed(field="text", problem="too_long", limit=str(LETTER_LIMIT))
        unit.change(
            slip,
            seen=["confirmed_by", "typed_by"],
            text=text.strip(),
            typed_by_id=actor.account_id or 0,
            typed_at=at,
        )
        unit.record(SlipTyped(site_id=slip.site_id, subject_id=slip.pk, thread_id=slip.box_id, again=True))
        unit.answer(SlipKept(slip.uid, is_letter=False))
    return unit.answered(SlipKept)


def differences(first: str, second: str) -> tuple[tuple[str, str], ...]:
    """Return where two typings differ, as (first's, second's) with a few signs of what stands before and after.

    Nothing of two that have little in common: who typed anything at all would else read the first one here.
    """
    one, other = _plain(first), _plain(second)
    compared = SequenceMatcher(None, one, other, autojunk=False)
    if compared.ratio() < ALIKE:
        return ()
    found = []
    for kind, a, b, c, d in compared.get_opcodes():
        if kind != "equal":
            found.append((f"{one[max(0, a - 4) : b + 4]}", f"{other[max(0, c - 4) : d + 4]}"))
    return tuple(found)


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())
