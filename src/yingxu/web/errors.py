"""Refusals and failures in people's words, in the reader's language: what happened, what was saved, what to do."""

from __future__ import annotations

import sys
import time
from typing import Any

import psycopg
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from yingxu.ground.refusals import Refusal
from yingxu.web.sentences import SENTENCES, malformed, sentence

__all__ = [
    "SENTENCES",
    "database_away",
    "is_database_away",
    "malformed",
    "our_fault",
    "page_not_found",
    "problem",
    "refused",
    "sentence",
    "stale_form",
    "wants_json",
]


def wants_json(request: HttpRequest) -> bool:
    """Tell whether the answer goes to a program."""
    return request.path_info.startswith("/api/") or "application/json" in request.headers.get("Accept", "")


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Return a refusal as a problem document (RFC 9457), a fragment for htmx, or a page."""
    words = sentence(refusal)
    if wants_json(request):
        return problem(refusal.status, refusal.code, words, facts=refusal.facts())
    if request.headers.get("HX-Request"):
        response = render(request, "web/fragments/refusal.html", {"sentence": words}, status=refusal.status)
        response["HX-Retarget"] = "#notice"
        response["HX-Reswap"] = "innerHTML"
        return response
    return render(request, "web/refused.html", {"sentence": words, "refusal": refusal}, status=refusal.status)


def problem(status: int, code: str, detail: str, *, facts: dict[str, Any] | None = None) -> JsonResponse:
    """Return a problem document with a stable ``code``."""
    body: dict[str, Any] = {"type": f"urn:yingxu:problem:{code}", "status": status, "code": code, "detail": detail}
    if facts:
        body["facts"] = {name: str(value) if value is not None else None for name, value in facts.items()}
    return JsonResponse(
        body, status=status, content_type="application/problem+json", json_dumps_params={"ensure_ascii": False}
    )


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that a form was opened too long ago (its protection token no longer fits)."""
    words = _("This page was open too long. Go back, reload it and send again; your words are still in the form.")
    if wants_json(request):
        return problem(403, "stale_form", words)
    return render(request, "web/refused.html", {"sentence": words, "refusal": None}, status=403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that nothing is at this address."""
    if wants_json(request):
        return problem(404, "not_found", _("Nothing is at this address."))
    return render(request, "404.html", status=404)


def is_database_away(error: BaseException | None) -> bool:
    """Tell whether a failure is the database's being away or restarting, which passes by itself."""
    return isinstance(error, OperationalError | InterfaceError | psycopg.OperationalError | psycopg.InterfaceError)


def database_away(request: HttpRequest) -> HttpResponse:
    """Say that the database is away for a moment; whoever sends the same command again is answered once."""
    _drop_dead_connections()
    words = _("The database is restarting. Nothing of yours is lost: send the same again in a moment.")
    if wants_json(request):
        response: HttpResponse = problem(503, "database_away", words)
    elif request.headers.get("HX-Request"):
        response = HttpResponse(render_to_string("web/fragments/refusal.html", {"sentence": words}), status=503)
        response["HX-Retarget"] = "#notice"
        response["HX-Reswap"] = "innerHTML"
    else:
        response = HttpResponse(render_to_string("503.html", {"sentence": words}), status=503)
    response["Retry-After"] = "2"
    return response


_checked_at = 0.0


def _drop_dead_connections() -> None:
    """Let the pool look at its idle connections, once a second at most: a killed server leaves them all dead."""
    global _checked_at
    now = time.monotonic()
    if now - _checked_at < 1:
        return
    _checked_at = now
    connection.close()
    pool = getattr(connection, "pool", None)
    if pool is not None:
        pool.check()


def our_fault(request: HttpRequest) -> HttpResponse:
    """Say that the house failed; the page asks neither the database nor who is there."""
    if is_database_away(sys.exc_info()[1]):
        return database_away(request)
    if wants_json(request):
        return problem(500, "our_fault", _("A fault of ours; nothing is known to be saved."))
    return HttpResponse(render_to_string("500.html"), status=500)
