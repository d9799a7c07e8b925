"""Improvement projects: the list, a proposal that begins where demand is seen, one project, its decision."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yingxu.ground import authority
from yingxu.ground.refusals import Malformed, NotAllowed, NotFound, OwnWork, Refusal
from yingxu.improve import actions, queries
from yingxu.improve.queries import ProjectRow
from yingxu.upkeep import queries as people
from yingxu.web import errors
from yingxu.web import words as house
from yingxu.web.inside import Inside, command_of, inside, lines_of, new_command
from yingxu.web.projects import words
from yingxu.web.templatetags.yingxu import in_language

PAGE = 25
_FIELDS = ("title", "change", "line", "place", "owner", "sentence")


def _may_propose(here: Inside) -> bool:
    return authority.may_anywhere(here.actor, "project.propose")


def _told(row: ProjectRow) -> dict[str, Any]:
    tone, icon = words.TONES[row.state]
    state = words.state_name(row.state)
    by = in_language(row, "proposed_by")
    line = house.line_name(row.line_code)
    return {"row": row, "state": state, "tone": tone, "icon": icon, "line": line, "proposed_by": by}


@never_cache
@require_safe
@inside
def projects(request: HttpRequest, here: Inside) -> HttpResponse:
    shown = request.GET.get("show", "proposed")
    shown = shown if shown in queries.SHOWN else "proposed"
    after = request.GET.get("after", "")
    try:
        page = queries.projects(here.actor, here.site.id, shown=shown, after=after, limit=PAGE)
    except Malformed:
        after, page = "", queries.projects(here.actor, here.site.id, shown=shown, limit=PAGE)
    values = {
        "rows": [_told(row) for row in page.rows],
        "next": page.next,
        "is_first": not after,
        "tabs": [(code, words.shown_name(code), code == shown) for code in queries.SHOWN],
        "shown": shown,
        "may_propose": _may_propose(here),
        "now": here.at,
    }
    return render(request, "web/projects/list.html", values)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@inside
def propose(request: HttpRequest, here: Inside) -> HttpResponse:
    if not _may_propose(here):
        raise NotAllowed(action="project.propose")
    source, name = request.GET.get("source", ""), request.GET.get("name", "")[:64]
    trouble, status = "", 200
    if request.method == "POST":
        source, name = request.POST.get("source", ""), request.POST.get("name", "")[:64]
        try:
            return redirect("web:project", _proposed(request, here, source, name).id)
        except Refusal as why:
            if isinstance(why, NotAllowed):
                raise
            trouble, status = errors.sentence(why), why.status
    evidence = None
    if source and name:
        try:
            evidence = queries.evidence_named(here.actor, here.site.id, source, name)
        except (NotFound, Malformed) as why:
            trouble, status = trouble or errors.sentence(why), 422
    values = {
        "evidence": evidence,
        "source_name": words.source_name(source),
        "source": source,
        "name": name,
        "others": queries.proposed_projects(here.actor, here.site.id) if evidence is not None else (),
        "service_lines": lines_of(here.site.id),
        "answerers": people.answerers(here.actor, here.site.id, at=here.at),
        "typed": {field: request.POST.get(field, "") for field in (*_FIELDS, "project")},
        "trouble": trouble,
        "command": new_command(),
        "now": here.at,
    }
    return render(request, "web/projects/new.html", values, status=status)


def _proposed(request: HttpRequest, here: Inside, source: str, name: str) -> actions.ProjectKept:
    typed: dict[str, Any] = {field: request.POST.get(field, "") for field in _FIELDS}
    one = actions.NewEvidence(source, name, typed.pop("sentence"))
    said: dict[str, Any] = {"actor": here.actor, "at": here.at, "command": command_of(request)}
    if request.POST.get("project"):
        try:
            project_id = UUID(request.POST["project"])
        except ValueError:
            raise NotFound(kind="project", name=request.POST["project"]) from None
        return actions.link_evidence(project_id=project_id, evidence=one, **said)
    evidence = (one,) if source and name else ()
    return actions.propose_project(site_id=here.site.id, **typed, evidence=evidence, **said)


@never_cache
@require_safe
@inside
def project(request: HttpRequest, here: Inside, project_id: UUID) -> HttpResponse:
    return _page(request, here, project_id)


def _page(
    request: HttpRequest, here: Inside, project_id: UUID, *, trouble: str = "", act: str = "", status: int = 200
) -> HttpResponse:
    detail = queries.project_for(here.actor, project_id)
    values = {
        "detail": detail,
        "told": _told(detail.row),
        "evidence": [(one, words.source_name(one.source), words.address(one)) for one in detail.evidence],
        "trouble": trouble,
        "act": act,
        "typed": request.POST,
        "command": new_command(),
        "now": here.at,
    }
    return render(request, "web/projects/project.html", values, status=status)


@require_POST
@inside
def act(request: HttpRequest, here: Inside, project_id: UUID, act: str) -> HttpResponse:
    post = request.POST
    said: dict[str, Any] = {"actor": here.actor, "at": here.at, "command": command_of(request)}
    try:
        if act == "approve":
            actions.approve_project(project_id=project_id, words=post.get("words", ""), **said)
        elif act == "decline":
            actions.decline_project(project_id=project_id, words=post.get("words", ""), **said)
        elif act == "start":
            actions.start_project(project_id=project_id, **said)
        elif act == "finish":
            actions.finish_project(project_id=project_id, result=post.get("result", ""), **said)
        elif act == "link":
            one = actions.NewEvidence("request", post.get("name", "")[:64], post.get("sentence", ""))
            actions.link_evidence(project_id=project_id, evidence=one, **said)
        elif act == "unlink":
            actions.unlink_evidence(evidence_id=_uid(post.get("evidence", "")), **said)
        else:
            raise Http404
    except Refusal as why:
        is_hidden = isinstance(why, NotFound) and why.kind == "project"
        if is_hidden or (isinstance(why, NotAllowed) and not isinstance(why, OwnWork)):
            raise
        return _page(request, here, project_id, trouble=errors.sentence(why), act=act, status=why.status)
    return redirect("web:project", project_id)


def _uid(said: str) -> UUID:
    try:
        return UUID(said)
    except ValueError:
        raise NotFound(kind="evidence", name=said) from None
