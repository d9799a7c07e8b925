"""What was rated low or with words becomes a voice that somebody answers."""

from __future__ import annotations

from yingxu.ground.ledger import Reactions
from yingxu.ground.unit import Unit
from yingxu.verify import reactions as judgements
from yingxu.voice import events as voice
from yingxu.voice import reactions as voices


def _hear_rating(fact: voice.RequestRated, unit: Unit) -> None:
    voices.hear_rating(request_key=fact.subject_id, stars=fact.stars, text=fact.text, reasons=fact.reasons, unit=unit)


def _call_back(fact: voice.RequestRated, unit: Unit) -> None:
    if fact.stars <= voices.LOW_STARS:
        judgements.call_after_complaint(request_key=fact.subject_id, unit=unit)


REACTIONS: Reactions = {voice.RequestRated: (_hear_rating, _call_back)}
