"""Addresses of voices; ``c/`` is kept out of the logs."""

from __future__ import annotations

from django.urls import path

from yingxu.web.voices import apart, claims, saying, views

urlpatterns = [
    path("voices", views.voices, name="voices"),
    path("voices/count", views.count, name="voices_count"),
    path("voices/apart", apart.apart, name="apart"),
    path("voices/mine", views.mine, name="my_voices"),
    path("voices/<uuid:voice_id>", views.voice, name="voice"),
    path("voices/<uuid:voice_id>/take", views.take, name="take_voice"),
    path("voices/<uuid:voice_id>/judge", views.judge, name="judge_voice"),
    path("voices/letters/<uuid:letter_id>", claims.letter, name="letter"),
    path("say/<slug:site_code>", saying.say, name="say"),
    path("c/<slug:site_code>", claims.claim, name="claim"),
    path("c/<slug:site_code>/word", claims.word, name="claim_word"),
    path("answers/<slug:site_code>", views.answers, name="answers"),
]
