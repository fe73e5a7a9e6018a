"""The editors' desk: finding, writing, approving and withdrawing releases."""

import re
from datetime import date, datetime, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from contacts.models import Mission, PressContact
from iomnews import demo
from releases.models import Release, State

from .factories import (
    DRAFT,
    NINE,
    NOT_PUBLIC,
    SCHEDULED,
    SEOUL,
    MissionFactory,
    PressContactFactory,
    ReleaseContactFactory,
    ReleaseFactory,
)
from .reading import queries_of, read, usually

pytestmark = pytest.mark.django_db

DESK = "/en/admin/"
RELEASES = f"{DESK}releases/release/"
MISSIONS = f"{DESK}contacts/mission/"
CONTACTS = f"{DESK}contacts/presscontact/"
LANGUAGES = pytest.mark.parametrize("desk", ["/admin/", "/en/admin/"], ids=["ko", "en"])


@pytest.fixture
def editor(admin_client):
    """Somebody at the desk who may do everything."""
    return admin_client


def staff(users, *rights):
    """Somebody at the desk who may do no more than `rights`."""
    user = users.objects.create_user("staff", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=rights))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def writer(django_user_model):
    """Somebody who writes releases, and may neither approve nor withdraw them."""
    return staff(django_user_model, "add_release", "change_release")


# What stands on a page of the desk


def columns_of(page):
    """The heads of the columns of a list, but for that of the boxes to tick."""
    heads = page.one("table", id="result_list").one("thead").all("th")[1:]
    return {head.one("div", class_="text").words.lower(): head for head in heads}


def rows_of(page):
    """The rows of a list, each as column -> words."""
    if not page.all("table", id="result_list"):
        return []
    rows = page.one("table", id="result_list").one("tbody").all("tr")
    cells = ([c.words for c in row.all() if c.tag in ("td", "th")][1:] for row in rows)
    return [dict(zip(columns_of(page), row, strict=True)) for row in cells]


def headlines(client, **query):
    return [row["headline"] for row in rows_of(read(client.get(RELEASES, query)))]


def said(response):
    """What the desk told in answer to what was done."""
    return [
        item.words
        for lst in read(response).all("ul", class_="messagelist")
        for item in lst.all("li")
    ]


def complained(response):
    """What the desk found wrong with a form."""
    lists = read(response).all("ul", class_="errorlist")
    return [item.words for errors in lists for item in errors.all("li")]


# What is done there


def form_of(page):
    """The form of a release, a mission or a contact."""
    return next(form for form in page.all("form") if form["id"].endswith("_form"))


def fill_in(client, address, entries):
    """Open the form at `address`, write `entries` over what stands there, and save it."""
    sent = usually(form_of(read(client.get(address))).entries) | entries
    rows = [int(m[1]) + 1 for name in entries if (m := re.match(r"contacts-(\d+)-", name))]
    if rows:
        sent["contacts-TOTAL_FORMS"] = max(int(sent["contacts-TOTAL_FORMS"]), *rows)
    return client.post(address, sent, follow=True)


def act(client, action, *releases, desk=DESK):
    """Tick these releases in the list and choose an action."""
    ticked = {"action": action, "_selected_action": [r.pk for r in releases]}
    return client.post(f"{desk}releases/release/", ticked, follow=True)


def change(release):
    return f"{RELEASES}{release.pk}/change/"


def block_of(release):
    """The contact block as it is kept: place and name of each row."""
    return list(release.contacts.order_by("position").values_list("position", "name"))


# The list


@LANGUAGES
def test_the_list_shows_headline_mission_state_posted_time_and_views(editor, desk):
    iraq = MissionFactory(name_ko="이라크", name_en="Iraq")
    ReleaseFactory(title_ko="구호품 도착", title_en="Relief", mission=iraq, views=234)

    row = rows_of(read(editor.get(f"{desk}releases/release/")))[0]

    assert list(row.values()) == (
        ["(2014/9/9) Relief", "Iraq", "Public", "2014-09-09 09:00", "234"]
        if desk == DESK
        else ["(2014/9/9) 구호품 도착", "이라크", "공개", "2014-09-09 09:00", "234"]
    )


