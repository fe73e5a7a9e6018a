"""A release under embargo, read by a link (P5)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from releases import sharing, workflow
from releases.models import LinkOpening, Release
from tests.desk.roles import person, signed_in
from tests.factories import NINE, ReleaseFactory, tomorrow
from tests.reading import read
from tests.uploads import file_of, picture_of

from .links import MESSENGER, PERSON, SECRET, draft, link_to, post_now, reader, scheduled

pytestmark = pytest.mark.django_db

IN_BOTH = pytest.mark.parametrize("prefix", ["", "/en"], ids=["ko", "en"])
PRIVATE = {
    "Cache-Control": "private, no-store",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Referrer-Policy": "no-referrer",
}


def heads(response) -> dict[str, str]:
    return {name: response.get(name, "") for name in PRIVATE}


def said(response) -> str:
    content = b"".join(response) if response.streaming else response.content
    return content.decode(errors="replace")


def media_of(release: Release, token: str) -> dict[str, str]:
    """The address by the link of all that is beside the words -> its public address."""
    picture, file = release.pictures.get(), release.files.get()
    row = release.contact_block[0]
    public = {
        f"pictures/{picture.pk}/{picture.widths[0]}.webp": reverse(
            "picture", args=[release.pk, picture.pk, picture.widths[0], "webp"]
        ),
        f"pictures/{picture.pk}/1200.jpg": picture.card_url,
        f"pictures/{picture.pk}/original.jpg": picture.original_url,
        file.url.split(f"/{release.pk}/", 1)[1]: file.url,
        f"contacts/{row.position}.vcf": reverse("releases:vcard", args=[release.pk, row.position]),
    }
    return {f"/embargo/{token}/{end}": address for end, address in public.items()}


# The page


@IN_BOTH
def test_a_link_opens_its_release_in_either_language_for_somebody_who_never_signed_in(prefix):
    release = scheduled()
    address = prefix + link_to(release)

    response = reader().get(address)

    page = read(response)
    headline, text = {"": (SECRET, "비밀본문"), "/en": ("Secret headline", "Secret text")}[prefix]
    assert response.status_code == 200
    assert page.one("article")["data-release-id"] == str(release.pk)
    assert headline in page.one("h1").words
    assert text in page.one("article").words
    assert page.one("address").one("p", class_="p-name").words == release.contact_block[0].name
    assert heads(response) == PRIVATE
    assert not response.cookies
    assert "ETag" not in response


def test_the_bar_says_until_when_it_is_under_embargo_in_either_language():
    # HTML knows no fraction of a second as fine as the database keeps it.
    release = scheduled(publish_at=NINE.replace(year=2999, microsecond=123456))
    address = link_to(release)

    korean = read(reader().get(address)).one("aside", class_="embargo-bar")
    english = read(reader().get("/en" + address)).one("aside", class_="embargo-bar")

    assert korean.one("strong").words == "엠바고: 2999년 9월 9일 09:00 (한국 시각)까지 보도 금지"
    assert english.one("strong").words == (
        "Embargo: not to be published before 9 September 2999, 09:00 (Korean time)"
    )
    # A script makes this the time of whoever reads; without one it is right as it stands.
    assert korean.one("time")["datetime"] == "2999-09-09T09:00:00+09:00"
    assert korean.one("time").words == "협정 세계시(UTC): 2999년 9월 9일 00:00"
    assert english.one("time").words == "UTC: 9 September 2999, 00:00"


@pytest.mark.parametrize("planned", [None, NINE], ids=["no time", "a time that passed"])
def test_the_bar_of_a_draft_without_a_time_to_come_says_that_none_is_set(planned):
    address = link_to(draft(publish_at=planned))

    bar = read(reader().get(address)).one("aside", class_="embargo-bar")

    assert bar.one("strong").words == ("엠바고: 게시 시각이 아직 정해지지 않았습니다. 보도 금지")
    assert "아직 초안입니다. 글과 시각이 바뀔 수 있습니다." in bar.words
    assert not bar.all("time")


def test_the_bar_of_a_draft_with_a_planned_time_says_that_it_may_change():
    bar = read(reader().get(link_to(draft(publish_at=tomorrow())))).one(
        "aside", class_="embargo-bar"
    )

    assert "까지 보도 금지" in bar.one("strong").words
    assert "아직 초안입니다" in bar.words


@IN_BOTH
def test_the_page_leads_to_nothing_but_itself_and_the_newsroom(prefix):
    other = ReleaseFactory(title_ko="이미 나간 글")
    release = scheduled()
    ReleaseFactory(title_ko="같은 지부의 글", mission=release.mission)
    address = link_to(release)

    response = reader().get(prefix + address)

    page, text = read(response), said(response)
    assert other.title_ko not in text
    assert "같은 지부의 글" not in text
    assert f"/releases/{release.pk}" not in text
    assert release.slug not in text
    assert not page.all("script", type="application/ld+json")
    shared = [meta["content"] for meta in page.all("meta") if meta["property"]]
    assert not [content for content in shared if "비밀" in content or "Secret" in content]
    rels = {link["rel"] for link in page.all("link")}
    assert not rels & {"canonical", "alternate", "prev", "next"}
    assert page.one("meta", name="robots")["content"].startswith("noindex")
    assert page.one("meta", name="referrer")["content"] == "no-referrer"
    assert not page.all("span", **{"data-views": ...})
    assert "views.gif" not in text
    switch = page.one("a", class_="language")
    assert switch["href"] == ("" if prefix else "/en") + address


def test_what_is_edited_is_what_the_next_reader_sees():
    release = scheduled()
    address = link_to(release)
    assert "비밀본문" in said(reader().get(address))

    Release.objects.filter(pk=release.pk).update(body_ko="<p>고친 본문</p>")

    assert "고친 본문" in said(reader().get(address))
    assert "비밀본문" not in said(reader().get(address))


@IN_BOTH
def test_the_release_stands_there_as_plain_text_below_its_embargo(prefix):
    release = scheduled()
    address = prefix + link_to(release).rstrip("/") + ".txt"

    response = reader().get(address)

    first, _blank, headline = said(response).splitlines()[:3]
    assert first.startswith({"": "엠바고: ", "/en": "Embargo: "}[prefix])
    assert {"": SECRET, "/en": "Secret headline"}[prefix] in headline
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert heads(response) == PRIVATE


# What is beside the words


def test_pictures_files_and_contacts_come_by_the_link_and_are_there_for_nobody_else():
    release = scheduled()
    picture_of(release)
    file_of(release)
    address = link_to(release)
    token = address.split("/")[2]

    found = media_of(release, token)
    page = said(reader().get(address))

    for by_link, public in found.items():
        response = reader().get(by_link)
        assert (response.status_code, heads(response)) == (200, PRIVATE), by_link
        assert said(response), by_link
        assert reader().get(public).status_code == 404, public
        assert public not in page
    picture = release.pictures.get()
    assert f"/embargo/{token}/pictures/{picture.pk}/{picture.widths[0]}.webp" in page
    assert f"/embargo/{token}/pictures/{picture.pk}/original.jpg" in page
    assert f"/embargo/{token}/files/{release.files.get().pk}/" in page
    assert f"/embargo/{token}/contacts/0.vcf" in page


def test_a_file_by_another_name_is_not_there():
    release = scheduled()
    file = file_of(release)

    response = reader().get(f"{link_to(release)}files/{file.pk}/other.pdf")

    assert response.status_code == 404


def test_a_link_opens_nothing_of_another_release():
    release, other = scheduled(), scheduled(title_ko="다른 비밀")
    for each in (release, other):
        picture_of(each)
        file_of(each)
    token = link_to(release).split("/")[2]
    foreign = media_of(other, token)

    answers = {reader().get(address).status_code for address in foreign if ".vcf" not in address}

    assert answers == {404}
    assert "다른 비밀" not in said(reader().get(f"/embargo/{token}/"))


def test_pictures_and_files_are_gone_for_everyone_once_the_link_is_ended():
    release = scheduled()
    picture_of(release)
    file_of(release)
    token = link_to(release).split("/")[2]
    found = media_of(release, token)

    sharing.revoke(release.share_links.get())

    assert {reader().get(address).status_code for address in found} == {404}


# After posting


@IN_BOTH
@pytest.mark.parametrize("end", ["/", ".txt"])
def test_after_posting_it_leads_to_the_public_page_in_the_same_language(prefix, end):
    release = scheduled()
    address = prefix + link_to(release).rstrip("/") + end
    post_now(release)

    response = reader().get(address)

    public = release.get_absolute_url(language="en" if prefix else "ko")
    assert response.status_code == 302
    assert response["Location"] == (public if end == "/" else public.rstrip("/") + ".txt")
    assert heads(response) == PRIVATE
    assert not LinkOpening.objects.exists()


def test_after_posting_pictures_files_and_contacts_lead_to_their_public_addresses():
    release = scheduled()
    picture_of(release)
    file_of(release)
    token = link_to(release).split("/")[2]
    post_now(release)

    for by_link, public in media_of(release, token).items():
        assert reader().get(by_link)["Location"] == public


def test_who_opens_an_old_link_learns_that_the_release_was_withdrawn():
    release = scheduled()
    address = link_to(release)
    post_now(release)
    release.refresh_from_db()
    workflow.withdraw(release, reason_ko="숫자 오류")

    response = reader().get(address, follow=True)

    assert response.status_code == 410
    assert SECRET not in said(response)
    assert "숫자 오류" in said(response)


def test_a_release_that_is_put_off_stays_open_until_its_new_time():
    release = scheduled()
    address = link_to(release)
    workflow.schedule(release, timezone.now() + timedelta(days=9))

    token = address.split("/")[2]
    later = timezone.now() + timedelta(days=8)

    assert not sharing.find(token, at=later).is_posted
    assert sharing.find(token, at=later + timedelta(days=2)).is_posted


# Who counts as a reader


def test_each_opening_is_recorded_with_its_time_and_nothing_else():
    release = scheduled()
    address = link_to(release)
    before = timezone.now()

    reader().get(address)
    reader().get("/en" + address)

    times = [opening.at for opening in LinkOpening.objects.all()]
    assert len(times) == 2
    assert all(before <= at <= timezone.now() for at in times)
    assert {f.name for f in LinkOpening._meta.get_fields()} == {"id", "link", "at"}


def test_looking_at_the_head_or_the_plain_text_is_no_opening():
    address = link_to(scheduled())

    assert reader().head(address).status_code == 200
    assert reader().get(address.rstrip("/") + ".txt").status_code == 200

    assert not LinkOpening.objects.exists()


def test_what_a_browser_fetches_before_anybody_looks_is_refused_and_no_opening():
    address = link_to(scheduled())

    for header in ("Sec-Purpose", "Purpose"):
        response = reader().get(address, headers={header: "prefetch;prerender"})
        assert response.status_code == 503
        assert SECRET not in said(response)

    assert not LinkOpening.objects.exists()


def test_staff_who_try_a_link_are_no_readers():
    address = link_to(scheduled())

    response = signed_in(person("editor")).get(address, headers={"User-Agent": PERSON})

    assert SECRET in said(response)
    assert not LinkOpening.objects.exists()


@pytest.mark.parametrize("agent", [MESSENGER, "curl/8.0", "Slackbot-LinkExpanding 1.0", ""])
@pytest.mark.parametrize("end", ["", "text"])
def test_previews_of_messengers_see_a_bar_and_no_word_of_the_release(agent, end):
    release = scheduled()
    address = link_to(release)
    address = address.rstrip("/") + ".txt" if end else address

    response = reader(agent=agent).get(address)

    assert read(response).one("aside", class_="embargo-bar").words == "엠바고 중: 보도 금지"
    for secret in (SECRET, "비밀본문", release.mission.name_ko, "2014", release.slug):
        assert secret not in said(response)
    assert heads(response) == PRIVATE
    assert not LinkOpening.objects.exists()


def test_a_robot_learns_nothing_by_trying_tokens():
    right, wrong = link_to(scheduled()), f"/embargo/{'0' * 40}/"

    first, second = (reader(agent=MESSENGER).get(address) for address in (right, wrong))

    assert (first.status_code, said(first), dict(first.items())) == (
        second.status_code,
        said(second),
        dict(second.items()),
    )
