"""Found something broken, by a plain page: what, where, send. The app on the phone does the same without signal."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from yingxu.demand import actions as demand
from yingxu.ground import authority
from yingxu.ground.refusals import Malformed, NotAllowed, Refusal
from yingxu.ground.unit import CommandKey
from yingxu.team.queries import members
from yingxu.web import errors
from yingxu.web.ask.sending import add_photos
from yingxu.web.inside import Inside, command_of, inside, new_command
from yingxu.web.mywork.sheet import where_of
from yingxu.web.mywork.sync.bundle import found_kinds
from yingxu.work import hands


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@inside
def found(request: HttpRequest, here: Inside) -> HttpResponse:
    if not authority.may_anywhere(here.actor, "job.perform"):
        raise NotAllowed(action="job.perform")
    if request.method != "POST":
        return _page(request, here)
    try:
        refused = _raise(request, here)
    except Refusal as why:
        if why.status == 403:
            raise
        return _page(request, here, trouble=errors.sentence(why), status=why.status)
    tail = "?done=found" if refused is None else "?done=found-without-photo"
    return redirect(f"{reverse('web:my_work')}{tail}")


def _page(request: HttpRequest, here: Inside, *, trouble: str = "", status: int = 200) -> HttpResponse:
    places = {job.place_code: where_of(job) for job in hands.jobs_in_hand(here.actor) if job.place_code}
    values = {
        "kinds": found_kinds(here, _lines(here)),
        "places": list(places.items()),
        "typed": request.POST,
        "trouble": trouble,
        "command": request.POST.get("command") or new_command(),
    }
    return render(request, "web/mywork/found.html", values, status=status)


def _raise(request: HttpRequest, here: Inside) -> Refusal | None:
    """Raise what was found; returns why a photo was not taken, if one was not. Refuses: Malformed, the verb's own."""
    post = request.POST
    command = command_of(request) or CommandKey(new_command(), "")
    item, words = post.get("item", ""), post.get("place_words", "").strip()
    place = "" if words else post.get("place", "")  # whoever writes where means that place
    names = dict(found_kinds(here, _lines(here))) if item else {}
    text = post.get("text", "").strip() or names.get(item, "")
    if not text:
        raise Malformed(field="text", problem="missing")
    if not place and not words:
        raise Malformed(field="place", problem="missing")
    raised = demand.raise_request(
        site_id=here.site.id,
        channel="self_found",
        text=text[:2000],
        item_code=item or None,
        place_code=place or None,
        place_words=words[:200],
        actor=here.actor,
        at=here.at,
        command=command,
    )
    photos = request.FILES.getlist("photos")
    if not photos:
        return None
    return add_photos(
        site_id=here.site.id, request_id=raised.id, photos=photos, actor=here.actor, at=here.at, command=command
    )


def _lines(here: Inside) -> tuple[str, ...]:
    me = next(iter(members(here.site.id, account_id=here.actor.id)), None)
    return me.line_codes if me else ()


def said_of(done: str) -> str:
    """Return what was done a moment ago here, in words."""
    return {
        "found": _("Reported. Thank you."),
        "found-without-photo": _("Reported. A photo was not taken: it cannot be read, or is too large."),
    }.get(done, "")