def test_each_state_is_told_in_the_list(editor):
    for times in (*NOT_PUBLIC.values(), {}):
        ReleaseFactory(**times)

    states = [row["state"] for row in rows_of(read(editor.get(RELEASES)))]

    assert set(states) == {"Draft", "In review", "Scheduled", "Public", "Withdrawn"}


def test_what_has_no_posted_time_yet_stands_above_the_newest(editor):
    ReleaseFactory(title_ko="공개")
    ReleaseFactory(title_ko="초안", **DRAFT)
    ReleaseFactory(title_ko="예약", **SCHEDULED)

    assert headlines(editor) == ["(2014/9/9) 초안", "(2014/9/9) 예약", "(2014/9/9) 공개"]


@LANGUAGES
@pytest.mark.parametrize(
    ("column", "order", "order_in_english"),
    [
        ("headline", "ABC", "BAC"),
        ("mission", "BCA", "ABC"),
        ("state", "CAB", "CAB"),
        ("posted", "BAC", "BAC"),
        ("views", "CAB", "CAB"),
    ],
)
def test_the_list_is_sorted_by_each_column_both_ways(editor, desk, column, order, order_in_english):
    titles = {"A": ("가", "Blankets"), "B": ("나", "Arrivals"), "C": ("다", "")}
    missions = {"A": ("이라크", "Iraq"), "B": ("네팔", "Nepal"), "C": ("시리아", "Syria")}
    times = {
        "A": {"publish_at": NINE},
        "B": {"publish_at": NINE - timedelta(days=1), "withdrawn_at": NINE},
        "C": {"publish_at": NINE + timedelta(days=1), "approved_at": None},
    }
    for letter, views in zip("BCA", (30, 10, 20), strict=True):
        (title_ko, title_en), (name_ko, name_en) = titles[letter], missions[letter]
        mission = MissionFactory(name_ko=name_ko, name_en=name_en)
        ReleaseFactory(
            title_ko=title_ko,
            title_en=title_en,
            mission=mission,
            views=views,
            slug=letter,
            **times[letter],
        )
    place = ["headline", "mission", "state", "posted", "views"].index(column)
    page = read(editor.get(f"{desk}releases/release/"))
    shown = {}

    for way in ("up", "down"):
        head = list(columns_of(page).values())[place]
        link = head.one("div", class_="text").one("a")["href"]
        page = read(editor.get(f"{desk}releases/release/{link}"))
        rows = page.one("table", id="result_list").one("tbody").all("th")
        pks = [int(re.search(r"/(\d+)/change/", row.one("a")["href"])[1]) for row in rows]
        shown[way] = "".join(Release.objects.get(pk=pk).slug for pk in pks)

    expected = order_in_english if desk == DESK else order
    assert shown == {"up": expected, "down": expected[::-1]}


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("구호품", ["구호품 도착"]),
        ("RELIEF", ["구호품 도착"]),
        ("Iraq", ["구호품 도착"]),
        ("이라크 구호품", ["구호품 도착"]),
        ("이라크 회의", []),
        ("", ["회의", "구호품 도착"]),
    ],
)
def test_releases_are_found_by_words_of_the_headline_or_by_mission(editor, words, found):
    iraq = MissionFactory(name_ko="이라크", name_en="Iraq")
    ReleaseFactory(title_ko="구호품 도착", title_en="", body_ko="<p>글</p>", mission=iraq)
    Release.objects.update(title_en="")
    ReleaseFactory(title_ko="회의")
    Release.objects.filter(title_ko="구호품 도착").update(title_en="Relief")

    page = read(editor.get("/admin/releases/release/", {"q": words}))

    assert [list(row.values())[0].split(" ", 1)[1] for row in rows_of(page)] == found


