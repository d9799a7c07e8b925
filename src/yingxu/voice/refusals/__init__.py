"""Refusals of the room ``voice``."""

from yingxu.voice.refusals.rating import AlreadyRated, NothingToRate

__all__ = ["AlreadyRated", "NothingToRate"]
