"""A text of another system and what is known of it -> a post: one way for all sources."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from html import unescape

from django.utils.html import escape
from django.utils.translation import gettext as _

from releases.fields import STRAY_BRACKET, clean_summary
from releases.hosts import site_at
from releases.prose import lines, opening, plain_line

from .counted import Compared, told_of_surplus
from .embedded import Library, Taken, take_embedded
from .framed import take_frame
from .incoming import Remark
from .markup import SCRIPT, parse
from .posts import IncomingFile, IncomingPost, Standing

DATED = {Standing.PUBLIC, Standing.SCHEDULED, Standing.WITHDRAWN}
# What says in words what was a film or a page; as do the signs of smileys, which were pictures.
_LINK_WORDS = re.compile(r"<a\b[^>]*>(.*?)</a>", re.DOTALL)
_MAIL_ADDRESS = re.compile(r"""mailto:([^"'?>\s]+)""")
_MOST_OF_A_HEADLINE = 100  # characters, where it is made of the first words


@dataclass
class Found:
    """What a source says of one post; `html` is its text as a reader there would get it."""

    source_key: str
    number: int
    line: int
    title: str
    html: str
    posted: datetime  # aware; of a draft, when it was written
    zone: tzinfo  # of the old site
    base: str = ""  # the address of the text: what stands in it relatively leads from there
    site: str = ""  # where the host of that is not all of it
    is_of_feed: bool = False
    kind: str = "post"
    written: str | None = None  # the text as its author wrote it, where that is another
    standing: Standing = Standing.PUBLIC
    release_date: date | None = None  # where the headline has none
    edited_at: datetime | None = None
    place: str = ""  # where the text has no dateline
    summary: str = ""  # HTML
    slug: str = ""
    author: str = ""
    terms: tuple[str, ...] = ()
    views: int | None = None
    addresses: tuple[str, ...] = ()
    messages: list[str] = field(default_factory=list)
    spent: list[str] = field(default_factory=list)  # words of `written` that say how it is shown
    added: list[str] = field(default_factory=list)  # words of `html` that `written` only names
    entitled: list[str] = field(default_factory=list)  # addresses that titles stand for


def compose(
    found: Found,
    library: Library | None = None,
    arrange: Callable[[Taken], tuple[IncomingFile, ...]] = lambda taken: tuple(taken.files),
) -> IncomingPost:
    """The post that `found` describes; `arrange` puts its files in their order."""
    root = parse(found.html)
    signs = [picture.get("alt") for picture in root.find("img")]
    taken = take_embedded(root, found.base, library)
    title = plain_line(STRAY_BRACKET.sub("&lt;", found.title))
    framed = take_frame(title, root)
    summary = clean_summary(found.summary)
    messages = [*found.messages, *taken.messages, *framed.messages]
    is_headless = not framed.title
    if is_headless:
        framed.title = opening(framed.body or summary, _MOST_OF_A_HEADLINE)
        messages.append(_("it has no headline; its first words are taken for one."))
    day = found.posted.astimezone(found.zone).date()
    if framed.posted_on and framed.posted_on != day:
        told = _("its text says that it was posted on %(day)s; the old site’s date is kept.")
        messages.append(told % {"day": framed.posted_on})
    views = found.views if framed.views is None else framed.views
    if found.views is not None and views != found.views:
        told = _("its text says %(printed)d views, its counter %(counted)d; the greater is taken.")
        messages.append(told % {"printed": views, "counted": found.views})
        views = max(views, found.views)
    written = found.html if found.written is None else found.written
    by_design = [*found.added, *signs, *_added_by_design(found.html, framed.body)]
    if is_headless:
        by_design.append(framed.title)
    compared = Compared(
        title, [written, found.summary], [escape(framed.title), summary, framed.body]
    )
    if more := compared.surplus(by_design):
        messages.append(told_of_surplus(more))
    return IncomingPost(
        source_key=found.source_key,
        number=found.number,
        kind=found.kind,
        line=found.line,
        title=framed.title,
        body=framed.body,
        release_date=framed.release_date or found.release_date or day,
        standing=found.standing,
        publish_at=found.posted if found.standing in DATED else None,
        edited_at=found.edited_at,
        summary=summary,
        slug=found.slug,
        place=framed.place or found.place,
        dash=framed.dash,
        author=found.author,
        terms=found.terms,
        contact_heading=framed.contact_heading,
        contacts=framed.contacts,
        views=views,
        files=arrange(taken),
        site=found.site or site_at(found.base),
        is_of_feed=found.is_of_feed,
        addresses=found.addresses,
        remarks=tuple(Remark(found.line, message) for message in messages),
        words=compared.counted(
            [
                *framed.aside,
                ("captions", " ".join(file.caption for file in taken.files)),
                ("buttons", " ".join(taken.buttons)),
                ("embeds", " ".join(found.entitled)),
                ("shortcodes", " ".join(found.spent)),
                ("scripts", " ".join(script[0] for script in SCRIPT.finditer(written))),
            ],
        ),
    )


def _added_by_design(html: str, body: str) -> list[str]:
    """Words that a text has only here: titles and addresses in links, mail addresses."""
    links = [lines(found[1]) for found in _LINK_WORDS.finditer(body)]
    return [*links, *map(unescape, _MAIL_ADDRESS.findall(html))]
