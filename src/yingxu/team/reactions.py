"""What the team does when something else becomes true."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection

from yingxu.ground.refusals import InUse
from yingxu.ground.unit import Unit
from yingxu.team.events import CertificateWithdrawn, DutyCalledOff, HandbookChanged, MemberJoined
from yingxu.team.models import Certificate, Duty, Member, Team
from yingxu.team.queries.books import holders_of_item
from yingxu.team.snapshots import duties_kept, papers_of


def mark_handbook_changed(*, site_id: int, item_id: int, item_code: str, number: int, unit: Unit) -> None:
    """The item's new edition is owed by all who have it in their book.

    No row is made for anybody: what is owed is the editions in force less the receipts. The first edition is the book's
    beginning, not a change. Records HandbookChanged. Budget: none for a first edition, else three queries.
    """
    if number <= 1:
        return
    unit.record(
        HandbookChanged(
            site_id=site_id,
            subject_id=item_id,
            thread_id=item_id,
            item_code=item_code,
            number=number,
            n_people=holders_of_item(site_id, item_id),
        )
    )


def join_by_role(*, account_id: int, site_id: int, team_id: int | None, is_new: bool, unit: Unit) -> None:
    """Whoever is given a role in a team works in it: without that nobody could send him or her.

    Somebody who works in a team already stays there. Records MemberJoined. Budget: none for a new account, else one.
    """
    if team_id is None or not site_id or (not is_new and Member.objects.filter(account_id=account_id).exists()):
        return
    unit.insert(Member(site_id=site_id, account_id=account_id, team_id=team_id, joined_at=unit.at))
    unit.record(MemberJoined(site_id=site_id, subject_id=account_id, thread_id=account_id, team_id=team_id))


def take_back_teams(*, account_ids: Sequence[int], team_ids: Sequence[int], unit: Unit) -> None:
    """The people of an upload that is taken back leave their teams, and its teams are gone. Budget: 2."""
    using = connection.alias
    if account_ids:
        Member.objects.filter(account_id__in=account_ids)._raw_delete(using)
    if team_ids:
        Team.objects.filter(pk__in=team_ids)._raw_delete(using)


def take_back_standing(*, changed: Sequence[Mapping[str, Any]], unit: Unit) -> None:
    """People stand as before an upload that is taken back: ``changed`` are {member, before, after} of each.

    Refuses: InUse when somebody was changed since. Budget: 1.
    """
    if not changed:
        return
    rows = Member.objects.select_for_update().order_by("id").in_bulk([one["member"] for one in changed])
    for one in changed:
        row = rows.get(one["member"])
        if row is None or any(getattr(row, name, None) != value for name, value in one["after"].items()):
            raise InUse(kind="team_member")
        unit.change(row, **one["before"])


def take_back_duties(*, made: Sequence[int], ended: Sequence[int], unit: Unit) -> None:
    """The duties of an upload that is taken back are off; those that they replaced stand again.

    Records DutyCalledOff for each. Refuses: InUse when one of them has begun, or was changed since. Budget: 4.
    """
    if not made:
        return
    rows = list(Duty.objects.select_for_update().filter(pk__in=made).order_by("id"))
    if any(row.ended_at is not None or row.set_at < row.starts_at <= unit.at for row in rows):
        raise InUse(kind="team_duty")
    replaced = list(Duty.objects.select_for_update().filter(pk__in=ended).order_by("id"))
    people = {row.account_id for row in (*rows, *replaced)}
    members = Member.objects.select_for_update().filter(account_id__in=people).order_by("id")
    standing: dict[int, list[Duty]] = {row.account_id: [] for row in members}
    kept = Duty.objects.filter(account_id__in=people, ended_at=None).exclude(pk__in=made)
    for one in [*kept.order_by("starts_at"), *replaced]:
        own = standing[one.account_id]
        if any(other.starts_at < one.ends_at and other.ends_at > one.starts_at for other in own):
            raise InUse(kind="team_duty")
        own.append(one)
    for row in replaced:
        unit.change(row, ended_at=None)
    for row in rows:
        unit.change(row, ended_at=unit.at)
        unit.record(
            DutyCalledOff(
                site_id=row.site_id,
                subject_id=row.account_id,
                thread_id=row.account_id,
                duty_from=row.starts_at,
                duty_to=row.ends_at,
                reason="",
            )
        )
    for member in members:
        unit.change(member, **duties_kept(standing[member.account_id], at=unit.at))


def take_back_certificates(*, keys: Sequence[int], unit: Unit) -> None:
    """Certificates of an upload that is taken back count no more; their rows stay, marked as withdrawn.

    Records CertificateWithdrawn for each. Refuses: InUse when one was verified or withdrawn since. Budget: 3.
    """
    if not keys:
        return
    rows = list(Certificate.objects.select_for_update().filter(pk__in=keys).order_by("id"))
    if any(row.verified_at is not None or row.withdrawn_at is not None for row in rows):
        raise InUse(kind="team_certificate")
    people = {row.account_id for row in rows}
    held: dict[int, list[Certificate]] = {key: [] for key in people}
    others = Certificate.objects.filter(account_id__in=people, withdrawn_at=None).exclude(pk__in=keys)
    for one in others.order_by("id"):
        held[one.account_id].append(one)
    for member in Member.objects.select_for_update().filter(account_id__in=people).order_by("id"):
        unit.change(member, papers=papers_of(held[member.account_id]))
    for row in rows:
        unit.change(row, withdrawn_at=unit.at)
        unit.record(
            CertificateWithdrawn(
                site_id=row.site_id,
                subject_id=row.account_id,
                thread_id=row.account_id,
                certificate_code=row.kind_code,
                reason="",
            )
        )
