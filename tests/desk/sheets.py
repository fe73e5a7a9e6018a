"""Sheets of plain values for the doctor's checks, and what it says of them in English."""

from datetime import date

from django.utils import translation

from releases.doctor import Finding, Level, Sheet, look_over
from releases.doctor.sheet import Contact, read_passage

WORDS = [f"{part}_{lang}" for lang in ("ko", "en") for part in ("title", "summary", "body")]
TUESDAY = date(2014, 9, 9)

# A release in which nothing is to be found.
SOUND = {
    "title_ko": "구호품 도착",
    "body_ko": "<p>구호품이 마을에 도착했다.</p>",
    "title_en": "Relief arrives",
    "body_en": "<p>Relief has arrived in the town.</p>",
    "release_date": TUESDAY,
    "posted_on": TUESDAY,
    "today": TUESDAY,
    "contacts": (Contact("Press desk", "Office", "+82 2 555 0101", "desk@example.org"),),
}


def sheet(**values) -> Sheet:
    """A sound release but for `values`."""
    values = SOUND | values
    read = [read_passage(name, values.pop(name, "")) for name in WORDS]
    return Sheet(passages=tuple(passage for passage in read if passage.paragraphs), **values)


def findings(**values) -> list[Finding]:
    """What is found in a sound release but for `values`, in English."""
    with translation.override("en"):
        return look_over(sheet(**values))


def said(level: Level | None = None, **values) -> list[str]:
    """Why, of each finding of `level` (default any)."""
    return [f.why for f in findings(**values) if level in (None, f.level)]


def says(why: str, **values) -> list[Finding]:
    """The findings whose reason holds `why`."""
    return [finding for finding in findings(**values) if why in finding.why]
