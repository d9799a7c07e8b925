"""Questions to the look-ahead calendar: what is due to be raised, what comes, what is to be made ready."""

from yingxu.upkeep.queries.due import Due, due_preparations
from yingxu.upkeep.queries.occasions import (
    OccasionDetail,
    OccasionRow,
    RuleRow,
    occasion_for,
    occasions,
    told_of,
)
from yingxu.upkeep.queries.preparations import (
    SHOWN,
    PreparationDetail,
    PreparationPage,
    PreparationRow,
    n_alarms,
    preparation_for,
    preparations,
)

__all__ = [
    "SHOWN",
    "Due",
    "OccasionDetail",
    "OccasionRow",
    "PreparationDetail",
    "PreparationPage",
    "PreparationRow",
    "RuleRow",
    "due_preparations",
    "n_alarms",
    "occasion_for",
    "occasions",
    "preparation_for",
    "preparations",
    "told_of",
]
