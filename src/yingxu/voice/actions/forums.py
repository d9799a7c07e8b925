"""Verbs of the monthly forum: planned, opinions taken down, held; and the alarm of a month without one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.models import Entry, Holding, Site
from yingxu.ground.refusals import Malformed, NotFound
from yingxu.ground.unit import CommandKey, Unit
from yingxu.voice.claims import LETTER_LIMIT, PURPOSES, claim_digest, day_at
from yingxu.voice.events.overseeing import ForumHeld, ForumMissed, ForumPlanned, RemarkRaised
from yingxu.voice.models.boxes import Letter
from yingxu.voice.models.overseeing import Forum, Remark
from yingxu.voice.refusals.overseeing import ForumHeldAlready


@dataclass(frozen=True)
class ForumKept:
    """A forum and where it stands."""

    uid: UUID
    state: str


@dataclass(frozen=True)
class Watched:
    """How many months were found without a forum."""

    n: int


def plan_forum(
    *, site_id: int, month: date, planned_at: datetime, room: str, actor: Actor, at: datetime,
    command: CommandKey | None = None,
) -> ForumKept:  # fmt: skip
    """The month's forum has its day and room; a missed one may be held late. Records ForumPlanned.

    Refuses: NotAllowed, ForumHeldAlready, Malformed. Budget: 2.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        authority.require(actor, "forum.plan", where=Where(site_id=site_id))
        if not room.strip():
            raise Malformed(field="room", problem="missing")
        first = month.replace(day=1)
        row = Forum.objects.filter(site_id=site_id, month=first).first()
        if row is not None and row.state == "held":
            raise ForumHeldAlready()
        if row is None:
            row = unit.insert(Forum(site_id=site_id, month=first, planned_at=planned_at, room=room.strip()[:120]))
        else:
            unit.change(row, planned_at=planned_at, room=room.strip()[:120])
        unit.record(
            ForumPlanned(
                site_id=site_id,
                subject_id=row.pk,
                thread_id=row.pk,
                month=first.isoformat(),
                planned_at=planned_at.isoformat(),
            )
        )
        unit.answer(ForumKept(row.uid, row.state))
    return unit.answered(ForumKept)


