"""A picture alone: what camera and telephone wrote into a photo is taken out (place, hour, device, owner's name).

Only whole parts of the file are left out; the picture itself is not touched. The one thing that is kept is which way up
it is. Formats: JPEG (ITU-T T.81, annex B: marker segments; Exif 2.32 §4.5.4: the orientation tag 0x0112), PNG (ISO/IEC
15948, chunks), WebP (RFC 9649, RIFF chunks). What the sensor leaves in the picture itself is not taken out.
"""

from __future__ import annotations

import struct

from yingxu.ground.files import media_type_of
from yingxu.ground.refusals import Malformed

#: A photo that the page made small has some 300 kB; one straight from a camera is asked to be smaller.
PHOTO_LIMIT_BYTES = 6 * 1024 * 1024
_MEGABYTE = 1024 * 1024
#: Chunks of a PNG by which it is drawn; all others (tEXt, eXIf, tIME, …) say something about it.
_DRAWN = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB"})
#: Chunks of a WebP that say something about it, and their bits in VP8X's flags (RFC 9649, 2.7.1).
_TOLD = frozenset({b"EXIF", b"XMP ", b"ICCP"})
_TOLD_FLAGS = 0b00101100


def bare_photo(content: bytes) -> tuple[bytes, str]:
    """Return the picture without what was written beside it, and its media type.

    Refuses: Malformed (missing, too_large, wrong_type: no JPEG, PNG or WebP, or one that breaks off).
    """
    if not content:
        raise Malformed(field="photo", problem="missing")
    if len(content) > PHOTO_LIMIT_BYTES:
        raise Malformed(field="photo", problem="too_large", limit=f"{PHOTO_LIMIT_BYTES // _MEGABYTE} MB")
    media_type = media_type_of(content)
    bare = {"image/jpeg": _jpeg, "image/png": _png, "image/webp": _webp}.get(media_type)
    if bare is None:
        raise Malformed(field="photo", problem="wrong_type")
    try:
        return bare(content), media_type
    except (IndexError, struct.error):
        raise Malformed(field="photo", problem="wrong_type") from None


def _jpeg(content: bytes) -> bytes:
    """Keep the segments by which it is drawn, up to the end of the image; what stands behind it is another file."""
    kept, turned, at = [b"\xff\xd8"], b"", 2
    while True:
        if content[at] != 0xFF:
            raise IndexError
        marker = content[at + 1]
        if marker == 0xFF:  # a fill byte
            at += 1
            continue
        if marker == 0xD9:
            break
        (length,) = struct.unpack_from(">H", content, at + 2)
        part = content[at : at + 2 + length]
        if length < 2 or len(part) < 2 + length:
            raise IndexError
        at += 2 + length
        if marker == 0xE1 and part[4:10] == b"Exif\x00\x00":
            turned = turned or _turned(part[10:])
        if marker == 0xDA:
            end = _end_of_scan(content, at)
            kept.append(part + content[at:end])
            at = end
        elif not (0xE0 <= marker <= 0xEF or marker == 0xFE) or (marker == 0xEE and part[4:9] == b"Adobe"):
            kept.append(part)
    return b"".join([kept[0], turned, *kept[1:], b"\xff\xd9"])


def _end_of_scan(content: bytes, at: int) -> int:
    """Return where the coded picture ends: at a marker that is neither a stuffed byte nor a restart."""
    while True:
        at = content.find(b"\xff", at)
        if at < 0:
            raise IndexError
        after = content[at + 1]
        if after != 0 and not 0xD0 <= after <= 0xD7 and after != 0xFF:
            return at
        at += 1 if after == 0xFF else 2


def _turned(tiff: bytes) -> bytes:
    """Return a segment that says which way up it is and nothing else; empty when it stands upright or is not said."""
    try:
        order = {b"II": "<", b"MM": ">"}[tiff[:2]]
        (first,) = struct.unpack_from(f"{order}I", tiff, 4)
        (n,) = struct.unpack_from(f"{order}H", tiff, first)
        for entry in range(first + 2, first + 2 + 12 * n, 12):
            tag, _kind, _count, value = struct.unpack_from(f"{order}HHIH", tiff, entry)
            if tag == 0x0112 and 2 <= value <= 8:
                body = b"Exif\x00\x00MM\x00*" + struct.pack(">IHHHIHHI", 8, 1, 0x0112, 3, 1, value, 0, 0)
                return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body
    except (KeyError, struct.error):
        pass
    return b""


def _png(content: bytes) -> bytes:
    kept, at, name = [content[:8]], 8, b""
    while name != b"IEND":
        (length,) = struct.unpack_from(">I", content, at)
        name, part = content[at + 4 : at + 8], content[at : at + 12 + length]
        if len(part) < 12 + length:
            raise IndexError
        if name in _DRAWN:
            kept.append(part)
        at += 12 + length
    return b"".join(kept)


def _webp(content: bytes) -> bytes:
    (size,) = struct.unpack_from("<I", content, 4)
    end = min(8 + size, len(content))
    kept, at = [], 12
    while at + 8 <= end:
        (length,) = struct.unpack_from("<I", content, at + 4)
        name, part = content[at : at + 4], content[at : at + 8 + length + length % 2]
        if len(part) < 8 + length:
            raise IndexError
        if name == b"VP8X":
            part = part[:8] + bytes([part[8] & ~_TOLD_FLAGS]) + part[9:]
        if name not in _TOLD:
            kept.append(part)
        at += len(part)
    if not kept:
        raise IndexError
    body = b"WEBP" + b"".join(kept)
    return b"RIFF" + struct.pack("<I", len(body)) + body
