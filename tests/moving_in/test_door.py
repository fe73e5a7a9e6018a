"""Whatever kind of file it is, each item is told of in one way."""

from pathlib import Path

import pytest
from django.core.management import call_command

from releases.intake.moved import ADDRESS
from releases.intake.saving import Outcome
from releases.models import OldAddress, Release, State
from releases.moving_in import sources
from releases.moving_in.choices import Choices
from releases.moving_in.door import Door
from tests.factories import ReleaseFactory

from .desk import TEXT

# A takeout is of one moment, which has a transaction of its own.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def takeout(tmp_path) -> Path:
    """A takeout of a public release, of a draft and of an old address that is no release's."""
    ReleaseFactory(title_ko="Public")
    ReleaseFactory(title_ko="Draft", approved_at=None, submitted_at=None)
    OldAddress.objects.create(address="/press", path="/contacts/")
    path = tmp_path / "newsroom.zip"
    call_command("takeout", "--to", str(path), verbosity=0)
    return path


def brought(path: Path, kind: str, dry: bool = False, **choices):
    return list(Door(Choices(**choices), dry).bring_in(path, kind))


def test_a_takeout_tells_where_each_release_is_and_whether_it_is_public(takeout):
    told = {moved.title: moved for moved in brought(takeout, sources.TAKEOUT)}

    for release in Release.objects.all():
        moved = told[release.title_ko]
        assert (moved.release, moved.state) == (release.pk, release.state)
        assert moved.words.source == moved.words.page == moved.here > 1
        assert moved.address == release.get_absolute_url("ko")
    assert {told["Public"].state, told["Draft"].state} == {State.PUBLIC, State.DRAFT}


def test_a_look_into_a_takeout_tells_what_would_be_public_and_gives_no_address(takeout):
    Release.objects.all().delete()

    told = {moved.title: moved for moved in brought(takeout, sources.TAKEOUT, dry=True)}

    assert (told["Public"].state, told["Public"].address) == (State.PUBLIC, "")


def test_old_addresses_of_a_takeout_are_no_items(takeout):
    (address,) = (moved for moved in brought(takeout, sources.TAKEOUT) if moved.title == "/press")

    assert (address.kind, address.outcome, address.address) == (ADDRESS, Outcome.UNCHANGED, "")


def test_a_text_tells_where_each_release_is(tmp_path):
    path = tmp_path / "old.txt"
    path.write_text(TEXT)

    looked = brought(path, sources.TEXT, dry=True)
    first, second, refused = brought(path, sources.TEXT)

    assert {moved.address for moved in looked} == {""}
    here = {release.pk: release.get_absolute_url("ko") for release in Release.objects.all()}
    assert {moved.release: moved.address for moved in (first, second)} == here
    assert (first.state, refused.outcome) == (State.PUBLIC, Outcome.REFUSED)


def test_a_text_tells_where_its_words_went(tmp_path):
    path = tmp_path / "old.txt"
    path.write_text(
        "(2014/9/9) Winter kits\n\nIraq - The first text.\n\n"
        "For more information, please contact\n\n"
        "Name One, IOM Libya\nTel: 02-555-0101\nEmail: desk@example.org\n\n"
        "Posted on Tue, Sep-09-2014\n\nViews – 7\n"
    )

    for dry in (True, False):
        (moved,) = brought(path, sources.TEXT, dry)

        words = moved.words
        assert words.lost == ()
        assert words.source == words.page + sum(dict(words.set_aside).values()) == 34
        assert (words.page, moved.here) == (5, 6)  # with the place, which no mission goes by
        assert {"date", "contacts", "posted", "views"} < dict(words.set_aside).keys()
