"""Doing it: jobs, steps done, pauses, transport; stores, parts and what they cost."""

from yingxu.work.models.costs import Bill, CostTerm, LabourRate
from yingxu.work.models.incidents import (
    CallTry,
    EmergencyPlan,
    Incident,
    IncidentCall,
    IncidentLine,
    IncidentPlace,
    LimitPassed,
)
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
from yingxu.work.models.outside import OutsideOrder, OutsideWord
from yingxu.work.models.stores import Counted, Level, Lot, Movement, Part, Reservation, Shortage, StockTake, Store

__all__ = [
    "IN_HAND",
    "Bill",
    "CallTry",
    "CostTerm",
    "Counted",
    "CustodyScan",
    "EmergencyPlan",
    "Incident",
    "IncidentCall",
    "IncidentLine",
    "IncidentPlace",
    "Job",
    "LabourRate",
    "Level",
    "LimitPassed",
    "Lot",
    "Movement",
    "OutsideOrder",
    "OutsideWord",
    "Part",
    "Pause",
    "Reservation",
    "SetAside",
    "Shortage",
    "StepDone",
    "StockTake",
    "Store",
    "TransportDelay",
    "ZoneSignIn",
]
