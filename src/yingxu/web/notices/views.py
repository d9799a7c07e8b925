"""The bell, the list of notices, and how one wants to be told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yingxu.demand import queries as demand
from yingxu.demand.queries import Brief
from yingxu.ground import actions, queries
from yingxu.ground.actions import COLLECTED
from yingxu.ground.actor import Actor
from yingxu.ground.queries import NoticeRow
from yingxu.ground.refusals import Malformed
from yingxu.improve import queries as improve
from yingxu.upkeep import queries as upkeep
from yingxu.voice.queries import heard
from yingxu.web.facts import sentence
from yingxu.web.inside import Inside, command_of, inside, new_command
from yingxu.web.links import follow_code
from yingxu.web.notices.forms import SettingsForm, clock
from yingxu.web.sentences import sentence as in_words
from yingxu.work.queries.incidents import incident_of_thread

PAGE = 25
#: The bell says no more than this.
MOST = 99
_EMERGENCY = "work.incident."
_WARNING, _PULLED = "promise.warning.raised", "dispatch.job.pulled_back"


@dataclass(frozen=True)
class Line:
    """One notice, in words."""

    row: NoticeRow
    said: str
    brief: Brief | None
    icon: str
    tone: str
    parts: tuple[Line, ...] = ()


@never_cache
@require_safe
@inside
def notices(request: HttpRequest, here: Inside) -> HttpResponse:
    is_unread = request.GET.get("show", "unread") != "all"
    after = request.GET.get("after", "")
    rows, following = queries.notices(here.actor, is_unread=is_unread, after=after, limit=PAGE)
    values = {
        "lines": _lines(rows),
        "is_unread": is_unread,
        "next": following,
        "is_first": not after,
        "now": here.at,
        "until": here.at.isoformat(),
        "is_worker": _opens_in_my_work(here.actor),
    }
    return render(request, "web/notices/list.html", values)


@never_cache
@require_safe
@inside
def count(request: HttpRequest, here: Inside) -> HttpResponse:
    """The number at the bell, for pages that are open: one statement."""
    n = queries.unread_count(here.actor, most=MOST + 1)
    return render(request, "web/notices/count.html", {"n": min(n, MOST), "is_more": n > MOST})


@require_POST
@inside
def open_notice(request: HttpRequest, here: Inside, entry: UUID) -> HttpResponse:
    read = actions.read_notice(entry=entry, actor=here.actor, at=here.at)
    return redirect(_address(here.actor, read.kind, read.subject_id))


@require_POST
@inside
def read_all(request: HttpRequest, here: Inside) -> HttpResponse:
    actions.read_all_notices(until=_until(request, here.at), actor=here.actor, at=here.at)
    return redirect("web:notices")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@inside
def settings(request: HttpRequest, here: Inside) -> HttpResponse:
    if request.method != "POST":
        return _settings_page(request, here)
    form = SettingsForm(request.POST)
    if not form.is_valid():
        return _settings_page(request, here, form, status=422)
    try:
        actions.set_notices(**form.cleaned_data, actor=here.actor, at=here.at, command=command_of(request))
    except Malformed as refusal:
        return _settings_page(request, here, form, trouble=in_words(refusal), status=422)
    return redirect(f"{reverse('web:notices_settings')}?kept=1")


def _settings_page(
    request: HttpRequest, here: Inside, form: SettingsForm | None = None, *, trouble: str = "", status: int = 200
) -> HttpResponse:
    own, house = queries.notice_settings(here.actor, here.site.id)
    initial: dict[str, Any] = {name: getattr(own, name) for name in SettingsForm.base_fields}
    values = {
        "form": form or SettingsForm(initial=initial),
        "house_quiet": _("%(start)s to %(end)s") % {"start": clock(house.quiet_from), "end": clock(house.quiet_to)}
        if house.quiet_from
        else "",
        "has_gateway": bool(house.gateway_url),
        "trouble": trouble,
        "is_kept": request.GET.get("kept") == "1" and not trouble,
        "command": new_command(),
    }
    return render(request, "web/notices/settings.html", values, status=status)


def _lines(rows: tuple[NoticeRow, ...]) -> list[Line]:
    every = [part for row in rows for part in (row, *row.parts) if part.kind != COLLECTED]
    briefs = demand.briefs_of(row.subject_id for row in every)
    return [_line(row, briefs) for row in rows]


def _line(row: NoticeRow, briefs: dict[int, Brief]) -> Line:
    icon, tone = "bell", "muted"
    if row.kind == _WARNING:
        is_late = float(row.facts.get("share", 0)) >= 1
        icon, tone = ("alert-octagon", "late") if is_late else ("clock-exclamation", "warn")
    elif row.kind == _PULLED:
        icon, tone = "arrow-back-up", "warn"
    elif row.kind.startswith(_EMERGENCY):
        icon, tone = ("player-play", "muted") if row.facts.get("is_drill") else ("urgent", "late")
    elif row.kind == COLLECTED:
        icon = "inbox"
    brief = None if row.kind == COLLECTED else briefs.get(row.subject_id)
    return Line(row, sentence(row.kind, row.facts), brief, icon, tone, tuple(_line(part, briefs) for part in row.parts))


def _opens_in_my_work(actor: Actor) -> bool:
    """Whether what concerns a request opens in the worker's own page."""
    return bool(actor.roles & {"WK", "EX"}) and not actor.roles & {"TL", "DK", "LM", "PM", "HO", "HD"}


def _address(actor: Actor, kind: str, subject_id: int) -> str:
    """Return where the thing that a notice is about is looked at, by whoever looks."""
    if kind == COLLECTED:
        return f"{reverse('web:notices')}?show=all"
    if kind.startswith(_EMERGENCY):
        found = incident_of_thread(actor, subject_id)
        if found is not None:
            return reverse("web:incident", args=[found])
    own = _page_of_its_own(actor, kind, subject_id)
    if own:
        return own
    brief = demand.briefs_of([subject_id]).get(subject_id)
    if brief is None:
        return reverse("web:notices")
    if _opens_in_my_work(actor):
        return reverse("web:my_work")
    if actor.roles <= {"RQ", "PF", "VS"}:
        return reverse("web:follow", args=[follow_code(brief.id)])
    return reverse("web:request", args=[brief.id])


def _page_of_its_own(actor: Actor, kind: str, subject_id: int) -> str:
    """Return the page of a preparation, a project or a voice that a notice is about; empty for other things."""
    if kind.startswith("upkeep.preparation."):
        found = upkeep.preparation_of_request(actor, subject_id)
        return reverse("web:preparation", args=[found]) if found is not None else ""
    if kind.startswith("improve.project."):
        project = improve.project_of_key(actor, subject_id)
        return reverse("web:project", args=[project]) if project is not None else ""
    if kind == "voice.box.paper_taken_out":
        return reverse("web:witnessed")
    if kind.startswith("voice.heard."):
        voice = heard.voice_of_key(actor, subject_id)
        return reverse("web:voice", args=[voice]) if voice is not None else reverse("web:my_voices")
    return ""


def _until(request: HttpRequest, at: datetime) -> datetime:
    """Return up to when the page had shown what there was."""
    try:
        until = datetime.fromisoformat(request.POST.get("until", ""))
    except ValueError:
        return at
    return until if until.tzinfo is not None else at
