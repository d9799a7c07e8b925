"""What the team does when something else becomes true."""

from __future__ import annotations

from yingxu.ground.unit import Unit
from yingxu.team.events import HandbookChanged
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
