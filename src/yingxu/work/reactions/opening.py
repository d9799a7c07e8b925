"""What becomes of stock when the table that brought it is taken back."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from yingxu.ground.refusals import InUse
from yingxu.ground.unit import Unit
from yingxu.work.models import Level, Lot, Movement, Part


def take_back_stock(
    *, lots: Sequence[int], minimums: Sequence[Sequence[Any]], parts: Sequence[int], unit: Unit
) -> None:
    """What lots brought is moved out again, minimum levels are what they were, new parts are in use no more.

    Nothing of the book is deleted: a movement says that the lot was taken back. Refuses: InUse when something of a lot
    was used, is kept for a job, or a minimum was set anew since. Budget: 5.
    """
    if not (lots or minimums or parts):
        return
    rows = list(Lot.objects.filter(pk__in=list(lots)).order_by("id"))
    keys = sorted({row.level_id for row in rows} | {int(key) for key, _before, _after in minimums})
    levels = {row.pk: row for row in Level.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("id")}
    for lot in rows:
        level = levels[lot.level_id]
        if lot.left != lot.quantity or level.on_hand - lot.quantity < level.reserved:
            raise InUse(kind="work_lot")
        unit.insert(
            Movement(
                kind="counted",
                level=level,
                lot=lot,
                quantity=-lot.quantity,
                account_id=unit.actor.account_id,
                note="taken back",
                moved_at=unit.at,
            )
        )
        unit.change(level, on_hand=level.on_hand - lot.quantity)
        unit.change(lot, seen=["left"], left=Decimal(0))
    for key, before, after in minimums:
        level = levels[int(key)]
        if level.minimum != Decimal(after):
            raise InUse(kind="work_level")
        unit.change(level, minimum=Decimal(before))
    others = Level.objects.filter(part__in=list(parts), on_hand__gt=0).exclude(pk__in=keys)
    if others.exists() or any(level.part_id in parts and level.on_hand > 0 for level in levels.values()):
        raise InUse(kind="work_level")
    for part in Part.objects.filter(pk__in=list(parts)).order_by("id"):
        unit.change(part, is_active=False)
