"""Pasting releases: what was read is shown, mended and saved as drafts, and nothing is lost."""

from datetime import date, datetime

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contacts.models import Mission, PressContact
from releases.admin import paste
from releases.admin.paste_reading import Reading, contact_fields, fields_of
from releases.intake.lines import Line
from releases.intake.pasted import read_pasted, read_to_mend
from releases.intake.saving import Importer, Outcome
from releases.models import Release, State
from tests.factories import SEOUL, MissionFactory
from tests.intake.test_marks import HEADLINES
from tests.intake.test_nothing_is_lost import ODD_LINES
from tests.intake.test_round_trip import DECOYS, FRAME, PLAIN_WORDS
from tests.intake.texts import A_RELEASE, VARIANTS
from tests.reading import Element, read

pytestmark = pytest.mark.django_db

PASTE = "/en/admin/releases/release/paste/"
A_FAULT = A_RELEASE.replace("(2014/9/9)", "(2014/13/9)")
ANOTHER = A_RELEASE.replace("겨울 물품", "여름 물품").replace("Iraq", "Narnia")


@pytest.fixture
def iraq():
    return MissionFactory(name_ko="이라크", name_en="Iraq", slug="iraq")


def someone(users, role: str, name: str = "someone"):
    user = users.objects.create_user(name, is_staff=True)
    user.groups.add(Group.objects.get(name__startswith=role))
    return user


def signed_in(user, **options) -> Client:
    client = Client(**options)
    client.force_login(user)
    return client


@pytest.fixture
def author(django_user_model):
    return someone(django_user_model, "작성자")


@pytest.fixture
def desk(author):
    return signed_in(author)


@pytest.fixture
def editor(django_user_model):
    return signed_in(someone(django_user_model, "편집자", "editor"))


def pasted(client, text: str, **more) -> Element:
    """The page that shows what `text` was read as."""
    return read(client.post(PASTE, {"text": text, "action": "read"} | more))


def form_of(page: Element) -> Element:
    return page.one("form", id="paste_form")


def send(client, page: Element, action: str = "save", **changes):
    """Press a button of the page after these fields were changed; `r0_title` is r0-title."""
    changes = {name.replace("_", "-", 1) if name[0] == "r" else name: value
               for name, value in changes.items()}  # fmt: skip
    sent = form_of(page).entries | {"action": action} | changes
    return client.post(PASTE, {name: value for name, value in sent.items() if value is not None})


def marks_of(page: Element) -> dict[int, list[str]]:
    """What stands beside each line of the original."""
    rows = [row for body in page.all("tbody") for row in body.all("tr", id=...)]
    return {
        int(row["id"].removeprefix("line")): [mark.words for mark in row.all(class_="mark")]
        for row in rows
    }


def said_of(page: Element, field: str) -> str:
    return page.one(id=f"said_id_{field}").words


def box(page: Element) -> str:
    """The text that stands in the large box."""
    return form_of(page).entries["text"].replace("\r\n", "\n")


def problem(response) -> str:
    return read(response).one(class_="errornote").words


# Coming in


@pytest.mark.parametrize("address", ["", "add/"])
def test_the_list_and_the_form_for_a_new_release_lead_to_it(desk, address):
    page = read(desk.get(f"/en/admin/releases/release/{address}"))

    assert page.one("a", href=PASTE).words == "Paste releases"


def test_who_may_not_write_releases_may_not_paste_them(django_user_model):
    client = signed_in(someone(django_user_model, "분석"))

    assert client.get(PASTE).status_code == 403
    assert client.post(PASTE, {"text": A_RELEASE}).status_code == 403
    listing = read(client.get("/en/admin/releases/release/"))
    assert not listing.all("a", href=PASTE)


def test_a_stranger_is_led_to_the_sign_in():
    response = Client().get(PASTE)

    assert response.status_code == 302
    assert response["Location"].startswith("/en/admin/login/?next=")


def test_an_empty_text_is_none(desk):
    response = desk.post(PASTE, {"text": " \n\u200b\n", "action": "read"})

    assert response.status_code == 422
    assert problem(response) == "There is no text to read yet."


# What was read


