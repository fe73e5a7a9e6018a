"""A draft as the public would read it: in the frames of the desk, and at its own address (P4)."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from releases.models import State
from tests.factories import (
    DRAFT,
    IN_REVIEW,
    NINE,
    NOT_PUBLIC,
    SCHEDULED,
    MissionFactory,
    PressContactFactory,
    ReleaseContactFactory,
    ReleaseFactory,
)
from tests.reading import queries_of, read, releases_linked

from .people import ANALYST, AUTHOR, EDITOR, KEEPER, person, signed_in

pytestmark = pytest.mark.django_db

HIDDEN = {state: times for state, times in NOT_PUBLIC.items() if state != State.WITHDRAWN}
PRIVATE = "private, no-store"


def framed(release, desk="/admin/"):
    return f"{desk}releases/release/{release.pk}/preview/page/"


def frames(release, desk="/admin/"):
    return f"{desk}releases/release/{release.pk}/preview/"


@pytest.fixture
def editor():
    return signed_in(person(EDITOR))


def draft(**values):
    """A draft with everything that a page shows, in both languages."""
    words = {"title_ko": "초안 제목", "body_ko": "<p>초안 글</p>", "title_en": "A draft"}
    release = ReleaseFactory(mission=MissionFactory(), **DRAFT | words | values)
    ReleaseContactFactory(release=release, position=0, contact=PressContactFactory())
    return release


# At its own address


@pytest.mark.parametrize("state", HIDDEN)
@pytest.mark.parametrize("language", ["ko", "en"])
def test_staff_find_a_release_at_its_own_address_marked_as_a_preview(editor, state, language):
    release = ReleaseFactory(title_ko="비밀", **HIDDEN[state])

    response = editor.get(release.get_absolute_url(language))

    page = read(response)
    bar = page.one("aside", class_="preview-bar")
    words = {"ko": "미리보기 – 공개되지 않음", "en": "Preview – not public"}[language]
    assert bar.one("strong").words == words
    assert page.one("article")["data-release-id"] == str(release.pk)
    assert "비밀" in page.one("h1").words
    assert bar.one("a")["href"].endswith(f"/admin/releases/release/{release.pk}/change/")


def test_a_preview_is_kept_by_no_cache_and_no_search_engine(editor):
    response = editor.get(draft().get_absolute_url())

    page = read(response)
    assert response["Cache-Control"] == PRIVATE
    assert response["X-Robots-Tag"] == "noindex"
    assert "ETag" not in response
    assert page.one("meta", name="robots")["content"] == "noindex"
    assert not page.all("link", rel="canonical")
    assert not page.all("link", rel="alternate", hreflang=...)


def test_a_preview_is_no_reading(editor):
    release = draft()

    article = read(editor.get(release.get_absolute_url())).one("article")

    assert "data-preview" in article.attributes
    release.refresh_from_db()
    assert release.views == 0


@pytest.mark.parametrize("times", [DRAFT, IN_REVIEW])
def test_a_preview_without_a_time_shows_today_and_saves_nothing(editor, times):
    release = ReleaseFactory(**times)

    page = read(editor.get(release.get_absolute_url()))

    today = timezone.localdate()
    posted = page.one("p", class_="posted").one("time")
    assert posted["datetime"].startswith(today.isoformat())
    release.refresh_from_db()
    assert release.publish_at is None


@pytest.mark.parametrize("times", [DRAFT, SCHEDULED])
def test_a_preview_stands_beside_what_will_be_there_and_is_public(editor, times):
    earlier = ReleaseFactory(title_ko="앞서 나온 것")
    ReleaseFactory(title_ko="오늘 예정된 것", **SCHEDULED)
    release = ReleaseFactory(**times)

    page = read(editor.get(release.get_absolute_url()))

    beside = page.one("nav", class_="neighbours")
    assert releases_linked(beside) == [earlier]
    assert beside.one("a")["rel"] == "next"


def test_another_slug_leads_to_the_preview_and_no_browser_remembers_the_way(editor):
    release = draft()

    response = editor.get(f"/releases/{release.pk}/another/")

    assert (response.status_code, response["Location"]) == (302, release.get_absolute_url())
    assert response["Cache-Control"] == PRIVATE


def outsiders():
    """Who may not see another's draft: nobody signed in, a reader, each lesser role."""
    yield "stranger", None
    yield "author", person(AUTHOR)
    yield "keeper", person(KEEPER)
    yield "no rights", person("")
    not_staff = person(EDITOR)
    not_staff.is_staff = False
    not_staff.save()
    yield "not staff", not_staff
    asleep = person(EDITOR)
    yield "account closed", asleep


