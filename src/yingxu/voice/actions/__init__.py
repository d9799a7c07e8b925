"""Verbs of the room ``voice``."""

from yingxu.voice.actions.rating import REASONS, TEXT_LIMIT, Rated, rate_request

__all__ = ["REASONS", "TEXT_LIMIT", "Rated", "rate_request"]
