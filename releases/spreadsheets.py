"""Tables for a spreadsheet: CSV that Excel opens in Korean, and XLSX. Nothing is a formula."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from tempfile import TemporaryFile

import xlsxwriter
from django.http import FileResponse, HttpResponse

BYTE_ORDER_MARK = "\ufeff"  # without it Excel reads Korean as Latin letters
KINDS = ("csv", "xlsx")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NAME_LENGTH = 31  # characters of a sheet's name, Excel's limit
TEXT_LENGTH = 32_767  # characters of a cell, Excel's limit

Cell = str | int | float | date | None


@dataclass
class Table:
    """What is shown on a page, row by row; `about` says of what, as pairs of words and number."""

    name: str
    header: list[str]
    rows: Iterable[list[Cell]]
    first_width: int = 12  # of the first column, in digits
    about_name: str = ""
    about: list[tuple[str, Cell]] = field(default_factory=list)


def inert(cell: str) -> str:
    """`cell` such that no spreadsheet takes it for a formula (OWASP, CSV injection)."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def started_csv(file_name: str) -> HttpResponse:
    """An answer for a `csv.writer` to write its rows into."""
    return HttpResponse(
        BYTE_ORDER_MARK,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{file_name}"'},
    )


def as_file(table: Table, stem: str, kind: str) -> HttpResponse | FileResponse:
    """`table` to be downloaded as `stem`.csv or `stem`.xlsx; of `about` a CSV holds nothing."""
    return _as_xlsx(table, f"{stem}.xlsx") if kind == "xlsx" else _as_csv(table, f"{stem}.csv")


def _as_csv(table: Table, file_name: str) -> HttpResponse:
    response = started_csv(file_name)
    writer = csv.writer(response)
    writer.writerow(map(inert, table.header))
    for row in table.rows:
        writer.writerow(inert(cell) if isinstance(cell, str) else cell for cell in row)
    return response


def _as_xlsx(table: Table, file_name: str) -> FileResponse:
    file = TemporaryFile()  # noqa: SIM115 - the answer closes it
    options = {
        "constant_memory": True,  # a row is written and forgotten
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": "yyyy-mm-dd",
    }
    with xlsxwriter.Workbook(file, options) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        sheet = book.add_worksheet(table.name[:NAME_LENGTH])
        sheet.freeze_panes(1, 0)
        for column, words in enumerate(table.header):
            sheet.set_column(column, column, 12 if column else table.first_width)
            sheet.write_string(0, column, words, bold)
        for number, row in enumerate(table.rows, 1):
            for column, cell in enumerate(row):
                _write(sheet, number, column, cell)
        if table.about:
            sheet = book.add_worksheet(table.about_name[:NAME_LENGTH])
            sheet.set_column(0, 0, 45)
            sheet.set_column(1, 1, 24)
            for number, (words, cell) in enumerate(table.about):
                sheet.write_string(number, 0, words)
                _write(sheet, number, 1, cell)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=file_name, content_type=XLSX)


def _write(sheet: xlsxwriter.workbook.Worksheet, row: int, column: int, cell: Cell) -> None:
    if isinstance(cell, str):
        sheet.write_string(row, column, cell[:TEXT_LENGTH])
    elif isinstance(cell, date):
        sheet.write_datetime(row, column, cell)
    elif cell is not None:
        sheet.write_number(row, column, cell)
