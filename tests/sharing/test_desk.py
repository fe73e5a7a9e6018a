"""Links at the desk: made, told once, watched and ended."""

from datetime import timedelta

import pytest
from django.utils import timezone

from releases import sharing
from releases.models import LinkOpening, Purpose, ShareLink
from tests.desk.roles import ROLES, person, signed_in
from tests.factories import SCHEDULED, ReleaseContactFactory, ReleaseFactory
from tests.reading import queries_of, read
from tests.uploads import file_of, picture_of

from .links import draft, link_to, post_now, reader, scheduled, to_approve

pytestmark = pytest.mark.django_db

RELEASES = "/admin/releases/release/"
READING = {"label": "한국일보 김기자", "purpose": "reading", "until": "posted"}


@pytest.fixture
def editor():
    return signed_in(person("editor", last_name="이바다"))


def place(release) -> str:
    return f"{RELEASES}{release.pk}/sharing/"


def choices(page) -> list[str]:
    return [option["value"] for option in page.one("select", name="until").all("option")]


def test_the_form_leads_to_the_links_of_its_release(editor):
    release = scheduled()

    page = read(editor.get(f"{RELEASES}{release.pk}/change/"))

    assert page.one("a", class_="sharelink")["href"] == place(release)
    assert editor.get(place(release)).status_code == 200


@pytest.mark.parametrize("desk", ["/admin/", "/en/admin/"])
def test_the_address_of_a_new_link_is_told_once(editor, desk):
    release = scheduled()
    there = place(release).replace("/admin/", desk)

    made = editor.post(there, READING)
    again = editor.get(there)

    address = read(made).one("input", id="made-address")
    token = address["value"].split("/")[-2]
    assert "readonly" in address.attributes
    assert reader().get(f"/embargo/{token}/").status_code == 200
    assert token not in again.content.decode()
    assert "no-store" in made["Cache-Control"]
    row = read(again).one("tr", **{"data-link": ...})
    assert "한국일보 김기자" in row.words


def test_a_mail_is_ready_in_both_languages(editor):
    release = scheduled()
    ReleaseContactFactory(
        release=release,
        position=1,
        name="Gil-dong Hong",
        phone="02-555-0101",
        email="h@example.org",
    )

    page = read(editor.post(place(release), READING))

    address = page.one("input", id="made-address")["value"]
    mail = "".join(page.one("textarea", id="made-mail").children)
    korean, english = mail.split("----")
    for part, words in (
        (korean, ["비밀제목", "엠바고: ", "까지 보도 금지", "한국일보 김기자 전용", "문의:"]),
        (english, ["Secret headline", "Embargo: not to be published before", "Whom to call:"]),
    ):
        for word in [*words, "Gil-dong Hong", "02-555-0101", "h@example.org"]:
            assert word in part
    assert address in korean
    assert address.replace("/embargo/", "/en/embargo/") in english


def test_a_mail_about_an_approval_asks_for_an_answer(editor):
    page = read(editor.post(place(scheduled()), READING | {"purpose": "approval"}))

    mail = page.one("textarea", id="made-mail").words
    assert "제1판을 읽고 그대로 게시해도 되는지" in mail
    assert "Please read version 1 and say" in mail
    assert "/approval/" in mail
    assert "/en/approval/" in mail


@pytest.mark.parametrize(
    ("made", "korean", "english"),
    [
        ([picture_of, file_of], "사진과 첨부 파일까지 볼 수 있는", "with pictures and files:"),
        ([picture_of], " 사진까지 볼 수 있는", "To read it, with pictures:"),
        ([file_of], " 첨부 파일까지 볼 수 있는", "To read it, with files:"),
        ([], " 볼 수 있는 주소:", "To read it:"),
    ],
    ids=["both", "pictures", "files", "neither"],
)
def test_a_mail_promises_only_what_there_is(editor, made, korean, english):
    release = scheduled()
    for add in made:
        add(release)

    mail = read(editor.post(place(release), READING)).one("textarea", id="made-mail").words

    assert korean in mail
    assert english in mail


@pytest.mark.parametrize("until", ["posted", "3"])
def test_a_mail_says_until_when_the_link_opens(editor, until):
    release = scheduled()

    page = read(editor.post(place(release), READING | {"until": until}))

    mail = page.one("textarea", id="made-mail").words
    ends_at = timezone.localtime(ShareLink.objects.get().ends_at(release))
    assert mail.count(f"{ends_at:%Y-%m-%d %H:%M}") == 2
    assert ("게시될 때까지 열립니다" in mail) == (until == "posted")


