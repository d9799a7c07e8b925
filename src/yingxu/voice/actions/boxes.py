"""Verbs of suggestion boxes: put up, open, switch; drop a letter, answer it, judge the answer, hold it apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from yingxu.ground import authority, ids
from yingxu.ground.actor import Actor, engine
from yingxu.ground.authority import Where
from yingxu.ground.models import Place
from yingxu.ground.refusals import Malformed, NotFound
from yingxu.ground.unit import CommandKey, Unit
from yingxu.voice.bare import bare_photo
from yingxu.voice.claims import (
    CODE_LETTERS,
    FATES,
    LETTER_LIMIT,
    OLDEST,
    PHOTOS,
    PURPOSES,
    VERDICTS,
    claim_digest,
    day_at,
)
from yingxu.voice.events import BoxMade, BoxOpened, BoxSwitched, LetterAnswered, LetterHeldApart, LetterReceived
from yingxu.voice.models import Letter, LetterPhoto, SuggestionBox
from yingxu.voice.refusals import BoxClosed, NothingToSay, NotOpenedYet

#: The box itself: the only actor of letters.
BOX = engine("box")


@dataclass(frozen=True)
class BoxKept:
    """A box and the code of its page."""

    uid: UUID
    token: str


@dataclass(frozen=True)
class Opened:
    """How many letters lay in the box, how many of them are held apart."""

    n: int
    n_apart: int


@dataclass(frozen=True)
class LetterKept:
    """What became of a letter."""

    state: str


def make_box(
    *, site_id: int, name: str, place_code: str = "", actor: Actor, at: datetime, command: CommandKey | None = None
) -> BoxKept:
    """A suggestion box stands. Records BoxMade. Refuses: NotAllowed, Malformed, NotFound. Budget: 2."""
    with Unit(actor=actor, at=at, command=command) as unit:
        authority.require(actor, "box.manage", where=Where(site_id=site_id))
        if not name.strip():
            raise Malformed(field="name", problem="missing")
        place = Place.objects.filter(site_id=site_id, code=place_code).first() if place_code else None
        if place_code and place is None:
            raise NotFound(kind="place", name=place_code)
        box = unit.insert(
            SuggestionBox(site_id=site_id, place=place, name=name.strip()[:120], token=ids.new_code(), made_at=at)
        )
        unit.record(BoxMade(site_id=site_id, subject_id=box.pk, thread_id=box.pk, name=box.name))
        unit.answer(BoxKept(box.uid, box.token))
    return unit.answered(BoxKept)


def switch_box(*, box_id: UUID, is_on: bool, actor: Actor, at: datetime, command: CommandKey | None = None) -> BoxKept:
    """A box takes letters, or takes none any more; those in it stay. Records BoxSwitched.

    Refuses: NotAllowed, NotFound.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        box = box_of(box_id)
        authority.require(actor, "box.manage", where=Where(site_id=box.site_id))
        if box.is_on != is_on:
            unit.change(box, is_on=is_on)
            unit.record(BoxSwitched(site_id=box.site_id, subject_id=box.pk, thread_id=box.pk, is_on=is_on))
        unit.answer(BoxKept(box.uid, box.token))
    return unit.answered(BoxKept)


