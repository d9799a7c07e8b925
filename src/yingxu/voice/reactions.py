"""What this room does when somebody rated: a low rating, or one with words, is a voice that a person answers."""

from __future__ import annotations

from datetime import timedelta

from yingxu.demand.reads import memo_of
from yingxu.ground.unit import Unit
from yingxu.voice.models.heard import Heard

#: Domain 5.9: so few stars are a case.
LOW_STARS = 2
_ANSWER_WITHIN = timedelta(hours=24)


def hear_rating(*, request_key: int, stars: int, text: str, unit: Unit) -> None:
    """A rating of one or two stars, or one with words, waits for a person's answer within a day. Budget: none.

    Who rated is not kept with it; who asked may read its fate.
    """
    request = memo_of(unit).requests.get(request_key)
    if request is None or (stars > LOW_STARS and not text.strip()):
        return
    doers = {key for one in getattr(request, "work", ()) or () for key in (one["finished_by"], one["worker"])}
    unit.insert(
        Heard(
            site_id=request.site_id,
            kind="low_rating" if stars <= LOW_STARS else "words",
            request_id=request.pk,
            text=text.strip(),
            stars=stars,
            line_code=request.line_code,
            place_path=request.place_path,
            department_id=request.department_id,
            party_keys=request.party_keys,
            team_keys=request.team_keys,
            worker_keys=sorted(key for key in doers if key is not None),
            said_at=unit.at,
            answer_by=unit.at + _ANSWER_WITHIN,
        )
    )
