"""What the templates of the public pages ask of the newsroom; `templating` gives it to them."""

import json
import re
from copy import copy
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.core.paginator import Page
from django.http import HttpRequest
from django.urls import NoReverseMatch, translate_url
from django.utils import formats, timezone, translation
from django.utils.encoding import escape_uri_path, iri_to_uri
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contacts import bilingual
from contacts.addresses import absolute, address_of
from contacts.cities import seat_of_government
from contacts.models import Mission
from releases.dates import korean_date, moment_in_words, posted_date
from releases.differences import Kind, Run

LANGUAGE_NAMES = {"ko": "한국어", "en": "English"}
# A tag of clean HTML with all of its attributes: what looks like a tag in one of them is none.
TAG = re.compile(r'<(?P<end>/?)(?P<name>[a-z0-9]+)(?: [a-z-]+="[^"]*")*>')


def language_of(text: str) -> str:
    """The language of `text`: its own if it knows it, else told by its letters."""
    return getattr(text, "lang", "") or bilingual.language_of(text)


def posted_on(moment: datetime) -> str:
    """The posted line: "Posted on Tue, Sep-09-2014", "2014년 9월 9일(화) 게시"."""
    day = korean_date(moment) if bilingual.reader_language() == "ko" else posted_date(moment)
    return _("Posted on %(day)s") % {"day": day}


def seoul_moment(moment: datetime) -> str:
    """Day and minute in Seoul: "24 November 2026, 19:41 Korean time"."""
    return moment_in_words(moment)


def grouped(number: int) -> str:
    """`number` with its thousands parted by commas, as both languages write them: "12,345"."""
    return f"{number:,}"


CHANGED = (
    '<{tag}><span class="unseen visually-hidden"{lang}>{said} </span>{text}'
    '<span class="unseen visually-hidden"> ]</span></{tag}>'
)


def marked_text(runs: list[Run], lang: str = "", here: str = "") -> SafeString:
    """`runs` as a paragraph in `lang`; what was done is said in words too, in `here`.

    Both are "ko" or "en"; empty where the page around is in that language.
    """
    kinds = {Kind.IN: ("ins", _("[added:")), Kind.OUT: ("del", _("[removed:"))}
    words_lang = format_html(' lang="{}"', here) if lang and here else ""
    shown = SafeString()
    for run in runs:
        if run.kind in kinds:
            tag, said = kinds[run.kind]
            shown += format_html(CHANGED, tag=tag, lang=words_lang, said=said, text=run.shown)
        else:
            shown += conditional_escape(run.text)
    text_lang = format_html(' lang="{}"', lang) if lang else ""
    return format_html('<p class="marked"{}>{}</p>', text_lang, shown)


def in_regions(html: SafeString, language: str) -> SafeString:
    """Clean `html`, written in `language`, with each table in a region of its own.

    The region can be scrolled by keyboard, so a table wider than a phone is no trap. A table
    within another belongs to the region of that one.
    """
    if "<table" not in html:
        return html
    places, depth, start = [], 0, 0
    for tag in TAG.finditer(html):
        if tag["name"] == "table" and not tag["end"]:
            start = start if depth else tag.start()
            depth += 1
        elif tag["name"] == "table":
            depth -= 1
            if depth == 0:
                places.append(slice(start, tag.end()))
    with translation.override(language):
        label = _("Table")
    for number, place in reversed(list(enumerate(places, 1))):
        name = f"{label} {number}" if len(places) > 1 else label
        opening = format_html('<section class="table" tabindex="0" aria-label="{}">', name)
        html = f"{html[: place.start]}{opening}{html[place]}</section>{html[place.stop :]}"
    # CleanHTMLField has cleaned it, and whole elements were put round whole elements.
    return mark_safe(html)  # nosec B308 # cleaned or escaped above


def number_of_releases(number: int, is_more: bool = False) -> str:
    """How many releases there are; `is_more`: counting stopped at `number`."""
    shown = {"number": formats.number_format(number, use_l10n=True, force_grouping=True)}
    if is_more:
        return _("More than %(number)s releases") % shown
    return ngettext("%(number)s release", "%(number)s releases", number) % shown


def time_to_read(minutes: int) -> str:
    """How long a text takes to read: "3 minutes to read"."""
    words = ngettext("%(minutes)s minute to read", "%(minutes)s minutes to read", minutes)
    return words % {"minutes": minutes}


