"""Pictures, files and other people's pages within a text -> values beside it, and links.

No body of ours holds a picture: pictures stand with their release, described and in their order.
A film, a picture or a post of another site becomes a link to it, since our pages load nothing from
there, and what others have made is not ours to copy.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Protocol
from urllib.parse import unquote, urljoin, urlsplit

from django.utils.translation import gettext as _

from releases.hosts import host_of, site_at

from .markup import BLOCKS, Node, replace_each
from .posts import IncomingFile

PICTURE_ENDINGS = {"jpg", "jpeg", "jpe", "png", "gif", "webp", "avif", "bmp", "tif", "tiff", "heic"}
SOUND_ENDINGS = {"mp3", "m4a", "ogg", "oga", "wav", "wma", "flac"}
FILM_ENDINGS = {"mp4", "m4v", "mov", "webm", "ogv", "wmv", "avi", "flv", "mpg", "mpeg", "3gp"}
DOCUMENT_ENDINGS = {
    "pdf", "hwp", "hwpx", "doc", "docx", "odt", "rtf", "txt", "xls", "xlsx", "ods", "csv", "ppt",
    "pptx", "pps", "ppsx", "odp", "zip", "7z", "epub",
}  # fmt: skip
_UPLOADS = "/wp-content/uploads/"
_BLOGS_FILES = re.compile(r"/files/\d{4}/\d\d/")  # of a site among several, in old versions
_SMALLER = re.compile(r"-\d{2,5}x\d{2,5}(?=\.[A-Za-z]{3,4}$)")
_SIZED = re.compile(r"(?:-\d{2,5}x\d{2,5}|-scaled|-rotated|-e\d{9,})+\Z")
_PICTURE_NUMBER = re.compile(r"wp-image-(\d+)")
_YOUTUBE = re.compile(r"(?:https?:)?//(?:www\.)?youtube(?:-nocookie)?\.com/embed/([\w-]{6,})")
_VIMEO = re.compile(r"(?:https?:)?//player\.vimeo\.com/video/(\d+)")
_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)
_RESIZED = re.compile(r"(?:https?:)?//i\d\.wp\.com/")  # a copy that WordPress.com makes and serves
_SMILEY = re.compile(r"/wp-includes/images/smilies/|s\.w\.org/images/core/emoji/")


class Library(Protocol):
    """Where the pictures of a text come from.

    `hosts`: where else than at that of its pages the old site has its own.
    """

    hosts: Collection[str]

    def known(self, address: str, number: int | None) -> IncomingFile | None:
        """The picture or file that the old site keeps at `address`, or under `number`."""


@dataclass(frozen=True)
class NoLibrary:
    """Of a text that comes alone."""

    hosts: Collection[str] = ()

    def known(self, address: str, number: int | None) -> IncomingFile | None:
        return None


@dataclass
class Taken:
    """What was taken out of a text, in the order in which it stood there."""

    files: list[IncomingFile] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    buttons: list[str] = field(default_factory=list)  # words that only led to a file once more

    def add(self, file: IncomingFile) -> None:
        """Add a file, or what is said of it where it is there already."""
        for index, other in enumerate(self.files):
            if other.address == file.address:
                self.files[index] = replace(
                    other,
                    alt=other.alt or file.alt,
                    caption=other.caption or file.caption,
                    title=other.title or file.title,
                )
                if file.caption and other.caption not in {"", file.caption}:
                    caption = f"{other.caption} / {file.caption}"
                    self.files[index] = replace(self.files[index], caption=caption)
                return
        self.files.append(file)


def ending_of(address: str) -> str:
    """The ending of a file's name in an address, in small letters: "jpg"."""
    name = unquote(_path(address)).rpartition("/")[2]
    return name.rpartition(".")[2].lower() if "." in name else ""


def take_embedded(root: Node, base: str, library: Library | None = None) -> Taken:
    """Take pictures, films and embedded pages out of the tree; links to files stay in it.

    `base` is the address of the page: addresses in the text are made absolute by it.
    """
    return _Taker(base, library or NoLibrary()).take(root)


