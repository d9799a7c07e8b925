"""Verbs of the team: teams, members and presence; posts; reading and signing the handbook."""

from __future__ import annotations

from yingxu.team.actions.people import (
    Joined,
    MadeTeam,
    NewMember,
    change_presence,
    join_teams,
    make_team,
)

__all__ = ["Joined", "MadeTeam", "NewMember", "change_presence", "join_teams", "make_team"]
