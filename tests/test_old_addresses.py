"""Addresses of the site before lead to what came of them, and betray nothing that is not public."""

import unicodedata
from importlib import import_module
from urllib.parse import quote, unquote

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from releases import old_addresses, versions
from releases.models import OldAddress
from releases.old_addresses import plain_address

from .desk.people import EDITOR, person, signed_in
from .factories import DRAFT, IN_REVIEW, SCHEDULED, WITHDRAWN, MissionFactory, ReleaseFactory
from .test_plans import plan
from .uploads import file_of, picture_of

pytestmark = pytest.mark.django_db

POST = "/2014/09/이라크-소식"


def kept(address: str, **leads_to) -> OldAddress:
    return OldAddress.objects.create(address=plain_address(address), **leads_to)


def led(client, address: str, method: str = "get") -> tuple[int, str]:
    response = getattr(client, method)(address)
    return response.status_code, unquote(response.get("Location", ""))


# How they are written


@pytest.mark.parametrize(
    ("address", "plain"),
    [
        ("http://old.example.org/?p=123", "/?p=123"),
        ("https://old.example.org", "/"),
        ("//old.example.org/a", "/a"),
        ("/index.php?p=123", "/?p=123"),
        ("/index.php/2014/09/x/", "/2014/09/x"),
        ("/2014/09/x/#comments", "/2014/09/x"),
        ("//2014", "/"),
        ("/a//b/", "/a/b"),
        ("/?b=2&a=1", "/?a=1&b=2"),
        ("/?a=%EC%9D%B4+%EB%9D%BC", "/?a=이 라"),
        ("/2014/09/" + quote("이라크-소식") + "/", POST),
        ("/2014/09/" + quote("이라크-소식".encode("cp949")) + "/", POST),
        (unicodedata.normalize("NFD", POST), POST),
        ("/" + "가" * 399, "/" + "가" * 399),
        ("/" + "가" * 400, ""),
        ("/a\x00b", "/ab"),
        ("/?" + "&".join(f"a{n}=1" for n in range(30)), "/"),
        ("http://[", "/"),
    ],
)
def test_spellings_of_one_address_are_kept_as_one(address, plain):
    assert plain_address(address) == plain
    assert not plain or plain_address(plain) == plain


def test_an_address_that_is_taken_stays_with_what_it_led_to_first():
    first, second = ReleaseFactory.create_batch(2)
    kept("/?p=1", release=first)
    row = OldAddress(address="/?p=1", release=second)

    taken = old_addresses.put([row, OldAddress(address="/?p=2", release=second)])

    assert taken == [row]
    assert dict(OldAddress.objects.values_list("address", "release")) == {
        "/?p=1": first.pk,
        "/?p=2": second.pk,
    }
    assert old_addresses.put([OldAddress(address="/?p=2", release=second)]) == []


@pytest.mark.parametrize(
    "row", [{}, {"path": "//elsewhere.example.org/"}, {"path": "https://elsewhere.example.org"}]
)
def test_no_old_address_leads_nowhere_or_to_another_site(row):
    with pytest.raises(IntegrityError), transaction.atomic():
        OldAddress.objects.create(address="/x", **row)


def test_the_desk_shows_the_old_addresses_of_a_release():
    release = ReleaseFactory(**DRAFT)
    kept("/?p=7", release=release)
    kept("/2014/09/<b>/", release=release)

    desk = signed_in(person(EDITOR))

    page = desk.get(f"/en/admin/releases/release/{release.pk}/change/")

    assert "/?p=7<br>/2014/09/&lt;b&gt;" in page.text
    assert desk.get("/en/admin/releases/release/add/").status_code == 200


# Of which site they are

TWO_SITES = ("press.example.org", "blog.example.org")


def asked_at(client, host: str, address: str):
    return client.get(address, headers={"host": host})


@pytest.fixture
def two_sites(settings):
    """A release of each, at the same address there."""
    settings.ALLOWED_HOSTS = [".example.org"]
    releases = ReleaseFactory.create_batch(2)
    for site, release in zip(TWO_SITES, releases, strict=True):
        kept("/?p=7", site=site, release=release)
    return releases


@pytest.mark.parametrize(
    ("host", "number"),
    [
        ("press.example.org", 0),
        ("blog.example.org", 1),
        ("www.blog.example.org", 1),
        ("BLOG.example.org:8000", 1),
        ("news.example.org", 0),  # the newsroom's own name: what was kept first
    ],
)
def test_an_address_that_two_sites_had_leads_on_within_the_one_that_is_asked(
    client, two_sites, host, number
):
    response = asked_at(client, host, "/?p=7")

    assert response.status_code == 301
    assert response["Location"] == two_sites[number].get_absolute_url()


