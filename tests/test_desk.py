"""The editors' desk: what staff scan, filter, write and do in the admin."""

import re

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from contacts.models import Mission, PressContact
from iomnews import demo
from releases.models import Release, State

from .factories import (
    DRAFT,
    IN_REVIEW,
    NINE,
    MissionFactory,
    PressContactFactory,
    ReleaseContactFactory,
    ReleaseFactory,
    tomorrow,
)

pytestmark = pytest.mark.django_db

LIST = "/admin/releases/release/"


def editor(*permissions: str) -> User:
    """A member of staff who may do just what `permissions` name."""
    user = User.objects.create_user("editor", password="long enough to pass", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return user


def rows(response) -> list[Release]:
    return list(response.context["cl"].result_list)


def change_address(release: Release) -> str:
    return reverse("admin:releases_release_change", args=[release.pk])


def filled_form(release: Release | None = None, rows: tuple[dict, ...] = (), **values) -> dict:
    """What the form of a release posts: `values` over the release's own, `rows` of its block."""
    fields = [
        "title_ko", "summary_ko", "body_ko", "title_en", "summary_en", "body_en",
        "dateline_ko", "dateline_en", "slug", "contact_heading",
        "withdrawal_reason_ko", "withdrawal_reason_en",
    ]  # fmt: skip
    form = {name: getattr(release, name, "") for name in fields}
    form["release_date"] = "2014-09-09"
    form["mission"] = (release and release.mission_id) or ""
    moment = release and release.publish_at and timezone.localtime(release.publish_at)
    form["publish_at_0"] = f"{moment:%Y-%m-%d}" if moment else ""
    form["publish_at_1"] = f"{moment:%H:%M:%S}" if moment else ""
    form |= {
        "contacts-TOTAL_FORMS": len(rows),
        "contacts-INITIAL_FORMS": sum("id" in row for row in rows),
        "contacts-MIN_NUM_FORMS": 0,
        "contacts-MAX_NUM_FORMS": 1000,
    }
    for number, row in enumerate(rows):
        empty = dict.fromkeys(("place", "contact", "name", "office", "phone", "email"), "")
        form |= {f"contacts-{number}-{name}": v for name, v in (empty | row).items()}
    return form | values


# The list


def test_the_list_shows_what_an_editor_scans(admin_client):
    ReleaseFactory(mission=MissionFactory(name_ko="이라크"), title_ko="구호 소식", views=234)

    response = admin_client.get(LIST)

    for words in ("(2014/9/9) 구호 소식", "이라크", "공개", "2014년 9월 9일 9:00 오전", "234"):
        assertContains(response, words)


@pytest.mark.parametrize("column", ["headline", "mission", "state", "posted", "views"])
def test_the_list_can_be_sorted_by_each_column(admin_client, column):
    mission = MissionFactory()
    low = ReleaseFactory(title_ko="가", mission=mission, views=1, **DRAFT)
    high = ReleaseFactory(title_ko="나", mission=MissionFactory(), views=2)
    number = ["headline", "mission", "state", "posted", "views"].index(column) + 1

    up, down = (rows(admin_client.get(LIST, {"o": f"{sign}{number}"})) for sign in ("", "-"))

    assert set(up) == {low, high}
    assert up == down[::-1]
    if column not in ("mission", "posted"):  # whose order differs between databases
        assert up == [low, high]


def test_the_list_is_searched_by_headline_and_mission(admin_client):
    wanted = ReleaseFactory(title_ko="구호 물자", mission=MissionFactory(name_en="Iraq"))
    ReleaseFactory()

    for words in ("물자", "Iraq", "구호 Iraq"):
        assert rows(admin_client.get(LIST, {"q": words})) == [wanted]


@pytest.mark.parametrize("state", State)
def test_the_list_is_narrowed_to_a_state(admin_client, state):
    releases = {
        State.DRAFT: ReleaseFactory(**DRAFT),
        State.IN_REVIEW: ReleaseFactory(**IN_REVIEW),
        State.SCHEDULED: ReleaseFactory(publish_at=tomorrow()),
        State.PUBLIC: ReleaseFactory(),
        State.WITHDRAWN: ReleaseFactory(withdrawn_at=timezone.now()),
    }

    assert rows(admin_client.get(LIST, {"state": state.value})) == [releases[state]]


@pytest.mark.parametrize("number", [3, 120])
def test_the_list_costs_the_same_however_long(admin_client, django_assert_max_num_queries, number):
    ReleaseFactory.create_batch(number, mission=MissionFactory())

    with django_assert_max_num_queries(10):
        admin_client.get(LIST)


def test_the_list_never_counts_every_release(admin_client):
    ReleaseFactory.create_batch(3)

    with CaptureQueriesContext(
        connection,
    ) as queries:
        admin_client.get(LIST)

    counts = [q["sql"] for q in queries if "COUNT(" in q["sql"] and "releases_release" in q["sql"]]
    assert counts
    assert all(re.search(r"LIMIT \d+\s*\)", sql) for sql in counts)


# Writing


def test_a_release_is_added_with_its_contact_block(admin_client):
    mission = MissionFactory()
    form = filled_form(
        title_ko="새 소식",
        body_en="One.\n\nTwo.<script>x</script>",
        mission=mission.pk,
        rows=(
            {"place": 2, "name": "Second", "phone": "02-555-0101"},
            {"place": 1, "name": "First", "email": "first@example.org"},
        ),
    )

    admin_client.post(f"{LIST}add/", form)

    release = Release.objects.get()
    assert release.state == State.DRAFT
    assert release.body_en == "<p>One.</p>\n\n<p>Two.</p>"
    assert [row.name for row in release.contact_block] == ["First", "Second"]


def test_two_contacts_swap_their_places(admin_client):
    release = ReleaseFactory()
    one, two = (
        ReleaseContactFactory(release=release, position=n, name=name)
        for n, name in enumerate(("One", "Two"))
    )

    admin_client.post(
        change_address(release),
        filled_form(
            release,
            rows=(
                {"id": one.pk, "release": release.pk, "place": 2, "name": "One"},
                {"id": two.pk, "release": release.pk, "place": 1, "name": "Two"},
            ),
        ),
    )

    assert [row.name for row in Release.objects.get().contact_block] == ["Two", "One"]


def test_a_contact_is_taken_out_of_the_block(admin_client):
    release = ReleaseFactory()
    one, two = (
        ReleaseContactFactory(release=release, position=n, name=name)
        for n, name in enumerate(("One", "Two"))
    )

    admin_client.post(
        change_address(release),
        filled_form(
            release,
            rows=(
                {"id": one.pk, "release": release.pk, "place": 1, "name": "One", "DELETE": "on"},
                {"id": two.pk, "release": release.pk, "place": 2, "name": "Two"},
            ),
        ),
    )

    (row,) = Release.objects.get().contact_block
    assert (row.name, row.position) == ("Two", 0)


def test_a_row_that_only_points_to_the_directory_prints_its_words(admin_client):
    entry = PressContactFactory(name="Desk", office="IOM Erbil", email="desk@example.org")
    form = filled_form(title_ko="새 소식", rows=({"place": 1, "contact": entry.pk},))

    admin_client.post(f"{LIST}add/", form)

    (row,) = Release.objects.get().contact_block
    assert (row.name, row.office, row.email) == ("Desk", "IOM Erbil", "desk@example.org")


def test_an_approved_release_must_say_when(admin_client):
    release = ReleaseFactory()

    response = admin_client.post(
        change_address(release), filled_form(release, publish_at_0="", publish_at_1="")
    )

    assertContains(response, "승인한 보도자료의 게시 시각을 정해 주세요.")
    release.refresh_from_db()
    assert release.publish_at == NINE


def test_an_approved_release_keeps_a_text(admin_client):
    release = ReleaseFactory()

    response = admin_client.post(change_address(release), filled_form(release, body_en=""))

    assertContains(response, "승인한 보도자료에는 본문이 있어야 합니다.")


def test_a_release_without_any_headline_is_refused(admin_client):
    response = admin_client.post(f"{LIST}add/", filled_form(body_ko="본문"))

    assertContains(response, "제목을 한국어나 영어로 적어 주세요.")
    assertContains(response, "본문</textarea>")
    assert not Release.objects.exists()


# Doing


def do(client, action: str, *releases: Release):
    return client.post(
        LIST, {"action": action, "_selected_action": [r.pk for r in releases]}, follow=True
    )


@pytest.mark.parametrize(
    ("action", "times", "state"),
    [
        ("submit", DRAFT, State.IN_REVIEW),
        ("approve", IN_REVIEW, State.PUBLIC),
        ("return_to_draft", IN_REVIEW, State.DRAFT),
        ("withdraw", {}, State.WITHDRAWN),
        ("restore", {"withdrawn_at": NINE}, State.PUBLIC),
    ],
)
def test_each_action_moves_a_release_on(admin_client, action, times, state):
    release = ReleaseFactory(**times)

    response = do(admin_client, action, release)

    release.refresh_from_db()
    assert release.state == state
    assertContains(response, "보도자료 1건을 처리했습니다.")


def test_an_action_says_why_it_left_a_release_alone(admin_client):
    draft, public = ReleaseFactory(title_ko="초고", **DRAFT), ReleaseFactory()

    response = do(admin_client, "withdraw", draft, public)

    assertContains(response, "“초고”은(는) ‘초안’ 상태여서 처리할 수 없습니다.")
    assertContains(response, "보도자료 1건을 처리했습니다.")


def test_who_may_only_write_is_not_offered_to_publish_or_withdraw(client):
    client.force_login(editor("view_release", "change_release"))
    release = ReleaseFactory(**IN_REVIEW)

    response = client.get(LIST)
    do(client, "approve", release)

    assertContains(response, 'value="submit"')
    assertNotContains(response, 'value="approve"')
    assertNotContains(response, 'value="withdraw"')
    release.refresh_from_db()
    assert release.state == State.IN_REVIEW


def test_who_may_approve_is_offered_it(client):
    client.force_login(editor("view_release", "change_release", "approve_release"))
    release = ReleaseFactory(**IN_REVIEW)

    do(client, "approve", release)

    release.refresh_from_db()
    assert release.state == State.PUBLIC


# The directory


def test_a_mission_is_added_found_and_changed(admin_client):
    form = {"name_ko": "이라크", "name_en": "Iraq", "slug": "iraq", "time_zone": "Asia/Baghdad"}

    admin_client.post("/admin/contacts/mission/add/", form)
    mission = Mission.objects.get()
    found = admin_client.get("/admin/contacts/mission/", {"q": "iraq"})
    admin_client.post(f"/admin/contacts/mission/{mission.pk}/change/", form | {"aliases": "Irak"})

    assert rows(found) == [mission]
    assert Mission.objects.get().names == ["이라크", "Iraq", "Irak"]


def test_a_press_contact_is_added_and_found(admin_client):
    form = {"name": "Desk", "phone": "02-555-0101", "email": "desk@example.org"}

    admin_client.post("/admin/contacts/presscontact/add/", form)
    found = admin_client.get("/admin/contacts/presscontact/", {"q": "desk@"})

    assert rows(found) == [PressContact.objects.get(name="Desk")]


# Coming in


def test_the_desk_speaks_english_at_its_english_address(admin_client):
    assertContains(admin_client.get("/en/admin/"), "What would you like to do?")
    assertContains(admin_client.get("/admin/"), "무엇을 할까요?")


@pytest.mark.parametrize(("on", "status"), [(True, 302), (False, 200)])
def test_the_demo_account_opens_the_desk_of_a_demo_only(client, settings, on, status):
    settings.DEMO = on
    User.objects.create_superuser(demo.NAME, password=demo.PASSWORD)

    response = client.post(
        "/admin/login/", {"username": demo.NAME, "password": demo.PASSWORD, "next": "/admin/"}
    )

    assert response.status_code == status


def test_an_open_session_of_the_demo_account_ends_with_the_demo(client, settings):
    settings.DEMO = True
    client.force_login(User.objects.create_superuser(demo.NAME, password=demo.PASSWORD))
    assert client.get("/admin/").status_code == 200

    settings.DEMO = False

    assert client.get("/admin/").status_code == 302
