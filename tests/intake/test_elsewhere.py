"""Which kind of source a path is, and that each is read by the one door."""

from zoneinfo import ZoneInfo

import pytest

from releases.intake.elsewhere import Source, read_posts, source_of
from releases.intake.posts import IncomingPost

from .test_feeds import ATOM, RSS
from .test_saved_pages import PAGE
from .texts import A_RELEASE
from .wordpress.exports import export, item


@pytest.fixture
def paths(tmp_path):
    found = {Source.WORDPRESS: export(tmp_path, item("One."))}
    for source, name, text in [
        (Source.FEED, "feed.xml", RSS),
        (Source.TABLE, "table.csv", "title,body,date\nKits,One.,2014-09-09\n"),
    ]:
        found[source] = tmp_path / name
        found[source].write_text(text)
    found[Source.PAGES] = tmp_path / "pages"
    found[Source.PAGES].mkdir()
    (found[Source.PAGES] / "kits.html").write_text(PAGE)
    return found


@pytest.mark.parametrize("source", Source)
def test_a_source_is_known_and_read(paths, source):
    posts = read_posts(paths[source], source, ZoneInfo("Asia/Seoul"))

    assert source_of(paths[source]) == source
    assert sum(isinstance(post, IncomingPost) for post in posts) == 1


def test_atom_is_a_feed(tmp_path):
    path = tmp_path / "feed.atom"
    path.write_text(ATOM)

    assert source_of(path) == Source.FEED


def test_plain_text_and_an_empty_folder_are_none(tmp_path):
    path = tmp_path / "releases.txt"
    path.write_text(A_RELEASE)
    (tmp_path / "empty").mkdir()

    assert source_of(path) is None
    assert source_of(tmp_path / "empty") is None
