"""Are the standards of use, and does what they rest on still hold? Two lists for those who look after them."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from yingxu.core.procedure.likeness import alike, likeness
from yingxu.ground.refusals import Malformed, NotFound, Refusal
from yingxu.standards import actions, queries
from yingxu.standards.queries.bases import bases, procedures_in_force
from yingxu.web import errors
from yingxu.web.inside import Inside, command_of, inside, kept, new_command
from yingxu.web.standards import shown, wording
from yingxu.web.standards.views import calendars_of
from yingxu.work.usefulness import uses

#: A standard that nobody used for so many days is looked at again (domain S46).
UNUSED_DAYS = 180
#: Procedures that have this share of their steps in common are proposed for merging.
ALIKE = 0.6
_PAIRS = 30


@never_cache
@require_safe
@inside
def use(request: HttpRequest, here: Inside) -> HttpResponse:
    """What is used how often, what nobody uses, and which procedures say nearly the same."""
    queries.standard_page(here.actor, here.site.id, at=here.at, limit=1)  # refuses who may not read standards
    since = here.at - timedelta(days=UNUSED_DAYS)
    rows = kept("standard_uses", here.site.id, lambda: uses(here.site.id, since=since, at=here.at))
    pairs = kept("standard_pairs", here.site.id, lambda: _pairs(here))
    by_code = {row.item_code: row for row in rows}
    values = {
        "days": UNUSED_DAYS,
        "unused": [(row, (here.at - row.in_force_from).days) for row in rows if not row.n],
        "used": sorted((row for row in rows if row.n), key=lambda row: (-row.n, row.item_code)),
        "pairs": [
            (by_code[one], by_code[other], round(share * 100))
            for one, other, share in pairs
            if one in by_code and other in by_code
        ][:_PAIRS],
        "now": here.at,
    }
    return render(request, "web/standards/use.html", values)


def _pairs(here: Inside) -> tuple[tuple[str, str, float], ...]:
    """Return procedures that say nearly the same; the library's general ones are shared on purpose and left out."""
    found = procedures_in_force(here.site.id, at=here.at)
    shared: dict[str, int] = {}
    for steps in found.values():
        shared[_said(steps)] = shared.get(_said(steps), 0) + 1
    own = {code: steps for code, steps in found.items() if shared[_said(steps)] <= 2}
    return alike(own, at_least=ALIKE)


def _said(steps: tuple[dict[str, object], ...]) -> str:
    return "|".join(str(step.get("zh", "")) for step in steps)


@never_cache
@require_safe
@inside
def side_by_side(request: HttpRequest, here: Inside, item_code: str, other_code: str) -> HttpResponse:
    """Two items' standards laid side by side, to make one of them."""
    one = queries.item_standard(here.actor, here.site.id, item_code, at=here.at)
    other = queries.item_standard(here.actor, here.site.id, other_code, at=here.at)
    if one.in_force is None or other.in_force is None or one.key == other.key:
        raise NotFound(kind="edition", name=other_code)
    difference = queries.edition_difference(other.in_force.key, one.in_force.key)
    steps = [queries.edition_text(row.in_force.key)["steps"] for row in (one, other) if row.in_force]
    values = {
        "one": one,
        "other": other,
        "percent": round(likeness(*steps) * 100),
        "difference": shown.difference_of(difference, calendars_of(here.site.id)),
        "command": new_command(),
        "now": here.at,
    }
    return render(request, "web/standards/side_by_side.html", values)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@inside
def basis(request: HttpRequest, here: Inside) -> HttpResponse:
    """What the standards rest on, what no longer holds, who looks after it and when; and saying that it was checked."""
    post, refusal = request.POST, None
    if request.method == "POST":
        try:
            actions.check_basis(
                site_id=here.site.id,
                name=post.get("name", ""),
                edition=post.get("edition", ""),
                outcome=post.get("outcome", ""),
                newer=post.get("newer", ""),
                source=post.get("source", ""),
                actor=here.actor,
                at=here.at,
                command=command_of(request),
            )
        except Malformed as found:
            refusal = found
        else:
            return HttpResponseRedirect(f"{reverse('web:standard_bases')}?{request.GET.urlencode()}")
    return _bases(request, here, refusal)


def _bases(request: HttpRequest, here: Inside, refusal: Refusal | None) -> HttpResponse:
    zone, state = ZoneInfo(here.site.timezone), request.GET.get("state", "due")
    rows = bases(here.actor, here.site.id, at=here.at, zone=zone)
    counts = {name: sum(row.state == name for row in rows) for name in ("superseded", "overdue", "never", "holds")}
    chosen = [row for row in rows if state == "all" or row.state == state or (state == "due" and row.state != "holds")]
    values = {
        "rows": [(row, wording.basis_word(row.kind)) for row in chosen],
        "n": len(rows),
        "counts": counts,
        "state": state,
        "posted": request.POST,
        "trouble": errors.sentence(refusal) if refusal is not None else "",
        "command": new_command(),
        "now": here.at,
    }
    return render(request, "web/standards/bases.html", values, status=refusal.status if refusal else 200)