@pytest.mark.parametrize("state", State)
def test_the_list_can_be_narrowed_to_one_state(editor, state):
    for kept, times in (*NOT_PUBLIC.items(), (State.PUBLIC, {})):
        ReleaseFactory(title_ko=kept.value, **times)

    page = read(editor.get(RELEASES))
    link = page.one("nav", id="changelist-filter").one("a", href=f"?state={state}")

    assert headlines(editor, state=state) == [f"(2014/9/9) {state}"]
    assert link.words == state.name.replace("_", " ").capitalize()


def test_the_list_can_be_narrowed_to_a_mission_and_offers_them_by_name(editor):
    for name in ("Nepal", "Iraq", "Mexico"):
        ReleaseFactory(title_ko=name, mission=MissionFactory(name_en=name))

    links = read(editor.get(RELEASES)).one("nav", id="changelist-filter").all("a")

    offered = [a for a in links if "mission" in a["href"]]
    assert [a.words for a in offered][:3] == ["Iraq", "Mexico", "Nepal"]
    shown = rows_of(read(editor.get(RELEASES + offered[0]["href"])))
    assert [row["headline"] for row in shown] == ["(2014/9/9) Iraq"]


@pytest.mark.parametrize(
    "query", ["", "?q=Country", "?state=public", "?state=draft", "?o=3.-1", "?p=1"]
)
def test_the_list_costs_the_same_however_long_and_counts_no_more_than_it_must(editor, query):
    for _ in range(5):
        ReleaseFactory(mission=MissionFactory())
    short = queries_of(editor, RELEASES + query)
    for _ in range(115):
        ReleaseFactory(mission=MissionFactory())

    long = queries_of(editor, RELEASES + query)

    counts = [sql for sql in long if "COUNT(" in sql.upper()]
    assert len(short) == len(long) <= 10
    assert counts
    assert all("LIMIT" in sql.upper() for sql in counts)


def test_counting_stops_at_a_bound_and_search_reaches_what_lies_beyond(editor, monkeypatch):
    monkeypatch.setattr("releases.admin.lists.COUNTED", 60)
    oldest = ReleaseFactory(title_ko="맨 처음", publish_at=NINE - timedelta(days=1))
    ReleaseFactory.create_batch(70)

    assert len(headlines(editor, p=1)) == 50
    assert len(headlines(editor, p=2)) == 10
    assert headlines(editor, q="맨 처음") == [str(oldest)]


# Writing


WORDS = {
    "title_en": "Relief arrives",
    "body_en": "Relief has arrived.\n\nMore is coming.<script>alert(1)</script>",
    "release_date": "2014-09-09",
}


def test_a_new_release_is_a_draft_with_its_contacts_in_the_order_of_their_places(editor):
    mission = MissionFactory()
    entry = PressContactFactory(name="Susan Megy", office="IOM Erbil", email="smegy@iom.int")

    response = fill_in(
        editor,
        f"{RELEASES}add/",
        WORDS
        | {
            "mission": mission.pk,
            "contacts-0-name": "Press desk",
            "contacts-0-phone": "+964 66 255 0115",
            "contacts-0-place": "2",
            "contacts-1-contact": entry.pk,
            "contacts-1-place": "1",
        },
    )

    assert complained(response) == []
    release = Release.objects.get()
    assert release.state == State.DRAFT
    assert release.slug == "relief-arrives"
    assert release.body_en == "<p>Relief has arrived.</p>\n\n<p>More is coming.</p>"
    assert (release.mission, release.release_date) == (mission, date(2014, 9, 9))
    first, second = release.contact_block
    assert (first.name, first.office, first.email) == ("Susan Megy", "IOM Erbil", "smegy@iom.int")
    assert (second.name, second.phone, second.contact) == ("Press desk", "+964 66 255 0115", None)


def test_a_changed_release_keeps_what_was_not_touched(editor):
    release = ReleaseFactory(title_ko="구호품", publish_at=NINE, views=234, source_key="text:1")
    before = Release.objects.filter(pk=release.pk).values().get()

    response = fill_in(editor, change(release), {"title_ko": "구호품 도착"})

    after = Release.objects.filter(pk=release.pk).values().get()
    assert complained(response) == []
    assert after.pop("title_ko") == "구호품 도착"
    for name in ("edited_at", "finding_count"):
        before[name] = after[name]
    assert after.items() <= before.items()


