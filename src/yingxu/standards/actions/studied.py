"""A new or tighter promise is adopted with its study, and the decision keeps which one it was and how it stood."""

from __future__ import annotations

from typing import Any

from yingxu.ground.unit import Unit
from yingxu.standards import queries
from yingxu.standards.events import PromiseTightened
from yingxu.standards.models import Edition, PromiseAdoption, Standing, Term
from yingxu.standards.queries import TightenedRow
from yingxu.standards.refusals import OnTrialOnly, StudyNeeded
from yingxu.standards.texts import term_of


def require_studies(
    unit: Unit, edition: Edition, running: Edition | None, *, trial_reason: str, is_being_set_up: bool
) -> None:
    """Refuse a promise that would be new or tighter without its study; keep the study of each other.

    A study that found too little history, or that rests on what was typed, lets a promise in on trial only, and that
    needs a reason. While a site is being set up it has no history to ask: what is adopted then says so.
    Refuses: StudyNeeded, OnTrialOnly. Budget: five queries at most.
    """
    rows = {row.pk: row for row in Term.objects.filter(edition=edition).select_related("calendar")}
    before = running.pk if running is not None else None
    terms = queries.tightened(edition.item_id, before, [term_of(row) for row in rows.values()], at=unit.at)
    if not terms:
        return
    by_case = {(row.priority, row.milestone, row.place_class): row for row in rows.values()}
    kept = {row.term_id: row for row in PromiseAdoption.objects.filter(edition=edition)}
    for term in terms:
        standing = term.standing or (Standing.SETUP.value if is_being_set_up else "")
        reason = trial_reason.strip()[:500] if term.is_on_trial else ""
        if not standing:
            raise StudyNeeded(**_facts(edition, term))
        if term.is_on_trial and not reason:
            if not is_being_set_up:
                raise OnTrialOnly(**_facts(edition, term), standing=standing)
            standing = Standing.SETUP.value
        _adopt(unit, edition, term, by_case[term.priority, term.milestone, term.place_class], kept, standing, reason)


def _facts(edition: Edition, term: TightenedRow) -> dict[str, Any]:
    return {
        "item_code": edition.item.code,
        "priority": term.priority,
        "milestone": term.milestone,
        "limit_s": term.limit_s,
        "percentile": term.percentile,
    }


def _adopt(
    unit: Unit,
    edition: Edition,
    term: TightenedRow,
    row: Term,
    kept: dict[int, PromiseAdoption],
    standing: str,
    reason: str,
) -> None:
    decision: dict[str, Any] = {
        "standing": standing,
        "study_id": term.study.key if term.study is not None else None,
        "reason": reason,
        "adopted_by_id": unit.actor.account_id,
        "adopted_at": unit.at,
    }
    known = kept.get(row.pk)
    if known is None:
        unit.insert(PromiseAdoption(edition=edition, term=row, **decision))
    else:  # the moment was set anew before it came
        unit.change(known, **decision)
    unit.record(
        PromiseTightened(
            site_id=edition.site_id,
            subject_id=edition.item_id,
            thread_id=edition.item_id,
            item_code=edition.item.code,
            number=edition.number,
            priority=term.priority,
            milestone=term.milestone,
            limit_s=term.limit_s,
            percentile=term.percentile,
            study_id=term.study.id if term.study is not None else None,
            standing=standing,
            change=term.change,
            reason=reason,
        )
    )
