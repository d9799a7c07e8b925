"""Addresses of the wall screen and of the team leader's board."""

from __future__ import annotations

from django.urls import path

from yingxu.web.wall import team, views

urlpatterns = [
    path("wall", views.wall_here, name="wall_here"),
    path("wall/<slug:site_code>", views.wall, name="wall_screen"),
    path("wall/<slug:site_code>/now", views.now, name="wall_now"),
    path("team-board", team.board, name="team_board"),
    path("team-board/now", team.now, name="team_board_now"),
    path("team-board/jobs/<uuid:job_id>/<slug:name>", team.act, name="team_board_act"),
    path("team-board/people/<int:account_id>", team.presence, name="team_board_presence"),
]
