"""What the tests of the views' pages share: days that were counted, and files read back."""

import csv
import io
import zipfile
from datetime import date, timedelta
from xml.etree import ElementTree

from django.utils import timezone

from releases.models import DailyViews, Release

RELEASES = "/en/admin/releases/release/"
REPORT = f"{RELEASES}views/"
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
EXCEL_BEGAN = date(1899, 12, 30)


def days_ago(number: int) -> date:
    return timezone.localdate() - timedelta(days=number)


def counted(release: Release, day: date, count: int = 0, **left_out: int) -> None:
    DailyViews.objects.create(release=release, day=day, count=count, **left_out)


def content(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def rows_of_csv(response) -> list[list[str]]:
    text = content(response).decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def cells_of_xlsx(response, sheet: int = 1) -> list[list]:
    """The cells of a sheet as Excel has them: text, numbers and dates; None for an empty one."""
    with zipfile.ZipFile(io.BytesIO(content(response))) as book:
        page = ElementTree.fromstring(book.read(f"xl/worksheets/sheet{sheet}.xml"))
        styles = ElementTree.fromstring(book.read("xl/styles.xml"))
    assert not page.findall(f".//{SHEET}f"), "a formula"
    assert not page.findall(f".//{SHEET}hyperlink")
    formats = styles.findall(f"{SHEET}cellXfs/{SHEET}xf")
    dated = {number for number, form in enumerate(formats) if int(form.get("numFmtId")) >= 164}
    rows = []
    for row in page.iter(f"{SHEET}row"):
        cells = {cell.get("r").rstrip("0123456789"): _value(cell, dated) for cell in row}
        last = ord(max(cells)) - ord("A") + 1
        rows.append([cells.get(chr(ord("A") + column)) for column in range(last)])
    return rows


def _value(cell, dated: set[int]) -> str | int | float | date:
    if cell.get("t") == "inlineStr":
        return "".join(cell.itertext())
    value = cell.find(f"{SHEET}v").text
    if int(cell.get("s", 0)) in dated:
        return EXCEL_BEGAN + timedelta(days=int(value))
    return float(value) if "." in value else int(value)


def text_of(cell) -> str:
    """A cell as a CSV has it."""
    return "" if cell is None else str(cell)
