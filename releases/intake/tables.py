"""A table with a row for each release -> posts: CSV as spreadsheets save it, in any encoding.

The first row names the columns, in English or in Korean; their order is free, and a column that
nobody here knows is named in a remark and not taken.
"""

import csv
import hashlib
import io
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, tzinfo
from pathlib import Path
from urllib.parse import urlsplit

from django.utils.html import escape
from django.utils.translation import gettext as _

from contacts.names import same_name
from releases.hosts import host_of

from .autop import autop
from .composing import Found, compose
from .embedded import NoLibrary
from .files import UnreadableFile, bytes_of, text_of
from .layout import MOST_VIEWS, BadDate, headline
from .moments import in_utc
from .posts import IncomingPost, RefusedPost, Standing
from .wordpress.addresses import path_of
from .wordpress.items import MOST_DIGITS, whole

MOST_BYTES = 100 * 2**20
LOOKED_AT = 64 * 1024  # bytes, to know a table by
MOST_OF_A_CELL = 16 * 2**20  # characters

# What each column may be called.
COLUMNS = {
    "title": ["title", "headline", "post_title", "제목", "헤드라인"],
    "body": ["body", "text", "content", "post_content", "본문", "내용"],
    "date": ["date", "release_date", "release date", "날짜", "보도일", "보도 날짜", "발표일"],
    "posted": ["posted", "posted_on", "publish_at", "published", "post_date", "게시일", "등록일",
               "작성일"],
    "place": ["place", "dateline", "발신지", "지역"],
    "mission": ["mission", "category", "categories", "country", "국가", "대표부", "분류",
                "카테고리"],
    "tags": ["tags", "tag", "태그"],
    "summary": ["summary", "excerpt", "post_excerpt", "요약"],
    "author": ["author", "작성자", "글쓴이"],
    "views": ["views", "hits", "조회수", "조회 수", "조회"],
    "address": ["address", "url", "link", "permalink", "주소", "링크"],
    "slug": ["slug", "post_name", "슬러그"],
    "status": ["status", "state", "post_status", "상태"],
    "number": ["number", "id", "no", "번호"],
    "picture": ["picture", "pictures", "image", "images", "사진", "그림", "이미지"],
}  # fmt: skip
_STANDINGS = {
    Standing.PUBLIC: ["public", "publish", "published", "공개", "게시", "게시됨", ""],
    Standing.DRAFT: ["draft", "private", "초안", "비공개", "임시 저장", "임시저장"],
    Standing.IN_REVIEW: ["in review", "pending", "검토 중", "검토중", "검토"],
    Standing.SCHEDULED: ["scheduled", "future", "예약", "예약됨"],
    Standing.WITHDRAWN: ["withdrawn", "거둠", "철회"],
}
_DATE = re.compile(
    r"\s*(\d{4})\s*[-/.년]\s*(\d{1,2})\s*[-/.월]\s*(\d{1,2})\s*[.일]?\s*"
    r"(?:T|\s)?\s*(?:(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?\s*(Z|[+-]\d{2}:?\d{2})?\s*"
)
_TAG = re.compile(r"</?(?:p|br|div|h[1-6]|ul|ol|table|blockquote|figure)\b", re.IGNORECASE)


def is_table(path: Path) -> bool:
    """Whether the file is a table of releases, by its name and its first row. Raises OSError."""
    if path.suffix.lower() not in {".csv", ".tsv"}:
        return False
    with path.open("rb") as file:
        start = file.read(LOOKED_AT)
    if len(start) == LOOKED_AT and not start.startswith((b"\xff\xfe", b"\xfe\xff")):
        start = start[: start.rfind(b"\n") + 1]  # not through the middle of a letter
    try:
        text = text_of(path.name, start)[0]
    except UnreadableFile:
        return False
    header = next(_rows(text), (1, []))[1]
    return {"title", "body"} <= set(_places(header))


