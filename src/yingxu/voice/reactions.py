"""What this room does when somebody rated: a low rating, or one with words, is a voice that a person answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from yingxu.demand.reads import memo_of
from yingxu.ground.actor import Actor
from yingxu.ground.models import Holding
from yingxu.ground.unit import Unit
from yingxu.voice.events.rating import ConductDoubted
from yingxu.voice.models.heard import Heard

#: Domain 5.9: so few stars are a case.
LOW_STARS = 2
#: What a rating may say of how somebody behaved (服务行为规范, domain S30).
CONDUCT = ("no_badge", "no_knock", "no_word", "dirty", "rude")
_ASKER = Actor(kind="asker", id=None, name="")
_ANSWER_WITHIN = timedelta(hours=24)


def hear_rating(*, request_key: int, stars: int, text: str, unit: Unit, reasons: Sequence[str] = ()) -> None:
    """A rating of one or two stars, or one with words, waits for a person's answer within a day.

    One star for how somebody behaved is a conduct case, and the leaders of the team are told (S30). Who rated is not
    kept with it; who asked may read its fate. Budget: none; one query of a conduct case.
    """
    request = memo_of(unit).requests.get(request_key)
    if request is None or (stars > LOW_STARS and not text.strip()):
        return
    doers = {key for one in getattr(request, "work", ()) or () for key in (one["finished_by"], one["worker"])}
    conduct = [reason for reason in reasons if reason in CONDUCT] if stars == 1 else []
    unit.insert(
        Heard(
            site_id=request.site_id,
            kind="conduct" if conduct else "low_rating" if stars <= LOW_STARS else "words",
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
    if not conduct:
        return
    fact = ConductDoubted(site_id=request.site_id, subject_id=request.pk, thread_id=request.pk, reasons=tuple(conduct))
    entry = unit.record(fact, actor=_ASKER)
    leaders = Holding.objects.filter(site_id=request.site_id, role="TL", team_key__in=request.team_keys)
    for account in sorted(set(leaders.values_list("account_id", flat=True))):
        unit.deliver(entry=entry, fact=fact, channel="in_app", to_account_id=account)
