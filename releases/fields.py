"""The one gate through which words enter a release.

Both fields clean in `pre_save`, so that a form, an import, the shell and `bulk_create` all
store the same thing; only `.update()` goes round them.
"""

import re
import unicodedata

import nh3
from django.db import models
from django.utils.html import linebreaks

# What a press release needs, and nothing that runs, styles or loads anything.
TAGS = {
    "a", "abbr", "b", "blockquote", "br", "caption", "cite", "em", "h2", "h3", "h4", "hr", "i",
    "li", "ol", "p", "q", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th",
    "thead", "tr", "ul",
}  # fmt: skip
ATTRIBUTES = {
    "*": {"lang"},
    "a": {"href", "hreflang"},
    "abbr": {"title"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
CLEANER = nh3.Cleaner(
    tags=TAGS,
    clean_content_tags={"script", "style", "title"},
    attributes=ATTRIBUTES,
    url_schemes={"http", "https", "mailto", "tel"},
    link_rel=None,
    strip_comments=True,
)
BLOCK = re.compile(r"<(?:p|h[1-6]|ul|ol|blockquote|table|div|section|hr)\b", re.IGNORECASE)

# Characters that neither print nor are fit for a database: C0 but tab and line feed, DEL, C1,
# lone surrogates and non-characters.
UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
# Overrides that would turn round the text that follows them on the page.
DIRECTION_OVERRIDES = re.compile("[\u202a-\u202e\u2066-\u2069]")


def clean_text(value: str) -> str:
    """`value` in NFC with plain line feeds and nothing unprintable in it."""
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    value = DIRECTION_OVERRIDES.sub("", UNPRINTABLE.sub("", value))
    return unicodedata.normalize("NFC", value)


def clean_line(value: str) -> str:
    """`value` as one line: clean, with each run of white space as a single space."""
    return " ".join(clean_text(value).split())


def clean_html(value: str) -> str:
    """Safe, semantic HTML of whatever was written or pasted.

    Text without any block becomes paragraphs, one for each run of lines between blank ones.
    Tags that are not allowed go, their text stays; scripts go whole.
    """
    value = clean_text(value)
    if value and not BLOCK.search(value):
        value = linebreaks(value)
    return CLEANER.clean(value).strip()


class LineField(models.CharField):
    """One line of plain text."""

    def pre_save(self, model_instance, add):
        value = super().pre_save(model_instance, add)
        if isinstance(value, str):
            value = clean_line(value)
            setattr(model_instance, self.attname, value)
        return value


class CleanHTMLField(models.TextField):
    """HTML that is safe to show as it is stored."""

    def pre_save(self, model_instance, add):
        value = super().pre_save(model_instance, add)
        if isinstance(value, str):
            value = clean_html(value)
            setattr(model_instance, self.attname, value)
        return value
