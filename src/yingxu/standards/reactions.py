"""What the standards do when something else becomes true."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from yingxu.ground.unit import Unit
from yingxu.standards import queries
from yingxu.standards.models import Edition, Item, Term


def take_back_items(*, item_ids: Sequence[int], unit: Unit) -> None:
    """The items of an upload that is taken back are gone with their editions and terms. Budget: 3."""
    if not item_ids:
        return
    using = connection.alias
    Term.objects.filter(edition__item_id__in=item_ids)._raw_delete(using)
    Edition.objects.filter(item_id__in=item_ids)._raw_delete(using)
    Item.objects.filter(pk__in=item_ids)._raw_delete(using)
    queries.forget()
