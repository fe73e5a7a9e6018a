"""One door for posts of other systems: which kind of source a path is, and its posts."""

from collections.abc import Iterator
from datetime import tzinfo
from enum import StrEnum
from pathlib import Path

from .feeds import is_feed, read_feed
from .posts import IncomingPost, LeftOut, OldPage, RefusedPost
from .saved_pages import is_folder_of_pages, read_pages
from .tables import is_table, read_table
from .wordpress import Exports, is_wordpress


class Source(StrEnum):
    """What posts of another system are read from."""

    WORDPRESS = "wordpress"
    TABLE = "csv"
    FEED = "feed"
    PAGES = "pages"  # a folder of them


def source_of(path: Path) -> Source | None:
    """What is at `path`; None where it is none of these. Raises OSError."""
    if path.is_dir():
        return Source.PAGES if is_folder_of_pages(path) else None
    if is_wordpress(path):
        return Source.WORDPRESS
    if is_table(path):
        return Source.TABLE
    return Source.FEED if is_feed(path) else None


def read_posts(
    path: Path,
    source: Source,
    zone: tzinfo,
    *,
    with_pages: bool = False,
    exports: Exports | None = None,
) -> Iterator[IncomingPost | RefusedPost | LeftOut | OldPage]:
    """All posts at `path`; where a source names no zone for its times, they are of `zone`.
    `exports`: those of WordPress that come together with it.

    Raises UnreadableFile, before the first is read, where there is no such source.
    """
    match source:
        case Source.WORDPRESS:
            return (exports or Exports([path])).read(path, with_pages=with_pages)
        case Source.TABLE:
            return read_table(path, zone)
        case Source.FEED:
            return read_feed(path, zone)
        case Source.PAGES:
            return read_pages(path, zone)
