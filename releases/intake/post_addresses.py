"""Old addresses: those of posts and of their files, and those that are no post's own."""

from collections import ChainMap
from collections.abc import Container, Iterator, Mapping
from itertools import chain

from django.utils.translation import gettext as _

from releases import old_addresses
from releases.hosts import host_of_site
from releases.models import OldAddress, Release
from releases.old_addresses import plain_address

from .columns import TakenFile
from .incoming import Remark
from .moved import ADDRESS, Moved
from .post_missions import Missions
from .posts import IncomingPost, OldPage, keys_of_same
from .saving import Outcome
from .whole import at_once

PAGES_AT_ONCE = 200  # in a transaction
A_FILE = 0  # a goal: whatever file came with a post


def put(
    release: Release,
    incoming: IncomingPost,
    files: list[TakenFile],
    remarks: list[Remark],
) -> None:
    """Let all addresses of `incoming` lead to `release`, and those of its files to them."""
    rows, host = [], host_of_site(incoming.site)
    for address in incoming.addresses:
        plain = plain_address(address)
        if plain and plain != "/":
            rows.append(OldAddress(site=host, address=plain, release=release))
        elif not plain:
            told = _("the old address %(address)s… is too long to be kept.")
            remarks.append(Remark(incoming.line, told % {"address": address[:60]}))
    for file in files:
        if file.is_new:
            rows.append(
                OldAddress(
                    site=file.site,
                    address=file.address,
                    release=release,
                    stored=file.stored,
                    content=file.content,
                )
            )
    for row in old_addresses.put(rows):
        told = _("the old address %(address)s leads somewhere else already.")
        remarks.append(Remark(incoming.line, told % {"address": row.address}))


class Pages:
    """Old addresses that are no post's own: they wait until all posts are here.

    `missions`: those that categories and tags stand for. A `dry_run` says what would be done.
    """

    def __init__(self, missions: Missions, dry_run: bool):
        self.missions, self.dry_run = missions, dry_run
        # Of those that a dry run has undone: what their keys would have been, by source key.
        self.tried: dict[str, int] = {}
        # Where the addresses would lead that it has undone, both by their hashes: whole they take
        # too much room.
        self._goals: dict[int, int] = {}
        self._waiting: list[OldPage] = []

    def expect(self, incoming: IncomingPost, key: int, files: list[TakenFile]) -> None:
        """Know of `incoming`, which a dry run has undone, as if the release `key` were there."""
        self.tried[incoming.source_key] = key
        host, goal = host_of_site(incoming.site), _goal(incoming.source_key)
        for address in incoming.addresses:
            self._goals.setdefault(hash((host, plain_address(address))), goal)
        for file in files:
            if file.content:
                self._goals.setdefault(hash((file.site, file.address)), A_FILE)

    def wait(self, page: OldPage) -> None:
        self._waiting.append(page)

    def all(self) -> Iterator[Moved]:
        """Keep those that wait, and yield what became of each."""
        while self._waiting:
            pages, self._waiting = self._waiting[:PAGES_AT_ONCE], self._waiting[PAGES_AT_ONCE:]
            releases = self._releases_of(pages)
            rows = [self._row_of(page, releases) for page in pages]
            with at_once(self.dry_run):
                found = old_addresses.kept(map(old_addresses.key_of, filter(None, rows)))
                # A file that came with a post: its address leads to that, and stays so.
                files, there = {key for key, row in found.items() if row.stored}, set(found)
                wanted = [row for row in rows if row and old_addresses.key_of(row) not in files]
                taken = set(map(old_addresses.key_of, old_addresses.put(wanted)))
            if self.dry_run:
                self._add_undone(pages, rows, there, taken)
            for page, row in zip(pages, rows, strict=True):
                yield _told_of_page(page, row, there, taken)

    def _add_undone(
        self,
        pages: list[OldPage],
        rows: list[OldAddress | None],
        there: set[old_addresses.Key],
        taken: set[old_addresses.Key],
    ) -> None:
        """Add to `there` and `taken` what would be, had the items before not been undone."""
        goals = {}
        for page, row in zip(pages, rows, strict=True):
            if row is None:
                continue
            key, goal = old_addresses.key_of(row), _goal(page.source_key, row.mission_id, row.path)
            before = self._goals.get(hash(key))
            goals.setdefault(hash(key), goal)
            if before is not None and key not in there:
                there.add(key)
                if before not in (goal, A_FILE):
                    taken.add(key)
        for key, goal in goals.items():
            self._goals.setdefault(key, goal)

    def _releases_of(self, pages: list[OldPage]) -> dict[str, int]:
        """The keys of the releases that posts of `pages` are here, by source key.

        Whichever run or file they came with.
        """
        wanted = {key: keys_of_same(key) for page in pages if (key := page.source_key)}
        same = set(chain.from_iterable(wanted.values()))
        rows = Release.objects.filter(source_key__in=same).values_list("source_key", "pk")
        here = ChainMap(dict(rows), self.tried)
        found = {key: next(filter(None, map(here.get, keys)), 0) for key, keys in wanted.items()}
        return {key: pk for key, pk in found.items() if pk}

    def _row_of(self, page: OldPage, releases: Mapping[str, int]) -> OldAddress | None:
        """What is kept of `page`; None where it leads nowhere here."""
        site, address = host_of_site(page.site), plain_address(page.address)
        if not address or address == "/":
            return None
        if page.post is not None:
            pk = releases.get(page.source_key)
            return pk and OldAddress(site=site, address=address, release_id=pk)
        if page.term:
            mission, _is_known = self.missions.of_term(page.term)
            return mission and OldAddress(site=site, address=address, mission=mission)
        return OldAddress(site=site, address=address, path=page.path) if page.path else None


def _goal(source_key: str, mission: int | None = None, path: str = "") -> int:
    """What tells where an address leads from where another does."""
    return hash((source_key, mission, path))


def _told_of_page(
    page: OldPage,
    row: OldAddress | None,
    there: Container[old_addresses.Key],
    taken: Container[old_addresses.Key],
) -> Moved:
    """What became of `page`: `there` are addresses that were kept before, `taken` by others."""
    outcome, remark = Outcome.CREATED, ""
    if row is None:
        outcome, remark = Outcome.LEFT_OUT, _("nothing here says the same.")
        if page.post is not None:
            remark = _("it was that of post %(number)d, which is not here.")
            remark %= {"number": page.post}
        elif page.term:
            remark = _("it was that of “%(term)s”, which stands for no mission.")
            remark %= {"term": page.term}
    elif (key := old_addresses.key_of(row)) in there:
        outcome = Outcome.UNCHANGED
        if key in taken:
            remark = _("the old address %(address)s leads somewhere else already.")
            remark %= {"address": row.address}
    remarks = (Remark(0, remark),) if remark else ()
    pk = row.release_id if row else None
    return Moved(outcome, ADDRESS, page.post or 0, page.address, 0, pk, "", remarks)
