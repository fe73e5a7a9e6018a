"""What templates ask of the newsroom."""

import json
import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse, translate_url
from django.utils import formats, timezone, translation
from django.utils.encoding import escape_uri_path, iri_to_uri
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contacts import bilingual
from contacts.cities import seat_of_government
from contacts.models import Mission
from releases.dates import korean_date, moment_in_words, posted_date
from releases.models import Release

register = template.Library()

# A tag of clean HTML with all of its attributes: what looks like a tag in one of them is none.
TAG = re.compile(r'<(?P<end>/?)(?P<name>[a-z0-9]+)(?: [a-z-]+="[^"]*")*>')


@register.filter
def language_of(text: str) -> str:
    """The language of `text`: its own if it knows it, else told by its letters."""
    return getattr(text, "lang", "") or bilingual.language_of(text)


@register.filter
def posted_on(moment: datetime) -> str:
    """The posted line: "Posted on Tue, Sep-09-2014", "2014년 9월 9일(화) 게시"."""
    day = korean_date(moment) if bilingual.reader_language() == "ko" else posted_date(moment)
    return _("Posted on %(day)s") % {"day": day}


@register.filter
def seoul_moment(moment: datetime) -> str:
    """Day and minute in Seoul: "24 November 2026, 19:41 Seoul time"."""
    return moment_in_words(moment)


@register.filter
def grouped(number: int) -> str:
    """`number` with its thousands parted by commas, as both languages write them: "12,345"."""
    return f"{number:,}"


CARD = """
<article class="card">
  <p class="card-date"><time datetime="{day}">{headline_date}</time></p>
  <div class="card-text">
    <h2><a href="{address}" lang="{title_lang}">{title}</a></h2>
    {summary}
    <p class="card-facts">{corrected} {mission} {posted} <span>{views}</span></p>
  </div>
</article>
"""


@register.simple_tag
def release_card(release: Release, in_mission: bool = False) -> SafeString:
    """A release of a list, with what was searched for marked in it; `in_mission`: on its page.

    Twenty of them by a template, a look-up for each word, took as long as all else on the page.
    """
    title, posted, mission, hit = release.title, release.posted_at, release.mission, release.hit
    summary = hit.passage if hit else release.summary
    lang = hit.lang if hit else summary.lang
    line = '<p class="summary" lang="{}">{}</p>'
    link = '<a href="{}" lang="{}">{}</a>'
    time = '<time datetime="{}">{}</time>'
    return format_html(
        CARD,
        day=release.release_date.isoformat(),
        headline_date=release.headline_date,
        address=release.get_absolute_url(),
        title_lang=title.lang,
        title=hit.title if hit else title,
        summary=format_html(line, lang, summary) if summary else "",
        corrected=format_html('<strong class="corrected">{}</strong>', _("Corrected"))
        if release.corrected_at
        else "",
        mission=format_html(link, mission.get_absolute_url(), (name := mission.name).lang, name)
        if mission and not in_mission
        else "",
        posted=format_html(time, posted.isoformat(), posted_on(posted))
        if posted.date() != release.release_date
        else "",
        views=f"{_('Views')} {grouped(release.views)}",
    )


@register.filter
def in_regions(html: SafeString, language: str) -> SafeString:
    """Clean `html`, written in `language`, with each table in a region of its own.

    The region can be scrolled by keyboard, so a table wider than a phone is no trap. A table
    within another belongs to the region of that one.
    """
    with translation.override(language):
        label = _("Table")
    places, depth, start = [], 0, 0
    for tag in TAG.finditer(html):
        if tag["name"] == "table" and not tag["end"]:
            start = start if depth else tag.start()
            depth += 1
        elif tag["name"] == "table":
            depth -= 1
            if depth == 0:
                places.append(slice(start, tag.end()))
    for number, place in reversed(list(enumerate(places, 1))):
        name = f"{label} {number}" if len(places) > 1 else label
        opening = format_html('<section class="table" tabindex="0" aria-label="{}">', name)
        html = f"{html[: place.start]}{opening}{html[place]}</section>{html[place.stop :]}"
    # CleanHTMLField has cleaned it, and whole elements were put round whole elements.
    return mark_safe(html)


@register.simple_block_tag(takes_context=True)
def page_title(context: template.Context, content: SafeString) -> SafeString:
    """What the page is called: in a tab with the name of the site, where it is shared without."""
    return format_html(
        '<title>{0} – {1}</title>\n  <meta property="og:title" content="{0}">',
        content,
        context["SITE_NAME"],
    )


