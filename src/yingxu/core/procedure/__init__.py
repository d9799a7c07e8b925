"""内核·规程: what makes a standard's text whole, how two editions differ step by step, how long it takes to read."""

from yingxu.core.procedure.checks import (
    BASIS_KINDS,
    MILESTONES,
    STEP_TYPES,
    Finding,
    check_completeness,
    check_steps,
    check_terms,
)
from yingxu.core.procedure.conditions import applies, conditions_met
from yingxu.core.procedure.difference import (
    Difference,
    PartChange,
    StepChange,
    TermChange,
    compare,
    compare_steps,
    compare_terms,
)
from yingxu.core.procedure.length import Budget, Length, measure, over_budget

__all__ = [
    "BASIS_KINDS",
    "MILESTONES",
    "STEP_TYPES",
    "Budget",
    "Difference",
    "Finding",
    "Length",
    "PartChange",
    "StepChange",
    "TermChange",
    "applies",
    "check_completeness",
    "check_steps",
    "check_terms",
    "compare",
    "compare_steps",
    "compare_terms",
    "conditions_met",
    "measure",
    "over_budget",
]