def test_each_line_stands_beside_what_it_was_read_as(desk, iraq):
    marks = marks_of(pasted(desk, A_RELEASE))

    assert {line: said for line, said in marks.items() if said} == {
        1: ["date and headline"],
        3: ["paragraph 1", "dateline"],
        5: ["paragraph 2"],
        7: ["heading of the contacts"],
        9: ["contact 1: name"],
        10: ["contact 1: office"],
        11: ["contact 1: phone"],
        12: ["contact 1: email"],
        14: ["posted on"],
        16: ["old back-link; dropped"],
        18: ["views"],
    }


def test_each_field_holds_what_was_read(desk, iraq):
    entries = form_of(pasted(desk, A_RELEASE)).entries

    read_as = {name: value for name, value in entries.items() if name.startswith("r0-")}
    assert read_as == {
        "r0-take": "on",
        "r0-title": "사무소, 겨울 물품 전달",
        "r0-release_date": "2014-09-09",
        "r0-place": "Iraq",
        "r0-mission": str(iraq.pk),
        "r0-body": "The office delivered winter kits to two towns.\n\n"
        "A second convoy follows in October.",
        "r0-contact_heading": "",
        "r0-posted_on": "2014-09-09",
        "r0-views": "234",
        "r0-contacts-TOTAL_FORMS": "2",
        "r0-contacts-INITIAL_FORMS": "1",
        "r0-contacts-MIN_NUM_FORMS": "0",
        "r0-contacts-MAX_NUM_FORMS": "1000",
        "r0-contacts-0-name": "Name One",
        "r0-contacts-0-office": "IOM Northtown",
        "r0-contacts-0-phone": "+964 750 0000 001",
        "r0-contacts-0-email": "one@example.org",
        "r0-contacts-1-name": "",
        "r0-contacts-1-office": "",
        "r0-contacts-1-phone": "",
        "r0-contacts-1-email": "",
    }


def test_each_mark_leads_to_a_field_that_is_there(desk, iraq):
    page = pasted(desk, VARIANTS.read_text(encoding="utf-8"))
    ids = {element["id"] for element in page.all(id=...)}

    targets = {link["href"][1:] for link in page.all("a") if link["href"].startswith("#")}
    assert targets - {"content-start"} <= ids


def test_how_sure_each_field_is_is_said_in_words(desk, iraq):
    text = A_RELEASE.replace("Tue, Sep-09", "Wed, Sep-09").replace("winter", "“winter")
    page = pasted(desk, text)

    assert said_of(page, "r0-title") == "✓ sure line 1"
    assert said_of(page, "r0-mission") == "✓ sure line 3"
    assert said_of(page, "r0-body") == (
        "! please check lines 3–5 Line 3: quotation marks “” do not pair; kept as issued."
    )
    assert said_of(page, "r0-posted_on") == (
        "! please check line 14 Line 14: the weekday is not that of the date; the date is kept."
    )


def test_what_is_guessed_or_missing_is_said(desk, iraq):
    page = pasted(desk, "(2014/9/9) 소식\n\nBaghdad, Iraq - Text.\n\n문의\n\nName One")

    assert said_of(page, "r0-mission") == (
        "≈ guessed line 3 Line 3: taken for a part of “Baghdad, Iraq”."
    )
    assert "≈ guessed" in said_of(page, "r0-posted_on")
    assert said_of(page, "r0-views") == "– not in the text"
    assert page.one(id="said_r0-contacts-0").words == (
        "! please check line 7 Line 7: a contact without phone or email."
    )


def test_what_no_field_takes_is_said_to_be_left_over(desk, iraq):
    page = pasted(desk, "Dear all,\n\n" + A_RELEASE.replace("Email: one", "www.x.org\none"))
    marks = marks_of(page)

    assert marks[1] == ["! above the first headline; not taken"]
    assert marks[14] == ["! not understood; kept as paragraph 3"]
    assert page.one(class_="leftover").words == (
        "! Left over: Line 14: www.x.org (not understood; kept as paragraph 3)"
    )


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(lines=st.lists(st.one_of(HEADLINES, ODD_LINES, FRAME, DECOYS, PLAIN_WORDS), max_size=30))
def test_every_line_that_is_not_blank_is_accounted_for(desk, lines):
    text = "\n".join(["(2014/9/9) headline", "", "Text.", *lines])
    marks = marks_of(pasted(desk, text))
    shown = Reading(text)

    for line in Line.all_of(text):
        if line.text and line.number <= shown.releases[-1].lines.stop:
            # Releases beyond the first twenty come later.
            assert marks.get(line.number) or len(shown.releases) > paste.MOST_AT_ONCE, line


