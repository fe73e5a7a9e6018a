"""A press contact leaves and hands over; readers of old releases are led to who answers now."""

from datetime import date, timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from contacts.models import PressContact
from tests.factories import (
    DRAFT,
    MissionFactory,
    PressContactFactory,
    ReleaseContactFactory,
    ReleaseFactory,
)
from tests.reading import queries_of, read

from .people import AUTHOR, EDITOR, KEEPER, person, signed_in

pytestmark = pytest.mark.django_db

CONTACTS = "/en/admin/contacts/presscontact/"
YESTERDAY = timezone.localdate() - timedelta(days=1)
NEXT_WEEK = timezone.localdate() + timedelta(days=7)


@pytest.fixture
def keeper():
    return signed_in(person(KEEPER))


def page_of(contact):
    return f"{CONTACTS}{contact.pk}/hand-over/"


def hand_over(client, contact, last_day, successor=None):
    sent = {
        "last_day": last_day.isoformat(),
        "answers": "person" if successor else "newsroom",
        "successor": successor.pk if successor else "",
    }
    return client.post(page_of(contact), sent, follow=True)


def complaints_in(response):
    return [li.words for ul in read(response).all("ul", class_="errorlist") for li in ul.all("li")]


def printed(contact, **values):
    """A release whose contact block names `contact`."""
    release = ReleaseFactory(**values)
    ReleaseContactFactory(
        release=release, contact=contact, name=contact.name, email=contact.email, phone=""
    )
    return release


def called_for(client, release):
    """Whom the public page of `release` tells to call."""
    page = read(client.get(release.get_absolute_url("en")))
    return page.one("address", class_="contacts").words


def test_old_releases_name_the_successor_from_the_day_after(keeper, client):
    gone = PressContactFactory(name="Susan", email="susan@example.org")
    heir = PressContactFactory(name="Sandra", email="sandra@example.org")
    release = printed(gone)

    response = hand_over(keeper, gone, YESTERDAY, heir)

    gone.refresh_from_db()
    assert response.redirect_chain[-1][0] == f"{CONTACTS}{gone.pk}/change/"
    assert (gone.left_on, gone.successor) == (YESTERDAY, heir)
    words = called_for(client, release)
    assert "sandra@example.org" in words
    assert "Answers for Susan, who has left." in words
    assert "susan@example.org" not in words


@pytest.mark.parametrize("last_day", [timezone.localdate(), NEXT_WEEK])
def test_until_the_last_day_is_over_the_page_stays_as_it_was(keeper, client, last_day):
    gone = PressContactFactory(name="Susan", email="susan@example.org")
    release = printed(gone)

    hand_over(keeper, gone, last_day, PressContactFactory(name="Sandra"))

    assert "susan@example.org" in called_for(client, release)
    assert "Sandra" not in called_for(client, release)


def test_where_nobody_follows_the_newsroom_answers(keeper, client, settings):
    settings.NEWSROOM_EMAIL = "newsroom@example.org"
    gone = PressContactFactory(name="Susan", successor=PressContactFactory(name="Sandra"))
    release = printed(gone)

    hand_over(keeper, gone, YESTERDAY)

    gone.refresh_from_db()
    assert gone.successor is None
    words = called_for(client, release)
    assert "Susan has left. Please write to the newsroom: newsroom@example.org" in words
    assert "Sandra" not in words


def test_who_was_handed_over_to_somebody_that_leaves_is_handed_on(keeper, client):
    second = PressContactFactory(name="Second", email="second@example.org")
    first = PressContactFactory(name="First", left_on=date(2014, 1, 1), successor=second)
    third = PressContactFactory(name="Third", email="third@example.org")
    release = printed(first)
    before = called_for(client, release)

    page = read(keeper.get(page_of(second)))
    hand_over(keeper, second, YESTERDAY, third)

    assert "second@example.org" in before
    assert "First" in page.one("form", id="hand_over_form").words
    assert "third@example.org" in called_for(client, release)


def test_two_who_succeed_each_other_end_at_the_newsroom(keeper, client, settings):
    settings.NEWSROOM_EMAIL = "newsroom@example.org"
    one = PressContactFactory(name="One")
    other = PressContactFactory(name="Other", successor=one)
    release = printed(one)

    hand_over(keeper, one, YESTERDAY, other)
    hand_over(keeper, other, YESTERDAY, None)

    assert "newsroom@example.org" in called_for(client, release)


def test_the_page_says_how_many_releases_will_name_the_successor(keeper):
    gone = PressContactFactory()
    before = PressContactFactory(left_on=YESTERDAY, successor=gone)
    still_here = PressContactFactory(successor=gone)
    printed(gone)
    twice = printed(before)
    ReleaseContactFactory(release=twice, contact=gone)
    printed(still_here)
    printed(gone, **DRAFT)  # not the keeper's to know of

    words = read(keeper.get(page_of(gone))).one("form", id="hand_over_form").words

    assert "2 releases will name the successor from then on." in words


