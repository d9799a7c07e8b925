"""The closed loop on one page: which recorded fact wakes which room.

A fact recorded in a unit of work wakes its reactions at once, in the same unit; all of it is written together or not at
all. Rooms do not import each other upward: where a later room's fact concerns an earlier one, it is adapted here.
"""

from __future__ import annotations

from yingxu.ground.ledger import Reactions

REACTIONS: Reactions = {}