def test_the_posted_time_is_written_in_korean_time(editor):
    release = ReleaseFactory(**DRAFT)

    fill_in(editor, change(release), {"publish_at_0": "2014-09-10", "publish_at_1": "08:30"})

    release.refresh_from_db()
    assert release.publish_at == datetime(2014, 9, 10, 8, 30, tzinfo=SEOUL)


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        ({"body_en": ""}, "An approved release needs a text in some language."),
        ({"body_en": "<script>x</script>"}, "An approved release needs a text in some language."),
        ({"title_ko": ""}, "Write a headline in Korean or in English."),
        ({"title_ko": "\u202e"}, "Write a headline in Korean or in English."),
    ],
)
@pytest.mark.parametrize("state", [State.PUBLIC, State.SCHEDULED, State.WITHDRAWN])
def test_what_an_approved_release_needs_cannot_be_taken_from_it(editor, state, entries, words):
    release = ReleaseFactory(**NOT_PUBLIC.get(state, {}))

    response = fill_in(editor, change(release), entries)

    assert complained(response) == [words]
    release.refresh_from_db()
    assert release.state == state


def test_a_refused_form_keeps_every_word_that_was_typed(editor):
    typed = WORDS | {"title_en": "", "contacts-0-name": "Press desk"}

    response = fill_in(editor, f"{RELEASES}add/", typed)

    form = form_of(read(response))
    assert complained(response) == ["Write a headline in Korean or in English."]
    assert form.entries.items() >= typed.items()
    assert not Release.objects.exists()


def test_a_posted_time_that_cannot_be_read_is_told_once(editor):
    response = fill_in(editor, change(ReleaseFactory(**DRAFT)), {"publish_at_0": "next week"})

    assert complained(response) == ["Enter a valid date."]


def test_a_draft_needs_neither_a_posted_time_nor_a_text(editor):
    release = ReleaseFactory(**DRAFT | {"publish_at": NINE})

    response = fill_in(
        editor, change(release), {"publish_at_0": "", "publish_at_1": "", "body_en": ""}
    )

    release.refresh_from_db()
    assert complained(response) == []
    assert (release.publish_at, release.body_en) == (None, "")


@pytest.mark.parametrize(("letters", "fits"), [(150, True), (151, False)])
def test_a_headline_is_measured_as_it_will_be_kept(editor, letters, fits):
    one_letter_in_two = "\u0958"  # NFC writes it as U+0915 U+093C

    response = fill_in(editor, f"{RELEASES}add/", WORDS | {"title_en": one_letter_in_two * letters})

    assert (complained(response) == []) == fits
    assert Release.objects.exists() == fits


def test_a_public_release_leads_from_the_desk_to_its_page(editor):
    release = ReleaseFactory()

    page = read(editor.get(change(release)))

    address = release.get_absolute_url("en")
    assert [
        a["href"] for a in page.all("a") if "/releases/" in a["href"] and "/admin/" not in a["href"]
    ] == [address] * 2


@pytest.mark.parametrize("state", NOT_PUBLIC)
def test_a_release_that_is_not_public_leads_to_its_preview_alone(editor, state):
    release = ReleaseFactory(**NOT_PUBLIC[state])

    page = read(editor.get(change(release)))

    links = page.all("a", href=release.get_absolute_url("en"))
    assert "Not public." in page.one("main").words
    # The page that says that it was withdrawn is none to look forward to.
    previews = [] if state == State.WITHDRAWN else ["Preview in a new window"]
    assert [link.words for link in links] == previews


# The contact block


@pytest.fixture
def release():
    """A public release whose contact block has three rows."""
    release = ReleaseFactory()
    for position, name in enumerate(["First desk", "Second desk", "Third desk"]):
        ReleaseContactFactory(release=release, position=position, name=name)
    return release


def places(*numbers):
    return {f"contacts-{row}-place": str(number) for row, number in enumerate(numbers)}


