"""Verbs of rating stands: put one up, change it, leave taps."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.crypto import salted_hmac

from yingxu.ground import authority, ids
from yingxu.ground.actor import Actor, engine
from yingxu.ground.authority import Where
from yingxu.ground.models import Place
from yingxu.ground.refusals import Malformed, NotFound
from yingxu.ground.unit import CommandKey, Unit
from yingxu.team.models import Duty, Member
from yingxu.voice.events.stands import StandSet, TapLeft
from yingxu.voice.models.stands import RatingStand, Tap

STAND = engine("stand")
#: What the second tap may say, by face.
TAP_REASONS = ("fast", "skilled", "polite", "clean", "slow", "not_fixed", "rude", "dirty")
HOUR = timedelta(hours=1)
#: A tablet without network keeps its taps so long.
OLDEST = timedelta(days=7)
_AT_ONCE = 200
#: Who is present without a roster is known for now alone: a tap so much older is nobody's shift.
_PRESENT = timedelta(minutes=10)


@dataclass(frozen=True)
class StandKept:
    """A stand and the code of its page."""

    uid: UUID
    token: str


@dataclass(frozen=True)
class NewTap:
    """A tap as the device tells it: its own id, the face, perhaps a reason, how many seconds ago."""

    client_id: str
    face: int
    reason: str
    ago_s: float


@dataclass(frozen=True)
class TapsKept:
    """How many taps are new, how many of them are held apart."""

    n: int
    n_apart: int


def set_stand(
    *,
    site_id: int,
    name: str,
    actor: Actor,
    at: datetime,
    stand_id: UUID | None = None,
    place_code: str = "",
    line_code: str = "",
    most_per_hour: int = 3,
    is_on: bool = True,
    command: CommandKey | None = None,
) -> StandKept:
    """A rating stand stands, or stands changed. Records StandSet. Refuses: NotAllowed, Malformed, NotFound."""
    with Unit(actor=actor, at=at, command=command) as unit:
        authority.require(actor, "stand.manage", where=Where(site_id=site_id))
        if not name.strip():
            raise Malformed(field="name", problem="missing")
        if not 1 <= most_per_hour <= 600:
            raise Malformed(
                field="most_per_hour", problem="too_small" if most_per_hour < 1 else "too_large", limit="1–600"
            )
        place = Place.objects.filter(site_id=site_id, code=place_code).first() if place_code else None
        if place_code and place is None:
            raise NotFound(kind="place", name=place_code)
        said: dict[str, Any] = {
            "name": name.strip()[:120],
            "place": place,
            "line_code": line_code,
            "most_per_hour": most_per_hour,
            "is_on": is_on,
        }
        if stand_id is None:
            stand = unit.insert(RatingStand(site_id=site_id, token=ids.new_code(), made_at=at, **said))
        else:
            found = RatingStand.objects.filter(uid=stand_id, site_id=site_id).first()
            if found is None:
                raise NotFound(kind="stand", name=str(stand_id))
            stand = unit.change(found, **said)
        unit.record(
            StandSet(
                site_id=site_id,
                subject_id=stand.pk,
                thread_id=stand.pk,
                name=stand.name,
                line_code=line_code,
                most_per_hour=most_per_hour,
                is_on=is_on,
            )
        )
        unit.answer(StandKept(stand.uid, stand.token))
    return unit.answered(StandKept)


def leave_taps(*, token: str, taps: Sequence[NewTap], device: str, actor: Actor, at: datetime) -> TapsKept:
    """What was touched at a stand is kept once, however often the device sends it.

    Of one device, what exceeds the stand's number within an hour is held apart, not deleted (domain S65).
    With it stays which teams were on duty then. Records TapLeft. Refuses: NotAllowed, NotFound, Malformed. Budget: 6.
    """
    with Unit(actor=actor, at=at) as unit:
        stand = RatingStand.objects.filter(token=token, is_on=True).first()
        if stand is None:
            raise NotFound(kind="stand", name="")
        authority.require(actor, "tap.leave", where=Where(site_id=stand.site_id))
        _refuse_malformed(taps, device)
        unit.locking()
        RatingStand.objects.select_for_update().get(pk=stand.pk)  # two sendings of one queue count one after the other
        known = set(
            Tap.objects.filter(stand=stand, client_id__in=[tap.client_id for tap in taps]).values_list(
                "client_id", flat=True
            )
        )
        new = [tap for n, tap in enumerate(taps) if tap.client_id not in known and tap not in taps[:n]]
        moments = {tap.client_id: at - min(timedelta(seconds=max(0.0, tap.ago_s)), OLDEST) for tap in new}
        digests = {tap.client_id: _device(device, moments[tap.client_id]) for tap in new}
        counted = _counted(stand, set(digests.values()), since=min(moments.values(), default=at) - HOUR)
        duties = _duties(stand, moments.values(), at=at)
        n_apart = 0
        for tap in sorted(new, key=lambda one: moments[one.client_id]):
            moment, digest = moments[tap.client_id], digests[tap.client_id]
            earlier = counted.setdefault(digest, [])
            is_apart = sum(moment - HOUR < one <= moment for one in earlier) >= stand.most_per_hour
            n_apart += is_apart
            if not is_apart:
                earlier.append(moment)
            why = "too_many" if is_apart else ""
            unit.insert(
                Tap(
                    site_id=stand.site_id,
                    stand=stand,
                    client_id=tap.client_id,
                    face=tap.face,
                    reason=tap.reason,
                    device=digest,
                    tapped_at=moment,
                    duty=duties[moment],
                    quarantine=why,
                )
            )
            unit.record(
                TapLeft(
                    site_id=stand.site_id,
                    subject_id=stand.pk,
                    thread_id=stand.pk,
                    face=tap.face,
                    reason=tap.reason,
                    quarantine=why,
                ),
                happened_at=moment,
            )
        unit.answer(TapsKept(len(new), n_apart))
    return unit.answered(TapsKept)


def _duties(
    stand: RatingStand, moments: Collection[datetime], *, at: datetime
) -> dict[datetime, list[tuple[int, str, str]]]:
    """Return for each moment which teams of the stand's line were on duty, with the shift; persons are left out."""
    found: dict[datetime, set[tuple[int, str, str]]] = {moment: set() for moment in moments}
    if found and stand.line_code:
        serving = Member.objects.filter(site_id=stand.site_id, team__line_codes__contains=[stand.line_code])
        teams = {account: (team, here) for account, team, here in serving.values_list("account", "team", "is_present")}
        rows = Duty.objects.filter(account__in=teams, starts_at__lte=max(found), ends_at__gt=min(found)).exclude(
            kind="on_call"
        )
        for account, starts_at, ends_at, ended_at in rows.values_list("account", "starts_at", "ends_at", "ended_at"):
            shift = (teams[account][0], starts_at.isoformat(), ends_at.isoformat())
            for moment, on in found.items():
                if starts_at <= moment < min(ends_at, ended_at or ends_at):
                    on.add(shift)
        present = {team for team, is_here in teams.values() if is_here}
        for moment, on in found.items():
            if at - moment <= _PRESENT:
                on |= {(team, "", "") for team in present - {team for team, _from, _to in on}}
    return {moment: sorted(on) for moment, on in found.items()}


