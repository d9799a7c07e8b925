"""The page of an outside company's link: one job, without an account, without JavaScript."""

from __future__ import annotations

from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from yingxu.ground import files, links
from yingxu.ground import queries as ground
from yingxu.ground.refusals import NotAllowed, NotFound, Refusal
from yingxu.web import errors
from yingxu.web.addresses import address_of
from yingxu.web.ask.limits import Counter
from yingxu.web.clock import site_clock
from yingxu.web.inside import Inside, command_of, kept, new_command
from yingxu.web.mywork.sheet import sheet
from yingxu.web.outside.acts import ACTS
from yingxu.web.outside.words import dead_words, said_words
from yingxu.work.queries import outside
from yingxu.work.queries.outside import ByLink
from yingxu.work.refusals import LinkEnded

#: Presses by one link, and codes that open nothing tried from one address, within ten minutes.
presses, wrong = Counter(200), Counter(300)
#: The times that a company may choose with one press, in minutes.
SOON = (30, 60, 120, 240, 1440)


@never_cache
@require_safe
def by_link(request: HttpRequest, code: str) -> HttpResponse:
    try:
        link = _opened(code)
    except LinkEnded as ended:
        return _dead(request, dead_words(ended.why), status=410)
    except NotFound:
        return _unknown(request)
    return _page(request, code, link)


@require_POST
def act(request: HttpRequest, code: str, name: str) -> HttpResponse:
    carried_out = ACTS.get(name)
    if carried_out is None:
        raise Http404
    try:
        link = _opened(code)
    except LinkEnded as ended:
        return _dead(request, dead_words(ended.why), status=410)
    except NotFound:
        return _unknown(request)
    if not presses.allows(code):
        return _page(request, code, link, trouble=_too_often(), status=429)
    here = Inside(link.actor, _site(link), site_clock(link.site_timezone))
    try:
        carried_out(here, link, request, command_of(request))
    except NotAllowed:
        raise
    except Refusal as refused:
        return _page(request, code, link, trouble=errors.sentence(refused), status=refused.status)
    there = "#steps" if name in {"step", "photo"} else ""
    return redirect(f"{reverse('web:outside_link', args=[code])}?done={name}{there}")


@require_safe
def photo(request: HttpRequest, code: str, file_id: UUID) -> HttpResponse | FileResponse:
    try:
        link = _opened(code)
    except LinkEnded as ended:
        return _dead(request, dead_words(ended.why), status=410)
    file = ground.file_by_uid(file_id)
    if file.subject_id != link.job.id:
        raise NotFound(kind="file", name=str(file_id))
    response = FileResponse(files.open_content(file.sha256).open("rb"), content_type=file.media_type)
    response.headers["Cache-Control"] = "private, max-age=86400, immutable"
    response.headers["Content-Security-Policy"] = "default-src 'none'"
    return response


def _opened(code: str) -> ByLink:
    """Return what the link opens. Refuses: NotFound, LinkEnded."""
    return outside.by_link(links.order_of_code(code), at=timezone.now())


def _site(link: ByLink) -> ground.SiteRow:
    return kept("site", link.site_id, lambda: ground.site_by_id(link.site_id))


def _page(request: HttpRequest, code: str, link: ByLink, *, trouble: str = "", status: int = 200) -> HttpResponse:
    at = site_clock(link.site_timezone)
    done = request.GET.get("done", "")
    photos = ground.files_of(link.job.id)
    values = {
        "code": code,
        "link": link,
        "order": link.order,
        "sheet": sheet(link.job),
        "photos": [file for file in photos if file.media_type in files.SHOWN_TYPES],
        "soon": SOON,
        "typed": request.POST,
        "trouble": trouble,
        "said": said_words(done),
        "command": new_command(),
        "now": at,
    }
    return render(request, "web/outside/job.html", values, status=status)


def _unknown(request: HttpRequest) -> HttpResponse:
    words = _("This link was mistyped or cut off: nothing is behind it. Ask for it again, whole.")
    is_often = not wrong.allows(address_of(request))
    return _dead(request, _too_often() if is_often else words, status=429 if is_often else 404)


def _dead(request: HttpRequest, words: str, *, status: int) -> HttpResponse:
    return render(request, "web/outside/dead.html", {"words": words}, status=status)


def _too_often() -> str:
    return _("Too many tries within a few minutes. Please wait a little and try again.")
