"""Who goes along sees the request like who answers for it."""

from __future__ import annotations

from yingxu.demand import reactions as requests
from yingxu.dispatch import events as dispatch
from yingxu.ground.ledger import Reactions
from yingxu.ground.unit import Unit


def _note_mate(fact: dispatch.MateCalled, unit: Unit) -> None:
    requests.note_hands(request_id=fact.thread_id, worker_id=fact.worker_id, team_id=None, party_id=None, unit=unit)


REACTIONS: Reactions = {dispatch.MateCalled: (_note_mate,)}
