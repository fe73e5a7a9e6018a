"""What a reader sees of a search: how many, passages with marks, ways on, nothing hidden."""

import json
import re
import unicodedata
from datetime import date, timedelta

import pytest
from django.utils.html import escape
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.asserts import assertContains, assertNotContains

from releases.models import Release
from releases.search import marks
from releases.search.finding import Search
from releases.search.marks import Marker
from releases.search.words import normalised

from ..factories import (
    NINE,
    NOT_PUBLIC,
    MissionFactory,
    ReleaseContactFactory,
    ReleaseFactory,
)
from ..reading import read

pytestmark = pytest.mark.django_db

hidden = pytest.mark.parametrize("state", NOT_PUBLIC.values(), ids=[str(s) for s in NOT_PUBLIC])


def marked(text, query):
    return Marker(Search(query)).marked(text)


# Marks


@pytest.mark.parametrize(
    ("query", "text", "html"),
    [
        ("난민", "탈북난민들에게", "탈북<mark>난민</mark>들에게"),
        ("난민", "가난민심과 난민", "가난민심과 <mark>난민</mark>"),
        ("물", "선물과 물을", "선물과 <mark>물</mark>을"),
        ("un", "UN과 until", "<mark>UN</mark>과 until"),
        ("migr", "Emigrants and migrants", "Emigrants and <mark>migrants</mark>"),
        ("bicycles", "a bicycle, bicycles", "a <mark>bicycle</mark>, <mark>bicycles</mark>"),
        ("potosi", "in Potosí.", "in <mark>Potosí</mark>."),
        ("strasse", "Straße", "<mark>Straße</mark>"),
        ("5000", "5,000명", "<mark>5,000</mark>명"),
        ("R&D", "R&D <b>", "<mark>R&amp;D</mark> &lt;b&gt;"),
        ("atlas", "ＡＴＬＡＳ", "<mark>ＡＴＬＡＳ</mark>"),
        ('"난민 인권"', "인권, 난민 인권을", "인권, <mark>난민 인권</mark>을"),
        ("2014-09", "2014년 9월 9일에", "<mark>2014년 9월 9일</mark>에"),
        ("인권 난민인권", "난민인권", "<mark>난민인권</mark>"),
        ("<script>", "<script>", "&lt;<mark>script</mark>&gt;"),
        ("난민 -홍수", "난민 홍수", "<mark>난민</mark> 홍수"),
    ],
)
def test_words_are_marked_where_they_stand(query, text, html):
    assert marked(text, query) == html


def test_a_decomposed_text_is_marked_as_it_was_written():
    text = unicodedata.normalize("NFD", "가까운 난민 Potosí")

    html = marked(text, "난민 potosi")

    assert unicodedata.normalize("NFC", html) == ("가까운 <mark>난민</mark> <mark>Potosí</mark>")
    assert html.replace("<mark>", "").replace("</mark>", "") == text


def test_a_passage_is_the_part_of_the_text_with_most_of_the_words():
    filler = "비가 그친 아침이었다. " * 30

    passage, terms = Marker(Search("난민 인권")).passage(
        f"난민이 왔다. {filler}난민 인권을 말했다. {filler}"
    )

    assert terms == 2
    assert "<mark>난민</mark> <mark>인권</mark>을" in passage
    assert passage.startswith("… ")
    assert passage.endswith(" …")
    assert len(passage) < 220


def test_the_passage_of_a_result_says_its_language_and_runs_nothing(client):
    ReleaseFactory(
        title_ko="소식",
        body_ko="<p>다른 말</p>",
        body_en="<p>Tents &lt;script&gt;x&lt;/script&gt; <em>for</em> migrants</p>",
    )

    entry = read(client.get("/", {"q": "migr"})).one("article")

    assert entry.one("p", class_="summary")["lang"] == "en"
    assert entry.one("mark").words == "migrants"
    assert not entry.all("script")
    assert entry.one("p", class_="summary").words == "Tents <script>x</script> for migrants"


def test_a_headline_is_marked_in_its_link(client):
    ReleaseFactory(title_ko="난민들에게 <b>담요</b>")

    entry = read(client.get("/", {"q": "난민"})).one("article")

    assert entry.one("h2").one("a").one("mark").words == "난민"
    assert entry.one("h2").words == "난민들에게 <b>담요</b>"


