"""Printed places and people -> missions and entries of the directory, found or founded."""

import re

from contacts.bilingual import language_of
from contacts.countries import country_named
from contacts.models import Mission, PressContact

from .incoming import IncomingContact


def mission_of(place: str) -> Mission | None:
    """The mission that a printed place stands for, or None.

    "Nairobi, Kenya" is Kenya's: the whole is tried first, then its parts from the last.
    """
    missions = Mission.objects.all()
    return next(filter(None, map(missions.named, parts_of_place(place))), None)


def found_mission(place: str) -> Mission | None:
    """A new mission for `place`: with its country's names and time zone where it is one.

    None where the place is too long for a mission's name.
    """
    country = next(filter(None, map(country_named, parts_of_place(place))), None)
    if country is None:
        if len(place) > Mission._meta.get_field("name_en").max_length:
            return None
        name = {f"name_{language_of(place)}": place}
        return Mission.objects.create(**name, slug=Mission.free_slug(place), time_zone="UTC")
    return Mission.objects.create(
        name_ko=country.name_ko,
        name_en=country.name_en,
        slug=Mission.free_slug(country.name_en),
        aliases="\n".join(country.aliases),
        country_code=country.code,
        time_zone=country.time_zone,
    )


def parts_of_place(place: str) -> list[str]:
    return [place, *reversed(re.split(r"\s*[,/&]\s*", place))]


def directory_entry(
    contact: IncomingContact, mission: Mission | None, *, found: bool
) -> PressContact | None:
    """The directory's entry for a printed contact; where there is none a new one, if `found`.

    A person is known by name and email, else by name and mission. What the directory says of
    them is never changed by an import. The directory is public: nobody is to be found in it who
    is known from a release alone that is not public yet.
    """
    named = PressContact.objects.filter(name__iexact=contact.name)
    entry = contact.email and named.filter(email__iexact=contact.email).first()
    if entry := entry or named.filter(mission=mission).first():
        return entry
    if not found:
        return None
    return PressContact.objects.create(
        name=contact.name,
        office=contact.office,
        mission=mission,
        phone=contact.phone,
        email=contact.email,
    )
