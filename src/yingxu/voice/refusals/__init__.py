"""Refusals of the room ``voice``."""

from yingxu.voice.refusals.boxes import BoxClosed, NothingToSay, NotOpenedYet, SlipsDiffer
from yingxu.voice.refusals.rating import AlreadyRated, NothingToRate

__all__ = ["AlreadyRated", "BoxClosed", "NotOpenedYet", "NothingToRate", "NothingToSay", "SlipsDiffer"]
