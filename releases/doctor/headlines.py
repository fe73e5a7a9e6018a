"""Headlines, summaries and languages: what a release cannot do without, and its first line."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from releases.intake import layout
from releases.prose import EXCERPT_LENGTH

from .findings import Finding, Level, at_field, label
from .sheet import Sheet

# Two lines of a card; what is longer, search engines and mail programs cut off.
LONG_HEADLINE = {"ko": 60, "en": 120}  # characters


def has_a_headline(sheet: Sheet) -> Iterator[Finding]:
    if not (sheet.passage("title_ko").text or sheet.passage("title_en").text):
        yield Finding(
            Level.ERROR,
            "title_ko",
            label("title_ko"),
            _("There is no headline in either language."),
            _("Write a headline in Korean or in English."),
        )


def has_a_text(sheet: Sheet) -> Iterator[Finding]:
    if not sheet.bodies:
        yield Finding(
            Level.ERROR,
            "body_ko",
            label("body_ko"),
            _("There is no text in either language."),
            _("Write the text in Korean or in English."),
        )


def is_in_both_languages(sheet: Sheet) -> Iterator[Finding]:
    """A Korean headline above an English text is how this newsroom works: no more than a note."""
    missing = {
        name
        for name in ("title_ko", "title_en", "body_ko", "body_en")
        if not sheet.passage(name).text
    }
    if {"title_ko", "title_en"} <= missing or {"body_ko", "body_en"} <= missing:
        return  # an error says so already
    if missing == {"title_en", "body_ko"}:
        yield Finding(
            Level.NOTE,
            "body_ko",
            label("body_ko"),
            _("The headline is in Korean only and the text in English only."),
            _("Add the text in Korean and the headline in English, if there are any."),
        )
        return
    if "title_ko" in missing:
        yield Finding(
            Level.WARNING,
            "title_ko",
            label("title_ko"),
            _("There is no headline in Korean: Korean pages list the English one."),
            _("Write a headline in Korean."),
        )
    for name in sorted(missing - {"title_ko"}):
        yield Finding(
            Level.NOTE,
            name,
            label(name),
            _("It is empty: readers of this language get the other one."),
            _("Add the translation, if there is one."),
        )


def carries_a_date(sheet: Sheet) -> Iterator[Finding]:
    if sheet.release_date is None:
        yield Finding(
            Level.ERROR,
            "release_date",
            label("release_date"),
            _("The headline carries no date."),
            _("Enter the release date; it is printed before the headline."),
        )


def prints_its_date_once(sheet: Sheet) -> Iterator[Finding]:
    for name in ("title_ko", "title_en"):
        title = sheet.passage(name).text
        try:
            dated = layout.headline(title)
        except layout.BadDate:
            yield Finding(
                Level.WARNING,
                name,
                at_field(name, title),
                _("The headline opens with a date that the calendar does not have."),
                _("Delete it: the release date is printed before the headline."),
            )
            continue
        if dated and dated[0] == sheet.release_date:
            yield Finding(
                Level.WARNING,
                name,
                at_field(name, title),
                _("The headline opens with its date, which is printed before it: it shows twice."),
                _("Delete the date from the headline."),
            )
        elif dated:
            yield Finding(
                Level.WARNING,
                name,
                at_field(name, title),
                _("The headline opens with another date than the release date."),
                _("Delete it from the headline, and look whether the release date is right."),
            )


def headline_is_a_headline(sheet: Sheet) -> Iterator[Finding]:
    for name in ("title_ko", "title_en"):
        passage = sheet.passage(name)
        title, limit = passage.text, LONG_HEADLINE[passage.lang]
        if len(title) > limit:
            yield Finding(
                Level.NOTE,
                name,
                at_field(name, title),
                _("The headline has %(length)d characters; lists have room for %(limit)d.")
                % {"length": len(title), "limit": limit},
                _("Shorten it: the rest can open the text."),
            )
        if _ends_a_sentence(title):
            yield Finding(
                Level.NOTE,
                name,
                at_field(name, title),
                _("The headline ends with a full stop."),
                _("Delete the full stop."),
            )


def _ends_a_sentence(title: str) -> bool:
    """Whether `title` ends with one full stop that belongs to no abbreviation ("U.S.", "Jr.")."""
    if not title.endswith((".", "。")) or title.endswith(".."):
        return False
    last = title.split()[-1].rstrip(".。")
    return "." not in last and last not in ABBREVIATIONS


ABBREVIATIONS = {"Jr", "Sr", "Inc", "Ltd", "Co", "Corp", "etc", "St", "No", "Dr"}


def summary_fits_a_card(sheet: Sheet) -> Iterator[Finding]:
    for name in ("summary_ko", "summary_en"):
        text = sheet.passage(name).text
        if len(text) > EXCERPT_LENGTH:
            yield Finding(
                Level.WARNING,
                name,
                at_field(name, text),
                _("The summary has %(length)d characters; a card has room for %(limit)d.")
                % {"length": len(text), "limit": EXCERPT_LENGTH},
                _("Shorten it to one or two sentences."),
            )
