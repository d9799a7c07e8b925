"""The verbs of the room ``improve``."""

from yingxu.improve.actions.outlooks import FoundGroup, Kept, LineOutlook, keep_outlook
from yingxu.improve.actions.projects import (
    NewEvidence,
    ProjectKept,
    approve_project,
    decline_project,
    finish_project,
    link_evidence,
    propose_project,
    start_project,
    unlink_evidence,
)

__all__ = [
    "FoundGroup",
    "Kept",
    "LineOutlook",
    "NewEvidence",
    "ProjectKept",
    "approve_project",
    "decline_project",
    "finish_project",
    "keep_outlook",
    "link_evidence",
    "propose_project",
    "start_project",
    "unlink_evidence",
]
