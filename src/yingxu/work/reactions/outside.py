"""What becomes of an outside company's link when its job ends or somebody else here takes it."""

from __future__ import annotations

from yingxu.ground.unit import Unit
from yingxu.work.models import OutsideOrder
from yingxu.work.outside import end
from yingxu.work.snapshots import job_by_key


def end_outside(*, job_key: int, why: str, unit: Unit) -> None:
    """The live order of the job, if it has one, is over and its link dead. Records OutsideEnded.

    Budget: none for a job that is with nobody outside, else one.
    """
    job = job_by_key(unit, job_key)
    if job.outside_key is None:
        return
    order = unit.fresh(OutsideOrder, job.outside_key) or OutsideOrder.objects.get(pk=job.outside_key)
    end(unit, order, job, why=why)
