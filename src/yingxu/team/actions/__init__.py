"""Verbs of the team: teams, members and presence; posts; reading and signing the handbook."""

from __future__ import annotations

from yingxu.team.actions.duties import DutiesSet, NewDuty, call_off_duty, pass_duty, set_duties
from yingxu.team.actions.handbook import Answered, Reminded, answer_quiz, remind_to_read
from yingxu.team.actions.papers import (
    Kept,
    change_clearances,
    correct_certificate,
    enter_certificate,
    lift_zone,
    restrict_zone,
    start_gates,
    stop_gates,
    verify_certificate,
    withdraw_certificate,
)
from yingxu.team.actions.people import (
    Joined,
    MadeTeam,
    NewMember,
    change_presence,
    join_teams,
    make_team,
)
from yingxu.team.actions.posts import PostSaid, change_post, give_post, make_post, take_post
from yingxu.team.actions.skills import change_skills

__all__ = [
    "Answered",
    "DutiesSet",
    "Joined",
    "Kept",
    "MadeTeam",
    "NewDuty",
    "NewMember",
    "PostSaid",
    "Reminded",
    "answer_quiz",
    "call_off_duty",
    "change_clearances",
    "change_post",
    "change_presence",
    "change_skills",
    "correct_certificate",
    "enter_certificate",
    "give_post",
    "join_teams",
    "lift_zone",
    "make_post",
    "make_team",
    "pass_duty",
    "remind_to_read",
    "restrict_zone",
    "set_duties",
    "start_gates",
    "stop_gates",
    "take_post",
    "verify_certificate",
    "withdraw_certificate",
]
