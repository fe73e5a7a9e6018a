"""The bytes of an export, cut into its items without ever holding more than one of them.

An XML parser gives up at the first fault; here each item is cut out by itself, so that a
damaged one costs none of those behind it.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from django.utils.translation import gettext as _

from ..files import BYTE_ORDER_MARKS, UnreadableFile

CHUNK = 256 * 1024  # bytes
MOST_OF_AN_ITEM = 16 * 2**20  # bytes; what is longer is no text that somebody wrote
KEPT_OF_A_LONG_ITEM = 64 * 1024  # bytes: enough to name it
MOST_OF_A_HEAD = 8 * 2**20  # bytes

_ITEM = re.compile(rb"<item[\s>]")
_TOKEN = re.compile(rb"<!\[CDATA\[|\]\]>|<item[\s>]|</item\s*>")
_LONGEST_TOKEN = 16  # bytes, with some white space


class RawItem(NamedTuple):
    """One item of an export as its bytes stand; `line` counts from 1.

    `fault`: why these are not all of its bytes, in words; "" where they are.
    """

    line: int
    data: bytes
    fault: str = ""


def read_head(path: Path) -> bytes:
    """What stands before the first item: the site, its authors and categories.

    Raises UnreadableFile where the file cannot be read or its head has no end.
    """
    head = b""
    with opened(path) as file:
        while chunk := file.read(CHUNK):
            head += chunk
            if match := _ITEM.search(head, max(0, len(head) - len(chunk) - _LONGEST_TOKEN)):
                return head[: match.start()]
            if len(head) > MOST_OF_A_HEAD:
                raise UnreadableFile(path, 1, _("no item stands in the first part of the file."))
    return head


def opened(path: Path) -> BinaryIO:
    """The file, open for reading. Raises UnreadableFile where there is none to be read."""
    try:
        file = path.open("rb")
    except OSError as error:
        raise UnreadableFile(path, 1, error.strerror or str(error)) from error
    try:
        start = file.read(4)
        for mark, encoding in BYTE_ORDER_MARKS.items():
            if start.startswith(mark):
                raise UnreadableFile(
                    path,
                    1,
                    _("the file is encoded in %(encoding)s; expected UTF-8.")
                    % {"encoding": encoding},
                )
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return file


def raw_items(path: Path) -> Iterator[RawItem]:
    """Each item of the export in order. Raises UnreadableFile as `opened` does."""
    with opened(path) as file:
        yield from _Cutter().cut(file)


class _Cutter:
    """Looks through the bytes as they come; `buffer` begins at the open item or later."""

    def __init__(self):
        self.buffer = b""
        self.at = 0  # how far the buffer has been looked through
        self.line, self.counted = 1, 0  # the line of the buffer's byte `counted`
        self.start: int | None = None  # where the open item begins
        self.in_cdata = False
        # In character data "</item>" may be text. If the data is never closed it was none: the
        # next thing to come then is another CDATA section that opens.
        self.likely_end: int | None = None

    def cut(self, file: BinaryIO) -> Iterator[RawItem]:
        while chunk := file.read(CHUNK):
            self.buffer += chunk
            yield from self.look_through(len(self.buffer) - _LONGEST_TOKEN)
            if self.start is not None and len(self.buffer) - self.start > MOST_OF_AN_ITEM:
                yield self.too_long()
            self.forget()
        yield from self.look_through(len(self.buffer))
        while self.start is not None:
            if self.likely_end is None:
                yield self.taken(len(self.buffer), _("the file ends within it."))
            else:
                yield self.cut_short()
                yield from self.look_through(len(self.buffer))

    def look_through(self, end: int) -> Iterator[RawItem]:
        """The items that end before `end`; a token that begins behind it is left for later."""
        while (match := _TOKEN.search(self.buffer, self.at)) and match.start() < end:
            token, self.at = match[0], match.end()
            opens = token.startswith(b"<item")
            if token == b"<![CDATA[":
                if self.likely_end is not None:
                    yield self.cut_short()
                else:
                    self.in_cdata = self.start is not None
            elif token == b"]]>":
                self.in_cdata, self.likely_end = False, None
            elif self.start is None:
                self.start = match.start() if opens else None
            elif self.in_cdata:
                if not opens and self.likely_end is None:
                    self.likely_end = match.end()
            elif opens:
                item = self.taken(match.start())
                yield item._replace(data=item.data + b"</item>")
            else:
                yield self.taken(match.end())
        self.at = max(self.at, end)

    def taken(self, end: int, fault: str = "") -> RawItem:
        """The open item, which ends at `end`; what follows is looked through from there."""
        self.line += self.buffer.count(b"\n", self.counted, self.start)
        self.counted = self.start
        data = self.buffer[self.start : end]
        self.start, self.likely_end, self.in_cdata, self.at = None, None, False, end
        return RawItem(self.line, data, fault)

    def cut_short(self) -> RawItem:
        """The open item, whose character data was never closed, up to where it likely ends."""
        return self.taken(self.likely_end)

    def too_long(self) -> RawItem:
        """The first part of the open item, of which no more is kept."""
        if self.likely_end is not None:
            return self.cut_short()
        item = self.taken(
            len(self.buffer),
            _("it has more than %(most)d MB.") % {"most": MOST_OF_AN_ITEM // 2**20},
        )
        return item._replace(data=item.data[:KEPT_OF_A_LONG_ITEM])

    def forget(self) -> None:
        """Let go of the bytes before the open item."""
        keep = self.at if self.start is None else self.start
        if keep > 0:
            self.line += self.buffer.count(b"\n", self.counted, keep)
            self.buffer = self.buffer[keep:]
            self.counted = 0
            self.at -= keep
            self.start = None if self.start is None else 0
            if self.likely_end is not None:
                self.likely_end -= keep
