"""A tightened promise is adopted with its study, and the decision keeps which one it was."""

from __future__ import annotations

from yingxu.ground.unit import Unit
from yingxu.standards import queries
from yingxu.standards.events import PromiseTightened
from yingxu.standards.models import Edition, Term
from yingxu.standards.refusals import StudyNeeded


def require_studies(unit: Unit, edition: Edition, running: Edition | None) -> None:
    """Refuse with :class:`StudyNeeded` a promise that would be tightened unstudied; record the study of each other.

    The first edition of an item tightens nothing. What a study cannot measure (a first answer by the desk, made safe,
    checked) is tightened without one. Budget: one query, one more for each tightened promise.
    """
    if running is None:
        return
    terms = [
        {
            "priority": term.priority,
            "milestone": term.milestone,
            "place_class": term.place_class,
            "limit_s": term.limit_s,
            "percentile": float(term.percentile),
        }
        for term in Term.objects.filter(edition=edition)
    ]
    for term in queries.tightened(edition.item_id, running.pk, terms):
        if term.study_id is None:
            raise StudyNeeded(
                item_code=edition.item.code,
                priority=term.priority,
                milestone=term.milestone,
                limit_s=term.limit_s,
                percentile=term.percentile,
            )
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
                study_id=term.study_id,
            )
        )
