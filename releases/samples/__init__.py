"""A newsroom to look around in: `newsroom.toml` holds its missions, contacts and releases."""

import tomllib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from contacts.bilingual import LANGUAGES
from contacts.models import Mission, PressContact
from releases import counting, pictures, storing, versions
from releases.models import Picture, Release, ReleaseContact

from .drawing import draw

NEWSROOM = Path(__file__).with_name("newsroom.toml")

WORDS = [
    f"{name}_{lang}"
    for name in ("title", "summary", "body", "withdrawal_reason")
    for lang in LANGUAGES
]


@storing.undone_on_failure()
@transaction.atomic
def load() -> int:
    """Fill an empty newsroom; return how many releases were made.

    A newsroom that holds a release, a mission or a contact already is somebody's: it is left
    alone, and 0 comes back.
    """
    if any(model.objects.exists() for model in (Release, Mission, PressContact)):
        return 0
    with NEWSROOM.open("rb") as file:
        newsroom = tomllib.load(file)
    missions = {data["slug"]: _mission(data) for data in newsroom["mission"]}
    entries = _directory(newsroom["contact"], missions)
    for data in newsroom["release"]:
        _release(data, missions, entries)
    return len(newsroom["release"])


def _mission(data: dict[str, Any]) -> Mission:
    return Mission.objects.create(**data | {"aliases": "\n".join(data["aliases"])})


def _directory(
    contacts: list[dict[str, Any]], missions: dict[str, Mission]
) -> dict[str, PressContact]:
    entries = {}
    for data in contacts:
        entries[data["key"]] = PressContact.objects.create(
            name=data["name"],
            office=data["office"],
            mission=missions[data["mission"]],
            phone=data.get("phone", ""),
            email=data.get("email", ""),
            left_on=data.get("left_on"),
        )
    for data in contacts:
        if successor := data.get("successor"):
            entry = entries[data["key"]]
            entry.successor = entries[successor]
            entry.save(update_fields=["successor"])
    return entries


def _release(
    data: dict[str, Any], missions: dict[str, Mission], entries: dict[str, PressContact]
) -> None:
    release = Release.objects.create(
        source_key=f"sample:{data['key']}",
        mission=missions.get(data.get("mission", "")),
        release_date=data["release_date"],
        contact_heading=data.get("contact_heading", ""),
        **{name: data.get(name, "") for name in WORDS},
        **_times(data),
    )
    counting.set_imported(release.pk, data.get("views", 0))
    for position, key in enumerate(data.get("contacts", [])):
        row = ReleaseContact(release=release, position=position, contact=entries[key])
        row.clean()
        row.save()
    for position, picture in enumerate(data.get("pictures", [])):
        _picture(picture, release, position)
    versions.keep(release)


def _picture(data: dict[str, Any], release: Release, position: int) -> None:
    words = {name: value for name, value in data.items() if name != "drawing"}
    picture = Picture(
        release=release,
        position=position,
        **pictures.prepare(ContentFile(draw(data["drawing"])), data["drawing"]),
        **words,
    )
    pictures.cut_card(picture)
    picture.save()


def _times(data: dict[str, Any]) -> dict[str, datetime | None]:
    """The times that put a release into the state that the sample names."""
    state, now = data.get("state", "public"), timezone.now()
    posted = data.get("posted")
    if state == "scheduled":
        nine = timezone.localtime(now).replace(hour=9, minute=0, second=0, microsecond=0)
        posted = nine + timedelta(days=data["publish_in_days"])
    approved = state in ("public", "scheduled", "withdrawn")
    return {
        "submitted_at": now if approved or state == "in_review" else None,
        "approved_at": now if approved else None,
        "publish_at": posted,
        "withdrawn_at": now if state == "withdrawn" else None,
    }
