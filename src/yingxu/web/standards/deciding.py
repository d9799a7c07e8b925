"""What is done with an edition in whole: begun, reviewed, sent back, approved, published, withdrawn."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from yingxu.ground.refusals import Malformed, NotFound, Refusal
from yingxu.standards import actions, queries
from yingxu.standards.queries import EditionRow, ItemStandard
from yingxu.team import queries as team
from yingxu.web.inside import Inside, command_of, inside, new_command
from yingxu.web.sentences import sentence
from yingxu.web.standards import shown, wording
from yingxu.web.standards.views import calendars_of, compared_with


@require_POST
@inside
def draft(request: HttpRequest, here: Inside, item_code: str) -> HttpResponse:
    """Begin a new edition, and open it in the editor."""
    begun = actions.draft_edition(
        site_id=here.site.id,
        item_code=item_code,
        why=request.POST.get("why", ""),
        actor=here.actor,
        at=here.at,
        command=command_of(request),
    )
    return HttpResponseRedirect(reverse("web:standard_edit", args=[begun.item_code, begun.number]))


@never_cache
@require_safe
@inside
def review(request: HttpRequest, here: Inside, item_code: str, number: int) -> HttpResponse:
    """An edition on its way: what it changes, who must read it again, and what can be decided now."""
    found = queries.item_standard(here.actor, here.site.id, item_code, at=here.at)
    return _review_page(request, here, found, found.edition(number))


def _review_page(
    request: HttpRequest, here: Inside, found: ItemStandard, row: EditionRow, refusal: Refusal | None = None
) -> HttpResponse:
    before = compared_with(found, row.number)
    text = queries.edition_text(row.key)
    difference = queries.edition_difference(found.edition(before).key if before is not None else None, row.key)
    findings = getattr(refusal, "findings", ())
    values = {
        "item": found,
        "edition": row,
        "stage": shown.stage_of(row.state),
        "before": before,
        "difference": shown.difference_of(difference, calendars_of(here.site.id)),
        "length": shown.length_of(text, found.kind),
        "readers": shown.readers_of(team.members(here.site.id, line_code=found.line_code)),
        "is_writer": bool({here.actor.account_id, here.actor.behalf_id} & set(row.writers)),
        "findings": [wording.finding_said(one) for one in findings],
        "sentence": sentence(refusal) if refusal is not None and not findings else "",
        "typed": request.POST,
        "earliest": shown.local(here.at.astimezone(ZoneInfo(here.site.timezone))),
        "is_on_trial": row.state == "approved" and _is_on_trial(found, row, text, here),
        "command": new_command(),
        "now": here.at,
    }
    return render(request, "web/standards/review.html", values, status=refusal.status if refusal else 200)


def _is_on_trial(found: ItemStandard, row: EditionRow, text: dict[str, Any], here: Inside) -> bool:
    """Tell whether a promise of the edition can be adopted on trial only, so that a reason is asked for."""
    before = found.in_force.key if found.in_force is not None else None
    return any(term.is_on_trial for term in queries.tightened(found.key, before, text["terms"], at=here.at))


@require_POST
@inside
def decide(request: HttpRequest, here: Inside, item_code: str, number: int, act: str) -> HttpResponse:
    """Carry out one decision on an edition; a refusal comes back on the page, with what was typed."""
    found = queries.item_standard(here.actor, here.site.id, item_code, at=here.at)
    row = found.edition(number)
    try:
        _carry_out(request, here, row, act)
    except Refusal as refusal:
        if refusal.status in {403, 404}:
            raise
        return _review_page(request, here, found, row, refusal)
    name = "web:standard_edit" if act == "take_back" else "web:standard_review"
    if act in {"publish", "withdraw"}:
        name = "web:standard_edition"
    return HttpResponseRedirect(reverse(name, args=[found.code, row.number]))


def _carry_out(request: HttpRequest, here: Inside, row: EditionRow, act: str) -> None:
    note, said = request.POST.get("note", ""), request.POST.get("revision", "")
    revision = int(said) if said.isdigit() else -1
    actor, at, command = here.actor, here.at, command_of(request)
    if act == "submit":
        actions.submit_edition(edition_id=row.id, revision=revision, actor=actor, at=at, command=command)
    elif act == "take_back":
        actions.take_back_edition(edition_id=row.id, actor=actor, at=at, command=command)
    elif act == "return":
        actions.return_edition(edition_id=row.id, note=note, actor=actor, at=at, command=command)
    elif act == "approve":
        actions.approve_edition(edition_id=row.id, revision=revision, note=note, actor=actor, at=at, command=command)
    elif act == "publish":
        moment = _moment(request, ZoneInfo(here.site.timezone))
        reason = request.POST.get("trial_reason", "")
        actions.publish_edition(
            edition_id=row.id, from_at=moment, trial_reason=reason, actor=actor, at=at, command=command
        )
    elif act == "withdraw":
        actions.withdraw_edition(edition_id=row.id, reason=note, actor=actor, at=at, command=command)
    else:
        raise NotFound(kind="act", name=act)


def _moment(request: HttpRequest, zone: ZoneInfo) -> datetime | None:
    """Return the moment typed, in the site's zone; None is at once. Refuses: Malformed."""
    if request.POST.get("when") != "later":
        return None
    try:
        typed = datetime.fromisoformat(request.POST.get("from_at", ""))
    except ValueError:
        raise Malformed(field="from_at", problem="wrong_type") from None
    return typed if typed.tzinfo else typed.replace(tzinfo=zone)
