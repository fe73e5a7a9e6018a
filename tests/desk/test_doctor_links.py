"""The release doctor on links."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from releases import doctor
from releases.doctor import Level
from tests.factories import DRAFT, WITHDRAWN, MissionFactory, ReleaseFactory

from .sheets import findings, says


def link(href, words="the report"):
    return f'<p>Read <a href="{href}">{words}</a> today.</p>'


@pytest.mark.parametrize(
    ("href", "why"),
    [
        ("https://example.org/report", None),
        ("http://example.org", None),
        ("https://한국.example.org/난민", None),
        ("mailto:desk@example.org", None),
        ("mailto:desk@example.org?subject=Relief", None),
        ("mailto:desk.example.org", "This is no email address."),
        ("mailto:", "This is no email address."),
        ("tel:+8225550101", None),
        ("tel:", "This is no phone number."),
        ("http:/example.org", "The name of the site is not right."),
        ("http//example.org", "does not begin with http:// or https://"),
        ("http://http://example.org", "The name of the site is not right."),
        ("https://example", "The name of the site is not right."),
        ("https://example.org/a report.pdf", "There is a space in the address."),
        ("www.example.org", "does not begin with http:// or https://"),
        ("#section", "a place on this page"),
        ("", "The link has no address."),
        ("https://www..org/", "The name of the site is not right."),
    ],
)
def test_an_address_that_cannot_work_is_an_error(href, why):
    found = [f for f in findings(body_en=link(href)) if f.level == Level.ERROR]

    assert len(found) == bool(why)
    assert all(why in f.why and f.field == "body_en" for f in found)


@pytest.mark.parametrize("href", ["javascript:alert(1)", "http://[", "https://exam ple.org/"])
def test_an_address_that_the_gate_has_taken_away_is_asked_for(href):
    found = says("a link that has no address", body_en=link(href))

    assert [f.level for f in found] == [Level.WARNING]


def test_a_bookmark_of_a_word_processor_is_no_link():
    assert findings(body_en='<p><a name="_GoBack"></a>Relief has arrived.</p>') == []


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("here", True),
        ("Click here", True),
        ("여기", True),
        ("링크", True),
        ("바로가기", True),
        ("the yearly report", False),
        ("여기 사람들", False),
    ],
)
def test_link_words_are_to_say_where_they_lead(words, found):
    noted = says("do not say where", body_en=link("https://example.org/a", words))

    assert [f.level for f in noted] == [Level.NOTE] * found


def test_a_link_without_words_is_seen_by_nobody():
    assert says("has no words", body_en=link("https://example.org/a", ""))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The film is at the following link: Campaign", True),
        ("Click here to read it.", True),
        ("자세한 내용은 여기를 클릭하세요.", True),
        ("아래 링크에서 신청합니다.", True),
        ("They link people with work.", False),
        ("사람을 잇는 링크 사업", False),
        ('The film is <a href="https://example.org/">at the following link</a>', False),
        ("The film is at the following link: https://example.org/film", False),
    ],
)
def test_a_link_that_is_spoken_of_exists(text, found):
    assert bool(says("speaks of a link", body_ko=f"<p>{text}</p>")) == found


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Go to www.example.org/hangul, please.", "www.example.org/hangul"),
        ("(https://example.org/a)", "https://example.org/a"),
        ("desk@example.org으로 보내세요", "desk@example.org"),
        ("www.example.org에서 봅니다", "www.example.org"),
        ("see example.org", None),
        ('<a href="https://example.org/">https://example.org/</a>', None),
        ("3 @ 5 is no mail", None),
    ],
)
def test_an_address_in_the_text_is_to_be_a_link(text, address):
    found = says("is no link", body_ko=f"<p>{text}</p>")

    assert [f.where for f in found] == [f"Text in Korean: “{address}”"] * bool(address)


@pytest.mark.parametrize(
    ("words", "href", "host"),
    [
        ("www.example.org", "https://example.org/a", None),
        ("www.example.org", "https://example.com/", "example.com"),
        ("the report", "https://example.com/", None),
    ],
)
def test_an_address_as_link_words_is_the_one_it_leads_to(words, href, host):
    found = [f.why for f in says("another site", body_en=link(href, words))]

    assert found == [f"The link leads to another site: {host}."] * bool(host)


# Links to ourselves


@pytest.fixture
def linking(db):
    """Examine a scheduled release with one link, and say what is found of it in English."""

    def examined(href, **times):
        release = ReleaseFactory(body_en=link(href), **times)
        with translation.override("en"):
            return [f for f in doctor.examine(release) if "(" + href + ")" in f.where]

    return examined


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/en/",
        "/contacts/",
        "/en/contacts/",
        "/contacts",
        "/missions/",
        "/missions/iraq/",
        "/en/missions/iraq/feed/",
        "/releases/1/",
        "/releases/1/an-old-slug/",
        "/en/releases/1/x/",
        "/?q=난민&page=2",
        "/feed/",
        "/static/css/newsroom.css",
        "http://localhost/releases/1/x/",
        "http://localhost:8000/missions/iraq/",
        "https://example.org/releases/99/x/",
    ],
)
def test_a_link_to_a_page_of_ours_that_exists_is_fine(linking, address):
    ReleaseFactory(pk=1)
    MissionFactory(slug="iraq")

    assert linking(address) == []


@pytest.mark.parametrize(
    "address",
    [
        "/releases/99/x/",
        "/en/releases/99/x/",
        "/missions/atlantis/",
        "/contact/",
        "/en/nothing/",
        "http://localhost/releases/99/",
        "http://127.0.0.1:8000/nowhere",
        "//localhost/nowhere/",
    ],
)
def test_a_dead_link_to_ourselves_is_an_error(linking, address):
    [finding] = linking(address)

    assert (finding.level, finding.why) == (
        Level.ERROR,
        "There is no such page on our own site.",
    )


def test_a_link_to_the_desk_is_an_error(linking):
    assert [f.level for f in linking("/admin/releases/release/1/change/")] == [Level.ERROR]


@pytest.mark.parametrize(
    ("times", "level", "why"),
    [
        (DRAFT, Level.WARNING, "not public and has no time"),
        (WITHDRAWN, Level.ERROR, "was withdrawn"),
        ({"publish_at": timezone.now() + timedelta(days=3)}, Level.WARNING, "after this one"),
        ({"publish_at": timezone.now() + timedelta(days=2)}, None, ""),
        ({"publish_at": timezone.now() + timedelta(days=1)}, None, ""),
    ],
)
def test_what_is_linked_is_public_by_the_time_of_the_release(linking, times, level, why):
    ReleaseFactory(pk=1, **times)

    found = linking("/releases/1/x/", publish_at=timezone.now() + timedelta(days=2, hours=1))

    assert [f.level for f in found] == [level] * bool(level)
    assert all(why in f.why for f in found)


def test_a_release_may_link_to_itself(db):
    release = ReleaseFactory(pk=7, body_en=link("/releases/7/x/"), **DRAFT)

    assert not [f for f in doctor.examine(release) if "/releases/7/" in f.where]
