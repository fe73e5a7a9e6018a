"""A release page: what it shows, to whom, and what it never lets slip."""

import json
import re
from datetime import date, timedelta
from html import escape

import pytest
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from releases.models import Release

from .factories import (
    NINE,
    ONE_SECOND,
    MissionFactory,
    ReleaseContactFactory,
    ReleaseFactory,
)
from .hidden import SECRET, hidden_releases
from .reading import Element, releases_linked
from .reading import read as parts_of

pytestmark = pytest.mark.django_db

LEFT = date(2015, 1, 31)


def read(client, release: Release, language: str = "ko"):
    """The release's page."""
    return client.get(release.get_absolute_url(language=language))


def page_of(client, release: Release) -> Element:
    return parts_of(read(client, release))


def neighbours(client, release: Release) -> dict[str, Release]:
    """Those that its page leads to, by the relation that the link tells."""
    links = page_of(client, release).one("nav", class_="neighbours").all("a")
    return {link["rel"]: releases_linked(link.parent)[0] for link in links}


def json_ld(response) -> dict:
    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', response.text)
    return json.loads(block[1])


# What it shows


def test_the_headline_carries_its_date(client):
    release = ReleaseFactory(title_ko="구호 물자 전달", release_date=date(2014, 9, 5))

    response = read(client, release)

    heading = '<h1 lang="ko"><time datetime="2014-09-05">(2014/9/5)</time> 구호 물자 전달</h1>'
    assertContains(response, heading, html=True)
    assertContains(response, f'<article class="release" data-release-id="{release.pk}">')


def test_the_text_is_opened_by_its_dateline_in_its_own_language(client):
    mission = MissionFactory(name_ko="이라크", name_en="Iraq")
    release = ReleaseFactory(mission=mission, body_en="<p>Help came.</p>")

    response = read(client, release)

    assertContains(response, '<p><span class="dateline">Iraq</span> - Help came.</p>')
    assertContains(response, '<div class="body" lang="en">')


@pytest.mark.parametrize("language", ["ko", "en"])
def test_each_part_of_a_page_says_in_which_language_it_is(client, language):
    mission = MissionFactory(name_ko="", name_en="Iraq")
    release = ReleaseFactory(mission=mission, body_ko="<p>구호품이 도착했다.</p>", body_en="")
    ReleaseContactFactory(release=release, name="언론 담당", office="IOM Erbil")

    page = parts_of(read(client, release, language))

    assert page.one("html").lang == language
    assert page.one("h1").lang == "ko"
    assert page.one("ul", class_="release-facts").one("a", lang="en").words == "Iraq"
    assert page.one("div", class_="body").lang == "ko"
    assert page.one("span", class_="dateline").lang == "en"
    assert page.one("h2", id="contacts").lang == "ko"
    assert page.one("p", class_="p-name").lang == "ko"
    assert page.one("p", class_="p-org").lang == "en"
    assert page.one("p", class_="views").lang == "en"


@pytest.mark.parametrize("place", ["dateline_en", "contact_heading", "title_ko", "summary_en"])
def test_no_words_of_a_release_ever_run(client, place):
    words = '<script>alert(1)</script><img src=x onerror="alert(2)">'
    release = ReleaseFactory(**{place: words})
    ReleaseContactFactory(release=release, name=words, office=words)

    page = parts_of(read(client, release, "en"))

    pictures = [picture.attributes["src"] for picture in page.all("img")]
    assert pictures == [f"/releases/{release.pk}/views.gif"]
    assert not page.one("main").all("script")
    assert not [part for part in page.all() if any(a.startswith("on") for a in part.attributes)]


def test_the_posted_line_is_the_old_sites_in_english_and_natural_in_korean(client):
    release = ReleaseFactory(publish_at=NINE)

    assertContains(read(client, release, "en"), "Posted on Tue, Sep-09-2014")
    assertContains(read(client, release, "ko"), "2014년 9월 9일(화) 게시")
    assertContains(read(client, release), '<time datetime="2014-09-09T09:00:00+09:00">')


@pytest.mark.parametrize(
    ("language", "home", "words"),
    [("ko", "/", "최신보도자료 모음 돌아가기"), ("en", "/en/", "Back to the latest releases")],
)
def test_a_release_leads_back_to_the_listing_of_its_language(client, language, home, words):
    response = read(client, ReleaseFactory(), language)

    assertContains(response, f'<a rel="up" class="back-link" href="{home}">{words}</a>')


def test_the_views_are_the_number_that_came_in(client):
    response = read(client, ReleaseFactory(views=234))

    line = parts_of(response).one("p", class_="views")
    assert (line.words, line.attributes["lang"]) == ("Views – 234", "en")
    assert line.one("span").words == "234"
    assert "data-views" in line.one("span").attributes


