"""The public state of a request, derived from its own state and its jobs' (decision 9, domain 5.2)."""

from __future__ import annotations

from collections.abc import Iterable

#: States of a job from the least to the most advanced. A paused job has come less far than one in progress.
PROGRESS = (
    "queued",
    "dispatched",
    "accepted",
    "en_route",
    "arrived",
    "paused",
    "in_progress",
    "finished",
    "verified",
    "closed",
)
_RANK = {code: rank for rank, code in enumerate(PROGRESS)}

#: The sixteen public codes in the order of domain 5.2.
CODES = ("new", "clarifying", *PROGRESS, "declined", "transferred", "merged", "cancelled")

#: Nobody has been sent yet (domain 5.3).
BEFORE_SENDING = frozenset({"new", "clarifying", "queued"})
#: Nobody has arrived yet: the asker may call it off.
BEFORE_ARRIVAL = BEFORE_SENDING | {"dispatched", "accepted", "en_route"}
#: Nobody has said that it is done: it can be transferred, or called off by the desk.
BEFORE_FINISH = BEFORE_ARRIVAL | {"arrived", "in_progress", "paused"}

_OWN = {
    "received": "new",
    "clarifying": "clarifying",
    "merged": "merged",
    "declined": "declined",
    "transferred": "transferred",
}


def public_state(state: str, final_answer: str, job_states: Iterable[str]) -> str:
    """Return the public code.

    Parameters
    ----------
    state : the request's own state.
    final_answer : its final answer, empty while it is open.
    job_states : codes of its jobs; those that were called off or went elsewhere count for nothing.
    """
    if state in _OWN:
        return _OWN[state]
    if state == "answered":
        return "cancelled" if final_answer == "cancelled" else "closed"
    ranks = [_RANK[code] for code in job_states if code in _RANK]
    return PROGRESS[min(ranks)] if ranks else "queued"
