"""Whatever is typed gets an answer or a clear message, and the same on every database."""

import re

import pytest
from django.db import connection
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django.asserts import assertContains

from contacts.text import clean_line
from releases.models import Release
from releases.search import asking, engine, words
from releases.search.finding import Search
from releases.search.marks import Marker
from releases.search.pages import FoundPaginator
from releases.search.suggestions import similar_missions, suggest

from ..factories import MissionFactory, ReleaseFactory

pytestmark = pytest.mark.django_db

# What operators, quotes and wildcards of either database are made of, among letters of all kinds.
PIECES = [
    # fmt: off
    *(
        "난민",
        "물",
        "고난 민중",
        "이주민들에게",
        "un과",
        "Potosí",
        "R&D",
        "5,000",
        "大阪",
        "ｱ",
        "é",
    ),
    *("ß", "İ", '"', "“", "”", "'", "’", "-", "−", "*", "%", "_", "\\", ":", ":*", "&", "|", "!"),
    *("<->", "(", ")", "AND", "OR", "NOT", "NEAR", "NEAR(", "^", "=", "=m1", "a|", "c^", "{", "}"),
    *("+", "@", ";", "--", "/*", "2014/9/9", "2014-99", "2014년 13월", "9999-12-31", "\0", "\n"),
    *("\t", " ", "\u200b", "\u3164", "ㅁㅅㅋ", "ㄴ", "난ㅁ", "\u1102\u1161\u11ab", "\u0301"),
    *("\U0001f469", "\ufdfa", "Σς", "x" * 60),
    # fmt: on
]
typed = st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=12).map("".join) | st.text(
    max_size=300
)
untroubled = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@untroubled
@given(text=typed)
def test_no_search_fails_and_paging_shows_what_is_counted(text):
    text = re.sub("[\0\ud800-\udfff]", "", text)
    if not Release.objects.exists():
        ReleaseFactory(title_ko="난민들에게 R&D 5,000", body_en="<p>Potosí un 2014-09-09</p>")
        ReleaseFactory(title_ko="고난 민중", mission=MissionFactory(name_ko="大阪"))
    releases = Release.objects.public().newest_first()
    search = Search(text)

    pages = FoundPaginator(search, search.within(releases), releases, 1)

    assert sum(len(page.object_list) for page in pages) == pages.count <= 2
    assert set(Release.objects.search(text)) == set(search.within(releases))


@untroubled
@given(text=typed, other=typed)
def test_the_database_finds_what_the_tokens_say(text, other):
    """Both databases answer as sets of tokens do, so they answer alike."""
    expressions = [
        term.expression(doubtful=doubtful)
        for term in asking.read(text).terms
        for doubtful in (False, True)
    ]
    tokens = words.tokens(text.replace("\0", ""), words.BODY) | words.tokens(other, words.HEADLINE)
    engine.put(connection, [(1, tokens)])

    for expression in expressions:
        there = engine.keys(connection, expression, 10) == [1]
        assert there == asking.holds(expression, sorted(tokens))


@untroubled
@given(text=typed)
def test_a_text_is_found_by_its_own_words_and_they_are_marked(text):
    text = clean_line(text)
    search = Search(text)
    tokens = sorted(words.tokens(text, words.BODY))

    for term in search.asked.terms:
        if not term.date and len(term.runs) == 1:
            assert asking.holds(term.expression(doubtful=True), tokens)
    html = Marker(search).marked(text)
    bare = html.replace("<mark>", "").replace("</mark>", "")
    assert html.count("<mark>") == html.count("</mark>")
    assert "<" not in bare
    assert Marker(search).passage(text)[1] <= max(1, len(search.asked.terms))


@untroubled
@given(text=typed)
def test_no_suggestion_fails(text):
    suggest(text)
    similar_missions(text)


@pytest.mark.parametrize("address", ["releases:list", "releases:feed-rss", "releases:table"])
@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("가" * 201, "검색: "),
        ("가" * 10_000, "검색: "),
        ("\0", "검색: "),
        ("a\0b", "검색: "),
    ],
)
def test_what_is_too_long_or_no_text_is_refused_with_the_reason(client, address, query, said):
    response = client.get(reverse(address), {"q": query})

    assertContains(response, said, status_code=400)


@pytest.mark.parametrize(
    "query", ["*", "%", '"', "()", "-", "' OR 1=1 --", "^", "…?!", "| &", "\\"]
)
def test_signs_alone_find_nothing_and_the_page_says_why(client, query):
    ReleaseFactory()

    response = client.get("/en/", {"q": query})

    if re.search(r"\w", query):
        assert response.status_code == 200
    else:
        assertContains(response, "Write letters or numbers.")
        assertContains(response, "<p>0 releases</p>")


def test_a_search_of_very_many_words_asks_for_the_first_and_says_so(client):
    wanted = " ".join(f"word{n}" for n in range(28))
    ReleaseFactory(title_en=" ".join(f"word{n}" for n in range(asking.MOST_TERMS)))

    response = client.get("/en/", {"q": wanted})

    assertContains(response, "<p>1 release</p>")
    assertContains(response, "Only the first 20 words were searched for.")