def test_an_address_that_the_site_asked_never_had_is_that_of_another(client, two_sites):
    press, blog = two_sites
    kept("/?p=8", site="press.example.org", release=press)
    # Another spelling of what is asked, and it is the site's own.
    kept("/archives/9", site="blog.example.org", release=blog)
    kept("/?page_id=9", site="blog.example.org", release=blog)
    kept("/?p=9", site="press.example.org", release=press)

    for address, release in (("/?p=8", press), ("/?p=9", blog), ("/archives/9/feed/", blog)):
        answer = asked_at(client, "blog.example.org", address)
        assert answer["Location"] == release.get_absolute_url()


def test_what_is_not_public_is_as_what_its_site_never_had(client, two_sites):
    for number, is_elsewhere in ((8, False), (9, True)):
        kept(f"/?p={number}", site="blog.example.org", release=ReleaseFactory(**DRAFT))
        if is_elsewhere:
            kept(f"/?p={number}", site="press.example.org", release=two_sites[0])
            kept(f"/?p={number + 10}", site="press.example.org", release=two_sites[0])

    def answers_to(*addresses: str) -> list:
        found = []
        for address in addresses:
            with CaptureQueriesContext(connection) as asked:
                answer = asked_at(client, "blog.example.org", address)
            found.append((answer.status_code, answer.get("Location"), answer.content, len(asked)))
        return found

    draft, absent = answers_to("/?p=8", "/?p=18")
    assert draft == absent
    assert (draft[0], draft[-1]) == (404, 1)
    draft, absent = answers_to("/?p=9", "/?p=19")
    assert draft == absent
    assert draft[1] == two_sites[0].get_absolute_url()


@pytest.mark.parametrize("host", [*TWO_SITES, "news.example.org"])
def test_an_address_is_looked_up_in_an_index_whatever_site_is_asked(client, two_sites, host):
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")  # it may read a small table whole
    with CaptureQueriesContext(connection) as asked:
        asked_at(client, host, "/?p=99")

    [query] = asked
    steps = plan(query["sql"])
    index = "an_old_address_of_a_site_is_kept_once"
    if connection.vendor == "sqlite":
        index = "releases_oldaddress USING INDEX"
    assert any(index in step for step in steps), steps
    assert not any("SCAN" in step or "Seq Scan on releases_oldaddress" in step for step in steps)


def test_an_address_of_which_nobody_knows_the_site_answers_for_all(client, two_sites):
    kept("/?p=8", release=ReleaseFactory())

    for host in (*TWO_SITES, "news.example.org"):
        assert asked_at(client, host, "/?p=8").status_code == 301

    kept("/?p=8", site="press.example.org", release=two_sites[0])
    answer = asked_at(client, "press.example.org", "/?p=8")
    assert answer["Location"] == two_sites[0].get_absolute_url()


def test_an_address_can_be_kept_once_for_each_site(two_sites):
    first, second = two_sites
    rows = [OldAddress(site=site, address="/?p=7", release=second) for site in TWO_SITES]

    taken = old_addresses.put([*rows, OldAddress(address="/?p=7", release=second)])

    assert taken == rows[:1]
    assert list(OldAddress.objects.values_list("site", "release")) == [
        ("press.example.org", first.pk),
        ("blog.example.org", second.pk),
        ("", second.pk),
    ]
    with pytest.raises(IntegrityError), transaction.atomic():
        kept("/?p=7", site="press.example.org", release=second)


@pytest.mark.parametrize(
    ("keys", "sites"),
    [
        (
            ["wordpress:www.Press.example.org/blog:7", None],
            ["press.example.org", "press.example.org"],
        ),
        (
            ["wordpress:press.example.org:7", "wordpress:blog.example.org:7"],
            ["press.example.org", "blog.example.org", ""],
        ),
        (["table:0123", None], [""]),
    ],
)
def test_addresses_from_before_sites_were_kept_are_told_theirs(keys, sites):
    for number, key in enumerate(keys):
        kept(f"/?p={number}", release=ReleaseFactory(source_key=key))
    kept("/press", path="/contacts/")
    migration = import_module("releases.migrations.0005_sites_of_old_addresses")

    migration.tell_sites(apps, None)

    assert list(OldAddress.objects.values_list("site", flat=True)) == (sites + sites[-1:] * 2)[:3]


