"""What is still to be read and signed: editions in force less the receipts; nothing is kept of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Max

from yingxu.ground.models import Delivery
from yingxu.team.handbook.values import GENERAL, Reading, days_to_read, rules_edition
from yingxu.team.models import QuizAttempt, Receipt, Signature
from yingxu.team.queries.books import InForce, covered, in_force, procedures, standing_of
from yingxu.team.queries.posts import Standing


@dataclass(frozen=True)
class Owed:
    """One edition that a person has to read, with the edition signed for before, if any, and until when."""

    edition: InForce
    older_id: int | None
    due_at: datetime


def owed_of(
    standing: Standing, editions: Iterable[InForce], signed: Iterable[int], signed_items: dict[int, int]
) -> tuple[Owed, ...]:
    """Return what of these editions a person has not signed for.

    ``signed`` are keys of editions; ``signed_items`` gives for an item the newest edition signed for.
    """
    known = set(signed)
    days = days_to_read()
    found = []
    for one in editions:
        if one.edition_id in known:
            continue
        older = signed_items.get(one.item_id)
        kind = "first" if older is None else "change_critical" if one.priority == 1 else "change"
        since = max(one.from_at, standing.since_at) if standing.since_at else one.from_at
        found.append(Owed(one, older, since + timedelta(days=days[kind])))
    return tuple(found)


def signed_by(
    site_id: int, account_ids: Iterable[int] | None = None, *, as_of: datetime | None = None
) -> dict[int, tuple[set[int], dict[int, int]]]:
    """Return by person the editions signed for (up to ``as_of``), and the newest of them by item. Budget: one query."""
    rows = Receipt.objects.filter(site_id=site_id)
    if as_of is not None:
        rows = rows.filter(signature__signed_at__lte=as_of)
    if account_ids is not None:
        rows = rows.filter(account_id__in=list(account_ids))
    found: dict[int, tuple[set[int], dict[int, int]]] = {}
    for account_id, editions, items, numbers in rows.values_list("account_id").annotate(
        editions=ArrayAgg("edition_id", order_by="edition__number"),
        items=ArrayAgg("edition__item_id", order_by="edition__number"),
        numbers=ArrayAgg("edition__number", order_by="edition__number"),
    ):
        # in the order of their numbers, so that the newest stays
        found[account_id] = (set(editions), dict(zip(items, editions, strict=True)) if numbers else {})
    return found


def rules_signed_by(site_id: int, account_ids: Iterable[int] | None = None) -> dict[int, int]:
    """Return by person the newest edition of the general rules signed for. Budget: one query."""
    rows = Signature.objects.filter(site_id=site_id, rules_edition__isnull=False)
    if account_ids is not None:
        rows = rows.filter(account_id__in=list(account_ids))
    return dict(rows.values_list("account_id").annotate(newest=Max("rules_edition")))


def readings_of(site_id: int, account_id: int, *, part: str = "", as_of: datetime | None = None) -> tuple[Reading, ...]:
    """Return what a person has to read, the earliest limit first: changes, chapters read for the first time, the rules.

    With ``part`` that reading alone; with ``as_of`` as it was then, by the posts of today.

    Budget: seven queries, nine without a team; five when nothing is owed.
    """
    standing = standing_of(site_id, account_id)
    owed = tuple(
        one
        for one in _owed(site_id, standing, as_of=as_of)
        if part in ("", one.edition.item_code if one.older_id else one.edition.line_code)
    )
    rules = rules_signed_by(site_id, (account_id,)).get(account_id, 0) if part in ("", GENERAL) else rules_edition()
    keys = {one.edition.edition_id for one in owed} | {one.older_id for one in owed if one.older_id}
    text = {one.edition_id: one for one in procedures(keys)} if keys else {}
    found = [
        Reading(one.edition.item_code, "change", (text[one.edition.edition_id],), text[one.older_id], one.due_at)
        for one in owed
        if one.older_id
    ]
    fresh = [one for one in owed if not one.older_id]
    for line_code, group in groupby(fresh, key=lambda one: one.edition.line_code):
        chapter = list(group)
        pages = tuple(text[one.edition.edition_id] for one in chapter)
        found.append(Reading(line_code, "chapter", pages, None, min(one.due_at for one in chapter)))
    if rules < rules_edition() and standing.since_at is not None:
        due_at = standing.since_at + timedelta(days=days_to_read()["first"])
        found.append(Reading(GENERAL, GENERAL, (), None, due_at))
    return tuple(sorted(found, key=lambda one: (one.due_at, one.part)))


def _owed(site_id: int, standing: Standing, *, as_of: datetime | None = None) -> tuple[Owed, ...]:
    editions = covered(standing, in_force(site_id, standing.covers, as_of=as_of)) if standing.covers else ()
    receipts = signed_by(site_id, (standing.account_id,), as_of=as_of)
    signed, by_item = receipts.get(standing.account_id, (set(), {}))
    return owed_of(standing, editions, signed, by_item)


def n_owed(site_id: int, account_id: int) -> int:
    """Return how many editions (and rules) a person has to read. Budget: five queries, seven without a team."""
    standing = standing_of(site_id, account_id)
    rules = rules_signed_by(site_id, (account_id,)).get(account_id, 0)
    is_rules = rules < rules_edition() and standing.since_at is not None
    return len(_owed(site_id, standing)) + is_rules


def is_unsigned(account_id: int, reading: Reading) -> bool:
    """Tell whether nothing of a reading is signed for yet, whenever that was. Budget: one query."""
    if not reading.procedures:
        return not Signature.objects.filter(account_id=account_id, rules_edition=rules_edition()).exists()
    keys = [one.edition_id for one in reading.procedures]
    return not Receipt.objects.filter(account_id=account_id, edition_id__in=keys).exists()


def n_attempts(account_id: int, reading: Reading) -> int:
    """Return how often a person tried the questions of a reading. Budget: one query."""
    rows = QuizAttempt.objects.filter(account_id=account_id, reading=reading.digest)
    return rows.aggregate(newest=Max("number"))["newest"] or 0


@dataclass(frozen=True)
class TryRow:
    """The last try at the questions of a reading: its number, what was answered, how many were right."""

    number: int
    answers: tuple[int, ...]
    n_right: int


def last_try(account_id: int, reading: Reading) -> TryRow | None:
    """Return a person's last try at a reading's questions, if there was one. Budget: one query."""
    rows = QuizAttempt.objects.filter(account_id=account_id, reading=reading.digest, is_passed=False)
    found = rows.order_by("-number").values_list("number", "answers", "n_right").first()
    return TryRow(found[0], tuple(said for _code, said in found[1]), found[2]) if found else None


@dataclass(frozen=True)
class SignedRow:
    """A signature of one's own."""

    part: str
    signed_at: datetime
    n_attempts: int
    #: (item code, name, English name, edition number)
    editions: tuple[tuple[str, str, str, int], ...]
    rules_edition: int | None


