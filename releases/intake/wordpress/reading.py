"""An export of WordPress -> its posts as plain values, one after the other."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import unquote

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..composing import Found, compose
from ..files import UnreadableFile
from ..incoming import Remark
from ..layout import MOST_VIEWS
from ..moments import in_utc
from ..posts import IncomingPost, LeftOut, OldPage, RefusedPost, Standing, key_of_post
from .addresses import Loose, OldPages, addresses_of
from .content import html_of
from .embeds import Titles
from .items import MOST_DIGITS, BrokenItem, Item, read_items
from .library import Library
from .listings import is_listing
from .site import Site, moment, names_of_terms, survey

# A number or a text that PHP has written for itself: i:234; or s:3:"234";
_SERIALIZED = re.compile(r"i:(\d+);|s:\d+:\"([^\"]*)\";")

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


class Exports:
    """Exports that come together, read one after the other in the order of `paths`.

    Those of one site know each other's pictures: WordPress parts what is large, and whoever
    exports by type or by year has posts in one file and what they show in another.
    """

    def __init__(self, paths: Iterable[Path]):
        self.paths = list(paths)
        self._sites: dict[Path, Site] = {}
        self._faults: dict[Path, UnreadableFile] = {}
        # By the key of their site:
        self._libraries: dict[str, Library] = {}
        self._loose: dict[str, Loose] = {}
        self._of_posts: dict[str, list[OldPage]] = {}  # that may come with a later file

    def read(
        self, path: Path, *, with_pages: bool = False, kinds: Collection[str] = ()
    ) -> Iterator[Read]:
        """All that the export at `path` holds, in its order; old pages stand last.

        `with_pages`: pages come as posts do. `kinds`: further types of post that do. Raises
        UnreadableFile, before the first is read, where the file is no export.
        """
        if not self._sites and not self._faults:
            self._survey()
        if path in self._faults:
            raise self._faults[path]
        taken = {"post", *kinds} | ({"page"} if with_pages else set())
        return self._read(path, taken)

    def _survey(self) -> None:
        """Look all of them over; those that cannot be read are told of when it is their turn."""
        for path in self.paths:
            try:
                self._sites[path] = survey(path)
            except UnreadableFile as fault:
                self._faults[path] = fault
        parts: dict[str, list[Site]] = {}
        for site in self._sites.values():
            parts.setdefault(site.key, []).append(site)
        for key, sites in parts.items():
            first = sites[0]
            for site in sites[1:]:
                first.attachments.update(site.attachments)
                first.reused.update(site.reused)
                first.hosts.update(site.hosts)
                site.attachments, site.reused = first.attachments, first.reused
            self._libraries[key] = Library(first)
            self._loose[key], self._of_posts[key] = {}, []

    def _read(self, path: Path, taken: set[str]) -> Iterator[Read]:
        site = self._sites[path]
        library, loose = self._libraries[site.key], self._loose[site.key]
        pages, waiting = OldPages(site, taken, loose), self._of_posts[site.key]
        is_last = path == [each for each, its in self._sites.items() if its.key == site.key][-1]
        for read in _items(path, site, taken, library, pages):
            if not isinstance(read, OldPage):
                yield read
            elif read.post is None or is_last:
                yield replace(read, site=site.key)
            else:
                waiting.append(replace(read, site=site.key))
        if is_last:
            yield from _shown_by_none(site, library)
            yield from waiting
            for page in pages.of_loose_files(library.seen):
                yield replace(page, site=site.key)
        for page in pages.of_site():
            yield replace(page, site=site.key)


def read_export(
    path: Path, *, with_pages: bool = False, kinds: Collection[str] = ()
) -> Iterator[Read]:
    """All that the export at `path` holds, as `Exports.read` gives it of one that comes alone."""
    return Exports([path]).read(path, with_pages=with_pages, kinds=kinds)


def _items(
    path: Path, site: Site, taken: set[str], library: Library, pages: OldPages
) -> Iterator[Read]:
    once = _Once()
    for item in read_items(path, site.encoding):
        if isinstance(item, BrokenItem):
            yield RefusedPost(item.number, item.title, item.line, item.reason)
            continue
        if is_listing(item):
            yield from pages.of_listing(item)
            told = _("it has no words of its own; its addresses lead to the first page.")
            yield LeftOut(item.number, item.kind, item.text("title"), item.line, told)
            continue
        yield from pages.of_item(item)
        if item.kind in taken and _is_blank(item):
            yield LeftOut(item.number, item.kind, "", item.line, _("there is nothing in it."))
        elif item.kind in taken:
            library.post = item.number
            yield once.checked(_post(item, site, library))
        elif item.kind != "attachment":
            yield LeftOut(item.number, item.kind, item.text("title"), item.line, _reason(item.kind))


def _shown_by_none(site: Site, library: Library) -> Iterator[LeftOut]:
    for file in site.attachments.values():
        if file.number not in library.seen:
            yield LeftOut(
                file.number, "attachment", file.title, file.line, _("no post that came shows it.")
            )


def _is_blank(item: Item) -> bool:
    """Whether nobody ever wrote anything in it, as in a draft that WordPress made by itself."""
    if item.text("content:encoded") or item.text("excerpt:encoded"):
        return False
    return item.status == "auto-draft" or not item.text("title")


class _Once:
    """Sees to it that each number comes once, and says of an address that two posts had it."""

    def __init__(self):
        self.lines: dict[int, int] = {}  # of each number
        # The number that an address leads to, by the address's hash: whole they take too much room.
        self.numbers: dict[int, int] = {}

    def checked(self, post: IncomingPost | RefusedPost) -> IncomingPost | RefusedPost:
        if isinstance(post, RefusedPost):
            return post
        if not post.number:
            return RefusedPost(0, post.title, post.line, _("it has no number."))
        if line := self.lines.get(post.number):
            reason = _("it has the same number as the item at line %(line)d.") % {"line": line}
            return RefusedPost(post.number, post.title, post.line, reason)
        self.lines[post.number] = post.line
        remarks, addresses = list(post.remarks), []
        for address in post.addresses:
            # What asks for the post by its number is nobody else's.
            is_own = re.search(rf"(?:=|/archives/){post.number}(?:&|\Z)", address)
            first = post.number if is_own else self.numbers.setdefault(hash(address), post.number)
            if first == post.number:
                addresses.append(address)
                continue
            told = _("post %(number)d had the address %(address)s before; it leads there.")
            told = told % {"number": first, "address": address}
            remarks.append(Remark(post.line, told))
        return replace(post, addresses=tuple(addresses), remarks=tuple(remarks))


def _reason(kind: str) -> str:
    if kind == "page":
        return _("pages come along only on demand.")
    return _("items of the type “%(kind)s” are no releases.") % {"kind": kind}


def _post(item: Item, site: Site, library: Library) -> IncomingPost | RefusedPost:
    posted = _posted(item, site)
    if posted is None:
        return RefusedPost(
            item.number, item.text("title"), item.line, _("it has no date that can be read.")
        )
    messages = list(item.notes)
    standing, views = _standing(item, messages), _views(item, messages)
    if count := item.comments:
        told = ngettext("%(count)d comment is left out.", "%(count)d comments are left out.", count)
        messages.append(told % {"count": count})
    if lacked := library.lacked_by(item):
        told = _("the export lacks the post’s own picture, number %(number)d.")
        messages.append(told % {"number": lacked})
    content = item.raw("content:encoded")
    converted = html_of(content, site, item.number, Titles(item.meta))
    login = item.text("dc:creator")
    found = Found(
        source_key=key_of_post(site.key, item.number),
        site=site.key,
        number=item.number,
        line=item.line,
        title=item.text("title"),
        html=converted.html,
        posted=posted,
        zone=site.zone,
        base=f"{site.address}/",
        kind=item.kind,
        written=content,
        standing=standing,
        edited_at=_edited(item, site),
        summary=item.text("excerpt:encoded"),
        slug=_slug(item),
        author=site.authors.get(login, login),
        terms=names_of_terms(item),
        views=views,
        addresses=addresses_of(item, site),
        messages=[*messages, *converted.messages],
        spent=converted.spent,
        added=converted.added,
        entitled=converted.entitled,
    )
    post = compose(found, library, lambda taken: library.files_of(item, taken))
    return replace(post, lacks=bool(lacked) or converted.lacks)


def _slug(item: Item) -> str:
    wanted = item.meta.get("_wp_desired_post_slug", [])
    return unquote(wanted[-1] if wanted and item.status == "trash" else item.text("wp:post_name"))


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
        return in_utc(parsedate_to_datetime(printed), UTC)
    except (ValueError, OverflowError):  # the latter of a zone that is no zone
        return None


def _edited(item: Item, site: Site) -> datetime | None:
    if universal := moment(item.text("wp:post_modified_gmt")):
        return universal.replace(tzinfo=UTC)
    local = moment(item.text("wp:post_modified"))
    return local.replace(tzinfo=site.zone).astimezone(UTC) if local else None


def _standing(item: Item, messages: list[str]) -> Standing:
    """Where the post stood; never more public than on the old site."""
    if item.status == "trash":
        before = item.meta.get("_wp_trash_meta_status", [""])[-1]
        return Standing.WITHDRAWN if before == "publish" else Standing.BINNED
    if item.status == "private":
        messages.append(_("it was private on the old site."))
    elif item.status not in _STANDINGS:
        messages.append(_("its status “%(status)s” is unknown.") % {"status": item.status})
    if item.text("wp:is_sticky") == "1":
        messages.append(_("it was pinned to the top of the old site."))
    if item.may_have_password:
        messages.append(_("it had a password on the old site, or its export is damaged."))
        return Standing.DRAFT
    return _STANDINGS.get(item.status, Standing.DRAFT)


def _views(item: Item, messages: list[str]) -> int | None:
    """How often the post was read, by the counter that says most."""
    meta = item.meta
    found = {}
    for key in COUNTERS:
        for value in meta.get(key, []):
            digits = re.sub(r"[,\s]", "", _SERIALIZED.sub(r"\1\2", value))
            if not re.fullmatch(f"[0-9]{{1,{MOST_DIGITS}}}", digits):
                continue
            if int(digits) <= MOST_VIEWS:
                found[key] = max(found.get(key, 0), int(digits))
    if len(set(found.values())) > 1:
        counts = ", ".join(f"{key} {number}" for key, number in found.items())
        told = _("its counters differ (%(counts)s); the greatest is taken.")
        messages.append(told % {"counts": counts})
    return max(found.values(), default=None)
