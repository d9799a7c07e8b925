"""Verbs of the room ``promise``, by noun."""

from yingxu.promise.actions.clocks import Corrected, Marked, accept_late_report, mark_due

__all__ = ["Corrected", "Marked", "accept_late_report", "mark_due"]
