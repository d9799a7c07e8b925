"""Posts: made and given by those who lead a team; what a post covers is what stands in its holders' books."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from yingxu.ground.refusals import NotAllowed, Refusal
from yingxu.team import actions, queries
from yingxu.web import errors, words
from yingxu.web.inside import Inside, catalogue_of, command_of, inside, lines_of, new_command


@never_cache
@require_safe
@inside
def posts(request: HttpRequest, here: Inside) -> HttpResponse:
    return _page(request, here)


def _page(request: HttpRequest, here: Inside, *, trouble: str = "", status: int = 200) -> HttpResponse:
    led = queries.teams_for(here.actor, "post.manage", here.site.id)
    if not led:
        raise NotAllowed(action="post.manage")
    rows = queries.posts(here.site.id, team_ids=[team.id for team in led])
    members = queries.standings(here.site.id, team_ids=[team.id for team in led])
    values: dict[str, Any] = {
        "teams": [
            {
                "team": team,
                "lines": [words.line_name(code) for code in team.line_codes],
                "posts": [_post(row) for row in rows if row.team_id == team.id],
                "people": [one for one in members if one.team_id == team.id],
                "without": [one for one in members if one.team_id == team.id and not one.posts],
            }
            for team in led
        ],
        "lines": lines_of(here.site.id),
        "skills": words.choices("skills"),
        "items": catalogue_of(here.site.id),
        "trouble": trouble,
        "kept": request.POST if trouble else {},
        "kept_lines": request.POST.getlist("line"),
        "said": {
            "made": _("The post stands."),
            "given": _("The post is given."),
            "taken": _("The post is taken back."),
        }.get(request.GET.get("done", ""), ""),
        "command": new_command(),
        "now": here.at,
    }
    return render(request, "web/handbook/posts.html", values, status=status)


def _post(row: queries.PostRow) -> dict[str, Any]:
    return {
        "row": row,
        "lines": [words.line_name(code) for code in row.line_codes],
        "skills": [words.coded("skills", code) for code in row.skills],
        "items": ", ".join(row.item_codes),
    }


def _codes(request: HttpRequest) -> list[str]:
    """Return the single items, typed with commas or spaces between them."""
    said = request.POST.get("items", "").replace("，", " ").replace(",", " ")
    return list(dict.fromkeys(said.split()))[:100]


def _done(name: str) -> HttpResponse:
    return redirect(f"{reverse('web:handbook_posts')}?done={name}")


@require_POST
@inside
def make(request: HttpRequest, here: Inside) -> HttpResponse:
    team = request.POST.get("team", "")
    try:
        actions.make_post(
            site_id=here.site.id,
            team_id=int(team) if team.isascii() and team.isdigit() and len(team) < 19 else 0,
            code=request.POST.get("code", ""),
            name=request.POST.get("name", ""),
            name_en=request.POST.get("name_en", ""),
            line_codes=request.POST.getlist("line"),
            skills=request.POST.getlist("skill"),
            item_codes=_codes(request),
            actor=here.actor,
            at=here.at,
            command=command_of(request),
        )
    except Refusal as refused:
        return _refused(request, here, refused)
    return _done("made")


@require_POST
@inside
def change(request: HttpRequest, here: Inside, post: UUID) -> HttpResponse:
    try:
        actions.change_post(
            post=post,
            name=request.POST.get("name", ""),
            name_en=request.POST.get("name_en", ""),
            line_codes=request.POST.getlist("line"),
            skills=request.POST.getlist("skill"),
            item_codes=_codes(request),
            actor=here.actor,
            at=here.at,
            command=command_of(request),
        )
    except Refusal as refused:
        return _refused(request, here, refused)
    return _done("made")


@require_POST
@inside
def give(request: HttpRequest, here: Inside, post: UUID) -> HttpResponse:
    person = request.POST.get("person", "")
    try:
        actions.give_post(
            post=post,
            account_id=int(person) if person.isascii() and person.isdigit() and len(person) < 19 else 0,
            actor=here.actor,
            at=here.at,
            command=command_of(request),
        )
    except Refusal as refused:
        return _refused(request, here, refused)
    return _done("given")


@require_POST
@inside
def take(request: HttpRequest, here: Inside, posting: UUID) -> HttpResponse:
    actions.take_post(posting=posting, actor=here.actor, at=here.at, command=command_of(request))
    return _done("taken")


def _refused(request: HttpRequest, here: Inside, refused: Refusal) -> HttpResponse:
    if refused.status in (403, 404):
        raise refused
    return _page(request, here, trouble=errors.sentence(refused), status=refused.status)
