"""Questions about suggestion boxes: the boxes, the letters that were taken out, the public board, one's own answer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Max, Min, OuterRef, Q, Subquery, Sum

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.models import Entry
from yingxu.ground.refusals import NotFound
from yingxu.voice.claims import claim_digest
from yingxu.voice.models import Letter, LetterPhoto, PaperOpening, PaperSlip, SuggestionBox


@dataclass(frozen=True)
class BoxRow:
    """A box with its code, and what lies in it."""

    uid: UUID
    id: int
    site_id: int
    name: str
    place_name: str
    place_name_en: str
    token: str
    is_on: bool
    opened_at: datetime | None
    n_inside: int = 0
    n_open: int = 0
    oldest_on: date | None = None
    #: When the box of wood was opened last, and how many of its counted slips are no letters yet.
    paper_at: datetime | None = None
    n_paper_left: int = 0


@dataclass(frozen=True)
class LetterRow:
    """A letter that was taken out of its box."""

    uid: UUID
    origin: str
    received_on: date
    purpose: str
    text: str
    signature: str
    state: str
    quarantine: str
    verdict: str
    fate: str
    answer: str
    retold: str
    answered_by: str
    answered_on: date | None
    word: str
    word_text: str
    n_disagreed: int
    #: Public keys of its photos; empty where they were not asked for.
    photos: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class OpeningRow:
    """Who opened a box, when, and how many letters there were."""

    opened_at: datetime
    by: str
    n: int
    n_apart: int


@dataclass(frozen=True)
class WitnessedRow:
    """An opening of the box of wood, as its second witness reads it before signing."""

    uid: UUID
    box_name: str
    opened_at: datetime
    opened_by: str
    witness: str
    n: int
    note: str
    countersigned_at: datetime | None


@dataclass(frozen=True)
class PaperRow:
    """An opening of the box of wood: before whom, how many slips it counted, how many are typed and confirmed."""

    opened_at: datetime
    by: str
    witnesses: tuple[str, str]
    note: str
    n: int
    n_typed: int
    n_kept: int
    countersigned_at: datetime | None

    @property
    def n_left(self) -> int:
        """How many of those counted nobody has typed."""
        return self.n - self.n_typed


@dataclass(frozen=True)
class SlipRow:
    """A slip that waits for its second typist."""

    uid: UUID
    typed_by: str
    typed_by_id: int
    typed_at: datetime
    n_characters: int


def box_by_token(token: str) -> BoxRow:
    """Return a box by the code of its page. Refuses: NotFound. Budget: one query."""
    box = SuggestionBox.objects.filter(token=token).select_related("place").first()
    if box is None:
        raise NotFound(kind="box", name="")
    return _box_row(box)


def boxes(actor: Actor, site_id: int) -> tuple[BoxRow, ...]:
    """Return the site's boxes with what lies in them. Refuses: NotAllowed. Budget: one query."""
    authority.require(actor, "box.look", where=Where(site_id=site_id))
    opened = PaperOpening.objects.filter(box=OuterRef("pk")).order_by()
    rows = (
        SuggestionBox.objects.filter(site_id=site_id)
        .select_related("place")
        .annotate(
            n_inside=Count("letters", filter=Q(letters__state="in_box")),
            n_open=Count("letters", filter=Q(letters__state="open", letters__quarantine="")),
            oldest_on=Min("letters__received_on", filter=Q(letters__state="in_box")),
            paper_at=Subquery(opened.values("box").annotate(at=Max("opened_at")).values("at")),
            n_counted=Subquery(opened.values("box").annotate(n=Sum("n_slips")).values("n")),
            n_kept=Subquery(
                PaperSlip.objects.filter(box=OuterRef("pk"), opening__isnull=False, confirmed_by__isnull=False)
                .order_by()
                .values("box")
                .annotate(n=Count("*"))
                .values("n")
            ),
        )
        .order_by("made_at", "id")
    )
    return tuple(_box_row(box) for box in rows)


