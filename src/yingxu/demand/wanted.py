"""What is asked besides the words: the item's fields, the appointment, the group that it belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from yingxu.ground.refusals import Malformed
from yingxu.standards.forms import checked
from yingxu.standards.queries import Asking

#: Nobody books further ahead.
AHEAD_AT_MOST = timedelta(days=366)


@dataclass(frozen=True)
class Wanted:
    """``form``: field code -> value as given; None: the door knows no forms, so none is missing."""

    form: Mapping[str, Any] | None = None
    wanted_from: datetime | None = None
    wanted_to: datetime | None = None
    group_key: int | None = None


NOTHING = Wanted()


def columns_of(wanted: Wanted, asked: Asking, *, at: datetime) -> dict[str, Any]:
    """Return what a request keeps of it. Refuses: FormWrong (all wrong fields at once), Malformed (the appointment)."""
    if wanted is NOTHING:
        return {}
    begins, ends = wanted.wanted_from, wanted.wanted_to
    if begins is not None and not at - timedelta(hours=1) <= begins <= at + AHEAD_AT_MOST:
        raise Malformed(field="wanted_from", problem="past" if begins < at else "too_far")
    if ends is not None and (begins is None or ends <= begins):
        raise Malformed(field="wanted_to", problem="out_of_order")
    return {
        "form": {} if wanted.form is None else checked(asked.fields(), wanted.form),
        "wanted_from": begins,
        "wanted_to": ends,
        "group_key": wanted.group_key,
    }
