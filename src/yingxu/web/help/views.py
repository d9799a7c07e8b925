"""The help page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from yingxu.web.templatetags.yingxu import states


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "web/help/help.html", {"states": states().values()})
