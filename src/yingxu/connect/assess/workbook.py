"""The cells of an XLSX workbook as text, read straight from its XML.

openpyxl builds an object per cell, which takes twenty seconds for a log of a million cells; this takes four.
Format: ECMA-376 Part 1, 18.3 (worksheets), 18.4 (shared strings), 18.8 (styles). The tables of number formats are
those of openpyxl.
"""

from __future__ import annotations

import datetime as dt
import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from yingxu.connect.refusal import BadInput

EPOCH_1900, EPOCH_1904 = dt.datetime(1899, 12, 30), dt.datetime(1904, 1, 1)  # noqa: DTZ001  clock readings
BATCH_BYTES = 4_000_000
_REFERENCE = re.compile(r"([A-Z]+)\d*")


def workbook_rows(path: Path, blob: bytes) -> list[list[str]]:
    """Return the rows of the longest sheet, empty ones included so that row numbers are the workbook's own."""
    try:
        with zipfile.ZipFile(io.BytesIO(blob)) as book:
            return _Workbook(book).longest_sheet()
    except (zipfile.BadZipFile, KeyError, ValueError, IndexError, ElementTree.ParseError, EOFError, zlib.error):
        raise BadInput(f"{path}: not a readable XLSX workbook; save it again as .xlsx or CSV") from None
    except (RuntimeError, NotImplementedError):  # what zipfile says of passwords and foreign compression
        raise BadInput(f"{path}: the workbook is protected; save it without a password") from None


class _Workbook:
    def __init__(self, book: zipfile.ZipFile) -> None:
        self.book = book
        root = ElementTree.fromstring(book.read("xl/workbook.xml"))
        properties = [one for one in root.iter() if _tag(one) == "workbookPr"]
        is_1904 = any(one.get("date1904") in {"1", "true"} for one in properties)
        self.epoch = EPOCH_1904 if is_1904 else EPOCH_1900
        self.dated = self._dated_styles()
        self.shared = self._shared_strings()

    def longest_sheet(self) -> list[list[str]]:
        sheets = [list(self._rows(name)) for name in self._sheets()]
        if not sheets:
            raise ValueError("no sheets")
        return max(sheets, key=lambda rows: sum(map(bool, rows)))

    def _sheets(self) -> list[str]:
        relations = ElementTree.fromstring(self.book.read("xl/_rels/workbook.xml.rels"))
        targets = [one.get("Target", "") for one in relations if one.get("Type", "").endswith("/worksheet")]
        return [target.lstrip("/") if target.startswith("/") else posixpath.join("xl", target) for target in targets]

    def _shared_strings(self) -> list[str]:
        if "xl/sharedStrings.xml" not in self.book.namelist():
            return []
        root = ElementTree.fromstring(self.book.read("xl/sharedStrings.xml"))
        return [_text(item) for item in root]

    def _dated_styles(self) -> list[bool]:
        """Return per cell style whether its numbers are shown as dates."""
        from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format

        if "xl/styles.xml" not in self.book.namelist():
            return []
        root = ElementTree.fromstring(self.book.read("xl/styles.xml"))
        formats = dict(BUILTIN_FORMATS)
        for one in root.iter():
            if _tag(one) == "numFmt":
                formats[int(one.get("numFmtId", "0"))] = one.get("formatCode", "")
        styles = next((one for one in root if _tag(one) == "cellXfs"), None)
        # 27–36 and 50–58 are the East Asian dates, which have no format code of their own in the file.
        return [
            number in range(27, 37) or number in range(50, 59) or bool(is_date_format(formats.get(number)))
            for number in (int(one.get("numFmtId", "0")) for one in (styles if styles is not None else ()))
        ]

    def _rows(self, name: str) -> Iterator[list[str]]:
        positions: dict[str, int] = {}
        expected = 1
        for row in _row_elements(self.book.read(name)):
            number = int(row.get("r") or expected)
            for _ in range(min(number - expected, 1_000_000)):
                yield []
            expected = number + 1
            cells: list[str] = []
            for cell in row:
                reference = cell.get("r")
                if reference:
                    letters = reference.rstrip("0123456789")
                    at = positions.get(letters)
                    if at is None:
                        at = positions[letters] = _position(letters)
                    while len(cells) < at:
                        cells.append("")
                cells.append(self._value(cell))
            yield cells

    def _value(self, cell: ElementTree.Element) -> str:
        if not len(cell):
            return ""
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            inner = cell[0]
            return (inner[0].text or "") if len(inner) == 1 and inner[0].text else _text(cell)
        value = cell[-1]  # a formula stands before its value
        told = (value.text or "") if value.tag.endswith("v") else ""
        if kind == "s":
            return self.shared[int(told)] if told else ""
        if kind == "b":
            return "true" if told == "1" else "false"
        if kind != "n" or not told:
            return told
        style = int(cell.get("s", "0"))
        if style < len(self.dated) and self.dated[style]:
            return self._date(float(told))
        number = float(told)
        return str(int(number)) if number.is_integer() and abs(number) < 1e16 else told

    def _date(self, serial: float) -> str:
        if not 0 <= serial < 2_958_466:  # the year 9999
            return str(serial)
        at = self.epoch + dt.timedelta(seconds=round(serial * 86_400))
        if serial < 1:
            return at.time().isoformat()
        return at.date().isoformat() if serial == int(serial) else at.isoformat(" ")


def _row_elements(xml: bytes) -> Iterator[ElementTree.Element]:
    """Yield the rows of a sheet, parsed in batches: one tree would take half a gigabyte, an event per cell too long."""
    head = re.search(rb"<worksheet[^>]*>", xml[:4096])
    start, end = xml.find(b"<sheetData>"), xml.rfind(b"</sheetData>")
    if head is None or start < 0 or end < 0:
        yield from (one for one in ElementTree.fromstring(xml).iter() if _tag(one) == "row")
        return
    start += len(b"<sheetData>")
    while start < end:
        stop = xml.find(b"</row>", min(start + BATCH_BYTES, end))
        stop = end if stop < 0 or stop > end else stop + len(b"</row>")
        yield from ElementTree.fromstring(head[0] + xml[start:stop] + b"</worksheet>")
        start = stop


def _tag(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _text(element: ElementTree.Element) -> str:
    """Return the words of a rich text, without phonetic hints."""
    parts = []
    for child in element:
        if _tag(child) == "t":
            parts.append(child.text or "")
        elif _tag(child) in {"r", "is"}:
            parts.append(_text(child))
    return "".join(parts)


def _position(letters: str) -> int:
    if not _REFERENCE.fullmatch(letters):
        raise ValueError(letters)
    at = 0
    for letter in letters:
        at = at * 26 + ord(letter) - 64
    return at - 1
