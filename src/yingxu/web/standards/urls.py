"""Addresses of the standards."""

from __future__ import annotations

from django.urls import path

from yingxu.web.standards import deciding, editing, usefulness, views

urlpatterns = [
    path("standards", views.standards, name="standards"),
    path("standards/use", usefulness.use, name="standard_use"),
    path("standards/bases", usefulness.basis, name="standard_bases"),
    path("standards/<str:item_code>/beside/<str:other_code>", usefulness.side_by_side, name="standard_beside"),
    path("standards/<str:item_code>", views.standard, name="standard"),
    path("standards/<str:item_code>/draft", deciding.draft, name="standard_draft"),
    path("standards/<str:item_code>/<int:number>", views.standard, name="standard_edition"),
    path("standards/<str:item_code>/<int:number>/edit", editing.edit, name="standard_edit"),
    path("standards/<str:item_code>/<int:number>/differences", views.differences, name="standard_differences"),
    path("standards/<str:item_code>/<int:number>/review", deciding.review, name="standard_review"),
    path("standards/<str:item_code>/<int:number>/do/<slug:act>", deciding.decide, name="standard_act"),
]
