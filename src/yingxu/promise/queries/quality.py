"""Questions about quality promises: what is promised, and by which sampling rule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from yingxu.promise.models import HAND_OVER as HAND_OVER
from yingxu.promise.models import QualityPromise


@dataclass(frozen=True)
class QualityTerms:
    """One quality promise as it was said, from a date on."""

    id: UUID
    code: str
    name: str
    name_en: str
    line_code: str
    item_code: str
    measure: str
    at_least: int | None
    step_code: str
    low: float | None
    high: float | None
    target: float
    stratum_key: str
    sample_share: float
    shares: dict[str, float]
    n_least: int
    from_on: date
    to_on: date | None

    def share_of(self, stratum: str) -> float:
        """Return the chance of a job of a stratum to be drawn."""
        return float(self.shares.get(stratum, self.sample_share))


def quality_promises(
    site_id: int, *, from_on: date, to_on: date, line_code: str | None = None
) -> tuple[QualityTerms, ...]:
    """Return the quality promises that hold on some day of [from_on, to_on), by line. Budget: one query."""
    rows = QualityPromise.objects.filter(Q(to_on=None) | Q(to_on__gt=from_on), site_id=site_id, from_on__lt=to_on)
    if line_code is not None:
        rows = rows.filter(line_code=line_code)
    found = []
    for row in rows.order_by("line_code", "code", "from_on"):
        values = {name: getattr(row, {"id": "uid"}.get(name, name)) for name in QualityTerms.__dataclass_fields__}
        values |= {"target": float(row.target), "sample_share": float(row.sample_share)}
        values |= {name: None if values[name] is None else float(values[name]) for name in ("low", "high")}
        found.append(QualityTerms(**values))
    return tuple(found)
