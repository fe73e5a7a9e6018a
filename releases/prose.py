"""Between the HTML of a body and plain paragraphs, for text that comes in or goes out.

A paragraph is a string; a line feed in it is a line break. Text read from HTML keeps every
word and the address of every link, and loses only the shape.
"""

import math
import re
import unicodedata
from html.parser import HTMLParser

from django.utils.html import escape
from django.utils.text import Truncator

BLOCKS = {"p", "h2", "h3", "h4", "li", "blockquote", "caption", "tr", "table", "ul", "ol", "hr"}
CELLS = {"td", "th"}
EXCERPT_LENGTH = 160  # characters: about two lines of a card
TAG = re.compile(r'<(?:[^">]|"[^"]*")*>')

# An address amid text. Korean puts its particles right behind the last letter, so Hangul
# belongs to an address only where a part of its path begins with it: "/뉴스", "?q=난민".
_HOST = r"(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}"
_PATH = r"(?:[/?#](?:[A-Za-z0-9._~:/?#@!$&*+,;=%()-]|(?<=[/=_-])[가-힣]+)*)?"
_LINK = re.compile(
    r"(?<![A-Za-z0-9.@_%+'-])(?:"
    r"(?P<email>[A-Za-z0-9][A-Za-z0-9._%+'-]*@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,})"
    rf"|(?P<address>https?://{_HOST}(?::\d+)?{_PATH})"
    rf"|(?P<bare>(?:www\.{_HOST}|(?:[A-Za-z0-9-]+\.)+(?:com|edu|gov|int|net|org)"
    rf"(?![A-Za-z0-9@.-]*[A-Za-z0-9@-])){_PATH})"
    r")",
    re.IGNORECASE,
)


def to_html(paragraphs: list[str]) -> str:
    """HTML of plain paragraphs: escaped, bare addresses linked."""
    return "\n".join("<p>{}</p>".format(_linked(p).replace("\n", "<br>")) for p in paragraphs)


def _linked(text: str) -> str:
    """`text` as HTML, with a link for each web or email address in it."""
    parts, end = [], 0
    for match in _LINK.finditer(text):
        address = _without_punctuation(match[0])
        scheme = "mailto:" if match["email"] else "http://" if match["bare"] else ""
        parts.append(escape(text[end : match.start()]))
        parts.append(f'<a href="{escape(scheme + address)}">{escape(address)}</a>')
        end = match.start() + len(address)
    return "".join(parts) + escape(text[end:])


def _without_punctuation(address: str) -> str:
    """`address` without what ends the sentence or closes a bracket that stands before it."""
    unopened = address.count(")") - address.count("(")
    end = len(address)
    while address[end - 1] in ".,:;!?'*" or (address[end - 1] == ")" and unopened > 0):
        unopened -= address[end - 1] == ")"
        end -= 1
    return address[:end]


def to_paragraphs(body: str) -> list[str]:
    """The plain paragraphs of HTML `body`.

    A list item opens with "- ", the cells of a table row are parted by " | ", and a link
    whose text is not its address is followed by the address in brackets.
    """
    return _Reader().read(body)


def excerpt(summary: str, body: str) -> str:
    """A few plain words for a list: HTML `summary`, else the opening of HTML `body`."""
    return plain_line(summary) if summary else opening(body, EXCERPT_LENGTH)


def opening(body: str, length: int) -> str:
    """The beginning of HTML `body` as one plain line of `length` characters at most."""
    # Reading a little more than is shown spares a long body from being read whole. Most often
    # the first paragraphs are enough: nothing behind the end of one changes what stands before.
    end = body.find("</p>", length + 4, length * 8)
    line = _line(body[:end]) if end > 0 else ""
    if len(line) <= length:
        # The cut may go through a tag or a character reference, which would show as text.
        line = _line(re.sub(r"(?:<[^>]*|&[^;\s]{0,10})\Z", "", body[: length * 8]))
    return shortened(line, length)


def shortened(line: str, length: int) -> str:
    """`line` with at most `length` letters, an ellipsis for one; signs above a letter are none."""
    if not any(map(unicodedata.combining, line[:length])):
        return line if len(line) <= length else f"{line[: length - 1]}…"
    return Truncator(line).chars(length, truncate="…")


def _line(body: str) -> str:
    return " ".join(" ".join(to_paragraphs(body)).split())


def plain_line(body: str) -> str:
    """All words of HTML `body` as one plain line, without the addresses of its links."""
    reader = _Reader(with_addresses=False)
    return " ".join(" ".join(reader.read(body)).split())


def lines(body: str) -> str:
    """All words of HTML `body`, a paragraph a line, without the addresses of its links."""
    return "\n".join(_Reader(with_addresses=False).read(body))


def reading_minutes(body: str, lang: str) -> int:
    """Minutes that HTML `body` in `lang` takes to read, rounded up, at least 1.

    Adults read about 500 Korean syllables or 230 English words of plain prose a minute.
    """
    text = TAG.sub(" ", body)
    amount = len("".join(text.split())) / 500 if lang == "ko" else len(text.split()) / 230
    return max(1, math.ceil(amount))


class _Reader(HTMLParser):
    def __init__(self, with_addresses: bool = True):
        super().__init__(convert_charrefs=True)
        self.with_addresses = with_addresses
        self.paragraphs: list[str] = []
        self.text = ""
        self.prefix = ""
        self.links: list[tuple[str, int]] = []  # addresses of open links, and where they opened

    def read(self, body: str) -> list[str]:
        self.feed(body)
        self.close()
        self.end_paragraph()
        return self.paragraphs

    def handle_starttag(self, tag, attrs):
        if tag in BLOCKS:
            self.end_paragraph()
            if tag == "li":
                self.prefix = "- "
        elif tag == "br":
            self.text += "\n"
        elif tag in CELLS and self.text.strip():
            self.text += " | "
        elif tag == "a" and self.with_addresses:
            self.links.append((dict(attrs).get("href") or "", len(self.text)))

    def handle_endtag(self, tag):
        if tag in BLOCKS:
            self.end_paragraph()
        if tag == "li":
            self.prefix = ""
        elif tag == "a" and self.links:
            self.end_link()

    def handle_data(self, data):
        self.text += data.replace("\n", " ")

    def end_link(self):
        href, start = self.links.pop()
        if href and not _same_address(href, self.text[start:].strip()):
            self.text += f" ({href})"

    def end_paragraph(self):
        # A link may hold several blocks: its address stands behind the first with any words.
        while self.links and self.text.strip():
            self.end_link()
        lines = (" ".join(line.split()) for line in self.text.split("\n"))
        text = "\n".join(line for line in lines if line)
        if text:
            self.paragraphs.append(self.prefix + text)
            self.prefix = ""
        self.text = ""
        self.links = [(href, 0) for href, _start in self.links]


def _same_address(href: str, text: str) -> bool:
    def bare(address: str) -> str:
        return re.sub(r"^(https?://|mailto:|tel:)", "", address).rstrip("/").casefold()

    return bare(href) == bare(text)
