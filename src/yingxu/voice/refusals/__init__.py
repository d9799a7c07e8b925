"""Refusals of the room ``voice``."""

from yingxu.voice.refusals.boxes import (
    BoxClosed,
    NoSlipCounted,
    NothingToSay,
    NotOpenedYet,
    SlipsDiffer,
    WitnessesNeeded,
)
from yingxu.voice.refusals.rating import AlreadyRated, NothingToRate

__all__ = [
    "AlreadyRated",
    "BoxClosed",
    "NoSlipCounted",
    "NotOpenedYet",
    "NothingToRate",
    "NothingToSay",
    "SlipsDiffer",
    "WitnessesNeeded",
]
