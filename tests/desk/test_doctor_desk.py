"""What the doctor finds, at the desk: beside the form, on a button, and for whom."""

import re

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from releases.models import Release
from releases.roles import ROLES
from tests.factories import DRAFT, ReleaseContactFactory, ReleaseFactory
from tests.reading import read
from tests.uploads import image, sent

pytestmark = pytest.mark.django_db

RELEASES = "/en/admin/releases/release/"
AUTHOR, EDITOR, KEEPER, ANALYST = ROLES


@pytest.fixture
def editor(admin_client):
    return admin_client


@pytest.fixture
def draft():
    """A draft with an error, a warning and a note."""
    release = ReleaseFactory(
        title_ko="구호품 도착",
        body_en='<p>The the plan is <a href="#x">in the report</a>.</p>',
        **DRAFT,
    )
    ReleaseContactFactory(release=release)
    return release


def somebody(users, role):
    user = users.objects.create_user(f"user-{role[:2]}", is_staff=True)
    user.groups.set(Group.objects.filter(name=role))
    client = Client()
    client.force_login(user)
    return client, user


def panel(client, release):
    return read(client.get(f"{RELEASES}{release.pk}/change/")).one("details", id="findings")


def found(page):
    """Level -> the places and reasons below it, as they are shown."""
    shown = {}
    for group in page.all("section", class_="finding-group"):
        level = re.search(r"finding-(error|warning|note)", group["class"])[1]
        shown[level] = [item.words for item in group.all("li")]
    return shown


def entries(client, address):
    page = read(client.get(address))
    form = next(form for form in page.all("form") if form["id"] == "release_form")
    return form.entries


def test_the_form_shows_what_is_found_by_level_with_a_link_to_the_field(editor, draft):
    shown = panel(editor, draft)

    assert list(found(shown)) == ["error", "warning", "note"]
    [doubled] = found(shown)["warning"]
    assert doubled.startswith("Text in English: “The the plan is in the…”")
    assert doubled.endswith("“The” stands twice in a row. Delete one of them.")
    assert {a["href"] for a in shown.all("a", class_="finding-where")} == {
        "#id_body_en",
        "#id_body_ko",
        "#id_release_date",
    }
    assert "Error 1" in shown.one("summary").words
    assert "open" in shown.attributes


def test_each_link_of_the_panel_leads_to_something_in_the_form(editor):
    release = ReleaseFactory(title_ko="구호품.", body_en="<p>the the</p>", **DRAFT)
    ReleaseContactFactory(release=release, phone="12", email="")
    page = read(editor.get(f"{RELEASES}{release.pk}/change/"))

    hrefs = [a["href"] for a in page.one("details", id="findings").all("a", class_="finding-where")]

    ids = {element["id"] for element in page.all() if element["id"]}
    assert "#id_contacts-0-phone" in hrefs
    assert {href.removeprefix("#") for href in hrefs} <= ids


def test_the_panel_is_folded_where_nothing_is_found(editor):
    release = ReleaseFactory(
        title_en="Relief arrives", body_ko="<p>구호품이 왔다.</p>", body_en="<p>It came.</p>"
    )
    ReleaseContactFactory(release=release)

    shown = panel(editor, release)

    assert "Nothing found" in shown.one("summary").words
    assert "open" not in shown.attributes


def test_the_panel_speaks_korean_at_the_korean_desk(editor, draft):
    page = read(editor.get(f"/admin/releases/release/{draft.pk}/change/"))

    assert page.one("details", id="findings").one("button").words == "저장하지 않은 글 점검"


def test_the_saved_release_is_checked_on_a_page_that_leads_back_to_the_fields(editor, draft):
    page = read(editor.get(f"{RELEASES}{draft.pk}/findings/"))

    assert list(found(page)) == ["error", "warning", "note"]
    assert page.all("a", href=f"{RELEASES}{draft.pk}/change/#id_body_en")


def test_what_is_typed_is_checked_and_nothing_is_saved(editor, draft):
    before = Release.objects.filter(pk=draft.pk).values().get()
    typed = entries(editor, f"{RELEASES}{draft.pk}/change/") | {
        "body_en": "<p>It it is XXXX.</p>",
        "contacts-0-phone": "12",
    }

    page = read(editor.post(f"{RELEASES}{draft.pk}/findings/", typed))

    reasons = " ".join(found(page)["warning"])
    assert "“It” stands twice" in reasons
    assert "“XXXX” keeps a place" in reasons
    assert "no valid phone number" in reasons
    assert "error" not in found(page)
    assert Release.objects.filter(pk=draft.pk).values().get() == before
    assert draft.contacts.get().phone == "+82 2 555 0101"
    assert draft.versions.count() == 0


def test_a_release_that_was_never_saved_is_checked(editor):
    typed = entries(editor, f"{RELEASES}add/") | {
        "title_en": "The the relief",
        "release_date": "2014-09-09",
        "contacts-0-name": "Press desk",
    }

    page = read(editor.post(f"{RELEASES}add/findings/", typed))

    assert "“The” stands twice" in " ".join(found(page)["warning"])
    assert "neither a phone number nor" in " ".join(found(page)["warning"])
    assert "There is no text in either language." in " ".join(found(page)["error"])
    assert not Release.objects.exists()


