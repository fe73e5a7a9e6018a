"""HTML of other systems as a small tree that can be taken apart and written again.

A real parser of HTML (nh3) puts the tags in order first, so that nothing here meets one that is
not closed. What comes out is not safe yet: it goes through `releases.fields.clean_html` like all
that enters a release.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

import nh3
from django.utils.html import escape

from contacts.text import clean_text
from releases.fields import ATTRIBUTES, OTHER_TAGS, STRAY_BRACKET, TAGS

# Read as pictures, sounds, films and other people's pages; none of them is in a body of ours.
EMBEDDING = {"img", "picture", "source", "iframe", "embed", "object", "param", "video", "audio"}
VOID = {"br", "hr", "img", "source", "embed", "param"}
_SEEN = {
    "*": {"lang", "class", "id", "title"},
    "a": {"href", "hreflang", "download"},
    "img": {"src", "srcset", "alt", "width", "height", "data-id", "data-src", "data-orig-file"},
    "source": {"src", "srcset"},
    "iframe": {"src", "data-src"},
    "embed": {"src"},
    "object": {"data"},
    "param": {"name", "value"},
    "video": {"src", "poster"},
    "audio": {"src"},
}
SCRIPT = re.compile(r"<(script|style)\b[^<>]*>(?:(?!<\1\b).)*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_NO_TAG = re.compile(r"<(?=[!?])")
_A_TAG = re.compile(
    r"""<(?P<end>/)?(?P<name>[A-Za-z][A-Za-z0-9:-]*)(?:[^<>"']|"[^"]*"|'[^']*')*>"""
)
# Unknown here, and of no effect on the words that they stand between.
_JOINING = {
    "acronym", "bdi", "bdo", "big", "code", "del", "dfn", "font", "ins", "kbd", "label", "mark",
    "nobr", "s", "samp", "small", "span", "strike", "time", "tt", "u", "var", "wbr", "blink",
}  # fmt: skip
_KNOWN = TAGS | set(OTHER_TAGS) | EMBEDDING

_CLEANER = nh3.Cleaner(
    tags=_KNOWN,
    attributes={
        tag: _SEEN.get(tag, set()) | ATTRIBUTES.get(tag, set()) for tag in {*_SEEN, *ATTRIBUTES}
    },
    url_schemes={"http", "https", "mailto", "tel", "data"},
    link_rel=None,
    strip_comments=True,
)

MOST_DEPTH = 100  # elements within one another; what lies deeper stands side by side

# Blocks that hold other blocks, and those that hold the words of one paragraph, item or cell.
CONTAINERS = {
    "", "address", "article", "aside", "blockquote", "center", "details", "div", "dl", "figure",
    "footer", "form", "header", "main", "nav", "ol", "section", "table", "tbody", "tfoot", "thead",
    "tr", "ul",
}  # fmt: skip
WORDED = {
    "caption", "dd", "dt", "figcaption", "h1", "h2", "h3", "h4", "h5", "h6", "li", "p", "pre",
    "summary", "td", "th",
}  # fmt: skip
BLOCKS = CONTAINERS | WORDED | {"hr"}


@dataclass(eq=False)
class Node:
    """An element; the root of a tree has no tag."""

    tag: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Node | str"] = field(default_factory=list)

    def get(self, name: str) -> str:
        return self.attributes.get(name, "")

    def walk(self) -> Iterator["Node"]:
        """This element and all below it, in the order of the text."""
        yield self
        for child in self.children:
            if isinstance(child, Node):
                yield from child.walk()

    def find(self, *tags: str) -> list["Node"]:
        """All elements below this one with one of the tags."""
        return [node for node in self.walk() if node.tag in tags and node is not self]

    @property
    def text(self) -> str:
        """All words of the element as one line."""
        return " ".join(spaced(self).split())

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to be seen or read in it."""
        return not self.text and not self.find("hr", *EMBEDDING)

    def classes(self) -> set[str]:
        return set(self.get("class").split())


def parse(html: str) -> Node:
    """The tree of any HTML, however badly written. Scripts and style sheets are not in it."""
    html = SCRIPT.sub(" ", STRAY_BRACKET.sub("&lt;", only_tags(html)))
    parts, end = [], 0
    for tag in _A_TAG.finditer(html):
        # A tag that does not end is none, and would hide what follows it.
        parts += [html[end : tag.start()].replace("<", "&lt;"), _tamed(tag)]
        end = tag.end()
    parts.append(html[end:].replace("<", "&lt;"))
    reader = _Reader()
    reader.feed(_CLEANER.clean("".join(parts)))
    reader.close()
    for node in reader.root.find("pre"):
        _break_lines(node)
    return reader.root


def only_tags(html: str) -> str:
    """HTML without comments; what a parser would take for one, "<?php" say, becomes words."""
    if "<![CDATA[" in html:
        html = html.replace("<![CDATA[", "").replace("]]>", "")
    parts, end = [], 0
    while (start := html.find("<!--", end)) >= 0 and (closing := html.find("-->", start)) >= 0:
        parts.append(html[end:start])
        end = closing + 3
    return _NO_TAG.sub("&lt;", "".join([*parts, html[end:]]))


def _tamed(tag: re.Match) -> str:
    """A tag so that a parser of HTML loses none of the words behind it; unknown ones go."""
    name = tag["name"].lower()
    if name == "iframe":
        # Without its end it would take all that follows for its own.
        return " " if tag["end"] else f"{tag[0]}</iframe>"
    if name in _KNOWN:
        return tag[0]
    return "" if name in _JOINING or ":" in name else " "


def _break_lines(node: Node) -> None:
    """Line ends of preformatted text as line breaks."""
    children: list[Node | str] = []
    for child in node.children:
        if isinstance(child, Node):
            _break_lines(child)
            children.append(child)
            continue
        for index, line in enumerate(child.split("\n")):
            children += [Node("br"), line] if index else [line]
    node.children = children


def write(node: Node | str) -> str:
    """The HTML of a tree or a text."""
    if isinstance(node, str):
        return escape(node)
    between = "\n" if node.tag in {"", "article", "blockquote", "div", "main", "section"} else ""
    inner = between.join(map(write, node.children))
    if not node.tag:
        return inner
    attributes = "".join(f' {name}="{escape(value)}"' for name, value in node.attributes.items())
    if node.tag in VOID:
        return f"<{node.tag}{attributes}>"
    return f"<{node.tag}{attributes}>{inner}</{node.tag}>"


def replace_each(root: Node, change) -> None:
    """Let `change` put other nodes in place of each element, those inside it first.

    It takes an element and returns a list of nodes, or None to leave it as it is.
    """
    children: list[Node | str] = []
    for child in root.children:
        if isinstance(child, str):
            children.append(child)
            continue
        replace_each(child, change)
        changed = change(child)
        children += [child] if changed is None else changed
    root.children = children


class _Reader(HTMLParser):
    """Builds a tree from tags that are in order."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.root = Node()
        self.open: list[tuple[str, Node]] = [("", self.root)]  # each tag, and what takes its words

    def handle_starttag(self, tag, attrs):
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.open[-1][1].children.append(node)
        if tag not in VOID:
            is_too_deep = len(self.open) > MOST_DEPTH
            self.open.append((tag, self.open[-1][1] if is_too_deep else node))

    def handle_endtag(self, tag):
        if self.open[-1][0] == tag and tag:
            self.open.pop()

    def handle_data(self, data):
        if text := clean_text(data):
            self.open[-1][1].children.append(text)


def spaced(node: Node) -> str:
    """All words of the element with the white space round them; blocks stand on their own."""
    parts = []
    for child in node.children:
        if isinstance(child, str):
            parts.append(child)
        elif child.tag == "br":
            parts.append("\n")
        elif child.tag in BLOCKS:
            parts += ["\n", spaced(child), "\n"]
        else:
            parts.append(spaced(child))
    return "".join(parts)


@dataclass(eq=False)
class Run:
    """What stands side by side in one block, cut at its line breaks: `lines` of nodes."""

    block: Node
    lines: list[list[Node | str]]
    is_row: bool = False  # of a list or a table: one below another without a blank line


def plain(nodes: list[Node | str]) -> str:
    """The words of nodes that stand side by side."""
    return Node(children=list(nodes)).text


def runs(root: Node) -> list[Run]:
    """Every run of words in the tree, in order; the children of its block are put anew.

    After changing `lines` of runs, `put_back` writes them into their blocks.
    """
    found: list[Run] = []
    _gather(root, found)
    return found


def _gather(block: Node, found: list[Run]) -> None:
    children: list[Node | str] = []
    side_by_side: list[Node | str] = []

    def close() -> None:
        if any(isinstance(node, Node) or node.strip() for node in side_by_side):
            target = block
            if block.tag in CONTAINERS:
                target = Node("p")
                children.append(target)
                run = Run(target, _lines(side_by_side))
            else:
                placeholder = Node("span")
                children.append(placeholder)
                is_row = block.tag in {"li", "td", "th", "dt", "dd"}
                run = Run(placeholder, _lines(side_by_side), is_row)
            found.append(run)
        side_by_side.clear()

    for child in _flat(block.children):
        if isinstance(child, Node) and child.tag in BLOCKS:
            close()
            _gather(child, found)
            children.append(child)
        else:
            side_by_side.append(child)
    close()
    block.children = children


def _flat(children: list[Node | str]) -> Iterator[Node | str]:
    """The children, with blocks taken out of inline elements round them."""
    for child in children:
        if isinstance(child, Node) and child.tag not in BLOCKS and child.find(*BLOCKS):
            yield from _wrapped_deep(child, _flat(child.children))
        else:
            yield child


def _wrapped(wrapper: Node, inline: list[Node | str]) -> list[Node | str]:
    """`inline` within a copy of `wrapper`; as it is where there are no words in it."""
    if not plain(inline):
        return list(inline)
    return [Node(wrapper.tag, wrapper.attributes, list(inline))]


def _wrapped_deep(wrapper: Node, nodes: Iterable[Node | str]) -> Iterator[Node | str]:
    """`nodes`, with `wrapper` round whatever stands side by side among them and in their blocks."""
    inline: list[Node | str] = []
    for child in nodes:
        if isinstance(child, Node) and child.tag in BLOCKS:
            yield from _wrapped(wrapper, inline)
            inline = []
            child.children = list(_wrapped_deep(wrapper, child.children))
            yield child
        else:
            inline.append(child)
    yield from _wrapped(wrapper, inline)


def _lines(nodes: list[Node | str]) -> list[list[Node | str]]:
    """The nodes cut at each line break; an element that one goes through is there twice."""
    lines: list[list[Node | str]] = [[]]
    for node in nodes:
        if isinstance(node, str):
            lines[-1].append(node)
        elif node.tag == "br":
            lines.append([])
        elif node.find("br"):
            first, *others = _lines(node.children)
            lines[-1].append(Node(node.tag, node.attributes, first))
            lines += [[Node(node.tag, node.attributes, line)] for line in others]
        else:
            lines[-1].append(node)
    return lines


def put_back(found: list[Run]) -> None:
    """Write the lines of each run into its block, with a break between each two."""
    for run in found:
        children: list[Node | str] = []
        for line in run.lines:
            if plain(line) or Node(children=list(line)).find(*EMBEDDING):
                children += ([Node("br")] if children else []) + _trimmed(line)
        run.block.children = children


def _trimmed(line: list[Node | str]) -> list[Node | str]:
    """A line without the white space at its ends."""
    line = list(line)
    while line and _is_space(line[0]):
        del line[0]
    while line and _is_space(line[-1]):
        del line[-1]
    if line and isinstance(line[0], str):
        line[0] = line[0].lstrip()
    if line and isinstance(line[-1], str):
        line[-1] = line[-1].rstrip()
    return line


def _is_space(node: Node | str) -> bool:
    return not node.strip() if isinstance(node, str) else node.tag not in VOID and node.is_empty


def prune(root: Node) -> None:
    """Take away what holds nothing; a cell stays where another of its row holds something."""
    children = []
    for child in root.children:
        if isinstance(child, Node) and child.tag not in VOID:
            prune(child)
            is_cell = child.tag in {"td", "th"}
            if child.is_empty and not (is_cell and not root.is_empty):
                if root.tag not in CONTAINERS and (child.tag in BLOCKS or spaced(child)):
                    children.append(" ")  # between two words it stays
                continue
        children.append(child)
    is_blank = all(isinstance(child, str) and not child.strip() for child in children)
    root.children = [] if is_blank and root.tag in BLOCKS else children


def drop_opening(nodes: list[Node | str], letters: int) -> list[Node | str]:
    """The nodes without their first `letters`, white space not counted, and the space behind."""
    left, nodes = _dropped(nodes, letters)
    return nodes


def _dropped(nodes: list[Node | str], letters: int) -> tuple[int, list[Node | str]]:
    kept: list[Node | str] = []
    for index, node in enumerate(nodes):
        if isinstance(node, str):
            at = 0
            while at < len(node) and (letters > 0 or node[at].isspace()):
                letters -= not node[at].isspace()
                at += 1
            if at < len(node):
                return 0, [*kept, node[at:], *nodes[index + 1 :]]
        else:
            letters, children = _dropped(node.children, letters)
            if children:
                return 0, [*kept, Node(node.tag, node.attributes, children), *nodes[index + 1 :]]
            if node.tag in VOID:
                kept.append(node)
    return letters, kept