@settings(max_examples=200, deadline=None)
@given(lines=st.lists(st.one_of(ODD_LINES, FRAME, DECOYS, PLAIN_WORDS), max_size=25))
def test_every_remark_stands_by_a_field(lines):
    for release in read_to_mend("\n".join(["(2014/9/9) headline", *lines])).releases:
        fields = [*fields_of(release, None).values(), *contact_fields(release)]
        assert set(release.remarks) <= {remark for field in fields for remark in field.remarks}


def test_a_text_without_a_headline_is_one_release_with_its_first_line_for_one(desk):
    page = pasted(desk, "소식 한 가지\n\nThe office reports.")
    entries = form_of(page).entries

    assert (entries["r0-title"], entries["r0-release_date"]) == ("소식 한 가지", "")
    assert "the first line is taken for one" in said_of(page, "r0-title")


def test_what_is_pasted_is_shown_and_never_run(desk):
    page = pasted(desk, "(2014/9/9) <b>소식</b></textarea><script>x</script>\n\nText </textarea>.")

    assert not [script for script in page.all("script") if script.words == "x"]
    assert "</textarea><script>" in form_of(page).entries["r0-title"]


# Saving


def test_a_release_is_saved_as_a_draft_of_who_pasted_it(desk, author, iraq):
    response = send(desk, pasted(desk, A_RELEASE))

    release = Release.objects.get()
    assert (release.state, release.author) == (State.DRAFT, author)
    assert (release.submitted_at, release.approved_at) == (None, None)
    assert release.publish_at == datetime(2014, 9, 9, tzinfo=SEOUL)
    assert (release.title_ko, release.mission) == ("사무소, 겨울 물품 전달", iraq)
    assert release.views == 234
    assert "<p>A second convoy follows in October.</p>" in release.body_en
    [row] = release.contact_block
    assert (row.name, row.office, row.email) == ("Name One", "IOM Northtown", "one@example.org")
    link = read(response).one("a", href=f"/en/admin/releases/release/{release.pk}/change/")
    assert link.words == "사무소, 겨울 물품 전달"


def test_nothing_is_saved_by_reading(desk, iraq):
    send(desk, pasted(desk, A_RELEASE), action="read")

    assert not Release.objects.exists()


def test_a_draft_says_the_same_as_an_import(desk, iraq):
    send(desk, pasted(desk, A_RELEASE))
    draft = Release.objects.get()
    draft_values = [draft.title_ko, draft.body_en, draft.dateline_en, draft.source_digest]
    draft_key = draft.source_key
    draft.delete()
    [saved] = Importer().save_all(read_pasted(A_RELEASE).releases)
    imported = Release.objects.get(pk=saved.release.pk)

    assert draft_key == imported.source_key
    assert draft_values == [
        imported.title_ko,
        imported.body_en,
        imported.dateline_en,
        imported.source_digest,
    ]


def test_what_was_mended_is_what_is_saved(desk, iraq):
    page = pasted(desk, A_FAULT)
    send(
        desk,
        page,
        r0_title="고친 제목",
        r0_release_date="2014-12-09",
        r0_body="One.\n\nTwo\nlines.",
        r0_posted_on="",
        r0_views="",
        **{
            "r0-contacts-0-phone": "02-555-0101",
            "r0-contacts-1-name": "Name Two",
            "r0-contacts-1-email": "two@example.org",
        },
    )

    release = Release.objects.get()
    assert (release.title_ko, release.release_date) == ("고친 제목", date(2014, 12, 9))
    assert release.body_en == "<p>One.</p>\n<p>Two<br>lines.</p>"
    assert (release.publish_at, release.views) == (None, 0)
    assert [(row.name, row.phone) for row in release.contact_block] == [
        ("Name One", "02-555-0101"),
        ("Name Two", ""),
    ]


