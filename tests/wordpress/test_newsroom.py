"""A newsroom that a real WordPress exported, moved in whole: nothing is lost, nothing leaks."""

from datetime import UTC, datetime
from urllib.parse import unquote

import pytest
from django.apps import apps
from django.test import Client
from django.utils.translation import override

from releases.intake.files import UnreadableFile
from releases.intake.moved import ADDRESS
from releases.intake.posts import IncomingPost, RefusedPost
from releases.intake.saving import Outcome
from releases.intake.wordpress import is_wordpress, read_export
from releases.models import OldAddress, Release, State

from . import newsroom
from .newsroom import DAMAGED, EXPORT, POSTS_ALONE, move_in, release_of

pytestmark = pytest.mark.django_db

# What was public there and is not here, address by address as they begin; all else leads on.
GONE = (
    # what nobody but WordPress has a use for
    "/wp-login.php", "/wp-json/", "/wp-sitemap.xml", "/comments/feed/", "/rss2/",
    # guesses of WordPress at what somebody may have meant
    "/2014/04/cholera/", "/world-refugee-day/", "/?name=", "/?p=0",
    # a password is needed there, or there is no text yet
    "/?p=3124", "/2014/09/암호로-잠근-보도자료", "/?p=3241", "/2014/02/2014-2-2-", "/?p=3242",
    "/2014/02/2014-2-3-",
    # a picture that a release without text shows first; one that nobody shows
    "/시장-청소", "/?attachment_id=2766", "/?p=2766", "/never-used", "/?attachment_id=2769",
    "/?p=2769", "/wp-content/uploads/2014/07/never-used.png",
    # categories and tags that stand for no mission, and formats
    "/category/uncategorized/", "/?cat=1", "/category/긴급구호/", "/?cat=8", "/?cat=9", "/?cat=2",
    "/category/비어-있는-분류/", "/category/중동-북아프리카/feed/", "/tag/idps/", "/?tag=idps",
    "/tag/video/", "/?tag=video", "/tag/구호물자/", "/?tag=구호물자", "/type/",
    # what WordPress makes another address of, and then knows nothing of
    "/wp-content/uploads/2014/09/none.jpg",
)  # fmt: skip
GONE_EXACTLY = ("/category/중동-북아프리카/",)
# What we lead on, though WordPress did not.
ALSO_HERE = ("/page/9/", "/archives/3101")
# Addresses that we answer by ourselves, as the old site did.
OURS = (
    "/",
    "/feed/",
    "/feed/atom/",
    "/robots.txt",
    "/?year=2014&monthnum=9",
    "/?post_format=quote",
)


@pytest.fixture
def moved():
    newsroom.make_missions()
    return move_in()


def everything() -> dict[str, list]:
    return {
        model.__name__: sorted(map(repr, model.objects.values_list()))
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed
    }


def test_each_item_is_told_of_and_none_refused(moved):
    items = [each for each in moved if each.kind != ADDRESS]

    assert [each for each in items if each.outcome == Outcome.REFUSED] == []
    created = {each.number for each in items if each.outcome == Outcome.CREATED}
    assert created == newsroom.HERE_NOW
    left_out = {each.kind for each in items if each.outcome == Outcome.LEFT_OUT}
    assert left_out == {"page", "nav_menu_item", "notice", "wp_block", "attachment"}


def test_nothing_is_more_public_than_it_was(moved):
    stands = {
        int(key.rsplit(":", 1)[1]): release.state
        for key, release in ((each.source_key, each) for each in Release.objects.all())
    }

    expected = dict.fromkeys(newsroom.PUBLIC | newsroom.PAGES, State.PUBLIC)
    expected |= dict.fromkeys(newsroom.SCHEDULED, State.SCHEDULED)
    expected |= dict.fromkeys(newsroom.IN_REVIEW | newsroom.WITHOUT_TEXT, State.IN_REVIEW)
    expected |= dict.fromkeys(newsroom.TAKEN_BACK, State.WITHDRAWN)
    expected |= dict.fromkeys(newsroom.DRAFTS, State.DRAFT)
    assert stands == expected


