"""Addresses of what-if questions."""

from __future__ import annotations

from django.urls import path

from yingxu.web.whatif import views

urlpatterns = [
    path("what-if", views.what_ifs, name="what_ifs"),
    path("what-if/ask", views.ask, name="ask_what_if"),
    path("what-if/<uuid:what_if_id>", views.one, name="what_if"),
    path("what-if/<uuid:what_if_id>/cancel", views.cancel, name="cancel_what_if"),
    path("what-if/<uuid:what_if_id>/answer", views.answer, name="what_if_answer"),
]
