"""A post of another system in our columns: its words, its times, and what tells it from another."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from django.utils import timezone, translation
from django.utils.html import escape
from django.utils.text import slugify
from django.utils.translation import gettext as _

from contacts.bilingual import LANGUAGES, language_of
from contacts.models import Mission
from contacts.text import clean_line
from releases import versions, workflow
from releases.fields import clean_html, clean_summary
from releases.models import Attachment, Picture, Release, ReleaseContact, State
from releases.models.release import FIRST_PARAGRAPH, SLUG_LENGTH
from releases.prose import lines, plain_line, shortened

from .counted import MOST_TOLD, told_of_surplus, words_of
from .incoming import Remark
from .posts import IncomingFile, IncomingPost, Standing
from .saving import WORDS, Outcome, Refusal, check_contacts, midnight, most

TEXTS = [*WORDS, *(f"summary_{lang}" for lang in LANGUAGES)]
HALF = 32  # characters: a source digest is one of what came and one of what was saved
HEADLINE_LENGTH = 100  # characters, where it had to be made of the text
OF_FEED = "feed:"  # opens the digest of what a feed brought
# What a version holds and nobody writes: keys of rows.
KEYS = ("id", "contact")


@dataclass(frozen=True)
class TakenFile:
    """A picture or a file of a post, and the columns that its bytes make here."""

    incoming: IncomingFile
    site: str  # its host, and its address, as old addresses are kept
    address: str
    content: Mapping[str, Any]  # empty where its bytes did not come
    is_new: bool = False  # its bytes were written just now

    @property
    def stored(self) -> str:
        """The name of its bytes in the storage."""
        return self.content.get("image") or self.content.get("file") or ""

    @property
    def caption(self) -> str:
        """What stands below the picture, who made it included where that has no column."""
        said = [clean_line(self.incoming.caption)]
        if len(self.credit) > most(Picture, "credit"):
            said.append(self.credit)
        return " ".join(filter(None, said))

    @property
    def credit(self) -> str:
        return clean_line(self.incoming.credit)

    @property
    def has_room(self) -> bool:
        """Whether the caption can stand below it; else it stays in the text."""
        return "image" in self.content and len(self.caption) <= most(Picture, "caption_ko")


# Whether it can be saved


def with_headline(incoming: IncomingPost, remarks: list[Remark]) -> IncomingPost:
    """`incoming` with a headline, made of its text where it has none; Refusal without either."""
    if clean_line(incoming.title):
        return incoming
    words = shortened(plain_line(incoming.body), HEADLINE_LENGTH)
    if not words:
        raise Refusal(incoming.line, _("it has neither a headline nor a text."))
    remarks.append(
        Remark(incoming.line, _("it had no headline; the beginning of its text is taken for one."))
    )
    return replace(incoming, title=words)


def check(incoming: IncomingPost) -> None:
    """Refuse what the database cannot hold, and what has lost words on its way."""
    if incoming.words.lost:
        raise _lost(incoming, incoming.words.lost)
    for text, column in ((incoming.title, "title_ko"), (incoming.source_key, "source_key")):
        if len(text) > most(Release, column):
            raise Refusal(
                incoming.line,
                _("“%(text)s…” has %(length)d characters; expected %(limit)d at most.")
                % {"text": text[:40], "length": len(text), "limit": most(Release, column)},
            )
    if len(incoming.place) > most(Release, "dateline_ko"):
        raise Refusal(incoming.line, _("its place is too long to be one."))
    check_contacts(incoming)


# Words


def values_of(
    incoming: IncomingPost, mission: Mission | None, dateline: str, files: list[TakenFile]
) -> dict[str, Any]:
    """The columns of the release as they are stored, but for its times.

    Words that have no other place here stay in the text: the place of no mission, the captions
    of pictures that are not there.
    """
    body = incoming.body
    if incoming.place and not mission:
        body = _opened_by(body, f"{incoming.place}{incoming.dash}")
    for file in files:
        if file.incoming.is_picture and file.caption and not file.has_room:
            body += f"\n<p>{escape(file.caption)}</p>"
    body, summary = clean_html(body), clean_summary(incoming.summary)
    lang = language_of(lines(body) or incoming.title)
    values = {
        **dict.fromkeys(TEXTS, ""),
        f"title_{language_of(incoming.title)}": clean_line(incoming.title),
        f"body_{lang}": body,
        f"dateline_{lang}": dateline,
        "mission": mission,
        "release_date": incoming.release_date,
        "contact_heading": clean_line(incoming.contact_heading),
    }
    values[f"summary_{language_of(plain_line(summary) or incoming.title)}"] = summary
    if slug := _slug(incoming.slug):
        values["slug"] = slug
    return values


def _opened_by(body: str, place: str) -> str:
    if first := FIRST_PARAGRAPH.match(body):
        return f"{first[0]}{escape(place)}{body[first.end() :]}"
    return f"<p>{escape(place.rstrip())}</p>\n{body}"


def _slug(slug: str) -> str:
    """`slug` as our addresses have it; "" where nothing of it fits."""
    return slugify(slug, allow_unicode=True)[:SLUG_LENGTH].strip("-_")


def picture(file: TakenFile) -> dict[str, Any]:
    """The columns of the Picture that `file` makes."""
    told = file.incoming
    alt = shortened(described(told), most(Picture, "alt_ko"))
    values = {**file.content, f"alt_{language_of(alt)}": alt}
    if file.caption and file.has_room:
        values[f"caption_{language_of(file.caption)}"] = file.caption
    if len(file.credit) <= most(Picture, "credit"):
        values["credit"] = file.credit
    return values


def described(file: IncomingFile) -> str:
    """What is said to be seen in a picture, else the next best that its old site says of it."""
    name = file.address.rpartition("/")[2]
    said = (clean_line(words) for words in (file.alt, file.caption, file.title, name))
    return next(filter(None, said), file.address)


def attachment(file: TakenFile) -> dict[str, Any]:
    """The columns of the Attachment that `file` makes."""
    title = shortened(
        clean_line(file.incoming.title or file.incoming.caption), most(Attachment, "title_ko")
    )
    return {**file.content, f"title_{language_of(title)}": title}


# Times


def edited_at(incoming: IncomingPost, now: datetime) -> datetime:
    """When it was edited last, as far as is known, and not later than `now`."""
    known = incoming.edited_at or incoming.publish_at or midnight(incoming.release_date)
    return min(known, now)


def times_of(
    incoming: IncomingPost,
    values: dict[str, Any],
    release: Release | None,
    remarks: list[Remark],
) -> dict[str, Any]:
    """The times of `incoming`, and what the public reads where it was withdrawn.

    Never more public than it was there, nor silently gone where it was public here: `release`.
    """
    now, standing = timezone.now(), incoming.standing
    at = incoming.publish_at or midnight(incoming.release_date)
    edited = edited_at(incoming, now)

    def tell(message: str) -> None:
        remarks.append(Remark(incoming.line, message))

    has_text = any(values[f"body_{lang}"] for lang in LANGUAGES)
    if standing in (Standing.PUBLIC, Standing.SCHEDULED, Standing.WITHDRAWN) and not has_text:
        tell(_("it has no text, which a public release needs: it waits for review."))
        standing = Standing.IN_REVIEW
    if standing == Standing.PUBLIC and at > now:
        tell(_("it is dated in the time to come: it is scheduled for then."))
    is_out = release is not None and release.state in (State.PUBLIC, State.WITHDRAWN)
    if standing == Standing.SCHEDULED and at <= now and not is_out:
        tell(_("the time that it was scheduled for has passed: it waits for review."))
        standing = Standing.IN_REVIEW
    if is_out and standing not in (Standing.PUBLIC, Standing.SCHEDULED, Standing.WITHDRAWN):
        tell(_("it is no longer public on the old site: it is withdrawn here."))
        standing, at, edited = Standing.WITHDRAWN, release.publish_at, now
    times: dict[str, Any] = dict.fromkeys(workflow.TIMES) | dict.fromkeys(workflow.REASONS, "")
    if standing in (Standing.PUBLIC, Standing.SCHEDULED, Standing.WITHDRAWN):
        approved = min(at, edited)
        times |= {"submitted_at": approved, "approved_at": approved, "publish_at": at}
        if standing == Standing.WITHDRAWN:
            times["withdrawn_at"] = max(at, edited)
            times |= _reasons()
        return times
    times["publish_at"] = incoming.publish_at
    if standing == Standing.IN_REVIEW:
        times["submitted_at"] = edited
    elif standing == Standing.BINNED:
        tell(_("it was in the bin of the old site: it is a draft here."))
    return times


def _reasons() -> dict[str, str]:
    reasons = {}
    for lang in LANGUAGES:
        with translation.override(lang):
            reasons[f"withdrawal_reason_{lang}"] = _("It was taken down on our former site.")
    return reasons


# What tells it from another


def digest_of_post(incoming: IncomingPost, values: dict[str, Any], files: list[TakenFile]) -> str:
    """What came in: all of it that is saved, but for what may change by itself, its readings."""
    plain = {
        name: value.pk if isinstance(value, Mission) else str(value)
        for name, value in values.items()
    }
    plain["standing"] = incoming.standing.value
    plain["publish_at"] = incoming.publish_at and incoming.publish_at.timestamp()
    plain["contacts"] = [[c.name, c.office, c.phone, c.email] for c in incoming.contacts]
    plain["files"] = [
        [f.address, bool(f.content), told.is_lead, told.title, told.alt, f.caption, f.credit]
        for f in files
        for told in [f.incoming]
    ]
    digest = _digest(plain)
    return f"{OF_FEED}{digest}"[:HALF] if incoming.is_of_feed else digest


def is_of_feed(release: Release) -> bool:
    """Whether what `release` was made of, or changed by last, was a feed."""
    return release.source_digest.startswith(OF_FEED)


def digest_of_release(release: Release) -> str:
    """What `release` says and where it stands, as it is saved."""
    content = {
        name: [{k: v for k, v in row.items() if k not in KEYS} for row in value]
        if isinstance(value, list)
        else value
        for name, value in versions.content_of(release).items()
    }
    for name in workflow.TIMES:
        moment = getattr(release, name)
        content[name] = moment and moment.astimezone(UTC).isoformat()
    return _digest(content)


def is_as_saved(release: Release) -> bool:
    """Whether nobody has changed what a post made of `release`, nor moved it on."""
    return release.source_digest[HALF:] == digest_of_release(release)


def _digest(content: Any) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:HALF]


def stamp(release: Release, came: str, edited_at: datetime) -> None:
    """Let `release` be known by what `came`, edited last at that time though it is saved now."""
    digest = came + digest_of_release(release)
    Release.objects.filter(pk=release.pk).update(source_digest=digest, edited_at=edited_at)
    release.source_digest, release.edited_at = digest, edited_at


# Whether every word is there


def words_on_page(release: Release, lang: str = "") -> int:
    """How many words the page of `release` has in `lang`, by default in that of its text."""
    lang = lang or language_of(lines(release.body_ko or release.body_en) or str(release.title))
    return _words_with(_text_of(release, lang), release, lang)


def language_of_post(incoming: IncomingPost) -> str:
    """The language in which `incoming` is written."""
    return language_of(lines(incoming.body) or incoming.title)


def _text_of(release: Release, lang: str) -> str:
    with translation.override(lang):
        return lines(str(release.html))


def _words_with(text: str, release: Release, lang: str) -> int:
    """How many words the page of `release` has in `lang` with its `text`."""
    summary = plain_line(release.summary_ko or release.summary_en)
    with translation.override(lang):
        return words_of("\n".join([str(release.title), text, summary])).total()


def words_here(
    incoming: IncomingPost,
    files: list[TakenFile],
    release: Release,
    outcome: Outcome,
    remarks: list[Remark],
) -> int:
    """How many words the page of `release` has; Refusal where one of `incoming` is not there.

    A word too many is remarked; the mission's name before the text is none.
    """
    lang = language_of_post(incoming)
    text = _text_of(release, lang)
    here = _words_with(text, release, lang)
    if outcome == Outcome.UNCHANGED:
        return here  # an editor may have changed it
    said = [text, release.contact_heading, release.title_ko, release.title_en]
    said += [plain_line(summary) for summary in (release.summary_ko, release.summary_en)]
    for row in ReleaseContact.objects.filter(release=release):
        said += [row.name, row.office, row.phone, row.email]
    came = [incoming.title, incoming.place, lines(incoming.body), plain_line(incoming.summary)]
    came.append(incoming.contact_heading)
    for contact in incoming.contacts:
        came += [contact.name, contact.office, contact.phone, contact.email]
    for file in files:
        if file.incoming.is_picture:
            came.append(file.caption)
            if file.has_room:
                said.append(file.caption)
    if lost := words_of("\n".join(came)) - words_of("\n".join(said)):
        raise _lost(incoming, sorted(lost.elements()))
    if release.mission:
        came += [release.mission.name_ko, release.mission.name_en]
    if more := sorted((words_of(text) - words_of("\n".join(came))).elements()):
        remarks.append(Remark(incoming.line, told_of_surplus(more)))
    return here


def _lost(incoming: IncomingPost, words: Sequence[str]) -> Refusal:
    told = ", ".join(f"“{word}”" for word in words[:MOST_TOLD])
    return Refusal(
        incoming.line,
        _("%(count)d of its words would be lost: %(words)s.")
        % {"count": len(words), "words": told},
    )
