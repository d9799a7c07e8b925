"""Refusals of the room ``work``."""

from yingxu.work.refusals.jobs import (
    AcceptanceOver,
    AlreadyScanned,
    AlreadySettled,
    CertificateNeeded,
    EvidenceMissing,
    IdentifiersDiffer,
    IllegalMove,
    MissingPart,
    NoOpenPause,
    NoStandard,
    NotOffered,
    NotTaken,
    ReasonNotForThis,
    StepValueRefused,
    UnknownStep,
    WrongPlace,
)

__all__ = [
    "AcceptanceOver",
    "AlreadyScanned",
    "AlreadySettled",
    "CertificateNeeded",
    "EvidenceMissing",
    "IdentifiersDiffer",
    "IllegalMove",
    "MissingPart",
    "NoOpenPause",
    "NoStandard",
    "NotOffered",
    "NotTaken",
    "ReasonNotForThis",
    "StepValueRefused",
    "UnknownStep",
    "WrongPlace",
]
