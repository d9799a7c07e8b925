"""Verbs of the team: teams, members and presence; posts; reading and signing the handbook."""

from __future__ import annotations

from yingxu.team.actions.handbook import Answered, Reminded, answer_quiz, remind_to_read
from yingxu.team.actions.people import (
    Joined,
    MadeTeam,
    NewMember,
    change_presence,
    join_teams,
    make_team,
)
from yingxu.team.actions.posts import PostSaid, change_post, give_post, make_post, take_post

__all__ = [
    "Answered",
    "Joined",
    "MadeTeam",
    "NewMember",
    "PostSaid",
    "Reminded",
    "answer_quiz",
    "change_post",
    "change_presence",
    "give_post",
    "join_teams",
    "make_post",
    "make_team",
    "remind_to_read",
    "take_post",
]