@pytest.mark.parametrize(
    ("entries", "complaint"),
    [
        ({"last_day": ""}, "This field is required."),
        ({"last_day": "soon"}, "Enter a valid date."),
        ({"answers": "person", "successor": ""}, "Choose who answers, or the newsroom’s own"),
        ({"answers": "person", "successor": "self"}, "Somebody else must succeed this person."),
        ({"answers": "person", "successor": "left"}, "Left will have left by then."),
        ({"answers": "person", "successor": "0"}, "Select a valid choice."),
        ({"answers": "person", "successor": "x"}, "Select a valid choice."),
        ({"answers": ""}, "This field is required."),
        ({"answers": "somebody"}, "Select a valid choice."),
    ],
)
def test_what_does_not_fit_is_refused_at_its_field_and_changes_nothing(keeper, entries, complaint):
    gone = PressContactFactory()
    left = PressContactFactory(name="Left", left_on=YESTERDAY)
    keys = {"self": gone.pk, "left": left.pk}
    entries = {name: keys.get(value, value) for name, value in entries.items()}

    fits = {"last_day": YESTERDAY.isoformat(), "answers": "newsroom", "successor": ""}
    response = keeper.post(page_of(gone), fits | entries)

    assert [said[: len(complaint)] for said in complaints_in(response)] == [complaint]
    gone.refresh_from_db()
    assert (gone.left_on, gone.successor) == (None, None)


def test_a_successor_may_leave_later_but_not_before(keeper):
    gone = PressContactFactory()
    heir = PressContactFactory(name="Heir", left_on=NEXT_WEEK)

    too_late = hand_over(keeper, gone, NEXT_WEEK, heir)
    in_time = hand_over(keeper, gone, NEXT_WEEK - timedelta(days=1), heir)

    assert complaints_in(too_late) == ["Heir will have left by then."]
    assert complaints_in(in_time) == []


def test_only_who_keeps_the_directory_hands_over():
    contact = PressContactFactory()
    for role, status in [(KEEPER, 200), (EDITOR, 200), (AUTHOR, 403), ("", 403)]:
        client = signed_in(person(role))

        assert client.get(page_of(contact)).status_code == status
        if status == 403:
            assert hand_over(client, contact, YESTERDAY).status_code == 403

    contact.refresh_from_db()
    assert contact.left_on is None


def test_a_stranger_is_asked_to_sign_in(client):
    answer = client.post(page_of(PressContactFactory()), {"answers": "newsroom"})

    assert answer.status_code == 302
    assert "/login/" in answer["Location"]


def test_nobody_can_hand_over_for_a_contact_that_is_none(keeper):
    assert keeper.get(f"{CONTACTS}0/hand-over/").status_code == 404
    assert keeper.delete(page_of(PressContactFactory())).status_code == 405


def test_the_form_of_a_contact_leads_to_the_page_for_who_may(keeper):
    contact = PressContactFactory()
    author = signed_in(person(AUTHOR))

    for client, links in [(keeper, 1), (author, 0)]:
        page = read(client.get(f"{CONTACTS}{contact.pk}/change/"))
        assert len(page.all("a", href=page_of(contact))) == links


def test_the_action_of_the_list_leads_to_the_page_for_one_at_a_time(keeper):
    one, other = PressContactFactory.create_batch(2)
    act = {"action": "hand_over_selected"}

    led = keeper.post(CONTACTS, act | {"_selected_action": [one.pk]})
    refused = keeper.post(CONTACTS, act | {"_selected_action": [one.pk, other.pk]}, follow=True)

    assert (led.status_code, led["Location"]) == (302, page_of(one))
    assert "Hand over one person at a time." in read(refused).words


def test_handing_over_is_kept_in_the_history(keeper):
    gone, heir = PressContactFactory(name="Susan"), PressContactFactory(name="Sandra")

    hand_over(keeper, gone, date(2014, 12, 31), heir)

    said = LogEntry.objects.get().get_change_message()
    assert said == "Susan is named until Dec. 31, 2014; then Sandra (IOM Exampleland) answers."


def test_handing_over_changes_nothing_else_that_somebody_edited_meanwhile():
    contact = PressContactFactory(phone="old")
    PressContact.objects.filter(pk=contact.pk).update(phone="new")

    contact.hand_over(YESTERDAY, None)

    contact.refresh_from_db()
    assert contact.phone == "new"


def test_the_page_costs_the_same_however_many_releases_there_are(keeper):
    contact = PressContactFactory(mission=MissionFactory())
    printed(contact)
    few = queries_of(keeper, page_of(contact))
    for _ in range(30):
        printed(contact)

    assert len(queries_of(keeper, page_of(contact))) == len(few) <= 9
