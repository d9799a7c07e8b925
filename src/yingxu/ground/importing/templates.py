"""Templates to fill in: the columns with their hints and one example row."""

from __future__ import annotations

import csv
import io

from yingxu.ground.importing.columns import COLUMNS


def _head(table: str, *, is_english: bool) -> list[str]:
    return [
        f"{column.name_en if is_english else column.name}{'*' if column.is_needed else ''}" for column in COLUMNS[table]
    ]


def template_csv(table: str, *, is_english: bool) -> bytes:
    """Return a template as CSV with a byte-order mark, which Excel takes for UTF-8."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(_head(table, is_english=is_english))
    writer.writerow([column.example for column in COLUMNS[table]])
    return out.getvalue().encode("utf-8-sig")


def template_xlsx(table: str, *, is_english: bool) -> bytes:
    """Return a template as a workbook: the table, and a sheet that says what each column means."""
    from openpyxl import Workbook
    from openpyxl.styles import Font, PatternFill
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Table" if is_english else "填写"
    sheet.append(_head(table, is_english=is_english))
    sheet.append([column.example for column in COLUMNS[table]])
    for n in range(1, len(COLUMNS[table]) + 1):
        cell = sheet.cell(row=1, column=n)
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="DDEFEC")
        sheet.column_dimensions[get_column_letter(n)].width = 18
        for row in range(2, 500):
            sheet.cell(row=row, column=n).number_format = "@"  # codes with leading zeros stay what was typed
    sheet.freeze_panes = "A2"
    meaning = book.create_sheet("Columns" if is_english else "说明")
    for column in COLUMNS[table]:
        name, hint = (column.name_en, column.hint_en) if is_english else (column.name, column.hint)
        needed = ("needed" if is_english else "必填") if column.is_needed else ""
        meaning.append([name, needed, hint, column.example])
    for letter, width in (("A", 18), ("B", 10), ("C", 70), ("D", 24)):
        meaning.column_dimensions[letter].width = width
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
