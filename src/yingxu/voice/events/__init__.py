"""Facts of the room ``voice``."""

from yingxu.voice.events.boxes import (
    BoxMade,
    BoxOpened,
    BoxSwitched,
    LetterAnswered,
    LetterHeldApart,
    LetterReceived,
    SlipConfirmed,
    SlipTyped,
)
from yingxu.voice.events.rating import RequestRated

__all__ = [
    "BoxMade",
    "BoxOpened",
    "BoxSwitched",
    "LetterAnswered",
    "LetterHeldApart",
    "LetterReceived",
    "RequestRated",
    "SlipConfirmed",
    "SlipTyped",
]
