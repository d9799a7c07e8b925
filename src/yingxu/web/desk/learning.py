"""What reading learned from the desk's decisions: versions with their figures; used and taken back by a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from yingxu.demand import actions as demand
from yingxu.demand.queries import learned
from yingxu.demand.queries.learned import VersionRow
from yingxu.ground import authority
from yingxu.ground.authority import Where
from yingxu.ground.refusals import Malformed
from yingxu.web.inside import Inside, catalogue_of, command_of, forget, inside, new_command
from yingxu.web.templatetags.yingxu import in_language


@dataclass(frozen=True)
class Figure:
    """One figure before and after, on texts that the version never saw."""

    name: str
    before: str
    after: str
    tone: str


@dataclass(frozen=True)
class VersionSaid:
    """A version in words."""

    number: int
    state: str
    said: str
    made_at: datetime
    n_lessons: int
    n_held_out: int
    figures: tuple[Figure, ...]
    decided_by: str
    decided_at: datetime | None
    can_use: bool


@never_cache
@require_safe
@inside
def learning(request: HttpRequest, here: Inside) -> HttpResponse:
    rows = learned.versions(here.actor, here.site.id)
    counts = learned.decided(here.actor, here.site.id)
    names = {row.code: in_language(row) for row in catalogue_of(here.site.id)}
    may = authority.may(here.actor, "triage.manage", where=Where(here.site.id))
    values = {
        "versions": [_version(row, may=may) for row in rows],
        "shares": _shares(counts),
        "mixed_up": [(names.get(a, a), names.get(b, b), n) for a, b, n in counts.mixed_up],
        "n": counts.n,
        "in_use": next((row.number for row in rows if row.state == "in_use"), 0),
        "may": may,
        "command": new_command(),
        "now": here.at,
    }
    return render(request, "web/desk/learning.html", values)


def _shares(counts: learned.Decided) -> list[tuple[str, int, int]]:
    return [
        (_("Kind of service left as proposed"), counts.n_item_right, counts.n),
        (_("Urgency left as proposed"), counts.n_priority_right, counts.n),
        (_("Place left as proposed"), counts.n_place_right, counts.n_place),
        (_("Danger read as the desk said"), counts.n_danger_right, counts.n_danger),
    ]


def _version(row: VersionRow, *, may: bool) -> VersionSaid:
    names = {
        "item": _("kind of service"),
        "first_three": _("kind of service in the first three"),
        "priority": _("urgency"),
        "p1_found": _("critical ones found"),
        "danger_found": _("dangers found"),
        "harmless": _("harmless ones left alone"),
        "book": _("the phrase book still read right"),
    }
    figures = tuple(
        Figure(said, _percent(row.before[name]), _percent(row.after[name]), _tone(name, row))
        for name, said in names.items()
        # a version that is older than a figure does not have it
        if name in row.before and name in row.after
    )
    states = {
        "ready": _("better; waits for your word"),
        "refused": _("not better; not used"),
        "in_use": _("reads now"),
        "retired": _("was used before"),
    }
    said = states[row.state] if row.is_of_this_release else _("learned for another release")
    can_use = may and row.is_of_this_release and row.state in {"ready", "retired"}
    return VersionSaid(
        row.number,
        row.state,
        said,
        row.made_at,
        row.n_lessons,
        row.n_held_out,
        figures,
        row.decided_by,
        row.decided_at,
        can_use,
    )


def _percent(share: float) -> str:
    return f"{100 * share:.1f}%"


def _tone(name: str, row: VersionRow) -> str:
    if name in row.worse:
        return "late"
    return "ok" if row.after[name] > row.before[name] else ""


@require_POST
@inside
def use(request: HttpRequest, here: Inside) -> HttpResponse:
    number = request.POST.get("number", "")
    if not number.isdigit():
        raise Malformed(field="number", problem="wrong_type")
    demand.use_version(
        site_id=here.site.id, number=int(number), actor=here.actor, at=here.at, command=command_of(request)
    )
    forget()
    return redirect("web:desk_learning")
