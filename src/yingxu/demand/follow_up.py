"""No open request is ever without a time: when no limit runs, somebody looks again by a time of its own."""

from __future__ import annotations

from datetime import datetime, timedelta

from yingxu.demand.models import Request
from yingxu.demand.public_state import public_state
from yingxu.ground.unit import Unit

#: Seconds after which the desk looks again when no limit runs, by priority (a house rule; domain 5.6 for the urge).
LOOK_AGAIN_S = {1: 600, 2: 1800, 3: 4 * 3600, 4: 24 * 3600}
#: A person owes the asker a word so long after an urge (domain 5.6).
URGE_S = 600
#: The receiver of a transfer accepts within the limit of a first answer (AS-02), by priority.
RECEIVER_S = {1: 180, 2: 300, 3: 600, 4: 4 * 3600}


def settle(request: Request, unit: Unit, *, by: datetime | None = None) -> None:
    """Bring the request's public state and its follow-up in line with the rest of its row; called last by every change.

    ``by``: when somebody looks again, if that is known better than the rule (the expected end of a pause).
    """
    shown = public_state(request.state, request.final_answer, request.job_states.values())
    follow_up_at = None
    if request.is_open and request.next_due_at is None and request.word_due_at is None:
        follow_up_at = by or request.follow_up_at or unit.at + timedelta(seconds=LOOK_AGAIN_S[request.priority])
    unit.change(request, shown_state=shown, follow_up_at=follow_up_at, changed_at=unit.at)