@pytest.mark.parametrize(
    ("words", "language", "note"),
    [
        ({"body_en": "<p>Text</p>", "body_ko": ""}, "ko", "본문은 영문으로만 제공됩니다."),
        ({"body_ko": "<p>본문</p>", "body_en": ""}, "en", "The text is available in Korean only."),
        (
            {"title_en": "", "body_en": "<p>Text</p>"},
            "en",
            "The headline is available in Korean only.",
        ),
        (
            {"body_ko": "<p>본문</p>", "body_en": "<p>Text</p>"},
            "ko",
            "Read this release in English",
        ),
    ],
)
def test_a_page_says_what_is_there_in_one_language_only(client, words, language, note):
    assertContains(read(client, ReleaseFactory(**words), language), note)


def test_the_time_to_read_is_told(client):
    release = ReleaseFactory(body_en=f"<p>{'word ' * 231}</p>")

    assertContains(read(client, release, "en"), "2 minutes to read")


def test_a_script_in_a_text_never_arrives(client):
    release = ReleaseFactory(
        title_ko="<script>alert(1)</script>",
        body_en='<p onclick="x()">Text<script>alert(2)</script><a href="javascript:x">l</a></p>',
    )

    response = read(client, release)

    assertNotContains(response, "<script>alert")
    assertNotContains(response, "onclick")
    assertNotContains(response, "javascript:")


# Its neighbours


def test_a_release_leads_to_the_next_newer_and_older_public_ones(client):
    newest, newer, release, older, oldest = (
        ReleaseFactory(publish_at=NINE - timedelta(days=n)) for n in range(5)
    )

    assert neighbours(client, release) == {"prev": newer, "next": older}
    assert "prev" not in neighbours(client, newest)
    assert "next" not in neighbours(client, oldest)


def test_neighbours_of_the_same_moment_form_a_chain(client):
    releases = ReleaseFactory.create_batch(4)  # all posted at the same time

    chain, release = [releases[-1]], releases[-1]
    while release := neighbours(client, release).get("next"):
        chain.append(release)

    assert chain == releases[::-1]


def test_other_releases_of_the_mission_are_named(client):
    mission = MissionFactory()
    release, other = ReleaseFactory.create_batch(2, mission=mission)
    elsewhere = ReleaseFactory(mission=MissionFactory())

    others = releases_linked(page_of(client, release).one("section", class_="others"))

    assert others == [other]
    assert elsewhere not in others


def test_a_hidden_release_is_nobodys_neighbour(client):
    mission = MissionFactory()
    release = ReleaseFactory(mission=mission)
    hidden_releases(mission=mission)

    assertNotContains(read(client, release), SECRET)


# When it is withdrawn


def test_a_release_withdrawn_from_the_public_says_so_and_why(client):
    release = ReleaseFactory(
        title_ko=SECRET, withdrawn_at=NINE + ONE_SECOND, withdrawal_reason_ko="숫자가 틀렸다."
    )

    korean, english = read(client, release), read(client, release, "en")

    assert (korean.status_code, english.status_code) == (410, 410)
    assertContains(korean, '<span lang="ko">숫자가 틀렸다.</span>', status_code=410)
    assertNotContains(korean, SECRET, status_code=410)


def test_a_release_withdrawn_without_a_reason_still_says_so(client):
    release = ReleaseFactory(withdrawn_at=NINE + ONE_SECOND)

    assertContains(read(client, release, "en"), "not to be quoted any more", status_code=410)


# For machines


def test_search_engines_are_told_who_when_and_where(client):
    release = ReleaseFactory(mission=MissionFactory(name_en="Iraq"), title_ko="</script><b>제목")

    told = json_ld(read(client, release))

    assert told["@type"] == "NewsArticle"
    assert told["headline"] == "</script><b>제목"
    assert told["datePublished"] == "2014-09-09T09:00:00+09:00"
    assert told["inLanguage"] == "en"
    assert told["dateline"] == "Iraq"
    assert told["url"] == f"http://testserver{release.get_absolute_url()}"


def test_both_languages_name_each_other_where_both_exist(client):
    release = ReleaseFactory()  # Korean headline, English text

    for language in ("ko", "en"):
        response = read(client, release, language)
        address = f"http://testserver{release.get_absolute_url(language=language)}"
        assertContains(response, f'<link rel="canonical" href="{address}">')
        assertContains(response, 'hreflang="x-default"')
        assertNotContains(response, "noindex")


def test_a_language_in_which_nothing_exists_is_kept_out_of_search_engines(client):
    release = ReleaseFactory(body_en="", body_ko="<p>본문</p>")

    korean, english = read(client, release), read(client, release, "en")

    assertContains(english, '<meta name="robots" content="noindex">')
    assertNotContains(english, "ld+json")
    assertNotContains(korean, "noindex")
    assertNotContains(korean, 'rel="alternate" hreflang')


