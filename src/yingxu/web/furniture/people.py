"""People: who holds which role where and until when; opened, changed, given a new password, closed."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yingxu.ground import actions as ground
from yingxu.ground import authority, queries
from yingxu.ground.actions import NewAccount, NewHolding
from yingxu.ground.queries import FurniturePerson
from yingxu.ground.refusals import Malformed, NotFound
from yingxu.team import queries as team_queries
from yingxu.web import errors
from yingxu.web.inside import Inside, inside, lines_of
from yingxu.web.templatetags.yingxu import in_language, is_english
from yingxu.web.timeline.lines import lines as timeline_lines

PAGE = 50


def role_names() -> list[tuple[str, str]]:
    """Return the roles with their names."""
    return [(role.code, role.name if is_english() else role.name_zh) for role in authority.roles().values()]


@never_cache
@require_safe
@inside
def listed(request: HttpRequest, here: Inside) -> HttpResponse:
    role = request.GET.get("role", "")
    page = queries.furniture_people(
        here.actor,
        here.site.id,
        words=request.GET.get("q", "").strip()[:60],
        role=role if role in authority.roles() else "",
        with_closed=request.GET.get("closed") == "1",
        after=request.GET.get("after", ""),
        limit=PAGE,
    )
    values = {
        "page": page,
        "rows": [(row, _held_words(row, here)) for row in page.rows],
        "next": page.next,
        "is_first": not request.GET.get("after"),
        "q": request.GET.get("q", ""),
        "role": role,
        "with_closed": request.GET.get("closed") == "1",
        "role_names": role_names(),
        "now": here.at,
    }
    return render(request, "web/furniture/people.html", values)


def _held_words(person: FurniturePerson, here: Inside) -> str:
    live = [held for held in person.held if held.ends_at is None or held.ends_at > here.at]
    return _(", ").join(in_language(held, "role_name") for held in live)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@inside
def new(request: HttpRequest, here: Inside) -> HttpResponse:
    authority.require(here.actor, "account.manage", where=authority.Where(here.site.id))
    if request.method != "POST":
        return _page(request, here, None)
    given = {name: request.POST.get(name, "").strip() for name in ("username", "name", "name_en", "phone", "badge")}
    try:
        if not given["username"] or not given["name"]:
            raise Malformed(field="account" if not given["username"] else "name", problem="missing")
        if queries.taken_names([given["username"]]):
            raise Malformed(field="account", problem="taken", limit=given["username"])
        opened = ground.open_accounts(
            site_id=here.site.id,
            people=[NewAccount(**given, has_first_password=True, holdings=(_holding(request, here),))],
            actor=here.actor,
            at=here.at,
            prepared_password="!",
        )
    except (Malformed, NotFound) as why:
        return _page(request, here, None, trouble=errors.sentence(why))
    except IntegrityError:
        return _page(request, here, None, trouble=_("This account name is taken."))
    return redirect("web:person", opened.keys[0])


def _holding(request: HttpRequest, here: Inside) -> NewHolding:
    """Return the role that a form grants, in its scope."""
    role = request.POST.get("role", "")
    if role not in authority.roles():
        raise Malformed(field="role", problem="unknown")
    place = request.POST.get("place", "").strip()
    party, team = request.POST.get("party", ""), request.POST.get("team", "")
    return NewHolding(
        role=role,
        site_id=here.site.id,
        party_id=int(party) if party.isdigit() else None,
        line_code=request.POST.get("line", "")[:8],
        place_id=queries.place_by_code(here.site.id, place).id if place else None,
        team_id=int(team) if team.isdigit() else None,
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@inside
def one(request: HttpRequest, here: Inside, account_id: int) -> HttpResponse:
    person = queries.furniture_person(here.actor, here.site.id, account_id)
    if request.method != "POST":
        return _page(request, here, person)
    given = {name: request.POST.get(name, "").strip()[:64] for name in ("name", "name_en", "phone", "badge")}
    try:
        ground.change_person(account_id=account_id, site_id=here.site.id, **given, actor=here.actor, at=here.at)
    except Malformed as why:
        return _page(request, here, person, trouble=errors.sentence(why))
    return redirect("web:person", account_id)


@require_POST
@inside
def add_role(request: HttpRequest, here: Inside, account_id: int) -> HttpResponse:
    person = queries.furniture_person(here.actor, here.site.id, account_id)
    try:
        ground.grant_role(
            account_id=account_id,
            holding=_holding(request, here),
            starts_at=_moment(request, here, "from"),
            ends_at=_moment(request, here, "to"),
            actor=here.actor,
            at=here.at,
        )
    except (Malformed, NotFound) as why:
        return _page(request, here, person, trouble=errors.sentence(why))
    return redirect("web:person", account_id)


def _moment(request: HttpRequest, here: Inside, name: str) -> datetime | None:
    """Return the midnight with which a day begins at the site; None when no day is given."""
    said = request.POST.get(name, "").strip()
    if not said:
        return None
    try:
        day = date.fromisoformat(said)
    except ValueError as why:
        raise Malformed(field="date", problem="wrong_type") from why
    moment = datetime.combine(day, time(), ZoneInfo(here.site.timezone))
    is_today = name == "from" and day == here.at.astimezone(ZoneInfo(here.site.timezone)).date()
    return None if is_today else moment


@require_POST
@inside
def end_role(request: HttpRequest, here: Inside, account_id: int, holding_id: UUID) -> HttpResponse:
    ground.end_role(
        holding_id=holding_id,
        site_id=here.site.id,
        ends_at=_moment(request, here, "to") or here.at,
        actor=here.actor,
        at=here.at,
    )
    return redirect("web:person", account_id)


@require_POST
@inside
def password(request: HttpRequest, here: Inside, account_id: int) -> HttpResponse:
    fresh = ground.reset_password(account_id=account_id, site_id=here.site.id, actor=here.actor, at=here.at)
    person = queries.furniture_person(here.actor, here.site.id, account_id)
    return _page(request, here, person, fresh=fresh)


@require_POST
@inside
def close(request: HttpRequest, here: Inside, account_id: int) -> HttpResponse:
    ground.close_account(account_id=account_id, site_id=here.site.id, actor=here.actor, at=here.at)
    return redirect("web:people")


def _page(
    request: HttpRequest, here: Inside, person: FurniturePerson | None, *, trouble: str = "", fresh: Any = None
) -> HttpResponse:
    fields = ("username", "name", "name_en", "phone", "badge", "role", "place", "party", "team", "line")
    if request.method == "POST" and trouble:
        given = {name: request.POST.get(name, getattr(person, name, "")) for name in fields}
    else:
        given = {name: getattr(person, name, "") for name in fields}
    values = {
        "person": person,
        "given": given,
        "held": [
            (held, held.ends_at is None or held.ends_at > here.at, held.starts_at > here.at)
            for held in (person.held if person else ())
        ],
        "role_names": role_names(),
        "parties": queries.parties_of(here.site.id),
        "teams": team_queries.teams(here.site.id),
        "lines": lines_of(here.site.id),
        "history": timeline_lines(queries.timeline(person.id)) if person else (),
        "trouble": trouble,
        "fresh": fresh,
        "is_me": person is not None and person.id == here.actor.account_id,
        "now": here.at,
    }
    response = render(request, "web/furniture/person.html", values, status=422 if trouble else 200)
    response["Cache-Control"] = "no-store"
    return response
