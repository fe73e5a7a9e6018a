"""Between the HTML of a body and plain paragraphs, for text that comes in or goes out.

A paragraph is a string; a line feed in it is a line break. Text read from HTML keeps every
word and the address of every link, and loses only the shape.
"""

import math
import re
from html.parser import HTMLParser

from django.utils.html import escape, urlize
from django.utils.text import Truncator

BLOCKS = {"p", "h2", "h3", "h4", "li", "blockquote", "caption", "tr", "table", "ul", "ol", "hr"}
CELLS = {"td", "th"}


def to_html(paragraphs: list[str]) -> str:
    """HTML of plain paragraphs: escaped, bare addresses linked."""
    return "\n".join(
        "<p>{}</p>".format(urlize(escape(p), autoescape=False).replace("\n", "<br>"))
        for p in paragraphs
    )


def to_paragraphs(body: str) -> list[str]:
    """The plain paragraphs of HTML `body`.

    A list item opens with "- ", the cells of a table row are parted by " | ", and a link
    whose text is not its address is followed by the address in brackets.
    """
    reader = _Reader()
    reader.feed(body)
    reader.close()
    reader.end_paragraph()
    return reader.paragraphs


def opening(body: str, length: int) -> str:
    """The beginning of HTML `body` as one plain line of `length` characters at most."""
    # Reading a little more than is shown spares a long body from being read whole.
    text = " ".join(to_paragraphs(body[: length * 8]))
    return Truncator(" ".join(text.split())).chars(length, truncate="…")


def reading_minutes(body: str, lang: str) -> int:
    """Minutes that HTML `body` in `lang` takes to read, rounded up, at least 1.

    Adults read about 500 Korean syllables or 230 English words of plain prose a minute.
    """
    text = " ".join(to_paragraphs(body))
    amount = len("".join(text.split())) / 500 if lang == "ko" else len(text.split()) / 230
    return max(1, math.ceil(amount))


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.paragraphs: list[str] = []
        self.text = ""
        self.prefix = ""
        self.links: list[tuple[str, int]] = []

    def handle_starttag(self, tag, attrs):
        if tag in BLOCKS:
            self.end_paragraph()
            if tag == "li":
                self.prefix = "- "
        elif tag == "br":
            self.text += "\n"
        elif tag in CELLS and self.text.strip():
            self.text += " | "
        elif tag == "a":
            self.links.append((dict(attrs).get("href") or "", len(self.text)))

    def handle_endtag(self, tag):
        if tag in BLOCKS:
            self.end_paragraph()
        elif tag == "a" and self.links:
            href, start = self.links.pop()
            if href and not _same_address(href, self.text[start:].strip()):
                self.text += f" ({href})"

    def handle_data(self, data):
        self.text += data.replace("\n", " ")

    def end_paragraph(self):
        lines = (" ".join(line.split()) for line in self.text.split("\n"))
        text = "\n".join(line for line in lines if line)
        if text:
            self.paragraphs.append(self.prefix + text)
            self.prefix = ""
        self.text = ""
        self.links = []


def _same_address(href: str, text: str) -> bool:
    def bare(address: str) -> str:
        return re.sub(r"^(https?://|mailto:|tel:)", "", address).rstrip("/").casefold()

    return bare(href) == bare(text)