def test_going_back_to_one_site_keeps_what_was_kept_first(two_sites):
    migration = import_module("releases.migrations.0005_sites_of_old_addresses")

    migration.keep_the_first(apps, None)

    assert OldAddress.objects.get().release == two_sites[0]


# Where they lead


@pytest.mark.parametrize(
    ("address", "asked"),
    [
        ("/?p=123", "/?p=123"),
        ("/?p=123", "/index.php?p=123"),
        ("/?p=123", "/?p=123&utm_source=x&fbclid=y"),
        ("/?p=123", "/?page_id=123"),
        ("/?page_id=123", "/?p=123"),
        ("/?p=123", "/archives/123"),
        ("/?p=123", "/archives/123/"),
        (POST, POST),
        (POST, POST + "/"),
        (POST, POST + "?share=twitter"),
        (POST, POST + "/feed/"),
        (POST, POST + "/comment-page-2/"),
        (POST, POST + "/2/"),
        (POST, "/2014/09/" + quote("이라크-소식".encode("cp949")) + "/"),
        (POST, unicodedata.normalize("NFD", POST)),
        ("/archives/123", "/archives/123"),
        ("/missions/of-old", "/missions/of-old/"),  # a page of ours could stand there
        ("/en-route/home", "/en-route/home"),
    ],
)
@pytest.mark.parametrize("method", ["get", "head"])
def test_an_old_address_leads_to_its_release_for_good(client, address, asked, method):
    release = ReleaseFactory(title_ko="이라크 소식")
    kept(address, release=release)

    assert led(client, asked, method) == (301, f"/releases/{release.pk}/이라크-소식/")


def test_bytes_that_are_no_utf_8_lead_on_as_a_server_sends_them(client):
    release = ReleaseFactory(title_ko="이라크 소식")
    kept("/뉴스/아프리카", release=release)
    raw = "/뉴스/아프리카".encode("cp949").decode("latin-1")

    response = client.get("/", PATH_INFO=raw)

    assert response.status_code == 301


def test_it_leads_on_by_the_address_of_today(client):
    release = ReleaseFactory(title_ko="이라크 소식")
    kept("/?p=1", release=release)

    release.slug = "another"
    release.save()

    assert led(client, "/?p=1") == (301, f"/releases/{release.pk}/another/")


HIDDEN = {"draft": DRAFT, "in review": IN_REVIEW, "scheduled": SCHEDULED}
HIDDEN["withdrawn before its hour"] = SCHEDULED | WITHDRAWN


@pytest.mark.parametrize("times", HIDDEN.values(), ids=HIDDEN)
@pytest.mark.parametrize("address", ["/?p=7", POST, "/wp-content/uploads/a.jpg"])
def test_an_old_address_of_what_nobody_could_read_is_one_that_nobody_knows(client, times, address):
    release = ReleaseFactory(**times)
    stored = picture_of(release).image.name if address.endswith("jpg") else ""
    kept(address, release=release, stored=stored)

    with CaptureQueriesContext(
        connection,
    ) as of_hidden:
        hidden = client.get(address)
    with CaptureQueriesContext(connection) as of_absent:
        absent = client.get(address.replace("7", "8").replace("소식", "소문").replace("a.", "b."))

    assert hidden.status_code == absent.status_code == 404
    assert hidden.content == absent.content
    assert hidden.headers == absent.headers
    assert len(of_hidden) == len(of_absent) == 1


def test_what_was_withdrawn_says_so(client):
    kept("/?p=7", release=(release := ReleaseFactory(**WITHDRAWN)))

    response = client.get("/?p=7", follow=True)

    # Without its headline, which the address of before would tell.
    assert response.redirect_chain == [(f"/releases/{release.pk}/", 301)]
    assert response.status_code == 410


@pytest.mark.parametrize("of", [picture_of, file_of])
def test_bytes_of_what_was_withdrawn_say_so(client, of):
    release = ReleaseFactory(**WITHDRAWN)
    row = of(release)
    stored = (row.image if of is picture_of else row.file).name
    kept("/wp-content/uploads/a.jpg", release=release, stored=stored)

    response = client.get("/wp-content/uploads/a.jpg", follow=True)

    assert response.redirect_chain == [(f"/releases/{release.pk}/", 301)]
    assert response.status_code == 410


