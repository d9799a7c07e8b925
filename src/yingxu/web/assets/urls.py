"""Addresses of assets."""

from __future__ import annotations

from django.urls import path

from yingxu.web.assets import views

urlpatterns = [
    path("house/assets", views.listed, name="assets"),
    path("house/assets/new", views.new, name="new_asset"),
    path("house/assets/print", views.print_sheet, name="print_asset_codes"),
    path("house/asset/<str:code>", views.one, name="asset"),
    path("house/asset/<str:code>/revoke", views.revoke, name="revoke_asset_code"),
]