def test_times_dates_views_authors_and_missions_come_along(moved):
    amerli, cash, renamed = release_of(3101), release_of(3102), release_of(3114)

    # Half past eight in Seoul is the day before in Greenwich.
    assert amerli.publish_at == datetime(2014, 9, 8, 23, 30, tzinfo=UTC)
    assert str(amerli.release_date) == "2014-09-09"
    assert str(renamed.release_date) == "2014-04-01"
    assert (amerli.views, cash.views, release_of(3110).views) == (251, 1234, 300)
    assert [r.mission.slug for r in (amerli, cash, release_of(3103), release_of(3109))] == [
        "iraq",
        "central-african-republic",
        "mexico",
        "korea",
    ]
    assert amerli.summary_ko == "<p>이라크 아멜리에 생필품 1,000세트가 도착했다.</p>"
    assert [(row.name, row.phone, row.email) for row in amerli.contact_block] == [
        ("Press desk", "+964 750 000 0001", "erbil@example.org"),
        ("Night desk", "+964 750 000 0001", "night@example.org"),
    ]
    # Of headlines that are the same each is a release.
    assert Release.objects.filter(title_ko="정정 보도").count() == 3


def test_no_word_is_lost(moved):
    told = [each for each in moved if each.words]

    assert {each.number for each in told} == newsroom.HERE_NOW
    for each in told:
        assert each.words.lost == (), each.title
        aside = sum(count for _name, count in each.words.set_aside)
        assert each.words.source == each.words.page + aside, each.title
        assert each.here >= each.words.page, each.title


def test_a_page_shows_the_words_of_its_post_and_nothing_of_its_frame(moved, client):
    page = client.get(release_of(3101).get_absolute_url()).content.decode()

    for words in ("household goods reached Amerli", "1,000 kits", "Two filters", "Nine lorries"):
        assert words in page
    for furniture in ("[caption", "<!--more", "Tue, Sep-09-2014", "Views – 234"):
        assert furniture not in page
    blocks = client.get(release_of(3103).get_absolute_url()).content.decode()
    for words in ("A hundred hours", "the law of migration", "Michoacán", "The programme"):
        assert words in blocks
    assert "wp-block" not in blocks


def test_pictures_and_files_come_along_with_what_was_said_of_them(moved):
    lead, tanks = release_of(3101).pictures.order_by("position")

    assert (lead.alt_en or lead.alt_ko) == "Lorries on a dusty road"
    assert "Nine lorries on the road to Amerli" in (lead.caption_en or lead.caption_ko)
    assert tanks.position == 1
    assert [file.name for file in release_of(3108).files.all()] == [
        "statement.hwp",
        "보도자료-2014.pdf",
    ]
    assert release_of(3106).pictures.count() == 4
    missing = next(each for each in moved if each.number == 3106)
    assert any("lost-on-the-way.jpg" in remark.message for remark in missing.remarks)


def test_links_between_posts_lead_to_what_is_here(moved):
    body = release_of(3104).body_en

    for number in (3101, 3102, 3103, 2761):
        assert release_of(number).get_absolute_url(language="en") in body, number
    assert "/missions/libya/" in body
    # Of what is gone, the address stays as it was.
    assert 'href="http://press.example.org/?p=9999"' in body


@pytest.mark.parametrize("form", ["pretty", "plain"])
def test_each_address_of_the_old_site_leads_to_its_release_or_ends_as_is_listed(moved, form):
    client = Client()
    numbers = {
        address: number for number, post in newsroom.posts().items() for address in post.addresses
    }
    unexpected = []
    for old in newsroom.answers(form):
        answer = client.get(old.address)
        told, leads_to = answer.status_code, answer.get("Location", "")
        plain = old.final.partition("?utm_source")[0]
        number = numbers.get(plain, numbers.get(plain.rstrip("/") + "/"))
        if old.status == 404 and number not in newsroom.TAKEN_BACK:
            # A few that were not there may be here; what was not public is not: see below.
            is_right = told == 404 or (told == 301 and old.address in ALSO_HERE)
        elif _is_gone(old.address) or _is_gone(old.final):
            is_right = told == 404
        elif number in newsroom.TAKEN_BACK:
            is_right = told == 301 and client.get(leads_to).status_code == 410
        elif number:
            release = release_of(number)
            page = client.get(leads_to)
            is_right = (
                told == 301
                and leads_to == release.get_absolute_url()
                and page.status_code == 200
                and str(release.title) in page.content.decode().replace("&amp;", "&")
            )
        elif old.address in OURS or old.final in OURS:
            is_right = told == 200 or client.get(leads_to).status_code == 200
        elif old.status == 405:
            is_right = told == 404
        else:
            is_right = told == 301 and client.get(leads_to).status_code == 200
        if not is_right:
            unexpected.append((old, told, leads_to))

    assert unexpected == [], [(old.address, told) for old, told, _leads_to in unexpected]


