"""Following a request: by its private link, or signed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from yingxu.demand import queries as demand
from yingxu.ground import files
from yingxu.ground import queries as ground
from yingxu.ground.actor import Actor
from yingxu.ground.queries import ContactRow, FileRow, SiteRow
from yingxu.ground.refusals import NotFound, OwnWork, Refusal
from yingxu.voice.actions import RATERS
from yingxu.voice.queries import given, heard
from yingxu.voice.queries.given import GivenRow
from yingxu.web import errors, links
from yingxu.web.clock import site_clock
from yingxu.web.follow import steps
from yingxu.web.follow.acts import ACTS, Act
from yingxu.web.follow.choices import may_do
from yingxu.web.inside import Inside, command_of, inside, kept, new_command
from yingxu.web.signing import actor_of
from yingxu.web.templatetags.yingxu import states
from yingxu.web.voices.views import told
from yingxu.web.voices.words import rater_word, reason_word
from yingxu.web.whole import Whole, request_in_whole
from yingxu.work import queries as work

PAGE = 20
#: Reasons offered after the tap, how somebody behaved last (domain S30: two taps): the good ones after a good face.
_GOOD = ("fast", "skilled", "polite", "clean", "informed", "kept_time")
_BAD = ("slow", "not_fixed", "late", "rude", "dirty", "no_word", "no_badge", "no_knock")
#: Acts that say how the work was: not for who did it.
_JUDGING = frozenset({"good", "rate", "explain"})
#: Public states in which somebody is coming or working.
_COMING = frozenset({"accepted", "en_route", "arrived", "in_progress", "paused"})


@dataclass(frozen=True)
class Way:
    """How somebody came to a request: who it is, and the addresses of this way."""

    actor: Actor
    request_id: UUID
    page_url: str
    is_link: bool

    def url(self, name: str, **values: Any) -> str:
        """Return an address under this way."""
        prefix = "web:follow" if self.is_link else "web:follow_here"
        own: dict[str, Any] = (
            {"code": links.follow_code(self.request_id)} if self.is_link else {"request_id": self.request_id}
        )
        return reverse(f"{prefix}_{name}", kwargs={**own, **values})


@never_cache
@require_safe
def by_link(request: HttpRequest, code: str) -> HttpResponse:
    return _page(request, _way_of_link(code))


@never_cache
@require_safe
def signed_in(request: HttpRequest, request_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    if actor is None:
        return redirect_to_login(request.get_full_path())
    return _page(request, _way_of(actor, request_id))


@require_POST
def act_by_link(request: HttpRequest, code: str, act: str) -> HttpResponse:
    way = _way_of_link(code)
    return _act(request, way, act, _who_holds(request, way) if act in _JUDGING else None)


@require_POST
def act_signed_in(request: HttpRequest, request_id: UUID, act: str) -> HttpResponse:
    actor = actor_of(request)
    if actor is None:
        return redirect_to_login(reverse("web:follow_here", args=[request_id]))
    return _act(request, _way_of(actor, request_id), act)


@require_safe
def photo_by_link(request: HttpRequest, code: str, file_id: UUID) -> HttpResponse | FileResponse:
    return _photo(_way_of_link(code), file_id)


@require_safe
def photo_signed_in(request: HttpRequest, request_id: UUID, file_id: UUID) -> HttpResponse | FileResponse:
    actor = actor_of(request)
    if actor is None:
        raise NotFound(kind="file", name=str(file_id))
    return _photo(_way_of(actor, request_id), file_id)


@require_safe
@inside
def my_requests(request: HttpRequest, here: Inside) -> HttpResponse:
    state = request.GET.get("state", "")
    show = request.GET.get("show", "open")
    page = demand.request_page(
        here.actor,
        here.site.id,
        state=state if state in states() else None,
        is_open={"open": True, "closed": False}.get(show),
        q=request.GET.get("q", "")[:100],
        cursor=request.GET.get("after") or None,
        limit=PAGE,
    )
    values = {
        "page": page,
        "now": here.at,
        "show": show,
        "q": request.GET.get("q", ""),
        "is_first": "after" not in request.GET,
    }
    return render(request, "web/follow/list.html", values)


def _way_of_link(code: str) -> Way:
    request_id = links.request_of_code(code)
    key, _site = demand.key_of(request_id)
    return Way(ground.actor_of_link(key), request_id, reverse("web:follow", args=[code]), is_link=True)


def _way_of(actor: Actor, request_id: UUID) -> Way:
    return Way(actor, request_id, reverse("web:follow_here", args=[request_id]), is_link=False)


def _site(key: int) -> SiteRow:
    return kept("site", key, lambda: ground.site_by_id(key))


def _page(request: HttpRequest, way: Way, *, status: int = 200, trouble: str = "") -> HttpResponse:
    whole = request_in_whole(way.actor, way.request_id)
    at = site_clock(_site(whole.detail.site_id).timezone)
    mark = f"{whole.detail.row.changed_at.isoformat()}{len(whole.detail.words)}"
    if request.headers.get("X-Mark") == mark:
        return HttpResponse(status=204)
    values = _values(request, way, whole, at)
    return render(request, "web/follow/follow.html", {**values, "mark": mark, "trouble": trouble}, status=status)


def _values(request: HttpRequest, way: Way, whole: Whole, at: datetime) -> dict[str, Any]:
    timeline = ground.timeline(whole.detail.row.key)
    photos = ground.files_of(whole.detail.row.key, *(job.id for job in whole.jobs))
    ratings = _ratings(way, whole, at)
    return {
        "way": way,
        "row": whole.detail.row,
        "detail": whole.detail,
        "site": _site(whole.detail.site_id),
        "jobs": whole.jobs,
        "to_call": _who_comes(way, whole),
        "past": steps.past(timeline),
        "to_come": steps.to_come(whole.clocks),
        "pause": steps.pause_words(timeline) if whole.detail.row.state == "paused" else "",
        "is_held": steps.is_held(timeline),
        "question": _question(whole),
        "photos": [
            (file, way.url("photo", file_id=file.uid)) for file in photos if file.media_type in files.SHOWN_TYPES
        ],
        "voices": [way.url("photo", file_id=file.uid) for file in photos if file.media_type in files.HEARD_TYPES],
        "may": may_do(way.actor, whole, at=at, is_merged_done=ratings.is_merged_done),
        "ratings": ratings,
        # what came of the rating's words; of an unrated request there is nothing to ask for
        "fates": told(heard.fates_of_request(way.actor, whole.detail.row.key), at)
        if ratings.given and not ratings.is_colleague
        else [],
        "acts": {name: way.url("act", act=name) for name in ACTS},
        "why": way.url("why"),
        "command": new_command(),
        "is_new": request.GET.get("sent") == "1",
        "done": _done_words(request.GET.get("done", "")),
        "is_photo_refused": request.GET.get("photo") == "refused",
        "now": at,
        "clocks": whole.clocks,
    }


@dataclass(frozen=True)
class Given:
    """A rating as its giver reads it."""

    row: GivenRow
    who: str
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Ratings:
    """What was rated over this way, whose words are awaited, and who else may rate."""

    given: tuple[Given, ...] = ()
    #: The last rating of one tap, while its reasons are awaited, with the reasons to offer.
    unexplained: Given | None = None
    reasons: tuple[tuple[str, str], ...] = ()
    #: Who has not rated yet: code, name.
    free: tuple[tuple[str, str], ...] = ()
    is_merged_done: bool = False
    #: Somebody of the asker's department who did not ask: rates for the ward, whose word counts once.
    is_colleague: bool = False
    is_ward_rated: bool = False


def _ratings(way: Way, whole: Whole, at: datetime) -> Ratings:
    row = whole.detail.row
    if row.state == "cancelled" or (row.is_open and not any(job.state == "finished" for job in whole.jobs)):
        return Ratings()
    rows = given.given_ratings(way.actor, row.key)
    is_colleague = way.actor.account_id is not None and not given.is_askers(way.actor, row.key)
    told_rows = tuple(Given(one, rater_word(one.rater), tuple(map(reason_word, one.reasons))) for one in rows)
    waiting = [one for one in told_rows if one.row.waits_for_words(at)]
    last = max(waiting, key=lambda one: one.row.rated_at) if waiting else None
    codes = _GOOD if last and last.row.stars > 3 else _BAD if last and last.row.stars < 3 else (*_GOOD, *_BAD)
    taken = {one.rater for one in rows}
    return Ratings(
        told_rows,
        last,
        tuple((code, reason_word(code)) for code in codes) if last else (),
        () if is_colleague else tuple((code, rater_word(code)) for code in RATERS if code not in taken),
        is_merged_done=row.state == "merged" and given.merged_work_is_done(row.key),
        is_colleague=is_colleague,
        is_ward_rated=is_colleague and given.ward_has_rated(row.key),
    )


def _who_comes(way: Way, whole: Whole) -> tuple[ContactRow, ...]:
    """Return who comes or works, with phones, while they do and for those who may know."""
    if whole.detail.row.state not in _COMING:
        return ()
    return ground.workers_to_call(way.actor, whole.detail.where)


def _question(whole: Whole) -> str:
    asked = [word.text for word in whole.detail.words if word.kind == "question"]
    return asked[-1] if asked and whole.detail.row.state == "clarifying" else ""


def _done_words(act: str) -> str:
    return {
        "urge": _("Urged. A person owes you a word within ten minutes."),
        "add": _("Added."),
        "answer": _("Your answer is with the desk."),
        "cancel": _("Withdrawn. Thank you for saying so."),
        "good": _("Thank you. It is closed."),
        "held": _("Thank you. Your words say that it is not right yet: it stays open, and a person asks you."),
        "bad": _("Thank you for saying so: the work goes on."),
        "again": _("It is open again."),
        "disagree": _("The hospital looks at it again."),
        "rate": _("Thank you for your rating."),
        "explain": _("Thank you. Your words are kept with your rating."),
        "fate": _("Thank you for the last word."),
    }.get(act, "")


def _who_holds(request: HttpRequest, way: Way) -> Actor:
    """Return the link's holder; who did the work and is signed in on this device acts under the own name, not by it."""
    signed = actor_of(request)
    if signed is None or signed.account_id is None or way.actor.id is None:
        return way.actor
    return signed if given.has_worked(signed.account_id, way.actor.id) else way.actor


