"""Verbs of the room ``verify``: judging, calling back, checking. Nothing else closes a job."""

from yingxu.verify.actions.calling import (
    Answered,
    Drawn,
    Tried,
    draw_calls,
    note_try,
    record_call,
)
from yingxu.verify.actions.checking import Checked, inspect_job
from yingxu.verify.actions.judging import (
    Judged,
    Lapsed,
    check_first_level,
    check_job,
    close_from_record,
    confirm_job,
    lapse_jobs,
    reopen_job,
    send_back_job,
)

__all__ = [
    "Answered",
    "Checked",
    "Drawn",
    "Judged",
    "Lapsed",
    "Tried",
    "check_first_level",
    "check_job",
    "close_from_record",
    "confirm_job",
    "draw_calls",
    "inspect_job",
    "lapse_jobs",
    "note_try",
    "record_call",
    "reopen_job",
    "send_back_job",
]
