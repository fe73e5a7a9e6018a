"""The text of a post as it stands in an export -> HTML as WordPress would show it."""

import json
import re

from django.utils.html import escape
from django.utils.translation import gettext as _

from ..autop import autop
from ..counted import source_text
from ..markup import only_tags
from .embeds import Titles, with_titles
from .shortcodes import Converted, convert
from .site import Site

_BLOCK = re.compile(
    r"<!--\s*(?P<closing>/)?wp:(?P<name>[a-z][a-z0-9_/-]*)\s*(?P<options>\{(?:(?!-->|<!--).)*?\})?\s*"
    r"(?P<alone>/)?-->",
    re.DOTALL,
)
_FREEFORM = re.compile(
    r"<!--\s*wp:freeform\b(?:(?!<!--).)*?-->(?P<text>(?:(?!<!--\s*wp:freeform\b).)*?)"
    r"<!--\s*/wp:freeform\s*-->",
    re.DOTALL,
)
_SILENT = {"more", "nextpage", "separator", "spacer", "image", "paragraph", "heading", "group"}
_MOST_REUSED = 20  # blocks in one post


def html_of(text: str, site: Site, number: int, titles: Titles) -> Converted:
    """The HTML of post `number`: paragraphs made, shortcodes converted, comments gone."""
    messages: dict[str, None] = {}
    added: list[str] = []
    lacks = False
    is_of_blocks = "<!-- wp:" in text or "<!--wp:" in text
    if is_of_blocks:
        text = _with_reused(text, site, messages, added)
        lacks = bool(messages)
        text = _FREEFORM.sub(lambda block: autop(block["text"]), text)
        text = _without_comments(text, messages, titles)
    converted = convert(only_tags(text), site, number, titles)
    html, named = with_titles(converted.html, titles)
    return Converted(
        html if is_of_blocks else autop(html),
        converted.spent,
        [*messages, *converted.messages],
        added,
        [*converted.entitled, *named],
        lacks or converted.lacks,
    )


def _without_comments(text: str, messages: dict[str, None], titles: Titles) -> str:
    """The HTML of the blocks, and of what stands between them, as the classic editor has it."""
    parts, depth, end = [], 0, 0
    for block in _BLOCK.finditer(text):
        between = text[end : block.start()]
        parts += [between if depth else autop(between), _of_block(block, messages, titles)]
        if not block["alone"]:
            depth = max(0, depth + (-1 if block["closing"] else 1))
        end = block.end()
    return "\n".join([*parts, text[end:] if depth else autop(text[end:])])


def _with_reused(text: str, site: Site, messages: dict[str, None], added: list[str]) -> str:
    """`text` with the blocks that several posts share put in their places, and in `added`."""
    for _time in range(_MOST_REUSED):
        found = re.search(r'<!--\s*wp:block\s+\{[^{}]*"ref"\s*:\s*(\d+)[^{}]*\}\s*/-->', text)
        if not found:
            break
        shared = site.reused.get(int(found[1]))
        if shared is None:
            message = _("the export lacks the reusable block %(number)s that stood in the text.")
            messages[message % {"number": found[1]}] = None
        added.append(source_text(shared or ""))
        text = text[: found.start()] + (shared or "") + text[found.end() :]
    return text


def _of_block(block: re.Match, messages: dict[str, None], titles: Titles) -> str:
    """What a block's comment says that is not in its HTML."""
    if not block["alone"]:
        return ""
    name = block["name"].removeprefix("core/")
    if name in _SILENT:
        return ""
    try:
        options = json.loads(block["options"] or "{}")
    except (ValueError, RecursionError):
        options = {}
    address = options.get("url") or options.get("href")
    if isinstance(address, str) and address:
        words = titles(address) or address
        return f'<p><a href="{escape(address)}">{escape(words)}</a></p>'
    message = _("the block “%(name)s” is left out: its content was made by WordPress.")
    messages[message % {"name": name}] = None
    return ""
