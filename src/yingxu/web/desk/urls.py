"""Addresses of the desk."""

from __future__ import annotations

from django.urls import path

from yingxu.web.desk import asking, calls, exchange, learning, previews, proposals, sending, views

urlpatterns = [
    path("desk", views.desk, name="desk"),
    path("desk/now", views.now, name="desk_now"),
    path("desk/requests/<uuid:request_id>", views.drawer, name="desk_request"),
    path("desk/requests/<uuid:request_id>/<slug:name>", views.act_on_request, name="desk_act"),
    path("desk/requests/<uuid:request_id>/send/<uuid:worker_id>", sending.send, name="desk_send"),
    path("desk/workers/<uuid:worker_id>", sending.worker, name="desk_worker"),
    path("desk/jobs/<uuid:job_id>/<slug:name>", views.act_on_job, name="desk_job_act"),
    path("desk/requests/<uuid:request_id>/merge-into/<str:number>", previews.merge, name="desk_merge"),
    path("desk/requests/<uuid:request_id>/preview/split", previews.split, name="desk_split"),
    path("desk/call", calls.take_call, name="desk_call"),
    path("desk/proposal", proposals.proposal, name="desk_proposal"),
    path("desk/calls", exchange.all_calls, name="desk_calls"),
    path("desk/calls/<uuid:call_id>", exchange.one_call, name="desk_one_call"),
    path("desk/calls/<uuid:call_id>/settle", exchange.settle_call, name="desk_settle_call"),
    path("hooks/pbx/<str:token>", exchange.hook, name="pbx_hook"),
    path("desk/learning", learning.learning, name="desk_learning"),
    path("desk/learning/use", learning.use, name="desk_learning_use"),
    path("desk/caller", calls.caller, name="desk_caller"),
    path("desk/fields", asking.fields, name="desk_fields"),
    path("desk/items", calls.items, name="desk_items"),
    path("desk/places", calls.places, name="desk_places"),
    path("desk/read-back", calls.read_back, name="desk_read_back"),
]