class _Taker:
    def __init__(self, base: str, library: Library):
        self.base, self.library = base, library
        self.taken = Taken()
        self.own_hosts = {site_at(base), *library.hosts} - {""}
        # Pictures of other sites, and what is said of them, by address.
        self.elsewhere: dict[str, IncomingFile] = {}

    def take(self, root: Node) -> Taken:
        for node in root.find("a"):
            if node.get("href"):
                node.attributes["href"] = self.absolute(node.get("href"))
        self.take_figures(root)
        replace_each(root, self.change)
        replace_each(root, self.lead_there)
        return self.taken

    def absolute(self, address: str) -> str:
        address = address.strip()
        if address.startswith(("mailto:", "tel:", "data:", "#")):
            return address
        if _RESIZED.match(address):
            address = _RESIZED.sub("http://", address.partition("?")[0])
        try:
            return urljoin(self.base, address)
        except ValueError:
            return address

    def take_figures(self, root: Node) -> None:
        """Pictures with their captions, outer figures last."""
        figures = [
            node
            for node in root.walk()
            if node.tag in {"figure", "dl"} or "wp-caption" in node.classes()
        ]
        for figure in figures:
            captions = [
                node
                for node in figure.walk()
                if node.tag == "figcaption" or "wp-caption-text" in node.classes()
            ]
            pictures = figure.find("img")
            inner = [node for node in figure.find("figure") if node.find("img")]
            if len(pictures) != 1 or len(captions) != 1 or inner:
                continue
            if captions[0].find("img"):
                continue
            [picture], [caption] = pictures, captions
            picture.attributes["data-caption"] = caption.text
            # Links of a caption would be lost: it is plain text.
            links = [a for a in caption.find("a") if a.get("href").startswith("http")]
            caption.children = [
                Node("p", {}, [Node("a", {"href": a.get("href")}, [a.text or a.get("href")])])
                for a in links
            ]

    def change(self, node: Node) -> list[Node | str] | None:
        """What stands in the place of an element whose inside is done already."""
        match node.tag:
            case "img":
                return self.picture(node)
            case "a":
                return self.link(node)
            case "iframe" | "embed":
                return self.embedded(node, node.get("src") or node.get("data-src"))
            case "object":
                return self.object(node)
            case "video" | "audio":
                return self.film_or_sound(node)
            case "picture":
                return _without(node, "source")
        if node.tag in {"p", "div", "figure"}:
            return self.lone_address(node)
        return None

    def picture(self, node: Node) -> list[Node | str]:
        src = (
            node.get("data-orig-file")
            or _largest(node.get("srcset"))
            or node.get("data-src")  # where `src` stands for it until it is in view
            or node.get("src")
        )
        if not src:
            return [" "]
        if _SMILEY.search(src) or "wp-smiley" in node.classes() or "emoji" in node.classes():
            return [node.get("alt")]
        if src.startswith("data:"):
            message = _(
                "a picture that stands in the text itself is left out (%(size)d KB): %(alt)s"
            )
            size = len(src) * 3 // 4 // 1000
            self.taken.messages.append(message % {"size": size, "alt": _line(node.get("alt"))})
            return [" "]
        if _is_pixel(node):
            message = _("a picture of one pixel, which counts readers, is left out: %(address)s")
            self.taken.messages.append(message % {"address": src})
            return [" "]
        number = _PICTURE_NUMBER.search(node.get("class"))
        digits = number[1] if number else node.get("data-id")
        said = IncomingFile(
            self.absolute(src),
            True,
            title=_line(node.get("title")),
            alt=_line(node.get("alt")),
            caption=_line(node.get("data-caption")),
        )
        file = self.file(said, int(digits) if digits.isdecimal() else None)
        if not self.is_own(file.address):
            return [" ", self.left_there(said), " "]
        # A mark for the link round it, which may lead to a larger one.
        self.taken.add(file)
        return [Node("span", {"data-picture": file.address}, [" "])]

    def file(self, said: IncomingFile, number: int | None = None) -> IncomingFile:
        """The file that is `said` to be there: the original of a smaller copy, as it is known."""
        address = said.address
        original = _SMALLER.sub("", address) if self.is_in_uploads(address) else address
        known = self.library.known(address, None) or self.library.known(original, None)
        if known is None and number is not None:
            # A text that was copied from another site brings that site's numbers along.
            numbered = self.library.known(address, number)
            known = numbered if numbered and _stem(numbered.address) == _stem(original) else None
        best = known.address if known else original
        others = dict.fromkeys(filter(self.is_own, (original, address)))
        return replace(
            said,
            address=best,
            title=said.title or (known.title if known else ""),
            alt=said.alt or (known.alt if known else ""),
            others=tuple(other for other in others if other != best),
        )

    def is_own(self, address: str) -> bool:
        """Whether an address is one of the old site, or may be, as far as is known."""
        host = host_of(address)
        return not host or not self.own_hosts or host in self.own_hosts

    def is_in_uploads(self, address: str) -> bool:
        path = _path(address)
        return self.is_own(address) and bool(_UPLOADS in path or _BLOGS_FILES.search(path))

    def is_file(self, address: str) -> bool:
        """Whether an address is in the old site's library."""
        return self.is_in_uploads(address) or self.library.known(address, None) is not None

    def left_there(self, said: IncomingFile) -> Node:
        """A mark for a picture of another site, which is none of ours to take."""
        self.elsewhere[said.address] = said
        return Node("span", {"data-elsewhere": said.address}, [_words_for(said)])

    def lead_there(self, node: Node) -> list[Node | str] | None:
        """The link in the place of such a mark."""
        address = node.get("data-elsewhere")
        if address not in self.elsewhere:
            return None
        message = _("a picture of another site is left there, and is a link to it: %(address)s")
        self.taken.messages.append(message % {"address": address})
        return [Node("a", {"href": address}, node.children)]

    def link(self, node: Node) -> list[Node | str] | None:
        href = node.get("href")
        marks = [mark for mark in node.find("span") if mark.get("data-picture")]
        ending = ending_of(href) if href.startswith("http") else ""
        if "wp-block-file__button" in node.classes():
            self.taken.buttons.append(node.text)
            return [" "]
        if any(mark.get("data-elsewhere") in self.elsewhere for mark in node.find("span")):
            return self.link_round_another(node, href, ending)
        if marks:
            return self.link_round_picture(node, href, ending, marks)
        if ending in PICTURE_ENDINGS | DOCUMENT_ENDINGS | SOUND_ENDINGS | FILM_ENDINGS and (
            self.is_file(href)
        ):
            title = "" if _ADDRESS.fullmatch(node.text) else node.text
            said = IncomingFile(href, False, title=title)
            if ending in PICTURE_ENDINGS:
                said = IncomingFile(href, True, alt=title)
            self.taken.add(self.file(said))
        return None

    def link_round_picture(
        self, node: Node, href: str, ending: str, marks: list[Node]
    ) -> list[Node | str]:
        """A link that has a picture for its words, or among them."""
        if ending in PICTURE_ENDINGS and self.is_own(href):
            self.enlarge(marks[0].get("data-picture"), href)
            return node.children
        if node.text or not href or href.startswith("#") or self.is_own_page_of_picture(href):
            return [node] if node.text else node.children
        words = next(
            (
                file.title or file.alt
                for file in self.taken.files
                if file.address == marks[0].get("data-picture")
            ),
            "",
        )
        return [*node.children, Node("a", {"href": href}, [words or href]), " "]

    def link_round_another(self, node: Node, href: str, ending: str) -> list[Node | str]:
        """A link that has a picture of another site among its words; neither address is lost."""
        left = []
        for mark in node.find("span"):
            if said := self.elsewhere.get(mark.get("data-elsewhere")):
                left.append(said)
                mark.attributes, mark.children = {}, []
        if ending in PICTURE_ENDINGS:
            # A smaller copy for the page: what it leads to is the picture.
            larger = replace(left[0], address=href)
            if self.is_own(href):
                self.taken.add(self.file(larger))
                return [*node.children, *map(self.left_there, left[1:])]
            return [*node.children, self.left_there(larger), *map(self.left_there, left[1:])]
        there = [part for said in left for part in (" ", self.left_there(said), " ")]
        if node.text:
            return [node, *there]
        if not href or href.startswith("#") or self.is_own_page_of_picture(href):
            return [*node.children, *there]
        return [*node.children, Node("a", {"href": href}, [_words_for(left[0])]), *there]

    def is_own_page_of_picture(self, href: str) -> bool:
        """Whether the link leads to the old site's page about the picture, which is no more."""
        return "attachment_id=" in href or "/attachment/" in href

    def enlarge(self, address: str, href: str) -> None:
        """A picture that links to a larger one of itself."""
        for index, file in enumerate(self.taken.files):
            if (
                file.address == address
                and address != href
                and not self.library.known(address, None)
            ):
                others = tuple(dict.fromkeys([address, *file.others]))
                self.taken.files[index] = replace(file, address=href, others=others)

    def embedded(self, node: Node, address: str) -> list[Node | str]:
        if not address or address.startswith("about:"):
            return [" "]
        address = self.absolute(address)
        if found := _YOUTUBE.match(address):
            address = f"https://www.youtube.com/watch?v={found[1]}"
        elif found := _VIMEO.match(address):
            address = f"https://vimeo.com/{found[1]}"
        words = _line(node.get("title")) or address
        return [Node("p", {}, [Node("a", {"href": address}, [words])])]

    def object(self, node: Node) -> list[Node | str]:
        values = {child.get("name").lower(): child.get("value") for child in node.find("param")}
        address = node.get("data") or values.get("movie") or values.get("src") or ""
        rest = _without(node, "param")
        if not address or node.find("a"):  # what stands in it says where it leads
            return rest
        address = re.sub(r"(youtube\.com)/v/([\w-]+).*", r"\1/watch?v=\2", self.absolute(address))
        return [Node("p", {}, [Node("a", {"href": address}, [address])]), *rest]

    def film_or_sound(self, node: Node) -> list[Node | str]:
        sources = [node.get("src"), *(child.get("src") for child in node.find("source"))]
        address = next(filter(None, sources), "")
        rest = _without(node, "source")
        if not address or node.find("a"):
            return rest
        address = self.absolute(address)
        words = _line(node.get("title")) or unquote(address.rpartition("/")[2])
        if self.is_file(address):
            self.taken.add(IncomingFile(address, False, title=words))
        return [Node("p", {}, [Node("a", {"href": address}, [words])]), *rest]

    def lone_address(self, node: Node) -> list[Node | str] | None:
        """An address on a line of its own leads there, as WordPress has it."""
        if any(child.tag in BLOCKS | {"a"} for child in node.walk() if child is not node):
            return None
        changed = []
        for child in node.children:
            if isinstance(child, str) and _ADDRESS.fullmatch(child.strip()):
                address = child.strip()
                changed.append(Node("a", {"href": address}, [address]))
            else:
                changed.append(child)
        return [Node(node.tag, node.attributes, changed)]


