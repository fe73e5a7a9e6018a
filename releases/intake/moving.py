"""Posts of another system -> rows, as `saving` does with text.

Each is saved whole or not at all, with its pictures, its files and its old addresses. A second
run tells apart what is new, what has changed there and what an editor has changed here; a run
that was killed goes on where it was when it is started again.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import DataError, IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from contacts.bilingual import language_of
from contacts.models import Mission
from contacts.names import same_name
from releases import attachments, counting, old_addresses, pictures, storing, versions
from releases.models import Attachment, OldAddress, Picture, Release, State, Step
from releases.old_addresses import plain_address
from releases.prose import lines
from releases.search import index

from . import columns, linking
from .columns import HALF, TEXTS, TakenFile
from .incoming import Remark
from .media import Media
from .offices import found_mission, mission_of
from .posts import IncomingFile, IncomingPost, LeftOut, OldPage, RefusedPost, Words
from .saving import Outcome, Refusal, replace_contacts

PAGES_AT_ONCE = 200  # in a transaction
ADDRESS = "address"  # the kind of an old address that is no post's own

Incoming = IncomingPost | RefusedPost | LeftOut | OldPage


@dataclass(frozen=True)
class Moved:
    """What became of one item, and what a person should know of it.

    `kind` is as the old site calls it, or ADDRESS. `words`: how many there were and where
    they went; `here` of them stand on the page, with those that ours adds.
    """

    outcome: Outcome
    kind: str
    number: int
    title: str
    line: int
    release: int | None = None  # its key here
    address: str = ""
    remarks: tuple[Remark, ...] = ()
    words: Words | None = None
    here: int = 0
    state: State | None = None  # in which it is here, or would be


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
        self.media, self.terms = media, dict(terms or {})
        self.create_missions, self.overwrite, self.dry_run = create_missions, overwrite, dry_run
        # Names of categories and tags without a mission, and how many posts had each.
        self.unknown_terms: Counter[str] = Counter()
        self._places: dict[str, Mission | None] = {}
        self._authors = _Authors()
        self._sites: set[str] = set()
        self._releases: dict[int, int] = {}  # keys of those that are here, by number there
        self._waiting: list[OldPage] = []

    def move_all(self, incoming: Iterable[Incoming]) -> Iterator[Moved]:
        """Move each and yield what became of it, in order; then join what belongs together."""
        for item in incoming:
            if isinstance(item, OldPage):
                self._waiting.append(item)
            else:
                yield self.move(item)
        yield from self._old_pages()
        if not self.dry_run:
            self._link_all()

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
        release: Release | None = None
        here = 0
        try:
            incoming = columns.with_headline(incoming, remarks)
            columns.check(incoming)
            with storing.undone_on_failure():
                # Before the transaction: to encode a picture takes seconds.
                files = self._files(incoming, remarks)
                with _at_once(self.dry_run):
                    outcome, release = self._save(incoming, files, remarks)
                    here = columns.words_here(incoming, files, release, outcome, remarks)
            # Only now: what was refused gives its key to the next one.
            self._sites.add(linking.site_of(incoming.source_key))
            self._releases[incoming.number] = release.pk
        except Refusal as refusal:
            # What was remarked on the way, a new mission say, was undone with the rest.
            outcome, release = Outcome.REFUSED, None
            remarks = [*incoming.remarks, Remark(refusal.line, refusal.reason)]
        except (IntegrityError, DataError) as error:
            outcome, release = Outcome.REFUSED, None
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

    def _save(
        self, incoming: IncomingPost, files: list[TakenFile], remarks: list[Remark]
    ) -> tuple[Outcome, Release]:
        mission, dateline = self._mission(incoming, remarks)
        values = columns.values_of(incoming, mission, dateline, files)
        came = columns.digest_of_post(incoming, values, files)
        release = Release.objects.select_for_update().filter(source_key=incoming.source_key).first()
        is_ours = True
        if release is None:
            outcome = Outcome.CREATED
        elif release.source_digest[:HALF] == came:
            outcome = Outcome.UNCHANGED
        elif (is_ours := columns.is_as_saved(release)) or self.overwrite:
            outcome = Outcome.UPDATED
        else:
            raise Refusal(
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
            self._write_files(release, files)
            self._put_addresses(release, incoming, files, remarks)
            linking.link(release)
            versions.keep(release)
            edited_at = release.edited_at
            if outcome == Outcome.CREATED:
                _note_origin(release, incoming)
                edited_at = columns.edited_at(incoming, timezone.now())
            _stamp(release, came, edited_at)
        else:
            self._put_addresses(release, incoming, files, remarks)
        if incoming.views is not None:
            is_news = counting.set_imported(release.pk, incoming.views)
            if is_news and outcome == Outcome.UNCHANGED:
                outcome = Outcome.UPDATED
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

    # Missions

    def _mission(self, incoming: IncomingPost, remarks: list[Remark]) -> tuple[Mission | None, str]:
        """The mission of the place, else of a category or a tag; and the place to be printed."""
        lang = language_of(lines(incoming.body))
        mission = self._of_place(incoming.place)
        is_wanted = mission is None and incoming.place and self.create_missions
        if is_wanted and (mission := found_mission(incoming.place)):
            # Nothing of it is remembered: should the post be undone, so is its mission.
            self._places.clear()
            told = _("the mission “%(mission)s” is new; look it over.") % {"mission": mission}
            remarks.append(Remark(incoming.line, told))
        if mission is None:
            mission = self._of_terms(incoming.terms)
        if incoming.place and mission is None:
            told = _(
                "no mission goes by “%(place)s”; the place stays in the text. "
                "--create-missions would found one."
            )
            remarks.append(Remark(incoming.line, told % {"place": incoming.place}))
            return None, ""
        if mission is None:
            return None, ""
        printed = getattr(mission, f"name_{lang}") or str(mission)
        return mission, "" if printed == incoming.place else incoming.place

    def _of_place(self, place: str) -> Mission | None:
        if not place:
            return None
        if place not in self._places:
            self._places[place] = mission_of(place)
        return self._places[place]

    def _of_terms(self, terms: Iterable[str]) -> Mission | None:
        """The first mission that one of `terms` stands for."""
        found = None
        for term in terms:
            mission, is_known = self._of_term(term)
            if not is_known:
                self.unknown_terms[term] += 1
            found = found or mission
        return found

    def _of_term(self, term: str) -> tuple[Mission | None, bool]:
        """The mission that a category or a tag stands for, and whether that is known."""
        if same_name(term) in self.terms:
            return self.terms[same_name(term)], True
        mission = self._of_place(term)
        return mission, mission is not None

    # Pictures and files

    def _files(self, incoming: IncomingPost, remarks: list[Remark]) -> list[TakenFile]:
        """The files of `incoming`, with what their bytes make; bytes that are here are not read."""
        wanted = dict.fromkeys((file, plain_address(file.address)) for file in incoming.files)
        known = {
            row.address: row.content
            for row in OldAddress.objects.filter(
                ~Q(stored=""), address__in={address for _each, address in wanted}
            )
        }
        found: list[TakenFile] = []
        for file, address in wanted:
            content = known.get(address) if address else {}
            if not address:
                told = _("the old address %(address)s… is too long to be kept.")
                remarks.append(Remark(incoming.line, told % {"address": file.address[:60]}))
            if content is None:
                content = self._taken(file, incoming, remarks)
                known[address] = content
                found.append(TakenFile(file, address, content, bool(content)))
            else:
                found.append(TakenFile(file, address, content))
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

    def _write_files(self, release: Release, files: list[TakenFile]) -> None:
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

    # Old addresses

    def _put_addresses(
        self,
        release: Release,
        incoming: IncomingPost,
        files: list[TakenFile],
        remarks: list[Remark],
    ) -> None:
        """Let all addresses of `incoming` lead to `release`, and those of its files to them."""
        rows = []
        for address in incoming.addresses:
            plain = plain_address(address)
            if plain and plain != "/":
                rows.append(OldAddress(address=plain, release=release))
            elif not plain:
                told = _("the old address %(address)s… is too long to be kept.")
                remarks.append(Remark(incoming.line, told % {"address": address[:60]}))
        for file in files:
            if file.is_new and not self.dry_run:
                rows.append(
                    OldAddress(
                        address=file.address,
                        release=release,
                        stored=file.stored,
                        content=file.content,
                    )
                )
        for row in old_addresses.put(rows):
            told = _("the old address %(address)s leads somewhere else already.")
            remarks.append(Remark(incoming.line, told % {"address": row.address}))

    def _old_pages(self) -> Iterator[Moved]:
        """Keep the old addresses that are no post's own, once all posts are here."""
        while self._waiting:
            pages, self._waiting = self._waiting[:PAGES_AT_ONCE], self._waiting[PAGES_AT_ONCE:]
            rows = list(map(self._row_of, pages))
            asked = OldAddress.objects.filter(
                address__in={plain_address(page.address) for page in pages}
            )
            with _at_once(self.dry_run):
                there = dict(asked.values_list("address", "stored"))
                # A file that came with a post: its address leads to that, and stays so.
                wanted = [row for row in rows if row and not there.get(row.address)]
                taken = {row.address for row in old_addresses.put(wanted)}
            for page, row in zip(pages, rows, strict=True):
                yield _told_of_page(page, row, there, taken)

    def _row_of(self, page: OldPage) -> OldAddress | None:
        """What is kept of `page`; None where it leads nowhere here."""
        address = plain_address(page.address)
        if not address or address == "/":
            return None
        if page.post is not None:
            release = self._releases.get(page.post)
            return release and OldAddress(address=address, release_id=release)
        if page.term:
            mission, _is_known = self._of_term(page.term)
            return mission and OldAddress(address=address, mission=mission)
        return OldAddress(address=address, path=page.path) if page.path else None

    # Links from one release to another

    def _link_all(self) -> None:
        """Let links in the texts of what came lead to what is here now, where they can.

        What an editor has changed since is left alone: the old addresses lead on as well.
        """
        for site in sorted(self._sites):
            for pk in linking.linked(site).values_list("pk", flat=True).iterator():
                with _at_once():
                    release = Release.objects.select_for_update().get(pk=pk)
                    if columns.is_as_saved(release):
                        self._link_again(release)

    def _link_again(self, release: Release) -> None:
        before, edited_at = versions.content_of(release), release.edited_at
        if not linking.link(release):
            return
        newest = release.versions.first()
        if newest and newest.content == before:
            # The links were never right here: nobody is to find two versions.
            newest.content = versions.content_of(release)
            newest.save(update_fields=["content"])
        versions.keep(release)
        # Whoever has it open is to learn of it.
        _stamp(release, release.source_digest[:HALF], edited_at + timedelta(microseconds=1))


