"""The first page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from yingxu.web import navigation
from yingxu.web.signing import actor_of


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    if actor is not None:
        return redirect(navigation.first_page(actor))
    return render(request, "web/home/home.html")
