"""Pages for people who work here: who it is, at which site, at which moment; and the command a form carries."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from yingxu.ground import ids, queries
from yingxu.ground.actor import Actor
from yingxu.ground.queries import SiteRow
from yingxu.ground.refusals import NotAllowed, NotFound
from yingxu.ground.unit import CommandKey
from yingxu.standards import queries as standards
from yingxu.standards.queries import CatalogueRow, LineRow
from yingxu.web.clock import site_clock
from yingxu.web.signing import actor_of

Value = TypeVar("Value")

#: Sites, lines and the catalogue change a few times a year; a process looks again after so many seconds.
KEPT_S = 30.0
_kept: dict[tuple[str, Any], tuple[float, Any]] = {}


@dataclass(frozen=True)
class Inside:
    """Somebody who is signed in, at a site, now."""

    actor: Actor
    site: SiteRow
    at: datetime


def inside(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Give a view its :class:`Inside` as second argument; send strangers to sign in (fragments are refused)."""

    @wraps(view)
    def seen(request: HttpRequest, *args: Any, **names: Any) -> HttpResponseBase:
        actor = actor_of(request)
        if actor is None:
            if request.method == "GET" and not request.headers.get("HX-Request"):
                return redirect_to_login(request.get_full_path())
            raise NotAllowed(action="sign_in")
        site = site_for(request, actor) if _has_site(actor) else None
        if site is None:  # a new house: there is nothing to show anywhere but what sets it up
            return HttpResponse(status=204) if request.headers.get("HX-Request") else redirect("web:setup")
        return view(request, Inside(actor, site, site_clock(site.timezone)), *args, **names)

    return seen


def _has_site(actor: Actor) -> bool:
    """Tell whether a house's administrator has set up a hospital; others hold their roles at one. Budget: as sites."""
    return "AD" not in actor.roles or bool(_sites_of(actor))


def _sites_of(actor: Actor) -> tuple[SiteRow, ...]:
    keys = tuple(sorted({held.site_id or 0 for held in actor.holdings}))
    sites = kept("sites", keys, lambda: queries.sites_of(actor))
    if not sites:
        _kept.pop(("sites", keys), None)  # a house without a site is about to get one
    return sites


def site_for(request: HttpRequest, actor: Actor) -> SiteRow:
    """Return the site asked for among the actor's own, else the first; refuses: NotFound. Budget: one, seldom."""
    code = request.GET.get("site", "")
    for site in _sites_of(actor):
        if code in ("", site.code):
            return site
    raise NotFound(kind="site", name=code)


def lines_of(site_id: int) -> tuple[LineRow, ...]:
    """Return the site's service lines. Budget: one, seldom."""
    return kept("lines", site_id, lambda: standards.lines(site_id))


def catalogue_of(site_id: int) -> tuple[CatalogueRow, ...]:
    """Return what can be asked for. Budget: one, seldom."""
    return kept("catalogue", site_id, lambda: standards.catalogue(site_id))


def suspended_of(site_id: int) -> tuple[CatalogueRow, ...]:
    """Return what is not offered for a while, with its notices. Budget: one, seldom."""
    return kept("suspended", site_id, lambda: standards.suspended(site_id))


def kept(kind: str, key: Any, load: Callable[[], Value]) -> Value:
    """Return a value that the process keeps for a short while."""
    known = _kept.get((kind, key))
    moment = time.monotonic()
    if known is not None and moment < known[0]:
        return known[1]  # type: ignore[no-any-return]
    value = load()
    _kept[kind, key] = (moment + KEPT_S, value)
    return value


def forget() -> None:
    """Forget what is kept (between tests)."""
    _kept.clear()


def new_command() -> str:
    """Return an id for the command that a form will carry."""
    return str(ids.new_uid())


def command_of(request: HttpRequest) -> CommandKey | None:
    """Return the form's command with a digest of what it says; None for a form without one."""
    command_id = request.POST.get("command", "")[:64]
    if not command_id:
        return None
    said = sorted(
        (name, value) for name, values in request.POST.lists() for value in values if name != "csrfmiddlewaretoken"
    )
    files = sorted((file.name or "", file.size or 0) for _, group in request.FILES.lists() for file in group)
    return CommandKey(command_id, hashlib.sha256(repr((said, files)).encode()).hexdigest())


def is_fragment(request: HttpRequest) -> bool:
    """Tell whether htmx asks for a part of the page."""
    return bool(request.headers.get("HX-Request"))
