"""Can we keep it? A study is asked for by people and answered by the analyst, who may be killed at any moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.refusals import Malformed, NotFound
from yingxu.ground.unit import CommandKey, Unit
from yingxu.standards import queries
from yingxu.standards.events import StudyAsked, StudyEnded, StudyEstimated, StudyFinished
from yingxu.standards.models import Edition, Item, Line, PromiseStudy, StudyState, Term
from yingxu.standards.models.editions import UNDER_WAY
from yingxu.standards.queries.editions import UNCLEAR
from yingxu.standards.texts import text_of

#: What the simulation can measure: until somebody is there, and until it is done. The others the record judges.
SIMULATED = ("arrived", "done")
STUDIED = ("acknowledged", "arrived", "safe", "done", "verified")
WEEKS = (4, 8, 13, 26)
_WEEKS_OF_EDITION = 13
LEAST_LIMIT_S, MOST_LIMIT_S = 60, 30 * 86_400
MOST_HANDS = 500
_LEASE = timedelta(minutes=3)
_MOST_TRIES = 3
_WAITING = (StudyState.ASKED, StudyState.ESTIMATED)
#: Typed assumption -> least and most.
_ASSUMED = {"per_day": (0.1, 20_000.0), "service_min": (1.0, 1440.0), "travel_min": (0.0, 600.0), "cv": (0.0, 5.0)}


@dataclass(frozen=True)
class Asked:
    """A study that was asked for."""

    id: UUID


def ask_study(
    *,
    site_id: int,
    item_code: str = "",
    line_code: str = "",
    priority: int,
    milestone: str,
    limit_s: int,
    percentile: float,
    calendar_code: str = "",
    is_pausable: bool | None = None,
    assumptions: Mapping[str, Any] | None = None,
    weeks: int = 4,
    seed: int = 1,
    actor: Actor,
    at: datetime,
    command: CommandKey | None = None,
) -> Asked:
    """A promise waits for its study: of one item, or of a line in whole; with the site's history or what is typed.

    ``calendar_code`` is the service hours in which its clock runs, ``is_pausable`` whether approved pauses stop it;
    left out, both are as the item promises the milestone now (or, where it promises none, the site's default
    standard). ``assumptions`` may hold ``by_hour`` (24 or 168 whole numbers of hands), ``per_day``, ``service_min``,
    ``travel_min``, ``cv``, for a milestone that is simulated. Records StudyAsked.
    Refuses: NotAllowed, NotFound (item, line, calendar), Malformed. Budget: 3 + 1.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        item, line = _subject(site_id, item_code, line_code)
        authority.require(actor, "promise.study", where=Where(site_id, line_code=line))
        _check(priority, milestone, limit_s, percentile, weeks)
        assumed = _assumed(assumptions or {})
        if assumed and milestone not in SIMULATED:
            raise Malformed(field=min(assumed), problem="from_record")
        calendar_id, stops = _clock(site_id, item_code, priority, milestone, calendar_code)
        row = PromiseStudy(
            site_id=site_id,
            item=item,
            line_code=line,
            priority=priority,
            milestone=milestone,
            limit_s=limit_s,
            percentile=f"{percentile:.3f}",
            calendar_id=calendar_id,
            is_pausable=stops if is_pausable is None else is_pausable,
            assumptions=assumed,
            weeks=weeks,
            seed=seed,
            asked_by_id=actor.account_id,
            asked_at=at,
        )
        _ask(unit, row, item_code)
        unit.answer(Asked(row.uid))
    return unit.answered(Asked)


def _ask(unit: Unit, row: PromiseStudy, item_code: str) -> None:
    unit.insert(row)
    unit.record(
        StudyAsked(
            site_id=row.site_id,
            subject_id=row.pk,
            thread_id=row.pk,
            line_code=row.line_code,
            item_code=item_code,
            priority=row.priority,
            milestone=row.milestone,
            limit_s=row.limit_s,
            percentile=float(row.percentile),
        )
    )


def _clock(site_id: int, item_code: str, priority: int, milestone: str, calendar_code: str) -> tuple[int | None, bool]:
    """Return the service hours of the study, and whether pauses stop the clock where nobody said."""
    try:
        terms = queries.promised_words(site_id, item_code or UNCLEAR, priority=priority)
    except NotFound:
        terms = {}
    term = terms.get(milestone)
    stops = term.is_pausable if term is not None else milestone != "acknowledged"
    if calendar_code:
        return queries.calendar_id(site_id, calendar_code), stops
    return (term.calendar_id if term is not None else None), stops


@dataclass(frozen=True)
class AskedAll:
    """How many studies of an edition's promises were asked for."""

    n: int