def test_the_plain_text_is_text(client):
    release = ReleaseFactory(title_ko="제목")

    response = client.get(release.get_text_url())

    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.text.startswith("(2014/9/9) 제목\n")


# A release approved "now" is posted within a second.


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/releases/1/relief/",
        "/feed/",
        "/feed/atom/",
        "/feed/json/",
        "/api/releases/",
        "/sitemap.xml",
        "/sitemap-releases-ko.xml",
    ],
)
def test_every_time_is_told_to_the_second(client, address):
    posted = timezone.now().replace(microsecond=350023) - timedelta(hours=47)
    ReleaseFactory(pk=1, slug="relief", publish_at=posted)

    text = client.get(address).text

    assert not re.findall(r":\d\d\.\d+", text)


# When it is shared


def shared(response) -> dict[str, str]:
    """What a page tells those who show a link to it."""
    meta = parts_of(response).all("meta")
    return {
        m["property"] or m["name"]: m["content"] for m in meta if ":" in m["property"] + m["name"]
    }


def test_a_release_is_shared_with_its_headline_alone(client):
    release = ReleaseFactory(
        title_ko="구호 물자 전달", summary_ko="구호품이 &lt;b&gt;도착&lt;/b&gt;했다."
    )

    told = shared(read(client, release))

    assert told["og:title"] == "구호 물자 전달"
    assert told["og:description"] == "구호품이 <b>도착</b>했다."
    assert told["og:type"] == "article"
    assert told["og:url"] == f"http://testserver{release.get_absolute_url()}"
    assert told["article:published_time"] == "2014-09-09T09:00:00+09:00"
    assert told["twitter:card"] == "summary_large_image"


def test_a_page_in_a_language_that_a_release_lacks_is_shared_as_the_page_that_exists(client):
    release = ReleaseFactory(body_en="", body_ko="<p>본문</p>")

    told = shared(read(client, release, "en"))

    assert told["og:title"] == release.title_ko
    assert told["og:url"] == f"http://testserver{release.get_absolute_url(language='ko')}"
    assert told["og:locale"] == "ko_KR"
    # The article is that other page: crawlers of articles are not sent here.
    assert told["og:type"] == "website"
    assert told["twitter:card"] == "summary_large_image"


@pytest.mark.parametrize("words", ['"><script>alert(1)</script>', "<!-- ' \" </head>", "</title>"])
@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_hostile_summary_stays_words(client, words, language):
    summary = escape(words)
    release = ReleaseFactory(summary_ko=summary, summary_en=summary, title_ko=words)

    response = read(client, release, language)

    page = parts_of(response)
    assert page.one("meta", name="description")["content"] == words
    assert shared(response)["og:description"] == shared(response)["og:title"] == words
    assert not page.one("main").all("script")
    assert page.one("title").words.startswith(" ".join(words.split()))
    assert json_ld(response)["description"] == words


# Its tables


def test_a_table_can_be_scrolled_by_keyboard_and_says_what_it_is(client):
    body = "<p>Text</p><table><tr><td>1</td></tr></table>"
    release = ReleaseFactory(body_en=body, body_ko=body)

    korean, english = read(client, release), read(client, release, "en")

    for response, label in ((korean, "표"), (english, "Table")):
        region = parts_of(response).one("section", class_="table")
        assert (region["tabindex"], region["aria-label"]) == ("0", label)
        assert region.one("td").words == "1"


def test_tables_are_told_apart_and_one_in_another_is_no_region_of_its_own(client):
    inner = "<table><tr><td>inner</td></tr></table>"
    body = f"<table><tr><td>{inner}</td></tr></table><table><tr><td>2</td></tr></table>"
    release = ReleaseFactory(body_en=body)

    regions = parts_of(read(client, release)).all("section", class_="table")

    assert [region["aria-label"] for region in regions] == ["Table 1", "Table 2"]
    assert len(regions[0].all("table")) == 2


def test_what_only_looks_like_a_table_is_left_alone(client):
    body = '<p><abbr title="<table>">t</abbr> &lt;table&gt;</p>'

    page = parts_of(read(client, ReleaseFactory(body_en=body)))

    assert not page.all("section", class_="table")
    assert page.one("abbr")["title"] == "<table>"


@pytest.mark.parametrize("address", ["/feed/", "/feed/atom/", "/feed/json/", "/api/releases/"])
def test_machines_get_the_table_alone(client, address):
    ReleaseFactory(body_en="<table><tr><td>1</td></tr></table>")

    assert "section" not in client.get(address).text
