"""Contents of files: stored once under their digest, on the disk before anybody is told that they are kept."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from yingxu.ground.refusals import Malformed, NotFound

#: A photo shrunk on the phone has a few hundred kB; one straight from the camera fits too.
LIMIT_BYTES = 8 * 1024 * 1024
_MEGABYTE = 1024 * 1024

#: (offset, bytes, media type) by which a content is known, whatever its sender calls it.
_SIGNS = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (8, b"WEBP", "image/webp"),
    (4, b"ftypheic", "image/heic"),
    (4, b"ftypheix", "image/heic"),
    (4, b"ftypmif1", "image/heic"),
)
#: A minute of speech as phones record it has some 500 kB.
VOICE_LIMIT_BYTES = 3 * 1024 * 1024
#: Voice notes by their first bytes: Matroska (WebM), Ogg, and MP4 of Apple's phones.
_VOICE_SIGNS = (
    (0, b"\x1aE\xdf\xa3", "audio/webm"),
    (0, b"OggS", "audio/ogg"),
    (4, b"ftypiso", "audio/mp4"),
    (4, b"ftypmp4", "audio/mp4"),
    (4, b"ftypM4A", "audio/mp4"),
)
#: Types that are played.
HEARD_TYPES = frozenset({"audio/webm", "audio/ogg", "audio/mp4"})
#: Types that browsers show; the others are handed out as a download.
SHOWN_TYPES = frozenset({"image/jpeg", "image/png", "image/webp"})


@dataclass(frozen=True)
class Content:
    """A stored content."""

    sha256: str
    n_bytes: int
    media_type: str


def media_type_of(content: bytes) -> str:
    """Return the type that the content itself shows; empty when it is not a picture."""
    for offset, sign, media_type in _SIGNS:
        if content[offset : offset + len(sign)] == sign:
            return media_type
    return ""


def store_photo(content: bytes) -> Content:
    """Keep a photo as it is (its own data, EXIF too, untouched); the same content is kept once.

    It is on the disk, and its name too, when this returns. Refuses: Malformed (missing, too_large, wrong_type).
    """
    if not content:
        raise Malformed(field="photo", problem="missing")
    if len(content) > LIMIT_BYTES:
        raise Malformed(field="photo", problem="too_large", limit=f"{LIMIT_BYTES // _MEGABYTE} MB")
    media_type = media_type_of(content)
    if not media_type:
        raise Malformed(field="photo", problem="wrong_type")
    digest = hashlib.sha256(content).hexdigest()
    path = path_of(digest)
    if not path.exists():
        _write(path, content)
    return Content(digest, len(content), media_type)


def voice_type_of(content: bytes) -> str:
    """Return the type of a voice note as its content shows it; empty when it is none."""
    for offset, sign, media_type in _VOICE_SIGNS:
        if content[offset : offset + len(sign)] == sign:
            return media_type
    return ""


def store_voice(content: bytes) -> Content:
    """Keep a voice note as it is. Refuses: Malformed (missing, too_large, wrong_type)."""
    if not content:
        raise Malformed(field="voice", problem="missing")
    if len(content) > VOICE_LIMIT_BYTES:
        raise Malformed(field="voice", problem="too_large", limit=f"{VOICE_LIMIT_BYTES // _MEGABYTE} MB")
    media_type = voice_type_of(content)
    if not media_type:
        raise Malformed(field="voice", problem="wrong_type")
    digest = hashlib.sha256(content).hexdigest()
    path = path_of(digest)
    if not path.exists():
        _write(path, content)
    return Content(digest, len(content), media_type)


def keep_picture(content: bytes) -> Content:
    """Keep a made-up picture (the demo's), which may be made again: without waiting for the disk."""
    digest = hashlib.sha256(content).hexdigest()
    path = path_of(digest)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return Content(digest, len(content), media_type_of(content))


def path_of(sha256: str) -> Path:
    """Return where a content is kept."""
    return Path(settings.FILES_ROOT) / sha256[:2] / sha256[2:4] / sha256


def open_content(sha256: str) -> Path:
    """Return the path of a stored content; refuses: NotFound."""
    path = path_of(sha256)
    if not path.is_file():
        raise NotFound(kind="file", name=sha256)
    return path


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
    for folder in (path.parent, path.parent.parent, path.parent.parent.parent):
        with _folder(folder) as number:
            os.fsync(number)


@contextmanager
def _folder(path: Path) -> Iterator[int]:
    number = os.open(path, os.O_RDONLY)
    try:
        yield number
    finally:
        os.close(number)


def keep_upload(content: bytes) -> str:
    """Keep an uploaded table between its preview and its carrying out; returns its digest."""
    digest = hashlib.sha256(content).hexdigest()
    path = path_of(digest)
    if not path.exists():
        _write(path, content)
    return digest
