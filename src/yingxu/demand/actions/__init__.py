"""The verbs of the room ``demand``."""

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
from yingxu.demand.actions.raising import CHANNELS, TEXT_LIMIT, Raised, raise_request
from yingxu.demand.actions.urgency import (
    approve_lowering,
    lower_priority,
    propose_lowering,
    raise_priority,
    refuse_proposal,
)

__all__ = [
    "CHANNELS",
    "TEXT_LIMIT",
    "Changed",
    "Raised",
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
    "close_transfer",
    "decline_request",
    "lower_priority",
    "merge_request",
    "object_to_decline",
    "propose_decline",
    "propose_lowering",
    "raise_priority",
    "raise_request",
    "refuse_proposal",
    "return_transfer",
    "transfer_request",
    "unmerge_request",
    "urge_request",
]
