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
from yingxu.voice.actions.rating import REASONS, TEXT_LIMIT, Rated, rate_request
from yingxu.voice.actions.slips import SlipKept, confirm_slip, type_slip

__all__ = [
    "BOX",
    "REASONS",
    "TEXT_LIMIT",
    "BoxKept",
    "LetterKept",
    "Opened",
    "Rated",
    "SlipKept",
    "answer_letter",
    "confirm_slip",
    "drop_letter",
    "hold_letter_apart",
    "judge_answer",
    "make_box",
    "open_box",
    "rate_request",
    "switch_box",
    "type_slip",
]