def drop_letter(
    *,
    token: str,
    text: str,
    claim_code: str,
    purpose: str = "",
    signature: str = "",
    photos: Sequence[bytes] = (),
    ago_s: float = 0.0,
    is_suspect: bool = False,
    actor: Actor,
    at: datetime,
) -> LetterKept:
    """A letter lies in the box; who wrote it, from where and at which hour is kept nowhere.

    It carries no command and records nothing: both would keep the second. The claim code does what a command does:
    the same letter under the same code is kept once. Of ``photos`` the picture alone is kept, not what the camera wrote
    beside it. ``ago_s``: so long it waited in a phone without network. ``is_suspect``: one of too many, held apart.
    Refuses: NotAllowed, NotFound, BoxClosed, Malformed. Budget: 3.
    """
    with Unit(actor=actor, at=at) as unit:
        box = SuggestionBox.objects.filter(token=token).select_related("site").first()
        if box is None:
            raise NotFound(kind="box", name="")
        authority.require(actor, "letter.drop", where=Where(site_id=box.site_id))
        if not box.is_on:
            raise BoxClosed()
        if not text.strip():
            raise Malformed(field="text", problem="missing")
        if len(text) > LETTER_LIMIT:
            raise Malformed(field="text", problem="too_long", limit=str(LETTER_LIMIT))
        if purpose and purpose not in PURPOSES:
            raise Malformed(field="purpose", problem="unknown")
        if len(claim_code.strip()) < CODE_LETTERS:
            raise Malformed(field="claim_code", problem="too_small", limit=str(CODE_LETTERS))
        if len(photos) > PHOTOS:
            raise Malformed(field="photo", problem="too_many", limit=str(PHOTOS))
        bare = [bare_photo(photo) for photo in photos]
        digest = claim_digest(claim_code)
        if not Letter.objects.filter(claim_digest=digest).exists():
            letter = unit.insert(
                Letter(
                    site_id=box.site_id,
                    box=box,
                    origin="page",
                    received_on=day_at(box.site, at - min(timedelta(seconds=max(0.0, ago_s)), OLDEST)),
                    purpose=purpose,
                    text=text.strip(),
                    signature=signature.strip()[:80],
                    claim_digest=digest,
                    quarantine="too_many" if is_suspect else "",
                )
            )
            for number, (content, media_type) in enumerate(bare):
                unit.insert(
                    LetterPhoto(letter=letter, number=number, media_type=media_type, content=f"\\x{content.hex()}")
                )
        unit.answer(LetterKept("in_box"))
    return unit.answered(LetterKept)


def open_box(*, box_id: UUID, actor: Actor, at: datetime, command: CommandKey | None = None) -> Opened:
    """Everything in the box is taken out at once and can be read; an empty box was opened too.

    Records BoxOpened by who opened it, and LetterReceived by the box at midnight of the letter's day.
    Refuses: NotAllowed, NotFound. Budget: 3.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        box = box_of(box_id)
        authority.require(actor, "box.open", where=Where(site_id=box.site_id))
        zone = ZoneInfo(box.site.timezone)
        letters = list(Letter.objects.filter(box=box, state="in_box").order_by("received_on", "id"))
        for letter in letters:
            unit.change(letter, seen=["state"], state="open", opened_on=day_at(box.site, at))
            unit.record(
                LetterReceived(
                    site_id=box.site_id,
                    subject_id=letter.pk,
                    thread_id=box.pk,
                    origin=letter.origin,
                    is_signed=bool(letter.signature),
                ),
                actor=BOX,
                happened_at=datetime.combine(letter.received_on, time(), zone),
            )
        n_apart = sum(bool(letter.quarantine) for letter in letters)
        unit.change(box, opened_at=at)
        unit.record(
            BoxOpened(site_id=box.site_id, subject_id=box.pk, thread_id=box.pk, n=len(letters), n_apart=n_apart)
        )
        unit.answer(Opened(len(letters), n_apart))
    return unit.answered(Opened)


def answer_letter(
    *,
    letter_id: UUID,
    verdict: str,
    fate: str,
    answer: str,
    retold: str = "",
    purpose: str = "",
    actor: Actor,
    at: datetime,
    command: CommandKey | None = None,
) -> LetterKept:
    """A letter has its answer, its fate and, retold without names, its place on the public board.

    After a second "still disagree" a director answers (domain S64). A vent is answered by a person like any other.
    Records LetterAnswered. Refuses: NotAllowed, NotFound, NotOpenedYet, Malformed. Budget: 2.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        letter = _letter(letter_id)
        act = "letter.answer_disputed" if letter.n_disagreed > 1 else "letter.answer"
        authority.require(actor, act, where=Where(site_id=letter.site_id))
        if letter.state == "in_box":
            raise NotOpenedYet()
        for name, value, known in (("verdict", verdict, VERDICTS), ("fate", fate, FATES)):
            if value not in known:
                raise Malformed(field=name, problem="unknown" if value else "missing")
        if not answer.strip():
            raise Malformed(field="answer", problem="missing")
        if purpose and purpose not in PURPOSES:
            raise Malformed(field="purpose", problem="unknown")
        unit.change(
            letter,
            seen=["state", "n_disagreed"],
            purpose=letter.purpose or purpose,
            state="answered",
            verdict=verdict,
            fate=fate,
            answer=answer.strip()[:LETTER_LIMIT],
            retold=retold.strip()[:LETTER_LIMIT],
            answered_by_id=actor.account_id,
            answered_on=day_at(letter.site, at),
            word="",
        )
        unit.record(
            LetterAnswered(
                site_id=letter.site_id,
                subject_id=letter.pk,
                thread_id=letter.box_id or letter.survey_id or letter.pk,
                verdict=verdict,
                fate=fate,
                is_public=bool(retold.strip()),
            )
        )
        unit.answer(LetterKept("answered"))
    return unit.answered(LetterKept)


