"""The first hour's checklist, and its steps that are no tables: the hospital, its lines and promises, who serves it."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yingxu.ground import actions as ground
from yingxu.ground import authority, queries
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.queries import SetUpState, SiteRow
from yingxu.ground.refusals import NotAllowed
from yingxu.ground.setting_up import where_of_site
from yingxu.standards import actions as standards
from yingxu.standards import holidays as holiday_sets
from yingxu.standards import library
from yingxu.standards import queries as standard_queries
from yingxu.web import inside as kept_inside
from yingxu.web.clock import site_clock
from yingxu.web.inside import Inside, inside
from yingxu.web.requests.export import safe
from yingxu.web.signing import actor_of
from yingxu.web.templatetags.yingxu import priority_word

_CODE = re.compile(r"^[a-z0-9][a-z0-9-]{0,30}$")
#: Milestones whose limits an administrator may choose for a class of urgency.
MILESTONES = ("acknowledged", "arrived", "safe", "done")


@dataclass(frozen=True)
class Step:
    """One step of the checklist."""

    code: str
    is_done: bool
    #: Can be done now: what it stands on is there, and the reader may.
    is_open: bool
    n: int = 0


@never_cache
@require_safe
def first_hour(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    if actor is None:
        return redirect_to_login(request.get_full_path())
    sites = queries.sites_of(actor)
    site = next((one for one in sites if one.code == request.GET.get("site", one.code)), None)
    if site is None:
        authority.require(actor, "site.set_up", where=Where(None, is_being_set_up=True))
        steps = {step.code: step for step in _steps(actor, None, None, 0, 0)}
        return render(request, "web/setup/first_hour.html", {"site": None, "given": {}, "steps": steps, "now": None})
    at = site_clock(site.timezone)
    where = where_of_site(actor, site.id)
    if not any(authority.may(actor, act, where=where) for act in ("place.manage", "account.manage", "site.open")):
        raise NotAllowed(action="place.manage")
    state = queries.set_up_state(site.id)
    n_lines, n_items = len(standard_queries.lines(site.id)), len(standard_queries.item_codes(site.id))
    may_see = authority.may(actor, "place.manage", where=where) or authority.may(actor, "account.manage", where=where)
    values: dict[str, Any] = {
        "site": site,
        "given": {},
        "sites": sites,
        "state": state,
        "n_lines": n_lines,
        "n_items": n_items,
        "steps": {step.code: step for step in _steps(actor, site, state, n_lines, n_items)},
        "imports": queries.imports_of(actor, site.id) if may_see else (),
        "parties": [party for party in queries.parties_of(site.id) if party.kind in {"company", "contractor"}],
        "done_table": request.GET.get("done", ""),
        "done_n": request.GET.get("n", ""),
        "is_taken_back": request.GET.get("taken_back") == "1",
        "needs": request.GET.get("needs", ""),
        "now": at,
    }
    return render(request, "web/setup/first_hour.html", values)


def _steps(actor: Actor, site: SiteRow | None, state: SetUpState | None, n_lines: int, n_items: int) -> list[Step]:
    if site is None or state is None:
        codes = ("lines", "places", "people", "contract", "codes", "open")
        return [Step("site", False, True), *(Step(code, False, False) for code in codes)]
    where = where_of_site(actor, site.id)

    def may(action: str) -> bool:
        return authority.may(actor, action, where=where)

    return [
        Step("site", True, may("place.manage")),
        Step("lines", n_lines > 0, may("catalogue.manage"), n_lines),
        Step("places", state.n_places > 0, may("place.manage"), state.n_places),
        Step("people", state.n_people > 0, n_lines > 0 and may("account.manage"), state.n_people),
        Step("contract", state.n_contracts > 0, state.n_parties > 0 and may("party.manage"), state.n_contracts),
        Step("codes", state.n_codes > 0, state.n_places > 0 and may("token.manage"), state.n_codes),
        Step("open", site.state == "open", n_lines > 0 and state.n_places > 0 and may("site.open")),
    ]


@require_POST
def make_site(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    if actor is None:
        raise NotAllowed(action="sign_in")
    given = {name: request.POST.get(name, "").strip() for name in ("code", "name", "name_en", "desk_phone")}
    trouble = _site_trouble(given)
    if trouble:
        steps = {step.code: step for step in _steps(actor, None, None, 0, 0)}
        values = {"site": None, "given": given, "trouble": trouble, "steps": steps, "now": None}
        return render(request, "web/setup/first_hour.html", values, status=422)
    ground.set_up_site(**given, actor=actor, at=timezone.now())
    kept_inside.forget()
    return redirect(f"/setup?site={given['code']}")


def _site_trouble(given: dict[str, str]) -> str:
    if not given["name"]:
        return _("Say the hospital's name.")
    if not _CODE.match(given["code"]):
        return _("The short code takes small letters, digits and hyphens only.")
    if len(given["name"]) > 120 or len(given["name_en"]) > 120 or len(given["desk_phone"]) > 32:
        return _("The name or the phone number is too long.")
    if queries.taken_site_code(given["code"]):
        return _("Another hospital has this short code already.")
    return ""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@inside
def lines(request: HttpRequest, here: Inside) -> HttpResponse:
    authority.require(here.actor, "catalogue.manage", where=where_of_site(here.actor, here.site.id))
    known = {line.code for line in standard_queries.lines(here.site.id)}
    if request.method != "POST":
        return _lines_page(request, here, known)
    chosen = [row["code"] for row in library.rows("lines") if row["code"] in request.POST.getlist("line")]
    limits, trouble = _limits(request)
    if not chosen:
        trouble = _("Choose at least one line.")
    if trouble:
        return _lines_page(request, here, known, trouble=trouble, status=422)
    standards.install_library(
        site_id=here.site.id,
        holidays=_holidays(here.at.year),
        line_codes=chosen,
        limits=limits,
        actor=here.actor,
        at=here.at,
    )
    kept_inside.forget()
    return redirect("/setup#lines")


def _holidays(year: int) -> tuple[tuple[date, str, bool], ...]:
    """Return the statutory days off of last year, this and the next, as far as they are announced."""
    known = set(holiday_sets.years("cn"))
    return tuple(
        (day.on, day.name, day.is_off_day)
        for one in (year - 1, year, year + 1)
        if one in known
        for day in holiday_sets.days_of("cn", one)
    )


def _limits(request: HttpRequest) -> tuple[dict[tuple[int, str], int], str]:
    """Return the limits that differ from the library's, and what is wrong with them in words."""
    limits: dict[tuple[int, str], int] = {}
    stands: dict[int, dict[str, int]] = {}
    for term in library.class_terms():
        stands.setdefault(term.priority, {})[term.milestone] = term.limit_s
        said = request.POST.get(f"limit-{term.priority}-{term.milestone}", "").strip()
        if not said or term.milestone not in MILESTONES:
            continue
        if not said.isdigit() or not 1 <= int(said) <= 90 * 1440:
            return {}, _("Limits are whole minutes, from 1 up.")
        stands[term.priority][term.milestone] = int(said) * 60
        if int(said) * 60 != term.limit_s:
            limits[term.priority, term.milestone] = int(said) * 60
    for priority, terms in sorted(stands.items()):
        promised = [terms[one] for one in MILESTONES if one in terms]
        if promised != sorted(promised):
            return {}, _("%(urgency)s: what comes later may not be promised earlier.") % {
                "urgency": priority_word(priority)
            }
    return limits, ""