def test_below_a_contact_that_was_added_is_room_for_one_more(desk, iraq):
    page = pasted(desk, A_RELEASE)
    page = read(send(desk, page, "read", **{"r0-contacts-1-name": "Name Two"}))
    send(desk, page, **{"r0-contacts-2-name": "Name Three"})

    block = Release.objects.get().contact_block
    assert [row.name for row in block] == ["Name One", "Name Two", "Name Three"]


def test_a_row_that_was_emptied_is_left_out(desk, iraq):
    page = pasted(desk, A_RELEASE)
    emptied = {f"r0-contacts-0-{name}": "" for name in ("name", "office", "phone", "email")}
    send(desk, page, **emptied)

    assert Release.objects.get().contact_block == []


def test_a_draft_puts_nobody_into_the_public_directory(desk, iraq):
    known = PressContact.objects.create(name="Name One", mission=iraq)
    send(
        desk, pasted(desk, A_RELEASE.replace("Views", "Name Two\nEmail: two@example.org\n\nViews"))
    )

    assert [row.contact for row in Release.objects.get().contact_block] == [known, None]
    assert PressContact.objects.count() == 1


def test_each_draft_begins_its_history_with_who_pasted_it(desk, author, iraq):
    send(desk, pasted(desk, A_RELEASE))

    [version] = Release.objects.get().versions.all()
    assert (version.number, version.saved_by) == (1, author)


def test_only_the_releases_that_were_ticked_are_saved(desk, iraq):
    page = pasted(desk, A_RELEASE + ANOTHER)
    response = send(desk, page, r0_take=None)

    assert [release.title_ko for release in Release.objects.all()] == ["사무소, 여름 물품 전달"]
    left = read(response)
    assert box(left).strip() == A_RELEASE.strip()
    assert form_of(left).entries["r0-title"] == "사무소, 겨울 물품 전달"


def test_with_none_ticked_nothing_is_saved(desk, iraq):
    response = send(desk, pasted(desk, A_RELEASE), r0_take=None)

    assert response.status_code == 422
    assert problem(response) == "No release is chosen. Nothing was saved."
    assert box(read(response)) == A_RELEASE


# Missions


def test_an_unknown_place_stays_in_the_text_unless_a_mission_is_wanted(editor):
    page = pasted(editor, ANOTHER)
    assert form_of(page).entries["r0-mission"] == ""
    assert "no mission goes by “Narnia”" in said_of(page, "r0-mission")
    send(editor, page)

    release = Release.objects.get()
    assert release.mission is None
    assert release.body_en.startswith("<p>Narnia - The office")
    assert not Mission.objects.exists()


def test_a_new_mission_is_founded_where_an_editor_asks_for_one(editor):
    page = pasted(editor, ANOTHER + A_RELEASE.replace("Iraq", "Narnia"))
    send(editor, page, r0_mission="new", r1_mission="new")

    mission = Mission.objects.get()
    assert str(mission) == "Narnia"
    assert {release.mission for release in Release.objects.all()} == {mission}
    again = read_pasted(ANOTHER + A_RELEASE.replace("Iraq", "Narnia")).releases
    assert [saved.outcome for saved in Importer().save_all(again)] == [Outcome.UNCHANGED] * 2


def test_an_author_founds_no_mission(desk):
    page = pasted(desk, ANOTHER)
    assert "new" not in [option["value"] for option in page.one(id="id_r0-mission").all("option")]
    response = send(desk, page, r0_mission="new")

    assert response.status_code == 422
    assert not Mission.objects.exists()
    assert not Release.objects.exists()


def test_another_mission_keeps_the_place_as_it_was_printed(desk, iraq):
    send(desk, pasted(desk, ANOTHER), r0_mission=str(iraq.pk))

    release = Release.objects.get()
    assert (release.mission, release.dateline_en) == (iraq, "Narnia")


# Known again