def judge_answer(*, claim_code: str, word: str, text: str = "", actor: Actor, at: datetime) -> LetterKept:
    """The writer says the last word: understood, or still disagrees, which opens the letter again.

    Records nothing, for the same reason as the letter itself. Refuses: NotAllowed, NotFound, Malformed, NothingToSay.
    """
    with Unit(actor=actor, at=at) as unit:
        letter = Letter.objects.filter(claim_digest=claim_digest(claim_code)).first()
        if letter is None:
            raise NotFound(kind="letter", name="")
        authority.require(actor, "letter.judge", where=Where(site_id=letter.site_id))
        if word not in ("understood", "disagree"):
            raise Malformed(field="word", problem="unknown")
        if letter.state != "answered" or letter.word == "understood":
            raise NothingToSay()
        more = (
            {}
            if word == "understood"
            else {"state": "open", "n_disagreed": letter.n_disagreed + 1, "word_text": text.strip()[:LETTER_LIMIT]}
        )
        unit.change(letter, seen=["state"], word=word, **more)
        unit.answer(LetterKept(letter.state))
    return unit.answered(LetterKept)


def hold_letter_apart(
    *, letter_id: UUID, reason: str, actor: Actor, at: datetime, command: CommandKey | None = None
) -> LetterKept:
    """A letter is held apart for a reason, or back among the others (empty); it is never deleted.

    Records LetterHeldApart. Refuses: NotAllowed, NotFound, NotOpenedYet. Budget: 2.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        letter = _letter(letter_id)
        authority.require(actor, "letter.hold_apart", where=Where(site_id=letter.site_id))
        if letter.state == "in_box":
            raise NotOpenedYet()
        if reason not in ("", "abuse", "too_many"):
            raise Malformed(field="reason", problem="unknown")
        unit.change(letter, quarantine=reason)
        unit.record(
            LetterHeldApart(
                site_id=letter.site_id,
                subject_id=letter.pk,
                thread_id=letter.box_id or letter.survey_id or letter.pk,
                reason=reason,
            )
        )
        unit.answer(LetterKept(letter.state))
    return unit.answered(LetterKept)


def box_of(box_id: UUID) -> SuggestionBox:
    """Return a box with its site. Refuses: NotFound."""
    box = SuggestionBox.objects.filter(uid=box_id).select_related("site").first()
    if box is None:
        raise NotFound(kind="box", name=str(box_id))
    return box


def _letter(letter_id: UUID) -> Letter:
    letter = Letter.objects.filter(uid=letter_id).select_related("site").first()
    if letter is None:
        raise NotFound(kind="letter", name=str(letter_id))
    return letter
