"""Addresses of voices."""

from __future__ import annotations

from django.urls import path

from yingxu.web.voices import views

urlpatterns = [
    path("voices", views.voices, name="voices"),
    path("voices/count", views.count, name="voices_count"),
    path("voices/mine", views.mine, name="my_voices"),
    path("voices/<uuid:voice_id>", views.voice, name="voice"),
    path("voices/<uuid:voice_id>/judge", views.judge, name="judge_voice"),
    path("answers/<slug:site_code>", views.answers, name="answers"),
]
