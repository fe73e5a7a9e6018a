"""A newsroom -> a takeout, while it is used: all of one moment, one batch in memory at a time."""

import csv
import io
import itertools
import json
from collections.abc import Iterator
from datetime import UTC
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote

from django.conf import settings
from django.core.files.storage import default_storage
from django.db.models import F
from django.utils import timezone, translation

from contacts.bilingual import LANGUAGES
from contacts.models import Mission, PressContact
from releases import plain_rows, storing
from releases.archives import CHUNK, Writer
from releases.models import DailyViews, OldAddress, Release
from releases.plain_text import write_release
from releases.queries import in_full

from . import ADDRESSES, CONTACTS, FORMAT, KIND, MISSIONS, OLD_ADDRESSES, RELEASE, VIEWS
from .records import People, Record, records, rows_of

BATCH = 200  # releases
READMES = {lang: Path(__file__).with_name(f"README.{lang}.txt") for lang in LANGUAGES}
ADDRESS = ["release", "language", "address", "leads_to", "site"]
DAY = ["release", "day", "views", "read_again", "robots", "staff", "addresses_cut_off"]


class Written(NamedTuple):
    releases: int
    files: int
    missing: list[str]  # files that releases name and nobody has


def write(path: Path) -> Written:
    """Write the takeout to `path`, which must not be there yet. Raises OSError."""
    people, missing, releases, files = People(), [], 0, 0
    with Writer(path) as writer, plain_rows.one_state():
        at = timezone.now()
        for lang, readme in READMES.items():
            writer.add(f"README.{lang}.txt", [readme.read_bytes()])
        for name, model in ((MISSIONS, Mission), (CONTACTS, PressContact)):
            writer.add(name, [_json(list(rows_of(model, people, model.objects.all())))])
        addresses: list[list[Any]] = []
        for pks in _batches():
            found = records(pks, people)
            texts = in_full(Release.objects.filter(pk__in=pks)).order_by("pk")
            for release in texts:
                releases += 1
                record = found[release.pk]
                media = _names(record)
                for stored, name in media.items():
                    if _add_file(writer, stored, f"releases/{release.pk}/{name}"):
                        files += 1
                    else:
                        missing.append(stored)
                addresses += _addresses(release, record)
                _add_texts(writer, release)
                record |= {"state": release.state_at(at).value, "media": media}
                writer.add(f"releases/{release.pk}/{RELEASE}", [_json(record)])
        apart = OldAddress.objects.filter(release=None)
        writer.add(OLD_ADDRESSES, [_json(list(rows_of(OldAddress, people, apart)))])
        writer.add(ADDRESSES, _csv(ADDRESS, addresses))
        writer.add(VIEWS, _csv(DAY, _days()))
        writer.finish(
            {
                "kind": KIND,
                "format": FORMAT,
                "made_at": at.astimezone(UTC).isoformat(),
                "site": settings.SITE_NAME,
                "releases": releases,
                "files": files,
                "missing": missing,
                # Numbers that were given to releases are not given again.
                "last_release": plain_rows.last_key(Release),
            }
        )
    return Written(releases, files, missing)


def _batches() -> Iterator[list[int]]:
    last = 0
    while pks := list(
        Release.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]
    ):
        yield pks
        last = pks[-1]


def _json(content: Any) -> bytes:
    text = json.dumps(content, ensure_ascii=False, indent=1)
    return text.encode("utf-8", "backslashreplace") + b"\n"


def _add_texts(writer: Writer, release: Release) -> None:
    """The release as its plain text stands at its address, in each of its languages."""
    languages = {"ko", *release.languages}
    for lang in sorted(languages):
        with translation.override(lang):
            address = release.get_text_url()
            writer.add(_path(address), [write_release(release).encode()])


def _path(address: str) -> str:
    return unquote(address).lstrip("/")


def _addresses(release: Release, record: Record) -> Iterator[list[Any]]:
    """Where it stands and stood: an address of before leads to that of today."""
    slugs = {version["content"].get("slug") for version in record["versions"]}
    for lang in LANGUAGES:
        here = release.get_absolute_url(language=lang)
        yield [release.pk, lang, here, "", ""]
        for slug in sorted(filter(None, slugs - {release.slug})):
            earlier = Release(pk=release.pk, slug=slug).get_absolute_url(language=lang)
            yield [release.pk, lang, earlier, here, ""]
    here = release.get_absolute_url(language="ko")
    for row in record["old_addresses"]:
        yield [release.pk, "", row["address"], here, row["site"]]


def _names(record: Record) -> dict[str, str]:
    """What each file of the release is called in its folder, by where it lies in the storage."""
    names: dict[str, str] = {}
    for place, picture in enumerate(record["pictures"], 1):
        for stored in storing.files_of_row(picture):
            what = "card" if stored == picture["card"] else Path(stored).stem
            names[stored] = f"pictures/{place}-{what}{Path(stored).suffix}"
    for place, file in enumerate(record["files"], 1):
        names[file["file"]] = f"files/{place}-{file['name']}"
    earlier: dict[str, int] = {}  # folders of pictures and files that only versions name
    for version in record["versions"]:
        content = version["content"]
        for row in [*content.get("pictures", []), *content.get("files", [])]:
            for stored in storing.files_of_row(row):
                if stored not in names:
                    place = earlier.setdefault(storing.folder_of(stored), len(earlier) + 1)
                    names[stored] = f"earlier/{place}-{Path(stored).name}"
    return names


def _add_file(writer: Writer, stored: str, name: str) -> bool:
    try:
        file = default_storage.open(stored)
    except (FileNotFoundError, NotADirectoryError):
        return False
    with file:
        writer.add(name, file.chunks(CHUNK), packed=False)
    return True


def _days() -> Iterator[list[Any]]:
    days = DailyViews.objects.filter(release__in=Release.objects.values("pk"))
    columns = ["release_id", "day", "count", "repeats", "robots", "staff", "cut_off"]
    yield from days.order_by(F("release_id"), F("day")).values_list(*columns).iterator()


def _csv(header: list[str], rows: Iterator[list[Any]] | list[list[Any]]) -> Iterator[bytes]:
    for batch in itertools.chain([[header]], _in_batches(iter(rows))):
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows(batch)
        yield out.getvalue().encode()


def _in_batches(rows: Iterator[Any]) -> Iterator[list[Any]]:
    while batch := list(itertools.islice(rows, 1_000)):
        yield batch