def test_a_text_that_is_pasted_twice_is_known_again(desk, iraq):
    send(desk, pasted(desk, A_RELEASE))
    release = Release.objects.get()
    page = pasted(desk, A_RELEASE)

    here = page.one(class_="here")
    assert "This release is here already." in here.words
    assert "It says the same." in here.words
    assert here.one("a")["href"].endswith(f"/{release.pk}/change/")
    assert "r0-take" not in form_of(page).entries
    report = read(send(desk, page, r0_take="on")).one(class_="report").words
    assert "unchanged" in report
    assert Release.objects.count() == 1


def test_what_differs_is_said_before_a_second_one_is_refused(desk, iraq):
    send(desk, pasted(desk, A_RELEASE), r0_title="고친 제목")
    page = pasted(desk, A_RELEASE)

    differences = page.one(class_="here").all("li")
    assert [item.words for item in differences] == [
        "headline in Korean: 고친 제목 → 사무소, 겨울 물품 전달"
    ]
    response = send(desk, page, r0_take="on")
    assert "it is here already, and says something else." in read(response).words
    assert Release.objects.count() == 1
    assert box(read(response)).strip() == A_RELEASE.strip()


def test_a_second_release_is_saved_where_it_is_wanted(desk, iraq):
    send(desk, pasted(desk, A_RELEASE))
    send(desk, pasted(desk, A_RELEASE), r0_another="on")

    first, second = Release.objects.order_by("pk")
    assert (bool(first.source_key), second.source_key) == (True, None)
    assert first.body_en == second.body_en


def test_pressing_save_twice_saves_once(desk, iraq):
    page = pasted(desk, A_RELEASE)
    send(desk, page)
    response = send(desk, page)

    assert Release.objects.count() == 1
    assert "unchanged" in read(response).one(class_="report").words


@pytest.mark.parametrize(
    ("mended", "outcome"), [({}, Outcome.UNCHANGED), ({"r0_title": "고침"}, Outcome.UNCHANGED)]
)
def test_an_import_of_the_same_text_knows_the_draft_again(desk, iraq, mended, outcome):
    send(desk, pasted(desk, A_RELEASE), **mended)
    [saved] = Importer().save_all(read_pasted(A_RELEASE).releases)

    assert (saved.outcome, saved.release) == (outcome, Release.objects.get())
    assert saved.release.state == State.DRAFT


def test_an_import_of_a_changed_text_does_not_overwrite_what_was_mended(desk, iraq):
    send(desk, pasted(desk, A_RELEASE), r0_title="고침")
    [saved] = Importer().save_all(read_pasted(A_RELEASE.replace("October", "May")).releases)

    assert saved.outcome == Outcome.REFUSED
    assert Release.objects.get().title_ko == "고침"


def test_a_release_that_somebody_may_not_see_is_named_without_a_word_of_it(desk, editor, iraq):
    send(editor, pasted(editor, A_RELEASE), r0_title="Something secret")
    page = pasted(desk, A_RELEASE)

    assert "This release is here already." in page.one(class_="here").words
    assert "secret" not in page.words
    assert not page.one(class_="here").all("a")
    report = read(send(desk, page, r0_take="on")).one(class_="report")
    assert "secret" not in report.words
    assert not report.all("a")


def test_the_same_release_twice_in_one_text_is_saved_once(desk, iraq):
    response = send(desk, pasted(desk, A_RELEASE + A_RELEASE))

    assert Release.objects.count() == 1
    assert "the same date and headline as the release at line 1" in read(response).words


# Nothing is lost


def test_what_needs_mending_is_said_and_all_is_kept(desk, iraq):
    page = pasted(desk, A_FAULT + ANOTHER)
    response = send(
        desk, page, r1_title="고친 제목", **{"r0-contacts-0-name": "", "r1-contacts-0-email": "no"}
    )

    assert response.status_code == 422
    assert not Release.objects.exists()
    said = problem(response)
    assert said.startswith("2 releases need mending. Nothing was saved.")
    assert "Release 1, release date: This field is required." in said
    assert "Release 1, name: Say who is to be called." in said
    assert "Release 2, email: Enter a valid email address." in said
    entries = form_of(read(response)).entries
    assert entries["text"] == A_FAULT + ANOTHER
    assert (entries["r1-title"], entries["r1-contacts-0-email"]) == ("고친 제목", "no")


