"""Facts of the room ``voice``."""

from yingxu.voice.events.boxes import (
    BoxMade,
    BoxOpened,
    BoxSwitched,
    LetterAnswered,
    LetterHeldApart,
    LetterReceived,
    PaperCountersigned,
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
    "PaperCountersigned",
    "PaperTakenOut",
    "RatingExplained",
    "RequestRated",
    "SlipConfirmed",
    "SlipTyped",
]
