"""Verbs of preparations: taken on, given to somebody, made ready, put off, left out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.models import Account
from yingxu.ground.refusals import Malformed, NotFound
from yingxu.ground.unit import CommandKey, Unit
from yingxu.upkeep.actions.occasions import key_to_end
from yingxu.upkeep.events import PreparationPostponed, PreparationReady, PreparationSkipped, PreparationTaken
from yingxu.upkeep.models import Preparation, PreparationState
from yingxu.upkeep.people import staff_named
from yingxu.upkeep.reads import day_of, where_of
from yingxu.upkeep.refusals import AfterItBegins, NotOpenAnyMore, PreparationInWork
from yingxu.upkeep.said import TEXT_LIMIT


@dataclass(frozen=True)
class PreparationKept:
    """A preparation, where it stands, and who answers for it."""

    id: UUID
    state: str
    owner: str


def take_on_preparation(
    *, preparation_id: UUID, actor: Actor, at: datetime, command: CommandKey | None = None
) -> PreparationKept:
    """The actor answers for it now. Records PreparationTaken.

    Refuses: NotAllowed, NotFound, NotOpenAnyMore. Budget: 3.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        row = _preparation(preparation_id)
        authority.require(actor, "lookahead.answer", where=where_of(row))
        _require_open(row)
        account = Account.objects.filter(pk=actor.account_id or 0).first()
        if account is None:
            raise NotFound(kind="account", name=actor.name)
        _take(unit, row, account)
        unit.answer(_kept(row))
    return unit.answered(PreparationKept)


def assign_preparation(
    *, preparation_id: UUID, username: str, actor: Actor, at: datetime, command: CommandKey | None = None
) -> PreparationKept:
    """Somebody else answers for it now, and is told. Records PreparationTaken.

    Refuses: NotAllowed, NotFound, NotOpenAnyMore. Budget: 3.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        row = _preparation(preparation_id)
        authority.require(actor, "lookahead.assign", where=where_of(row))
        _require_open(row)
        account = staff_named(row.site_id, username, at) if username.strip() else None
        if account is None:
            raise NotFound(kind="account", name=username)
        _take(unit, row, account)
        unit.answer(_kept(row))
    return unit.answered(PreparationKept)


def make_ready(
    *, preparation_id: UUID, note: str, actor: Actor, at: datetime, command: CommandKey | None = None
) -> PreparationKept:
    """It is ready, as somebody says by a note of what was seen; the work that nobody began for it ends with the note.

    Records PreparationReady. Refuses: NotAllowed, NotFound, Malformed, NotOpenAnyMore, PreparationInWork.
    Budget: 2, four more where a request ends.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        row = _preparation(preparation_id)
        authority.require(actor, "lookahead.answer", where=where_of(row))
        said, ended = _ending(row, note, "note")
        _end(unit, row, PreparationState.READY, said)
        unit.record(
            PreparationReady(
                **_about(row),
                text=row.text,
                text_en=row.text_en,
                is_by_work=False,
                is_late=day_of(row.site, at) > row.due_on,
                note=said,
                ended_request_id=ended,
            )
        )
        unit.answer(_kept(row))
    return unit.answered(PreparationKept)


def skip_preparation(
    *, preparation_id: UUID, reason: str, actor: Actor, at: datetime, command: CommandKey | None = None
) -> PreparationKept:
    """It is left out this time, as the hospital decides with a reason. Records PreparationSkipped.

    Refuses: NotAllowed, ReasonNeeded, NotFound, Malformed, NotOpenAnyMore, PreparationInWork.
    Budget: 2, four more where a request ends.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        row = _preparation(preparation_id)
        authority.require(actor, "lookahead.skip", where=where_of(row), reason=reason)
        said, ended = _ending(row, reason, "reason")
        _end(unit, row, PreparationState.SKIPPED, said)
        unit.record(
            PreparationSkipped(**_about(row), text=row.text, text_en=row.text_en, reason=said, ended_request_id=ended)
        )
        unit.answer(_kept(row))
    return unit.answered(PreparationKept)


def postpone_preparation(
    *,
    preparation_id: UUID,
    due_on: date,
    reason: str,
    actor: Actor,
    at: datetime,
    command: CommandKey | None = None,
) -> PreparationKept:
    """It is to be ready by another day, not after what it is for begins; the watch over it starts anew.

    Records PreparationPostponed. Refuses: NotAllowed, ReasonNeeded, NotFound, Malformed, NotOpenAnyMore, AfterItBegins.
    Budget: 2.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        row = _preparation(preparation_id)
        authority.require(actor, "lookahead.postpone", where=where_of(row), reason=reason)
        _require_open(row)
        if due_on < day_of(row.site, at):
            raise Malformed(field="due_on", problem="past")
        if due_on > row.begins_on:
            raise AfterItBegins(begins_on=row.begins_on.isoformat())
        before = row.due_on
        said = reason.strip()[:TEXT_LIMIT]
        unit.change(row, seen=["state", "due_on"], due_on=due_on, n_told=0, note=said)
        unit.record(
            PreparationPostponed(
                **_about(row),
                text=row.text,
                text_en=row.text_en,
                before=before.isoformat(),
                due_on=due_on.isoformat(),
                reason=said,
            )
        )
        unit.answer(_kept(row))
    return unit.answered(PreparationKept)


def _preparation(preparation_id: UUID) -> Preparation:
    rows = Preparation.objects.select_related("site", "request", "owner").filter(uid=preparation_id)
    row = rows.first()
    if row is None:
        raise NotFound(kind="preparation", name=str(preparation_id))
    return row


def _require_open(row: Preparation) -> None:
    if row.state != PreparationState.OPEN:
        raise NotOpenAnyMore(state=row.state)


def _ending(row: Preparation, said: str, field: str) -> tuple[str, int | None]:
    """Return the words and the key of the request that ends with it. Refuses what cannot end by a word."""
    _require_open(row)
    words = said.strip()[:TEXT_LIMIT]
    if not words:
        raise Malformed(field=field, problem="missing")
    ended = key_to_end(row)
    if row.request.is_open and ended is None:
        raise PreparationInWork(number=row.request.number)
    return words, ended


def _end(unit: Unit, row: Preparation, state: PreparationState, said: str) -> None:
    unit.change(row, seen=["state"], state=state, note=said, ended_at=unit.at, ended_by_id=unit.actor.account_id)


def _take(unit: Unit, row: Preparation, account: Account) -> None:
    unit.change(row, seen=["state", "owner"], owner=account)
    fact = PreparationTaken(
        **_about(row), text=row.text, text_en=row.text_en, owner=account.name, due_on=row.due_on.isoformat()
    )
    entry = unit.record(fact)
    if account.pk != unit.actor.account_id:
        unit.deliver(entry=entry, fact=fact, channel="in_app", to_account_id=account.pk)


def _about(row: Preparation) -> dict[str, int]:
    return {"site_id": row.site_id, "subject_id": row.pk, "thread_id": row.request_id}


def _kept(row: Preparation) -> PreparationKept:
    return PreparationKept(row.uid, row.state, row.owner.name if row.owner is not None else "")
