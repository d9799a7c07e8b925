"""Addresses of the service hours."""

from __future__ import annotations

from django.urls import path

from yingxu.web.calendars import views

urlpatterns = [
    path("calendars", views.calendars, name="calendars"),
    path("calendars/new", views.new_calendar, name="new_calendar"),
    path("calendars/holidays", views.take_over, name="take_over_holidays"),
    path("calendars/holidays/add", views.add_day, name="add_holiday"),
    path("calendars/holidays/<uuid:holiday_id>/withdraw", views.withdraw_day, name="withdraw_holiday"),
    path("calendars/<slug:code>", views.calendar, name="calendar"),
    path("calendars/<slug:code>/edit", views.edit, name="edit_calendar"),
    path("calendars/<slug:code>/withdraw/<uuid:edition_id>", views.withdraw, name="withdraw_calendar_edit"),
]
