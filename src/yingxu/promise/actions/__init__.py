"""Verbs of the room ``promise``, by noun."""

from yingxu.promise.actions.clocks import Corrected, Marked, accept_late_report, mark_due
from yingxu.promise.actions.ladders import LadderMade, set_ladder
from yingxu.promise.actions.quality import QualitySaid, Reading, SamplingRule, end_quality_promise, promise_quality
from yingxu.promise.actions.warnings import Warned, raise_warnings

__all__ = [
    "Corrected",
    "LadderMade",
    "Marked",
    "QualitySaid",
    "Reading",
    "SamplingRule",
    "Warned",
    "accept_late_report",
    "end_quality_promise",
    "mark_due",
    "promise_quality",
    "raise_warnings",
    "set_ladder",
]
