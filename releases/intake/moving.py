"""Posts of another system -> rows, as `saving` does with text.

Each is saved whole or not at all, with its pictures, its files and its old addresses. A second
run tells apart what is new, what has changed there and what an editor has changed here; a run
that was killed goes on where it was when it is started again.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import DataError, IntegrityError
from django.utils import timezone
from django.utils.translation import gettext as _

from contacts.models import Mission
from contacts.names import same_name
from releases import counting, storing, versions
from releases.hosts import host_of_site
from releases.models import Release, Step

from . import columns, linking, post_addresses
from .columns import HALF, TEXTS, TakenFile
from .incoming import Remark
from .media import Media
from .moved import Moved
from .post_addresses import Pages
from .post_files import Files
from .post_missions import Missions
from .posts import IncomingPost, LeftOut, OldPage, RefusedPost, keys_of_same
from .saving import Outcome, Refusal, deleted_here, replace_contacts
from .whole import at_once

Incoming = IncomingPost | RefusedPost | LeftOut | OldPage


class EditedHere(Refusal):
    """An editor has changed the release: its words are theirs; its addresses and views come."""

    def __init__(self, release: Release, line: int, reason: str):
        self.release = release
        super().__init__(line, reason)


class KnownBetter(Refusal):
    """What brought the release knew more of it than this source: it is left as it is."""

    def __init__(self, release: Release, line: int, reason: str):
        self.release = release
        super().__init__(line, reason)


class Mover:
    """Moves posts in, one after the other, each in a transaction of its own.

    `media`: where pictures and files come from. `terms`: the missions that categories and tags
    stand for, None for those that stand for none, by `same_name`; all others go by the names of
    missions. `create_missions` and `overwrite` are as an `Importer` has them. A `dry_run` says
    what would be done; it undoes each by itself, so that nobody waits for it.
    """

    def __init__(
        self,
        media: Media | None = None,
        terms: Mapping[str, Mission | None] | None = None,
        *,
        create_missions: bool = False,
        overwrite: bool = False,
        dry_run: bool = False,
    ):
        self.overwrite, self.dry_run = overwrite, dry_run
        self._missions = Missions(terms or {}, create_missions)
        self._files = Files(media, dry_run)
        self._pages = Pages(self._missions, dry_run)
        self._authors = _Authors()
        self._hosts: set[str] = set()  # of the sites from which something came
        self._known_hosts = linking.hosts()
        self._deleted = versions.source_keys_of_deleted()

    @property
    def unknown_terms(self) -> Counter[str]:
        """Names of categories and tags without a mission, and how many posts had each."""
        return self._missions.unknown_terms

    def move_all(self, incoming: Iterable[Incoming]) -> Iterator[Moved]:
        """Move each and yield what became of it, in order; then join what belongs together."""
        for item in incoming:
            if isinstance(item, OldPage):
                self._pages.wait(item)
            else:
                yield self.move(item)
        yield from self._pages.all()
        if not self.dry_run:
            linking.link_all(self._hosts, self._known_hosts)

    def move(self, item: IncomingPost | RefusedPost | LeftOut) -> Moved:
        """Move one item in, whole or not at all."""
        if isinstance(item, IncomingPost):
            return self._moved(item)
        outcome, kind = Outcome.REFUSED, ""
        if isinstance(item, LeftOut):
            outcome, kind = Outcome.LEFT_OUT, item.kind
        remarks = (Remark(item.line, item.reason),)
        return Moved(outcome, kind, item.number, item.title, item.line, remarks=remarks)

    def _moved(self, incoming: IncomingPost) -> Moved:
        remarks = list(incoming.remarks)
        outcome, release, here = Outcome.REFUSED, None, 0
        try:
            incoming = columns.with_headline(incoming, remarks)
            try:
                outcome, release, here = self._whole(incoming, remarks)
            except EditedHere as refusal:
                remarks = [*incoming.remarks, Remark(refusal.line, refusal.reason)]
                with at_once(self.dry_run):
                    post_addresses.put(refusal.release, incoming, [], remarks)
                    _count(refusal.release, incoming)
                if self.dry_run:
                    self._pages.expect(incoming, refusal.release.pk, [])
            except KnownBetter as left:
                outcome, release = Outcome.UNCHANGED, left.release
                here = columns.words_on_page(release, columns.language_of_post(incoming))
                remarks = [*incoming.remarks, Remark(left.line, left.reason)]
                with at_once(self.dry_run):
                    post_addresses.put(release, incoming, [], remarks)
                if self.dry_run:
                    self._pages.expect(incoming, release.pk, [])
        except Refusal as refusal:
            # What was remarked on the way, a new mission say, was undone with the rest.
            remarks = [*incoming.remarks, Remark(refusal.line, refusal.reason)]
        except (IntegrityError, DataError) as error:
            reason = _("the database refused it (%(error)s); try again.") % {"error": error}
            remarks = [*incoming.remarks, Remark(incoming.line, reason)]
        is_kept = release is not None and not self.dry_run
        return Moved(
            outcome,
            incoming.kind,
            incoming.number,
            incoming.title,
            incoming.line,
            release.pk if is_kept else None,
            release.get_absolute_url(settings.LANGUAGE_CODE) if is_kept else "",
            tuple(remarks),
            incoming.words,
            here,
            release.state if release else None,
        )

    def _whole(self, incoming: IncomingPost, remarks: list[Remark]) -> tuple[Outcome, Release, int]:
        """Save it whole; what was done, to which release, and how many words its page has.

        Raises Refusal, and what the database raises; then nothing is left of it.
        """
        columns.check(incoming)
        self._check_deleted(incoming)
        with storing.undone_on_failure():
            # Before the transaction: to encode a picture takes seconds.
            files = self._files.of_post(incoming, remarks)
            with at_once(self.dry_run):
                outcome, release = self._save(incoming, files, remarks)
                here = columns.words_here(incoming, files, release, outcome, remarks)
                # After the words are compared: where only the views are new, they may be others.
                if _count(release, incoming) and outcome == Outcome.UNCHANGED:
                    outcome = Outcome.UPDATED
        if host := host_of_site(incoming.site):
            self._hosts.add(host)
            self._known_hosts.add(host)
        if self.dry_run:
            self._pages.expect(incoming, release.pk, files)
        return outcome, release, here

    def _check_deleted(self, incoming: IncomingPost) -> None:
        """Refuse what came before and was deleted here, lest it be public again."""
        keys = keys_of_same(incoming.source_key)
        if self._deleted.isdisjoint(keys) or self.overwrite:
            return
        if not Release.objects.filter(source_key__in=keys).exists():
            raise Refusal(incoming.line, deleted_here())

    def _save(
        self, incoming: IncomingPost, files: list[TakenFile], remarks: list[Remark]
    ) -> tuple[Outcome, Release]:
        mission, dateline = self._missions.of_post(incoming, remarks)
        values = columns.values_of(incoming, mission, dateline, files)
        came = columns.digest_of_post(incoming, values, files)
        release = _here(incoming)
        is_ours = True
        if release is None:
            outcome = Outcome.CREATED
        elif release.source_digest[:HALF] == came:
            outcome = Outcome.UNCHANGED
        elif incoming.is_of_feed and not columns.is_of_feed(release):
            told = _(
                "it came here by other ways, which know more of it than a feed; "
                "it is left as it is."
            )
            raise KnownBetter(release, incoming.line, told)
        elif (is_ours := columns.is_as_saved(release)) or self.overwrite:
            if incoming.lacks and not self.overwrite:
                told = _("this export holds less of it than came before; --overwrite takes this.")
                raise KnownBetter(release, incoming.line, told)
            outcome = Outcome.UPDATED
        else:
            raise EditedHere(
                release,
                incoming.line,
                _("it was edited here after it had come in; --overwrite takes the old site’s."),
            )
        if outcome != Outcome.UNCHANGED:
            times = columns.times_of(incoming, values, release, remarks)
            if release is None:
                release = Release(source_key=incoming.source_key, **values, **times)
                release.author_id = self._authors.key_of(incoming.author)
            else:
                versions.keep(release)
                self._change(release, values, times, is_ours, incoming, remarks)
            release.save()
            replace_contacts(release, incoming.contacts, mission)
            self._files.write(release, files)
            post_addresses.put(release, incoming, files, remarks)
            linking.link(release, self._known_hosts)
            versions.keep(release)
            edited_at = release.edited_at
            if outcome == Outcome.CREATED:
                _note_origin(release, incoming)
                edited_at = columns.edited_at(incoming, timezone.now())
            columns.stamp(release, came, edited_at)
        else:
            post_addresses.put(release, incoming, files, remarks)
        return outcome, release

    def _change(
        self,
        release: Release,
        values: dict[str, Any],
        times: dict[str, Any],
        is_ours: bool,
        incoming: IncomingPost,
        remarks: list[Remark],
    ) -> None:
        if not is_ours:
            # The post has one language of each; an editor's translation is not its to clear.
            values = {name: value for name, value in values.items() if value or name not in TEXTS}
            if any(getattr(release, name) != value for name, value in times.items()):
                told = _("where it stands, and its times, are left as they are here.")
                remarks.append(Remark(incoming.line, told))
            times = {}
        for name, value in (values | times).items():
            setattr(release, name, value)


class _Authors:
    """Which account an author of the old site has here: by user name or by full name."""

    def __init__(self):
        self._keys: dict[str, int | None] = {}
        for user in get_user_model().objects.filter(is_active=True).order_by("pk"):
            for name in {same_name(user.get_username()), same_name(user.get_full_name())} - {""}:
                # Of two who are called the same it is neither.
                self._keys[name] = None if name in self._keys else user.pk

    def key_of(self, author: str) -> int | None:
        return self._keys.get(same_name(author))


def _here(incoming: IncomingPost) -> Release | None:
    """The release that `incoming` has made here, locked."""
    keys = keys_of_same(incoming.source_key)
    found = Release.objects.select_for_update().filter(source_key__in=keys)
    return min(found, key=lambda release: keys.index(release.source_key), default=None)


def _count(release: Release, incoming: IncomingPost) -> bool:
    """Let `release` have the views of `incoming`, if it tells them; whether that is news."""
    return incoming.views is not None and counting.set_imported(release.pk, incoming.views)


def _note_origin(release: Release, incoming: IncomingPost) -> None:
    """Let the log of `release` say whence it came and who had written it there."""
    author = incoming.author or "–"
    told = _("Number there: %(number)d; author there: %(author)s")
    told %= {"number": incoming.number, "author": author}
    Step.objects.create(release=release, verb=versions.MOVE_IN, at=timezone.now(), text=told)
