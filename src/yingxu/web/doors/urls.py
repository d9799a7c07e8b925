"""Addresses of doors, messages and webhooks."""

from __future__ import annotations

from django.urls import path

from yingxu.web.doors import messages, views, webhooks

urlpatterns = [
    path("doors", views.doors, name="doors"),
    path("doors/new", views.new_door, name="new_door"),
    path("doors/<uuid:door_id>", views.door, name="door"),
    path("doors/<uuid:door_id>/rules", views.set_rule, name="set_alarm_rule"),
    path("messages", messages.messages, name="messages"),
    path("messages/count", messages.count, name="messages_count"),
    path("messages/<uuid:message_id>", messages.message, name="message"),
    path("messages/<uuid:message_id>/put-away", messages.put_away, name="put_away_message"),
    path("messages/<uuid:message_id>/sender", messages.name_sender, name="name_sender"),
    path("messages/<uuid:message_id>/take", messages.take_by_hand, name="take_message"),
    path("webhooks", webhooks.webhooks, name="webhooks"),
    path("webhooks/<uuid:subscription_id>", webhooks.webhook, name="webhook"),
    path("webhooks/<uuid:subscription_id>/test", webhooks.fire_test, name="test_webhook"),
    path("webhooks/<uuid:subscription_id>/secret", webhooks.renew_secret, name="renew_webhook_secret"),
    path("webhooks/<uuid:subscription_id>/again/<uuid:message_id>", webhooks.send_again, name="send_webhook_again"),
]