@pytest.mark.parametrize("state", HIDDEN)
@pytest.mark.parametrize(
    "address", ["/releases/{}/slug/", "/releases/{}/", "/releases/{}/slug.txt"]
)
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_for_anyone_else_it_is_as_if_it_had_never_been(client, state, address, prefix):
    ReleaseFactory(pk=7, slug="slug", **HIDDEN[state])

    for name, user in outsiders():
        browser = signed_in(user) if user else client
        if name == "account closed":
            user.is_active = False
            user.save()
        hidden = browser.get(prefix + address.format(7))
        absent = browser.get(prefix + address.format(8))

        assert (hidden.status_code, absent.status_code) == (404, 404), name
        assert hidden.content.replace(b"/7/", b"/8/") == absent.content, name
        assert hidden.headers == absent.headers, name
        assert not hidden.cookies, name


def test_a_stranger_gets_no_cookie_and_no_page_that_depends_on_one(client):
    public, hidden = ReleaseFactory(), draft()

    for address in (public.get_absolute_url(), hidden.get_absolute_url()):
        response = client.get(address)

        assert not response.cookies
        assert "Cookie" not in response.get("Vary", "")


def test_a_public_page_is_the_same_for_staff_as_for_strangers(client, editor):
    release = ReleaseFactory()

    seen_by_staff = editor.get(release.get_absolute_url())
    seen_by_all = client.get(release.get_absolute_url())

    assert seen_by_staff.content == seen_by_all.content
    assert seen_by_staff.headers == seen_by_all.headers
    assert not read(seen_by_staff).all("aside", class_="preview-bar")


def test_a_session_that_nobody_knows_is_a_strangers(client):
    client.cookies[settings.SESSION_COOKIE_NAME] = "made up"

    assert client.get(draft().get_absolute_url()).status_code == 404


def test_an_author_previews_their_own_draft_alone():
    author = person(AUTHOR)
    own, other = draft(author=author), draft()
    client = signed_in(author)

    assert client.get(own.get_absolute_url()).status_code == 200
    assert client.get(other.get_absolute_url()).status_code == 404


def test_an_analyst_who_sees_every_release_previews_it():
    assert signed_in(person(ANALYST)).get(draft().get_absolute_url()).status_code == 200


def test_what_the_public_could_read_and_was_withdrawn_says_so_to_staff_as_well(editor, client):
    release = ReleaseFactory(withdrawn_at=NINE + timedelta(days=1))

    for browser in (editor, client):
        assert browser.get(release.get_absolute_url()).status_code == 410


def test_what_was_withdrawn_before_its_hour_is_a_preview(editor, client):
    release = ReleaseFactory(publish_at=NINE, withdrawn_at=NINE - timedelta(days=1))

    assert editor.get(release.get_absolute_url()).status_code == 200
    assert client.get(release.get_absolute_url()).status_code == 404


def test_the_ways_that_lead_from_a_preview_do_not_break(editor, client):
    release = draft()
    page = read(editor.get(release.get_absolute_url("ko")))
    ways = {a["href"] for a in page.all("a") if a["href"].startswith("/")}
    own = {way for way in ways if f"/releases/{release.pk}/" in way and "/admin/" not in way}

    assert len(own) == 3  # as text, the contact's card, the page in English
    assert {editor.get(way).status_code for way in ways - {"/admin/"}} == {200}
    assert {editor.get(way)["Cache-Control"] for way in own} == {PRIVATE}
    assert {client.get(way).status_code for way in own} == {404}


def test_a_preview_appears_in_nothing_that_staff_read_elsewhere(editor):
    release = draft(title_ko="비밀에 부친 제목")

    for address in ("/", "/feed/", "/sitemap.xml", "/api/releases/", "/missions/", "/releases.csv"):
        assert "비밀에 부친 제목" not in editor.get(address).text
    assert editor.get(release.mission.get_absolute_url()).status_code == 200


