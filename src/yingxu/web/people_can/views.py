"""Pages of who can be sent: the people, one person, certificates that end soon, today's duty."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from yingxu.ground import authority
from yingxu.ground.authority import Where
from yingxu.ground.refusals import Malformed, NotAllowed, Refusal
from yingxu.standards import library
from yingxu.team import actions, queries
from yingxu.team.actions import NewDuty
from yingxu.team.fitness import CLEARANCES
from yingxu.team.queries import CertificateRow, PersonRow
from yingxu.web import errors, words
from yingxu.web.inside import Inside, command_of, inside, new_command
from yingxu.web.templatetags.yingxu import is_english


@dataclass(frozen=True)
class Said:
    """A person in words."""

    row: PersonRow
    skills: str
    #: (name, state's name, tone) of each certificate.
    papers: tuple[tuple[str, str, str], ...]
    clearances: str
    #: What keeps the person from being sent now, besides skill; empty: nothing.
    unfit: str


def _said(row: PersonRow, at: datetime) -> Said:
    states = library.by_code("certificate_states")
    lacks = row.fitness.lacks(certificates=(), clearances=(), at=at)
    return Said(
        row=row,
        skills=_(", ").join(f"{words.coded('skills', code)} {level}" for code, level in sorted(row.skills.items())),
        papers=tuple(
            (words.coded("certificates", kind), words.coded("certificate_states", state), states[state]["tone"])
            for kind, state in row.papers
        ),
        clearances=_(", ").join(words.clearance_name(code) for code in row.fitness.clearances),
        unfit=words.lacking(lacks),
    )


@never_cache
@require_safe
@inside
def people(request: HttpRequest, here: Inside) -> HttpResponse:
    return _people(request, here)


def _people(request: HttpRequest, here: Inside, *, trouble: str = "", status: int = 200) -> HttpResponse:
    asked = request.GET
    team = _uid(asked.get("team", ""))
    after = int(asked["after"]) if asked.get("after", "").isdigit() else 0
    text = asked.get("q", "")[:64]
    page = queries.people(here.actor, here.site.id, at=here.at, text=text, team_id=team, after=after)
    values = {
        "people": [_said(row, here.at) for row in page.rows],
        "next": page.next,
        "teams": queries.gates(here.site.id),
        "team": str(team or ""),
        "text": text,
        "given": request.POST,
        "may_upload": _upload(here),
        "may_duty": authority.may_anywhere(here.actor, "duty.set"),
        "command": new_command(),
        "trouble": trouble,
        "now": here.at,
    }
    return render(request, "web/people_can/people.html", values, status=status)


def _upload(here: Inside) -> str:
    """Return the table that the reader may upload first; empty: none."""
    if not authority.may_anywhere(here.actor, "person.manage"):
        return ""
    acts = {"duties": "duty.set", "certificates": "certificate.enter", "skills": "person.manage"}
    return next((table for table, act in acts.items() if authority.may_anywhere(here.actor, act)), "")


def _uid(said: str) -> UUID | None:
    try:
        return UUID(said) if said else None
    except ValueError:
        return None


@require_POST
@inside
def set_duties(request: HttpRequest, here: Inside) -> HttpResponse:
    try:
        chosen = [key for key in map(_uid, request.POST.getlist("person")) if key]
        if not chosen:
            raise Malformed(field="person", problem="missing")
        duties = [_duty(here, key, request.POST) for key in chosen]
        actions.set_duties(duties=duties, actor=here.actor, at=here.at, command=command_of(request))
    except NotAllowed:
        raise
    except Refusal as why:
        return _people(request, here, trouble=errors.sentence(why), status=why.status)
    return redirect("web:who_can")


def _duty(here: Inside, person_id: UUID, post: QueryDict) -> NewDuty:
    """Return the duty that the form says: clock times of a day; an end before the start is the next day's."""
    zone = ZoneInfo(here.site.timezone)
    try:
        on = date.fromisoformat(str(post["on"])) if post.get("on") else here.at.astimezone(zone).date()
        start, end = (_clock(on, post.get(name, ""), zone) for name in ("from", "to"))
        if end <= start:
            end += timedelta(days=1)
        breaks: tuple[tuple[datetime, datetime], ...] = ()
        if post.get("break_from") or post.get("break_to"):
            begin, over = (_clock(on, post.get(name, ""), zone) for name in ("break_from", "break_to"))
            begin += timedelta(days=1) if begin < start else timedelta()
            over += timedelta(days=1) if over <= begin else timedelta()
            breaks = ((begin, over),)
    except ValueError as error:
        raise Malformed(field="duty", problem="wrong_type") from error
    return NewDuty(person_id, start, end, breaks)


def _clock(on: date, said: str, zone: ZoneInfo) -> datetime:
    hours, _colon, minutes = said.partition(":")
    return datetime(on.year, on.month, on.day, int(hours), int(minutes), tzinfo=zone)


