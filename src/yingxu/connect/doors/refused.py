"""Why a call at a door is not answered."""

from __future__ import annotations


class NotGenuine(Exception):
    """The call does not come from whom it says: signature, time or cipher. The caller is told nothing more."""


class Unreadable(Exception):
    """The call is genuine and its message cannot be read; the text says why, in a few words."""
