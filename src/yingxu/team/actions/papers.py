"""Verbs on what makes somebody fit to be sent: certificates, clearances, zones, and when they decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.models import Place
from yingxu.ground.refusals import Malformed, NotFound
from yingxu.ground.unit import CommandKey, Unit
from yingxu.team.events import (
    CertificateEntered,
    CertificateVerified,
    CertificateWithdrawn,
    ClearancesChanged,
    GatesChanged,
    ZoneLifted,
    ZoneRestricted,
)
from yingxu.team.fitness import CLEARANCES, known_kind
from yingxu.team.models import Certificate, Member, RestrictedZone, Team
from yingxu.team.refusals import CertificateKnown, PapersMissing
from yingxu.team.snapshots import papers_of


@dataclass(frozen=True)
class Kept:
    """The public id of what was kept."""

    id: UUID


def where_of_member(member: Member) -> Where:
    """Return where a member stands, for the authority."""
    return Where(
        member.site_id,
        team_ids=(member.team_id,),
        owner_ids=(member.account_id,),
        party_ids=(member.team.party_id,),
    )


def member_of(unit: Unit, person_id: UUID) -> Member:
    """Return a member by the person's public id, locked until the unit ends; refuses: NotFound. One query."""
    unit.locking()
    rows = Member.objects.select_related("team", "account").select_for_update(of=("self",))
    found = rows.filter(account__uid=person_id).first()
    if found is None:
        raise NotFound(kind="member", name=str(person_id))
    return found


def enter_certificate(
    *,
    person_id: UUID,
    kind_code: str,
    number: str,
    actor: Actor,
    at: datetime,
    scope: str = "",
    issued_on: date | None = None,
    valid_to: date | None = None,
    review_due: date | None = None,
    command: CommandKey | None = None,
) -> Kept:
    """A person's certificate is on record; it counts once somebody else has verified it.

    Records CertificateEntered. Refuses: NotAllowed, NotFound, Malformed, CertificateKnown. Budget: 4.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        member = member_of(unit, person_id)
        authority.require(actor, "certificate.enter", where=where_of_member(member))
        if not known_kind(kind_code):
            raise Malformed(field="certificate", problem="unknown")
        if not number.strip():
            raise Malformed(field="certificate_number", problem="missing")
        if issued_on is not None and valid_to is not None and valid_to < issued_on:
            raise Malformed(field="valid_to", problem="out_of_order", limit=issued_on.isoformat())
        held = _held(member)
        if any(one.kind_code == kind_code and one.number == number.strip() for one in held):
            raise CertificateKnown(person=member.account.name, number=number.strip())
        row = unit.insert(
            Certificate(
                site_id=member.site_id,
                account_id=member.account_id,
                kind_code=kind_code,
                number=number.strip()[:64],
                scope=scope.strip()[:120],
                issued_on=issued_on,
                valid_to=valid_to,
                review_due=review_due,
                entered_by_id=actor.account_id,
                entered_at=at,
            )
        )
        unit.change(member, papers=papers_of([*held, row]))
        unit.record(
            CertificateEntered(
                site_id=member.site_id,
                subject_id=member.account_id,
                thread_id=member.account_id,
                certificate_code=kind_code,
                valid_to=valid_to.isoformat() if valid_to else "",
                review_due=review_due.isoformat() if review_due else "",
            )
        )
        unit.answer(Kept(row.uid))
    return unit.answered(Kept)


def verify_certificate(*, certificate_id: UUID, actor: Actor, at: datetime, command: CommandKey | None = None) -> Kept:
    """The hospital compared the certificate with the paper: it counts from now on.

    Records CertificateVerified. Refuses: NotAllowed, OwnWork (the holder), NotFound. Budget: 5.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        row, member = _certificate(unit, certificate_id)
        authority.require(actor, "certificate.verify", where=where_of_member(member))
        authority.refuse_own_work(actor, (row.account_id,), action="certificate.verify")
        unit.change(row, seen=["verified_at"], verified_by_id=actor.account_id, verified_at=at)
        unit.change(member, papers=papers_of([row if one.pk == row.pk else one for one in _held(member)]))
        unit.record(
            CertificateVerified(
                site_id=row.site_id,
                subject_id=row.account_id,
                thread_id=row.account_id,
                certificate_code=row.kind_code,
            )
        )
        unit.answer(Kept(row.uid))
    return unit.answered(Kept)


