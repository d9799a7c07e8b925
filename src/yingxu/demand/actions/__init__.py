"""The verbs of the room ``demand``."""

from yingxu.demand.actions.raising import CHANNELS, TEXT_LIMIT, Raised, raise_request

__all__ = ["CHANNELS", "TEXT_LIMIT", "Raised", "raise_request"]