def test_a_deleted_release_that_comes_back_has_its_old_addresses_again(client):
    release = ReleaseFactory(**DRAFT)
    kept("/?p=7", release=release)

    versions.delete(release)
    step = versions.Step.objects.get(verb=versions.DELETE)
    versions.recover(versions.Deleted(step, versions.Version.objects.get()))
    assert client.get("/?p=7").status_code == 404

    assert OldAddress.objects.get().release.pk == release.pk


def test_a_category_leads_to_its_mission_once_something_of_it_is_public(client):
    mission = MissionFactory(slug="iraq")
    kept("/?cat=3", mission=mission)
    assert client.get("/?cat=3").status_code == 404

    ReleaseFactory(mission=mission)

    assert led(client, "/?cat=3") == (301, "/missions/iraq/")


def test_a_picture_and_its_copies_lead_to_ours(client):
    release = ReleaseFactory()
    picture = picture_of(release)
    kept("/wp-content/uploads/2014/09/a.jpg", release=release, stored=picture.image.name)

    for asked in ("a.jpg", "a-300x200.jpg", "a-scaled.jpg"):
        status, location = led(client, f"/wp-content/uploads/2014/09/{asked}")
        assert (status, location) == (301, picture.copies("webp")[-1][0])
    assert client.get(location).status_code == 200


def test_a_file_leads_to_ours_in_whatever_public_release_has_it(client):
    draft, release = ReleaseFactory(**DRAFT), ReleaseFactory()
    first = file_of(draft)
    again = file_of(release)
    again.file = first.file
    again.save()
    kept("/wp-content/uploads/a.pdf", release=draft, stored=first.file.name)

    assert led(client, "/wp-content/uploads/a.pdf") == (301, unquote(again.url))


@pytest.mark.parametrize(
    ("asked", "to"),
    [
        ("/?m=201409", "/?year=2014&month=9"),
        ("/?m=2014", "/?year=2014"),
        ("/2014/09/", "/?year=2014&month=9"),
        ("/2014/9/5/", "/?year=2014&month=9"),
        ("/2014/", "/?year=2014"),
        ("/?feed=rss2", "/feed/"),
        ("/?feed=atom", "/feed/atom/"),
        ("/feed/rss2/", "/feed/"),
        ("/page/3/", "/?page=3"),
        ("/page/1/", "/"),
        ("/?paged=2", "/?page=2"),
        ("/?s=난민", "/?q=난민"),
    ],
)
def test_listings_and_feeds_of_the_old_site_lead_to_ours(client, asked, to):
    assert led(client, asked) == (301, to)


@pytest.mark.parametrize(
    "asked",
    [
        "/?p=", "/?p=x", "/?p=%00", "/?m=201413", "/?m=٢٠١٤", "/2014/13/", "/0000/", "/?paged=٢",
        "/?paged=" + "9" * 5000, "/page/" + "9" * 5000, "/?feed=comments-rss2", "/?cat=1", "/?s=",
        "/?name=a", "/x" * 300, "/%FF%FE", "/?p=1&" + "a=1&" * 50, "/archives/1",
    ],
)  # fmt: skip
def test_what_no_old_site_had_is_not_found(client, asked):
    assert client.get(asked).status_code == 404


def test_a_path_of_ours_is_led_to_as_it_was_written(client):
    kept("/press-kit", path="/contacts/")

    assert led(client, "/press-kit/") == (301, "/contacts/")


@pytest.mark.parametrize("asked", ["/en/?p=7", "/en/a", "/api/a"])
def test_there_are_no_old_addresses_below_ours(client, asked):
    release = ReleaseFactory()
    for address in ("/?p=7", "/en/a", "/api/a", "/a"):
        kept(address, release=release)

    assert "Location" not in client.get(asked)


def test_nothing_is_led_on_that_was_sent(client):
    kept("/a", release=ReleaseFactory())

    assert client.post("/a").status_code in (403, 404)


def test_no_page_of_ours_asks_for_old_addresses(client):
    release = ReleaseFactory()

    for address in ("/", "/?q=IOM", release.get_absolute_url(), "/feed/", "/?utm_source=x"):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        assert not [query for query in asked if "oldaddress" in query["sql"]]


def test_kept_pages_do_not_answer_in_the_place_of_an_old_address(client, settings):
    settings.PAGE_CACHE_MB = 4
    client.handler.load_middleware()
    release = ReleaseFactory(title_ko="소식")
    kept("/?p=7", release=release)
    client.get("/")

    assert led(client, "/?p=7") == (301, f"/releases/{release.pk}/소식/")
    assert client.get("/?p=8").status_code == 404
    assert client.get("/").status_code == 200