def test_a_release_that_is_not_wanted_need_not_be_mended(desk, iraq):
    send(desk, pasted(desk, A_FAULT + ANOTHER), r0_take=None)

    assert Release.objects.count() == 1


def test_a_changed_original_is_read_again_and_keeps_what_was_mended_elsewhere(desk, iraq):
    page = pasted(desk, A_FAULT + ANOTHER)
    changed = A_RELEASE + ANOTHER
    response = send(desk, page, "read", text=changed, r0_title="mended", r1_title="고친 제목")

    entries = form_of(read(response)).entries
    assert entries["r0-title"] == "사무소, 겨울 물품 전달"
    assert entries["r0-release_date"] == "2014-09-09"
    assert entries["r1-title"] == "고친 제목"


def test_saving_with_a_changed_original_reads_it_first(desk, iraq):
    page = pasted(desk, A_RELEASE)
    response = send(desk, page, text=A_RELEASE.replace("October", "May"))

    assert not Release.objects.exists()
    assert "was changed, so it was read again" in read(response).one(class_="note").words
    assert "May" in form_of(read(response)).entries["r0-body"]


def test_a_release_that_moves_up_keeps_what_was_mended(desk, iraq):
    page = pasted(desk, A_RELEASE + ANOTHER)
    left = read(send(desk, page, r1_take=None, r1_title="고친 제목"))

    assert form_of(left).entries["r0-title"] == "고친 제목"


def test_a_database_that_fails_leaves_the_text_in_place(desk, iraq, monkeypatch):
    def fail(*args, **kwargs):
        raise DatabaseError("disk full")

    page = pasted(desk, A_RELEASE)
    monkeypatch.setattr("releases.intake.saving.Release.save", fail)
    response = send(desk, page, r0_title="고친 제목")

    assert response.status_code == 200
    assert "the database refused it; try again." in read(response).words
    entries = form_of(read(response)).entries
    assert entries["text"].strip() == A_RELEASE.strip()
    assert entries["r0-title"] == "고친 제목"


def test_one_refused_release_keeps_no_other_from_being_saved(desk, iraq, monkeypatch):
    save = Release.save

    def fail_once(release, *args, **kwargs):
        if "겨울" in release.title_ko:
            raise DatabaseError("disk full")
        save(release, *args, **kwargs)

    monkeypatch.setattr("releases.intake.saving.Release.save", fail_once)
    response = send(desk, pasted(desk, A_RELEASE + ANOTHER))

    assert [release.title_ko for release in Release.objects.all()] == ["사무소, 여름 물품 전달"]
    assert box(read(response)).strip() == A_RELEASE.strip()


def test_when_the_sign_in_has_run_out_all_is_handed_back(desk, author, iraq):
    page = pasted(desk, A_RELEASE)
    desk.logout()
    response = send(desk, page, r0_title="고친 제목")

    assert response.status_code == 403
    kept = read(response)
    assert kept.one("a", target="_blank")["href"] == f"/en/admin/login/?next={PASTE}"
    desk.force_login(author)
    form = next(form for form in kept.all("form") if form["action"] == PASTE)
    again = read(desk.post(PASTE, form.entries | {"action": "read"}))
    assert box(again) == A_RELEASE
    assert form_of(again).entries["r0-title"] == "고친 제목"


def test_a_page_from_before_the_sign_in_is_handed_back(author, iraq):
    client = signed_in(author, enforce_csrf_checks=True)
    response = client.post(PASTE, {"text": A_RELEASE, "action": "save"})

    assert response.status_code == 403
    page = read(response)
    assert "Your sign-in has changed" in page.words
    assert "(2014/9/9) 사무소, 겨울 물품 전달" in page.one("textarea", id="id_text").words
    assert not Release.objects.exists()


def test_a_text_too_long_for_one_go_comes_back_whole(desk):
    text = "(2014/9/9) 소식\n\n" + "가" * paste.MOST_CHARACTERS
    response = desk.post(PASTE, {"text": text, "action": "read"})

    assert response.status_code == 413
    assert "200,000 characters at most" in problem(response)
    assert box(read(response)) == text


