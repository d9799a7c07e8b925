"""Verbs of the room ``verify``: judging, calling back, checking. Nothing else closes a job."""

from yingxu.verify.actions.calling import (
    TEXT_LIMIT,
    TRIES,
    Answered,
    Drawn,
    Number,
    Tried,
    draw_calls,
    note_try,
    record_call,
    show_number,
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
    "TEXT_LIMIT",
    "TRIES",
    "Answered",
    "Checked",
    "Drawn",
    "Judged",
    "Lapsed",
    "Number",
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
    "show_number",
]
