"""In which zone a worker is: said by scanning its label, also without signal."""

from __future__ import annotations

from datetime import datetime

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.refusals import Malformed, NotFound
from yingxu.ground.unit import CommandKey, Unit
from yingxu.team.models import Member
from yingxu.work.actions.transport import Scanned
from yingxu.work.ends import scanned_place
from yingxu.work.events import ZoneSignedIn
from yingxu.work.models import ZoneSignIn


def sign_in_zone(
    *,
    place_code: str,
    actor: Actor,
    at: datetime,
    happened_at: datetime | None = None,
    command: CommandKey | None = None,
) -> Scanned:
    """The worker is in this zone from that moment on, and no longer in another.

    What is reported late and was followed by another zone is kept with its end: it never puts the worker back. Records
    ZoneSignedIn. Refuses: NotAllowed (works nowhere), NotFound (place), Malformed (no code, in the future). Budget: 6.
    """
    with Unit(actor=actor, at=at, command=command, happened_at=happened_at) as unit:
        member = Member.objects.filter(account_id=actor.account_id or 0).first()
        site_id = member.site_id if member else None
        authority.require(
            actor,
            "presence.change",
            where=authority.Where(
                site_id, owner_ids=(actor.account_id or 0,), team_ids=(member.team_id,) if member else ()
            ),
        )
        if member is None or actor.account_id is None:
            raise NotFound(kind="member", name=actor.name)
        place, _ = scanned_place(member.site_id, place_code)
        if place is None:
            raise Malformed(field="place", problem="missing")
        moment = unit.happened_at
        if moment > at:
            raise Malformed(field="happened_at", problem="in_future")
        unit.locking()
        own = ZoneSignIn.objects.filter(account_id=actor.account_id).select_for_update()
        before = own.filter(signed_at__lte=moment).order_by("-signed_at", "-id").first()
        after = own.filter(signed_at__gt=moment).order_by("signed_at", "id").first()
        if before is not None and (before.left_at is None or before.left_at > moment):
            before.left_at = moment
            before.save(update_fields=["left_at"])
        unit.insert(
            ZoneSignIn(
                site_id=member.site_id,
                account_id=actor.account_id,
                place_id=place.pk,
                place_path=place.path,
                signed_at=moment,
                left_at=after.signed_at if after is not None else None,
            )
        )
        unit.record(
            ZoneSignedIn(
                site_id=member.site_id,
                subject_id=actor.account_id,
                thread_id=actor.account_id,
                worker_id=actor.account_id,
                place_id=place.pk,
            )
        )
        unit.answer(Scanned(place.full_name, "zone", moment))
    return unit.answered(Scanned)
