"""Verbs of the room ``dispatch``: sending by hand, the planner's, claiming, and how each line finds its workers."""

from yingxu.dispatch.actions.assigning import (
    Assigned,
    PulledBack,
    assign_job,
    pull_back_job,
    pull_back_overdue,
    reassign_job,
)
from yingxu.dispatch.actions.claiming import MODES, ModeSet, change_mode, claim_job
from yingxu.dispatch.actions.crews import GoingAlong, accept_to_go_along, call_mate, decline_to_go_along
from yingxu.dispatch.actions.planning import (
    Lease,
    NewProposal,
    Proposed,
    give_up_lease,
    propose,
    propose_first,
    take_lease,
)
from yingxu.dispatch.actions.rounds import RoundSent, assign_round

__all__ = [
    "MODES",
    "Assigned",
    "GoingAlong",
    "Lease",
    "ModeSet",
    "NewProposal",
    "Proposed",
    "PulledBack",
    "RoundSent",
    "accept_to_go_along",
    "assign_job",
    "assign_round",
    "call_mate",
    "change_mode",
    "claim_job",
    "decline_to_go_along",
    "give_up_lease",
    "propose",
    "propose_first",
    "pull_back_job",
    "pull_back_overdue",
    "reassign_job",
    "take_lease",
]