def read_table(path: Path, zone: tzinfo) -> Iterator[IncomingPost | RefusedPost]:
    """Each row of the table at `path`; its times are those of `zone`.

    Raises UnreadableFile, before the first is read, for what is no table of releases.
    """
    told = _("the file is too large; expected a table of %(most)d MB at most.")
    text, _encoding = text_of(str(path), bytes_of(path, MOST_BYTES, told))
    rows = _rows(text)
    _line, header = next(rows, (1, []))
    places = _places(header)
    if missing := [name for name in ("title", "body") if name not in places]:
        told = _("the first row names no column “%(name)s”; expected one of: %(names)s.")
        names = ", ".join(COLUMNS[missing[0]])
        raise UnreadableFile(path, 1, told % {"name": missing[0], "names": names})
    known = set(places.values())
    unknown = [name for at, name in enumerate(header) if at not in known and name.strip()]
    return _Reader(places, unknown, zone).read(rows)


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each row that holds something, with the line where it begins."""
    first = text[: text.find("\n") if "\n" in text else len(text)]
    delimiter = max(",;\t", key=first.count)
    csv.field_size_limit(MOST_OF_A_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    line = 1
    for row in reader:
        if any(cell.strip() for cell in row):
            yield line, row
        line = reader.line_num + 1


def _places(header: list[str]) -> dict[str, int]:
    """In which column each thing stands; of two that are called alike, in the first."""
    named = {same_name(name): what for what, names in COLUMNS.items() for name in names}
    places: dict[str, int] = {}
    for at, name in enumerate(header):
        if what := named.get(same_name(name)):
            places.setdefault(what, at)
    return places


class _Reader:
    def __init__(self, places: dict[str, int], unknown: list[str], zone: tzinfo):
        self.places, self.unknown, self.zone = places, unknown, zone
        self.keys: dict[str, int] = {}  # the line of each release

    def read(self, rows: Iterator[tuple[int, list[str]]]) -> Iterator[IncomingPost | RefusedPost]:
        for number, (line, row) in enumerate(rows, 1):
            cells = {what: row[at].strip() for what, at in self.places.items() if at < len(row)}
            yield self.post(number, line, cells)

    def post(self, number: int, line: int, cells: dict[str, str]) -> IncomingPost | RefusedPost:
        title = cells.get("title", "")
        number = whole(cells.get("number", "")) or number
        if not title and not cells.get("body"):
            return RefusedPost(number, title, line, _("a row needs a headline and a text."))
        messages: list[str] = []
        try:
            day = self.moment(cells.get("date", "")) or self.of_headline(title)
            posted = self.moment(cells.get("posted", "")) or day
        except ValueError as error:
            told = _("“%(date)s” is no date; expected one as 2014-09-09 or 2014-09-09 14:30.")
            return RefusedPost(number, title, line, told % {"date": error})
        if posted is None:
            return RefusedPost(number, title, line, _("it has no date that can be read."))
        key = self.key(cells, title, day or posted)
        if (before := self.keys.setdefault(key, line)) != line:
            told = _("it is the same release as the one at line %(line)d.") % {"line": before}
            return RefusedPost(number, title, line, told)
        if self.unknown:
            told = _("columns that are not known were not taken: %(names)s.")
            messages.append(told % {"names": ", ".join(self.unknown)})
        standing = self.standing(cells.get("status", ""), messages)
        body = cells.get("body", "")
        written = body
        body = body if _TAG.search(body) else autop(body)
        pictures = list(filter(None, re.split(r"[\s|,;]+", cells.get("picture", ""))))
        body += "".join(f'<img src="{escape(address)}">' for address in pictures)
        address = cells.get("address", "")
        return compose(
            Found(
                source_key=key,
                number=number,
                line=line,
                title=title,
                html=body,
                posted=posted,
                zone=self.zone,
                base=address,
                written=written,
                standing=standing,
                release_date=day.astimezone(self.zone).date() if day else None,
                place=cells.get("place", ""),
                summary=cells.get("summary", ""),
                slug=cells.get("slug", ""),
                author=cells.get("author", ""),
                terms=tuple(_split(cells.get("mission", "")) + _split(cells.get("tags", ""))),
                views=self.views(cells.get("views", ""), messages),
                addresses=tuple(filter(None, [path_of(address)])),
                messages=messages,
            ),
            NoLibrary(frozenset(map(host_of, pictures))),
        )

    def key(self, cells: dict[str, str], title: str, day: datetime) -> str:
        """Which release a row is: by its address, else as a text with its date and headline."""
        address = cells.get("address", "")
        if path := path_of(address):
            # Two sites count their posts alike.
            site = urlsplit(address.strip()).netloc.lower().removeprefix("www.")
            return f"table:{hashlib.sha256(f'{site}{path}'.encode()).hexdigest()[:40]}"
        named = f"{day.astimezone(self.zone).date()} {same_name(title)}"
        return f"table:{hashlib.sha256(named.encode()).hexdigest()[:40]}"

    def of_headline(self, title: str) -> datetime | None:
        try:
            found = headline(" ".join(title.split()))
        except BadDate as error:
            raise ValueError(str(error)) from error
        return datetime.combine(found[0], time(), self.zone).astimezone(UTC) if found else None

    def moment(self, text: str) -> datetime | None:
        """The time of a cell, aware; None for an empty one. Raises ValueError with its text."""
        if not text:
            return None
        match = _DATE.fullmatch(text)
        if not match:
            raise ValueError(text)
        year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
        try:
            zone = self.zone
            if match[7]:
                zone = datetime.fromisoformat(f"2000-01-01T00:00:00{match[7]}").tzinfo or zone
            when = datetime.combine(date(year, month, day), time(hour, minute, second), zone)
            return in_utc(when, zone)
        except ValueError as error:
            raise ValueError(text) from error

    def standing(self, text: str, messages: list[str]) -> Standing:
        for standing, names in _STANDINGS.items():
            if same_name(text) in map(same_name, names):
                return standing
        messages.append(_("its status “%(status)s” is unknown.") % {"status": text})
        return Standing.DRAFT

    def views(self, text: str, messages: list[str]) -> int | None:
        digits = text.replace(",", "").strip()
        is_number = digits.isascii() and digits.isdecimal() and len(digits) <= MOST_DIGITS
        if is_number and int(digits) <= MOST_VIEWS:
            return int(digits)
        if digits:
            told = _("“%(text)s” is no number of views; it is left out.")
            messages.append(told % {"text": text})
        return None


def _split(text: str) -> list[str]:
    return [name.strip() for name in re.split(r"[,;|]", text) if name.strip()]