def test_what_the_form_would_refuse_is_an_error_at_its_field(editor, draft):
    typed = entries(editor, f"{RELEASES}{draft.pk}/change/") | {
        "release_date": "yesterday",
        "contacts-0-email": "desk at example.org",
    }

    page = read(editor.post(f"{RELEASES}{draft.pk}/findings/", typed))

    fields = {where["data-field"] for where in page.all("span", class_="finding-where")}
    assert {"id_release_date", "id_contacts-0-email"} <= fields


def test_a_row_that_is_ticked_to_be_deleted_is_not_looked_at(editor, draft):
    ReleaseContactFactory(release=draft, name="Night desk", phone="12")
    address = f"{RELEASES}{draft.pk}/"
    typed = entries(editor, f"{address}change/")

    kept = read(editor.post(f"{address}findings/", typed | {"contacts-0-DELETE": "on"}))
    gone = read(editor.post(f"{address}findings/", typed | {"contacts-1-DELETE": "on"}))

    # The row keeps the number that it has in the form.
    assert kept.all("span", **{"data-field": "id_contacts-1-phone"})
    assert not gone.all("span", **{"data-field": "id_contacts-1-phone"})


def test_the_form_without_its_rows_is_no_fault_of_the_site(editor, draft):
    response = editor.post(f"{RELEASES}{draft.pk}/findings/", {"title_ko": "구호품"})

    assert response.status_code == 200


def test_saving_at_the_desk_counts_what_is_found(editor, draft):
    address = f"{RELEASES}{draft.pk}/change/"

    editor.post(address, entries(editor, address) | {"title_en": "In in town"})

    draft.refresh_from_db()
    assert draft.finding_count == 3


# For whom


@pytest.mark.parametrize(
    ("role", "own", "get", "post"),
    [
        (EDITOR, False, 200, 200),
        (AUTHOR, True, 200, 200),
        (AUTHOR, False, 302, 302),
        (ANALYST, False, 200, 403),
        (KEEPER, False, 302, 302),
    ],
)
def test_a_draft_is_checked_by_those_who_may_see_it(django_user_model, draft, role, own, get, post):
    client, user = somebody(django_user_model, role)
    if own:
        Release.objects.update(author=user)
    address = f"{RELEASES}{draft.pk}/findings/"

    answers = client.get(address), client.post(address, {"title_ko": "x"})

    assert [answer.status_code for answer in answers] == [get, post]
    assert all("The the" not in answer.content.decode() for answer in answers[get != 302 :])


@pytest.mark.parametrize(
    ("role", "status"), [(EDITOR, 200), (AUTHOR, 200), (ANALYST, 403), (KEEPER, 403)]
)
def test_a_new_release_is_checked_by_those_who_may_write_one(django_user_model, role, status):
    client, _user = somebody(django_user_model, role)

    assert client.post(f"{RELEASES}add/findings/", {}).status_code == status
    assert client.get(f"{RELEASES}add/findings/").status_code == 403


def test_who_may_only_look_is_offered_no_check_of_words_they_cannot_type(django_user_model, draft):
    client, _user = somebody(django_user_model, ANALYST)

    shown = panel(client, draft)

    assert not shown.all("button")
    assert "Error 1" in shown.one("summary").words


@pytest.mark.parametrize("page", ["add/findings/", "{}/findings/"])
def test_strangers_are_sent_to_the_door(client, draft, page):
    address = RELEASES + page.format(draft.pk)

    for answer in (client.get(address), client.post(address)):
        assert answer.status_code == 302
        assert answer["Location"].startswith("/en/admin/login/")


def test_a_form_from_another_site_is_refused(django_user_model, draft):
    user = django_user_model.objects.create_superuser("root")
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)

    assert client.post(f"{RELEASES}{draft.pk}/findings/", {}).status_code == 403


def test_a_release_that_does_not_exist_leads_back_to_the_desk(editor):
    assert editor.get(f"{RELEASES}99/findings/").status_code == 302
    assert editor.get(f"{RELEASES}x/findings/").status_code == 302


def test_a_picture_just_chosen_is_no_fault_of_a_form_that_is_only_checked(
    editor, draft, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    address = f"{RELEASES}{draft.pk}/"
    typed = entries(editor, f"{address}change/")
    typed = {name: value for name, value in typed.items() if not name.endswith("-upload")}
    typed |= {"pictures-TOTAL_FORMS": 1, "pictures-0-alt_ko": "담요 상자"}

    chosen = editor.post(
        f"{address}findings/", typed | {"pictures-0-upload": sent("a.jpg", image())}
    )
    missing = editor.post(f"{address}findings/", typed)

    assert "Choose a picture" not in read(chosen).words
    assert "Choose a picture" in read(missing).words
