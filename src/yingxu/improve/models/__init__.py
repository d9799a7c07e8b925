"""Closing the gap: what the analyst worked out, and the projects that change something."""

from yingxu.improve.models.outlooks import Outlook, TextGroup
from yingxu.improve.models.projects import Evidence, Project, ProjectState

__all__ = ["Evidence", "Outlook", "Project", "ProjectState", "TextGroup"]