def signatures_of(site_id: int, account_id: int, *, limit: int = 30) -> tuple[SignedRow, ...]:
    """Return a person's newest signatures. Budget: two queries."""
    rows = list(
        Signature.objects.filter(site_id=site_id, account_id=account_id)
        .order_by("-signed_at", "-id")
        .values_list("id", "part", "signed_at", "n_attempts", "rules_edition")[:limit]
    )
    editions: dict[int, list[tuple[str, str, str, int]]] = {}
    for key, code, name, name_en, number in (
        Receipt.objects.filter(signature_id__in=[row[0] for row in rows])
        .order_by("id")
        .values_list(
            "signature_id", "edition__item__code", "edition__item__name", "edition__item__name_en", "edition__number"
        )
    ):
        editions.setdefault(key, []).append((code, name, name_en, number))
    return tuple(SignedRow(row[1], row[2], row[3], tuple(editions.get(row[0], ())), row[4]) for row in rows)


def reminded_at(account_ids: Iterable[int], *, since_at: datetime) -> dict[int, datetime]:
    """Return who was reminded since a moment, and when last. Budget: one query."""
    rows = Delivery.objects.filter(
        to_account_id__in=list(account_ids), kind="team.handbook.reminded", due_at__gte=since_at
    )
    return {key: last for key, last in rows.values_list("to_account_id").annotate(last=Max("due_at")) if key}
