"""What templates ask of the newsroom."""

import re
from datetime import datetime

from django import template
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from contacts import bilingual
from releases.dates import korean_date, posted_date
from releases.models import Release

register = template.Library()

FIRST_PARAGRAPH = re.compile(r"<p(?: [^>]*)?>")


@register.filter
def language_of(text: str) -> str:
    """The language of `text`: its own if it knows it, else told by its letters."""
    return getattr(text, "lang", "") or bilingual.language_of(text)


@register.filter
def posted_on(moment: datetime) -> str:
    """The posted line: "Posted on Tue, Sep-09-2014", "2014년 9월 9일(화) 게시"."""
    day = korean_date(moment) if bilingual.reader_language() == "ko" else posted_date(moment)
    return _("Posted on %(day)s") % {"day": day}


@register.simple_tag
def body_with_dateline(release: Release) -> SafeString:
    """The body as HTML, opened by its dateline: "Iraq - IOM …"."""
    # CleanHTMLField has cleaned the body; the dateline is escaped here.
    body = mark_safe(str(release.body))
    if not release.dateline:
        return body
    place = format_html('<span class="dateline">{}</span>', str(release.dateline))
    if first := FIRST_PARAGRAPH.match(body):
        return format_html("{}{} - {}", mark_safe(first[0]), place, mark_safe(body[first.end() :]))
    return format_html("<p>{}</p>{}", place, body)


@register.simple_tag(takes_context=True)
def this_page_in(context: template.Context, language: str) -> str:
    """The address of this very page, query and all, in `language`."""
    request: HttpRequest | None = context.get("request")
    return translate_url(request.get_full_path(), language) if request else "/"
