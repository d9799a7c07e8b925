"""Addresses of the pages; each screen has its own list."""

from __future__ import annotations

from django.urls import include, path

app_name = "web"
urlpatterns = [
    path("", include("yingxu.web.home.urls")),
    path("", include("yingxu.web.signin.urls")),
    path("", include("yingxu.web.ask.urls")),
    path("", include("yingxu.web.follow.urls")),
    path("", include("yingxu.web.help.urls")),
    path("", include("yingxu.web.desk.urls")),
    path("", include("yingxu.web.mywork.urls")),
    path("", include("yingxu.web.requests.urls")),
    path("", include("yingxu.web.promises.urls")),
    path("", include("yingxu.web.calendars.urls")),
    path("", include("yingxu.web.timeline.urls")),
    path("", include("yingxu.web.board.urls")),
    path("", include("yingxu.web.unanswered.urls")),
    path("", include("yingxu.web.notices.urls")),
    path("", include("yingxu.web.handbook.urls")),
    path("", include("yingxu.web.studies.urls")),
    path("", include("yingxu.web.figures.urls")),
    path("", include("yingxu.web.setup.urls")),
    path("", include("yingxu.web.standards.urls")),
    path("", include("yingxu.web.doors.urls")),
    path("", include("yingxu.web.findings.urls")),
    path("", include("yingxu.web.kiosk.urls")),
    path("", include("yingxu.web.lists.urls")),
    path("", include("yingxu.web.planned.urls")),
    path("", include("yingxu.web.callbacks.urls")),
    path("", include("yingxu.web.perfect.urls")),
    path("", include("yingxu.web.voices.urls")),
    path("", include("yingxu.web.wall.urls")),
    path("", include("yingxu.web.transport.urls")),
    path("", include("yingxu.web.whatif.urls")),
    path("", include("yingxu.web.boxes.urls")),
    path("", include("yingxu.web.stands.urls")),
    path("", include("yingxu.web.surveys.urls")),
    path("", include("yingxu.web.people_can.urls")),
    path("", include("yingxu.web.overseeing.urls")),
    path("", include("yingxu.web.emergency.urls")),
    path("", include("yingxu.web.stores.urls")),
    path("", include("yingxu.web.costs.urls")),
    path("", include("yingxu.web.assets.urls")),
    path("", include("yingxu.web.outside.urls")),
]
