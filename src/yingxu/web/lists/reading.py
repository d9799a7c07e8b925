"""A list read: its columns by name, its rows as text; Excel, or CSV in UTF-8 or GBK."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

MOST_ROWS = 500
LIMIT_BYTES = 2 * 1024 * 1024
#: Field -> what its column may be called.
COLUMNS = {
    "ref": ("编号", "行号", "id", "ref", "row id"),
    "text": ("内容", "需求", "故障描述", "text", "what"),
    "place": ("地点", "地点编码", "位置", "place", "place code"),
    "item": ("服务项目", "服务项目编码", "项目编码", "item", "item code"),
    "name": ("联系人", "报修人", "name", "contact"),
    "phone": ("电话", "联系电话", "phone"),
}
NEEDED = ("ref", "text")


class NotAList(Exception):
    """The file cannot be read as a list; the text says why, in a sentence."""


@dataclass(frozen=True)
class Read:
    """One row as it stands in the file; ``line`` is its number there, as Excel shows it."""

    line: int
    ref: str
    text: str
    place: str
    item: str
    name: str
    phone: str


def read(content: bytes, name: str) -> list[Read]:
    """Return the rows of an uploaded file; raises NotAList."""
    if not content:
        raise NotAList(_("The file is empty."))
    if len(content) > LIMIT_BYTES:
        raise NotAList(_("The file is larger than 2 MB; split it."))
    table = _excel(content) if content[:2] == b"PK" or name.lower().endswith((".xlsx", ".xlsm")) else _csv(content)
    return _rows(table)


def _excel(content: bytes) -> list[tuple[int, list[str]]]:
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        try:
            sheet = book.worksheets[0]
            rows = [
                (line, [_cell(value) for value in values[:50]])
                for line, values in enumerate(sheet.iter_rows(values_only=True, max_row=MOST_ROWS + 50), 1)
            ]
        finally:
            book.close()
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, IndexError, OSError, TypeError) as trouble:
        raise NotAList(
            _("The file is no Excel workbook that can be read. Save it as .xlsx and try again.")
        ) from trouble
    return rows


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date):
        return value.isoformat()
    return " ".join(str(value).split()) if "\n" not in str(value) else str(value).strip()


def _csv(content: bytes) -> list[tuple[int, list[str]]]:
    for charset in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(charset)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise NotAList(_("The file is neither Excel nor text in UTF-8 or GBK."))
    if "\x00" in text:
        raise NotAList(_("The file is neither Excel nor text in UTF-8 or GBK."))
    first = text.splitlines()[0] if text.splitlines() else ""
    mark = max(",;\t，", key=first.count)
    try:
        return [
            (line, [value.strip() for value in row])
            for line, row in enumerate(csv.reader(io.StringIO(text), delimiter=mark), 1)
        ]
    except csv.Error as trouble:
        raise NotAList(_("The file is neither Excel nor text in UTF-8 or GBK.")) from trouble


def _rows(table: list[tuple[int, list[str]]]) -> list[Read]:
    heads = [at for at, (_line, values) in enumerate(table[:10]) if all(one in _columns(values) for one in NEEDED)]
    if not heads:
        raise NotAList(_("No line of headings was found: at least the columns 编号 and 内容 are needed."))
    found = _columns(table[heads[0]][1])
    rows = [
        Read(line, **{field: _at(values, found.get(field)) for field in COLUMNS})
        for line, values in table[heads[0] + 1 :]
        if any(value.strip() for value in values)
    ]
    if not rows:
        raise NotAList(_("The list has headings and no rows."))
    if len(rows) > MOST_ROWS:
        raise NotAList(_("The list has more than %(n)d rows; split it.") % {"n": MOST_ROWS})
    return rows


def _columns(values: list[str]) -> dict[str, int]:
    said = [value.strip().strip("*＊").strip().lower() for value in values]
    return {field: said.index(name) for field, names in COLUMNS.items() for name in names if name in said}


def _at(values: list[str], place: int | None) -> str:
    return values[place] if place is not None and place < len(values) else ""


def template() -> bytes:
    """Return an empty list with its headings, an example and what each column means."""
    import openpyxl
    from openpyxl.styles import Font

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "需求清单"
    sheet.append(["编号*", "内容*", "地点编码", "服务项目编码", "联系人", "电话"])
    sheet.append(["2025-03-001", "护士站水龙头漏水", "S7-ORT-ST", "plb.faucet", "李护士", "6677"])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for letter, width in zip("ABCDEF", (16, 44, 18, 18, 12, 14), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"
    told = book.create_sheet("说明")
    for line in (
        ("编号*", "您自己的编号，同一编号只受理一次；再次上传不会重复 / your own row id; the same id is asked once"),
        ("内容*", "需要什么，一句话 / what is needed, in a sentence"),
        ("地点编码", "地点的编码或全名 / the place's code or full name"),
        ("服务项目编码", "可空，由调度台判断 / may be empty: the desk decides"),
    ):
        told.append(line)
    told.column_dimensions["B"].width = 80
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()
