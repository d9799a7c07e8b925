"""The verbs of the room ``upkeep``."""

from yingxu.upkeep.actions.occasions import (
    OccasionKept,
    add_occasion,
    adopt_cycle,
    adopt_occasion,
    announce_occasion,
    change_occasion,
    withdraw_occasion,
)
from yingxu.upkeep.actions.preparations import (
    PreparationKept,
    assign_preparation,
    make_ready,
    postpone_preparation,
    skip_preparation,
    take_on_preparation,
)
from yingxu.upkeep.actions.rules import NewRule, RuleMade, add_rule, change_rule, withdraw_rule
from yingxu.upkeep.actions.watching import Watched, watch_preparations
from yingxu.upkeep.said import NewOccasion

__all__ = [
    "NewOccasion",
    "NewRule",
    "OccasionKept",
    "PreparationKept",
    "RuleMade",
    "Watched",
    "add_occasion",
    "add_rule",
    "adopt_cycle",
    "adopt_occasion",
    "announce_occasion",
    "assign_preparation",
    "change_occasion",
    "change_rule",
    "make_ready",
    "postpone_preparation",
    "skip_preparation",
    "take_on_preparation",
    "watch_preparations",
    "withdraw_occasion",
    "withdraw_rule",
]
