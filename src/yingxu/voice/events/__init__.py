"""Facts of the room ``voice``."""

from yingxu.voice.events.boxes import (
    BoxMade,
    BoxOpened,
    BoxSwitched,
    LetterAnswered,
    LetterHeldApart,
    LetterReceived,
    PaperTakenOut,
    SlipConfirmed,
    SlipTyped,
)
from yingxu.voice.events.rating import ConductDoubted, RatingExplained, RequestRated

__all__ = [
    "BoxMade",
    "BoxOpened",
    "BoxSwitched",
    "ConductDoubted",
    "LetterAnswered",
    "LetterHeldApart",
    "LetterReceived",
    "PaperTakenOut",
    "RatingExplained",
    "RequestRated",
    "SlipConfirmed",
    "SlipTyped",
]