def _counted(stand: RatingStand, devices: set[str], *, since: datetime) -> dict[str, list[datetime]]:
    found: dict[str, list[datetime]] = {}
    rows = Tap.objects.filter(stand=stand, device__in=devices, quarantine="", tapped_at__gt=since)
    for device, tapped_at in rows.values_list("device", "tapped_at"):
        found.setdefault(device, []).append(tapped_at)
    return found


def _device(device: str, moment: datetime) -> str:
    """Return what is kept of a device's own mark: good for counting within a day, and for nothing after it."""
    return salted_hmac("yingxu.voice.stand", f"{moment:%Y-%m-%d}:{device}", algorithm="sha256").hexdigest()[:32]


def _refuse_malformed(taps: Sequence[NewTap], device: str) -> None:
    if not device or len(device) > 64:
        raise Malformed(field="device", problem="missing" if not device else "too_long", limit="64")
    if not taps or len(taps) > _AT_ONCE:
        raise Malformed(field="taps", problem="missing" if not taps else "too_large", limit=str(_AT_ONCE))
    for tap in taps:
        if tap.face not in (1, 2, 3):
            raise Malformed(field="face", problem="unknown")
        if tap.reason and tap.reason not in TAP_REASONS:
            raise Malformed(field="reasons", problem="unknown")
        if not tap.client_id or len(tap.client_id) > 36:
            raise Malformed(field="taps", problem="wrong_type")