def _is_gone(address: str) -> bool:
    address = unquote(address)
    return address in GONE_EXACTLY or address.startswith(GONE)


def test_the_address_that_every_back_link_had_leads_to_the_first_page(moved, client):
    answer = client.get("/?page_id=2750")

    assert (answer.status_code, answer["Location"]) == (301, "/")


@pytest.mark.parametrize("number", [*newsroom.DRAFTS, *newsroom.SCHEDULED, *newsroom.IN_REVIEW])
def test_what_was_not_public_is_answered_as_what_never_was(moved, client, number):
    answer, unknown = client.get(f"/?p={number}"), client.get("/?p=99999")

    assert answer.status_code == unknown.status_code == 404
    assert answer.content == unknown.content


def test_moved_in_twice_nothing_changes_at_all(moved):
    before = everything()

    again = move_in()

    assert everything() == before
    assert {each.outcome for each in again} <= {Outcome.UNCHANGED, Outcome.LEFT_OUT}


def test_a_dry_run_says_the_same_and_keeps_nothing(moved):
    Release.objects.all().delete()
    OldAddress.objects.all().delete()
    before = everything()

    tried = move_in(dry_run=True)

    assert everything() == before
    told = [(each.number, each.outcome, each.state) for each in tried if each.kind != ADDRESS]
    assert told == [
        (each.number, each.outcome, each.state) for each in moved if each.kind != ADDRESS
    ]


def test_an_export_of_posts_alone_brings_the_pictures_that_its_texts_show():
    newsroom.make_missions()

    move_in(POSTS_ALONE)

    assert Release.objects.count() == 35
    assert release_of(3101).pictures.count() == 2
    assert [file.name for file in release_of(3103).files.all()] == ["보도자료-2014.pdf"]


ATTACKS = ["entities-that-grow", "entities-that-read"]
# What comes of each damaged export: headlines that come, and how many items are refused by name.
MENDED = {
    "control-characters": (["수직 탭이 있는 제목", "없는 글자", "번호로 쓴 글자"], 0),
    "euc-kr-in-utf-8": (["올바른 글", "옛 부호의 본문", "옛 부호의 제목"], 1),
    "euc-kr": (["옛 부호의 파일"], 0),
    "nested-cdata": (["나뉜 CDATA", "겹친 CDATA", "그다음 글"], 0),
    "duplicates": (["첫째 글", "둘째 글"], 2),
    "times": (["GMT 없는 글", "시각 없는 글", "(2014/2/31) 없는 날", "날짜가 아닌 글"], 0),
    "serialized": (["직렬화된 값", "잘린 값", "물건"], 0),
    "multisite": (["연결망의 글", "연결망의 다른 글"], 0),
    "wxr-1.0": (["옛 형식의 글"], 0),
    "wxr-1.1": (["옛 형식의 글"], 0),
    "cut-off": (["온전한 글"], 1),
}


def test_each_damaged_export_is_looked_at_here():
    there = {path.stem for path in DAMAGED.iterdir()}
    assert there == {*MENDED, *ATTACKS, "no-wordpress"}


@pytest.mark.parametrize("name", MENDED)
def test_what_is_damaged_is_mended_or_refused_by_name(name):
    found = list(read_export(DAMAGED / f"{name}.xml"))

    came = [each.title for each in found if isinstance(each, IncomingPost)]
    refused = [each for each in found if isinstance(each, RefusedPost)]
    assert (came, len(refused)) == MENDED[name]
    assert all(each.reason and each.title for each in refused)


@pytest.mark.parametrize("name", ATTACKS)
def test_an_export_that_declares_entities_is_not_read(name):
    with pytest.raises(UnreadableFile, match="entities"), override("en"):
        list(read_export(DAMAGED / f"{name}.xml"))


def test_an_export_is_told_from_other_feeds():
    assert is_wordpress(EXPORT)
    assert not is_wordpress(DAMAGED / "no-wordpress.xml")