def test_a_result_that_was_found_by_its_contact_names_the_contact(client):
    release = ReleaseFactory()
    ReleaseContactFactory(release=release, name="Agnes Lomax", office="IOM Erbil")

    entry = read(client.get("/", {"q": "lomax"})).one("article")

    assert entry.one("p", class_="summary").words == "Agnes Lomax · IOM Erbil"
    assert entry.one("mark").words == "Lomax"


def test_a_listing_without_a_search_marks_nothing(client):
    ReleaseFactory(title_ko="난민")

    assertNotContains(client.get("/", {"q": "-홍수"}), "<mark>")
    assertNotContains(client.get("/"), "<mark>")


# How many, and pages


def test_more_than_are_counted_are_said_to_be_more(client, monkeypatch):
    monkeypatch.setattr("releases.search.pages.MOST_FOUND", 20)
    ReleaseFactory.create_batch(22, title_ko="홍수")

    assertContains(client.get("/en/", {"q": "홍수"}), "<p>More than 20 releases</p>")
    assert client.get("/en/", {"q": "홍수", "page": "2"}).status_code == 404


@pytest.mark.parametrize(("some", "ranking"), [(3, "best_of"), (2, "keys")])
def test_a_result_that_is_taken_back_in_between_is_not_shown(client, monkeypatch, some, ranking):
    monkeypatch.setattr("releases.search.finding.SOME", some)
    ReleaseFactory.create_batch(3, title_ko="홍수")
    ranked = getattr(Search, ranking)

    def taken_back(search, *args):
        pks = ranked(search, *args)
        Release.objects.filter(pk=pks[0]).update(withdrawn_at=NINE)
        return pks

    monkeypatch.setattr(Search, ranking, taken_back)

    assert len(read(client.get("/", {"q": "홍수"})).all("article")) == 2


@pytest.mark.parametrize("some", [9, 2])
def test_words_and_filters_combine_however_much_is_found(client, monkeypatch, some):
    monkeypatch.setattr("releases.search.finding.SOME", some)
    iraq, nepal = MissionFactory(slug="iraq"), MissionFactory(slug="nepal")
    old = ReleaseFactory(title_ko="홍수", mission=iraq, publish_at=NINE)
    ReleaseFactory.create_batch(
        3, title_ko="홍수", mission=nepal, publish_at=NINE + timedelta(days=1)
    )
    asked = {"q": "홍수", "mission": "iraq"}

    shown = read(client.get("/", asked)).all("article")
    assert [entry.one("h2").one("a")["href"] for entry in shown] == [old.get_absolute_url()]
    results = client.get("/api/releases/", asked).json()["releases"]
    assert [entry["id"] for entry in results] == [old.pk]


def test_the_api_the_feed_and_the_table_find_the_same(client):
    old = ReleaseFactory(title_ko="홍수 소식", publish_at=NINE)
    new = ReleaseFactory(body_ko="<p>홍수가 났다</p>", publish_at=NINE + timedelta(days=1))
    ReleaseFactory()

    api = client.get("/api/releases/", {"q": "홍수"}).json()
    feed = client.get("/feed/json/", {"q": "홍수"}).json()
    table = client.get("/releases.csv", {"q": "홍수"}).text

    # Best first where pages are read on, newest first in what follows the news.
    assert [release["id"] for release in api["releases"]] == [old.pk, new.pk]
    assert api["count"] == 2
    assert [item["title"] for item in feed["items"]] == [new.title, old.title]
    assert len(table.strip().splitlines()) == 3


def test_a_mission_page_searches_its_own_releases(client):
    peru = MissionFactory(slug="peru", name_ko="페루")
    ReleaseFactory(title_ko="홍수 하나", mission=peru)
    ReleaseFactory(title_ko="가뭄", mission=peru)
    ReleaseFactory(title_ko="홍수 둘", mission=MissionFactory())

    page = read(client.get("/missions/peru/", {"q": "홍수"}))

    assert [entry.one("h2").words for entry in page.all("article")] == ["홍수 하나"]
    assert page.one("form", class_="filter").entries == {"q": "홍수"}
    nothing = client.get("/missions/peru/", {"q": "지진"})
    assertContains(nothing, 'href="/missions/peru/"')
    assert client.get("/missions/peru/", {"q": "가" * 201}).status_code == 400


