"""A release as one of its versions has it, for whoever is to read exactly that."""

from dataclasses import dataclass

from django.core.files.storage import default_storage

from contacts.models import PressContact

from . import storing, versions
from .models import Attachment, Picture, Release, ReleaseContact, Version


@dataclass(frozen=True)
class Reading:
    """What a page shows of a release, as it is saved now or as a version has it."""

    release: Release
    contacts: list[ReleaseContact]
    pictures: list[Picture]
    files: list[Attachment]


def as_of_now(release: Release) -> Reading:
    """What `release`, fetched in full, says now."""
    pictures, files = list(release.pictures.all()), list(release.files.all())
    return Reading(release, release.contact_block, pictures, files)


def as_of(version: Version) -> Reading:
    """What `version` says; nothing of it is saved.

    A mission goes by its present name. Who answers for a contact is asked of today, because that
    is who a page would name. Pictures and files of which the bytes are gone are left out.
    """
    content = version.content
    release = Release(pk=version.release_id)
    versions.fill(release, content, everything=True)
    entries = PressContact.objects.in_bulk(
        {row["contact"] for row in content["contacts"] if row["contact"]}
    )
    contacts = [
        ReleaseContact(
            release=release,
            position=position,
            contact=entries.get(row["contact"]),
            **{name: row[name] for name in versions.ROW},
        )
        for position, row in enumerate(content["contacts"])
    ]
    rows = {
        model: [
            model(pk=row["id"], release=release, position=place, **{n: row[n] for n in names})
            for place, row in enumerate(content.get(block, []))
            if default_storage.exists(row.get("image") or row["file"])
        ]
        for model, names, block in (
            (Picture, storing.PICTURE, "pictures"),
            (Attachment, storing.FILE, "files"),
        )
    }
    return Reading(release, contacts, rows[Picture], rows[Attachment])
