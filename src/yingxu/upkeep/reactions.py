"""What this room does when a fact is recorded: what was raised ahead is a preparation; its work makes it ready."""

from __future__ import annotations

from yingxu.demand.models import Request
from yingxu.demand.reads import memo_of
from yingxu.ground.refusals import NotFound
from yingxu.ground.unit import Unit
from yingxu.upkeep.events import (
    PreparationLostWork,
    PreparationOpened,
    PreparationReady,
    PreparationReopened,
    PreparationUnowned,
)
from yingxu.upkeep.models import Preparation, PreparationRule, PreparationState
from yingxu.upkeep.people import officers, owner_of, team_of
from yingxu.upkeep.reads import day_of, named_by, turns_of
from yingxu.upkeep.turns import due_of, opened


def keep_preparation(*, request_key: int, unit: Unit) -> None:
    """A request that was raised ahead is a preparation of its rule and turn, once; whoever answers for it is told.

    Records PreparationOpened; PreparationUnowned, to the hospital's officers, where nobody answers for it.
    Refuses: NotFound, so that nothing is asked for a rule or an occasion that was withdrawn at that moment.
    Budget: none for other requests; 5.
    """
    request = memo_of(unit).requests.get(request_key)
    named = named_by(request.source_ref) if request is not None else None
    if request is None or named is None:
        return
    rules = PreparationRule.objects.select_related("occasion", "occasion__site", "owner", "team")
    rule = rules.filter(uid=named[0], site_id=request.site_id, is_active=True, occasion__is_active=True).first()
    if rule is None:
        raise NotFound(kind="preparation_rule", name=request.source_ref)  # withdrawn meanwhile: nothing is asked
    occasion, today = rule.occasion, day_of(rule.occasion.site, unit.at)
    turn = next((one for one in turns_of(occasion, today=today) if one.key == named[1]), None)
    if turn is None or not opened([turn], lead_days=rule.lead_days, today=today):
        raise NotFound(kind="occasion", name=occasion.name)
    team = team_of(rule)
    owner = owner_of(rule, team, unit.at)
    is_short = (turn.begins_on - today).days < rule.lead_days
    row = unit.insert(
        Preparation(
            site_id=rule.site_id,
            rule=rule,
            occasion=occasion,
            turn=turn.key,
            text=rule.text,
            text_en=rule.text_en,
            begins_on=turn.begins_on,
            due_on=due_of(turn, ready_days=rule.ready_days, today=today),
            is_short=is_short,
            request_id=request.pk,
            owner=owner,
            team_keys=[team.pk] if team is not None else [],
            party_keys=[team.party_id] if team is not None else list(request.party_keys),
            line_code=rule.line_code,
            place_path=request.place_path,
            made_at=unit.at,
        )
    )
    fact = PreparationOpened(
        site_id=row.site_id,
        subject_id=row.pk,
        thread_id=request.pk,
        text=row.text,
        text_en=row.text_en,
        occasion=occasion.name,
        occasion_en=occasion.name_en,
        begins_on=row.begins_on.isoformat(),
        due_on=row.due_on.isoformat(),
        owner=owner.name if owner is not None else "",
        is_short=is_short,
        lead_days=rule.lead_days,
    )
    entry = unit.record(fact)
    if owner is not None:
        unit.deliver(entry=entry, fact=fact, channel="in_app", to_account_id=owner.pk)
        return
    alarm = PreparationUnowned(
        site_id=row.site_id,
        subject_id=row.pk,
        thread_id=request.pk,
        text=row.text,
        text_en=row.text_en,
        occasion=occasion.name,
        occasion_en=occasion.name_en,
        due_on=row.due_on.isoformat(),
    )
    entry = unit.record(alarm)
    for account in officers(row.site_id, unit.at):
        unit.deliver(entry=entry, fact=alarm, channel="in_app", to_account_id=account)


def end_preparation(*, request_key: int, final_answer: str, unit: Unit) -> None:
    """When its work was done, a preparation is ready; when the work was called off, who answers for it is told.

    Records PreparationReady or PreparationLostWork. Budget: none for other requests; 1 or 2.
    """
    row = _of(request_key, unit)
    if row is None or row.state != PreparationState.OPEN:
        return
    about = {"site_id": row.site_id, "subject_id": row.pk, "thread_id": request_key}
    if final_answer in {"done", "merged"}:
        unit.change(
            row,
            seen=["state"],
            state=PreparationState.READY,
            ended_at=unit.at,
            ended_by_id=unit.actor.account_id,
        )
        unit.record(
            PreparationReady(
                **about,
                text=row.text,
                text_en=row.text_en,
                is_by_work=True,
                is_late=day_of(row.site, unit.at) > row.due_on,
                note="",
            )
        )
        return
    fact = PreparationLostWork(
        **about, text=row.text, text_en=row.text_en, final_answer=final_answer, due_on=row.due_on.isoformat()
    )
    entry = unit.record(fact)
    told = {row.owner_id} if row.owner_id else set(officers(row.site_id, unit.at))
    for account in sorted(told):
        unit.deliver(entry=entry, fact=fact, channel="in_app", to_account_id=account)


def reopen_preparation(*, request_key: int, unit: Unit) -> None:
    """Its work was not good: it is not ready any more. Records PreparationReopened. Budget: none for others; 1."""
    row = _of(request_key, unit)
    if row is None or row.state != PreparationState.READY:
        return
    unit.change(row, seen=["state"], state=PreparationState.OPEN, ended_at=None, ended_by=None)
    unit.record(
        PreparationReopened(
            site_id=row.site_id,
            subject_id=row.pk,
            thread_id=request_key,
            text=row.text,
            text_en=row.text_en,
            due_on=row.due_on.isoformat(),
        )
    )


def _of(request_key: int, unit: Unit) -> Preparation | None:
    """Return the preparation of a request that this unit has in hand; without a query where it is none of ours."""
    request = memo_of(unit).requests.get(request_key) or unit.fresh(Request, request_key)
    if request is None or request.channel != "plan" or named_by(request.source_ref) is None:
        return None
    row = Preparation.objects.select_related("site").filter(request_id=request_key).first()
    return row and (unit.fresh(Preparation, row.pk) or row)
