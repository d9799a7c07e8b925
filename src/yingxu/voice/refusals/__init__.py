"""Refusals of the room ``voice``."""

from yingxu.voice.refusals.boxes import (
    BoxClosed,
    NoSlipCounted,
    NothingToSay,
    NotOpenedYet,
    SlipsDiffer,
    WitnessesNeeded,
)
from yingxu.voice.refusals.rating import AlreadyRated, AlreadySaid, NothingToRate, NotRatedYet

__all__ = [
    "AlreadyRated",
    "AlreadySaid",
    "BoxClosed",
    "NoSlipCounted",
    "NotOpenedYet",
    "NotRatedYet",
    "NothingToRate",
    "NothingToSay",
    "SlipsDiffer",
    "WitnessesNeeded",
]