def ask_edition_studies(*, edition_id: UUID, actor: Actor, at: datetime, command: CommandKey | None = None) -> AskedAll:
    """Each new or tighter promise of an edition on its way that has no study yet waits for one, of thirteen weeks.

    Records StudyAsked. Refuses: NotAllowed, NotFound. Budget: 7 + 1.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        edition = Edition.objects.filter(uid=edition_id).select_related("item__line").first()
        if edition is None:
            raise NotFound(kind="edition", name=str(edition_id))
        item = edition.item
        authority.require(actor, "promise.study", where=Where(edition.site_id, line_code=item.line.code))
        is_under_way = edition.state in UNDER_WAY
        terms = text_of(edition, Term.objects.filter(edition=edition).select_related("calendar"))["terms"]
        running = Edition.objects.filter(item=item, state="in_force").exclude(pk=edition.pk)
        before = running.values_list("id", flat=True).first()
        calendars = queries.calendar_keys(edition.site_id)
        waiting = {
            (row.priority, row.milestone, row.limit_s, float(row.percentile), row.calendar_id)
            for row in PromiseStudy.objects.filter(item=item, state__in=_WAITING)
        }
        n = 0
        for term in queries.tightened(item.pk, before, terms if is_under_way else (), at=at):
            calendar_id = calendars.get(term.calendar)
            case = (term.priority, term.milestone, term.limit_s, round(term.percentile, 3), calendar_id)
            if term.study is not None or case in waiting:
                continue
            waiting.add(case)
            row = PromiseStudy(
                site_id=edition.site_id,
                item=item,
                line_code=item.line.code,
                priority=term.priority,
                milestone=term.milestone,
                limit_s=term.limit_s,
                percentile=f"{term.percentile:.3f}",
                calendar_id=calendar_id,
                is_pausable=term.is_pausable,
                weeks=_WEEKS_OF_EDITION,
                seed=1,
                asked_by_id=actor.account_id,
                asked_at=at,
            )
            _ask(unit, row, item.code)
            n += 1
        unit.answer(AskedAll(n))
    return unit.answered(AskedAll)


def _subject(site_id: int, item_code: str, line_code: str) -> tuple[Item | None, str]:
    if item_code:
        item = Item.objects.filter(site_id=site_id, code=item_code).select_related("line").first()
        if item is None:
            raise NotFound(kind="item", name=item_code)
        return item, item.line.code
    if not Line.objects.filter(site_id=site_id, code=line_code).exists():
        raise NotFound(kind="line", name=line_code)
    return None, line_code


def _check(priority: int, milestone: str, limit_s: int, percentile: float, weeks: int) -> None:
    if priority not in (1, 2, 3, 4):
        raise Malformed(field="priority", problem="unknown")
    if milestone not in STUDIED:
        raise Malformed(field="milestone", problem="unknown")
    if limit_s < LEAST_LIMIT_S:
        raise Malformed(field="limit_min", problem="too_small", limit=str(LEAST_LIMIT_S // 60))
    if limit_s > MOST_LIMIT_S:
        raise Malformed(field="limit_min", problem="too_large", limit=str(MOST_LIMIT_S // 60))
    if not 0.5 <= percentile <= 1:
        is_low = not percentile >= 0.5
        raise Malformed(
            field="percent", problem="too_small" if is_low else "too_large", limit="50" if is_low else "100"
        )
    if weeks not in WEEKS:
        raise Malformed(field="weeks", problem="unknown")


def _assumed(given: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, (least, most) in _ASSUMED.items():
        if given.get(name) is None:
            continue
        value = float(given[name])
        if not least <= value <= most:
            is_low = not value >= least
            limit = f"{least if is_low else most:g}"
            raise Malformed(field=name, problem="too_small" if is_low else "too_large", limit=limit)
        found[name] = value
    hands = given.get("by_hour")
    if hands is not None:
        if len(hands) not in (24, 168) or not all(isinstance(n, int) and 0 <= n <= MOST_HANDS for n in hands):
            raise Malformed(field="by_hour", problem="wrong_type")
        if not any(hands):
            raise Malformed(field="by_hour", problem="too_small", limit="1")
        found["by_hour"] = list(hands)
    return found


@dataclass(frozen=True)
class Taken:
    """A study in the analyst's hand; ``id`` None: nothing waits."""

    id: UUID | None
    site_id: int = 0
    state: str = ""


