"""A colleague of another team who is asked to look at a job sees its request, like who goes along."""

from __future__ import annotations

from yingxu.demand import reactions as requests
from yingxu.ground.ledger import Reactions
from yingxu.ground.unit import Unit
from yingxu.verify import events as verify


def _let_see(fact: verify.PeerAsked, unit: Unit) -> None:
    if fact.is_from_elsewhere:
        requests.note_hands(request_id=fact.thread_id, worker_id=fact.peer_id, team_id=None, party_id=None, unit=unit)


REACTIONS: Reactions = {verify.PeerAsked: (_let_see,)}