@register.simple_block_tag
def page_description(content: SafeString) -> SafeString:
    """What the page is about, for search engines and where it is shared."""
    return format_html(
        '<meta name="description" content="{0}">\n  <meta property="og:description" content="{0}">',
        content,
    )


@register.simple_tag
def number_of_releases(number: int, is_more: bool = False) -> str:
    """How many releases there are; `is_more`: counting stopped at `number`."""
    shown = {"number": formats.number_format(number, use_l10n=True, force_grouping=True)}
    if is_more:
        return _("More than %(number)s releases") % shown
    return ngettext("%(number)s release", "%(number)s releases", number) % shown


@register.simple_tag(takes_context=True)
def absolute_static(context: template.Context, path: str) -> str:
    """The whole address of a static file, for those who read a page elsewhere."""
    return context["request"].build_absolute_uri(static(path))


@register.simple_tag
def json_ld(data: dict[str, Any]) -> SafeString:
    """`data` as a JSON-LD script that no text in it can end."""
    inert = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}
    # Escaped above: in JSON these three occur within strings only.
    data_block = mark_safe(json.dumps(data, ensure_ascii=False).translate(inert))
    return format_html('<script type="application/ld+json">{}</script>', data_block)


@register.inclusion_tag("includes/office_time.html")
def office_time(mission: Mission | None) -> dict[str, str]:
    """The time at a mission's office: its UTC offset, which a script makes its local time.

    It is named by the seat of government if the time zone is, else by the mission.
    """
    # An import that does not know where an office is puts it into UTC, where none is.
    if mission is None or mission.time_zone in ("", "UTC"):
        return {}
    zone = mission.time_zone
    seat = seat_of_government(mission.country_code, zone, bilingual.reader_language())
    minutes = int(timezone.now().astimezone(ZoneInfo(zone)).utcoffset().total_seconds() // 60)
    hours, rest = divmod(abs(minutes), 60)
    offset = f"UTC{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")
    return {"zone": zone, "place": seat or mission.name, "offset": offset}


@register.inclusion_tag("includes/head_links.html", takes_context=True)
def head_links(context: template.Context, languages: list[str] | None = None) -> dict[str, Any]:
    """The canonical address of this page and those of its other languages.

    `languages`: those in which the page exists (default both). In one in which it does not, it
    is kept out of search engines instead. The page number is part of the address, filters are
    not.
    """
    request: HttpRequest = context["request"]
    page = context.get("page")
    query = f"?page={page.number}" if page and page.number > 1 else ""
    exists_in = languages or list(bilingual.LANGUAGES)
    addresses = {
        language: request.build_absolute_uri(path_in(language, request) + query)
        for language in sorted(exists_in, reverse=True)
    }
    return {
        "canonical": addresses.get(bilingual.reader_language()),
        "alternates": addresses.items() if len(addresses) > 1 else (),
        "default": addresses.get("ko"),
    }


@register.simple_tag(takes_context=True)
def this_page_in(context: template.Context, language: str) -> str:
    """The address of this very page, query and all, in `language`.

    What stands at one address in no language leads to the listing instead.
    """
    request: HttpRequest | None = context.get("request")
    there = path_in(language, request) if request else ""
    if not request or there == escape_uri_path(request.path):
        return listing_in(language)
    query = iri_to_uri(request.META.get("QUERY_STRING", ""))
    return f"{there}?{query}" if query else there


@register.inclusion_tag("includes/language_link.html", takes_context=True)
def language_link(context: template.Context, to_listing: bool = False) -> dict[str, str]:
    """The way to this page in the other language, or to the listing in it."""
    language = "ko" if bilingual.reader_language() == "en" else "en"
    address = listing_in(language) if to_listing else this_page_in(context, language)
    return {"language": language, "address": address}


def path_in(language: str, request: HttpRequest) -> str:
    """The path of this very page in `language`; the same where it stands in no language.

    As `translate_url` of Django, which would look up anew which view is asked, and for long.
    """
    match, here = request.resolver_match, escape_uri_path(request.path)
    if match is None:  # whoever answers has not looked which view is asked
        return translate_url(here, language)
    with translation.override(language):
        try:
            return reverse(match.view_name, args=match.args, kwargs=match.kwargs)
        except NoReverseMatch:
            return here


def listing_in(language: str) -> str:
    with translation.override(language):
        return reverse("releases:list")
