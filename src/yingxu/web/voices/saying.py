"""Say what you think without an account: by a printed code on the wall, in the lift, on the receipt."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from yingxu.ground import queries as ground
from yingxu.ground.queries import SiteRow
from yingxu.ground.refusals import Malformed, NotFound
from yingxu.voice.actions import KINDS, SAID_LIMIT
from yingxu.voice.actions.saying import CONTACT_LIMIT, PASSER, say_out
from yingxu.voice.claims import new_claim_code
from yingxu.web.addresses import address_of
from yingxu.web.ask.limits import Counter
from yingxu.web.boxes import abuse
from yingxu.web.boxes.public import grouped
from yingxu.web.clock import site_clock
from yingxu.web.inside import command_of, new_command
from yingxu.web.voices.words import kind_word, not_known

ICONS = {"praise": "thumb-up", "complaint": "thumb-down", "vent": "message"}
_FIELDS = ("kind", "text", "number", "badge", "contact", "code")
#: Of one network address within ten minutes; a whole hospital may share one.
_sayings = Counter(60)
#: What one address says beyond so much within a quarter of an hour is taken and held apart, as letters are.
_apart = abuse.Rotating(abuse.APART_AFTER)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def say(request: HttpRequest, site_code: str) -> HttpResponse:
    """The form; sent, the card with the code that opens the answer. With a script it waits for the network."""
    site = ground.site_by_code(site_code)
    if request.method != "POST":
        asked = {name: request.GET.get(name, "")[:40] for name in ("number", "badge", "kind")}
        return _show(request, site, asked)
    said = {name: request.POST.get(name, "") for name in _FIELDS}
    if not _sayings.allows(address_of(request)):
        trouble = _("Too much came from this network just now. Wait ten minutes; what you typed is still here.")
        return _show(request, site, said, trouble=trouble, status=429)
    try:
        kept = say_out(
            site_id=site.id,
            kind=said["kind"],
            text=said["text"],
            number=said["number"][:20],
            badge=said["badge"][:32],
            contact=said["contact"],
            claim_code=said["code"],
            is_suspect=not _apart.allows(address_of(request)),
            actor=PASSER,
            at=site_clock(site.timezone),
            command=command_of(request),
        )
    except (Malformed, NotFound) as why:
        return _show(request, site, said, trouble=not_known(why), status=422)
    values = {"site": site, "code": grouped(said["code"]), "kept": kept, "kind": said["kind"], "actor": None}
    return render(request, "web/voices/said.html", {**values, "now": site_clock(site.timezone)})


def _show(
    request: HttpRequest, site: SiteRow, said: dict[str, Any], *, trouble: str = "", status: int = 200
) -> HttpResponse:
    values = {
        "site": site,
        "said": said,
        "kinds": [(code, kind_word(code), ICONS[code]) for code in sorted(KINDS, key=list(ICONS).index)],
        "code": said.get("code") or new_claim_code(),
        "command": request.POST.get("command") or new_command(),
        "limit": SAID_LIMIT,
        "contact_limit": CONTACT_LIMIT,
        "trouble": trouble,
        # nobody: a page that named the signed-in one would not be believed
        "actor": None,
        "now": site_clock(site.timezone),
    }
    return render(request, "web/voices/say.html", values, status=status)
