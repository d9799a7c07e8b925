"""Questions to the team: who could go, who holds which post, what is in whose handbook, who has not read what."""

from __future__ import annotations

from yingxu.team.queries.people import MemberRow, TeamRow, members, teams

__all__ = ["MemberRow", "TeamRow", "members", "teams"]
