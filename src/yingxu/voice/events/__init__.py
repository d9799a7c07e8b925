"""Facts of the room ``voice``."""

from yingxu.voice.events.rating import RequestRated

__all__ = ["RequestRated"]
