"""Addresses of signing in."""

from __future__ import annotations

from django.urls import path

from yingxu.web.signin import views

urlpatterns = [
    path("sign-in", views.sign_in, name="sign_in"),
    path("sign-out", views.sign_out, name="sign_out"),
    path("demo/role", views.switch_role, name="switch_role"),
]
