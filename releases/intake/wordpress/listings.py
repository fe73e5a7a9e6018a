"""Pages on which a theme, a block or a plug-in shows posts: they have nothing of their own."""

import re

from .items import Item

# What takes no words to show something: pictures, films, sounds, other pages, forms.
_SHOWN = re.compile(
    r"<(?:img|picture|svg|iframe|embed|object|video|audio|form|canvas)\b", re.IGNORECASE
)
# None of these goes on past the sign that opens the next one, nor tries a name in parts: of
# thousands that are never closed each would be read to the end of the text.
_TAG = re.compile(r"<[^<>]*>|&nbsp;")
_BLOCK = re.compile(r"<!--\s*wp:([a-z][a-z0-9_/-]*)")
_SHORTCODE = re.compile(r"\[/?([A-Za-z][\w-]*+)[^\[\]]*+\]")
# Blocks that only arrange others, or say where there is nothing.
_FRAMES = {
    "paragraph", "heading", "group", "columns", "column", "cover", "separator", "spacer", "more",
    "nextpage", "shortcode", "html", "freeform", "list", "row", "stack", "buttons",
}  # fmt: skip
# What blocks and shortcodes are called that show posts, or what stands round them.
_SHOWS_POSTS = re.compile(
    r"posts?(?![a-z])|query|archive|categor|catlist|latest|recent|tag-?cloud|loop(?![a-z])|"
    r"blog(?![a-z])|news(?![a-z])|calendar|search|rss(?![a-z])|comments?(?![a-z])|page-list|"
    r"pagination|read-more|site-|template-part|navigation",
    re.IGNORECASE,
)


def is_listing(item: Item) -> bool:
    """Whether `item` is a public page that shows posts, or nothing at all, and has no words."""
    if item.kind != "page" or item.status != "publish" or item.text("wp:post_password"):
        return False
    text = item.text("content:encoded") + item.text("excerpt:encoded")
    return bool(item.text("title")) and not _says(text)


def _says(text: str) -> bool:
    """Whether HTML as it was written says or shows anything but posts."""
    if _SHOWN.search(text) or not all(map(_is_of_posts, _BLOCK.findall(text))):
        return True
    text = _without_comments(text)
    shortcodes = _SHORTCODE.findall(text)
    if not all(map(_SHOWS_POSTS.search, shortcodes)):
        return True
    return bool(_TAG.sub("", _SHORTCODE.sub("", text)).strip())


def _without_comments(text: str) -> str:
    kept, at = [], 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start)) >= 0:
        kept.append(text[at:start])
        at = end + len("-->")
    return "".join([*kept, text[at:]])


def _is_of_posts(block: str) -> bool:
    name = block.removeprefix("core/")
    return name in _FRAMES or bool(_SHOWS_POSTS.search(name))
