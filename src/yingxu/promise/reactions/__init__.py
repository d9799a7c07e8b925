"""What this room does when a fact is recorded: clocks start, are reached, stand still, go on, and cease to stand."""

from yingxu.promise.reactions.starting import (
    start_acknowledged,
    start_answer_promise,
    start_job_promises,
    start_verified,
)

__all__ = ["start_acknowledged", "start_answer_promise", "start_job_promises", "start_verified"]