def _without(node: Node, tag: str) -> list[Node | str]:
    """The children of `node` but for those with `tag`, whose own children stay."""
    children: list[Node | str] = [" "]
    for child in node.children:
        if isinstance(child, Node) and child.tag == tag:
            children += child.children
        else:
            children.append(child)
    return [*children, " "]


def _largest(srcset: str) -> str:
    """The address of the widest picture in a `srcset`, "" where it says nothing."""
    best, width = "", 0.0
    for match in re.finditer(r"(\S+)\s+(\d+(?:\.\d+)?)[wx](?:,|\s|$)", srcset):
        if float(match[2]) > width:
            best, width = match[1].lstrip(","), float(match[2])
    return best


def _path(address: str) -> str:
    """The path of an address; "" of what is none: "//["."""
    try:
        return urlsplit(address).path
    except ValueError:
        return ""


def _stem(address: str) -> str:
    """The name of a file without what only says of which size it is."""
    name = unquote(_path(address)).rpartition("/")[2]
    return _SIZED.sub("", name.rpartition(".")[0]).casefold()


def _is_pixel(node: Node) -> bool:
    return {node.get("width"), node.get("height")} <= {"0", "1"}


def _words_for(picture: IncomingFile) -> str:
    """What a link to a picture says: what stood below it is a part of the text."""
    return picture.caption or picture.alt or picture.title or picture.address


def _line(text: str) -> str:
    return " ".join(text.split())