def _lines_page(
    request: HttpRequest, here: Inside, known: set[str], *, trouble: str = "", status: int = 200
) -> HttpResponse:
    terms = {(term.priority, term.milestone): term for term in library.class_terms()}
    n_items: dict[str, int] = {}
    for row in library.rows("items"):
        n_items[row["line"]] = n_items.get(row["line"], 0) + 1
    posted = set(request.POST.getlist("line"))
    names = (_("Answered by a person"), _("There"), _("Made safe"), _("Done"))
    values = {
        "is_all_known": known >= set(n_items),
        "lines": [
            {
                **row,
                "n_items": n_items.get(row["code"], 0),
                "is_known": row["code"] in known,
                "is_chosen": row["code"] in posted if posted else True,
            }
            for row in library.rows("lines")
        ],
        "milestones": MILESTONES,
        "milestone_names": names,
        "promises": [
            (
                priority,
                [
                    (_limit_cell(request, terms, priority, one), name)
                    for one, name in zip(MILESTONES, names, strict=True)
                ],
            )
            for priority in (1, 2, 3, 4)
        ],
        "trouble": trouble,
        "now": here.at,
    }
    return render(request, "web/setup/lines.html", values, status=status)


def _limit_cell(
    request: HttpRequest, terms: dict[tuple[int, str], library.LibraryTerm], priority: int, milestone: str
) -> tuple[str, str, str] | None:
    """Return one limit to choose: its field, what stands there, its calendar; None where nothing is promised."""
    term = terms.get((priority, milestone))
    if term is None:
        return None
    field = f"limit-{priority}-{milestone}"
    return field, request.POST.get(field, str(term.limit_s // 60)), term.calendar


@require_POST
@inside
def contract(request: HttpRequest, here: Inside) -> HttpResponse:
    authority.require(here.actor, "party.manage", where=where_of_site(here.actor, here.site.id))
    parties = {str(party.id): party for party in queries.parties_of(here.site.id)}
    party = parties.get(request.POST.get("party", ""))
    number = request.POST.get("number", "").strip()[:64]
    if party is None or not number:
        return redirect("/setup?needs=contract#contract")
    ground.sign_contract(
        site_id=here.site.id,
        party_id=party.id,
        number=number,
        name=number,
        from_on=here.at.date(),
        to_on=None,
        line_code=request.POST.get("line", "")[:8],
        actor=here.actor,
        at=here.at,
    )
    return redirect("/setup#contract")


@require_POST
@inside
def open_site(request: HttpRequest, here: Inside) -> HttpResponse:
    ground.open_site(site_id=here.site.id, actor=here.actor, at=here.at)
    kept_inside.forget()
    return redirect("/setup")


@require_POST
@inside
def first_passwords(request: HttpRequest, here: Inside) -> HttpResponse:
    listed = ground.list_first_passwords(site_id=here.site.id, actor=here.actor, at=here.at)
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([_("name"), _("account"), _("First password")])
    writer.writerows([safe(one.name), safe(one.username), one.password] for one in listed.people)
    response = HttpResponse(out.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="first-passwords.csv"'
    return response
