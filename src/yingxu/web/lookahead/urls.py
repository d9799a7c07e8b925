"""Addresses of the look-ahead calendar."""

from __future__ import annotations

from django.urls import path

from yingxu.web.lookahead import occasions, preparations, views

urlpatterns = [
    path("lookahead", views.lookahead, name="lookahead"),
    path("lookahead/count", views.count, name="lookahead_count"),
    path("lookahead/library", occasions.library, name="lookahead_library"),
    path("lookahead/occasions/new", occasions.add, name="add_occasion"),
    path("lookahead/occasions/<uuid:occasion_id>", occasions.occasion, name="occasion"),
    path("lookahead/occasions/<uuid:occasion_id>/<slug:act>", occasions.act, name="occasion_act"),
    path("lookahead/rules/<uuid:rule_id>/<slug:act>", occasions.rule_act, name="preparation_rule_act"),
    path("lookahead/preparations/<uuid:preparation_id>", preparations.preparation, name="preparation"),
    path("lookahead/preparations/<uuid:preparation_id>/<slug:act>", preparations.act, name="preparation_act"),
]
