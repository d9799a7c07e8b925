"""Verbs of the room ``work``: what workers, desks and engines do with a job."""

from yingxu.work.actions.by_link import accept_outside, decline_outside, state_outside_cost
from yingxu.work.actions.doing import (
    NewPhoto,
    add_evidence,
    carry_out_step,
    finish_job,
    make_safe,
    start_job,
)
from yingxu.work.actions.going import accept_job, arrive_at_job, confirm_arrival, return_job, set_out
from yingxu.work.actions.handing import accept_hand_over, decline_hand_over, hand_over_job
from yingxu.work.actions.moved import JobMoved
from yingxu.work.actions.outside import OrderKept, revoke_outside, say_outside, send_outside, take_outside_cost
from yingxu.work.actions.pausing import approve_pause, pause_job, refuse_pause, resume_job
from yingxu.work.actions.reporting import (
    Kept,
    ask_for_help,
    set_aside_report,
    settle_done_again,
    settle_report,
)
from yingxu.work.actions.transport import Scanned, give_load, go_on, note_delay, take_load
from yingxu.work.actions.visits import begin_visit
from yingxu.work.actions.zones import sign_in_zone

__all__ = [
    "JobMoved",
    "Kept",
    "NewPhoto",
    "OrderKept",
    "Scanned",
    "accept_hand_over",
    "accept_job",
    "accept_outside",
    "add_evidence",
    "approve_pause",
    "arrive_at_job",
    "ask_for_help",
    "begin_visit",
    "carry_out_step",
    "confirm_arrival",
    "decline_hand_over",
    "decline_outside",
    "finish_job",
    "give_load",
    "go_on",
    "hand_over_job",
    "make_safe",
    "note_delay",
    "pause_job",
    "refuse_pause",
    "resume_job",
    "return_job",
    "revoke_outside",
    "say_outside",
    "send_outside",
    "set_aside_report",
    "set_out",
    "settle_done_again",
    "settle_report",
    "sign_in_zone",
    "start_job",
    "state_outside_cost",
    "take_load",
    "take_outside_cost",
]
