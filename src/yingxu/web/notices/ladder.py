"""Who is warned when: the ladder of a class and line, and its next edition."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from yingxu.ground import authority
from yingxu.ground.refusals import Malformed
from yingxu.ground.setting_up import where_of_site
from yingxu.promise import actions, queries
from yingxu.promise.ladder import RECEIVERS, Rung
from yingxu.promise.queries import EditionRow
from yingxu.promise.refusals import BadLadder
from yingxu.web import saying, words
from yingxu.web.facts.notices import role_word
from yingxu.web.inside import Inside, command_of, inside, lines_of, new_command
from yingxu.web.notices.forms import StepRow, folded, moment_said, rows_of, rows_said
from yingxu.web.sentences import sentence as in_words
from yingxu.web.templatetags.yingxu import priority_word


@dataclass(frozen=True)
class Edition:
    """One edition, in words."""

    row: EditionRow
    steps: tuple[tuple[str, str], ...]
    is_coming: bool


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@inside
def ladder(request: HttpRequest, here: Inside) -> HttpResponse:
    said = request.POST if request.method == "POST" else request.GET
    line = said.get("line", "")[:8]
    priority = int(said["priority"]) if said.get("priority", "") in {"1", "2", "3", "4"} else 3
    if request.method != "POST":
        return _page(request, here, line, priority)
    rows = rows_said(request.POST)
    try:
        actions.set_ladder(
            site_id=here.site.id,
            line_code=line,
            priority=priority,
            steps=[row.step() for row in rows if not row.is_empty],
            is_urgent=request.POST.get("is_urgent") == "1",
            effective_at=_from_when(request, here.at),
            actor=here.actor,
            at=here.at,
            command=command_of(request),
        )
    except (BadLadder, Malformed) as refusal:
        return _page(request, here, line, priority, rows=rows, trouble=in_words(refusal), status=422)
    kept = urlencode({"line": line, "priority": str(priority), "kept": "1"})
    return redirect(f"{reverse('web:ladder')}?{kept}")


def _from_when(request: HttpRequest, at: datetime) -> datetime:
    """Return from when it shall hold: at once unless a moment is given."""
    text = request.POST.get("effective_at", "").strip()
    moment = moment_said(text) if text else at
    if moment is None:
        raise Malformed(field="effective_at", problem="wrong_type")
    return moment


def _page(
    request: HttpRequest,
    here: Inside,
    line: str,
    priority: int,
    *,
    rows: list[StepRow] | None = None,
    trouble: str = "",
    status: int = 200,
) -> HttpResponse:
    found = queries.ladder_page(here.actor, here.site.id, line_code=line, priority=priority, at=here.at)
    is_urgent = found.in_force.is_urgent if rows is None else request.POST.get("is_urgent") == "1"
    values = {
        "line": line,
        "line_name": words.line_name(line),
        "priority": priority,
        "priorities": [(level, priority_word(level)) for level in (1, 2, 3, 4)],
        "lines": lines_of(here.site.id),
        "in_force": found.in_force,
        "steps": said_steps(found.in_force.steps),
        "editions": [Edition(row, said_steps(row.steps), row.effective_at > here.at) for row in found.editions],
        "rows": folded(rows or rows_of(found.in_force.steps)),
        "receivers": [(code, role_word(code)) for code in RECEIVERS],
        "is_urgent": is_urgent,
        "effective_at": request.POST.get("effective_at", ""),
        "earliest": timezone.localtime(here.at).strftime("%Y-%m-%dT%H:%M"),
        "may_manage": authority.may(here.actor, "ladder.manage", where=where_of_site(here.actor, here.site.id)),
        "trouble": trouble,
        "is_kept": request.GET.get("kept") == "1" and not trouble,
        "command": new_command(),
        "now": here.at,
    }
    return render(request, "web/notices/ladder.html", values, status=status)


def said_steps(steps: tuple[Rung, ...]) -> tuple[tuple[str, str], ...]:
    """Return each step as when and whom, in words."""
    return tuple((_when(step), _(", ").join(role_word(code) for code in step.receivers)) for step in steps)


def _when(step: Rung) -> str:
    if step.late_s:
        return _("%(time)s after the limit") % {"time": saying.duration(step.late_s)}
    if step.share >= 1:
        return _("at the limit")
    return _("when %(share)s of the time is used up") % {"share": f"{step.share:.0%}"}
