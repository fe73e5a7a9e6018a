"""A public release is changed: silently, or with a correction that everybody can read."""

import json
import re
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from releases import correcting, versions, workflow
from releases.models import Correction, Release, Step
from tests.corrected import change as change_words
from tests.corrected import correct
from tests.desk.keeping import at_desk, change, form_of, history, opened, saved, sent
from tests.desk.people import AUTHOR, EDITOR, person
from tests.factories import (
    DRAFT,
    NINE,
    SCHEDULED,
    MissionFactory,
    PressContactFactory,
    ReleaseContactFactory,
    ReleaseFactory,
    tomorrow,
)
from tests.reading import queries_of, read
from tests.uploads import file_of, image, picture_of

pytestmark = pytest.mark.django_db

NOTE_KO = "인원을 3천 명에서 3만 명으로 바로잡았습니다."
NOTE_EN = "The number of people was 30,000, not 3,000."
CORRECTION = {
    "correction_kind": "correction",
    "correction_note_ko": NOTE_KO,
    "correction_note_en": NOTE_EN,
}
NEW = {"body_en": "<p>Some 30,000 people were helped.</p>"}


@pytest.fixture
def release():
    return ReleaseFactory(
        title_ko="구호품 도착",
        title_en="Relief arrives",
        body_ko="<p>3천 명이 받았다.</p>",
        body_en="<p>Some 3,000 people were helped.</p>",
    )


def page_of(client, release, language="ko"):
    return read(client.get(release.get_absolute_url(language=language)))


def errors_of(response) -> str:
    return " ".join(found.words for found in read(response).all("ul", class_="errorlist"))


# At the desk


def test_a_correction_made_at_the_desk_shows_on_the_public_page(client, desk, release, editor):
    response = saved(desk, release, **NEW, **CORRECTION)

    assert response.status_code == 302
    box = page_of(client, release, "en").one("section", class_="corrections")
    assert box.one("h2").words == "Corrected"
    assert NOTE_EN in box.words
    assert page_of(client, release).one("section", class_="corrections").one("h2").words == "정정"
    link = box.one("a")["href"]
    assert link == f"/en/releases/{release.pk}/corrections/1/"
    difference = read(client.get(link))
    assert difference.all("ins")[-1].words == "[added: 30,000 ]"
    assert "people were helped" in difference.one("p", class_="marked").words
    correction = Correction.objects.get()
    assert (correction.by, correction.before.number, correction.after.number) == (editor, 1, 2)
    assert list(Step.objects.values_list("verb", "by")) == [("correct", editor.pk)]


def test_a_small_fix_changes_the_page_without_a_word(client, desk, release):
    Release.objects.update(edited_at=NINE)
    before = json_ld(client, release)["dateModified"]

    saved(desk, release, **NEW, correction_kind="fix")

    page = page_of(client, release, "en")
    assert "30,000" in page.one("div", class_="body").words
    assert not page.all("section", class_="corrections")
    assert not Correction.objects.exists()
    assert json_ld(client, release)["dateModified"] > before


def test_without_a_choice_nothing_is_saved_and_nothing_typed_is_lost(desk, release):
    response = saved(desk, release, **NEW, correction_kind="", correction_note_ko="쓰던 글")

    form = form_of(read(response)).entries
    assert response.status_code == 200
    assert "choose whether this is a small fix or a correction" in errors_of(response)
    assert (form["body_en"], form["correction_note_ko"]) == (NEW["body_en"], "쓰던 글")
    assert Release.objects.get().body_en == release.body_en


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"correction_kind": ""}, "id_correction_kind_0"),
        ({"correction_kind": "correction", "correction_note_ko": NOTE_KO}, "id_correction_note_en"),
        ({"correction_kind": "correction", "correction_note_en": NOTE_EN}, "id_correction_note_ko"),
    ],
)
def test_what_is_wrong_with_the_choice_is_said_at_the_top_and_leads_there(
    desk, release, sent, field
):
    page = read(saved(desk, release, **NEW, **sent))

    link = page.one("p", class_="correcting-error").one("a")
    assert link["href"] == f"#{field}"
    assert link.words in page.one(id="correcting").words
    (led_to,) = page.all(id=field)
    assert led_to.tag in ("input", "textarea")


