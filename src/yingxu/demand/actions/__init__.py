"""The verbs of the room ``demand``."""

from yingxu.demand.actions.alarms import Judged, RuleSaid, RuleSet, judge_reading, link_alarm, set_alarm_rule
from yingxu.demand.actions.calls import CallNoted, note_call, settle_call
from yingxu.demand.actions.changed import Changed
from yingxu.demand.actions.contacts import accept_first_contact, ask_first_contact
from yingxu.demand.actions.desk import (
    accept_request,
    acknowledge_request,
    add_word,
    answer_clarification,
    ask_clarification,
    urge_request,
)
from yingxu.demand.actions.doors import DoorMade, Noted, change_door, name_sender, note_door, open_door
from yingxu.demand.actions.elsewhere import (
    accept_transfer,
    close_transfer,
    merge_request,
    return_transfer,
    transfer_request,
    unmerge_request,
)
from yingxu.demand.actions.ending import (
    accept_objection,
    answer_request,
    cancel_request,
    decline_request,
    object_to_decline,
    propose_decline,
)
from yingxu.demand.actions.forms import PatientShown, SeenField, see_patient
from yingxu.demand.actions.messages import (
    Arrival,
    KeptMessage,
    Settled,
    keep_message,
    link_message,
    put_away_message,
    settle_message,
)
from yingxu.demand.actions.raising import CHANNELS, TEXT_LIMIT, Raised, raise_request
from yingxu.demand.actions.recurring import (
    RecurrenceMade,
    leave_out_days,
    resume_recurrence,
    set_recurrence,
    stop_recurrence,
)
from yingxu.demand.actions.splitting import split_request
from yingxu.demand.actions.triaged import Proposed, VersionKept, keep_version, use_version
from yingxu.demand.actions.urgency import (
    approve_lowering,
    lower_priority,
    propose_lowering,
    raise_priority,
    refuse_proposal,
)
from yingxu.demand.wanted import NOTHING, Wanted

__all__ = [
    "CHANNELS",
    "NOTHING",
    "TEXT_LIMIT",
    "Arrival",
    "CallNoted",
    "Changed",
    "DoorMade",
    "Judged",
    "KeptMessage",
    "Noted",
    "PatientShown",
    "Proposed",
    "Raised",
    "RecurrenceMade",
    "RuleSaid",
    "RuleSet",
    "SeenField",
    "Settled",
    "VersionKept",
    "Wanted",
    "accept_first_contact",
    "accept_objection",
    "accept_request",
    "accept_transfer",
    "acknowledge_request",
    "add_word",
    "answer_clarification",
    "answer_request",
    "approve_lowering",
    "ask_clarification",
    "ask_first_contact",
    "cancel_request",
    "change_door",
    "close_transfer",
    "decline_request",
    "judge_reading",
    "keep_message",
    "keep_version",
    "leave_out_days",
    "link_alarm",
    "link_message",
    "lower_priority",
    "merge_request",
    "name_sender",
    "note_call",
    "note_door",
    "object_to_decline",
    "open_door",
    "propose_decline",
    "propose_lowering",
    "put_away_message",
    "raise_priority",
    "raise_request",
    "refuse_proposal",
    "resume_recurrence",
    "return_transfer",
    "see_patient",
    "set_alarm_rule",
    "set_recurrence",
    "settle_call",
    "settle_message",
    "split_request",
    "stop_recurrence",
    "transfer_request",
    "unmerge_request",
    "urge_request",
    "use_version",
]