def _told_of_page(page: OldPage, row: OldAddress | None, there: set[str], taken: set[str]) -> Moved:
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
    elif row.address in there:
        outcome = Outcome.UNCHANGED
        if row.address in taken:
            remark = _("the old address %(address)s leads somewhere else already.")
            remark %= {"address": row.address}
    remarks = (Remark(0, remark),) if remark else ()
    pk = row.release_id if row else None
    return Moved(outcome, ADDRESS, page.post or 0, page.address, 0, pk, "", remarks)


class UnknownMission(Exception):
    """No mission has that address."""


def terms_of(mapping: Mapping[str, str]) -> dict[str, Mission | None]:
    """What a `Mover` is told of terms, by the slugs of missions. Raises UnknownMission."""
    by_slug = Mission.objects.in_bulk(list(filter(None, mapping.values())), field_name="slug")
    if unknown := [slug for slug in mapping.values() if slug and slug not in by_slug]:
        raise UnknownMission(unknown[0])
    return {same_name(term): by_slug.get(slug) for term, slug in mapping.items()}


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


@contextmanager
def _at_once(is_undone: bool = False) -> Iterator[None]:
    """All or nothing, and nothing in any case where it `is_undone`."""
    with transaction.atomic():
        with index.once():
            yield
        transaction.set_rollback(is_undone)


def _dry(file: IncomingFile, opened: File, name: str) -> dict[str, Any]:
    """Something like the columns that `file` would make; ValidationError as it would be raised."""
    if file.is_picture:
        pictures.check(opened, name)
        return {"image": name}
    return {"file": name, "kind": attachments.check(opened, name)}


def _note_origin(release: Release, incoming: IncomingPost) -> None:
    """Let the log of `release` say whence it came and who had written it there."""
    author = incoming.author or "–"
    told = _("Number there: %(number)d; author there: %(author)s")
    told %= {"number": incoming.number, "author": author}
    Step.objects.create(release=release, verb=versions.MOVE_IN, at=timezone.now(), text=told)


def _stamp(release: Release, came: str, edited_at: datetime) -> None:
    """Let `release` be known by what `came`, edited last at that time though it is saved now."""
    digest = came + columns.digest_of_release(release)
    Release.objects.filter(pk=release.pk).update(source_digest=digest, edited_at=edited_at)
    release.source_digest, release.edited_at = digest, edited_at