def test_who_changes_nothing_that_a_reader_sees_is_not_asked(desk, release):
    ReleaseContactFactory(release=release, position=0, contact=PressContactFactory())
    picture_of(release, image((600, 400)), caption_ko="트럭", crop_x=0.25)
    file_of(release)

    unchanged = saved(desk, release, correction_kind="")
    moved = saved(desk, release, slug="another-address", correction_kind="")

    assert (unchanged.status_code, moved.status_code) == (302, 302)


@pytest.mark.parametrize(
    "changed",
    [
        {"title_ko": "구호품 늦게 도착"},
        {"release_date": "2014-09-10"},
        {"dateline_en": "Erbil"},
        {"contacts-0-name": "Somebody"},
    ],
)
def test_whatever_a_reader_sees_is_asked_about(desk, release, changed):
    response = sent(
        desk, change(release), opened(desk, change(release)) | changed, correction_kind=""
    )

    assert response.status_code == 200
    assert "choose whether" in errors_of(response)
    assert Release.objects.get().title_ko == release.title_ko


@pytest.mark.parametrize(
    ("values", "needed"),
    [
        ({}, {"Korean", "English"}),
        ({"title_en": "", "body_en": ""}, {"Korean"}),
        ({"title_ko": "", "body_ko": ""}, {"English"}),
    ],
)
def test_a_correction_is_told_in_each_language_in_which_the_release_is(
    desk, release, values, needed
):
    Release.objects.update(**values)

    response = saved(desk, release, dateline_ko="서울", correction_kind="correction")

    said = set(re.findall(r"The release is in (\w+): say", errors_of(response)))
    assert said == needed
    assert not Correction.objects.exists()


def test_a_note_without_a_correction_is_not_dropped_silently(desk, release):
    response = saved(desk, release, **NEW, correction_kind="fix", correction_note_en=NOTE_EN)

    assert "A note is shown with a correction only" in errors_of(response)
    assert form_of(read(response)).entries["correction_note_en"] == NOTE_EN


def test_there_is_no_correction_of_nothing(desk, release):
    response = saved(desk, release, **CORRECTION)

    assert "Nothing that the public reads has been changed" in errors_of(response)


@pytest.mark.parametrize("times", [DRAFT, SCHEDULED], ids=["draft", "scheduled"])
def test_what_is_not_public_is_changed_without_a_question(desk, times):
    release = ReleaseFactory(**times)

    form = opened(desk, change(release))
    response = sent(desk, change(release), form, **NEW, **CORRECTION)

    assert "correction_note_ko" not in form
    assert response.status_code == 302
    assert not Correction.objects.exists()


def test_two_people_who_save_keep_their_choice_through_the_conflict(desk, release):
    other = at_desk(person(EDITOR))
    form = opened(desk, change(release))
    saved(other, release, title_en="Relief has arrived", correction_kind="fix")

    conflict = sent(desk, change(release), form, **NEW, **CORRECTION)
    merged = sent(desk, change(release), form_of(read(conflict)).entries)

    assert (conflict.status_code, merged.status_code) == (409, 302)
    assert Release.objects.get().title_en == "Relief has arrived"
    correction = Correction.objects.get()
    assert (correction.note_ko, correction.before.number) == (NOTE_KO, 2)


def test_old_words_come_back_to_a_public_release_by_the_same_choice(client, desk, release):
    saved(desk, release, **NEW, correction_kind="fix")
    address = f"{history(release)}restore/"

    asked = desk.post(address, {"version": 1})
    form = form_of_asked(asked)
    refused = desk.post(address, form | {"correction_kind": "correction"})
    done = desk.post(address, form | CORRECTION)

    assert "What kind of change is this?" in read(asked).words
    assert "say in Korean what was corrected" in errors_of(refused)
    assert done.status_code == 302
    assert Release.objects.get().body_en == release.body_en
    assert NOTE_EN in page_of(client, release, "en").words


