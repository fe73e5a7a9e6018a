"""Two people on the pictures and files of one release: nobody's rows are lost or reverted."""

import pytest
from django.db import transaction

from releases import versions
from releases.models import Picture, Release, Upload

from ..factories import DRAFT, NINE, ReleaseContactFactory, ReleaseFactory
from ..reading import read
from ..uploads import file_of, image, picture_of
from ..uploads import sent as file
from .keeping import AUTHOR, at_desk, change, opened, person
from .keeping import saved as saved_form
from .test_conflicts import choose, chosen, page_of, parts_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def kim(django_user_model):
    return at_desk(person(django_user_model, "kim", last_name="김", first_name="민지"))


@pytest.fixture
def lee(django_user_model):
    return at_desk(person(django_user_model, "lee", last_name="이", first_name="서준"))


@pytest.fixture
def release():
    release = ReleaseFactory(title_ko="담요 도착", **DRAFT)
    picture_of(release, alt_ko="담요", caption_ko="담요 상자", position=0)
    picture_of(release, alt_ko="트럭", position=1)
    file_of(release, position=0)
    versions.keep(release)
    return release


def sent(client, release, form, **entries):
    """Write `entries` over `form` and press the button; rows beyond the form's are added."""
    form = {n: v for n, v in form.items() if n and not n.endswith("-upload")}
    form |= {name.replace("__", "-"): value for name, value in entries.items()}
    for prefix in ("pictures", "files", "contacts"):
        rows = [
            int(n.split("-")[1])
            for n in form
            if n.split("-")[0] == prefix and n[-1] != "S" and n.split("-")[1].isdigit()
        ]
        form[f"{prefix}-TOTAL_FORMS"] = max(rows, default=-1) + 1
    return client.post(change(release), form)


def saved(client, release, **entries):
    response = sent(client, release, opened(client, change(release)), **entries)
    assert response.status_code == 302
    return response


def said(release, column):
    return [getattr(row, column) for row in release.pictures.all()]


NEW = {"pictures__2__alt_ko": "천막", "pictures__2__place": "3"}


def test_words_that_only_one_of_them_changed_stay(kim, lee, release):
    form = opened(lee, change(release))
    saved(kim, release, pictures__0__caption_ko="김의 설명", pictures__0__credit="© 김")

    page = page_of(sent(lee, release, form, title_ko="이의 제목"))
    assert chosen(page, "pictures") == ["theirs"]
    assert choose(lee, release, page).status_code == 302

    assert said(release, "caption_ko") == ["김의 설명", ""]
    assert Release.objects.get().title_ko == "이의 제목"


def test_mine_over_theirs_reverts_no_row_that_i_did_not_touch(kim, lee, release):
    form = opened(lee, change(release))
    saved(kim, release, pictures__0__caption_ko="김의 설명")

    page = page_of(sent(lee, release, form, pictures__1__caption_ko="이의 설명"))
    assert chosen(page, "pictures") == []
    assert choose(lee, release, page, choose__pictures="mine").status_code == 302

    assert said(release, "caption_ko") == ["김의 설명", "이의 설명"]


@pytest.mark.parametrize(("choice", "stands"), [("theirs", "김의 설명"), ("mine", "이의 설명")])
def test_one_row_that_both_changed_is_chosen(kim, lee, release, choice, stands):
    form = opened(lee, change(release))
    saved(kim, release, pictures__0__caption_ko="김의 설명")

    page = page_of(sent(lee, release, form, pictures__0__caption_ko="이의 설명"))
    words = parts_of(page)["pictures"].words
    choose(lee, release, page, choose__pictures=choice)

    assert "1800 × 1200" in words
    assert said(release, "caption_ko") == [stands, ""]


