"""Where somebody is signed in, for how long, and an end to it."""

from datetime import datetime, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from iomnews.accounts import sessions
from tests.reading import read

from .people import ACCOUNT, DESK, PASSWORD, is_inside, person, typed

pytestmark = pytest.mark.django_db

WHALE = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130 Whale/4.28 Safari/537.36"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1"


def browser(user, agent: str = WHALE, address: str = "203.0.113.1") -> Client:
    """A browser in which `user` has signed in."""
    client = Client(HTTP_USER_AGENT=agent, REMOTE_ADDR=address)
    typed(client, user.username)
    return client


def listed(client: Client) -> list[str]:
    page = read(client.get(ACCOUNT))
    return [entry.words for entry in page.one("ul", class_="sessions").all("li")]


def test_the_list_shows_ones_own_sessions_this_one_first():
    editor = person("editor")
    here = browser(editor)
    browser(editor, IPHONE, "198.51.100.7")
    browser(editor)
    browser(person("author"))

    shown = listed(here)

    assert len(shown) == 3
    assert "Whale, Windows" in shown[0]
    assert "this browser, now" in shown[0]
    assert any("Safari, iPhone" in it and "another network address" in it for it in shown[1:])
    assert any("Whale" in it and "address that you have now" in it for it in shown[1:])


def test_no_address_is_kept():
    browser(person("editor"), address="198.51.100.7")

    kept = [str(session.get_decoded()) for session in Session.objects.all()]

    assert len(kept) == 1
    assert "198.51.100" not in kept[0]


def test_one_session_is_ended_or_all_others_or_all():
    editor = person("editor")
    here, there, elsewhere = browser(editor), browser(editor, IPHONE), browser(editor)
    colleague = browser(person("author"))

    page = read(here.get(ACCOUNT))
    iphone = next(li for li in page.all("li") if "iPhone" in li.words)
    here.post(ACCOUNT, {"do": "end", "session": iphone.one("input", name="session")["value"]})
    assert [is_inside(it) for it in (here, there, elsewhere)] == [True, False, True]

    here.post(ACCOUNT, {"do": "end-others"})
    assert [is_inside(it) for it in (here, elsewhere)] == [True, False]

    again = browser(editor)
    here.post(ACCOUNT, {"do": "end-all"})
    assert [is_inside(it) for it in (here, again, colleague)] == [False, False, True]


@pytest.mark.parametrize("session", ["", "x", "0" * 20])
def test_nobody_ends_a_session_of_somebody_else(session):
    colleague = person("author")
    there, here = browser(colleague), browser(person("editor"))
    theirs = sessions.of(colleague, there.get(ACCOUNT).wsgi_request)[0].id

    here.post(ACCOUNT, {"do": "end", "session": theirs})
    here.post(ACCOUNT, {"do": "end", "session": session})

    assert is_inside(there)
    assert is_inside(here)


def test_a_new_password_ends_all_other_sessions():
    editor = person("editor")
    here, there = browser(editor), browser(editor)
    new = "another harbour lantern"
    sent = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}

    here.post(f"{DESK}password_change/", sent)

    assert len(listed(here)) == 1  # before the other has asked, and been found out
    assert (is_inside(here), is_inside(there)) == (True, False)


def test_a_session_ends_when_it_is_not_used_and_a_week_after_it_began(client):
    begun = timezone.now()

    assert sessions._left(begun, begun) == 12 * 3600
    assert sessions._left(begun, begun + timedelta(days=6, hours=20)) == 4 * 3600
    assert sessions._left(begun, begun + timedelta(days=8)) == 1


def test_use_puts_off_the_end_and_what_a_page_asks_by_itself_does_not():
    editor = person("editor")
    here = browser(editor)

    def used_ago(**time) -> Session:
        session = here.session
        past = (timezone.now() - timedelta(**time)).isoformat()
        session[sessions.ABOUT] = session[sessions.ABOUT] | {"used": past}
        session.save()
        Session.objects.update(expire_date=timezone.now() + timedelta(minutes=1))
        return Session.objects.get()

    def ends() -> datetime:
        return Session.objects.get().expire_date

    soon = used_ago(minutes=6).expire_date
    here.get(DESK, headers={"Sec-Fetch-Dest": "empty"})
    assert ends() == soon
    here.get(DESK, headers={"Sec-Fetch-Dest": "document"})
    assert ends() > soon + timedelta(hours=11)
    soon = used_ago(minutes=4).expire_date
    here.get(DESK)
    assert ends() == soon  # not each request writes


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (WHALE, "Whale, Windows"),
        (IPHONE, "Safari, iPhone"),
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
            "Firefox, Linux",
        ),
        (
            "Mozilla/5.0 (Linux; Android 14) Chrome/124 SamsungBrowser/26.0",
            "Samsung Internet, Android",
        ),
        ("curl/8.5", ""),
        ("", ""),
    ],
)
def test_a_browser_is_named_as_people_call_it(agent, name):
    assert sessions.browser_of(agent) == name
