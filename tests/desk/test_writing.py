"""What is written at the desk: kept clean, shown as text, under the site's policy."""

import re
from html.parser import HTMLParser

import hypothesis.strategies as st
import pytest
from django.contrib.admin.models import LogEntry
from django.utils.html import escape
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings

from releases.fields import ATTRIBUTES, SUMMARY_TAGS, TAGS, clean_html, clean_summary
from releases.models import Release
from releases.prose import plain_line
from tests.factories import DRAFT, ReleaseFactory
from tests.reading import read
from tests.test_desk import DESK, RELEASES, change, fill_in, staff

GATES = pytest.mark.parametrize(
    ("gate", "tags"), [(clean_html, TAGS), (clean_summary, SUMMARY_TAGS)], ids=["text", "summary"]
)
database = pytest.mark.django_db


class Reading(HTMLParser):
    """The tags of HTML with their attributes, as a browser finds them."""

    def __init__(self, html: str):
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, dict]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def is_safe(html: str, tags: set[str]) -> bool:
    """Whether `html` holds only `tags`, with attributes that neither run, style nor load."""
    for tag, attributes in Reading(html).found:
        allowed = ATTRIBUTES["*"] | ATTRIBUTES.get(tag, set())
        if tag not in tags or not set(attributes) <= allowed:
            return False
        address = re.sub(r"[\x00-\x20]", "", attributes.get("href") or "").lower()
        scheme = re.match(r"[a-z][a-z0-9+.-]*:", address)
        if scheme and scheme[0] not in ("http:", "https:", "mailto:", "tel:"):
            return False
    return True


# The gate

HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mi//xlink:href='data:x,<script>alert(1)</script>'>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></table></math>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href=' &#1;javascript:alert(1)'>x</a>",
    "<a href='java&#9;script:alert(1)'>x</a>",
    "<a href='JaVaScRiPt&colon;alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href='vbscript:msgbox(1)'>x</a>",
    "<p style='background:url(javascript:alert(1))' onclick='alert(1)'>x</p>",
    "<iframe src='//example.org'></iframe><object data=x></object><embed src=x>",
    "<form action=//example.org><button formaction=javascript:alert(1)>x</button></form>",
    "<base href='//example.org/'><link rel=stylesheet href=x><meta http-equiv=refresh content=0>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<template><script>alert(1)</script></template>",
    "<textarea></textarea><img src=x onerror=alert(1)>",
    "<xmp><p title='</xmp><img src=x onerror=alert(1)>'></xmp>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<p lang='\"><img src=x onerror=alert(1)>'>x</p>",
    "<abbr title='<img src=x onerror=alert(1)>'>x</abbr>",
    "<li title='<li><p>'><p>x</p></li>",
    "<<script>script>alert(1)<</script>/script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<b<i onclick=alert(1)>x",
    "<td background=javascript:alert(1)>x",
    "<a href=http://example.org target=_blank rel=opener ping=//example.org>x</a>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<video><source onerror=alert(1)></video><audio src=x onerror=alert(1)>",
    "<details open ontoggle=alert(1)>x</details>",
    "<x:script xmlns:x='http://www.w3.org/1999/xhtml'>alert(1)</x:script>",
]
# Pieces that hostile pages are made of, put together at random.
PIECES = st.sampled_from(
    [
        *HOSTILE, "<p>", "</p>", "<li>", "</li>", "<ul>", "<ol start=3>", "<table>", "<tr>", "<td>",
        "</td>", "<th scope=col>", "<thead>", "</thead>", "<tbody>", "<caption>", "<b>", "</b>",
        "<i>", "<h1>", "</h1>", "<svg>", "<math>", "<style>", "</style>", "<script>", "</script>",
        "<title>", "<!--", "-->", "<a href='", "'", '"', ">", "<", "/", "&lt;", "&#60;", "&amp;",
        " onclick=x ", "javascript:", "한글", "\u1112\u1161\u11ab", "\u0338", "\u202e", "\x00",
        "\n",
    ]
)  # fmt: skip
PAGES = st.lists(PIECES | st.text(max_size=6), max_size=14).map("".join)
many = settings(
    max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@GATES
@pytest.mark.parametrize("html", HOSTILE)
def test_nothing_that_runs_comes_through_a_gate(gate, tags, html):
    assert is_safe(gate(html), tags)


@GATES
@many
@given(page=PAGES)
def test_whatever_pages_are_made_of_comes_out_safe_and_the_same_again(gate, tags, page):
    once = gate(page)

    assert is_safe(once, tags)
    assert gate(once) == once


@pytest.mark.parametrize(
    ("html", "clean"),
    [
        ("<b>a</b> <i>b</i>", "<p><strong>a</strong> <em>b</em></p>"),
        (
            "<ul><li><p>a</p><ul><li><p>b</p></li></ul></li></ul>",
            "<ul><li>a<ul><li>b</li></ul></li></ul>",
        ),
        ("<ul><li><p>a</p><p>b</p></li></ul>", "<ul><li><p>a</p><p>b</p></li></ul>"),
        (
            "<table><caption>a</caption><thead><tr><th>b</th></tr></thead>"
            "<tbody><tr><td><p>c</p></td></tr></tbody></table>",
            "<p>a</p><table><tbody><tr><th>b</th></tr><tr><td>c</td></tr></tbody></table>",
        ),
    ],
)
def test_what_says_the_same_is_stored_the_same(html, clean):
    assert clean_html(html) == clean


@pytest.mark.parametrize(
    ("html", "clean"),
    [
        ("한 줄", "<p>한 줄</p>"),
        ("<p>a <strong>b</strong> <em>c</em></p>", "<p>a <strong>b</strong> <em>c</em></p>"),
        ("<h2>a</h2><ul><li>b</li><li>c</li></ul>", "<p>a</p><p>b</p><p>c</p>"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "<p>a</p><p>b</p>"),
        ("<blockquote><p>a</p></blockquote><hr>b", "<p>a</p><p>b</p>"),
        ("H<sub>2</sub>O", "<p>H2O</p>"),
    ],
)
def test_a_summary_is_paragraphs_with_emphasis_and_links(html, clean):
    assert clean_summary(html) == clean


# Summaries as text


SUMMARY = '<p>R&amp;D <strong>성과</strong></p><p><a href="https://example.org/">자세히</a></p>'


@database
def test_a_summary_is_stored_as_html_by_every_door(admin_client):
    released = ReleaseFactory(summary_ko="요약 <b>하나</b><script>alert(1)</script>")
    [bulk] = Release.objects.bulk_create([ReleaseFactory.build(slug="a", summary_ko="둘")])
    fill_in(admin_client, change(bulk), {"summary_en": "<h2>Three</h2>"})

    released.refresh_from_db()
    bulk.refresh_from_db()
    assert released.summary_ko == "<p>요약 <strong>하나</strong></p>"
    assert (bulk.summary_ko, bulk.summary_en) == ("<p>둘</p>", "<p>Three</p>")


@database
def test_a_summary_is_read_as_one_plain_line(client):
    release = ReleaseFactory(summary_ko=SUMMARY)
    page = read(client.get(release.get_absolute_url("ko")))
    listing = read(client.get("/"))
    api = client.get(f"/api/releases/{release.pk}/").json()
    table = client.get("/releases.csv").content.decode("utf-8-sig")
    feed = client.get("/feed/json/").json()

    text = "R&D 성과 자세히"
    assert (release.summary, release.summary.lang) == (text, "ko")
    assert [meta["content"] for meta in page.all("meta", name="description")] == [text]
    assert listing.one("p", class_="summary").words == text
    assert api["summary"] == {"ko": text, "en": None}
    assert text in table
    assert feed["items"][0]["summary"] == text


@database
def test_a_summary_is_found_by_words_that_html_writes_otherwise(client):
    ReleaseFactory(title_ko="찾은 글", summary_ko=SUMMARY)

    assert "찾은 글" in read(client.get("/", {"q": "R&D"})).one("main").words


def test_the_words_of_a_text_are_one_line_without_the_addresses_of_links():
    assert plain_line(SUMMARY) == "R&D 성과 자세히"


# The form


@database
def test_the_form_says_what_a_language_lacks(admin_client):
    release = ReleaseFactory(title_ko="제목", summary_ko="", body_ko="<p>글</p>", **DRAFT)
    release.body_en = ""
    release.save()

    page = read(admin_client.get(change(release)))

    told = [part.words for part in page.all("div", class_="description")]
    assert told == ["no summary"]


@database
def test_the_editor_speaks_the_language_of_the_desk(admin_client):
    page = read(admin_client.get(f"{RELEASES}add/"))

    areas = [area for area in page.all("textarea") if area["data-editor"]]
    assert [area["data-editor"] for area in areas] == ["summary", "text"] * 2
    assert [area["lang"] for area in areas] == ["ko", "ko", "en", "en"]
    assert all('"Insert a table"' in area["data-words"] for area in areas)


@database
def test_a_text_that_is_sent_as_it_stands_is_not_told_as_changed(admin_client):
    release = ReleaseFactory(body_ko="<p>하나</p>\n<p>둘</p>", **DRAFT)
    sent = {"body_ko": "<p>하나</p>\r\n<p>둘</p>", "title_ko": "새 제목"}

    fill_in(admin_client, change(release), sent)

    told = LogEntry.objects.get().get_change_message()
    assert told == "Changed Headline in Korean."


@database
def test_whoever_may_only_look_sees_the_text_and_not_its_tags(django_user_model):
    reader = staff(django_user_model, "view_release")
    release = ReleaseFactory(body_ko="<p>글 <strong>하나</strong></p>", summary_ko="요약")

    page = read(reader.get(change(release)))

    shown = page.one("div", class_="field-read_body_ko").one("div", class_="readonly")
    assert (shown.words, shown.one("strong").words) == ("글 하나", "하나")
    assert "<p>" not in page.words


# The policy of the site


@database
def test_every_page_is_sent_under_the_same_policy_without_a_nonce(client, admin_client):
    release = ReleaseFactory()
    public = ["/", "/en/", release.get_absolute_url("ko"), "/missions/", "/contacts/", "/nowhere/"]
    desk = [DESK, RELEASES, f"{RELEASES}add/", change(release)]

    answers = [client.get(address) for address in public]
    answers += [admin_client.get(address) for address in desk]

    [policy] = {answer["Content-Security-Policy"] for answer in answers}
    assert "unsafe" not in policy
    assert "nonce" not in policy


@database
@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_desk_leads_to_the_public_site_in_its_own_language(admin_client, language):
    with override(language):
        address = "/" if language == "ko" else "/en/"
    page = read(admin_client.get(f"{address}admin/"))

    assert page.one("div", id="user-tools").one("a", href=address)


def test_words_that_look_like_tags_are_words_when_they_are_escaped():
    assert (
        plain_line(clean_summary(escape("<script>alert(1)</script>")))
        == "<script>alert(1)</script>"
    )