def raise_remark(
    *,
    forum_id: UUID,
    text: str,
    speaker: str = "",
    claim_code: str = "",
    purpose: str = "",
    actor: Actor,
    at: datetime,
    command: CommandKey | None = None,
) -> ForumKept:
    """An opinion is taken down for a forum, by a supervisor as the own one or by who keeps the minutes.

    ``claim_code``: given to a speaker without an account, to read the answer by; only its digest is kept.

    Records RemarkRaised. Refuses: NotAllowed, NotFound, Malformed. Budget: 2.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        forum = _forum(forum_id)
        where = Where(site_id=forum.site_id, is_own=True)
        is_keeper = authority.may(actor, "forum.record", where=where)
        authority.require(actor, "forum.record" if is_keeper else "forum.add_opinion", where=where)
        if not text.strip():
            raise Malformed(field="text", problem="missing")
        if purpose and purpose not in PURPOSES:
            raise Malformed(field="purpose", problem="unknown")
        row = unit.insert(
            Remark(
                site_id=forum.site_id,
                source="forum",
                purpose=purpose,
                forum=forum,
                raised_by_id=None if is_keeper else actor.account_id,
                speaker=speaker.strip()[:64] if is_keeper else "",
                text=text.strip()[:LETTER_LIMIT],
                claim_digest=claim_digest(claim_code) if is_keeper and claim_code else "",
                raised_at=at,
            )
        )
        unit.record(
            RemarkRaised(site_id=forum.site_id, subject_id=row.pk, thread_id=forum.pk, source="forum", is_hidden=False)
        )
        unit.answer(ForumKept(forum.uid, forum.state))
    return unit.answered(ForumKept)


def hold_forum(
    *,
    forum_id: UUID,
    attendance: Sequence[str],
    minutes: str,
    agenda: Sequence[dict[str, Any]] = (),
    actor: Actor,
    at: datetime,
    command: CommandKey | None = None,
) -> ForumKept:
    """The forum was held: who came, what was said; earlier promises count as read back. Records ForumHeld.

    Refuses: NotAllowed, NotFound, ForumHeldAlready, Malformed. Budget: 5.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        forum = _forum(forum_id)
        authority.require(actor, "forum.record", where=Where(site_id=forum.site_id))
        if forum.state == "held":
            raise ForumHeldAlready()
        names = [name.strip() for name in attendance if name.strip()]
        for field, value in (("attendance", names), ("meeting_minutes", minutes.strip())):
            if not value:
                raise Malformed(field=field, problem="missing")
        earlier = list(
            Remark.objects.filter(site_id=forum.site_id, read_back=None, forum__month__lt=forum.month).exclude(
                answer=""
            )
        )
        for row in earlier:
            unit.change(row, read_back_id=forum.pk)
        # what waited on the day: the page and the pack of a forum tell of it, not of what waits when they are read
        waiting = Remark.objects.filter(site_id=forum.site_id, state__in=["open", "proposed"]).exclude(forum=forum)
        letters = Letter.objects.filter(site_id=forum.site_id, state="open", quarantine="")
        waited = [
            {"section": "open", "ids": [str(one) for one in waiting.values_list("uid", flat=True)[:60]]},
            {"section": "letters", "ids": [str(one) for one in letters.values_list("uid", flat=True)[:60]]},
        ]
        unit.change(
            forum,
            seen=["state"],
            state="held",
            held_on=day_at(forum.site, at),
            attendance=names,
            minutes=minutes.strip(),
            agenda=[*agenda, *waited],
        )
        unit.record(
            ForumHeld(
                site_id=forum.site_id,
                subject_id=forum.pk,
                thread_id=forum.pk,
                month=forum.month.isoformat(),
                n_came=len(names),
                n_read_back=len(earlier),
            )
        )
        unit.answer(ForumKept(forum.uid, "held"))
    return unit.answered(ForumKept)


def watch_forums(*, actor: Actor, at: datetime) -> Watched:
    """Of each open hospital, last month without a held forum raises its alarm once, to its officers and head (AS-20).

    A hospital that was not in the ledger before that month owes none for it. Records ForumMissed. Refuses: NotAllowed.
    Budget: one read and three a hospital that owes one.
    """
    with Unit(actor=actor, at=at) as unit:
        authority.require(actor, "forum.watch", where=Where(None))
        n = 0
        for site in Site.objects.filter(state="open"):
            month = (day_at(site, at).replace(day=1) - timedelta(days=1)).replace(day=1)
            row = Forum.objects.filter(site=site, month=month).first()
            if row is not None and row.state != "planned":
                continue
            began = datetime.combine(month, time(), ZoneInfo(site.timezone))
            if not Entry.objects.filter(site_id=site.pk, happened_at__lt=began).exists():
                continue
            if row is None:
                row = unit.insert(Forum(site=site, month=month, state="missed"))
            else:
                unit.change(row, seen=["state"], state="missed")
            fact = ForumMissed(site_id=site.pk, subject_id=row.pk, thread_id=row.pk, month=month.isoformat())
            entry = unit.record(fact)
            told = Holding.objects.filter(site=site, role__in=["HO", "HD"], ends_at=None, account__is_active=True)
            for account_id in sorted(set(told.values_list("account_id", flat=True))):
                unit.deliver(entry=entry, fact=fact, channel="in_app", to_account_id=account_id)
            n += 1
        unit.answer(Watched(n))
    return unit.answered(Watched)


def _forum(forum_id: UUID) -> Forum:
    row = Forum.objects.filter(uid=forum_id).select_related("site").first()
    if row is None:
        raise NotFound(kind="forum", name=str(forum_id))
    return row
