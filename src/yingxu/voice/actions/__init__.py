"""Verbs of the room ``voice``."""

from yingxu.voice.actions.boxes import (
    BOX,
    BoxKept,
    LetterKept,
    Opened,
    answer_letter,
    drop_letter,
    hold_letter_apart,
    judge_answer,
    make_box,
    open_box,
    switch_box,
)
from yingxu.voice.actions.heard import ABUSE, KINDS, SAID_LIMIT, Fated, Spoken, answer_voice, judge_voice, speak
from yingxu.voice.actions.rating import REASONS, TEXT_LIMIT, Rated, rate_request
from yingxu.voice.actions.slips import SlipKept, confirm_slip, retype_slip, take_out_paper, type_slip

__all__ = [
    "ABUSE",
    "BOX",
    "KINDS",
    "REASONS",
    "SAID_LIMIT",
    "TEXT_LIMIT",
    "BoxKept",
    "Fated",
    "LetterKept",
    "Opened",
    "Rated",
    "SlipKept",
    "Spoken",
    "answer_letter",
    "answer_voice",
    "confirm_slip",
    "drop_letter",
    "hold_letter_apart",
    "judge_answer",
    "judge_voice",
    "make_box",
    "open_box",
    "rate_request",
    "retype_slip",
    "speak",
    "switch_box",
    "take_out_paper",
    "type_slip",
]
