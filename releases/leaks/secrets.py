"""What is planted: releases that nobody outside may learn of, and public ones beside them."""

import io
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from PIL import Image

from contacts.models import Mission
from releases import attachments, correcting, pictures, sharing, versions, workflow
from releases.models import (
    Answer,
    Attachment,
    OldAddress,
    Picture,
    Purpose,
    Release,
    ReleaseContact,
    ShareLink,
    State,
    ViewCounter,
)

from .words import ANY, Words

HIDDEN_VERSION = "hidden version"  # the one secret of a public release
REASON = "public reason"  # the one field of a secret that its address tells


@dataclass
class Secret:
    """One planted release. `values` holds what can fill a parameter of an address."""

    name: str
    release: Release
    values: dict[str, list[Any]]
    tokens: list[str] = field(default_factory=list)  # that open it
    dead_tokens: list[list[str]] = field(default_factory=list)  # that did: ended, run out
    old_addresses: list[str] = field(default_factory=list)
    is_gone: bool = False  # its address says that it was withdrawn, or leads on
    mission: Mission | None = None  # one of its own


@dataclass
class Planted:
    """All of it: `stage` is public and stays so, `secrets` are public until they are hidden."""

    words: Words
    stage: list[Secret]
    secrets: list[Secret] = field(default_factory=list)


def set_stage(words: Words) -> Planted:
    """Make public releases for secrets to stand between, one with a version that is hidden."""
    now = timezone.now()
    mission = Mission.objects.create(
        name_ko="누출 점검", name_en="Leak check", slug=f"{words.stem[:3]}-leak-check"
    )
    stage = []
    for name, posted in (("older", timedelta(hours=5)), ("newer", timedelta(minutes=1))):
        release = Release.objects.create(
            title_ko=f"누출 점검 {name}",
            title_en=f"Leak check {name}",
            body_ko="<p>점검</p>",
            body_en=f"<p>{words.text(HIDDEN_VERSION, 'body_en')}</p>",
            mission=mission,
            release_date=date(1949, 5, 6),
            slug=f"leak-check-{name}",
            **_public(now - posted),
        )
        ReleaseContact.objects.create(release=release, name="Leak check", email="a@example.org")
        stage.append(Secret(name, release, _values(release, *_files(release, name, None))))
        _correct(release, "Leak check: corrected.", body_en="<p>Leak check.</p>")
        correcting.hide(release.versions.get(public_number=1), None, "Leak check")
    return Planted(words, stage)


def plant(planted: Planted, states: Collection[str]) -> None:
    """Add the secrets, as public releases that `hide` hides."""
    for name in STATES:
        if name in states:
            planted.secrets.append(_secret(planted, name))


def hide(planted: Planted) -> None:
    """Bring each secret into the state that it is named for."""
    for secret in planted.secrets:
        secret.release.refresh_from_db()
        STATES[secret.name](planted, secret)


def _secret(planted: Planted, name: str) -> Secret:
    words, number = planted.words, list(STATES).index(name)

    def text(field: str) -> str:
        return words.text(name, field)

    def word(field: str) -> str:
        return words.latin(name, field)

    mission = planted.stage[0].release.mission
    own = None
    if not name.endswith(SHARED_MISSION):
        mission = own = Mission.objects.create(
            name_ko=words.korean(name, "mission_ko"),
            name_en=word("mission_en"),
            slug=word("mission_slug"),
            aliases=f"{word('alias')}\n{words.korean(name, 'alias_ko')}",
        )
    release = Release.objects.create(
        **{
            f"{part}_{lang}": text(f"{part}_{lang}")
            for part in ("title", "summary", "dateline")
            for lang in ("ko", "en")
        },
        body_ko=f"<p>{text('body_ko')}</p>",
        body_en=f"<p>{text('body_en')}</p>",
        mission=mission,
        release_date=date(1951 + number, 1 + number % 12, 7),
        slug=word("old_slug"),
        contact_heading=text("contact_heading"),
        source_key=word("source_key"),
        author=get_user_model().objects.create(username=word("author")),
    )
    ReleaseContact.objects.create(
        release=release,
        name=text("contact_name"),
        office=text("contact_office"),
        phone=word("contact_phone"),
        email=f"{word('contact_email')}@example.org",
    )
    ViewCounter.objects.create(release=release, total=7_000_003 + number)
    kept = _files(release, word("file_name"), words)
    old = _old_addresses(release, kept[0], word("old_address"))
    tokens, dead_tokens = _share(release, text)
    workflow.comment(release, comment=text("comment"))
    release.slug = word("slug")
    for column, value in _public(timezone.now() - timedelta(hours=1, minutes=number)).items():
        setattr(release, column, value)
    release.save()
    _correct(release, text("correction"), body_en=f"<p>{text('body_en')} {text('changed')}</p>")
    secret = Secret(name, release, _values(release, *kept), tokens, dead_tokens, old, mission=own)
    secret.values["slug"].insert(1, word("old_slug"))
    secret.values["token"] = tokens
    return secret


