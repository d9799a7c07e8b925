"""What this room does when a fact is recorded: clocks start, are reached, stand still, go on, and cease to stand."""

from yingxu.promise.reactions.ending import lapse, reinstate, replace_terms, void
from yingxu.promise.reactions.pausing import hold, release
from yingxu.promise.reactions.reaching import reach, restart_done
from yingxu.promise.reactions.starting import (
    start_acknowledged,
    start_answer_promise,
    start_job_promises,
    start_verified,
)

__all__ = [
    "hold",
    "lapse",
    "reach",
    "reinstate",
    "release",
    "replace_terms",
    "restart_done",
    "start_acknowledged",
    "start_answer_promise",
    "start_job_promises",
    "start_verified",
    "void",
]
