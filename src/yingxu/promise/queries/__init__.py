"""Questions about promises: a request's clocks, those that run, what was kept, what was missed, and why."""

from yingxu.promise.queries.attainment import (
    AttainmentRow,
    MissRow,
    Standings,
    TargetRow,
    attainment,
    by_milestone,
    last_misses,
    standings,
    targets,
    verdict_of,
)
from yingxu.promise.queries.clocks import (
    MILESTONES,
    ClockRow,
    RunningRow,
    clocks_of,
    clocks_of_requests,
    running_clocks,
)
from yingxu.promise.queries.explaining import Explained, ExplainedLine, TermsSaid, explain, explain_request
from yingxu.promise.queries.ladders import EditionRow, LadderPage, ladder_page

__all__ = [
    "MILESTONES",
    "AttainmentRow",
    "ClockRow",
    "EditionRow",
    "Explained",
    "ExplainedLine",
    "LadderPage",
    "MissRow",
    "RunningRow",
    "Standings",
    "TargetRow",
    "TermsSaid",
    "attainment",
    "by_milestone",
    "clocks_of",
    "clocks_of_requests",
    "explain",
    "explain_request",
    "ladder_page",
    "last_misses",
    "running_clocks",
    "standings",
    "targets",
    "verdict_of",
]