def withdraw_certificate(
    *, certificate_id: UUID, reason: str, actor: Actor, at: datetime, command: CommandKey | None = None
) -> Kept:
    """A certificate counts no more: revoked, wrong, or replaced by a newer one. The record stays.

    Records CertificateWithdrawn. Refuses: NotAllowed, Malformed (no reason), NotFound. Budget: 5.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        row, member = _certificate(unit, certificate_id)
        authority.require(actor, "certificate.verify", where=where_of_member(member))
        if not reason.strip():
            raise Malformed(field="reason", problem="missing")
        unit.change(row, seen=["withdrawn_at"], withdrawn_at=at)
        unit.change(member, papers=papers_of([one for one in _held(member) if one.pk != row.pk]))
        unit.record(
            CertificateWithdrawn(
                site_id=row.site_id,
                subject_id=row.account_id,
                thread_id=row.account_id,
                certificate_code=row.kind_code,
                reason=reason.strip()[:200],
            )
        )
        unit.answer(Kept(row.uid))
    return unit.answered(Kept)


def _certificate(unit: Unit, certificate_id: UUID) -> tuple[Certificate, Member]:
    row = Certificate.objects.select_related("account").filter(uid=certificate_id, withdrawn_at=None).first()
    if row is None:
        raise NotFound(kind="certificate", name=str(certificate_id))
    return row, member_of(unit, row.account.uid)


def _held(member: Member) -> list[Certificate]:
    return list(Certificate.objects.filter(account_id=member.account_id, withdrawn_at=None).order_by("id"))


def change_clearances(
    *, person_id: UUID, clearances: Sequence[str], actor: Actor, at: datetime, command: CommandKey | None = None
) -> Kept:
    """Which restricted zones a person may enter, as the hospital decides.

    Records ClearancesChanged. Refuses: NotAllowed, NotFound, Malformed. Budget: 3.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        member = member_of(unit, person_id)
        authority.require(actor, "zone.manage", where=where_of_member(member))
        if not set(clearances) <= set(CLEARANCES):
            raise Malformed(field="clearance", problem="unknown")
        chosen = [code for code in CLEARANCES if code in clearances]
        unit.change(member, clearances=chosen)
        unit.record(
            ClearancesChanged(
                site_id=member.site_id,
                subject_id=member.account_id,
                thread_id=member.account_id,
                clearances=tuple(chosen),
            )
        )
        unit.answer(Kept(member.uid))
    return unit.answered(Kept)


def restrict_zone(
    *, site_id: int, place_code: str, clearance: str, actor: Actor, at: datetime, command: CommandKey | None = None
) -> Kept:
    """Only people with the clearance are sent to the place and what lies in it.

    Records ZoneRestricted. Refuses: NotAllowed, NotFound (place), Malformed. Budget: 2.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        authority.require(actor, "zone.manage", where=Where(site_id))
        if clearance not in CLEARANCES:
            raise Malformed(field="clearance", problem="unknown")
        place = Place.objects.filter(site_id=site_id, code=place_code.strip(), is_active=True).first()
        if place is None:
            raise NotFound(kind="place", name=place_code)
        row = unit.insert(
            RestrictedZone(site_id=site_id, place_id=place.pk, path=place.path, clearance=clearance, made_at=at)
        )
        unit.record(ZoneRestricted(site_id=site_id, subject_id=place.pk, thread_id=place.pk, clearance=clearance))
        unit.answer(Kept(row.uid))
    return unit.answered(Kept)


def lift_zone(*, zone_id: UUID, actor: Actor, at: datetime, command: CommandKey | None = None) -> Kept:
    """Everybody may be sent there again. Records ZoneLifted. Refuses: NotAllowed, NotFound. Budget: 2."""
    with Unit(actor=actor, at=at, command=command) as unit:
        row = RestrictedZone.objects.filter(uid=zone_id, lifted_at=None).first()
        authority.require(actor, "zone.manage", where=Where(row.site_id if row else None))
        if row is None:
            raise NotFound(kind="zone", name=str(zone_id))
        unit.change(row, seen=["lifted_at"], lifted_at=at)
        unit.record(
            ZoneLifted(site_id=row.site_id, subject_id=row.place_id, thread_id=row.place_id, clearance=row.clearance)
        )
        unit.answer(Kept(row.uid))
    return unit.answered(Kept)


def start_gates(*, team_id: UUID, actor: Actor, at: datetime, command: CommandKey | None = None) -> Kept:
    """From now on certificates, clearances and duty hours decide who of the team may be sent.

    Records GatesChanged. Refuses: NotAllowed, NotFound, PapersMissing (nobody of the team has a duty). Budget: 4.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        row = _team(unit, team_id)
        if not Member.objects.filter(team=row, duty_to__gt=at).exists():
            raise PapersMissing(team=row.name)
        unit.change(row, gates_from=at)
        unit.record(GatesChanged(site_id=row.site_id, subject_id=row.pk, thread_id=row.pk, is_gated=True, reason=""))
        unit.answer(Kept(row.uid))
    return unit.answered(Kept)


def stop_gates(*, team_id: UUID, reason: str, actor: Actor, at: datetime, command: CommandKey | None = None) -> Kept:
    """Papers no longer decide who of the team may be sent; the reason is kept.

    Records GatesChanged. Refuses: NotAllowed, NotFound, Malformed (no reason). Budget: 3.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        row = _team(unit, team_id)
        if not reason.strip():
            raise Malformed(field="reason", problem="missing")
        unit.change(row, gates_from=None)
        unit.record(
            GatesChanged(
                site_id=row.site_id, subject_id=row.pk, thread_id=row.pk, is_gated=False, reason=reason.strip()[:200]
            )
        )
        unit.answer(Kept(row.uid))
    return unit.answered(Kept)


def _team(unit: Unit, team_id: UUID) -> Team:
    row = Team.objects.filter(uid=team_id).first()
    authority.require(unit.actor, "zone.manage", where=Where(row.site_id if row else None))
    if row is None:
        raise NotFound(kind="team", name=str(team_id))
    return row
