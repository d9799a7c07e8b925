"""Photos and voice notes that come in parts from a phone with a bad signal: what is here stays, the rest follows."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from django.conf import settings

from yingxu.ground.files import LIMIT_BYTES, path_of, store_photo, store_voice, voice_type_of
from yingxu.ground.refusals import Malformed, Refusal

_DIGEST = re.compile(r"[0-9a-f]{64}")
_MEGABYTE = 1024 * 1024


@dataclass(unsafe_hash=True)
class PartOutOfPlace(Refusal):
    """The part does not begin where the last one ended; ``expected`` says where to go on."""

    code: ClassVar[str] = "part_out_of_place"
    expected: int = 0


@dataclass(frozen=True)
class Received:
    """How much of a content is here; ``is_kept``: all of it, checked against its digest."""

    n_bytes: int
    is_kept: bool


def received(account_id: int, sha256: str) -> Received:
    """Return how much of this content is here. Refuses: Malformed (not a digest)."""
    _check(sha256)
    path = path_of(sha256)
    if path.is_file():
        return Received(path.stat().st_size, is_kept=True)
    draft = _draft(account_id, sha256)
    return Received(draft.stat().st_size if draft.is_file() else 0, is_kept=False)


def take_part(account_id: int, sha256: str, *, start: int, size: int, content: bytes) -> Received:
    """Keep the next part; with the last one the whole is checked and kept, or thrown away when it is not what it says.

    Refuses: Malformed (digest, size, type), PartOutOfPlace.
    """
    known = received(account_id, sha256)
    if known.is_kept:
        return known
    if not 0 < size <= LIMIT_BYTES:
        problem = "too_large" if size > 0 else "missing"
        raise Malformed(field="photo", problem=problem, limit=f"{LIMIT_BYTES // _MEGABYTE} MB")
    if start != known.n_bytes:
        raise PartOutOfPlace(expected=known.n_bytes)
    draft = _draft(account_id, sha256)
    draft.parent.mkdir(parents=True, exist_ok=True)
    if start + len(content) > size:
        draft.unlink(missing_ok=True)
        raise Malformed(field="photo", problem="wrong_type")
    with draft.open("ab") as file:
        file.write(content)
    if start + len(content) < size:
        return Received(start + len(content), is_kept=False)
    whole = draft.read_bytes()
    draft.unlink(missing_ok=True)
    if hashlib.sha256(whole).hexdigest() != sha256:
        raise Malformed(field="photo", problem="wrong_type")
    if voice_type_of(whole):
        store_voice(whole)
    else:
        store_photo(whole)
    return Received(size, is_kept=True)


def _check(sha256: str) -> None:
    if _DIGEST.fullmatch(sha256) is None:
        raise Malformed(field="photo", problem="wrong_type")


def _draft(account_id: int, sha256: str) -> Path:
    return Path(settings.FILES_ROOT) / "incoming" / f"{account_id}-{sha256}"
