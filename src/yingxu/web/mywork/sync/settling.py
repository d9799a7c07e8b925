"""One reported command becomes one verb; what cannot be is set aside, never dropped (ADR 0070)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import translation

from yingxu.ground.manner import reported as told_by_phone
from yingxu.ground.refusals import Malformed, NotFound, Refusal, Stale
from yingxu.ground.unit import CommandKey
from yingxu.web import errors
from yingxu.web.inside import Inside
from yingxu.web.mywork.sync.acts import ACTS, PhotosAway
from yingxu.web.mywork.sync.commands import Reported, Told
from yingxu.web.mywork.sync.moved import covered
from yingxu.web.templatetags.yingxu import is_english
from yingxu.work import actions as work
from yingxu.work.refusals import WrongPlace
from yingxu.work.reports import ReportRow

#: The house had moved on while the phone was away: nothing the worker could mend.
CONFLICTS = frozenset(
    {"illegal_move", "not_allowed", "not_offered", "not_found", "acceptance_over", "stale", "own_work"}
)
CONFLICTS |= {"unknown_step", "no_open_pause"}
#: The shelf had changed meanwhile, or the job had: what is in the worker's hand is for the store and the desk to book.
CONFLICTS |= {"not_enough_stock", "more_than_issued", "part_in_store", "shortage_open", "shortage_settled"}
CONFLICTS |= {"no_parts_for_state"}
#: A load that was not the one asked for, or moved otherwise: the desk must hear of it at once.
CONFLICTS |= {"identifiers_differ", "custody_scanned", "load_not_taken"}
_TRIES = 4


@dataclass(frozen=True)
class Outcome:
    """What became of one command. ``result``: done, already, refused, conflict, bent, photos (send them first)."""

    id: str
    result: str
    code: str = ""
    words: str = ""


#: What an act is about beside its job: another step that succeeds doesn't settle the one that was refused.
_ABOUT = {"step": "step", "photo": "label", "part-take": "level", "part-keep": "level", "part-back": "level"}


def about(act: str, said: Mapping[str, Any]) -> tuple[str, str]:
    """Return the word of a command that says what its act is about, and its value; empty where the job says it all."""
    name = _ABOUT.get(act, "")
    return name, str(said.get(name, "")) if name else ""


def open_refused(reports: Iterable[ReportRow]) -> frozenset[tuple[str, str, tuple[str, str]]]:
    """Return (job, act, what about) of refused reports that the same act, done after all, settles."""
    return frozenset((str(row.job_id), row.act, about(row.act, row.said)) for row in reports if row.kind == "refused")


def settle(
    here: Inside, one: Reported, known: ReportRow | None, *, again: frozenset[tuple[str, str, tuple[str, str]]]
) -> Outcome:
    """Carry out one command at the moment it happened, or set it aside.

    ``again``: the worker's own refused reports that are open; the act done after all settles them.
    """
    if known is not None:
        return Outcome(one.id, known.kind, known.problem, known.told_en if is_english() else known.told_zh)
    act = ACTS.get(one.act)
    if act is None:
        return _set_aside(here, one, Malformed(field="act", problem="unknown"), "refused")
    happened_at, key = one.happened_at, one.key
    bent: Refusal | None = None
    for _ in range(_TRIES):
        try:
            with told_by_phone(**_marks(here, one, happened_at)):
                told = act(here, one if bent is None else _without_code(one), key, happened_at)
        except PhotosAway:
            return Outcome(one.id, "photos")
        except Stale as refused:
            why: Refusal = refused  # somebody acted in the same instant: look again
        except Malformed as refused:
            why = refused
            if refused.field != "happened_at":
                break
            happened_at = here.at if refused.problem == "in_future" else _not_before(refused, here.at)
        except WrongPlace as refused:
            why = bent = refused  # being there counts; its proof does not
        except NotFound as refused:
            why = refused
            if refused.kind != "place" or not one.said.get("code"):
                break
            bent = refused  # a mistyped label, the same
        except Refusal as refused:
            why = refused
            break
        else:
            which = about(one.act, one.said)
            if (str(one.job_id), one.act, which) in again and one.job_id is not None:
                named = dict([which]) if which[0] else {}
                work.settle_done_again(job_id=one.job_id, act=one.act, about=named, actor=here.actor, at=here.at)
            return _done(here, one, key, bent, told)
    return _set_aside(here, one, why, "conflict" if why.code in CONFLICTS else "refused")


def _done(here: Inside, one: Reported, key: CommandKey, bent: Refusal | None, told: object) -> Outcome:
    if bent is not None:
        return _set_aside(here, one, bent, "bent")
    result = "already" if key.is_replayed else "done"
    return Outcome(one.id, result, told.code, told.words) if isinstance(told, Told) else Outcome(one.id, result)


def _not_before(refused: Malformed, at: datetime) -> datetime:
    """Return the earliest moment that the job allows: what came later cannot have happened before."""
    return min(datetime.fromisoformat(refused.limit), at)


def _without_code(one: Reported) -> Reported:
    said = {name: value for name, value in one.said.items() if name != "code"}
    return Reported(one.id, one.act, one.job_id, said, one.happened_at, one.device_at, one.clock, one.digest)


def _marks(here: Inside, one: Reported, happened_at: datetime) -> dict[str, object]:
    """Return what the ledger keeps beside the facts: it came from a phone, how late, and whether its clock was sure."""
    marks: dict[str, object] = {"phone_late_s": round((here.at - happened_at).total_seconds())}
    if one.clock != "sure" or happened_at != one.happened_at:
        marks["phone_clock"] = "moved" if happened_at != one.happened_at else "unsure"
        marks["phone_at"] = one.device_at.isoformat()
    return marks


def _set_aside(here: Inside, one: Reported, why: Refusal, kind: str) -> Outcome:
    told = {}
    for language in ("zh-hans", "en"):
        with translation.override(language):
            told[language] = errors.sentence(why)
    work.set_aside_report(
        site_id=here.site.id,
        job_id=one.job_id,
        command_id=one.id,
        act=one.act,
        said=covered(one.said),
        kind=kind,
        problem=why.code,
        told_zh=told["zh-hans"],
        told_en=told["en"],
        happened_at=one.happened_at,
        actor=here.actor,
        at=here.at,
        command=CommandKey(f"{one.id}.aside", one.digest),
    )
    return Outcome(one.id, kind, why.code, told["en" if is_english() else "zh-hans"])