# When there is nothing


def test_a_search_without_a_result_offers_to_ask_for_less_with_what_that_gives(client):
    peru = MissionFactory(slug="peru", name_en="Peru")
    ReleaseFactory.create_batch(2, title_ko="홍수", mission=peru)
    ReleaseFactory(title_ko="가뭄", mission=peru, release_date=date(2013, 1, 1))
    asked = {"q": "가뭄", "mission": "peru", "year": "2014"}

    ways = read(client.get("/en/", asked)).one("section", **{"aria-labelledby": "ways-on"})

    assert [(a.words, a["href"]) for a in ways.all("a")] == [
        ("Without the search", "?mission=peru&year=2014"),
        ("Of every year", "?q=%EA%B0%80%EB%AD%84&mission=peru"),
    ]
    assert [span.words for span in ways.all("span")] == ["(2 releases)", "(1 release)"]


def test_a_search_of_several_words_offers_each_one_less(client):
    ReleaseFactory(title_ko="홍수")

    ways = read(client.get("/en/", {"q": "홍수 가뭄"})).one(
        "section", **{"aria-labelledby": "ways-on"}
    )

    assert [a.words for a in ways.all("a")] == ["Without “가뭄”"]


@pytest.mark.parametrize(
    ("query", "language"),
    [("멕시고", "ko"), ("맥시코", "ko"), ("Mexicoo", "en"), ("ㅁㅅㅋ", "ko"), ("멕시코우", "ko")],
)
def test_a_mission_that_is_called_nearly_so_is_offered(client, query, language):
    ReleaseFactory(mission=MissionFactory(name_ko="멕시코", name_en="Mexico", slug="mexico"))
    ReleaseFactory(mission=MissionFactory(name_ko="네팔", name_en="Nepal", slug="nepal"))

    page = read(client.get("/" if language == "ko" else "/en/", {"q": query}))

    similar = page.one("section", **{"aria-labelledby": "similar"})
    assert len(similar.all("a")) == 1
    assert similar.one("a")["href"].endswith("/missions/mexico/")


# Suggestions


def suggested(client, text, language="ko"):
    answer = client.get(
        "/suggestions.json" if language == "ko" else "/en/suggestions.json", {"q": text}
    )
    assert answer.status_code == 200
    return [(s["kind"], s["text"]) for s in json.loads(answer.content)["suggestions"]]


@pytest.mark.parametrize(
    "text",
    [
        "멕",
        "멕시",
        "멕싴",
        "메",
        "ㅁ",
        "ㅁㅅㅋ",
        "ㅁㅅ",
        "mex",
        "MEXICO",
        "méx",
        "시티",
        " 멕시코 ",
    ],
)
def test_a_mission_is_suggested_by_the_beginning_of_a_name_or_its_initials(client, text):
    names = {"name_ko": "멕시코", "name_en": "Mexico", "aliases": "멕시코 시티"}
    ReleaseFactory(mission=MissionFactory(**names))
    ReleaseFactory(mission=MissionFactory(name_ko="네팔", name_en="Nepal"))

    assert ("mission", "멕시코") in suggested(client, text)
    assert ("mission", "네팔") not in suggested(client, text)


@pytest.mark.parametrize(
    "text",
    [
        "난민",
        "난민들",
        "난ㅁ",
        "난미",
        "난민드",
        "난민 다",
        "담요",
        "담ㅇ",
        "난민 담",
        "난민ㄷ",
        "blank",
    ]
    + ["Blankets"],
)
def test_a_headline_is_suggested_while_it_is_typed(client, text):
    ReleaseFactory(title_ko="난민들에게 담요 전달", title_en="Blankets arrive")
    ReleaseFactory(title_ko="가뭄 소식", body_ko="<p>난민 담요</p>")

    (kind, words), *others = suggested(client, text)

    assert kind == "headline"
    assert words in ("난민들에게 담요 전달", "Blankets arrive")
    assert not others


