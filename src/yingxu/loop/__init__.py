"""The closed loop: which recorded fact wakes which room.

A fact recorded in a unit of work wakes its reactions at once, in the same unit; all of it is written together or not at
all. Rooms do not import each other upward: where a later room's fact concerns an earlier one, it is adapted here. Each
module is a topic with its own ``REACTIONS``; a fact of several topics wakes them in the order of ``TOPICS``.
"""

from __future__ import annotations

from yingxu.ground.ledger import Fact, Reaction, Reactions
from yingxu.loop import (
    circle,
    crews,
    desk,
    emergencies,
    follow_ups,
    handbook,
    outside,
    peers,
    setting_up,
    upkeep,
    voices,
)

TOPICS: tuple[Reactions, ...] = (
    circle.REACTIONS,
    crews.REACTIONS,
    desk.REACTIONS,
    handbook.REACTIONS,
    setting_up.REACTIONS,
    follow_ups.REACTIONS,
    voices.REACTIONS,
    emergencies.REACTIONS,
    outside.REACTIONS,
    peers.REACTIONS,
    upkeep.REACTIONS,
)


def _gathered() -> Reactions:
    found: dict[type[Fact], tuple[Reaction, ...]] = {}
    for topic in TOPICS:
        for fact, reactions in topic.items():
            found[fact] = (*found.get(fact, ()), *reactions)
    return found


REACTIONS = _gathered()
