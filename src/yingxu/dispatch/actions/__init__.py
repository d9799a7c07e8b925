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
from yingxu.dispatch.actions.planning import Lease, NewProposal, Proposed, give_up_lease, propose, take_lease
from yingxu.dispatch.actions.rounds import RoundSent, assign_round

__all__ = [
    "MODES",
    "Assigned",
    "Lease",
    "ModeSet",
    "NewProposal",
    "Proposed",
    "PulledBack",
    "RoundSent",
    "assign_job",
    "assign_round",
    "change_mode",
    "claim_job",
    "give_up_lease",
    "propose",
    "pull_back_job",
    "pull_back_overdue",
    "reassign_job",
    "take_lease",
]