@pytest.mark.parametrize(
    ("numbers", "names"),
    [
        ((1, 2, 3), ["First desk", "Second desk", "Third desk"]),
        ((2, 1, 3), ["Second desk", "First desk", "Third desk"]),
        ((3, 2, 1), ["Third desk", "Second desk", "First desk"]),
        ((2, 3, 1), ["Third desk", "First desk", "Second desk"]),
        (("", 2, 3), ["Second desk", "Third desk", "First desk"]),
        ((2, 3, 0), ["Third desk", "First desk", "Second desk"]),
        ((5, 5, 1), ["Third desk", "First desk", "Second desk"]),
        ((30_000, 2, 3), ["Second desk", "Third desk", "First desk"]),
    ],
)
def test_the_rows_of_a_block_stand_in_the_order_of_their_places(editor, release, numbers, names):
    response = fill_in(editor, change(release), places(*numbers))

    assert complained(response) == []
    assert block_of(release) == list(enumerate(names))


def test_a_row_that_is_deleted_leaves_no_gap(editor, release):
    fill_in(editor, change(release), {"contacts-0-DELETE": "on"})

    assert block_of(release) == [(0, "Second desk"), (1, "Third desk")]


def test_rows_are_deleted_added_and_moved_in_one_go(editor, release):
    fill_in(
        editor,
        change(release),
        {
            "contacts-0-DELETE": "on",
            "contacts-1-place": "9",
            "contacts-3-name": "New desk",
            "contacts-3-place": "1",
        },
    )

    assert block_of(release) == [(0, "New desk"), (1, "Third desk"), (2, "Second desk")]


def test_a_row_that_only_points_to_the_directory_prints_what_stands_there(editor, release):
    entry = PressContactFactory(
        name="Susan Megy", office="IOM Erbil", phone="+964 750 0166 072", email="smegy@iom.int"
    )

    response = fill_in(editor, change(release), {"contacts-3-contact": entry.pk})

    row = release.contacts.get(contact=entry)
    assert complained(response) == []
    assert row.position == 3
    assert (row.name, row.office, row.phone, row.email) == (
        "Susan Megy",
        "IOM Erbil",
        "+964 750 0166 072",
        "smegy@iom.int",
    )


def test_what_was_typed_beside_a_directory_entry_is_kept(editor, release):
    entry = PressContactFactory(name="Susan Megy", phone="+964 750 0166 072")

    fill_in(
        editor,
        change(release),
        {"contacts-3-contact": entry.pk, "contacts-3-phone": "+964 66 255 0115"},
    )

    row = release.contacts.get(contact=entry)
    assert (row.name, row.phone) == ("Susan Megy", "+964 66 255 0115")


def test_what_was_printed_under_a_name_is_not_filled_up_from_the_directory(editor, release):
    entry = PressContactFactory(name="Susan Megy", phone="+964 750 0166 072")

    fill_in(editor, change(release), {"contacts-3-contact": entry.pk, "contacts-3-name": "S. Megy"})

    row = release.contacts.get(contact=entry)
    assert (row.name, row.phone) == ("S. Megy", "")


@pytest.mark.parametrize(
    "entries", [{"contacts-3-phone": "+964 66 255 0115"}, {"contacts-0-name": ""}]
)
def test_a_row_that_names_nobody_is_refused(editor, release, entries):
    before = block_of(release)

    response = fill_in(editor, change(release), entries)

    assert complained(response) == ["Say who is to be called."]
    assert block_of(release) == before


def test_a_form_does_not_load_the_whole_directory(editor, release):
    PressContactFactory.create_batch(10)
    MissionFactory.create_batch(10)

    form = form_of(read(editor.get(change(release))))

    for name in ("mission", "contacts-0-contact"):
        assert len(form.one("select", name=name).all("option")) == 1


# Rights