def take_study(*, actor: Actor, at: datetime) -> Taken:
    """The oldest study that waits is this analyst's for three minutes; one that failed three times is given up.

    A killed analyst's study waits again when its time is over. Records StudyEnded for what is given up.
    Refuses: NotAllowed. Budget: 1 + 1.
    """
    with Unit(actor=actor, at=at) as unit:
        authority.require(actor, "promise.run_study", where=Where(site_id=None))
        unit.locking()
        free = PromiseStudy.objects.filter(Q(taken_until=None) | Q(taken_until__lte=at), state__in=_WAITING)
        row = free.select_for_update(skip_locked=True, of=("self",)).order_by("asked_at").first()
        if row is None:
            unit.answer(Taken(None))
        elif row.n_tries >= _MOST_TRIES:
            _end(unit, row, StudyState.FAILED, {"code": "tries", "n": row.n_tries})
            unit.answer(Taken(row.uid, row.site_id, StudyState.FAILED.value))
        else:
            unit.change(row, taken_until=at + _LEASE, n_tries=row.n_tries + 1)
            unit.answer(Taken(row.uid, row.site_id, row.state))
    return unit.answered(Taken)


@dataclass(frozen=True)
class Noted:
    """A study after the analyst's word."""

    id: UUID
    state: str


def note_estimate(
    *,
    study_id: UUID,
    spec: Mapping[str, Any],
    evidence: Mapping[str, Any],
    instant: Mapping[str, Any],
    actor: Actor,
    at: datetime,
) -> Noted:
    """The study has its model and its answer by formula; the simulation is still to come.

    Records StudyEstimated. Refuses: NotAllowed, NotFound, Stale. Budget: 1 + 1.
    """
    with Unit(actor=actor, at=at) as unit:
        row = _study(study_id)
        authority.require(actor, "promise.run_study", where=Where(row.site_id))
        unit.change(
            row,
            seen=["state"],
            state=StudyState.ESTIMATED,
            spec=dict(spec),
            evidence=dict(evidence),
            instant=dict(instant),
            taken_until=at + _LEASE,
        )
        unit.record(
            StudyEstimated(site_id=row.site_id, subject_id=row.pk, thread_id=row.pk, share=instant.get("share"))
        )
        unit.answer(Noted(row.uid, row.state))
    return unit.answered(Noted)


def finish_study(
    *,
    study_id: UUID,
    result: Mapping[str, Any],
    version: str,
    spec: Mapping[str, Any] | None = None,
    evidence: Mapping[str, Any] | None = None,
    actor: Actor,
    at: datetime,
) -> Noted:
    """The study has its answer (``simulation-result/1``, ``record-result/1``), with the version of the house.

    ``spec`` and ``evidence`` are given where no estimate was noted before. Records StudyFinished.
    Refuses: NotAllowed, NotFound, Stale. Budget: 1 + 1.
    """
    with Unit(actor=actor, at=at) as unit:
        row = _study(study_id)
        authority.require(actor, "promise.run_study", where=Where(row.site_id))
        unit.change(
            row,
            seen=["state"],
            state=StudyState.DONE,
            result=dict(result),
            version=version[:32],
            finished_at=at,
            taken_until=None,
            **({"spec": dict(spec)} if spec is not None else {}),
            **({"evidence": dict(evidence)} if evidence is not None else {}),
        )
        attained = result["attainment"]
        unit.record(
            StudyFinished(
                site_id=row.site_id,
                subject_id=row.pk,
                thread_id=row.pk,
                share=attained["share"],
                low=attained["low"],
                high=attained["high"],
                n=attained["n"],
                percentile=float(row.percentile),
            )
        )
        unit.answer(Noted(row.uid, row.state))
    return unit.answered(Noted)


def end_study(*, study_id: UUID, state: str, why: Mapping[str, Any], actor: Actor, at: datetime) -> Noted:
    """The study ends without an answer: too little history, or a model that cannot be simulated; it says why.

    Records StudyEnded. Refuses: NotAllowed, NotFound, Malformed, Stale. Budget: 1 + 1.
    """
    with Unit(actor=actor, at=at) as unit:
        row = _study(study_id)
        authority.require(actor, "promise.run_study", where=Where(row.site_id))
        if state not in (StudyState.TOO_LITTLE, StudyState.IMPOSSIBLE):
            raise Malformed(field="state", problem="unknown")
        _end(unit, row, StudyState(state), why)
        unit.answer(Noted(row.uid, row.state))
    return unit.answered(Noted)


def _end(unit: Unit, row: PromiseStudy, state: StudyState, why: Mapping[str, Any]) -> None:
    unit.change(row, seen=["state"], state=state, why=dict(why), finished_at=unit.at, taken_until=None)
    unit.record(
        StudyEnded(
            site_id=row.site_id,
            subject_id=row.pk,
            thread_id=row.pk,
            state=state.value,
            why=str(why.get("code", "")),
        )
    )


def _study(study_id: UUID) -> PromiseStudy:
    row = PromiseStudy.objects.filter(uid=study_id).first()
    if row is None:
        raise NotFound(kind="study", name=str(study_id))
    return row