def test_a_picture_that_the_other_one_removed_stops_nobody(kim, lee, release):
    form = opened(lee, change(release))
    saved(kim, release, pictures__0__DELETE="on")

    page = page_of(
        sent(lee, release, form, title_ko="이의 제목", pictures__0__caption_ko="이의 설명")
    )
    assert "이의 설명" in page.words
    assert "the history can bring it back" in page.words
    response = choose(lee, release, page, choose__pictures="mine")

    assert response.status_code == 302
    assert said(release, "alt_ko") == ["트럭"]
    assert "the history can bring it back" in read(lee.get(change(release))).words
    assert saved(lee, release, title_ko="둘째 제목").status_code == 302


def test_pictures_of_both_stand_and_the_next_save_works(kim, lee, release):
    form = opened(lee, change(release))
    saved(kim, release, pictures__2__upload=file("k.jpg", image()), **NEW)

    new = NEW | {"pictures__2__alt_ko": "이의 사진"}
    page = page_of(sent(lee, release, form, pictures__2__upload=file("l.jpg", image()), **new))
    assert "l.jpg" in parts_of(page)["pictures"].words
    assert "again" not in page.one("div", class_="notice").words
    response = choose(lee, release, page, choose__pictures="both")

    assert response.status_code == 302
    assert said(release, "alt_ko") == ["담요", "트럭", "천막", "이의 사진"]
    assert said(release, "position") == [0, 1, 2, 3]
    assert not Upload.objects.exists()
    saved(lee, release, title_ko="둘째 제목")


def test_mine_keeps_new_pictures_of_both(kim, lee, release):
    form = opened(lee, change(release))
    saved(kim, release, pictures__2__upload=file("k.jpg", image()), **NEW)

    new = NEW | {"pictures__2__alt_ko": "이의 사진", "pictures__1__DELETE": "on"}
    page = page_of(sent(lee, release, form, pictures__2__upload=file("l.jpg", image()), **new))
    choose(lee, release, page, choose__pictures="mine")

    assert said(release, "alt_ko") == ["담요", "이의 사진", "천막"]


def test_files_are_kept_apart_in_the_same_way(kim, lee, release):
    form = opened(lee, change(release))
    saved(kim, release, files__0__title_ko="김의 제목")

    page = page_of(sent(lee, release, form, files__0__title_en="Lee's"))
    assert "보도 자료.pdf" in parts_of(page)["files"].words
    choose(lee, release, page, choose__files="mine")

    assert release.files.get().title_en == "Lee's"


def test_the_conflict_page_names_only_the_files_that_were_refused(kim, lee, release):
    form = opened(lee, change(release))
    saved(kim, release, title_ko="김의 제목")

    page = page_of(
        sent(
            lee,
            release,
            form,
            pictures__2__upload=file("good.jpg", image()),
            pictures__2__alt_ko="좋은 사진",
            pictures__3__upload=file("bad.jpg", b"no picture"),
        )
    )

    notice = page.one("div", class_="notice").words
    assert "“bad.jpg” was not taken:" in notice
    assert "good.jpg" not in notice
    choose(lee, release, page)
    assert said(release, "alt_ko") == ["담요", "트럭", "좋은 사진"]


def test_no_stored_file_can_be_named_from_a_browser(kim, lee, release):
    other = picture_of(ReleaseFactory(**DRAFT), alt_ko="남의 사진")
    form = opened(lee, change(release))
    saved(kim, release, pictures__0__caption_ko="김의 설명")
    page = page_of(sent(lee, release, form, pictures__0__caption_ko="이의 설명"))

    choose(
        lee,
        release,
        page,
        choose__pictures="mine",
        mine__pictures=page.one("input", name="mine-pictures")["value"].replace(
            f'"id": {release.pictures.first().pk}', f'"id": {other.pk}'
        ),
    )

    assert Picture.objects.get(pk=other.pk).release_id == other.release_id
    assert "남의 사진" not in said(release, "alt_ko")