def json_ld(data: dict[str, Any]) -> SafeString:
    """`data` as a JSON-LD script that no text in it can end."""
    words = json.dumps(data, ensure_ascii=False)
    # In JSON these three occur within strings only.
    words = words.replace("<", "\\u003C").replace(">", "\\u003E").replace("&", "\\u0026")
    return mark_safe(f'<script type="application/ld+json">{words}</script>')  # nosec B308 # cleaned or escaped above


class OfficeTime(NamedTuple):
    """The time at an office: its IANA `zone`, its `place` and UTC `offset` ("UTC+3") in words."""

    zone: str
    place: str
    offset: str


def office_time(mission: Mission | None) -> OfficeTime | None:
    """The time at a mission's office: its UTC offset, which a script makes its local time.

    It is named by the seat of government if the time zone is, else by the mission.
    """
    # An import that does not know where an office is puts it into UTC, where none is.
    if not mission or mission.time_zone in ("", "UTC"):
        return None
    zone = mission.time_zone
    seat = seat_of_government(mission.country_code, zone, bilingual.reader_language())
    minutes = int(timezone.now().astimezone(ZoneInfo(zone)).utcoffset().total_seconds() // 60)
    hours, rest = divmod(abs(minutes), 60)
    offset = f"UTC{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")
    return OfficeTime(zone, seat or mission.name, offset)


def head_links(
    request: HttpRequest, page: Page | None = None, languages: list[str] | None = None
) -> SafeString:
    """The canonical address of this page and those of its other languages.

    `languages`: those in which the page exists (default both). In one in which it does not, it
    is kept out of search engines instead. The number of the `page` is part of the address,
    filters are not.
    """
    query = f"?page={page.number}" if page and page.number > 1 else ""
    addresses = {
        language: absolute(request, path_in(language, request) + query)
        for language in languages or bilingual.LANGUAGES
    }
    if not (canonical := addresses.get(bilingual.reader_language())):
        return mark_safe('<meta name="robots" content="noindex">')  # nosec B308 # our own words
    links = format_html('<link rel="canonical" href="{}">', canonical)
    if len(addresses) == 1:
        return links
    others = [*sorted(addresses.items(), reverse=True), ("x-default", addresses["ko"])]
    line = '\n<link rel="alternate" hreflang="{}" href="{}">'
    return links + format_html_join("", line, others)


def this_page_in(request: HttpRequest | None, language: str) -> str:
    """The address of this very page, query and all, in `language`.

    What stands at one address in no language leads to the listing instead.
    """
    there = path_in(language, request) if request else ""
    if not request or there == path_in(bilingual.reader_language(), request):
        return listing_in(language)
    query = iri_to_uri(request.META.get("QUERY_STRING", ""))
    return f"{there}?{query}" if query else there


def language_link(request: HttpRequest | None, to_listing: bool = False) -> SafeString:
    """The way to this page in the other language, or to the listing in it."""
    language = "ko" if bilingual.reader_language() == "en" else "en"
    address = listing_in(language) if to_listing else this_page_in(request, language)
    link = '<a class="language" href="{0}" lang="{1}" hreflang="{1}">{2}</a>'
    return format_html(link, address, language, LANGUAGE_NAMES[language])


def querystring(request: HttpRequest, **changes: Any) -> str:
    """The query string of this page with `changes`, where None takes a parameter away."""
    asked = copy(request.GET)  # which, unlike its own method, copies no value
    for name, value in changes.items():
        if value is None:
            asked.pop(name, None)
        else:
            asked[name] = value
    # A link to nothing would keep all that is asked now.
    return f"?{asked.urlencode()}" if asked or request.GET else ""


def path_in(language: str, request: HttpRequest) -> str:
    """The path of this very page in `language`; the same where it stands in no language.

    As `translate_url` of Django, which would look up anew which view is asked, and for long.
    """
    match = request.resolver_match
    if match is None:  # whoever answers has not looked which view is asked
        return translate_url(escape_uri_path(request.path), language)
    try:
        return address_of(match.view_name, *match.args, language=language, **match.kwargs)
    except NoReverseMatch:
        return escape_uri_path(request.path)


def listing_in(language: str) -> str:
    return address_of("releases:list", language=language)
