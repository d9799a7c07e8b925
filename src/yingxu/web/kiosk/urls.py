"""Addresses of kiosks."""

from __future__ import annotations

from django.urls import path

from yingxu.web.kiosk import views

urlpatterns = [
    path("k/sw.js", views.service_worker, name="kiosk_worker"),
    path("k/<str:token>", views.kiosk, name="kiosk"),
    path("k/<str:token>/likely", views.likely_here, name="kiosk_likely"),
    path("k/<str:token>/thanks/<str:number>", views.thanks, name="kiosk_thanks"),
]
