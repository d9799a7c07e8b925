"""Doing it: jobs, steps done, pauses, transport; stores, parts and what they cost."""

from yingxu.work.models.jobs import (
    IN_HAND,
    CustodyScan,
    Job,
    Pause,
    SetAside,
    StepDone,
    TransportDelay,
    ZoneSignIn,
)

__all__ = [
    "IN_HAND",
    "CustodyScan",
    "Job",
    "Pause",
    "SetAside",
    "StepDone",
    "TransportDelay",
    "ZoneSignIn",
]
