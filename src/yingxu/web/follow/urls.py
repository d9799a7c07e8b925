"""Addresses of following."""

from __future__ import annotations

from django.urls import path

from yingxu.web.follow import views

urlpatterns = [
    path("f/<str:code>", views.by_link, name="follow"),
    path("f/<str:code>/do/<slug:act>", views.act_by_link, name="follow_act"),
    path("f/<str:code>/photo/<uuid:file_id>", views.photo_by_link, name="follow_photo"),
    path("ours", views.my_requests, name="my_requests"),
    path("ours/<uuid:request_id>", views.signed_in, name="follow_here"),
    path("ours/<uuid:request_id>/do/<slug:act>", views.act_signed_in, name="follow_here_act"),
    path("ours/<uuid:request_id>/photo/<uuid:file_id>", views.photo_signed_in, name="follow_here_photo"),
]
