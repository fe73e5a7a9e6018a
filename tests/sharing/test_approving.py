"""Approval by link: somebody without an account reads one version, and answers."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from releases import sharing, versions, workflow
from releases.models import (
    Answer,
    Approval,
    LinkOpening,
    Picture,
    Release,
    ReleaseContact,
    ShareLink,
)
from tests.desk.roles import person, signed_in
from tests.factories import MissionFactory, tomorrow
from tests.reading import read
from tests.uploads import file_of, picture_of

from .links import MESSENGER, SECRET, draft, link_to, post_now, reader, scheduled, to_approve

pytestmark = pytest.mark.django_db

HERE = {"Sec-Fetch-Site": "same-origin"}
IN_BOTH = pytest.mark.parametrize("prefix", ["", "/en"], ids=["ko", "en"])
OTHERS = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "https://elsewhere.example"},
    {"Origin": "null"},
    {},
]


def send(address: str, answer: str, comment: str = "", headers=HERE, **more):
    sent = {"answer": answer, "comment": comment}
    return reader().post(address, sent, headers=headers, **more)


def edit(release: Release, **values) -> None:
    """An editor saves other words."""
    for name, value in values.items():
        setattr(release, name, value)
    release.save()
    versions.keep(release)


def given(release: Release) -> list[tuple]:
    """Each answer, first to last: whose, about which version, what."""
    answers = Approval.objects.filter(link__release=release).order_by("at", "pk")
    return [(a.link.label, a.link.version.number, a.answer, a.comment) for a in answers]


# Reading


@IN_BOTH
def test_a_partner_reads_the_version_that_they_were_asked_about_whatever_is_saved_since(prefix):
    release = scheduled()
    picture_of(release)
    file_of(release)
    address = prefix + to_approve(release)
    printed = release.contact_block[0].name
    edit(release, title_ko="새 제목", title_en="New", body_ko="<p>새 글</p>", body_en="<p>New</p>")
    ReleaseContact.objects.all().delete()
    release.pictures.all().delete()
    release.files.all().delete()

    response = reader().get(address)

    page = read(response)
    headline, text = {"": (SECRET, "비밀본문"), "/en": ("Secret headline", "Secret text")}[prefix]
    assert response.status_code == 200
    assert headline in page.one("h1").words
    assert text in page.one("article").words
    assert page.one("p", class_="p-name").words == printed
    bar = page.one("aside", class_="embargo-bar").one("strong").words
    assert bar.startswith({"": "엠바고: ", "/en": "Embargo: "}[prefix])
    assert "제1판" in page.one("p", class_="asked").words or prefix
    shown = [*(a["href"] for a in page.all("a", download=...)), page.one("img")["src"]]
    assert len(shown) == 3
    for part in shown:
        assert reader().get(part).status_code == 200, part


def test_the_page_is_kept_from_everybody_else():
    response = reader().get(to_approve(scheduled()))

    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Robots-Tag"].startswith("noindex")
    # With no referrer at all a form would not say where it comes from.
    assert response["Referrer-Policy"] == "same-origin"
    assert not response.cookies
    assert "csrfmiddlewaretoken" not in response.content.decode()


def test_a_picture_of_which_the_file_is_gone_is_left_out():
    release = scheduled()
    picture = picture_of(release)
    address = to_approve(release)
    default_storage.delete(Picture.objects.get().image.name)

    page = read(reader().get(address))

    assert not page.all("img")
    assert (
        reader().get(f"/embargo/{address.split('/')[2]}/pictures/{picture.pk}/1200.jpg").status_code
        == 404
    )


def test_a_contact_or_mission_that_is_gone_from_the_directory_does_not_matter():
    release = scheduled()
    row = release.contacts.get()
    address = to_approve(release)
    edit(release, mission=MissionFactory())
    contact = row.contact
    ReleaseContact.objects.all().delete()
    contact.delete()

    page = read(reader().get(address))

    assert page.one("p", class_="p-name").words == row.name


def test_reading_it_is_recorded_and_a_preview_of_a_messenger_sees_nothing():
    address = to_approve(scheduled())

    seen = reader(agent=MESSENGER).get(address).content.decode()
    reader().get(address)

    assert SECRET not in seen
    assert LinkOpening.objects.count() == 1


def test_a_release_that_was_never_saved_at_the_desk_is_approved_as_its_first_version():
    release = scheduled()
    assert not release.versions.exists()

    to_approve(release)

    assert ShareLink.objects.get().version == release.versions.get()


# Answering


@IN_BOTH
def test_an_answer_is_recorded_against_the_version_that_was_read(prefix):
    release = scheduled()
    address = prefix + to_approve(release)
    edit(release, body_ko="<p>나중 글</p>")
    before = timezone.now()

    response = send(address, "approved", "잘 읽었습니다.", follow=True)

    assert given(release) == [("협력 기관", 1, "approved", "잘 읽었습니다.")]
    assert before <= Approval.objects.get().at <= timezone.now()
    told = read(response).one("div", class_="answered").words
    assert {"": "보내신 답변: 승인합니다", "/en": "You answered: Approve"}[prefix] in told
    assert "잘 읽었습니다." in told
    assert not response.cookies
    assert release.state == "scheduled"


def test_a_partner_may_think_better_of_it_and_the_last_answer_counts():
    release = scheduled()
    address = to_approve(release)

    send(address, "changes_needed", "숫자가 다릅니다.")
    send(address, "approved")

    assert given(release) == [
        ("협력 기관", 1, "changes_needed", "숫자가 다릅니다."),
        ("협력 기관", 1, "approved", ""),
    ]
    assert sharing.approvals_of(release)[0].is_approved


def test_a_second_click_is_no_second_answer():
    release = scheduled()
    address = to_approve(release)

    send(address, "approved", "좋습니다.")
    send(address, "approved", "좋습니다.\r\n")

    assert len(given(release)) == 1
    assert release.steps.filter(verb="approve").count() == 1


@pytest.mark.parametrize("headers", OTHERS)
def test_what_another_site_sends_is_no_answer_and_its_words_are_shown_again(headers):
    release = scheduled()
    address = to_approve(release)

    response = send(address, "approved", "쓴 글", headers=headers)

    assert response.status_code == 403
    assert given(release) == []
    assert read(response).one("textarea")["name"] == "comment"
    assert "쓴 글" in read(response).one("textarea").words


def test_an_older_browser_says_by_its_origin_that_the_form_came_from_here():
    release = scheduled()
    address = to_approve(release)

    send(address, "approved", headers={"Origin": "http://testserver"})

    assert len(given(release)) == 1


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        (
            {"answer": "approved", "comment": "가" * 5001},
            "의견이 5001자입니다. 5000자까지 보낼 수 있습니다.",
        ),
        ({"answer": "changes_needed", "comment": "  "}, "무엇을 고쳐야 하는지 적어 주세요."),
        ({"comment": "답을 고르지 않았다"}, "답을 골라 주세요."),
        ({"answer": "perhaps", "comment": "없는 답"}, "올바르게 선택해 주세요"),
    ],
)
def test_what_cannot_be_taken_is_said_and_every_word_kept(sent, message):
    release = scheduled()
    address = to_approve(release)

    response = reader().post(address, sent, headers=HERE)

    page = read(response)
    assert response.status_code == 400
    assert message in page.one("div", role="alert").words
    assert page.one("form").entries["comment"] == sent["comment"]
    chosen = [i["value"] for i in page.all("input", type="radio") if "checked" in i.attributes]
    assert chosen == [sent[name] for name in sent if sent[name] in Answer.values]
    assert given(release) == []


def test_a_comment_as_long_as_allowed_is_taken_line_ends_included():
    release = scheduled()
    comment = "가" * 2499 + "\r\n" + "나" * 2500

    send(to_approve(release), "approved", comment)

    assert len(given(release)[0][3]) == 5000


def test_a_comment_shows_as_text_whatever_it_holds():
    release = scheduled()
    address = to_approve(release)

    send(address, "approved", "<script>alert(1)</script>\x00\x08", headers=HERE)
    send(address, "approved", "<script>alert(1)</script>", headers=HERE)

    page = reader().get(address).content.decode()
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert(1)" not in page


def test_one_link_takes_so_many_answers_and_no_more(monkeypatch):
    monkeypatch.setattr(sharing, "ANSWERS", 2)
    release = scheduled()
    address = to_approve(release)
    for comment in ("하나", "둘"):
        send(address, "approved", comment)

    response = send(address, "approved", "셋")

    assert "더 답할 수 없습니다" in read(response).one("div", role="alert").words
    assert len(given(release)) == 2


def test_after_posting_the_link_leads_to_the_public_page_and_takes_no_answer():
    release = scheduled()
    address = to_approve(release)
    post_now(release)

    asked, sent = reader().get(address), send(address, "approved")

    assert asked["Location"] == sent["Location"] == release.get_absolute_url()
    assert (asked.status_code, sent.status_code) == (302, 302)
    assert given(release) == []


def test_what_is_only_for_reading_takes_no_answer():
    release = scheduled()
    token = link_to(release).split("/")[2]

    assert send(f"/approval/{token}/", "approved").status_code == 404
    with pytest.raises(sharing.NoLink):
        sharing.answer(token, Answer.APPROVED)


# At the desk


def test_a_later_edit_is_shown_as_not_yet_approved():
    release = scheduled()
    send(to_approve(release), "approved")
    assert sharing.approvals_of(release)[0].is_approved

    edit(release, body_ko="<p>나중 글</p>")

    standing = sharing.approvals_of(release)[0]
    assert not standing.is_approved
    assert standing.changed == ["한국어 본문"]


@pytest.mark.parametrize("change", [{"slug": "elsewhere"}, {"publish_at": tomorrow()}])
def test_what_a_partner_never_read_may_change_without_them(change):
    release = draft()
    send(to_approve(release), "approved")

    edit(release, **change)
    workflow.schedule(release, timezone.now() + timedelta(days=3))

    assert sharing.approvals_of(release)[0].is_approved


@pytest.mark.parametrize("block", ["contacts", "pictures", "files"])
def test_another_contact_picture_or_file_is_a_change(block):
    release = scheduled()
    picture_of(release)
    file_of(release)
    send(to_approve(release), "approved")

    getattr(release, block).all().delete()

    assert not sharing.approvals_of(release)[0].is_approved


def test_words_that_come_back_are_approved_again():
    release = scheduled()
    send(to_approve(release), "approved")
    edit(release, body_ko="<p>나중 글</p>")

    edit(release, body_ko="<p>비밀본문</p>")

    assert sharing.approvals_of(release)[0].is_approved


def test_the_log_says_who_answered_and_about_which_version():
    release = scheduled()
    address = to_approve(release)
    edit(release, body_ko="<p>나중 글</p>")

    send(address, "changes_needed", "숫자가 다릅니다.")
    page = read(signed_in(person("editor")).get(f"/admin/releases/release/{release.pk}/change/"))

    entry = page.one("section", id="release-log").one("li", **{"data-verb": "ask_for_changes"})
    assert "협력 기관: 링크로 수정을 요청했습니다" in entry.words
    assert entry.one("small").words == "제1판"
    assert entry.one("blockquote").words == "숫자가 다릅니다."


@pytest.mark.parametrize("place", ["change/", "sharing/", "step/publish_now/", "step/schedule/"])
def test_the_desk_says_what_partners_answered_wherever_an_editor_decides(place):
    release = draft(publish_at=tomorrow())
    approved, refused, silent = (to_approve(release, label) for label in ("가", "나", "다"))
    send(approved, "approved", "좋습니다.")
    send(refused, "changes_needed", "숫자가 다릅니다.")
    editor = signed_in(person("editor"))
    address = f"/admin/releases/release/{release.pk}/{place}"

    def told() -> dict[str, str]:
        items = read(editor.get(address)).one("section", class_="approvals").all("li")
        return {item["data-approval"]: item.words for item in items}

    before = told()
    edit(release, body_ko="<p>나중 글</p>")
    after = told()

    assert set(before) == {"approved", "refused", "open"}
    assert before["approved"].startswith("가: 제1판 승인")
    assert "좋습니다." in before["approved"]
    assert "숫자가 다릅니다." in before["refused"]
    assert set(after) == {"changed", "refused", "open"}
    assert "지금 글은 아직 승인되지 않았습니다. 승인 뒤에 바뀌었습니다." in after["changed"]
    assert silent


def test_an_old_approval_is_history_once_the_same_partner_has_approved_a_newer_version():
    release = scheduled()
    send(to_approve(release, "가"), "approved", "첫 답")
    send(to_approve(release, "나"), "approved")
    edit(release, body_ko="<p>나중 글</p>")
    send(to_approve(release, "가"), "approved", "둘째 답")

    page = read(signed_in(person("editor")).get(f"/admin/releases/release/{release.pk}/sharing/"))

    items = page.one("section", class_="approvals").all("li", **{"data-approval": ...})
    states = {item.words[0]: item["data-approval"] for item in items}
    assert states == {"가": "approved", "나": "changed"}
    mine = next(item for item in items if item.words.startswith("가"))
    before = mine.one("details").words
    assert "첫 답" in before
    assert "둘째 답" not in before
    assert "아직 승인되지 않았습니다" not in mine.words


def test_what_was_asked_since_of_a_newer_version_stands_before_an_old_answer():
    release = scheduled()
    send(to_approve(release), "changes_needed", "숫자가 다릅니다.")
    to_approve(release)
    of_the_same = sharing.approvals_of(release)
    edit(release, body_ko="<p>고친 글</p>")
    to_approve(release)

    of_a_newer = sharing.approvals_of(release)

    assert [(s.link.version.number, bool(s.last)) for s in of_the_same] == [(1, True)]
    assert [(s.link.version.number, bool(s.last)) for s in of_a_newer] == [(2, False)]
    assert [bool(s.last) for s in of_a_newer[0].earlier] == [False, True]


@pytest.mark.parametrize("place", ["sharing/", "step/publish_now/"])
def test_who_answered_about_an_old_version_is_asked_again_with_one_press(place):
    release = scheduled()
    first = to_approve(release)
    send(first, "approved")
    edit(release, title_ko="새 제목")
    editor = signed_in(person("editor"))
    forms = read(editor.get(f"/admin/releases/release/{release.pk}/{place}"))
    action = forms.one("section", class_="approvals").one("form")["action"]

    made = editor.post(action)

    second = f"/approval/{read(made).one('input', id='made-address')['value'].split('/')[-2]}/"
    assert reader().get(first).status_code == 404
    assert "새 제목" in read(reader().get(second)).one("h1").words
    newest = ShareLink.objects.first()
    assert (newest.label, newest.version.number, newest.expires_at) == ("협력 기관", 2, None)
    assert "아직 답이 없습니다(제2판)" in read(made).one("section", class_="approvals").words
    there = f"/admin/releases/release/{release.pk}/sharing/"
    assert there in [form["action"] for form in read(made).all("form")]


def test_the_form_of_a_release_leads_to_where_one_asks_again():
    release = scheduled()
    send(to_approve(release), "approved")
    edit(release, title_ko="새 제목")

    page = read(signed_in(person("editor")).get(f"/admin/releases/release/{release.pk}/change/"))

    links = [a["href"] for a in page.one("section", class_="approvals").all("a")]
    assert f"/admin/releases/release/{release.pk}/sharing/" in links
    assert not page.one("section", class_="approvals").all("form")


def test_nobody_is_asked_again_about_what_they_have_read_or_never_answered():
    release = scheduled()
    send(to_approve(release, "가"), "approved")
    to_approve(release, "나")
    editor = signed_in(person("editor"))
    address = f"/admin/releases/release/{release.pk}/sharing/"

    for link in ShareLink.objects.all():
        assert editor.get(f"{address}{link.pk}/again/").status_code == 404
        editor.post(f"{address}{link.pk}/again/")

    assert not read(editor.get(address)).one("section", class_="approvals").all("form")
    assert ShareLink.objects.filter(revoked_at=None).count() == 2


def test_a_link_that_opened_for_days_is_replaced_by_one_that_does():
    release = draft()
    send(to_approve(release), "approved")
    link = ShareLink.objects.get()
    edit(release, title_ko="새 제목")

    again, _token = sharing.ask_again(link)
    ShareLink.objects.filter(pk=again.pk).update(expires_at=timezone.now())
    Approval.objects.create(link=again, answer="approved", at=timezone.now())
    edit(release, title_ko="더 새 제목")
    last, _token = sharing.ask_again(again)

    assert again.expires_at == link.expires_at
    assert timedelta(days=6) < last.expires_at - timezone.now() <= timedelta(days=7)


@IN_BOTH
def test_whoever_reads_an_old_version_is_told_that_there_is_a_newer_one(prefix):
    release = scheduled()
    address = prefix + to_approve(release)
    before = read(reader().get(address)).all("p", class_="outdated")
    edit(release, title_ko="새 제목", title_en="New headline")

    response = reader().get(address)

    told = read(response).one("p", class_="outdated").words
    assert {"": "새 판", "/en": "newer version"}[prefix] in told
    assert not before
    assert "새 제목" not in response.text
    assert "New headline" not in response.text


def test_an_answer_does_not_stand_in_the_way_of_who_is_writing():
    release = draft()
    versions.keep(release)
    address = to_approve(release)
    editor = signed_in(person("editor"))
    form = (
        read(editor.get(f"/admin/releases/release/{release.pk}/change/"))
        .one("form", id="release_form")
        .entries
    )

    send(address, "approved")
    form["title_ko"] = "고친 제목"
    response = editor.post(
        f"/admin/releases/release/{release.pk}/change/", form | {"_save": "저장"}
    )

    release.refresh_from_db()
    assert response.status_code == 302
    assert release.title_ko == "고친 제목"