def form_of_asked(response) -> dict[str, str]:
    forms = read(response).all("form")
    return next(form.entries for form in forms if "asked" in form.entries)


def test_a_note_is_mended_in_place_and_the_log_keeps_what_it_said(client, desk, release, editor):
    correction = correct(release, "3만 명임니다.", "They are 30,000.")
    form_page = read(desk.get(change(release)))
    [link] = [a["href"] for a in form_page.all("a") if "/corrections/" in a["href"]]
    form = next(
        f.entries for f in read(desk.get(link)).all("form") if "correction_note_ko" in f.entries
    )

    refused = desk.post(link, form | {"correction_note_en": " "})
    done = desk.post(link, form | {"correction_note_ko": "3만 명입니다."})

    assert "say in English what was corrected" in errors_of(refused)
    assert done.status_code == 302
    correction.refresh_from_db()
    assert (correction.note_ko, correction.note_en) == ("3만 명입니다.", "They are 30,000.")
    assert "3만 명입니다." in page_of(client, release).one("section", class_="corrections").words
    step = Step.objects.get(verb="reword_correction")
    assert (step.by, step.text) == (editor, "3만 명임니다.\nThey are 30,000.")


@pytest.mark.parametrize("role", [AUTHOR, ""])
def test_only_an_editor_mends_a_note(role, release):
    user = person(role)
    correction = correct(release)

    response = at_desk(user).post(
        f"/admin/releases/release/{release.pk}/corrections/1/", {"correction_note_ko": "다른 말"}
    )

    assert response.status_code in (403, 404)
    with pytest.raises(PermissionDenied):
        correcting.reword(correction, user, "다른 말", "")
    correction.refresh_from_db()
    assert correction.note_ko == "숫자를 바로잡았습니다."


# Whose it is


def test_an_author_may_not_correct_what_is_public():
    author = person(AUTHOR)
    release = ReleaseFactory(author=author)
    change_words(release, body_en="<p>New.</p>")

    with pytest.raises(PermissionDenied):
        correcting.correct(release, by=author, note_ko=NOTE_KO)

    assert not Correction.objects.exists()


def test_only_what_the_public_read_before_can_be_corrected():
    draft = ReleaseFactory(**DRAFT)
    change_words(draft, body_en="<p>New.</p>")
    never_changed = ReleaseFactory()
    versions.keep(never_changed)
    changed_unseen = ReleaseFactory(**DRAFT)
    versions.keep(changed_unseen)
    Release.objects.filter(pk=changed_unseen.pk).update(
        title_ko="공개한 제목", approved_at=NINE, publish_at=NINE
    )
    versions.keep(changed_unseen)

    for release in (draft, never_changed, changed_unseen):
        with pytest.raises(ValidationError, match="정정할 수"):
            correcting.correct(release, note_ko=NOTE_KO)


def test_a_correction_that_says_nothing_is_none():
    release = ReleaseFactory()
    change_words(release, body_en="<p>New.</p>")

    with pytest.raises(ValidationError):
        correcting.correct(release, note_ko=" ")


# What everybody is told


def json_ld(client, release, language="en") -> dict:
    text = client.get(release.get_absolute_url(language=language)).text
    return json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', text)[1])


def test_corrections_are_listed_newest_first_each_with_its_time_in_seoul(client, release):
    first = correct(release, "첫째", "First")
    second = correct(release, "둘째", "Second", title_en="Relief has arrived")

    box = page_of(client, release, "en").one("section", class_="corrections")

    assert [item.one("p").words for item in box.all("li")] == ["Second", "First"]
    times = [item.one("time") for item in box.all("li")]
    assert [time["datetime"] for time in times] == [
        second.made_at.isoformat(),
        first.made_at.isoformat(),
    ]
    assert times[0].words.endswith(f"{second.made_at:%H:%M} Korean time")
    assert [a["href"][-3:] for a in box.all("a")] == ["/2/", "/1/"]