# In the frames of the desk


def test_the_page_has_a_frame_for_a_phone_and_one_for_a_desktop(editor):
    release = draft()

    page = read(editor.get(frames(release)))

    assert [frame["src"] for frame in page.all("iframe")] == [framed(release)] * 2
    assert all(frame["title"] for frame in page.all("iframe"))
    assert not page.one("main").all(style=...)


@pytest.mark.parametrize(
    ("desk", "query", "shown"),
    [
        ("/admin/", "", "/admin/"),
        ("/en/admin/", "", "/en/admin/"),
        ("/admin/", "?language=en", "/en/admin/"),
        ("/en/admin/", "?language=ko", "/admin/"),
        ("/admin/", "?language=fr", "/admin/"),
    ],
)
def test_either_language_is_shown_whatever_the_desk_speaks(editor, desk, query, shown):
    release = draft()

    page = read(editor.get(frames(release, desk) + query))

    assert page.all("iframe")[0]["src"] == framed(release, shown)
    (here,) = [a for a in page.all("a", **{"aria-current": "page"}) if "language" in a["href"]]
    assert here["lang"] == ("en" if shown == "/en/admin/" else "ko")


def test_only_the_desk_itself_may_frame_the_page(editor, client):
    release = draft()

    inside, outside = editor.get(framed(release)), editor.get(frames(release))

    assert inside["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in inside["Content-Security-Policy"]
    for other in (outside, editor.get(release.get_absolute_url()), client.get("/")):
        assert other["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in other["Content-Security-Policy"]


def test_what_stands_in_the_frame_is_what_the_address_shows(editor):
    release = draft()

    inside = read(editor.get(framed(release)))
    address = read(editor.get(release.get_absolute_url()))

    for page in (inside, address):
        assert page.one("aside", class_="preview-bar")
    assert inside.one("h1").words == address.one("h1").words
    assert inside.one("div", class_="body").words == address.one("div", class_="body").words
    assert inside.one("base")["target"] == "_blank"
    assert not address.all("base")


def test_a_public_release_is_framed_as_a_preview_of_what_is_public(editor):
    bar = read(editor.get(framed(ReleaseFactory()))).one("aside", class_="preview-bar")

    assert bar.words == "미리보기 공개"


@pytest.mark.parametrize("state", [*NOT_PUBLIC, State.PUBLIC])
@pytest.mark.parametrize("page", [frames, framed])
def test_neither_page_is_kept(editor, page, state):
    response = editor.get(page(ReleaseFactory(**NOT_PUBLIC.get(state, {}))))

    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize("page", [frames, framed])
def test_who_may_not_see_a_release_is_shown_no_preview(page, client):
    release = draft()

    for role, status in [(AUTHOR, 404), (KEEPER, 404), ("", 404), (ANALYST, 200)]:
        assert signed_in(person(role)).get(page(release)).status_code == status, role
    assert client.get(page(release)).status_code == 302
    assert (
        signed_in(person(EDITOR)).get(page(release).replace(str(release.pk), "0")).status_code
        == 404
    )


def test_the_form_leads_to_both_previews(editor):
    release = draft()

    page = read(editor.get(f"/admin/releases/release/{release.pk}/change/"))

    assert page.one("a", href=frames(release)).words == "미리보기"
    window = page.one("a", href=release.get_absolute_url("ko"))
    assert (window.words, window["target"], window["rel"]) == ("새 창", "_blank", "noopener")


def test_a_preview_costs_a_fixed_number_of_queries(editor, client):
    hidden, public = draft(), ReleaseFactory(**{"publish_at": NINE})
    scheduled = ReleaseFactory(**SCHEDULED)
    ReleaseFactory.create_batch(10, mission=hidden.mission)

    assert len(queries_of(client, public.get_absolute_url())) <= 7
    assert len(queries_of(editor, hidden.get_absolute_url())) <= 15
    assert len(queries_of(editor, scheduled.get_absolute_url())) <= 15
    assert len(queries_of(editor, framed(hidden))) <= 14