@pytest.mark.parametrize("name", ["_base", "mine-pictures", "added-pictures", "added-contacts"])
def test_rows_that_were_tampered_with_break_nothing(kim, lee, release, name):
    form = opened(lee, change(release))
    saved(kim, release, pictures__0__caption_ko="김의 설명")
    new = NEW | {"pictures__0__caption_ko": "이의 설명"}
    page = page_of(sent(lee, release, form, pictures__2__upload=file("l.jpg", image()), **new))
    entries = page.one("form", id="conflict_form").entries
    row = '[{"id": 7, "kept": "x", "what": "", "alt_ko": "", "alt_en": "", "is_decorative": 5,'
    row += '"caption_ko": "", "caption_en": "", "credit": "", "crop_x": NaN, "crop_y": "x"}]'

    for value in ("", "{", "null", "[1]", '[{"id": 1}]', row, f'{{"pictures": {row}}}'):
        for choice in ("mine", "both"):
            answer = lee.post(
                change(release),
                entries | {name: value, "choose-pictures": choice, "choose-contacts": choice},
            )
            assert answer.status_code in (200, 302, 409)


def test_rows_that_the_form_does_not_know_are_numbered_last(kim, release):
    form = opened(kim, change(release))
    with transaction.atomic():
        picture_of(release, alt_ko="밖에서", position=2)
        versions.keep(release)
    known = opened(kim, change(release))["_made_from"]

    assert sent(kim, release, form | {"_made_from": known}, title_ko="하나").status_code == 302

    assert said(release, "position") == [0, 1, 2]
    assert said(release, "alt_ko")[-1] == "밖에서"
    assert saved(kim, release, title_ko="둘").status_code == 302


def test_whoever_is_late_again_keeps_words_and_pictures(kim, lee, release):
    form = opened(lee, change(release))
    saved(kim, release, pictures__0__caption_ko="김의 설명")
    new = NEW | {"pictures__2__alt_ko": "이의 사진", "pictures__1__caption_ko": "이의 설명"}
    page = page_of(sent(lee, release, form, pictures__2__upload=file("l.jpg", image()), **new))
    saved(kim, release, pictures__0__DELETE="on", pictures__1__credit="© 김")

    page = page_of(choose(lee, release, page, choose__pictures="mine"))
    assert "이의 설명" in page.words
    assert "l.jpg" in page.words
    assert choose(lee, release, page, choose__pictures="mine").status_code == 302

    assert said(release, "alt_ko") == ["트럭", "이의 사진"]
    assert said(release, "caption_ko") == ["이의 설명", ""]


# Contacts


def test_contacts_that_both_added_can_both_stand(kim, lee, release):
    ReleaseContactFactory(release=release, name="Press desk", position=0)
    versions.keep(release)
    form = opened(lee, change(release))
    saved_form(kim, release, contacts__1__name="Kim", contacts__1__phone="1")

    page = page_of(sent(lee, release, form, contacts__1__name="Lee", contacts__1__phone="2"))
    response = choose(lee, release, page, choose__contacts="both")

    assert response.status_code == 302
    assert [row.name for row in release.contacts.all()] == ["Press desk", "Kim", "Lee"]


def test_both_is_not_offered_where_nobody_added_a_row(kim, lee, release):
    ReleaseContactFactory(release=release, name="Press desk", position=0)
    versions.keep(release)
    form = opened(lee, change(release))
    saved(kim, release, contacts__0__name="Kim")

    page = page_of(sent(lee, release, form, contacts__0__name="Lee"))

    offered = [r["value"] for r in parts_of(page)["contacts"].all("input", type="radio")]
    assert offered == ["theirs", "mine"]


# Whoever comes too late


def test_who_may_not_read_the_log_is_not_told_who_saved(django_user_model, kim, release):
    author = person(django_user_model, "park", AUTHOR)
    Release.objects.update(author=author)
    form = opened(at_desk(author), change(release))
    saved(kim, release, title_ko="김의 제목")
    Release.objects.update(author=None, approved_at=NINE, publish_at=NINE)

    response = at_desk(author).post(change(release), form | {"title_ko": "늦은 제목"})

    assert response.status_code == 403
    words = read(response).words
    assert "늦은" in words
    assert "김민지" not in words
