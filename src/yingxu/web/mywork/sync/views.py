"""The phone's own addresses: the shell that opens from the cache, what it carries, its queue, its photos."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yingxu.ground import authority, incoming
from yingxu.ground.refusals import Malformed, NotAllowed, NotFound
from yingxu.web.clock import site_clock
from yingxu.web.inside import Inside, inside
from yingxu.web.mywork.sync.bundle import bundle
from yingxu.web.mywork.sync.commands import batch_of
from yingxu.web.mywork.sync.moving import shelf_said
from yingxu.web.mywork.sync.settling import Outcome, open_refused, settle
from yingxu.web.mywork.sync.shown import said
from yingxu.work import hands
from yingxu.work.queries.carried import shelves_carried
from yingxu.work.reports import my_reports, reports_of_commands

#: What the shell needs besides its page; all of it is in the cache before the app says that it works without signal.
STATIC = (
    "web/phone.css",
    "web/mywork.css",
    "web/mywork-app.css",
    "web/mywork-queue.js",
    "web/mywork-job.js",
    "web/mywork-store.js",
    "web/mywork-scan.js",
    "web/mywork-draw.js",
    "web/mywork-parts.js",
    "web/mywork-defect.js",
    "web/mywork-card.js",
    "web/mywork-app.js",
    "web/logo.svg",
    "web/app-192.png",
    "web/app-512.png",
    "vendor/icons.svg",
)
#: One part of a photo; a phone sends smaller ones.
_PART_LIMIT = 512 * 1024


def _worker(here: Inside) -> Inside:
    if not authority.may_anywhere(here.actor, "job.perform"):
        raise NotAllowed(action="job.perform")
    return here


@require_safe
def shell(request: HttpRequest) -> HttpResponse:
    """Return the app without anybody's data: the same page for everybody, kept by the phone."""
    response = render(request, "web/mywork/app.html", {"words": said()})
    response["Cache-Control"] = "no-cache"
    return response


@never_cache
@require_safe
@inside
def carried(request: HttpRequest, here: Inside) -> HttpResponse:
    return JsonResponse(bundle(request, _worker(here)), json_dumps_params={"ensure_ascii": False})


@never_cache
@require_safe
@inside
def shelves(request: HttpRequest, here: Inside) -> HttpResponse:
    """Return what the stores hold, for hours without signal: asked for seldom, and after parts moved."""
    items = {job.item_code for job in hands.jobs_in_hand(_worker(here).actor)}
    rows = shelves_carried(here.actor, here.site.id, items)
    answer = {"now": round(here.at.timestamp() * 1000), "shelves": [shelf_said(row) for row in rows]}
    return JsonResponse(answer, json_dumps_params={"ensure_ascii": False})


@never_cache
@require_POST
@inside
def sync(request: HttpRequest, here: Inside) -> HttpResponse:
    """Carry out a batch of commands in order; every one gets an answer. Nobody's phone sends another's."""
    account, commands = batch_of(request.body, at=_worker(here).at)
    if account != here.actor.key:
        raise NotAllowed(action="report.keep")
    known = reports_of_commands(here.actor, [one.id for one in commands])
    again = open_refused(my_reports(here.actor))
    results: list[Outcome] = []
    for one in commands:
        outcome = settle(here, one, known.get(one.id), again=again)
        results.append(outcome)
        if outcome.result == "photos":
            break  # what follows waits, so that the order stays
    answer = {
        "now": round(site_clock(here.site.timezone).timestamp() * 1000),
        "results": [vars(one) for one in results],
    }
    return JsonResponse(answer, json_dumps_params={"ensure_ascii": False})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@inside
def part(request: HttpRequest, here: Inside, sha256: str) -> HttpResponse:
    """Tell how much of a photo is here, or take its next part."""
    account_id = _worker(here).actor.account_id or 0
    if request.method != "POST":
        return JsonResponse(vars(incoming.received(account_id, sha256)))
    start, size = request.GET.get("from", ""), request.GET.get("size", "")
    if not (start.isascii() and start.isdigit() and size.isascii() and size.isdigit()):
        raise Malformed(field="photo", problem="wrong_type")
    content = request.body
    if len(content) > _PART_LIMIT:
        raise Malformed(field="photo", problem="too_large", limit="512 kB")
    return JsonResponse(vars(incoming.take_part(account_id, sha256, start=int(start), size=int(size), content=content)))


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    home = reverse("web:my_app")
    icons = [
        {"src": staticfiles_storage.url(f"web/app-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png", **more}
        for size, more in ((192, {}), (512, {}), (512, {"purpose": "maskable"}))
    ]
    values = {
        "id": home,
        "name": _("Yingxu · My work"),
        "short_name": _("My work"),
        "start_url": home,
        "scope": reverse("web:my_work"),
        "display": "standalone",
        "orientation": "portrait",
        "lang": get_language(),
        "background_color": "#f7f6f3",
        "theme_color": "#0b5d56",
        "icons": icons,
    }
    response = JsonResponse(values, content_type="application/manifest+json")
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """Return the worker of /my-work and nothing else; the handbook has its own. A changed file makes it another."""
    text = _file("web/mywork-sw.js").read_text(encoding="utf-8")
    named = {
        "__VERSION__": _version(),
        "__STATIC__": [staticfiles_storage.url(name) for name in STATIC],
        "__SHELL__": reverse("web:my_app"),
        "__MANIFEST__": reverse("web:my_app_manifest"),
    }
    for name, value in named.items():
        text = text.replace(f'"{name}"', json.dumps(value))
    response = HttpResponse(text, content_type="text/javascript; charset=utf-8")
    response["Service-Worker-Allowed"] = reverse("web:my_work")
    response["Cache-Control"] = "no-cache"
    return response


@cache
def _version() -> str:
    """Return a digest of all that the shell is made of."""
    digest = hashlib.sha256()
    for name in (*STATIC, "web/mywork-sw.js"):
        digest.update(_file(name).read_bytes())
    return digest.hexdigest()[:12]


def _file(name: str) -> Path:
    path = finders.find(name)
    if path is None:
        raise NotFound(kind="file", name=name)
    return Path(str(path))
