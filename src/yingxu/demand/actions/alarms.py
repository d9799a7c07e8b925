"""Alarms: rules as data, an alarm that stands asks once, and ends when the reading is back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from yingxu.demand.actions.changed import checked
from yingxu.demand.events import AlarmBegan, AlarmEnded, AlarmRuleSet
from yingxu.demand.models import Alarm, AlarmRule, Door
from yingxu.demand.readings import Limits, holds, is_filter, wrong_in
from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.refusals import Malformed, NotFound
from yingxu.ground.unit import CommandKey, Unit
from yingxu.standards import queries as standards

#: So many of an alarm's latest readings are kept with it.
KEPT_READINGS = 20


@dataclass(frozen=True)
class RuleSaid:
    """An alarm rule as it is to be."""

    name: str
    topic: str
    path: str
    condition: str
    limit: str
    clear_limit: str
    hold_s: int
    item_code: str
    place_code: str
    priority: int | None
    text: str
    is_on: bool = True


@dataclass(frozen=True)
class RuleSet:
    """The rule's key and public id."""

    id: int
    uid: UUID


def set_alarm_rule(
    *,
    door_id: UUID,
    rule: RuleSaid,
    rule_id: UUID | None = None,
    actor: Actor,
    at: datetime,
    command: CommandKey | None = None,
) -> RuleSet:
    """The rule stands as said; readings from now on are judged by it. Records AlarmRuleSet.

    Refuses: NotFound (door, rule, place, item), NotAllowed, Malformed. Budget: 5 reads, one write.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        door = Door.objects.filter(uid=door_id, kind="mqtt").first()
        if door is None:
            raise NotFound(kind="door", name=str(door_id))
        authority.require(actor, "door.manage", where=Where(door.site_id))
        values = _values(door.site_id, rule, at)
        others = AlarmRule.objects.filter(door=door, name=values["name"])
        if others.exclude(uid=rule_id).exists() if rule_id else others.exists():
            raise Malformed(field="name", problem="twice", limit=str(values["name"]))
        if rule_id is None:
            row = unit.insert(AlarmRule(door_id=door.pk, **values))
        else:
            found = AlarmRule.objects.filter(uid=rule_id, door=door).first()
            if found is None:
                raise NotFound(kind="alarm_rule", name=str(rule_id))
            row = unit.change(found, **values)
        unit.record(
            AlarmRuleSet(site_id=door.site_id, subject_id=row.pk, thread_id=door.pk, name=row.name, is_on=row.is_on)
        )
        unit.answer(RuleSet(row.pk, row.uid))
    return unit.answered(RuleSet)


def _values(site_id: int, rule: RuleSaid, at: datetime) -> dict[str, Any]:
    if not is_filter(rule.topic.strip()):
        raise Malformed(field="topic", problem="wrong_type")
    wrong = wrong_in(Limits(rule.condition, rule.limit.strip(), rule.clear_limit.strip()))
    if wrong:
        raise Malformed(field=wrong, problem="wrong_type")
    if not 0 <= rule.hold_s <= 86_400:
        raise Malformed(field="hold_s", problem="too_large", limit="86400")
    if rule.priority is not None and not 1 <= rule.priority <= 4:
        raise Malformed(field="priority", problem="unknown")
    asked = standards.asking(
        site_id,
        on=at.date(),
        at=at,
        item_code=rule.item_code.strip() or None,
        place_code=rule.place_code.strip() or None,
    )
    if asked.item is None:
        raise Malformed(field="item", problem="missing")
    return {
        "name": checked(rule.name, "name", limit=64),
        "topic": rule.topic.strip(),
        "path": rule.path.strip()[:100],
        "condition": rule.condition,
        "limit": rule.limit.strip()[:64],
        "clear_limit": rule.clear_limit.strip()[:64],
        "hold_s": rule.hold_s,
        "item_code": asked.item.code,
        "place_id": asked.place.id if asked.place else None,
        "priority": rule.priority,
        "text": checked(rule.text, "text", limit=300),
        "is_on": rule.is_on,
    }


@dataclass(frozen=True)
class Judged:
    """What a reading did. ``outcome``: quiet, began, holds (not long enough yet), asks, stands, ended."""

    outcome: str
    alarm_id: UUID | None
    request_key: int | None
    n_readings: int = 0


def judge_reading(*, rule_id: int, topic: str, value: str, actor: Actor, at: datetime) -> Judged:
    """The reading is judged by its rule: an alarm begins, stands or ends. While it stands nothing is asked twice.

    Records AlarmBegan, AlarmEnded. Refuses: NotFound, NotAllowed. Raises NoReading for what is no number.
    Budget: 2 reads, one write.
    """
    with Unit(actor=actor, at=at) as unit:
        rule = AlarmRule.objects.select_related("door").filter(pk=rule_id).first()
        if rule is None:
            raise NotFound(kind="alarm_rule", name=str(rule_id))
        site_id = rule.door.site_id
        authority.require(actor, "alarm.note", where=Where(site_id))
        standing = Alarm.objects.filter(rule=rule, topic=topic, ended_at=None).first()
        is_on = holds(Limits(rule.condition, rule.limit, rule.clear_limit), value, is_standing=standing is not None)
        reading = [at.isoformat(), value]
        if standing is None and not is_on:
            unit.answer(Judged("quiet", None, None))
        elif standing is None:
            alarm = unit.insert(
                Alarm(rule_id=rule.pk, topic=topic, began_at=at, last_value=value, last_at=at, readings=[reading])
            )
            unit.record(
                AlarmBegan(
                    site_id=site_id, subject_id=alarm.pk, thread_id=alarm.pk, name=rule.name, topic=topic, value=value
                )
            )
            unit.answer(Judged("asks" if rule.hold_s == 0 else "holds", alarm.uid, None, 1))
        elif is_on:
            unit.change(
                standing,
                last_value=value,
                last_at=at,
                n_readings=standing.n_readings + 1,
                readings=[*standing.readings, reading][-KEPT_READINGS:],
            )
            is_long = at - standing.began_at >= timedelta(seconds=rule.hold_s)
            outcome = "stands" if standing.request_id is not None else "asks" if is_long else "holds"
            unit.answer(Judged(outcome, standing.uid, standing.request_id, standing.n_readings))
        else:
            unit.change(
                standing,
                ended_at=at,
                last_value=value,
                last_at=at,
                n_readings=standing.n_readings + 1,
                readings=[*standing.readings, reading][-KEPT_READINGS:],
            )
            unit.record(
                AlarmEnded(
                    site_id=site_id,
                    subject_id=standing.pk,
                    thread_id=standing.request_id or standing.pk,
                    name=rule.name,
                    topic=topic,
                    value=value,
                )
            )
            unit.answer(Judged("ended", standing.uid, standing.request_id, standing.n_readings))
    return unit.answered(Judged)


def link_alarm(*, alarm_id: UUID, request_key: int, actor: Actor, at: datetime) -> Judged:
    """The alarm's request is known; it asks for nothing more while it stands.

    Refuses: NotFound, NotAllowed. Budget: one read, one write.
    """
    with Unit(actor=actor, at=at) as unit:
        alarm = Alarm.objects.select_related("rule__door").filter(uid=alarm_id).first()
        if alarm is None:
            raise NotFound(kind="alarm", name=str(alarm_id))
        authority.require(actor, "alarm.note", where=Where(alarm.rule.door.site_id))
        unit.change(alarm, request_id=request_key)
        unit.answer(Judged("stands", alarm.uid, request_key, alarm.n_readings))
    return unit.answered(Judged)
