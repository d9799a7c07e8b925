"""The two identifiers of what is carried: how they are compared, and what is kept of them."""

from __future__ import annotations

import hashlib
import unicodedata
from uuid import UUID

#: What the identifiers are called: a patient's name and number, or a load's code and count.
NAMES = ("first", "second")


def normal(said: str) -> str:
    """Return an identifier as it is compared: width, case and blanks say nothing."""
    return "".join(unicodedata.normalize("NFKC", said).casefold().split())


def marks_of(job_id: UUID, said: tuple[str, str]) -> list[str]:
    """Return what is kept of two normal identifiers: whether they are the same can be told, what they were cannot."""
    return [
        hashlib.sha256(f"{job_id}:{name}:{one}".encode()).hexdigest() for name, one in zip(NAMES, said, strict=True)
    ]
