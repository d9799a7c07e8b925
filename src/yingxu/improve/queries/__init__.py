"""Questions to the room ``improve``: what is to be expected, what nothing fits; the projects and their evidence."""

from yingxu.improve.queries.outlooks import (
    GroupRow,
    OutlookRow,
    SiteDay,
    lines_short_of_hands,
    outlook,
    sites_without_outlook,
    unfamiliar,
)
from yingxu.improve.queries.projects import (
    SHOWN,
    EvidenceRow,
    ProjectDetail,
    ProjectPage,
    ProjectRow,
    evidence_named,
    project_for,
    project_of_key,
    projects,
    proposed_projects,
)

__all__ = [
    "SHOWN",
    "EvidenceRow",
    "GroupRow",
    "OutlookRow",
    "ProjectDetail",
    "ProjectPage",
    "ProjectRow",
    "SiteDay",
    "evidence_named",
    "lines_short_of_hands",
    "outlook",
    "project_for",
    "project_of_key",
    "projects",
    "proposed_projects",
    "sites_without_outlook",
    "unfamiliar",
]
