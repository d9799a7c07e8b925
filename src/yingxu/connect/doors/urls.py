"""Addresses that outsiders call."""

from __future__ import annotations

from django.urls import path

from yingxu.connect.doors import hooks

app_name = "hooks"
urlpatterns = [
    path("mail/<str:token>", hooks.mail_hook, name="mail"),
    path("wecom/<str:token>", hooks.wecom_hook, name="wecom"),
    path("dingtalk/<str:token>", hooks.dingtalk_hook, name="dingtalk"),
    path("feishu/<str:token>", hooks.feishu_hook, name="feishu"),
]