def box_for(actor: Actor, box_id: UUID) -> BoxRow:
    """Return one box. Refuses: NotAllowed, NotFound. Budget: one query."""
    box = (
        SuggestionBox.objects.filter(uid=box_id)
        .select_related("place")
        .annotate(n_inside=Count("letters", filter=Q(letters__state="in_box")))
        .first()
    )
    if box is None:
        raise NotFound(kind="box", name=str(box_id))
    authority.require(actor, "letter.read", where=Where(site_id=box.site_id))
    return _box_row(box)


def box_of_wood(actor: Actor, box_id: UUID) -> BoxRow:
    """Return one box, to who reads its letters or types its slips. Refuses: NotAllowed, NotFound. Budget: one query."""
    box = SuggestionBox.objects.filter(uid=box_id).select_related("place").first()
    if box is None:
        raise NotFound(kind="box", name=str(box_id))
    authority.require(actor, "box.look", where=Where(site_id=box.site_id))
    return _box_row(box)


def letters_of(
    actor: Actor, box: BoxRow, *, shown: str = "open", after: str = "", limit: int = 20
) -> tuple[tuple[LetterRow, ...], str]:
    """Return letters that were taken out, newest day first, with their photos; ``shown``: open, answered or apart.

    Budget: 2.
    """
    authority.require(actor, "letter.read", where=Where(site_id=box.site_id))
    rows = Letter.objects.filter(box_id=box.id).exclude(state="in_box").select_related("answered_by")
    rows = rows.exclude(quarantine="") if shown == "apart" else rows.filter(quarantine="", state=shown)
    on, _, key = after.partition("~")
    if key.isdigit():
        rows = rows.filter(Q(received_on__lt=on) | Q(received_on=on, pk__lt=int(key)))
    found = list(rows.order_by("-received_on", "-id")[: limit + 1])
    more = f"{found[limit - 1].received_on}~{found[limit - 1].pk}" if len(found) > limit else ""
    photos: dict[int, list[UUID]] = {}
    for letter_id, uid in (
        LetterPhoto.objects.filter(letter__in=[row.pk for row in found[:limit]])
        .order_by("letter_id", "number")
        .values_list("letter_id", "uid")
    ):
        photos.setdefault(letter_id, []).append(uid)
    return tuple(replace(_letter_row(row), photos=tuple(photos.get(row.pk, ()))) for row in found[:limit]), more


def photo_for(actor: Actor, photo_id: UUID) -> tuple[bytes, str]:
    """Return a photo of a letter that was taken out, and its media type. Refuses: NotAllowed, NotFound. Budget: one."""
    row = LetterPhoto.objects.filter(uid=photo_id).exclude(letter__state="in_box").select_related("letter").first()
    if row is None:
        raise NotFound(kind="file", name=str(photo_id))
    authority.require(actor, "letter.read", where=Where(site_id=row.letter.site_id))
    return bytes(row.content), row.media_type


def paper_openings(actor: Actor, box: BoxRow, *, limit: int = 20) -> tuple[PaperRow, ...]:
    """Return the openings of the box of wood, newest first, with what became of their slips. Budget: one query."""
    authority.require(actor, "box.look", where=Where(site_id=box.site_id))
    rows = (
        PaperOpening.objects.filter(box_id=box.id)
        .select_related("opened_by", "witness", "second_witness")
        .annotate(n_typed=Count("slips"), n_kept=Count("slips", filter=Q(slips__confirmed_by__isnull=False)))
        .order_by("-opened_at", "-id")[:limit]
    )
    return tuple(
        PaperRow(
            row.opened_at,
            row.opened_by.name,
            (row.witness.name, row.second_witness.name),
            row.note,
            row.n_slips,
            row.n_typed,
            row.n_kept,
            row.countersigned_at,
        )
        for row in rows
    )


