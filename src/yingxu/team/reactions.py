"""What the team does when something else becomes true."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from yingxu.ground.unit import Unit
from yingxu.team.events import HandbookChanged
from yingxu.team.models import Member, Team
from yingxu.team.queries.books import holders_of_item


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


def take_back_teams(*, account_ids: Sequence[int], team_ids: Sequence[int], unit: Unit) -> None:
    """The people of an upload that is taken back leave their teams, and its teams are gone. Budget: 2."""
    using = connection.alias
    if account_ids:
        Member.objects.filter(account_id__in=account_ids)._raw_delete(using)
    if team_ids:
        Team.objects.filter(pk__in=team_ids)._raw_delete(using)
