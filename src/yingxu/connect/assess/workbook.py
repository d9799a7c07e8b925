"""The cells of an XLSX workbook as text, read straight from its XML.

openpyxl builds an object per cell, which takes twenty seconds for a log of a million cells; this takes five.
Format: ECMA-376 Part 1, 18.3 (worksheets), 18.4 (shared strings), 18.8 (styles). The tables of number formats are
those of openpyxl.
"""

from __future__ import annotations

import datetime as dt
import html
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
ROW = re.compile(rb'<row(?:(?= )[^>]*? r="(\d+)"[^>]*?| [^>]*?|)(?:/>|>(.*?)</row>)', re.DOTALL)
CELL = re.compile(
    rb'<c r="([A-Z]+)\d+"(?: s="(\d+)")?(?: t="(\w+)")? ?(?:/>|>(?:<f[^>]*?(?:/>|>[^<]*</f>))?'
    rb"(?:<v[^>/]*>([^<]*)</v>|<v ?/>|<is>(?:<t[^>/]*>([^<]*)</t>|<t ?/>)</is>)?</c>)"
)
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
        self.positions: dict[bytes, int] = {}

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
        """Yield the rows by a pattern of plain cells; a sheet with anything else in it is parsed as XML instead."""
        xml = self.book.read(name)
        start, end = xml.find(b"<sheetData"), xml.rfind(b"</sheetData>")
        encoding = re.match(rb"<\?xml[^>]*encoding=[\"']([\w-]+)", xml)
        is_utf8 = encoding is None or encoding[1].lower() == b"utf-8"
        plain = is_utf8 and 0 <= start < end
        body = xml[start:end] if plain else b""
        rows = ROW.findall(body)
        # Every row and cell must be one that the patterns know, or none is believed.
        plain = plain and len(rows) == len(re.findall(rb"<row[ >/]", body)) and b"<!" not in body
        found = ((number, CELL.findall(cells), cells) for number, cells in rows) if plain else iter(())
        done: list[list[str]] = []
        for number, cells, raw in found:
            if len(cells) != raw.count(b"<c "):
                plain = False
                break
            _pad(done, int(number or len(done) + 1) - 1)
            done.append(self._row([(*cell[:3], cell[3] or cell[4]) for cell in cells]))
        if plain:
            yield from done
            return
        done = []
        for row in (one for one in ElementTree.fromstring(xml).iter() if _tag(one) == "row"):
            _pad(done, int(row.get("r") or len(done) + 1) - 1)
            done.append(self._row([_parts(cell) for cell in row]))
        yield from done

    def _row(self, cells: list[tuple[bytes, bytes, bytes, bytes]]) -> list[str]:
        row: list[str] = []
        for letters, style, kind, value in cells:
            if letters:
                at = self.positions.get(letters)
                if at is None:
                    at = self.positions[letters] = _position(letters.decode())
                while len(row) < at:
                    row.append("")
            row.append(self._value(style, kind, value) if value else "")
        return row

    def _value(self, style: bytes, kind: bytes, value: bytes) -> str:
        if kind == b"s":
            return self.shared[int(value)]
        told = value.decode()
        if "&" in told:
            told = html.unescape(told)
        if kind == b"b":
            return "true" if told == "1" else "false"
        if kind not in (b"", b"n"):
            return told
        number = float(told)
        at = int(style or 0)
        if at < len(self.dated) and self.dated[at]:
            return self._date(number)
        return str(int(number)) if number.is_integer() and abs(number) < 1e16 else told

    def _date(self, serial: float) -> str:
        if not 0 <= serial < 2_958_466:  # the year 9999
            return str(serial)
        at = self.epoch + dt.timedelta(seconds=round(serial * 86_400))
        if serial < 1:
            return at.time().isoformat()
        return at.date().isoformat() if serial == int(serial) else at.isoformat(" ")


def _pad(rows: list[list[str]], n: int) -> None:
    """Add the empty rows that a workbook leaves out."""
    if n - len(rows) <= 1_048_576:  # the most rows that a sheet can have
        rows.extend([] for _ in range(n - len(rows)))


def _parts(cell: ElementTree.Element) -> tuple[bytes, bytes, bytes, bytes]:
    """Return column, style, kind and value of a cell as the pattern would, its text escaped again."""
    kind = cell.get("t", "")
    value = _text(cell) if kind == "inlineStr" else next((one.text or "" for one in cell if _tag(one) == "v"), "")
    letters = (cell.get("r") or "").rstrip("0123456789")
    return letters.encode(), cell.get("s", "").encode(), kind.encode(), html.escape(value).encode()


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