def _public(at: datetime) -> dict[str, datetime]:
    return {"submitted_at": at, "approved_at": at, "publish_at": at}


def _share(release: Release, text: Callable[[str], str]) -> tuple[list[str], list[list[str]]]:
    """The tokens of a link for each purpose, the one to approve answered; and of two of each
    that were ended, or whose time is over."""
    until = timezone.now() + timedelta(days=30)
    tokens = []
    for _link in range(3):
        for purpose in (Purpose.READING, Purpose.APPROVAL):
            link, token = sharing.make(release, text("link_label"), purpose, until)
            tokens.append(token)
    links = list(ShareLink.objects.filter(release=release).order_by("pk"))
    for link in links[2:4]:
        sharing.revoke(link)
    long_ago = timezone.now() - timedelta(days=20)
    ShareLink.objects.filter(pk__in=[link.pk for link in links[4:]]).update(expires_at=long_ago)
    sharing.answer(tokens[1], Answer.CHANGES_NEEDED, text("answer"))
    return tokens[:2], [tokens[2:4], tokens[4:]]


def _files(release: Release, name: str, words: Words | None) -> tuple[Picture, Attachment]:
    """A picture and a file of `release`; each word of them is secret where `words` are given."""

    def text(field: str) -> str:
        return words.text(words_of, field) if words else "Leak check"

    # The name of the file is a word of the secret: what the others are words of.
    words_of = next(iter(words.found(name)))[0] if words else ""
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "teal").save(out, "PNG")
    picture = Picture(
        release=release,
        alt_ko=text("alt_ko"),
        alt_en=text("alt_en"),
        caption_ko=text("caption_ko"),
        caption_en=text("caption_en"),
        credit=text("credit"),
        **pictures.prepare(ContentFile(out.getvalue()), f"{name}.png"),
    )
    pictures.cut_card(picture)
    picture.save()
    content = f"%PDF-1.7\n{text('file_content')}\n%%EOF\n".encode()
    file = Attachment.objects.create(
        release=release,
        title_ko=text("file_title_ko"),
        title_en=text("file_title_en"),
        **attachments.prepare(ContentFile(content), f"{name}.pdf"),
    )
    return picture, file


def _old_addresses(release: Release, picture: Picture, word: str) -> list[str]:
    """Addresses that `release` and its `picture` had on the site before: they are kept.

    The first page of ours is asked for one of them.
    """
    found = [f"/?p={release.pk}{word}", f"/1951/{word}", f"/wp-content/uploads/{word}.png"]
    rows = [OldAddress(address=address, release=release) for address in found]
    rows[-1].stored = picture.image.name
    OldAddress.objects.bulk_create(rows)
    return found


def _values(release: Release, picture: Picture, file: Attachment) -> dict[str, list[Any]]:
    """What can stand for each parameter in addresses of `release`; the likeliest first."""
    mission = release.mission
    return {
        "pk": [release.pk, picture.pk, file.pk],
        "slug": [release.slug, mission.slug],
        "place": [0, 1],
        "number": [1, 2],
        "picture_pk": [picture.pk],
        "width": [picture.widths[0], 1200],
        "ending": [picture.ending, "webp", "jpg"],
        "file_pk": [file.pk],
        "name": [file.name, file.file.name.rpartition("/")[2]],
        "object_id": [release.pk],
    }


def _correct(release: Release, note: str, **words: str) -> None:
    """Change the words of a public release, and say so: both texts are public versions."""
    versions.keep(release)
    for name, value in words.items():
        setattr(release, name, value)
    release.save()
    versions.keep(release)
    correcting.correct(release, note_ko=note, note_en=note)
    release.refresh_from_db()


# How each state is reached

SHARED_MISSION = "in a public mission"


