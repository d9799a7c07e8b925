"""From a file to rows of text: which kind of file, which encoding, which delimiter, where the header is."""

from __future__ import annotations

import csv
import gzip
import io
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from yingxu.connect.assess.workbook import workbook_rows
from yingxu.connect.refusal import BadInput

DELIMITERS = ",;\t|"
#: A header stands among the first rows; above it exports put titles and print dates.
HEADER_WITHIN = 20
MAX_FIELD = 16 * 1024 * 1024
LOOKS_LIKE_VALUE = re.compile(r"^[-+]?[\d.,:/\s年月日时分秒%-]+(?:[AaPp]\.?[Mm]\.?)?$|^\d{4}-\d\d-\d\dT")


@dataclass(frozen=True)
class Sheet:
    """One table as text. ``rows[i]`` has ``len(header)`` cells and is row ``numbers[i]`` of the file, counted from 1.

    ``overlong`` holds the numbers of the rows that have more cells than the header: their columns cannot be trusted.
    """

    header: tuple[str, ...]
    rows: list[list[str]]
    numbers: list[int]
    overlong: frozenset[int]


def read_sheet(path: Path, *, encoding: str | None = None, delimiter: str | None = None) -> Sheet:
    """Read CSV, CSV.gz or XLSX, whatever its name says. Raises BadInput."""
    try:
        blob = path.read_bytes()
    except FileNotFoundError:
        raise BadInput(f"{path}: no such file; check the path") from None
    except IsADirectoryError:
        raise BadInput(f"{path}: is a folder; name the log file in it") from None
    except OSError as failure:
        raise BadInput(f"{path}: cannot be read ({failure.strerror}); check its permissions") from None
    if blob[:2] == b"\x1f\x8b":
        try:
            blob = gzip.decompress(blob)
        except (OSError, EOFError, zlib.error):
            raise BadInput(f"{path}: the gzip data is broken or cut off; copy or download the file again") from None
    if not blob.strip():
        raise BadInput(f"{path}: the file is empty; export the log again")
    if blob[:4] == b"PK\x03\x04":
        return _framed(path, workbook_rows(path, blob))
    if blob[:4] == b"\xd0\xcf\x11\xe0":
        raise BadInput(f"{path}: an old Excel file (.xls); save it as .xlsx or CSV and try again")
    text = _decoded(path, blob, encoding)
    return _framed(path, _csv_rows(path, text, delimiter or _delimiter_of(text)))


def _decoded(path: Path, blob: bytes, encoding: str | None) -> str:
    if encoding:
        try:
            return blob.decode(encoding).removeprefix("\ufeff")
        except LookupError:
            raise BadInput(f"{path}: the map's encoding {encoding!r} is unknown; try utf-8 or gb18030") from None
        except UnicodeDecodeError as failure:
            raise BadInput(
                f"{path}: byte {failure.start} is not {encoding}; correct 'encoding' in the map or leave it out"
            ) from None
    if blob[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return blob.decode("utf-16", errors="replace")
    head = blob[:8192]
    if b"\x00" in head or sum(byte < 9 or 13 < byte < 32 for byte in head) > len(head) // 50:
        raise BadInput(f"{path}: a binary file, not a table; give CSV, CSV.gz or XLSX")
    try:
        return blob.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    return _decoded_chinese_or_western(blob)


def _decoded_chinese_or_western(blob: bytes) -> str:
    """GB18030 mostly writes pairs of high bytes; western letters with marks stand alone between ASCII."""
    runs = [len(run) for run in re.findall(rb"[\x80-\xff]+", blob[:400_000])]
    paired = sum(run for run in runs if run % 2 == 0)
    if paired * 2 >= sum(runs):
        try:
            return blob.decode("gb18030")
        except UnicodeDecodeError:
            if paired * 10 >= sum(runs) * 9:
                return blob.decode("gb18030", errors="replace")
    return blob.decode("cp1252", errors="replace")


def _delimiter_of(text: str) -> str:
    """Take the delimiter that cuts the first lines into most cells, evenly."""
    head = text[:200_000]
    lines = head.split("\n")
    sample = "\n".join(lines[:200] if len(lines) > 200 or len(head) == len(text) else lines[:-1])
    best, best_score = ",", 0.0
    for candidate in DELIMITERS:
        try:
            widths = [len(row) for row in csv.reader(io.StringIO(sample, newline=""), delimiter=candidate) if row]
        except csv.Error:
            continue
        if not widths:
            continue
        usual = median(widths)
        even = sum(width == usual for width in widths) / len(widths)
        score = (usual - 1) * even**2
        if score > best_score:
            best, best_score = candidate, score
    return best


def _csv_rows(path: Path, text: str, delimiter: str) -> list[list[str]]:
    csv.field_size_limit(MAX_FIELD)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as failure:
        raise BadInput(f"{path}: not readable as CSV ({failure}); check the quotes, or save it as XLSX") from None
    except TypeError:
        raise BadInput(
            f"{path}: the delimiter {delimiter!r} is not a single character; correct it in the map"
        ) from None


def _framed(path: Path, rows: Sequence[list[str]]) -> Sheet:
    """Find the header and cut every row to its width; rows without any content are no rows."""
    numbered = [(number, row) for number, row in enumerate(rows, start=1) if any(cell.strip() for cell in row)]
    if not numbered:
        raise BadInput(f"{path}: the file has no rows; export the log again")
    at = _header_at(path, [row for _, row in numbered[:HEADER_WITHIN]])
    header = _unique(numbered[at][1])
    width = len(header)
    body, numbers, overlong = [], [], []
    for number, row in numbered[at + 1 :]:
        if len(row) > width:
            if any(cell.strip() for cell in row[width:]):
                overlong.append(number)
            row = row[:width]
        elif len(row) < width:
            row = row + [""] * (width - len(row))
        body.append(row)
        numbers.append(number)
    if not body:
        raise BadInput(f"{path}: a header but no rows below it; export the log again")
    return Sheet(tuple(header), body, numbers, frozenset(overlong))


def _header_at(path: Path, head: list[list[str]]) -> int:
    """The first row that is nearly as wide as the table and names things instead of stating values."""
    filled = [sum(bool(cell.strip()) for cell in row) for row in head]
    usual = max(filled)
    if usual < 2:
        raise BadInput(
            f"{path}: only one column found; save it as CSV with a header row, or set 'delimiter' in the map"
        )
    for at, row in enumerate(head):
        cells = [cell.strip() for cell in row if cell.strip()]
        if len(cells) < max(2, 0.6 * usual):
            continue
        if any(LOOKS_LIKE_VALUE.match(cell) for cell in cells) and sum(
            bool(LOOKS_LIKE_VALUE.match(cell)) for cell in cells
        ) > max(0, len(cells) // 10):
            break
        return at
    raise BadInput(f"{path}: no header row found; put the column names into the first row")


def _unique(cells: list[str]) -> list[str]:
    """Name every column once: a repeated name gets its count, an empty one its position."""
    while cells and not cells[-1].strip():
        cells = cells[:-1]
    seen: dict[str, int] = {}
    names = []
    for position, cell in enumerate(cells, start=1):
        name = " ".join(cell.split()) or f"column {position}"
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return names
