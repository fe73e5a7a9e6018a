"""Pictures and files of posts: taken once, from where the old site's are, and written as rows."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db.models import F, Q
from django.utils.translation import gettext as _

from releases import attachments, old_addresses, pictures
from releases.hosts import host_of, host_of_site
from releases.models import Attachment, OldAddress, Picture, Release
from releases.old_addresses import plain_address

from . import columns
from .columns import TakenFile
from .incoming import Remark
from .media import Media
from .posts import IncomingFile, IncomingPost, keys_of_same


class Files:
    """Takes files of posts from `media`; a `dry_run` only looks whether they are there."""

    def __init__(self, media: Media | None, dry_run: bool):
        self.media, self.dry_run = media, dry_run

    def of_post(self, incoming: IncomingPost, remarks: list[Remark]) -> list[TakenFile]:
        """The files of `incoming`, with what their bytes make; bytes that are here are not read."""
        wanted = {file: _key_of(file, incoming) for file in incoming.files}
        known = _known(incoming, wanted.values())
        found: list[TakenFile] = []
        for file, (site, address) in wanted.items():
            content = known.get((site, address)) if address else {}
            if not address:
                told = _("the old address %(address)s… is too long to be kept.")
                remarks.append(Remark(incoming.line, told % {"address": file.address[:60]}))
            is_new = content is None
            if is_new:
                content = known[site, address] = self._taken(file, incoming, remarks)
            is_written = is_new and bool(content) and not self.dry_run
            found.append(TakenFile(file, site, address, content, is_written))
        for file in found:
            if "image" in file.content and not file.incoming.alt.strip():
                told = _("“%(address)s” had no description; “%(words)s” is taken for one.")
                about = {"address": file.incoming.address}
                about["words"] = columns.described(file.incoming)
                remarks.append(Remark(incoming.line, told % about, guessed=True))
        return sorted(found, key=lambda file: not file.incoming.is_lead)

    def _taken(
        self, file: IncomingFile, incoming: IncomingPost, remarks: list[Remark]
    ) -> dict[str, Any]:
        """The columns that the bytes of `file` make, once written; {} and a remark without."""
        reason = _("“%(address)s” is not in what --media-from names.")
        if self.media is None:
            reason = _("“%(address)s” was not looked for; --media-from would bring it.")
        told = reason % {"address": file.address}
        prepare = pictures.prepare if file.is_picture else attachments.prepare
        for address in (file.address, *file.others) if self.media else ():
            with self.media.opened(address) as opened:
                if opened is None:
                    continue
                name = opened.name or file.title
                try:
                    if self.dry_run:
                        return _dry(file, opened, name)
                    content = prepare(opened, name)
                except ValidationError as error:
                    told = " ".join(error.messages)
                    continue
            if file.is_picture:
                picture = Picture(**content)
                pictures.cut_card(picture)
                content["card"] = picture.card
            return content
        remarks.append(Remark(incoming.line, told))
        return {}

    def write(self, release: Release, files: list[TakenFile]) -> None:
        """Let the pictures and files that came be those of `release`, and keep what is not theirs.

        Rows that were there keep their keys, for their addresses have them.
        """
        if self.dry_run:
            return
        for model, column, columns_of in (
            (Picture, "image", columns.picture),
            (Attachment, "file", columns.attachment),
        ):
            rows = model.objects.filter(release=release).order_by("position")
            there = {getattr(row, column).name: row for row in rows}
            wanted = [file for file in files if column in file.content]
            if not wanted and not there:
                continue
            own = set(OldAddress.objects.filter(stored__in=there).values_list("stored", flat=True))
            others = [row for name, row in there.items() if name not in own]
            made = []
            for file in wanted:
                row = model(**columns_of(file))
                old = there.pop(file.stored, None)
                row.pk = old.pk if old else None
                made.append(row)
            rows.delete()
            for place, row in enumerate([*made, *others]):
                row.release, row.position = release, place
            model.objects.bulk_create([*made, *others])


def _key_of(file: IncomingFile, incoming: IncomingPost) -> old_addresses.Key:
    site = host_of(file.address) or host_of_site(incoming.site)
    return site, plain_address(file.address)


def _known(
    incoming: IncomingPost, keys: Iterable[old_addresses.Key]
) -> dict[old_addresses.Key, dict[str, Any]]:
    """What the bytes at the addresses `keys` have made here, of those that have come before.

    Of rows from before each had its host, the release tells whether they are of `incoming`.
    """
    keys = set(keys)
    rows = OldAddress.objects.filter(
        ~Q(stored=""), address__in={address for _site, address in keys}
    )
    known: dict[old_addresses.Key, dict[str, Any]] = {}
    its_own: dict[str, dict[str, Any]] = {}
    for row in rows.annotate(source_key=F("release__source_key")):
        known[old_addresses.key_of(row)] = row.content
        is_its_own = row.source_key in keys_of_same(incoming.source_key)
        if is_its_own and row.site in ("", host_of_site(incoming.site)):
            its_own[row.address] = row.content
    for site, address in keys - known.keys():
        if address in its_own:
            known[site, address] = its_own[address]
    return known


def _dry(file: IncomingFile, opened: File, name: str) -> dict[str, Any]:
    """Something like the columns that `file` would make; ValidationError as it would be raised."""
    if file.is_picture:
        pictures.check(opened, name)
        return {"image": name}
    return {"file": name, "kind": attachments.check(opened, name)}