def _times(**times: datetime | None) -> Callable[[Planted, Secret], None]:
    """Set the times of a release; timedeltas count from now."""

    def hide(planted: Planted, secret: Secret) -> None:
        release, now = secret.release, timezone.now()
        cleared = dict.fromkeys(["submitted_at", "approved_at", "publish_at", "withdrawn_at"])
        for column, value in (cleared | times).items():
            setattr(release, column, value if value is None else now + value)
        release.corrected_at = None
        release.corrections.all().delete()
        release.save()
        # What was never public has no public version.
        release.versions.update(public_number=None, public_at=None)
        versions.keep(release)

    return hide


def _being_published(planted: Planted, secret: Secret) -> None:
    _times(submitted_at=EARLIER, approved_at=EARLIER, publish_at=SOON)(planted, secret)
    workflow.record("publish_now", secret.release, None, "")


def _undone(planted: Planted, secret: Secret) -> None:
    _being_published(planted, secret)
    _times(submitted_at=EARLIER)(planted, secret)
    workflow.record("undo_publish", secret.release, None, planted.words.text(secret.name, "undone"))


def _withdrawn(planted: Planted, secret: Secret, instead: Release | None = None) -> None:
    secret.is_gone = True
    workflow.withdraw(
        secret.release,
        reason_ko=planted.words.latin(secret.name, REASON),
        comment=planted.words.text(secret.name, "withdrawal_comment"),
        replaced_by=instead,
    )


def _withdrawn_for_another(planted: Planted, secret: Secret) -> None:
    _withdrawn(planted, secret, planted.stage[1].release)


def _replaced(planted: Planted, secret: Secret) -> None:
    secret.is_gone = True
    workflow.replace(secret.release, planted.stage[1].release)


def _replaced_by_a_secret(planted: Planted, secret: Secret) -> None:
    _replaced(planted, secret)
    secret.release.replaced_by = planted.secrets[0].release
    secret.release.save()


def _deleted(planted: Planted, secret: Secret) -> None:
    _times()(planted, secret)
    secret.release.delete()


EARLIER, SOON, LATER = -timedelta(minutes=30), timedelta(hours=1), timedelta(days=2)
APPROVED = {"submitted_at": EARLIER, "approved_at": EARLIER}
STATES: dict[str, Callable[[Planted, Secret], None]] = {
    "draft": _times(),
    "draft with a past date": _times(publish_at=EARLIER),
    "in review": _times(submitted_at=EARLIER),
    "scheduled": _times(**APPROVED, publish_at=LATER),
    "being published": _being_published,
    "publishing undone": _undone,
    "withdrawn before its time": _times(**APPROVED, publish_at=LATER, withdrawn_at=EARLIER),
    "withdrawn": _withdrawn,
    "withdrawn for another": _withdrawn_for_another,
    "replaced": _replaced,
    "replaced by a secret": _replaced_by_a_secret,
    "deleted": _deleted,
    f"draft {SHARED_MISSION}": _times(publish_at=EARLIER),
    f"scheduled {SHARED_MISSION}": _times(**APPROVED, publish_at=LATER),
    f"withdrawn {SHARED_MISSION}": _withdrawn,
}

LABELS: dict[str, str | Promise] = {
    "draft": State.DRAFT.label,
    "draft with a past date": gettext_lazy("Draft with a past date"),
    "in review": State.IN_REVIEW.label,
    "scheduled": State.SCHEDULED.label,
    "being published": gettext_lazy("Being published"),
    "publishing undone": gettext_lazy("Publishing undone"),
    "withdrawn before its time": gettext_lazy("Withdrawn before its time"),
    "withdrawn": State.WITHDRAWN.label,
    "withdrawn for another": gettext_lazy("Withdrawn for another"),
    "replaced": gettext_lazy("Replaced"),
    "replaced by a secret": gettext_lazy("Replaced by a secret"),
    "deleted": gettext_lazy("Deleted"),
    f"draft {SHARED_MISSION}": gettext_lazy("Draft of a public mission"),
    f"scheduled {SHARED_MISSION}": gettext_lazy("Scheduled, of a public mission"),
    f"withdrawn {SHARED_MISSION}": gettext_lazy("Withdrawn, of a public mission"),
    HIDDEN_VERSION: gettext_lazy("Hidden version"),
    ANY: gettext_lazy("Any of the secrets"),
}


def label_of(name: str) -> str:
    """What the shell calls the secret `name`."""
    return str(LABELS[name])
