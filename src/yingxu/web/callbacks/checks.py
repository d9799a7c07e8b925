"""What waits for an independent look: the hospital's officers settle it, supervisors say what they saw."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from yingxu.ground import authority
from yingxu.ground.authority import Where
from yingxu.ground.refusals import Refusal
from yingxu.verify import actions
from yingxu.voice.checking import CheckRow, checks_due
from yingxu.web import errors
from yingxu.web.callbacks.views import flag_word
from yingxu.web.inside import Inside, command_of, inside, new_command
from yingxu.web.words import choices

PAGE = 25
DAYS = 30


@dataclass(frozen=True)
class Line:
    """One job to look at, in words."""

    row: CheckRow
    why: list[str]
    flags: list[str]
    reasons: list[tuple[str, str]]
    command: str


@never_cache
@require_safe
@inside
def checks(request: HttpRequest, here: Inside) -> HttpResponse:
    return _page(request, here)


@never_cache
@require_POST
@inside
def check(request: HttpRequest, here: Inside, job_id: UUID) -> HttpResponse:
    post = request.POST
    try:
        checked = actions.inspect_job(
            job_id=job_id,
            is_good=post.get("found") == "good",
            reason_code=post.get("reason", ""),
            text=post.get("text", "")[: actions.TEXT_LIMIT],
            actor=here.actor,
            at=here.at,
            command=command_of(request),
        )
    except Refusal as refusal:
        if refusal.status in {403, 404}:
            raise
        return _page(request, here, trouble=errors.sentence(refusal), trouble_at=job_id, status=refusal.status)
    return redirect(f"{reverse('web:checks')}?told={checked.number}")


def _page(
    request: HttpRequest, here: Inside, *, trouble: str = "", trouble_at: UUID | None = None, status: int = 200
) -> HttpResponse:
    zone = ZoneInfo(here.site.timezone)
    rows = checks_due(here.actor, here.site.id, zone=zone, from_at=here.at - timedelta(days=DAYS), at=here.at)
    after = request.GET.get("after", "")
    first = int(after) if after.isascii() and after.isdigit() and len(after) < 9 else 0
    where = Where(here.site.id)
    values = {
        "lines": [_line(row) for row in rows[first : first + PAGE]],
        "n": len(rows),
        "next": str(first + PAGE) if len(rows) > first + PAGE else "",
        "is_first": not first,
        "is_hospital": authority.may(here.actor, "job.verify", where=where),
        "may_check": any(
            authority.may(here.actor, act, where=where) for act in ("job.verify", "inspection.find_fault")
        ),
        "trouble": trouble,
        "trouble_at": trouble_at,
        "typed": request.POST if trouble else {},
        "days": DAYS,
        "now": here.at,
    }
    return render(request, "web/callbacks/checks.html", values, status=status)


def _line(row: CheckRow) -> Line:
    table = "rework_reasons" if row.state == "finished" else "reopen_reasons"
    return Line(
        row, [_why(code) for code in row.why], [flag_word(one) for one in row.flags], choices(table), new_command()
    )


def _why(code: str) -> str:
    return {
        "held": _("somebody said no, or a yes whose words say no"),
        "veto": _("a critical step failed: it counts as zero"),
        "lapsed": _("urgent, and closed without anybody's word"),
        "flagged": _("doubtful evidence"),
        "no_peer": _("no colleague of the skill was there to look"),
        "drawn": _("drawn for a quality promise"),
    }[code]