def test_a_note_in_one_language_says_so(client, release):
    correct(release, "숫자를 바로잡았습니다.")

    box = page_of(client, release, "en").one("section", class_="corrections")

    assert box.one("p").lang == "ko"


def test_a_note_is_words_wherever_it_is_read(client, release):
    note = "R&D <b>굵게</b>\n둘째 줄"
    correct(release, note)

    box = page_of(client, release).one("section", class_="corrections").one("p")
    page = difference_of(client, release, "ko")
    feed = client.get("/feed/json/").json()["items"][0]

    assert box.words == "R&D <b>굵게</b>둘째 줄"
    assert box.all("br")
    assert not box.all("b")
    assert page.one("p", class_="note").words == box.words
    assert page.one("meta", name="description")["content"] == note
    assert "R&amp;D &lt;b&gt;굵게" in feed["content_html"]


def test_search_engines_are_told_of_the_correction(client, release):
    correction = correct(release, NOTE_KO, NOTE_EN)

    article = json_ld(client, release)

    assert article["dateModified"] == correction.made_at.isoformat()
    assert article["correction"] == [
        {
            "@type": "CorrectionComment",
            "text": NOTE_EN,
            "inLanguage": "en",
            "datePublished": correction.made_at.isoformat(),
            "url": f"http://testserver/en/releases/{release.pk}/corrections/1/",
        }
    ]


@pytest.mark.parametrize("kind", ["", "atom/", "json/"])
def test_feeds_carry_the_note_and_the_entry_is_new_again(client, release, kind):
    feed = f"/en/feed/{kind}"
    before = client.get(feed)

    correction = correct(release, NOTE_KO, NOTE_EN)
    after = client.get(feed).text

    assert NOTE_EN not in before.text
    assert NOTE_EN in after
    if kind == "json/":
        [item] = json.loads(after)["items"]
        assert item["date_modified"] == correction.made_at.isoformat()
        assert NOTE_EN in item["content_text"]
    if kind == "atom/":
        assert f"<updated>{correction.made_at.isoformat()}</updated>" in after


def test_the_api_lists_corrections_in_both_languages(client, release):
    correction = correct(release, NOTE_KO)

    [given] = client.get(f"/api/releases/{release.pk}/").json()["corrections"]

    assert given == {
        "at": correction.made_at.isoformat(),
        "note": {"ko": NOTE_KO, "en": None},
        "url": {
            "ko": f"http://testserver/releases/{release.pk}/corrections/1/",
            "en": f"http://testserver/en/releases/{release.pk}/corrections/1/",
        },
    }


def test_the_site_map_says_when_it_was_corrected(client, release):
    correction = correct(release)

    text = client.get("/sitemap-releases-ko.xml").text

    assert f"<lastmod>{correction.made_at.isoformat()}</lastmod>" in text
    assert "/corrections/" not in text


def test_a_listing_marks_what_was_corrected(client, release):
    ReleaseFactory()
    correct(release)

    marks = read(client.get("/")).all("strong", class_="corrected")

    assert [mark.words for mark in marks] == ["정정"]


@pytest.mark.parametrize(("address", "number"), [("/feed/", 2), ("/api/releases/", 5)])
def test_lists_cost_no_query_more_where_nothing_was_corrected_and_one_where_it_was(
    client, release, address, number
):
    ReleaseFactory.create_batch(3)
    before = queries_of(client, address)

    correct(release)
    correct(ReleaseFactory())

    assert len(before) == number
    assert len(queries_of(client, address)) == number + 1


# The difference


def difference_of(client, release, language="en"):
    return read(client.get(f"{'/en' * (language == 'en')}/releases/{release.pk}/corrections/1/"))


