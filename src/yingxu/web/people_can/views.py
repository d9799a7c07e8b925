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
from yingxu.ground.refusals import Malformed, NotAllowed, NotFound, Refusal
from yingxu.standards import library
from yingxu.team import actions, queries
from yingxu.team.actions import NewDuty
from yingxu.team.fitness import CLEARANCES, Fitness
from yingxu.team.queries import CertificateRow, DutyRow, PersonRow
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
    #: The duty that runs, else the next, else the last.
    duty: Fitness
    duty_kind: str


def _said(row: PersonRow, at: datetime) -> Said:
    states = library.by_code("certificate_states")
    lacks = row.fitness.lacks(certificates=(), clearances=(), at=at)
    duty = row.fitness.standing(at)
    return Said(
        row=row,
        duty=duty,
        duty_kind="" if duty.duty_kind == "work" else words.coded("duty_kinds", duty.duty_kind),
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
        "duty_kinds": _duty_kinds(),
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
        duties = [duty for key in chosen for duty in _duties(here, key, request.POST)]
        actions.set_duties(duties=duties, actor=here.actor, at=here.at, command=command_of(request))
    except NotAllowed:
        raise
    except Refusal as why:
        return _people(request, here, trouble=errors.sentence(why), status=why.status)
    return redirect("web:who_can")


#: So many days at once may have the same hours.
_DAYS = 31


def _duties(here: Inside, person_id: UUID, post: QueryDict) -> list[NewDuty]:
    """Return the duties that the form says: the same hours on so many days."""
    said = post.get("n_days") or "1"
    if not said.isascii() or not said.isdigit() or not 1 <= int(said) <= _DAYS:
        raise Malformed(field="n_days", problem="out_of_range", limit=str(_DAYS))
    zone = ZoneInfo(here.site.timezone)
    try:
        on = date.fromisoformat(str(post["on"])) if post.get("on") else here.at.astimezone(zone).date()
    except ValueError as error:
        raise Malformed(field="duty", problem="wrong_type") from error
    return [_duty(person_id, post, on + timedelta(days=n), zone) for n in range(int(said))]


def _duty(person_id: UUID, post: QueryDict, on: date, zone: ZoneInfo) -> NewDuty:
    """Return the duty of a day: clock times; an end before the start is the next day's."""
    try:
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
    return NewDuty(person_id, start, end, breaks, post.get("duty_kind") or "work")


def _clock(on: date, said: str, zone: ZoneInfo) -> datetime:
    hours, _colon, minutes = said.partition(":")
    return datetime(on.year, on.month, on.day, int(hours), int(minutes), tzinfo=zone)


@never_cache
@require_safe
@inside
def expiring(request: HttpRequest, here: Inside) -> HttpResponse:
    return _expiring(request, here)


def _expiring(request: HttpRequest, here: Inside, *, trouble: str = "", status: int = 200) -> HttpResponse:
    said = request.GET.get("days", "90")
    days = int(said) if said in {"30", "60", "90"} else 90
    rows = queries.expiring(here.actor, here.site.id, at=here.at, days=days)
    values = {"rows": _certificates(here, rows), "days": days, "choices": (30, 60, 90), "command": new_command()}
    values |= {"trouble": trouble, "now": here.at}
    return render(request, "web/people_can/expiring.html", values, status=status)


def _certificates(here: Inside, rows: tuple[CertificateRow, ...], *, may_enter: bool = False) -> list[dict[str, Any]]:
    states = library.by_code("certificate_states")
    may = authority.may(here.actor, "certificate.verify", where=Where(here.site.id))
    return [
        {
            "row": row,
            "kind": words.coded("certificates", row.kind_code),
            "state": words.coded("certificate_states", row.state),
            "tone": states[row.state]["tone"],
            "may_verify": may and row.verified_at is None and row.person_key != here.actor.account_id,
            "may_withdraw": may or (may_enter and row.verified_at is None),
            "may_correct": may_enter and row.verified_at is None,
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
    acts = ("person.manage", "duty.set", "certificate.enter", "zone.manage", "presence.change")
    may = {act.replace(".", "_"): authority.may(here.actor, act, where=where) for act in acts}
    values = {
        "person": _said(row, here.at),
        "certificates": _certificates(here, certificates, may_enter=may["certificate_enter"]),
        "may": may,
        "is_own": row.key == here.actor.account_id,
        "duties": _duties_said(here, row, may_pass=may["duty_set"]),
        "duty_kinds": _duty_kinds(),
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


def _duty_kinds() -> list[tuple[str, str]]:
    return [(one["code"], words.coded("duty_kinds", one["code"])) for one in library.rows("duty_kinds")]


@dataclass(frozen=True)
class DutySaid:
    """A duty in words, with who could take it: (value, name) of each, with an exchange where one is possible."""

    row: DutyRow
    kind: str
    is_running: bool
    takers: tuple[tuple[str, str], ...]


def _duties_said(here: Inside, row: PersonRow, *, may_pass: bool) -> list[DutySaid]:
    duties = queries.duties_ahead(row.key, at=here.at)
    takers: list[tuple[str, str]] = []
    if may_pass and any(duty.starts_at > here.at for duty in duties):
        mates = queries.mates_of(row.key, row.team_id)
        takers = [(str(uid), name_en if is_english() and name_en else name) for uid, name, name_en in mates]
        zone = ZoneInfo(here.site.timezone)
        for one in queries.duties_of_mates(row.key, row.team_id, at=here.at):
            name = one.person_name_en if is_english() and one.person_name_en else one.person_name
            begins, ends = one.starts_at.astimezone(zone), one.ends_at.astimezone(zone)
            said = _("%(name)s, in exchange for %(begin)s–%(end)s") % {
                "name": name,
                "begin": begins.strftime("%m-%d %H:%M"),
                "end": ends.strftime("%H:%M"),
            }
            takers.append((f"{one.person_uid}:{one.uid}", said))
    return [
        DutySaid(
            row=duty,
            kind="" if duty.kind == "work" else words.coded("duty_kinds", duty.kind),
            is_running=duty.starts_at <= here.at,
            takers=tuple(takers) if duty.starts_at > here.at else (),
        )
        for duty in duties
    ]


@never_cache
@require_safe
@inside
def mine(request: HttpRequest, here: Inside) -> HttpResponse:
    """The reader's own papers and duties."""
    key = here.actor.account_id
    uid = queries.member_uid(key, here.site.id) if key is not None else None
    if uid is None:
        raise NotFound(kind="member", name=here.actor.name)
    return _person(request, here, uid)


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
        return actions.set_duties(duties=_duties(here, person_id, post), **by)
    if name == "call-off":
        return actions.call_off_duty(duty_id=_key(post, "duty"), reason=post.get("reason", ""), **by)
    if name == "pass":
        to, _sep, exchange = post.get("to", "").partition(":")
        return actions.pass_duty(
            duty_id=_key(post, "duty"), person_id=_uuid(to), in_exchange=_uuid(exchange) if exchange else None, **by
        )
    if name == "presence":
        row, _held = queries.person(here.actor, here.site.id, person_id, at=here.at)
        return actions.change_presence(account_id=row.key, is_present=post.get("present") == "1", **by)
    if name == "certificate":
        return actions.enter_certificate(
            person_id=person_id,
            kind_code=post.get("kind", ""),
            number=post.get("number", ""),
            **_written(post),
            **by,
        )
    raise Http404


def _key(post: QueryDict, name: str) -> UUID:
    return _uuid(post.get(name, ""))


def _uuid(said: str) -> UUID:
    try:
        return UUID(said)
    except ValueError as error:
        raise NotFound(kind="duty", name=said) from error


def _day(post: QueryDict, name: str) -> date | None:
    try:
        return date.fromisoformat(str(post[name])) if post.get(name) else None
    except ValueError as error:
        raise Malformed(field=name, problem="wrong_type") from error


@require_POST
@inside
def decide(request: HttpRequest, here: Inside, certificate_id: UUID, name: str) -> HttpResponse:
    key = _uid(request.POST.get("person", ""))
    try:
        _decide(request, here, certificate_id, name)
    except NotAllowed:
        raise
    except Refusal as why:
        said = errors.sentence(why)
        if key:
            return _person(request, here, key, trouble=said, status=why.status)
        return _expiring(request, here, trouble=said, status=why.status)
    return redirect("web:who_can_person", person_id=key) if key else redirect("web:who_can_expiring")


def _decide(request: HttpRequest, here: Inside, certificate_id: UUID, name: str) -> object:
    by: dict[str, Any] = {"actor": here.actor, "at": here.at, "command": command_of(request)}
    post = request.POST
    if name == "verify":
        return actions.verify_certificate(certificate_id=certificate_id, **by)
    if name == "withdraw":
        return actions.withdraw_certificate(certificate_id=certificate_id, reason=post.get("reason", ""), **by)
    if name == "correct":
        return actions.correct_certificate(
            certificate_id=certificate_id, number=post.get("number", ""), **_written(post), **by
        )
    raise Http404


def _written(post: QueryDict) -> dict[str, Any]:
    """Return what a form says of a paper, beside its number."""
    days = {name: _day(post, name) for name in ("issued_on", "valid_to", "review_due")}
    return {"scope": post.get("scope", ""), **days}
