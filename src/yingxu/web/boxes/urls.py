"""Addresses of suggestion boxes; ``v/`` is kept out of the logs."""

from __future__ import annotations

from django.urls import path

from yingxu.web.boxes import paper, public, views

urlpatterns = [
    path("v/<str:token>", public.box, name="box"),
    path("v/<str:token>/answer", public.answer, name="box_answer"),
    path("v/<str:token>/word", public.judge, name="box_judge"),
    path("v/<str:token>/answers", public.answers, name="box_answers"),
    path("boxes", views.boxes, name="boxes"),
    path("boxes/witnessed", paper.witnessed, name="witnessed"),
    path("boxes/<uuid:box_id>", views.box, name="box_inside"),
    path("boxes/<uuid:box_id>/open", views.open_box, name="open_box"),
    path("boxes/<uuid:box_id>/switch", views.switch_box, name="switch_box"),
    path("boxes/<uuid:box_id>/slips", paper.type_slip, name="type_slip"),
    path("boxes/<uuid:box_id>/code", views.code, name="box_code"),
    path("boxes/<uuid:box_id>/paper", paper.paper, name="box_paper"),
    path("letters/photos/<uuid:photo_id>", views.photo, name="letter_photo"),
    path("slips/<uuid:slip_id>", paper.confirm_slip, name="confirm_slip"),
    path("letters/<uuid:letter_id>/answer", views.answer_letter, name="answer_letter"),
    path("letters/<uuid:letter_id>/apart", views.hold_apart, name="hold_letter_apart"),
]
