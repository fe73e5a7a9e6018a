"""The contact block: can a journalist reach somebody?"""

from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from contacts.phones import dial_link

from .findings import Finding, Level
from .sheet import Contact, Sheet


def somebody_can_be_called(sheet: Sheet) -> Iterator[Finding]:
    if not sheet.contacts:
        yield Finding(
            Level.WARNING,
            "contacts",
            _("Contact block"),
            _("Nobody is named whom journalists may call."),
            _("Add a row with a press contact."),
        )


def contacts_have_names(sheet: Sheet) -> Iterator[Finding]:
    for place, contact in enumerate(sheet.contacts):
        if not contact.name.strip():
            yield Finding(
                Level.ERROR,
                f"contacts-{place}-name",
                _where(place, contact),
                _("This row names nobody."),
                _("Choose a press contact, or write the name of a person or a desk."),
            )


def contacts_can_be_reached(sheet: Sheet) -> Iterator[Finding]:
    for place, contact in enumerate(sheet.contacts):
        if contact.has_left:
            continue  # somebody else is shown
        where = _where(place, contact)
        if not (contact.phone or contact.email):
            yield Finding(
                Level.WARNING,
                f"contacts-{place}-phone",
                where,
                _("There is neither a phone number nor an email address."),
                _("Add one of them, better both."),
            )
        elif not contact.phone:
            yield Finding(
                Level.NOTE,
                f"contacts-{place}-phone",
                where,
                _("There is no phone number."),
                _("Add one, if journalists may call."),
            )
        elif not contact.email:
            yield Finding(
                Level.NOTE,
                f"contacts-{place}-email",
                where,
                _("There is no email address."),
                _("Add one, if journalists may write."),
            )


def phones_can_be_dialled(sheet: Sheet) -> Iterator[Finding]:
    """Short numbers of hotlines are not understood either: this asks, and blocks nothing."""
    for place, contact in enumerate(sheet.contacts):
        if not contact.phone or contact.has_left:
            continue
        if not dial_link(contact.phone, contact.country_code):
            yield Finding(
                Level.WARNING,
                f"contacts-{place}-phone",
                _where(place, contact, contact.phone),
                _("This is no valid phone number: on a phone it cannot be tapped."),
                _("Write it with its country, as +82 2 555 0101."),
            )


def emails_are_addresses(sheet: Sheet) -> Iterator[Finding]:
    for place, contact in enumerate(sheet.contacts):
        if not contact.email:
            continue
        try:
            validate_email(contact.email)
        except ValidationError:
            yield Finding(
                Level.ERROR,
                f"contacts-{place}-email",
                _where(place, contact, contact.email),
                _("This is no email address."),
                _("Correct it; it looks like press@example.org."),
            )


def contacts_are_still_there(sheet: Sheet) -> Iterator[Finding]:
    for place, contact in enumerate(sheet.contacts):
        if contact.has_left and contact.successor:
            yield Finding(
                Level.NOTE,
                f"contacts-{place}-contact",
                _where(place, contact),
                _("This contact has left; the page shows %(successor)s instead.")
                % {"successor": contact.successor},
                _("Choose the successor in this row, if the release is new."),
            )
        elif contact.has_left:
            yield Finding(
                Level.WARNING,
                f"contacts-{place}-contact",
                _where(place, contact),
                _("This contact has left and nobody succeeds them: journalists reach no person."),
                _("Choose another contact, or name a successor in the directory."),
            )


def _where(place: int, contact: Contact, words: str = "") -> str:
    said = words or contact.name
    row = _("Contact block, row %(number)d") % {"number": place + 1}
    return f"{row}: “{said}”" if said else row
