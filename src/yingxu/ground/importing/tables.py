"""From an uploaded file to rows of text: XLSX or CSV, UTF-8, UTF-16 or GBK, whatever its name says."""

from __future__ import annotations

import csv
import datetime as dt
import io
import warnings
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

#: A hospital of 2,000 beds has some 8,000 places.
ROWS_AT_MOST = 20_000
#: A workbook is unpacked in memory: what it claims to unpack to is bounded before.
UNPACKED_AT_MOST = 200 * 1024 * 1024
#: Above the header, exports put titles.
HEADER_WITHIN = 10


class Unreadable(Exception):
    """The file is no table; ``code``: empty, old_excel, protected, not_a_table, too_long, no_header."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Table:
    """A table as text: (number in the file, column code -> text); ``unknown``: columns that are not read."""

    rows: tuple[tuple[int, dict[str, str]], ...]
    columns: tuple[str, ...]
    unknown: tuple[str, ...]


def read_table(content: bytes, names: dict[str, str]) -> Table:
    """Return the table in a file; ``names``: a column's name as people write it (lower case) -> its code."""
    lines = _lines(content)
    at, found = _header(lines, names)
    used = [code for code in found if code]
    unknown = tuple(cell.strip() for cell, code in zip(lines[at][1], found, strict=False) if cell.strip() and not code)
    rows = []
    for number, cells in lines[at + 1 :]:
        if any(cell.strip() for cell in cells):
            rows.append((number, {code: cell.strip() for code, cell in zip(found, cells, strict=False) if code}))
        if len(rows) > ROWS_AT_MOST:
            raise Unreadable("too_long")
    if not rows:
        raise Unreadable("empty")
    return Table(tuple(rows), tuple(used), unknown)


def _header(lines: list[tuple[int, list[str]]], names: dict[str, str]) -> tuple[int, list[str]]:
    """Return where the header is, and the code of each of its columns; the first of two equal ones counts."""
    best, chosen = -1, 0
    for at, (_, cells) in enumerate(lines[:HEADER_WITHIN]):
        n = sum(_plain(cell) in names for cell in cells)
        if n > chosen:
            best, chosen = at, n
    if best < 0:
        raise Unreadable("no_header" if lines else "empty")
    found: list[str] = []
    for cell in lines[best][1]:
        code = names.get(_plain(cell), "")
        found.append("" if code in found else code)
    return best, found


def _plain(name: str) -> str:
    """Return a column's name without marks of duty, remarks in brackets and blanks."""
    for bracket in "(（[【":
        name = name.partition(bracket)[0]
    return name.strip().strip("*＊").strip().lower()


def _lines(content: bytes) -> list[tuple[int, list[str]]]:
    if not content.strip():
        raise Unreadable("empty")
    if content[:4] == b"PK\x03\x04":
        return list(_workbook(content))
    if content[:4] == b"\xd0\xcf\x11\xe0":
        raise Unreadable("old_excel")
    text = _decoded(content)
    head = text[:20_000].split("\n")[:HEADER_WITHIN]
    delimiter = max(",\t;", key=lambda mark: sum(line.count(mark) for line in head))
    try:
        return [
            (number, row)
            for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), start=1)
            if any(cell.strip() for cell in row)
        ]
    except csv.Error as why:
        raise Unreadable("not_a_table") from why


def _decoded(content: bytes) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", errors="replace")
    if b"\x00" in content[:8192]:
        raise Unreadable("not_a_table")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("not_a_table")


def _workbook(content: bytes) -> Iterable[tuple[int, list[str]]]:
    from openpyxl import load_workbook  # half a second to import, wanted by uploads alone

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(part.file_size for part in packed.infolist()) > UNPACKED_AT_MOST:
                raise Unreadable("too_long")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of styles and validations that nobody needs here
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            sheet = book.worksheets[0]
            sheet.reset_dimensions()
            found = []
            for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
                if number > ROWS_AT_MOST + HEADER_WITHIN + 1000:
                    raise Unreadable("too_long")
                cells = [_text(cell) for cell in row[:60]]
                if any(cells):
                    found.append((number, cells))
            return found
    except Unreadable:
        raise
    except Exception as why:  # a damaged workbook breaks openpyxl in a dozen ways; all say the same to people
        raise Unreadable("not_a_table") from why


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, dt.datetime):
        return value.strftime("%Y-%m-%d" if value.time() == dt.time() else "%Y-%m-%d %H:%M")
    if isinstance(value, dt.time):
        return value.strftime("%H:%M")
    return str(value).strip()
