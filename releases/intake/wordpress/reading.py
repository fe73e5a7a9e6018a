"""An export of WordPress -> its posts as plain values, one after the other."""

import re
from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import unquote

from django.utils.translation import gettext as _

from releases.fields import clean_html, clean_summary

from ..incoming import Remark
from ..layout import MOST_VIEWS
from ..posts import IncomingPost, LeftOut, OldPage, RefusedPost, Standing
from .items import BrokenItem, Item, read_items
from .site import Site, moment, survey

LOOKED_AT = 64 * 1024  # bytes, to know an export by

Read = IncomingPost | RefusedPost | LeftOut | OldPage

_STANDINGS = {
    "publish": Standing.PUBLIC,
    "future": Standing.SCHEDULED,
    "pending": Standing.IN_REVIEW,
    "draft": Standing.DRAFT,
    "auto-draft": Standing.DRAFT,
    "private": Standing.DRAFT,
    "inherit": Standing.DRAFT,
}
# What the usual counters call the number of readings of a post.
COUNTERS = (
    "views", "post_views_count", "_post_views", "wpb_post_views_count", "post_views", "pageviews",
    "hits", "_hits", "view_count", "_views", "entry_views", "tie_views", "_count-views_all",
    "kboard_views", "Views", "post_view_count", "_post_views_count",
)  # fmt: skip


def is_wordpress(path: Path) -> bool:
    """Whether the file begins as an export of WordPress does. Raises OSError."""
    with path.open("rb") as file:
        start = file.read(LOOKED_AT)
    return b"<rss" in start and (b"wordpress.org/export/" in start or b"<wp:wxr_version>" in start)


def read_export(
    path: Path, *, with_pages: bool = False, kinds: Collection[str] = ()
) -> Iterator[Read]:
    """All that the export at `path` holds, in its order; old pages stand last.

    `with_pages`: pages come as posts do. `kinds`: further types of post that do. Raises
    UnreadableFile, before the first is read, where the file is no export.
    """
    site = survey(path)
    taken = {"post", *kinds} | ({"page"} if with_pages else set())
    return _read(path, site, taken)


def _read(path: Path, site: Site, taken: set[str]) -> Iterator[Read]:
    for item in read_items(path, site.encoding):
        if isinstance(item, BrokenItem):
            yield RefusedPost(item.number, item.title, item.line, item.reason)
        elif item.kind in taken:
            yield _post(item, site)
        elif item.kind != "attachment":
            yield LeftOut(item.number, item.kind, item.text("title"), item.line, _reason(item.kind))


def _reason(kind: str) -> str:
    if kind == "page":
        return _("pages come along only on demand.")
    return _("items of the type “%(kind)s” are no releases.") % {"kind": kind}


def _post(item: Item, site: Site) -> IncomingPost | RefusedPost:
    remarks = [Remark(item.line, note) for note in item.notes]
    posted = _posted(item, site)
    if posted is None:
        return RefusedPost(
            item.number, item.text("title"), item.line, _("it has no date that can be read.")
        )
    standing = _standing(item, remarks)
    login = item.text("dc:creator")
    return IncomingPost(
        source_key=f"wordpress:{site.key}:{item.number}",
        number=item.number,
        kind=item.kind,
        line=item.line,
        title=" ".join(item.text("title").split()),
        body=clean_html(item.raw("content:encoded")),
        release_date=posted.astimezone(site.zone).date(),
        standing=standing,
        publish_at=posted if standing in _DATED else None,
        edited_at=_edited(item, site),
        summary=clean_summary(item.text("excerpt:encoded")),
        slug=unquote(item.text("wp:post_name")),
        author=site.authors.get(login, login),
        terms=tuple(name for domain, _slug, name in item.terms if domain != "post_format"),
        views=_views(item, remarks),
        remarks=tuple(remarks),
    )


_DATED = {Standing.PUBLIC, Standing.SCHEDULED, Standing.WITHDRAWN}


def _posted(item: Item, site: Site) -> datetime | None:
    """When the post was or is to be published, aware; for a draft when it was written."""
    if universal := moment(item.text("wp:post_date_gmt")):
        return universal.replace(tzinfo=UTC)
    for name in ("wp:post_date", "wp:post_modified"):
        if local := moment(item.text(name)):
            return local.replace(tzinfo=site.zone).astimezone(UTC)
    printed = item.text("pubDate")
    if " -0001" in printed:  # the year of no date at all, which the parser takes for 2000
        return None
    try:
        told = parsedate_to_datetime(printed)
    except ValueError:
        return None
    return (told if told.tzinfo else told.replace(tzinfo=UTC)).astimezone(UTC)


def _edited(item: Item, site: Site) -> datetime | None:
    if universal := moment(item.text("wp:post_modified_gmt")):
        return universal.replace(tzinfo=UTC)
    local = moment(item.text("wp:post_modified"))
    return local.replace(tzinfo=site.zone).astimezone(UTC) if local else None


def _standing(item: Item, remarks: list[Remark]) -> Standing:
    """Where the post stood; never more public than on the old site."""
    if item.status == "trash":
        before = item.meta.get("_wp_trash_meta_status", [""])[-1]
        return Standing.WITHDRAWN if before == "publish" else Standing.BINNED
    if item.status == "private":
        remarks.append(Remark(item.line, _("it was private on the old site.")))
    elif item.status not in _STANDINGS:
        remarks.append(
            Remark(item.line, _("its status “%(status)s” is unknown.") % {"status": item.status})
        )
    if item.text("wp:post_password"):
        remarks.append(Remark(item.line, _("it had a password on the old site.")))
        return Standing.DRAFT
    return _STANDINGS.get(item.status, Standing.DRAFT)


def _views(item: Item, remarks: list[Remark]) -> int | None:
    """How often the post was read, by the counter that says most."""
    meta = item.meta
    found = {}
    for key in COUNTERS:
        for value in meta.get(key, []):
            digits = re.sub(r"[,\s]", "", value)
            if digits.isdecimal() and digits.isascii() and int(digits) <= MOST_VIEWS:
                found[key] = max(found.get(key, 0), int(digits))
    if len(set(found.values())) > 1:
        counts = ", ".join(f"{key} {number}" for key, number in found.items())
        remarks.append(
            Remark(
                item.line,
                _("its counters differ (%(counts)s); the greatest is taken.") % {"counts": counts},
                guessed=True,
            )
        )
    return max(found.values(), default=None)
