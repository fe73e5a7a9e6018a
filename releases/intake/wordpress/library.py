"""The old site's pictures and files, for the posts that show them."""

from dataclasses import replace
from urllib.parse import unquote

from releases.hosts import host_of
from releases.prose import plain_line

from ..embedded import Taken
from ..posts import IncomingFile
from .items import Item, whole
from .site import Site


class Library:
    """The old site's library, and which post showed each of its pictures first.

    `post`: the number of the one that is read now.
    """

    def __init__(self, site: Site):
        self.site = site
        self.hosts = {host_of(site.address), *site.hosts}
        self.by_path = {_path(file.address): file for file in site.attachments.values()}
        self.post = 0
        self.seen: dict[int, int] = {}

    def known(self, address: str, number: int | None) -> IncomingFile | None:
        """The picture or file under `number`, or without one at `address`."""
        if number is not None:
            file = self.site.attachments.get(number)
        else:
            is_own = host_of(address) in self.hosts
            file = self.by_path.get(_path(address)) if is_own else None
        if file is None:
            return None
        self.seen.setdefault(file.number, self.post)
        return IncomingFile(file.address, file.is_picture, title=file.title, alt=file.alt)

    def files_of(self, item: Item, taken: Taken) -> tuple[IncomingFile, ...]:
        """The files of a post, its own picture first."""
        number = _lead_of(item)
        lead = self.known("", number) if number else None
        if lead is None or not lead.is_picture:
            return tuple(taken.files)
        shown = next((file for file in taken.files if file.address == lead.address), None)
        caption = plain_line(self.site.attachments[number].caption)
        first = replace(shown or replace(lead, caption=caption), is_lead=True)
        return (first, *(file for file in taken.files if file is not shown))

    def lacked_by(self, item: Item) -> int:
        """The number of a post's own picture, of which the exports say nothing; else 0."""
        number = _lead_of(item)
        return 0 if number in self.site.attachments else number


def _lead_of(item: Item) -> int:
    """The number of a post's own picture, 0 where it has none."""
    numbers = [n for n in item.meta.get("_thumbnail_id", []) if n.strip().isdecimal()]
    return whole(numbers[-1].strip()) if numbers else 0


def _path(address: str) -> str:
    """An address without its site and in one spelling: copies differ in those alone."""
    return unquote(address.partition("://")[2].partition("/")[2])