def _act(request: HttpRequest, way: Way, name: str, actor: Actor | None = None) -> HttpResponse:
    carry_out = ACTS.get(name)
    if carry_out is None:
        raise Http404
    detail = demand.request_detail(way.actor, way.request_id)
    at = site_clock(_site(detail.site_id).timezone)
    try:
        came = carry_out(Act(request, actor or way.actor, detail.site_id, way.request_id, at, command_of(request)))
    except Refusal as refusal:
        if refusal.status in {403, 404} and not isinstance(refusal, OwnWork):
            raise
        return _page(request, way, status=refusal.status, trouble=errors.sentence(refusal))
    return redirect(f"{way.page_url}?{urlencode({'done': came or name})}")


def _photo(way: Way, file_id: UUID) -> HttpResponse | FileResponse:
    """Hand out a photo of a request, or of its jobs, to who may see the request."""
    detail = demand.request_detail(way.actor, way.request_id)
    file = ground.file_by_uid(file_id)
    if file.subject_id != detail.row.key and not _is_of_a_job(way, detail.row.key, file):
        raise NotFound(kind="file", name=str(file_id))
    response = FileResponse(files.open_content(file.sha256).open("rb"), content_type=file.media_type)
    response.headers["Cache-Control"] = "private, max-age=86400, immutable"
    response.headers["Content-Security-Policy"] = "default-src 'none'"
    return response


def _is_of_a_job(way: Way, request_key: int, file: FileRow) -> bool:
    return file.subject_id in {job.id for job in work.jobs_of_request(way.actor, request_key)}
