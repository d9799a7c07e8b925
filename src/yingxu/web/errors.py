"""Refusals and failures in people's words, in the reader's language: what happened, what was saved, what to do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from yingxu.ground import refusals
from yingxu.ground.refusals import Refusal

Sentence = Callable[[Any], str]

#: Refusal -> sentence. A refusal of a room adds its own line here; a test finds the missing ones.
SENTENCES: dict[type[Refusal], Sentence] = {
    refusals.NotAllowed: lambda r: _("Your role does not allow this here."),
    refusals.OwnWork: lambda r: _("Nobody checks or approves their own work. Ask a colleague."),
    refusals.ReasonNeeded: lambda r: _("Give a reason; it is kept with the act."),
    refusals.NotFound: lambda r: _("This is not known here, or you may not see it."),
    refusals.Malformed: lambda r: malformed(r.field, r.problem, r.limit),
    refusals.Stale: lambda r: _("Somebody else changed this a moment ago. Nothing of yours was lost: look again and repeat."),
    refusals.CommandReused: lambda r: _("The same command number came with another content."),
    refusals.TooDeep: lambda r: _("The house has a loop in its wiring; the act was not carried out."),
}

#: Problem code of a field -> sentence with ``field`` and ``limit``.
PROBLEMS: dict[str, Callable[[], str]] = {
    "missing": lambda: _("%(field)s is missing."),
    "too_long": lambda: _("%(field)s is too long (at most %(limit)s)."),
    "too_small": lambda: _("%(field)s is too small (at least %(limit)s)."),
    "too_large": lambda: _("%(field)s is too large (at most %(limit)s)."),
    "unknown": lambda: _("%(field)s is not known here."),
    "in_future": lambda: _("%(field)s lies in the future."),
    "out_of_order": lambda: _("%(field)s lies before what it must follow."),
    "wrong_type": lambda: _("%(field)s has the wrong form."),
}


def malformed(field: str, problem: str, limit: str) -> str:
    """Return the sentence for a malformed field."""
    template = PROBLEMS.get(problem, PROBLEMS["wrong_type"])()
    return template % {"field": field_name(field), "limit": limit}


def field_name(field: str) -> str:
    """Return a field's name as people say it."""
    names = {
        "text": _("the text"),
        "place": _("the place"),
        "item": _("the kind of service"),
        "reason": _("the reason"),
        "priority": _("the urgency"),
        "worker": _("the worker"),
        "stars": _("the rating"),
        "photo": _("the photo"),
        "site": _("the hospital"),
        "phone": _("the phone number"),
    }
    return names.get(field, field)


def sentence(refusal: Refusal) -> str:
    """Return what a refusal says to people."""
    for kind in type(refusal).__mro__:
        if kind in SENTENCES:
            return SENTENCES[kind](refusal)
    return _("This was refused (%(code)s). Nothing was changed.") % {"code": refusal.code}


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
    return JsonResponse(body, status=status, content_type="application/problem+json", json_dumps_params={"ensure_ascii": False})


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


def our_fault(request: HttpRequest) -> HttpResponse:
    """Say that the house failed; the page asks neither the database nor who is there."""
    if wants_json(request):
        return problem(500, "our_fault", _("A fault of ours; nothing is known to be saved."))
    return HttpResponse(render_to_string("500.html"), status=500)
