"""Questions to the look-ahead calendar: what is due to be raised, what comes, what is to be made ready."""

from yingxu.upkeep.queries.due import Due, due_preparations
from yingxu.upkeep.queries.occasions import (
    AnswererRow,
    OccasionDetail,
    OccasionRow,
    RuleRow,
    answerers,
    occasion_for,
    occasion_of_rule,
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
    preparation_of_request,
    preparations,
)

__all__ = [
    "SHOWN",
    "AnswererRow",
    "Due",
    "OccasionDetail",
    "OccasionRow",
    "PreparationDetail",
    "PreparationPage",
    "PreparationRow",
    "RuleRow",
    "answerers",
    "due_preparations",
    "n_alarms",
    "occasion_for",
    "occasion_of_rule",
    "occasions",
    "preparation_for",
    "preparation_of_request",
    "preparations",
    "told_of",
]
