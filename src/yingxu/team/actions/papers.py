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
from yingxu.ground.refusals import Malformed, NotFound, Stale
from yingxu.ground.unit import CommandKey, Unit
from yingxu.team.events import (
    CertificateCorrected,
    CertificateEntered,
    CertificateVerified,
    CertificateWithdrawn,
    ClearancesChanged,
    GatesChanged,
    ZoneLifted,
    ZoneRestricted,
)
from yingxu.team.fitness import CLEARANCES, dates_of, known_kind, must_end
from yingxu.team.models import Certificate, Duty, Member, RestrictedZone, Team
from yingxu.team.refusals import CertificateKnown, CertificateUndated, PapersMissing
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

    Days left open are told by the kind's months where they follow from the others. A renewed paper that keeps its
    number waits beside the verified one.
    Records CertificateEntered. Refuses: NotAllowed, NotFound, Malformed, CertificateKnown. Budget: 4.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        member = member_of(unit, person_id)
        authority.require(actor, "certificate.enter", where=where_of_member(member))
        if not known_kind(kind_code):
            raise Malformed(field="certificate", problem="unknown")
        valid_to, review_due = _days(kind_code, number, issued_on, valid_to, review_due, at=at)
        held = _held(member)
        for one in held:
            if one.kind_code == kind_code and one.number == number.strip() and not _renews(one, valid_to, review_due):
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


def _days(
    kind_code: str,
    number: str,
    issued_on: date | None,
    valid_to: date | None,
    review_due: date | None,
    *,
    at: datetime,
) -> tuple[date | None, date | None]:
    """Check what was written from a paper; return its last day and its next day of review."""
    if not number.strip():
        raise Malformed(field="certificate_number", problem="missing")
    if issued_on is not None and valid_to is not None and valid_to < issued_on:
        raise Malformed(field="valid_to", problem="out_of_order", limit=issued_on.isoformat())
    if issued_on is not None and review_due is not None and review_due < issued_on:
        raise Malformed(field="review_due", problem="out_of_order", limit=issued_on.isoformat())
    return dates_of(kind_code, issued_on, valid_to, review_due, on=at.date())


def _renews(old: Certificate, valid_to: date | None, review_due: date | None) -> bool:
    """Tell whether a paper of the same number goes on after a verified one: it ends, or is to be reviewed, later."""
    if old.verified_at is None or (valid_to is None and review_due is None):
        return False
    return (valid_to or date.max, review_due or date.max) > (old.valid_to or date.max, old.review_due or date.max)


def correct_certificate(
    *,
    certificate_id: UUID,
    number: str,
    actor: Actor,
    at: datetime,
    scope: str = "",
    issued_on: date | None = None,
    valid_to: date | None = None,
    review_due: date | None = None,
    command: CommandKey | None = None,
) -> Kept:
    """What was entered of a certificate is put right, as long as nobody has verified it.

    Records CertificateCorrected. Refuses: NotAllowed, NotFound, Malformed, CertificateKnown, Stale (verified).
    Budget: 5.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        row, member = _certificate(unit, certificate_id)
        authority.require(actor, "certificate.enter", where=where_of_member(member))
        if row.verified_at is not None:
            raise Stale(kind="team.certificate")
        valid_to, review_due = _days(row.kind_code, number, issued_on, valid_to, review_due, at=at)
        held = _held(member)
        for one in held:
            if one.pk == row.pk or one.kind_code != row.kind_code or one.number != number.strip():
                continue
            if not _renews(one, valid_to, review_due):
                raise CertificateKnown(person=member.account.name, number=number.strip())
        unit.change(
            row,
            seen=["verified_at"],
            number=number.strip()[:64],
            scope=scope.strip()[:120],
            issued_on=issued_on,
            valid_to=valid_to,
            review_due=review_due,
        )
        unit.change(member, papers=papers_of([row if one.pk == row.pk else one for one in held]))
        unit.record(
            CertificateCorrected(
                site_id=row.site_id,
                subject_id=row.account_id,
                thread_id=row.account_id,
                certificate_code=row.kind_code,
                valid_to=valid_to.isoformat() if valid_to else "",
                review_due=review_due.isoformat() if review_due else "",
            )
        )
        unit.answer(Kept(row.uid))
    return unit.answered(Kept)


def verify_certificate(*, certificate_id: UUID, actor: Actor, at: datetime, command: CommandKey | None = None) -> Kept:
    """The hospital compared the certificate with the paper: it counts from now on, in place of the one it renews.

    Records CertificateVerified. Refuses: NotAllowed, OwnWork (the holder), NotFound, CertificateUndated. Budget: 5.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        row, member = _certificate(unit, certificate_id)
        authority.require(actor, "certificate.verify", where=where_of_member(member))
        authority.refuse_own_work(actor, (row.account_id,), action="certificate.verify")
        if row.valid_to is None and must_end(row.kind_code):
            raise CertificateUndated(certificate=row.kind_code)
        unit.change(row, seen=["verified_at"], verified_by_id=actor.account_id, verified_at=at)
        held = [row if one.pk == row.pk else one for one in _held(member)]
        renewed = [one for one in held if _is_same_paper(one, row) and one.verified_at is not None]
        for old in renewed:
            unit.change(old, withdrawn_at=at)
        unit.change(member, papers=papers_of([one for one in held if one not in renewed]))
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


def _is_same_paper(one: Certificate, row: Certificate) -> bool:
    return one.pk != row.pk and (one.kind_code, one.number) == (row.kind_code, row.number)


def withdraw_certificate(
    *, certificate_id: UUID, reason: str, actor: Actor, at: datetime, command: CommandKey | None = None
) -> Kept:
    """A certificate counts no more: revoked, wrong, or replaced by a newer one. The record stays.

    What nobody has verified may be withdrawn by whoever may enter it, what counts by the hospital.
    Records CertificateWithdrawn. Refuses: NotAllowed, Malformed (no reason), NotFound. Budget: 5.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        row, member = _certificate(unit, certificate_id)
        act = "certificate.enter" if row.verified_at is None else "certificate.verify"
        if not authority.may(actor, "certificate.verify", where=where_of_member(member)):
            authority.require(actor, act, where=where_of_member(member))
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
        people = Member.objects.filter(team=row).values("account_id")
        if not Duty.objects.filter(account_id__in=people, ended_at=None, ends_at__gt=at).exists():
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
