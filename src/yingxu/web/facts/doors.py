"""Sentences of the doors: opened, changed; what came in; alarms; who is told by machine."""

from __future__ import annotations

from django.utils.translation import gettext as _

from yingxu.web.facts.telling import Facts, Sentence, joined


def _door(facts: Facts) -> str:
    if not facts["is_on"]:
        return _("The door %(name)s was closed") % facts
    return _("The door %(name)s was changed") % facts


def _taken(facts: Facts) -> str:
    said = {
        "raised": _("A message by %(door_name)s became this request"),
        "added": _("A message by %(door_name)s was added"),
    }
    return said.get(facts["state"], said["added"]) % facts


def _rule(facts: Facts) -> str:
    if not facts["is_on"]:
        return _("The alarm rule %(name)s was switched off") % facts
    return _("The alarm rule %(name)s was set") % facts


SENTENCES: dict[str, Sentence] = {
    "demand.door.opened": lambda f: _("Another door was opened: %(name)s") % f,
    "demand.door.changed": _door,
    "demand.sender.named": lambda f: _("It is known who writes from this address"),
    "demand.message.taken": _taken,
    "demand.message.put_away": lambda f: joined(_("A message was put away"), f["reason"]),
    "demand.alarm_rule.set": _rule,
    "demand.alarm.began": lambda f: _("Alarm: %(name)s (%(topic)s = %(value)s)") % f,
    "demand.alarm.ended": lambda f: _("The alarm is over: %(name)s (%(topic)s = %(value)s)") % f,
    "demand.request.follow_up_opened": lambda f: (
        _("Opened because a step of job %(job_number)s was not good: %(step)s") % f
    ),
    "demand.request.follow_up_named": lambda f: (
        _("A step was not good: %(step)s. It goes on under number %(number)s") % f
    ),
    "ground.subscription.made": lambda f: _("%(name)s is told by machine from now on") % f,
    "ground.subscription.changed": lambda f: _("What %(name)s is told by machine was changed") % f,
}
