"""The gate through which HTML enters a release; `contacts.text` is that of plain words."""

import re
import unicodedata

import nh3
from django.db import models
from django.utils.html import linebreaks

from contacts.text import CleanField, printable

from .prose import excerpt

# What a press release needs, and nothing that runs, styles or loads anything. The editor of
# the desk (static/js/desk/editor_schema.js) knows the same: opening a text there loses nothing.
TAGS = {
    "a", "abbr", "blockquote", "br", "cite", "em", "h2", "h3", "h4", "hr", "li", "ol", "p", "q",
    "strong", "sub", "sup", "table", "tbody", "td", "th", "tr", "ul",
}  # fmt: skip
ATTRIBUTES = {
    "*": {"lang"},
    "a": {"href", "hreflang"},
    "abbr": {"title"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
# A summary is a paragraph or two: it stands on cards, where neither lists nor tables fit.
SUMMARY_TAGS = {"a", "br", "em", "p", "strong"}

# Blocks that other programs write. Without them their text would run into one.
PARAGRAPHS = (
    "address", "article", "aside", "caption", "center", "dd", "details", "div", "dl", "dt",
    "figcaption", "figure", "footer", "form", "header", "main", "nav", "pre", "section",
    "summary",
)  # fmt: skip
# What says the same here.
OTHER_TAGS = dict.fromkeys(PARAGRAPHS, "p") | {
    "h1": "h2", "h5": "h4", "h6": "h4", "b": "strong", "i": "em", "tfoot": "tbody",
    "thead": "tbody",
}  # fmt: skip
OTHER_SUMMARY_TAGS = OTHER_TAGS | dict.fromkeys(
    ("blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "td", "th"), "p"
)
BLOCK = re.compile(r"<(?:p|h[2-4]|ul|ol|li|blockquote|table|hr)\b", re.IGNORECASE)
EMPTY_PARAGRAPH = re.compile(r"<p>(?:\s|&nbsp;|<br>)*</p>")
# The one paragraph of a list item or a cell, which says nothing that the item does not.
ONLY_PARAGRAPH = re.compile(
    r"(<(?:li|td|th)(?: [^>]*)?>)\s*<p>((?:(?!</?p\b).)*)</p>\s*(?=</(?:li|td|th)>|<[ou]l\b)",
    re.DOTALL,
)
NEXT_TABLE_PART = re.compile(r"</tbody>\s*<tbody>")
MOST_PASSES = 8
# A bracket that opens no tag, as in "Jane <jane@example.org>" or "3<5", is text.
STRAY_BRACKET = re.compile(r"<(?!/?[A-Za-z][A-Za-z0-9:-]*(?:[\s/>]|\Z)|[!?])")


class Gate:
    """Lets `tags` through; `others` are turned into what says the same, the rest into text."""

    def __init__(self, tags: set[str], others: dict[str, str]):
        self.others = others
        names = "|".join(others)
        self.other_tag = re.compile(rf"(</?)({names})(?=[\s/>])", re.IGNORECASE)
        self.cleaner = nh3.Cleaner(
            tags=tags,
            clean_content_tags={"script", "style", "title"},
            attributes={tag: ATTRIBUTES[tag] for tag in ATTRIBUTES if tag in tags | {"*"}},
            url_schemes={"http", "https", "mailto", "tel"},
            link_rel=None,
            strip_comments=True,
        )

    def clean(self, value: str) -> str:
        """Safe, semantic HTML of whatever was written or pasted.

        Text without any block becomes paragraphs, one for each run of lines between blank
        ones. Tags that are not allowed go, their text stays; scripts go whole. Cleaning twice
        gives what cleaning once gave, so saving a release again never changes it.
        """
        value = STRAY_BRACKET.sub("&lt;", value)
        # Character references come to light in one pass and are judged in the next.
        for _pass in range(MOST_PASSES):
            cleaned = self._clean_once(value)
            if cleaned == value:
                break
            value = cleaned
        return value

    def _clean_once(self, value: str) -> str:
        # Normalised between the brackets alone: a tag's own ">" would join a combining solidus.
        value = re.sub(
            r"[^<>]+", lambda run: unicodedata.normalize("NFC", run[0]), printable(value)
        )
        value = self.other_tag.sub(lambda tag: tag[1] + self.others[tag[2].lower()], value).strip()
        if value and not BLOCK.search(value):
            value = linebreaks(value)
        value = EMPTY_PARAGRAPH.sub("", self.cleaner.clean(value))
        value = ONLY_PARAGRAPH.sub(r"\1\2", value)
        return NEXT_TABLE_PART.sub("", value).strip()


clean_html = Gate(TAGS, OTHER_TAGS).clean
clean_summary = Gate(SUMMARY_TAGS, OTHER_SUMMARY_TAGS).clean


class CleanHTMLField(CleanField, models.TextField):
    """HTML that is safe to show as it is stored."""

    gate = staticmethod(clean_html)


class SummaryField(CleanHTMLField):
    """HTML of paragraphs, with emphasis and links and nothing else."""

    gate = staticmethod(clean_summary)


class ExcerptField(models.TextField):
    """What a list says of the texts in the columns `summary` and `body`, worked out when saved."""

    def __init__(self, summary: str, body: str, **options):
        super().__init__(**{"default": "", "blank": True, "editable": False} | options)
        self.summary, self.body = summary, body

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        return name, path, [self.summary, self.body, *args], kwargs

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        words = excerpt(getattr(model_instance, self.summary), getattr(model_instance, self.body))
        setattr(model_instance, self.attname, words)
        return words
