"""What is said to an asker, and by one."""

from __future__ import annotations

from yingxu.demand.events import RequestAcknowledged
from yingxu.demand.models import Request, Word
from yingxu.ground.unit import Unit


def say(unit: Unit, request: Request, kind: str, text: str, *, is_from_asker: bool = False) -> Word:
    """Keep what was said. A person's word to the asker pays what was owed."""
    if not is_from_asker and request.word_due_at is not None:
        unit.change(request, word_due_at=None)
    return unit.insert(
        Word(
            request_id=request.pk,
            kind=kind,
            text=text,
            said_by=unit.actor.name[:64],
            account_id=unit.actor.account_id,
            is_from_asker=is_from_asker,
            said_at=unit.happened_at,
        )
    )


def acknowledge(unit: Unit, request: Request, word: str) -> None:
    """Keep the word and record that a person gave it."""
    if word:
        say(unit, request, "word", word)
    unit.change(request, word_due_at=None)
    unit.record(
        RequestAcknowledged(site_id=request.site_id, subject_id=request.pk, thread_id=request.pk, at=unit.happened_at)
    )
