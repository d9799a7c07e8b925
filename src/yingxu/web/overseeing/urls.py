"""Addresses of supervisors, remarks and forums."""

from __future__ import annotations

from django.urls import path

from yingxu.web.overseeing import forums, views

urlpatterns = [
    path("supervisors", views.supervisors, name="supervisors"),
    path("supervisors/visits", views.plan_visit, name="plan_visit"),
    path("supervisors/visits/<uuid:visit_id>", views.make_visit, name="make_visit"),
    path("supervisors/<uuid:supervisor_id>", views.decide, name="decide_supervisor"),
    path("supervisors/<uuid:supervisor_id>/term", views.renew, name="renew_supervisor"),
    path("remarks", views.remarks, name="remarks"),
    path("remarks/<uuid:remark_id>/answer", views.answer, name="answer_remark"),
    path("remarks/<uuid:remark_id>/word", views.judge, name="judge_remark"),
    path("remarks/<uuid:remark_id>/done", views.done, name="remark_done"),
    path("remarks/<uuid:remark_id>/reveal", views.reveal, name="reveal_finder"),
    path("forums", forums.forums, name="forums"),
    path("forums/<uuid:forum_id>", forums.forum, name="forum"),
    path("forums/<uuid:forum_id>/remarks", forums.raise_remark, name="raise_remark"),
    path("forums/<uuid:forum_id>/held", forums.hold, name="hold_forum"),
    path("forums/<uuid:forum_id>/pack.pdf", forums.pack, name="forum_pack"),
]