def test_the_address_of_each_language_is_there_to_be_copied(editor):
    page = read(editor.post(place(scheduled()), READING))

    korean, english = (
        page.one("input", id=name)["value"] for name in ("made-address", "made-address-en")
    )
    assert english == korean.replace("/embargo/", "/en/embargo/")
    assert {b["data-copies"] for b in page.all("button", **{"data-copies": ...})} == {
        "made-address",
        "made-address-en",
        "made-mail",
    }


def test_the_newsroom_is_whom_to_call_where_a_release_names_nobody(editor, settings):
    settings.NEWSROOM_EMAIL = "press@example.org"
    release = ReleaseFactory(**SCHEDULED)

    page = read(editor.post(place(release), READING))

    assert "press@example.org" in page.one("textarea", id="made-mail").words


def test_a_link_opens_until_posting_unless_another_end_is_chosen(editor):
    release = scheduled()
    offered = read(editor.get(place(release)))

    editor.post(place(release), READING)
    editor.post(place(release), READING | {"until": "3"})

    three_days, usual = ShareLink.objects.all()
    assert choices(offered)[0] == "posted"
    assert usual.expires_at is None
    left = three_days.expires_at - timezone.now()
    assert timedelta(days=2, hours=23) < left <= timedelta(days=3)


def test_a_draft_without_a_time_offers_days_alone(editor):
    release = draft()
    page = read(editor.get(place(release)))

    refused = editor.post(place(release), READING)
    editor.post(place(release), READING | {"until": "7"})

    assert "posted" not in choices(page)
    assert read(refused).all("ul", class_="errorlist")
    assert ShareLink.objects.count() == 1


def test_a_link_without_a_name_is_refused_and_the_choices_stay(editor):
    page = read(editor.post(place(scheduled()), READING | {"label": " ", "until": "14"}))

    assert page.all("ul", class_="errorlist")
    chosen = [o["value"] for o in page.all("option") if "selected" in o.attributes]
    assert chosen == ["14"]
    assert not ShareLink.objects.exists()


def test_what_is_public_takes_no_new_link_and_its_old_ones_can_be_ended(editor):
    release = scheduled()
    address = link_to(release)
    post_now(release)
    link = ShareLink.objects.get()

    page = read(editor.get(place(release)))
    editor.post(f"{place(release)}{link.pk}/end/")

    assert not page.all("input", name="label")
    assert "공개되지 않은 것만" in page.one("main").words
    assert reader().get(address).status_code == 404


def test_who_opened_a_link_when_and_how_often_stands_beside_it(editor):
    release = scheduled()
    address = link_to(release)
    for _ in range(3):
        reader().get(address)
    first = LinkOpening.objects.last()
    LinkOpening.objects.filter(pk=first.pk).update(at=timezone.now() - timedelta(days=2))

    row = read(editor.get(place(release))).one("tr", **{"data-link": ...})

    times = [time["datetime"][:16] for time in row.all("time")]
    assert "3번, 마지막" in row.one("summary").words
    assert len(times) == 3
    assert times == sorted(times, reverse=True)


def test_of_many_openings_the_latest_are_listed(editor):
    link, _token = sharing.make(scheduled(), "한국일보")
    LinkOpening.objects.bulk_create(LinkOpening(link=link, at=timezone.now()) for _ in range(25))

    row = read(editor.get(place(link.release))).one("tr", **{"data-link": ...})

    assert "25번" in row.one("summary").words
    assert len(row.all("time")) == 20


def test_a_link_is_ended_with_one_press(editor):
    release = scheduled()
    first, second = link_to(release, "한 곳"), link_to(release, "다른 곳")
    row = read(editor.get(place(release))).all("tr", **{"data-link": ...})[1]

    response = editor.post(row.one("form")["action"], follow=True)

    page = read(response)
    assert "“한 곳” 링크를 막았습니다" in page.one("ul", class_="messagelist").words
    assert reader().get(first).status_code == 404
    assert reader().get(second).status_code == 200
    ended = page.all("tr", **{"data-link": ...})[1]
    assert "막음, 이바다" in ended.words
    assert not ended.all("form")


def test_looking_at_the_address_that_ends_a_link_ends_nothing(editor):
    release = scheduled()
    address = link_to(release)

    response = editor.get(f"{place(release)}{ShareLink.objects.get().pk}/end/")

    assert response.status_code == 404
    assert reader().get(address).status_code == 200


