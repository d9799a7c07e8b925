"""A reading from a broker is judged by its rules; an alarm is taken in like any message, and ends with a word."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from yingxu.connect.doors import intake
from yingxu.demand import actions as demand
from yingxu.demand.actions import Arrival
from yingxu.demand.queries import doors as queries
from yingxu.demand.queries.doors import DoorRow, RuleRow
from yingxu.demand.readings import NoReading, fits, value_in
from yingxu.ground.queries import actor_of_link
from yingxu.ground.refusals import Refusal
from yingxu.ground.unit import CommandKey


def take_reading(door: DoorRow, topic: str, payload: bytes, *, at: datetime) -> tuple[str, ...]:
    """Judge a reading by every rule that means its topic; returns what each did.

    A reading without a value where a rule looks is the door's trouble, shown to the administrator.
    """
    outcomes = []
    for rule in queries.alarm_rules(door.id, only_on=True):
        if fits(rule.topic, topic):
            try:
                outcomes.append(_judge(door, rule, topic, value_in(payload, rule.path), at))
            except NoReading as why:
                trouble = _("%(rule)s: the reading on %(topic)s has no value (%(why)s)") % {
                    "rule": rule.name,
                    "topic": topic,
                    "why": why,
                }
                demand.note_door(door_id=door.id, trouble=trouble, actor=intake.INTAKE, at=at)
                outcomes.append("no_reading")
    return tuple(outcomes)


def _judge(door: DoorRow, rule: RuleRow, topic: str, value: str, at: datetime) -> str:
    judged = demand.judge_reading(rule_id=rule.id, topic=topic[:200], value=value, actor=intake.INTAKE, at=at)
    if judged.outcome == "asks" and judged.alarm_id is not None:
        taken = intake.take_in(door, _arrival(rule, topic, value, f"alarm:{judged.alarm_id}"), at=at)
        if taken.request_id is not None:
            found = queries.replied_to(door.site_id, door_id=door.id, sender="", uids=(taken.request_id,))
            if found is not None:
                demand.link_alarm(alarm_id=judged.alarm_id, request_key=found.key, actor=intake.INTAKE, at=at)
    if judged.outcome == "ended" and judged.request_key is not None:
        _tell_end(judged.request_key, f"alarm:{judged.alarm_id}", rule, topic, value, at)
    return judged.outcome


def _arrival(rule: RuleRow, topic: str, value: str, external_id: str) -> Arrival:
    text = rule.text.replace("{value}", value).replace("{topic}", topic).replace("{limit}", rule.limit)
    return Arrival(
        external_id=external_id,
        text=text,
        sender=topic,
        sender_name=rule.name,
        reply={
            "asks": {
                "item": rule.item_code,
                "place_id": rule.place_id,
                "place_words": "" if rule.place_id else topic,
                "priority": rule.priority,
            }
        },
    )


def _tell_end(request_key: int, name: str, rule: RuleRow, topic: str, value: str, at: datetime) -> None:
    """The one who asked, the device, says that it is over; the work goes on until somebody has looked."""
    found = queries.request_by_key(request_key)
    if found is None:
        return
    said = _("The alarm is over: %(name)s, reading %(value)s (%(topic)s).") % {
        "name": rule.name,
        "value": value,
        "topic": topic,
    }
    try:
        demand.add_word(
            request_id=found.uid,
            text=said,
            actor=actor_of_link(request_key),
            at=at,
            command=CommandKey(f"{name[:50]}.ended", value),
        )
    except Refusal:
        return  # it is closed already: the ledger says that the alarm ended