@pytest.mark.parametrize("text", ["", "가" * (paste.MOST_CHARACTERS + 1)])
def test_an_original_that_cannot_be_read_costs_nothing_that_was_mended(desk, iraq, text):
    page = pasted(desk, A_RELEASE)
    unread = read(send(desk, page, "read", text=text, r0_title="고친 제목"))
    again = read(send(desk, unread, "read", text=A_RELEASE))

    assert form_of(again).entries["r0-title"] == "고친 제목"


def test_a_request_that_is_too_large_is_told_so_in_words(desk, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    for kind in ("multipart/form-data", "application/x-www-form-urlencoded"):
        sent = {"text": "x" * 2000}
        if kind.startswith("application"):
            response = desk.post(PASTE, f"text={'x' * 2000}", content_type=kind)
        else:
            response = desk.post(PASTE, sent)

        assert response.status_code == 413
        assert "too large for one go" in problem(response)


def test_nothing_is_read_on_for_a_stranger(settings, monkeypatch):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    drained = []
    monkeypatch.setattr(paste, "_drain", drained.append)

    response = Client().post(PASTE, {"text": "x" * 2000})

    assert response.status_code == 413
    assert drained == []


def test_so_many_releases_at_once_as_a_request_can_carry(desk):
    releases = [f"(2014/9/{n % 30 + 1}) 소식 {n}\n\nText {n}.\n" for n in range(50)]
    page = pasted(desk, "Dear all,\n\n" + "\n".join(releases))

    for left in (30, 10, 0):
        page = read(send(desk, page))
        assert Release.objects.count() == 50 - left
    assert "Dear all," in page.one(class_="report").words
    assert box(page) == ""
    assert "data-saved" in form_of(page).attributes


def test_fewer_releases_at_once_where_they_have_many_contacts(desk):
    block = "\n\n".join(f"Name {'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[n % 26]}{'a' * (n // 26 + 1)}\n"
                        f"Tel. 02-555-0{n:03}" for n in range(100))  # fmt: skip
    one = f"(2014/9/9) 소식 %d\n\nIraq - Text.\n\n문의\n\n{block}\n\nViews – 1\n\n"
    page = pasted(desk, one % 1 + one % 2 + one % 3)

    assert len(form_of(page).entries) < 1000
    assert len(page.all("section", class_="release")) == 2
    page = read(send(desk, page))
    assert len(page.all("section", class_="release")) == 1


def test_a_release_with_more_contacts_than_a_request_can_carry_is_left_in_the_text(desk):
    block = "\n\n".join(f"Name One\nTel. 02-555-0{n:03}" for n in range(300))
    text = f"(2014/9/9) 소식\n\nIraq - Text.\n\n문의\n\n{block}\n\nViews – 1"
    page = pasted(desk, text)

    assert "too many contacts to be mended here" in page.one(class_="note").words
    assert box(page) == text


# Files


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp949"])
def test_a_file_is_read_in_whatever_encoding_it_is(desk, encoding):
    text = A_RELEASE.replace("–", "-")
    file = SimpleUploadedFile("releases.txt", text.encode(encoding))
    page = read(desk.post(PASTE, {"text": "", "file": file, "action": "read"}))

    assert box(page) == text
    assert form_of(page).entries["r0-title"] == "사무소, 겨울 물품 전달"
    notes = [note.words for note in page.all(class_="note")]
    assert bool(notes) == (not encoding.startswith("utf-8"))


def test_a_file_that_is_no_text_is_refused_and_the_box_is_kept(desk):
    file = SimpleUploadedFile("releases.hwp", b"\xd0\xcf\x11\xe0 and so on")
    response = desk.post(PASTE, {"text": A_RELEASE, "file": file, "action": "read"})

    assert "this is no text but DOC, HWP" in problem(response)
    assert box(read(response)) == A_RELEASE


def test_a_file_comes_below_what_stands_in_the_box(desk, iraq):
    file = SimpleUploadedFile("releases.txt", ANOTHER.encode())
    page = read(desk.post(PASTE, {"text": A_RELEASE, "file": file, "action": "read"}))

    assert len(page.all("section", class_="release")) == 2