def test_a_link_of_another_release_is_not_ended_from_here(editor):
    release, other = scheduled(), scheduled()
    address = link_to(other)

    response = editor.post(f"{place(release)}{ShareLink.objects.get().pk}/end/")

    assert response.status_code == 404
    assert reader().get(address).status_code == 200


@pytest.mark.parametrize("end", ["expires_at", "revoked_at"])
def test_a_scheduled_release_is_called_under_embargo_while_a_link_is_out(editor, end):
    release = scheduled()

    def words() -> set[str]:
        pages = (
            read(editor.get(address)) for address in (RELEASES, f"{RELEASES}{release.pk}/change/")
        )
        return {page.one("span", class_="state").words for page in pages}

    before = words()
    link_to(release)
    shared = words()
    ShareLink.objects.update(**{end: timezone.now()})

    assert before == words() == {"예약"}
    assert shared == {"예약 · 엠바고 중"}


def test_the_list_costs_one_query_more_for_its_links_however_many(editor):
    for _ in range(3):
        link_to(scheduled())
    few = len(queries_of(editor, RELEASES))
    for _ in range(3):
        link_to(scheduled())

    assert len(queries_of(editor, RELEASES)) == few


def test_the_page_of_links_costs_the_same_however_many(editor):
    release = scheduled()

    def cost() -> int:
        return len(queries_of(editor, place(release)))

    for number in range(2):
        reader().get(link_to(release, f"곳 {number}"))
    cost()
    few = cost()
    for number in range(5):
        reader().get(link_to(release, f"또 다른 곳 {number}"))

    assert cost() == few


# Who may


@pytest.mark.parametrize("who", ["stranger", "staff", *ROLES, "superuser"])
@pytest.mark.parametrize("state", ["draft", "scheduled", "public"])
def test_links_are_for_those_who_may_publish(who, state):
    user = person(who)
    author = user if who == "author" else person("author")
    release = draft(author=author) if state == "draft" else scheduled(author=author)
    asked = READING | {"until": "7"}
    link, _token = sharing.make(release, "다른 곳", expires_at=timezone.now() + timedelta(days=1))
    if state == "public":
        post_now(release)
    client = signed_in(user)
    may = who in ("editor", "superuser")

    form = client.get(f"{RELEASES}{release.pk}/change/")
    page = client.get(place(release))
    client.post(place(release), asked)
    client.post(f"{place(release)}{link.pk}/end/")

    link.refresh_from_db()
    made = ShareLink.objects.exclude(pk=link.pk).count()
    assert made == (may and state != "public")
    assert bool(link.revoked_at) == may
    assert (page.status_code == 200) == may
    assert (b"sharelink" in form.content) == may


@pytest.mark.parametrize("who", ["other author", "contact keeper", "staff"])
def test_a_release_that_one_may_not_see_answers_like_none(who):
    release = draft()
    link_to(release)
    client = signed_in(person(who))
    pk, link = release.pk, ShareLink.objects.get().pk

    for ask in (client.get, client.post):
        for end in ("", f"{link}/end/"):
            hidden = ask(f"{RELEASES}{pk}/sharing/{end}")
            absent = ask(f"{RELEASES}{pk + 1000}/sharing/{end}")
            assert hidden.status_code == absent.status_code in (403, 404)
            said = hidden.content.decode().replace(f"/{pk}/sharing", f"/{pk + 1000}/sharing")
            assert said == absent.content.decode()


def test_an_author_reads_what_partners_answered_about_their_draft():
    author = person("author")
    release = draft(author=author)
    token = to_approve(release).split("/")[2]
    sharing.answer(token, "changes_needed", "숫자가 다릅니다.")

    page = read(signed_in(author).get(f"{RELEASES}{release.pk}/change/"))

    assert "숫자가 다릅니다." in page.one("section", class_="approvals").words


def test_others_to_whom_it_is_public_read_nothing_of_what_partners_said():
    release = scheduled()
    token = to_approve(release).split("/")[2]
    sharing.answer(token, "approved", "안에서만 읽는 말")
    post_now(release)

    for who in ("other author", "contact keeper"):
        page = signed_in(person(who)).get(f"{RELEASES}{release.pk}/change/")
        assert page.status_code == 200
        assert "안에서만 읽는 말" not in page.content.decode()


def test_purposes_are_offered_in_words(editor):
    page = read(editor.get(place(scheduled())))

    assert [i["value"] for i in page.all("input", name="purpose")] == list(Purpose.values)
