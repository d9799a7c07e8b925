"""The list to fill in: headings, two examples and what each column means, as an Excel workbook."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from yingxu.standards.forms import Field

_HEAD = (
    ("编号", "Id"),
    ("内容", "What"),
    ("地点", "Place"),
    ("服务项目", "Item"),
    ("时间", "Time"),
    ("联系人", "Contact"),
    ("电话", "Phone"),
)
_TOLD = (
    ("编号", "可空；您自己的编号，同一编号只受理一次", "May be empty; your own id: the same id is asked once"),
    (
        "内容",
        "需要什么，一句话；填了服务项目可空",
        "What is needed, a sentence; empty where an item says it",
    ),
    ("地点", "地点的编码或全名", "The place's code or full name"),
    ("服务项目", "编码或名称；可空，由调度台判断", "Code or name; may be empty: the desk decides"),
    ("时间", "可空；预约时间，如 2026-03-01 08:30", "May be empty; an appointment, like 2026-03-01 08:30"),
    (
        "…",
        "陪检等项目自己的栏目，用不到的留空",
        "Columns of an item, an escort for one; empty where not needed",
    ),
)


def _rows(fields: Sequence[Field], place_code: str, is_english: bool) -> list[list[str]]:
    """Return the headings and an example; the item that lists are mostly made for has columns of its own."""
    own = [field for field in fields if field.code != "appointment"]
    names = [field.name_en.partition("(")[0] if is_english else field.name.partition("（")[0] for field in own]
    return [
        [*(pair[is_english] for pair in _HEAD), *(name.strip() for name in names)],
        ["2026-001", "护士站水龙头漏水", place_code, "", "", "李护士", "6677"],
    ]


def make_csv_template(fields: Sequence[Field], *, place_code: str, is_english: bool) -> bytes:
    """Return the same as CSV, with the mark that lets Excel read it as UTF-8."""
    kept = io.StringIO(newline="")
    csv.writer(kept).writerows(_rows(fields, place_code, is_english))
    return kept.getvalue().encode("utf-8-sig")


def make_template(fields: Sequence[Field], *, place_code: str, is_english: bool) -> bytes:
    """Return the workbook; ``fields``: those of the item that lists are mostly made for get columns of their own."""
    import openpyxl
    from openpyxl.styles import Font

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "List" if is_english else "需求清单"
    for row in _rows(fields, place_code, is_english):
        sheet.append(row)
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for letter, width in zip("ABCDEFG", (14, 40, 18, 18, 18, 12, 14), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"
    told = book.create_sheet("Help" if is_english else "说明")
    for name, chinese, english in _TOLD:
        told.append((name, english if is_english else chinese))
    told.column_dimensions["B"].width = 80
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()