def test_a_difference_is_read_field_by_field_and_by_screen_readers(client, release):
    correct(release, title_ko="구호품 늦게 도착", body_en="<p>Some 3,000 men were helped.</p>")

    page = difference_of(client, release)

    parts = {part.one("h3").words: part for part in page.all("section", class_="change")}
    assert list(parts) == ["Headline in Korean", "Text in English"]
    marked = parts["Headline in Korean"].one("p", class_="marked")
    assert marked.lang == "ko"
    assert marked.one("ins").one("span", lang="en").words == "[added:"
    assert parts["Text in English"].one("del").words == "[removed: people ]"
    assert page.one("meta", name="robots")["content"] == "noindex"


def test_a_change_of_marks_alone_is_said_in_words(client, release):
    correct(release, body_en="<p>Some <strong>3,000</strong> people were helped.</p>")

    page = difference_of(client, release)

    assert "The words are the same" in page.one("p", class_="said").words
    assert not page.one("section", class_="change").all("ins")


def test_no_number_of_a_person_stands_in_a_difference_for_good(client, release):
    ReleaseContactFactory(release=release, position=0, phone="+82 2 555 0199")
    versions.keep(release)
    release.contacts.all().delete()
    versions.keep(release)
    correcting.correct(release, note_ko="연락처를 바로잡았습니다.")

    response = client.get(f"/en/releases/{release.pk}/corrections/1/")

    assert "The press contacts were changed." in response.text
    assert "555 0199" not in response.text


def test_words_below_pictures_are_compared(client, release):
    picture = picture_of(release, image((600, 400)), caption_en="Trucks in Erbil")
    versions.keep(release)
    picture.caption_en = "Trucks in Duhok"
    picture.save()
    versions.keep(release)
    correcting.correct(release, note_ko="사진 설명을 바로잡았습니다.")

    page = difference_of(client, release)

    assert page.one("section", class_="change").one("h3").words == "Pictures"
    assert "Duhok" in page.all("ins")[-1].words


def test_a_correction_that_is_not_there_is_not_found(client, release):
    correct(release)

    for number in (0, 3, 99999, 2**31, 2**63, 10**30):
        for kind in ("corrections", "versions"):
            address = f"/releases/{release.pk}/{kind}/{number}/"
            assert client.get(address).status_code == 404, address


# The cost of a page


def test_the_page_costs_the_same_however_often_it_was_corrected(client, release):
    mission = MissionFactory()
    Release.objects.update(mission=mission)
    release.refresh_from_db()
    ReleaseFactory(mission=mission, publish_at=timezone.now() - timedelta(days=1))
    # The release with contacts and neighbours, the missions, the newest of its mission.
    assert len(queries_of(client, release.get_absolute_url())) == 3

    for n in range(3):
        correct(release, title_en=f"Relief {n}")

    assert len(queries_of(client, release.get_absolute_url())) == 4  # and corrections


def test_a_release_to_come_has_neither_corrections_nor_versions_outside(client):
    release = ReleaseFactory(publish_at=tomorrow())
    change_words(release, body_en="<p>Before.</p>")
    change_words(release, body_en="<p>After.</p>")

    for address in ("corrections/1/", "versions/1/", "versions/2/"):
        assert client.get(f"/releases/{release.pk}/{address}").status_code == 404
    assert workflow.VERBS["replace"].permission == workflow.WITHDRAW


# Rules of the database


@pytest.mark.parametrize(
    ("values", "rule"),
    [
        ({"number": 2, "note_ko": ""}, "a_correction_says_what"),
        ({"number": 1, "note_ko": "또"}, "one_number_per_correction|correction.number"),
    ],
)
def test_the_database_keeps_the_rules_of_corrections(release, values, rule):
    first = correct(release)
    same = {"release": release, "at": first.at, "before": first.before, "after": first.after}

    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        Correction.objects.create(**same, **values)
