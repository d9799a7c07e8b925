"""The hospital's own plan of a kind: whom to call in which order, how long to wait, which limits hold."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from yingxu.ground import authority
from yingxu.ground.authority import Where
from yingxu.ground.refusals import NotAllowed, Refusal
from yingxu.web import errors
from yingxu.web.emergency.words import branch_name
from yingxu.web.inside import Inside, command_of, inside, new_command
from yingxu.work.actions.emergency_plans import MOST_LEVELS, make_plan
from yingxu.work.emergencies import BRANCHES, Step, kinds, marks_of, rules_of
from yingxu.work.queries.incidents import plan_for

#: Empty rows to add levels in.
_SPARE = 2


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@inside
def plan(request: HttpRequest, here: Inside, kind: str) -> HttpResponse:
    if not authority.may(here.actor, "emergency_plan.manage", where=Where(here.site.id)):
        raise NotAllowed(action="emergency_plan.manage")
    if request.method != "POST":
        return _page(request, here, kind)
    post = request.POST
    try:
        make_plan(
            site_id=here.site.id,
            kind=kind,
            tree=_tree(post),
            limits=_limits(kind, post),
            actor=here.actor,
            at=here.at,
            command=command_of(request),
        )
    except Refusal as refusal:
        if refusal.status in {403, 404}:
            raise
        return _page(request, here, kind, tree=_tree(post), trouble=errors.sentence(refusal), status=refusal.status)
    return redirect("web:emergency_kind", kind=kind)


def _number(said: str) -> int:
    return int(said) if said.isascii() and said.isdigit() and len(said) < 7 else 0


def _tree(post: QueryDict) -> tuple[Step, ...]:
    """Return the levels as typed, the empty rows left out."""
    rows = zip(
        *(
            post.getlist(name)
            for name in ("branch", "name", "name_en", "source", "phone", "wait", "tries", "outside", "sets")
        ),
        strict=False,
    )
    return tuple(
        Step(
            branch=branch,
            name=name.strip()[:80],
            name_en=name_en.strip()[:80] or name.strip()[:80],
            source="" if phone.strip() else source,
            phone=phone.strip()[:32],
            wait_s=_number(wait),
            max_tries=_number(tries),
            is_outside=outside == "1",
            sets_mark=sets,
        )
        for branch, name, name_en, source, phone, wait, tries, outside, sets in rows
        if name.strip()
    )


def _limits(kind: str, post: QueryDict) -> dict[str, int]:
    rules = rules_of(kind)
    return {
        code: _number(post.get(f"limit.{code}", ""))
        for code, rule in rules.items()
        if rule.limit.limit_s is not None and f"limit.{code}" in post
    }


def _page(
    request: HttpRequest,
    here: Inside,
    kind: str,
    *,
    tree: tuple[Step, ...] | None = None,
    trouble: str = "",
    status: int = 200,
) -> HttpResponse:
    found = plan_for(here.actor, here.site.id, kind, at=here.at)
    spare = Step("rescue", "", "", "", "", 60, 2, False, "")
    steps = found.steps if tree is None else tree
    free = max(0, min(_SPARE, MOST_LEVELS - len(steps)))
    values = {
        "kind": kinds()[kind],
        "rows": [*steps, *([spare] * free)],
        "branches": [(code, branch_name(code)) for code in BRANCHES],
        "sources": _sources(),
        "marks": [one for one in marks_of(kind).values() if not one.is_repeated],
        "limits": [
            (rule, found.limits[code], [rule.limit.limit_s, rule.elsewhere_s] if rule.elsewhere_s else [])
            for code, rule in rules_of(kind).items()
            if rule.limit.limit_s is not None
        ],
        "made_at": found.made_at,
        "trouble": trouble,
        "command": new_command(),
        "now": here.at,
    }
    return render(request, "web/emergency/plan.html", values, status=status)


def _sources() -> list[tuple[str, str]]:
    lines = {"ELV": _("lifts"), "GAS": _("medical gas"), "PLB": _("water"), "ELE": _("power"), "FIR": _("fire safety")}
    found = [("", _("the number typed here"))]
    found += [
        (f"line:{code}", _("duty phone of the contractor for %(line)s") % {"line": name})
        for code, name in lines.items()
    ]
    found += [
        ("role:HO", _("logistics officers")),
        ("role:HD", _("the logistics director")),
        ("role:PM", _("the company's project manager")),
        ("role:PM:ELV", _("the lift company's manager")),
    ]
    found += [
        (f"role:TL:{code}", _("the leader for %(line)s") % {"line": lines[code]}) for code in ("GAS", "PLB", "ELE")
    ]
    return found
