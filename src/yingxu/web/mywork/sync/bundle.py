"""What a phone carries with it: every job in hand with all that its card shows and asks, for hours without signal."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.urls import reverse

from yingxu.demand.queries.often import often_asked
from yingxu.ground.queries.codes import marks_of_places
from yingxu.standards.queries import procedure_of
from yingxu.team.queries import members
from yingxu.team.queries.mates import mates
from yingxu.web.inside import Inside, catalogue_of, kept
from yingxu.web.mywork.sheet import Sheet, return_reasons, sheet, where_of
from yingxu.web.mywork.sync import moving
from yingxu.web.standards.wording import certificate_word
from yingxu.web.templatetags.yingxu import in_language, is_english, priority_word
from yingxu.web.words import choices
from yingxu.work import hands
from yingxu.work.ends import LINES
from yingxu.work.hands import HandRow
from yingxu.work.queries import carried as carrying
from yingxu.work.reports import ReportRow, my_reports
from yingxu.work.zones import SHIFT, zone_now, zones_of

#: Chips of the three-tap defect: of the worker's own lines, what is asked for most there.
_KINDS = 12


def bundle(request: HttpRequest, here: Inside) -> dict[str, Any]:
    """Return all of it as JSON-able values. Budget: 9 queries, with jobs 3 more, with transports 3; an edition one."""
    jobs = hands.jobs_in_hand(here.actor)
    had = carrying.parts_of_jobs(job.uid for job in jobs)
    loads = carrying.loads_of_jobs(job.uid for job in jobs if job.line_code in LINES or _says_where_to(job))
    waiting = hands.finished_lately(here.actor)
    marks = marks_of_places(here.site.id, [job.place_code for job in jobs])
    me = next(iter(members(here.site.id, account_id=here.actor.id)), None)
    return {
        "account": here.actor.key,
        "person": str(here.actor.id),
        "name": here.actor.name,
        "team": in_language(me, "team_name") if me else "",
        "is_present": me.is_present if me else None,
        "desk_phone": here.site.desk_phone,
        "site": in_language(here.site),
        "now": _ms(here.at),
        "csrf": get_token(request),
        "jobs": [
            {
                **_job(job, marks.get(job.place_code, ())),
                **moving.parts_said(had[job.uid]),
                **moving.load_said(loads.get(job.uid), job.edition_id),
            }
            for job in jobs
        ],
        "waiting": [
            {"id": str(job.uid), "what": in_language(job, "item_name"), "where": _where(job)} for job in waiting
        ],
        "mates": [
            {"id": str(mate.uid), "name": in_language(mate), "phone": mate.phone, "here": mate.is_present}
            for mate in mates(here.site.id, here.actor.id or 0)
        ],
        "delays": choices("transport_delays"),
        "zone": _zone_of(here),
        "zones": [[row.code, in_language(row)] for row in kept("zones", here.site.id, lambda: zones_of(here.site.id))],
        "kinds": found_kinds(here, me.line_codes if me else ()),
        "reports": [report(row) for row in my_reports(here.actor)],
    }


def _zone_of(here: Inside) -> dict[str, Any] | None:
    row = zone_now(here.actor.id or 0, since_at=here.at - SHIFT)
    return {"name": in_language(row, "place"), "at": _ms(row.signed_at)} if row else None


def report(row: ReportRow) -> dict[str, Any]:
    """Return a report that was set aside, as its worker sees it."""
    return {
        "id": row.command_id,
        "act": row.act,
        "kind": row.kind,
        "words": row.told_en if is_english() else row.told_zh,
        "job": str(row.job_id or ""),
        "number": row.job_number,
        "what": in_language(row, "item_name") if row.item_name else "",
        "at": _ms(row.happened_at),
    }


def _job(job: HandRow, marks: tuple[str, ...]) -> dict[str, Any]:
    card = sheet(job)
    return {
        "id": str(job.uid),
        "number": job.number,
        "state": job.state,
        "priority": job.priority,
        "urgency": str(priority_word(job.priority)),
        "what": card.what,
        "where": card.where,
        "place": job.place_code,
        "marks": marks,
        "text": job.text,
        "said": job.said,
        "asked": [_asked(field) for field in job.asked],
        "wanted_from": _ms(job.wanted_from),
        "phone": job.requester_phone,
        "asker": job.requester_name,
        "accept_by": _ms(job.accept_by),
        "limits": [{"name": one.name, "due": _ms(one.due_at), "paused": one.is_paused} for one in card.limits],
        "is_hand_over": job.is_hand_over,
        "is_safe": job.safe_at is not None,
        "proof": job.arrival_proof,
        "pause": {"name": card.pause_name, "verdict": job.pause_verdict, "until": _ms(job.pause_until)},
        "edition": job.edition_id,
        "goal": card.goal,
        "item": job.item_code,
        "files": [reverse("web:follow_here_photo", args=[job.request_uid, one]) for one in job.voices],
        **_procedure(job, card),
        "return_reasons": _by_state(),
        "pause_reasons": [[code, name] for code, name, _ in card.pause_reasons],
        "causes": card.causes,
    }


def _procedure(job: HandRow, card: Sheet) -> dict[str, Any]:
    """Return the steps with what decides on the phone whether they are asked and whether finishing is complete."""
    procedure = procedure_of(job.edition_id)
    evidence = procedure.evidence
    done = job.steps
    return {
        "steps": [_step(step, done.get(step["code"])) for step in procedure.steps],
        "photos": list(job.photo_labels),
        "evidence": {
            "before": bool(evidence.get("before_photo")),
            "after": bool(evidence.get("after_photo")),
            "cause": job.is_repeat or "cause_code" in evidence.get("extra", ()),
            "minutes": "minutes" in evidence.get("extra", ()),
        },
    }


def _step(step: Any, done: Any) -> dict[str, Any]:
    return {
        "code": step["code"],
        "kind": step["type"],
        "text": _worded(step),
        "unit": step.get("unit", ""),
        "min": step.get("min"),
        "max": step.get("max"),
        "choices": [[choice["code"], _worded(choice)] for choice in step.get("choices", ())],
        "critical": bool(step.get("critical")),
        "mandatory": bool(step.get("mandatory")),
        "only_if": step.get("only_if"),
        "certificate": certificate_word(str(step["certificate"])) if step.get("certificate") else "",
        "done": None if done is None else {"value": done["value"], "ok": bool(done["is_ok"])},
    }


def _by_state() -> dict[str, list[list[str]]]:
    """Return why a job may be given back, in each of the states that the phone itself may bring it to."""
    return {state: [list(pair) for pair in return_reasons(state)] for state in ("dispatched", "accepted", "en_route")}


def found_kinds(here: Inside, lines: tuple[str, ...]) -> list[list[str]]:
    """Return the kinds of a defect that somebody finds, likeliest first. Budget: one query in a while."""
    often = kept("found_often", (here.site.id, lines), lambda: often_asked(here.site.id, lines))
    rank = {code: place for place, code in enumerate(often)}
    rows = [row for row in catalogue_of(here.site.id) if row.line_code in lines] or list(catalogue_of(here.site.id))
    rows.sort(key=lambda row: (rank.get(row.code, len(rank)), row.code))
    return [[row.code, in_language(row)] for row in rows[:_KINDS]]


def _says_where_to(job: HandRow) -> bool:
    return any(field.code == "to" for field in job.asked)


def _asked(field: Any) -> dict[str, Any]:
    row = asdict(field)
    return {
        "name": in_language(field),
        "value": (row["value_en"] if is_english() else "") or row["value"],
        "covered": row["is_covered"],
        "at": _ms(row["moment"]),
    }


def _where(job: HandRow) -> str:
    return where_of(job)


def _worded(said: Any) -> str:
    return str((said.get("en") if is_english() else "") or said["zh"])


def _ms(moment: datetime | None) -> int | None:
    return None if moment is None else round(moment.timestamp() * 1000)