def witnessed(actor: Actor, *, limit: int = 20) -> tuple[WitnessedRow, ...]:
    """Return the openings at which the actor was the second witness, newest first. Budget: one query."""
    rows = PaperOpening.objects.filter(second_witness_id=actor.account_id).order_by("-opened_at", "-id")
    found = rows.values_list(
        "uid", "box__name", "opened_at", "opened_by__name", "witness__name", "n_slips", "note", "countersigned_at"
    )
    return tuple(WitnessedRow(*row) for row in found[:limit]) if actor.account_id is not None else ()


def openings(actor: Actor, box: BoxRow, *, limit: int = 20) -> tuple[OpeningRow, ...]:
    """Return the box's opening record from the ledger, newest first. Budget: one query."""
    authority.require(actor, "letter.read", where=Where(site_id=box.site_id))
    rows = Entry.objects.filter(thread_id=box.id, kind="voice.box.opened").order_by("-happened_at")[:limit]
    return tuple(OpeningRow(r.happened_at, r.actor_name, r.facts["n"], r.facts["n_apart"]) for r in rows)


def slips_waiting(actor: Actor, box: BoxRow) -> tuple[SlipRow, ...]:
    """Return slips that wait for the second typist; their text is not shown to her. Budget: one query."""
    authority.require(actor, "box.look", where=Where(site_id=box.site_id))
    rows = PaperSlip.objects.filter(box_id=box.id, confirmed_by=None).select_related("typed_by").order_by("typed_at")
    return tuple(SlipRow(r.uid, r.typed_by.name, r.typed_by_id, r.typed_at, len(r.text)) for r in rows[:50])


def letter_for(actor: Actor, letter_id: UUID) -> LetterRow:
    """Return one letter that was taken out. Refuses: NotAllowed, NotFound. Budget: one query."""
    row = Letter.objects.filter(uid=letter_id).exclude(state="in_box").select_related("answered_by").first()
    if row is None:
        raise NotFound(kind="letter", name=str(letter_id))
    authority.require(actor, "letter.read", where=Where(site_id=row.site_id))
    return _letter_row(row)


def letter_by_code(token: str, claim_code: str) -> LetterRow:
    """Return the letter that a claim code opens, at its own box. Refuses: NotFound. Budget: 2."""
    letter = (
        Letter.objects.filter(box__token=token, claim_digest=claim_digest(claim_code))
        .select_related("answered_by")
        .first()
    )
    if letter is None:
        raise NotFound(kind="letter", name="")
    uids = LetterPhoto.objects.filter(letter=letter).order_by("number").values_list("uid", flat=True)
    return replace(_letter_row(letter), photos=tuple(uids))


def answered_in_public(site_id: int, *, limit: int = 30) -> tuple[LetterRow, ...]:
    """Return the public answers: what was asked as retold without names, and what was answered. Budget: one query."""
    rows = Letter.objects.filter(site_id=site_id, state="answered", quarantine="").exclude(retold="")
    return tuple(_letter_row(row) for row in rows.select_related("answered_by").order_by("-answered_on", "id")[:limit])


def _box_row(box: SuggestionBox) -> BoxRow:
    return BoxRow(
        box.uid,
        box.pk,
        box.site_id,
        box.name,
        box.place.full_name if box.place else "",
        box.place.full_name_en if box.place else "",
        box.token,
        box.is_on,
        box.opened_at,
        getattr(box, "n_inside", 0),
        getattr(box, "n_open", 0),
        getattr(box, "oldest_on", None),
        getattr(box, "paper_at", None),
        (getattr(box, "n_counted", 0) or 0) - (getattr(box, "n_kept", 0) or 0),
    )


def _letter_row(row: Letter) -> LetterRow:
    return LetterRow(
        row.uid,
        row.origin,
        row.received_on,
        row.purpose,
        row.text,
        row.signature,
        row.state,
        row.quarantine,
        row.verdict,
        row.fate,
        row.answer,
        row.retold,
        row.answered_by.name if row.answered_by else "",
        row.answered_on,
        row.word,
        row.word_text,
        row.n_disagreed,
    )
