"""One reported command becomes one verb; what cannot be is set aside, never dropped (ADR 0070)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import translation

from yingxu.ground.manner import reported as told_by_phone
from yingxu.ground.refusals import Malformed, Refusal, Stale
from yingxu.ground.unit import CommandKey
from yingxu.web import errors
from yingxu.web.inside import Inside
from yingxu.web.mywork.sync.acts import ACTS, PhotosAway
from yingxu.web.mywork.sync.commands import Reported
from yingxu.web.templatetags.yingxu import is_english
from yingxu.work import actions as work
from yingxu.work.refusals import WrongPlace
from yingxu.work.reports import ReportRow

#: The house had moved on while the phone was away: nothing the worker could mend.
CONFLICTS = frozenset(
    {"illegal_move", "not_allowed", "not_offered", "not_found", "acceptance_over", "stale", "own_work"}
)
CONFLICTS |= {"unknown_step", "no_open_pause"}
_TRIES = 4


@dataclass(frozen=True)
class Outcome:
    """What became of one command. ``result``: done, already, refused, conflict, bent, photos (send them first)."""

    id: str
    result: str
    code: str = ""
    words: str = ""


def settle(here: Inside, one: Reported, known: ReportRow | None, *, again: frozenset[tuple[str, str]]) -> Outcome:
    """Carry out one command at the moment it happened, or set it aside.

    ``again``: (job, act) of the worker's own refused reports that are open; the act done after all settles them.
    """
    if known is not None:
        return Outcome(one.id, known.kind, known.problem, known.told_en if is_english() else known.told_zh)
    act = ACTS.get(one.act)
    if act is None:
        return _set_aside(here, one, Malformed(field="act", problem="unknown"), "refused")
    happened_at, bent, key = one.happened_at, None, one.key
    for _ in range(_TRIES):
        try:
            with told_by_phone(**_marks(here, one, happened_at)):
                act(here, one if bent is None else _without_code(one), key, happened_at)
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
        except Refusal as refused:
            why = refused
            break
        else:
            if (str(one.job_id), one.act) in again and one.job_id is not None:
                work.settle_done_again(job_id=one.job_id, act=one.act, actor=here.actor, at=here.at)
            return _done(here, one, key, bent)
    return _set_aside(here, one, why, "conflict" if why.code in CONFLICTS else "refused")


def _done(here: Inside, one: Reported, key: CommandKey, bent: Refusal | None) -> Outcome:
    if bent is not None:
        return _set_aside(here, one, bent, "bent")
    return Outcome(one.id, "already" if key.is_replayed else "done")


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
        said=one.said,
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