def test_somebody_who_may_only_look_is_offered_nothing_and_changes_nothing(django_user_model):
    reader = staff(django_user_model, "view_release")
    release = ReleaseFactory(title_ko="제목", **DRAFT)

    page = read(reader.get(RELEASES))
    posted = reader.post(change(release), {"title_ko": "다른 제목"})

    assert not page.all("select", name="action")
    assert posted.status_code == 403
    assert Release.objects.get().title_ko == "제목"


# Missions and press contacts


def test_a_mission_is_added_and_changed(editor):
    added = fill_in(
        editor,
        f"{MISSIONS}add/",
        {"name_en": "Iraq", "slug": "iraq", "country_code": "IQ", "time_zone": "Asia/Baghdad"},
    )
    mission = Mission.objects.get()
    changed = fill_in(editor, f"{MISSIONS}{mission.pk}/change/", {"name_ko": "이라크"})

    mission.refresh_from_db()
    assert (complained(added), complained(changed)) == ([], [])
    assert (mission.name_ko, mission.name_en, mission.slug) == ("이라크", "Iraq", "iraq")


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        ({"name_en": ""}, "Give the mission a name in Korean or in English."),
        ({"country_code": "iq"}, "Two capital letters, as KR."),
        ({"time_zone": "Baghdad"}, "“Baghdad” is no time zone. Write it as Asia/Seoul."),
        ({"slug": "nepal"}, "Mission with this Address already exists."),
    ],
)
def test_a_mission_that_does_not_fit_is_refused_with_the_reason(editor, entries, words):
    MissionFactory(slug="nepal")
    fits = {"name_en": "Iraq", "slug": "iraq", "country_code": "IQ", "time_zone": "Asia/Baghdad"}

    response = fill_in(editor, f"{MISSIONS}add/", fits | entries)

    assert complained(response) == [words]
    assert Mission.objects.count() == 1


@pytest.mark.parametrize("words", ["이라크", "iraq", "El Irak"])
def test_a_mission_is_found_by_each_of_its_names(editor, words):
    MissionFactory(name_ko="이라크", name_en="Iraq", aliases="El Irak")
    MissionFactory(name_ko="네팔", name_en="Nepal")

    assert len(rows_of(read(editor.get(MISSIONS, {"q": words})))) == 1


@LANGUAGES
def test_missions_are_listed_by_name(editor, desk):
    for korean, english in [("이라크", "Iraq"), ("네팔", "Nepal"), ("요르단", "Jordan")]:
        MissionFactory(name_ko=korean, name_en=english)

    rows = rows_of(read(editor.get(f"{desk}contacts/mission/")))

    names = [list(row.values())[desk == DESK] for row in rows]
    assert names == sorted(names)


def test_a_mission_with_releases_cannot_be_deleted(editor):
    mission = MissionFactory()
    ReleaseFactory(mission=mission)

    page = editor.post(f"{MISSIONS}{mission.pk}/delete/", {"post": "yes"}, follow=True)

    assert Mission.objects.exists()
    assert "Cannot delete" in read(page).one("h1").words


def test_a_press_contact_is_added_changed_and_succeeded(editor):
    mission = MissionFactory()
    successor = PressContactFactory()

    added = fill_in(
        editor,
        f"{CONTACTS}add/",
        {"name": "Susan Megy", "office": "IOM Erbil", "mission": mission.pk},
    )
    entry = PressContact.objects.get(name="Susan Megy")
    changed = fill_in(
        editor,
        f"{CONTACTS}{entry.pk}/change/",
        {"left_on": "2014-12-31", "successor": successor.pk},
    )

    entry.refresh_from_db()
    assert (complained(added), complained(changed)) == ([], [])
    assert (entry.mission, entry.successor, entry.left_on) == (
        mission,
        successor,
        date(2014, 12, 31),
    )


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        ({"name": ""}, "This field is required."),
        ({"email": "smegy at iom.int"}, "Enter a valid email address."),
    ],
)
def test_a_press_contact_that_does_not_fit_is_refused_with_the_reason(editor, entries, words):
    response = fill_in(editor, f"{CONTACTS}add/", {"name": "Susan Megy"} | entries)

    assert complained(response) == [words]
    assert not PressContact.objects.exists()


