"""Pictures: what those who cannot see them are told."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from .findings import Finding, Level
from .sheet import Sheet


def pictures_are_described(sheet: Sheet) -> Iterator[Finding]:
    """A picture without any words shuts people out; in the second language it is a note."""
    for place, picture in enumerate(sheet.pictures):
        alts = {"ko": picture.alt_ko.strip(), "en": picture.alt_en.strip()}
        if picture.is_decorative:
            continue
        where = _("Picture %(number)d") % {"number": place + 1}
        missing = [lang for lang in alts if not alts[lang]]
        if len(missing) == len(alts):
            lang = sheet.bodies[0].lang if sheet.bodies else "ko"
            yield Finding(
                Level.ERROR,
                f"pictures-{place}-alt_{lang}",
                where,
                _("It has no alternative text: who cannot see it learns nothing of it."),
                _("Say in a sentence what it shows, or mark it as decorative."),
            )
        elif missing and missing[0] in sheet.languages:
            yield Finding(
                Level.NOTE,
                f"pictures-{place}-alt_{missing[0]}",
                where,
                _("Its alternative text is in one language only."),
                _("Add it in the other one."),
            )
