"""Tighter or looser: what the ratchet proposes, what people propose with a reason, and what is decided."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yingxu.ground import authority
from yingxu.ground.authority import Where
from yingxu.ground.refusals import Malformed, NotFound, Refusal
from yingxu.standards import actions, queries
from yingxu.standards.queries import ProposalRow
from yingxu.web import saying, words
from yingxu.web.inside import Inside, catalogue_of, command_of, inside, new_command
from yingxu.web.sentences import sentence
from yingxu.web.standards.adopted import percent
from yingxu.web.studies.asking import Typed
from yingxu.web.templatetags.yingxu import in_language, priority_word

PAGE = 20


@dataclass(frozen=True)
class Card:
    """A proposal for the page."""

    row: ProposalRow
    subject: str
    change: str
    state: str
    months: tuple[dict[str, str], ...]
    can_decide: bool
    command: str
    study_url: str


def card(here: Inside, row: ProposalRow) -> Card:
    """Return a proposal for the page, with what the reader may do."""
    action = "promise.approve_looser" if row.kind == "loosen" else "promise.decide_proposal"
    states = {"open": _("to be decided"), "adopted": _("taken over as a draft"), "declined": _("declined")}
    study = f"?item={row.item_code}&priority={row.priority}&milestone={row.milestone}"
    is_studied = row.kind == "tighten" and row.milestone in actions.STUDIED
    study += f"&limit_min={row.to_limit_s / 60:g}&percent={100 * row.to_percentile:g}"
    return Card(
        row=row,
        subject=f"{words.line_name(row.line_code)} · {in_language(row, 'item_name')} · {priority_word(row.priority)}",
        change=_change(row),
        state=states.get(row.state, row.state),
        months=tuple(
            {
                "code": month["code"],
                "n": str(month["n"]),
                "share": percent(month["share"]),
                "interval": f"{percent(month['low'])}–{percent(month['high'])}",
                "reached": saying.duration(month["reached_s"]),
            }
            for month in row.figures.get("months", ())
        ),
        can_decide=row.state == "open"
        and authority.may(here.actor, action, where=Where(here.site.id, line_code=row.line_code)),
        command=new_command(),
        study_url=reverse("web:new_study") + study if is_studied else "",
    )


def _change(row: ProposalRow) -> str:
    values = {
        "milestone": words.milestone_name(row.milestone),
        "before": f"{saying.duration(row.limit_s)}, {100 * row.percentile:g}%",
        "after": f"{saying.duration(row.to_limit_s)}, {100 * row.to_percentile:g}%",
    }
    return _("%(milestone)s: %(before)s → %(after)s") % values


@never_cache
@require_safe
@inside
def proposals(request: HttpRequest, here: Inside) -> HttpResponse:
    after = request.GET.get("after", "")
    is_open = request.GET.get("show") != "decided"
    key = int(after) if after.isascii() and after.isdigit() else None
    rows = queries.proposals(here.actor, here.site.id, is_open=is_open, after=key, limit=PAGE + 1)
    values = {
        "cards": [card(here, row) for row in rows[:PAGE]],
        "next": str(rows[PAGE - 1].key) if len(rows) > PAGE else "",
        "is_first": not after,
        "is_open": is_open,
        "may_propose": authority.may_anywhere(here.actor, "promise.propose_looser"),
        "now": here.at,
    }
    return render(request, "web/studies/proposals.html", values)


@require_POST
@inside
def decide(request: HttpRequest, here: Inside, proposal_id: UUID, word: str) -> HttpResponse:
    verbs = {"adopt": actions.adopt_proposal, "decline": actions.decline_proposal}
    if word not in verbs:
        raise NotFound(kind="act", name=word)
    reason = request.POST.get("reason", "")
    verbs[word](proposal_id=proposal_id, reason=reason, actor=here.actor, at=here.at, command=command_of(request))
    return redirect(f"{reverse('web:proposals')}?show=decided")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@inside
def propose_looser(request: HttpRequest, here: Inside) -> HttpResponse:
    typed = Typed.of(request.POST if request.method == "POST" else request.GET)
    reason = request.POST.get("reason", "")
    if request.method != "POST":
        held = next((held.line_code for held in here.actor.holdings if held.line_code), "")
        where = Where(here.site.id, line_code=held)
        authority.require(here.actor, "promise.propose_looser", where=where, reason=_("asked for"))
        return _form(request, here, typed, reason)
    try:
        actions.propose_looser(
            site_id=here.site.id,
            item_code=typed.text["item"],
            priority=int(typed.number("priority")),
            milestone=typed.text["milestone"],
            to_limit_s=round(typed.number("limit_min") * 60),
            to_percentile=typed.number("percent") / 100,
            reason=reason,
            month=here.at.date().replace(day=1),
            actor=here.actor,
            at=here.at,
            command=command_of(request),
        )
    except Refusal as refusal:
        if refusal.status == Malformed.status or refusal.status in (404, 409):
            return _form(request, here, typed, reason, wrong=sentence(refusal), status=422)
        raise
    return redirect("web:proposals")


def _form(
    request: HttpRequest, here: Inside, typed: Typed, reason: str, *, wrong: str = "", status: int = 200
) -> HttpResponse:
    values = {
        "typed": typed.text,
        "reason": reason,
        "wrong": wrong,
        "command": new_command(),
        "catalogue": catalogue_of(here.site.id),
        "urgencies": [(str(level), priority_word(level)) for level in (1, 2, 3, 4)],
        "milestones": [(code, words.milestone_name(code)) for code in ("acknowledged", "arrived", "safe", "done")],
        "now": here.at,
    }
    return render(request, "web/studies/looser.html", values, status=status)