def test_nobody_is_made_their_own_successor(editor):
    entry = PressContactFactory()

    response = fill_in(editor, f"{CONTACTS}{entry.pk}/change/", {"successor": entry.pk})

    entry.refresh_from_db()
    assert complained(response) == ["Somebody else must succeed this person."]
    assert entry.successor is None


def test_press_contacts_are_found_and_told_apart_by_whether_they_have_left(editor):
    PressContactFactory(name="Susan Megy", left_on=date(2014, 12, 31))
    PressContactFactory(name="Sandra Black")

    everyone = rows_of(read(editor.get(CONTACTS)))
    found = rows_of(read(editor.get(CONTACTS, {"q": "megy"})))
    here = rows_of(read(editor.get(CONTACTS, {"left_on__isempty": "1"})))

    assert [row["name"] for row in everyone] == ["Sandra Black", "Susan Megy"]
    assert [row["name"] for row in found] == ["Susan Megy"]
    assert [row["name"] for row in here] == ["Sandra Black"]


@pytest.mark.parametrize(
    ("field", "model", "found"),
    [("mission", "release", ["Iraq", "Nepal"]), ("contact", "releasecontact", ["Susan (Iraq)"])],
)
def test_a_form_offers_what_the_first_letters_find_by_name(editor, field, model, found):
    for name in ("Nepal", "Iraq"):
        MissionFactory(name_en=name, slug=f"office-{name.lower()}")
    PressContactFactory(name="Susan", office="Iraq")

    answer = editor.get(
        f"{DESK}autocomplete/",
        {
            "app_label": "releases",
            "model_name": model,
            "field_name": field,
            "term": "office" if field == "mission" else "sus",
        },
    )

    assert [result["text"] for result in answer.json()["results"]] == found


# The door


@pytest.mark.parametrize(
    ("desk", "lang", "name"),
    [("/admin/", "ko", "뉴스룸 데스크"), ("/en/admin/", "en", "Newsroom desk")],
)
def test_the_desk_speaks_the_language_of_its_address(editor, desk, lang, name):
    page = read(editor.get(desk))

    assert page.one("html")["lang"] == lang
    assert name in page.one("header").words


def sign_in(client, name, password, desk=DESK):
    """Sign in at the door, and say whether it opened."""
    client.get(f"{desk}login/")
    answer = client.post(
        f"{desk}login/?next={desk}", {"username": name, "password": password}, follow=True
    )
    return answer.redirect_chain == [(desk, 302)]


@LANGUAGES
@pytest.mark.parametrize("page", ["", "releases/release/", "releases/release/1/change/"])
def test_the_desk_is_closed_to_strangers(client, desk, page):
    ReleaseFactory(pk=1, **DRAFT)

    answer = client.get(desk + page)

    assert answer.status_code == 302
    assert answer["Location"].startswith(f"{desk}login/")


def test_staff_sign_in_with_their_password_and_others_do_not(client, django_user_model):
    django_user_model.objects.create_user("kim", password="a long password", is_staff=True)
    django_user_model.objects.create_user("lee", password="a long password")

    assert not sign_in(client, "kim", "another password")
    assert not sign_in(client, "lee", "a long password")
    assert sign_in(client, "kim", "a long password")


@pytest.fixture
def demo_account(django_user_model):
    return django_user_model.objects.create_superuser(demo.NAME, password=demo.PASSWORD)


def test_the_demo_account_signs_in_where_the_site_is_a_demo(client, settings, demo_account):
    settings.DEMO = True

    assert sign_in(client, demo.NAME, demo.PASSWORD)


def test_the_demo_account_stays_outside_where_the_site_is_no_demo(client, demo_account):
    assert not sign_in(client, demo.NAME, demo.PASSWORD)


def test_the_demo_account_is_put_out_when_the_demo_ends(client, settings, demo_account):
    settings.DEMO = True
    sign_in(client, demo.NAME, demo.PASSWORD)
    inside = client.get(DESK).status_code

    settings.DEMO = False

    assert (inside, client.get(DESK).status_code) == (200, 302)