@never_cache
@require_safe
@inside
def expiring(request: HttpRequest, here: Inside) -> HttpResponse:
    said = request.GET.get("days", "90")
    days = int(said) if said in {"30", "60", "90"} else 90
    rows = queries.expiring(here.actor, here.site.id, at=here.at, days=days)
    values = {"rows": _certificates(here, rows), "days": days, "choices": (30, 60, 90), "command": new_command()}
    return render(request, "web/people_can/expiring.html", {**values, "now": here.at})


def _certificates(here: Inside, rows: tuple[CertificateRow, ...]) -> list[dict[str, Any]]:
    states = library.by_code("certificate_states")
    may = authority.may(here.actor, "certificate.verify", where=Where(here.site.id))
    return [
        {
            "row": row,
            "kind": words.coded("certificates", row.kind_code),
            "state": words.coded("certificate_states", row.state),
            "tone": states[row.state]["tone"],
            "may_verify": may and row.verified_at is None and row.person_key != here.actor.account_id,
            "may_withdraw": may,
        }
        for row in rows
    ]


@never_cache
@require_safe
@inside
def person(request: HttpRequest, here: Inside, person_id: UUID) -> HttpResponse:
    return _person(request, here, person_id)


def _person(
    request: HttpRequest, here: Inside, person_id: UUID, *, trouble: str = "", status: int = 200
) -> HttpResponse:
    row, certificates = queries.person(here.actor, here.site.id, person_id, at=here.at)
    where = Where(here.site.id, team_ids=(row.team_id,), party_ids=(row.party_id,), owner_ids=(row.key,))
    acts = ("person.manage", "duty.set", "certificate.enter", "zone.manage")
    values = {
        "person": _said(row, here.at),
        "certificates": _certificates(here, certificates),
        "may": {act.replace(".", "_"): authority.may(here.actor, act, where=where) for act in acts},
        "skills": [
            (one["code"], words.coded("skills", one["code"]), row.skills.get(one["code"], 0))
            for one in library.rows("skills")
        ],
        "levels": [
            (int(one["level"]), one["name_en"] if is_english() else one["name_zh"])
            for one in library.rows("skill_levels")
        ],
        "kinds": [(one["code"], words.coded("certificates", one["code"])) for one in library.rows("certificates")],
        "clearances": [(code, words.clearance_name(code), code in row.fitness.clearances) for code in CLEARANCES],
        "given": request.POST,
        "command": new_command(),
        "trouble": trouble,
        "now": here.at,
    }
    return render(request, "web/people_can/person.html", values, status=status)


@require_POST
@inside
def change(request: HttpRequest, here: Inside, person_id: UUID, name: str) -> HttpResponse:
    try:
        _change(request, here, person_id, name)
    except NotAllowed:
        raise
    except Refusal as why:
        return _person(request, here, person_id, trouble=errors.sentence(why), status=why.status)
    return redirect("web:who_can_person", person_id=person_id)


def _change(request: HttpRequest, here: Inside, person_id: UUID, name: str) -> object:
    by: dict[str, Any] = {"actor": here.actor, "at": here.at, "command": command_of(request)}
    post = request.POST
    if name == "skills":
        row, _held = queries.person(here.actor, here.site.id, person_id, at=here.at)
        skill, level = post.get("skill", ""), post.get("level", "")
        if not level.isdigit():
            raise Malformed(field="skill_level", problem="wrong_type")
        return actions.change_skills(person_id=person_id, skills={**row.skills, skill: int(level)}, **by)
    if name == "clearances":
        return actions.change_clearances(person_id=person_id, clearances=post.getlist("clearance"), **by)
    if name == "duty":
        return actions.set_duties(duties=[_duty(here, person_id, post)], **by)
    if name == "certificate":
        return actions.enter_certificate(
            person_id=person_id,
            kind_code=post.get("kind", ""),
            number=post.get("number", ""),
            scope=post.get("scope", ""),
            issued_on=_day(post, "issued_on"),
            valid_to=_day(post, "valid_to"),
            review_due=_day(post, "review_due"),
            **by,
        )
    raise Http404


def _day(post: QueryDict, name: str) -> date | None:
    try:
        return date.fromisoformat(str(post[name])) if post.get(name) else None
    except ValueError as error:
        raise Malformed(field=name, problem="wrong_type") from error


@require_POST
@inside
def decide(request: HttpRequest, here: Inside, certificate_id: UUID, name: str) -> HttpResponse:
    by: dict[str, Any] = {"actor": here.actor, "at": here.at, "command": command_of(request)}
    if name == "verify":
        actions.verify_certificate(certificate_id=certificate_id, **by)
    elif name == "withdraw":
        actions.withdraw_certificate(certificate_id=certificate_id, reason=request.POST.get("reason", ""), **by)
    else:
        raise Http404
    key = _uid(request.POST.get("person", ""))
    return redirect("web:who_can_person", person_id=key) if key else redirect("web:who_can_expiring")
