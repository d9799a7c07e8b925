"""The tables of the room ``demand``, by noun."""

from yingxu.demand.models.calls import Call
from yingxu.demand.models.doors import Alarm, AlarmRule, Door, Message, Sender
from yingxu.demand.models.requests import FinalAnswer, Request, RequestState, Word
from yingxu.demand.models.standing import Recurrence
from yingxu.demand.models.triage import TriageProposal, TriageVersion

__all__ = [
    "Alarm",
    "AlarmRule",
    "Call",
    "Door",
    "FinalAnswer",
    "Message",
    "Recurrence",
    "Request",
    "RequestState",
    "Sender",
    "TriageProposal",
    "TriageVersion",
    "Word",
]
