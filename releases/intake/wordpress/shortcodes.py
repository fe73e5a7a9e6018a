"""Shortcodes of WordPress: `[gallery ids="1,2"]`, `[caption …]…[/caption]`, `[embed]…[/embed]`.

The known ones become the HTML that says the same. The others are WordPress plug-ins' own: they
stay in the text as they are and are named, since nobody here knows what they stood for.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import unescape

from django.utils.html import escape
from django.utils.translation import gettext as _

from .embeds import Titles
from .site import Attachment, Site

_NAME = r"[A-Za-z][\w-]*"
_ATTRIBUTES = r"""(?:[^\[\]"'/<]|"[^"\n]*"|'[^'\n]*'|/(?!\])|<[^<>]*>)*"""
_OPENING = re.compile(
    rf"(?P<escaped>\[)?\[(?P<name>{_NAME})(?P<attributes>(?=[\s\]/]){_ATTRIBUTES})(?P<alone>/)?\]"
)
_ATTRIBUTE = re.compile(
    r"""(?P<name>[\w-]+)\s*=\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^\s"']+))"""
    r"""|"(?P<value>[^"]+)"|(?P<word>\S+)"""
)
_PICTURE = re.compile(r"\s*((?:<a\b[^>]*>\s*)?<img\b[^>]*>(?:\s*</a>)?)(?P<caption>.*)", re.DOTALL)
_SOURCES = ("src", "mp3", "m4a", "ogg", "wav", "mp4", "m4v", "webm", "ogv", "flv", "wmv")


@dataclass
class Converted:
    """HTML in which known shortcodes are converted, with what a person should know."""

    html: str
    spent: list[str] = field(default_factory=list)  # the shortcodes' own words, now gone
    messages: list[str] = field(default_factory=list)
    added: list[str] = field(default_factory=list)  # what the text only names
    entitled: list[str] = field(default_factory=list)  # addresses that titles stand for
    lacks: bool = False  # whether the export does not hold what it shows


def convert(text: str, site: Site, number: int, titles: Titles) -> Converted:
    """The shortcodes in the `text` of post `number` as HTML."""
    return _Converter(site, number, titles).convert(text)


class _Converter:
    def __init__(self, site: Site, number: int, titles: Titles):
        self.site, self.number, self.titles = site, number, titles
        self.entitled: list[str] = []
        self.spent: list[str] = []
        self.lacks = False
        self.messages: dict[str, None] = {}
        self.closings_of, self.closings = "", {}  # where the last of each closes in one text
        self.known: dict[str, Callable[[dict[str, str], str], str | None]] = {
            "caption": self.caption,
            "wp_caption": self.caption,
            "gallery": self.gallery,
            "embed": self.embed,
            "audio": self.film_or_sound,
            "video": self.film_or_sound,
            "playlist": self.playlist,
        }

    def convert(self, text: str) -> Converted:
        html = self.converted(text)
        return Converted(
            html, self.spent, list(self.messages), entitled=self.entitled, lacks=self.lacks
        )

    def converted(self, text: str) -> str:
        parts, end = [], 0
        for opening in _OPENING.finditer(text):
            if opening.start() < end:
                continue
            parts.append(text[end : opening.start()])
            html, end = self.one(text, opening)
            parts.append(html)
        return "".join([*parts, text[end:]])

    def one(self, text: str, opening: re.Match) -> tuple[str, int]:
        """What a shortcode becomes, and where in `text` it ends."""
        name = opening["name"]
        inner_end, end = self.closing(text, opening)
        inner = text[opening.end() : inner_end]
        if opening["escaped"] and text.startswith("]", end):
            return text[opening.start() + 1 : end], end + 1
        start = opening.start() + len(opening["escaped"] or "")
        convert = self.known.get(name.lower())
        html = convert and convert(_attributes(opening["attributes"]), inner)
        if html is not None:
            self.spent += [text[start : opening.end()], text[inner_end:end]]
            return f"{opening['escaped'] or ''}\n\n{html}\n\n", end
        if convert or _is_shortcode(opening, is_closed=end > opening.end()):
            message = _("the shortcode “%(name)s” is unknown; it stands in the text as it was.")
            if convert:
                message = _(
                    "the shortcode “%(name)s” shows nothing; it stands in the text as it was."
                )
            self.messages[message % {"name": name}] = None
        return opening[0], opening.end()

    def closing(self, text: str, opening: re.Match) -> tuple[int, int]:
        """Where the closing tag of a shortcode begins and ends; it has none where both are one."""
        name = opening["name"]
        here = opening.end()
        if opening["alone"] or here > self.last_closing(text, name):
            return here, here
        again = re.compile(rf"\[{name}[\s\]]").search(text, here)
        at = text.find(f"[/{name}]", here, again.start() if again else len(text))
        return (here, here) if at < 0 else (at, at + len(name) + 3)

    def last_closing(self, text: str, name: str) -> int:
        if self.closings_of is not text:
            self.closings_of, self.closings = text, {}
        if name not in self.closings:
            self.closings[name] = text.rfind(f"[/{name}]")
        return self.closings[name]

    def caption(self, attributes: dict[str, str], inner: str) -> str | None:
        found = _PICTURE.fullmatch(inner)
        if not found:
            return f"<figure>{inner}</figure>" if "<img" in inner else None
        caption = found["caption"].strip() or attributes.get("caption", "")
        return f"<figure>{found[1]}<figcaption>{caption}</figcaption></figure>"

    def gallery(self, attributes: dict[str, str], inner: str) -> str | None:
        files = self.files(attributes)
        if files is None:
            return None
        return "\n\n".join([*map(_picture, files), inner])

    def playlist(self, attributes: dict[str, str], inner: str) -> str | None:
        files = self.files(attributes)
        if files is None:
            return None
        links = [_link(file.address, file.title) for file in files if file.is_sound or file.is_film]
        return "\n\n".join([*links, inner])

    def files(self, attributes: dict[str, str]) -> list[Attachment] | None:
        """What a gallery shows: the files named, else all that were uploaded to the post.

        None where there is nothing to be shown; then it stays in the text.
        """
        named = attributes.get("ids") or attributes.get("include")
        if not named:
            parent = attributes.get("id", "")
            left_out = set(_numbers(attributes.get("exclude", "")))
            files = self.site.pictures_of(int(parent) if parent.isdecimal() else self.number)
            files = [file for file in files if file.number not in left_out]
            self.lacks |= not files
        else:
            files = []
            for number in _numbers(named):
                if number in self.site.attachments:
                    files.append(self.site.attachments[number])
                else:
                    message = _("the export lacks picture %(number)d of a gallery.")
                    self.messages[message % {"number": number}] = None
                    self.lacks = True
        return files or None

    def embed(self, attributes: dict[str, str], inner: str) -> str | None:
        address = unescape(inner.strip()) or attributes.get("src", "")
        if not _is_address(address):
            return None
        title = self.titles(address)
        if title and inner.strip():
            self.entitled.append(address)
        return _link(address, title)

    def film_or_sound(self, attributes: dict[str, str], inner: str) -> str | None:
        address = next((attributes[key] for key in _SOURCES if attributes.get(key)), "")
        address = address or unescape(inner.strip())
        if not _is_address(address):
            return None
        rest = f"\n\n{inner}" if inner.strip() and unescape(inner.strip()) != address else ""
        return _link(address, attributes.get("title", "")) + rest


def _is_shortcode(opening: re.Match, is_closed: bool) -> bool:
    """Whether a word in brackets, as "[sic]", was most likely meant for a plug-in."""
    name, attributes = opening["name"], opening["attributes"]
    return bool(is_closed or "=" in attributes or re.search(r"[_\d-]", name))


def _attributes(text: str) -> dict[str, str]:
    found = {}
    for match in _ATTRIBUTE.finditer(text):
        value = match["value"] or match["word"]
        if match["name"]:
            value = match["double"] or match["single"] or match["bare"] or ""
        found.setdefault((match["name"] or "src").lower(), unescape(value))
    return found


def _numbers(text: str) -> list[int]:
    return [int(number) for number in re.findall(r"(?<!\d)\d{1,18}(?!\d)", text)]


def _is_address(text: str) -> bool:
    return bool(re.fullmatch(r"(?:https?:)?/{1,2}\S+", text))


def _link(address: str, title: str = "") -> str:
    return f'<p><a href="{escape(address)}">{escape(title or address)}</a></p>'


def _picture(file: Attachment) -> str:
    if not file.is_picture:
        return _link(file.address, file.title)
    caption = f"<figcaption>{file.caption}</figcaption>" if file.caption else ""
    return f'<figure><img src="{escape(file.address)}" data-id="{file.number}">{caption}</figure>'