@pytest.mark.parametrize(
    "text",
    [
        "난민",
        "난미",
        "난ㅁ",
        "대빔",
        "재난 난민",
        "재난 ㄴ",
        "재난 무",
        "대비ㅁ",
        "preparex",
        "재난민",
    ],
)
def test_no_headline_is_suggested_that_does_not_hold_what_was_typed(client, text):
    ReleaseFactory(title_ko="재난 대비는 모두의 일", title_en="Prepare for disasters")

    assert suggested(client, text) == []


def test_suggestions_lead_to_pages_in_the_readers_language(client):
    mission = MissionFactory(name_ko="멕시코", name_en="Mexico", slug="mexico")
    release = ReleaseFactory(title_ko="", title_en="Mexico at night", mission=mission)

    answer = client.get("/en/suggestions.json", {"q": "mex"}).json()

    assert answer["suggestions"] == [
        {"kind": "mission", "text": "Mexico", "lang": "en", "address": "/en/missions/mexico/"},
        {
            "kind": "headline",
            "text": "Mexico at night",
            "lang": "en",
            "address": release.get_absolute_url(language="en"),
        },
    ]


@pytest.mark.parametrize("text", ["", " ", "\0", "가" * 61, "가" * 10_000, "*", '"', "ㅋㅋㅋ"])
def test_nothing_is_suggested_for_what_says_too_little_or_too_much(client, text):
    ReleaseFactory(title_ko="가" * 61)

    assert suggested(client, text) == []


def test_few_are_suggested_however_many_there_are(client):
    for number in range(12):
        mission = MissionFactory(name_ko=f"홍수나라 {number}")
        ReleaseFactory(title_ko=f"홍수 {number}", mission=mission)

    kinds = [kind for kind, _text in suggested(client, "홍수")]

    assert (kinds.count("mission"), kinds.count("headline")) == (4, 6)


# Nothing hidden


@hidden
def test_what_is_not_public_is_nowhere_in_a_search(client, state):
    secret = MissionFactory(name_ko="엠바고국", name_en="Embargoland", slug="embargoland")
    release = ReleaseFactory(title_ko="엠바고 소식", mission=secret, **state)
    ReleaseContactFactory(release=release, name="Agnes Lomax")
    ReleaseFactory(title_ko="홍수 소식")

    for query in ("엠바고", "엠바고국", "Embargoland", "Lomax", "홍수 엠바고", "-홍수", "엠바고극"):
        response = client.get("/", {"q": query})
        assertContains(response, "보도자료 0건")
        page = read(response).one("main")
        assert not page.all("article")
        assert "/missions/embargoland/" not in [a["href"] for a in page.all("a")]
        assert client.get("/api/releases/", {"q": query}).json()["count"] == 0
        assert client.get("/feed/json/", {"q": query}).json()["items"] == []
        assert len(client.get("/releases.csv", {"q": query}).text.splitlines()) == 1
    assert suggested(client, "엠바고") == suggested(client, "ㅇㅂㄱ") == []
    assertNotContains(client.get("/", {"q": "홍수 엠바고"}), escape("“홍수” 없이"))


def test_the_desk_finds_a_draft_that_visitors_do_not(admin_client):
    draft = ReleaseFactory(title_ko="엠바고 소식", **NOT_PUBLIC["draft"])

    response = admin_client.get("/admin/releases/release/", {"q": "엠바고"})

    assert list(response.context["cl"].result_list) == [draft]


# Letters that are one in the index as well, those that are not, and signs above and below them.
LETTERS = "a Z9,.\n`'‘…ﬁ½Éß가힣ᄀ각한국난민\u0301\u11a8\u3099\u200d㎡①"


@given(text=st.text(st.sampled_from(LETTERS), max_size=40))
def test_each_letter_of_the_index_is_led_back_to_where_it_was_written(text):
    signs = "[\u0300-\u036f\u1160-\u11ff\u3099\u309a]*"
    expected = [
        (letter, match.start())
        for match in re.finditer(f"(?s).{signs}", text)
        for letter in normalised(match[0])
    ]

    folded, starts = marks._folded(text)

    assert list(zip(folded, starts, strict=False)) == expected
    assert starts[-1] == len(text)
