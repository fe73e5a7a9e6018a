"""Nothing that is said or done at the desk shows where strangers look."""

from datetime import timedelta

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone, translation

from releases import versions, workflow
from releases.models import Release
from tests.corrected import correct
from tests.factories import (
    DRAFT,
    MissionFactory,
    PressContactFactory,
    ReleaseContactFactory,
    ReleaseFactory,
)
from tests.uploads import file_of, picture_of

from .roles import person

pytestmark = pytest.mark.django_db

SECRETS = {
    "author": "숨은작성자",
    "editor": "숨은편집자",
    "comment": "의견은안에서만",
    "sent back": "돌려보낸사유",
    "undone": "취소한까닭",
    "scheduled": "예약할때한말",
    "withdrawn": "철회할때한말",
    "restored": "되살리며한말",
}


def public_names(patterns=None, space="") -> set[tuple[str, frozenset[str]]]:
    """Each name of an address outside the desk, with what it takes."""
    found = set()
    for pattern in patterns or get_resolver().url_patterns:
        if isinstance(pattern, URLResolver):
            if pattern.app_name != "admin":
                inside = f"{space}{pattern.namespace}:" if pattern.namespace else space
                found |= public_names(pattern.url_patterns, inside)
        elif isinstance(pattern, URLPattern) and pattern.name:
            takes = frozenset(pattern.pattern.converters)
            found.add((space + pattern.name, takes))
    return found


def withdrawn_release() -> Release:
    """A release that went through every step, with something said at each."""
    author = person("author", last_name=SECRETS["author"], first_name="")
    editor = person("editor", last_name=SECRETS["editor"], first_name="")
    author.username, editor.username = "hidden-author", "hidden-editor"
    author.save()
    editor.save()
    release = ReleaseFactory(
        author=author, mission=MissionFactory(slug="iraq"), title_en="Relief", **DRAFT
    )
    ReleaseContactFactory(release=release, position=1)
    PressContactFactory(pk=release.pk)  # at whose address there is a card
    picture_of(release)
    file_of(release)
    versions.keep(release, by=author)
    workflow.submit(release, by=author)
    workflow.comment(release, by=author, comment=SECRETS["comment"])
    workflow.send_back(release, by=editor, comment=SECRETS["sent back"])
    workflow.submit(release, by=author)
    workflow.publish_now(release, by=editor)
    workflow.undo_publish(release, by=editor, comment=SECRETS["undone"])
    at = timezone.now() + timedelta(days=1)
    workflow.schedule(release, at, by=editor, comment=SECRETS["scheduled"])
    Release.objects.update(publish_at=timezone.now() - timedelta(hours=1))
    release.refresh_from_db()
    correct(release, by=editor)
    workflow.withdraw(release, by=editor, reason_ko="공개한 사유", comment=SECRETS["withdrawn"])
    return release


# What a browser says of a request that a page of this site makes.
FROM_HERE = {"data": "", "content_type": "text/plain", "headers": {"Sec-Fetch-Site": "same-origin"}}


def answers(client, release: Release) -> dict[str, tuple[int, str]]:
    """What each public address answers, in both languages."""
    picture, file = release.pictures.get(), release.files.get()
    given = {
        "pk": release.pk,
        "slug": release.slug,
        "place": 1,
        "picture_pk": picture.pk,
        "width": picture.widths[0],
        "file_pk": file.pk,
        "name": file.name,
        "token": "0" * 40,
        "number": 1,
    }
    found = {}
    for name, takes in sorted(public_names(), key=str):
        for language in ("ko", "en"):
            values = {key: given[key] for key in takes if key in given}
            if "section" in takes:
                values["section"] = f"releases-{language}"
            if takes == {"slug"}:
                values["slug"] = release.mission.slug
            if "ending" in takes:
                values["ending"] = "webp" if "width" in takes else "jpg"
            with translation.override(language):
                address = reverse(name, kwargs=values)
            posts = name == "reading"
            response = client.post(address, **FROM_HERE) if posts else client.get(address)
            found[address] = (response.status_code, _text(response))
    return found


def _text(response) -> str:
    content = b"".join(response) if response.streaming else response.content
    heads = "\n".join(f"{name}: {value}" for name, value in response.items())
    return heads + content.decode(errors="replace")


@pytest.mark.parametrize("is_restored", [True, False], ids=["public", "withdrawn"])
def test_no_public_address_tells_of_a_private_step(client, is_restored):
    release = withdrawn_release()
    if is_restored:
        workflow.restore(release, comment=SECRETS["restored"])

    found = answers(client, release)

    assert len(found) > 20
    assert found[release.get_absolute_url()][0] == (200 if is_restored else 410)
    hidden = [*SECRETS.values(), "hidden-author", "hidden-editor"]
    for address, (status, text) in found.items():
        # A test that asks for pages that are not there would prove nothing.
        assert status < 400 or (status in (404, 410) and not is_restored), address
        assert [word for word in hidden if word in text or ascii(word)[1:-1] in text] == [], address
    shown = "".join(text for _status, text in found.values())
    assert ("공개한 사유" in shown) != is_restored
