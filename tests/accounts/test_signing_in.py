"""Signing in: whoever guesses waits, and nothing tells who has an account."""

from datetime import timedelta

import pytest
from django.contrib.auth import hashers
from django.test import Client
from django.utils import timezone

from iomnews.accounts import throttle
from releases.models import RecentReader
from tests.reading import read

from .people import DESK, DOOR, PASSWORD, is_inside, person, typed, with_app

pytestmark = pytest.mark.django_db


def at(address: str) -> dict[str, str]:
    return {"REMOTE_ADDR": address}


def wrong(client: Client, name: str, times: int, **sent) -> list[int]:
    return [typed(client, name, "wrong", **sent).status_code for _ in range(times)]


def later(monkeypatch, **time) -> None:
    """Let so much time go by for whoever is at the door."""
    now = timezone.now() + timedelta(**time)
    monkeypatch.setattr(throttle.timezone, "now", lambda: now)


# Guessing


def test_whoever_is_wrong_too_often_is_told_when_to_try_again_and_nothing_else(client):
    person("editor")

    answers = wrong(client, "editor", 5)
    right = typed(client, "editor")

    assert answers == [200] * 5
    assert right.status_code == 429
    assert 14 * 60 < int(right["Retry-After"]) <= 15 * 60
    assert (
        read(right).one("p", class_="errornote").words == "Too many tries. Try again in 15 minutes."
    )
    assert not is_inside(client)


def test_it_is_said_in_the_readers_language(client):
    wrong(client, "editor", 5)

    response = client.post("/admin/login/", {"username": "editor", "password": "x"})

    assert "너무 여러 번 시도했습니다. 15분 뒤에" in response.content.decode()


def test_after_the_wait_the_right_password_opens(client, monkeypatch):
    person("editor")
    wrong(client, "editor", 6)
    later(monkeypatch, minutes=15, seconds=1)

    assert typed(client, "editor").status_code == 302


def test_a_name_that_nobody_has_is_stopped_just_alike(client):
    person("editor")

    known = wrong(client, "editor", 7, **at("203.0.113.1"))
    unknown = wrong(client, "nobody", 7, **at("203.0.113.2"))

    assert known == unknown == [200] * 5 + [429] * 2


def test_names_that_differ_in_case_alone_are_tried_together(client):
    assert wrong(client, "editor", 3) + wrong(client, "Editor", 3) == [200] * 5 + [429]


def test_one_guesser_stops_nobody_at_another_address(client):
    person("editor")
    wrong(client, "editor", 200, **at("203.0.113.1"))

    assert typed(client, "editor", **at("203.0.113.2")).status_code == 302


def test_one_address_cannot_try_many_names(client):
    person("editor")
    answers = [typed(client, f"name-{n}", "wrong").status_code for n in range(31)]

    assert answers == [200] * 30 + [429]
    assert typed(client, "editor").status_code == 429


def test_many_addresses_cannot_try_one_name(client):
    answers = [wrong(client, "editor", 1, **at(f"203.0.{n}.1"))[0] for n in range(101)]

    assert answers == [200] * 100 + [429]


def test_nobody_is_locked_out_of_a_browser_in_which_they_have_signed_in(client):
    person("editor")
    typed(client, "editor")
    client.post(f"{DESK}logout/")
    for n in range(101):
        wrong(Client(), "editor", 1, **at(f"203.0.{n}.1"))
    wrong(Client(), "editor", 6, **at("127.0.0.1"))

    stranger = typed(Client(), "editor", **at("198.51.100.1"))
    assert (stranger.status_code, typed(client, "editor").status_code) == (429, 302)


def test_a_known_browser_has_ten_tries_and_is_known_for_its_own_name_alone(client):
    person("editor")
    person("author")
    typed(client, "editor")
    client.post(f"{DESK}logout/")

    assert wrong(client, "editor", 11) == [200] * 10 + [429]
    assert wrong(client, "author", 6) == [200] * 5 + [429]


@pytest.mark.parametrize("forged", ["x", "x:y:z", "WyJhIl0:1:x", ""])
def test_a_forged_cookie_makes_no_browser_known(client, forged):
    client.cookies["known"] = forged

    assert wrong(client, "editor", 6) == [200] * 5 + [429]


def test_right_passwords_use_up_no_tries_of_colleagues_behind_one_address():
    person("editor")

    answers = [typed(Client(), "editor").status_code for _ in range(31)]

    assert answers == [302] * 31


def test_what_is_kept_of_tries_are_marks(client):
    wrong(client, "editor", 1)

    assert [len(bytes(row.mark)) for row in RecentReader.objects.all()] == [16] * 3


# Who has an account


def words_of(response) -> list:
    return response.status_code, read(response).one("p", class_="errornote").words


def test_all_who_are_refused_read_the_same(client, django_user_model):
    person("editor")
    django_user_model.objects.create_user("visitor", password=PASSWORD)
    django_user_model.objects.create_user("gone", password=PASSWORD, is_staff=True, is_active=False)

    said = [
        words_of(typed(client, name, password))
        for name, password in [
            ("editor", "wrong"),
            ("nobody", "wrong"),
            ("visitor", PASSWORD),
            ("gone", PASSWORD),
        ]
    ]

    assert len(set(said)) == 1


def test_all_who_are_refused_cost_the_same_hashing(client, django_user_model, monkeypatch):
    """Counted, for a clock would tell of other things as well."""
    person("editor")
    django_user_model.objects.create_user("visitor", password=PASSWORD)
    django_user_model.objects.create_user("gone", password=PASSWORD, is_staff=True, is_active=False)
    django_user_model.objects.create_user("without", is_staff=True)
    spent = []
    hasher = hashers.get_hasher()
    real = type(hasher).encode
    monkeypatch.setattr(
        type(hasher), "encode", lambda *words: spent.append(words[1]) or real(*words)
    )
    costs = {}

    for name in ["editor", "nobody", "visitor", "gone", "without"]:
        spent.clear()
        typed(client, name, "wrong")
        costs[name] = len(spent)

    assert costs == dict.fromkeys(costs, 1)


def test_whoever_is_stopped_costs_no_hashing(client, monkeypatch):
    person("editor")
    wrong(client, "editor", 5)
    spent = []
    monkeypatch.setattr(
        hashers.MD5PasswordHasher, "encode", lambda *words: spent.append(words) or "md5$x$y"
    )

    typed(client, "editor")

    assert spent == []


def test_the_door_leads_to_no_page_that_tells_of_accounts(client):
    page = read(client.get(DOOR))

    assert not [a for a in page.all("a") if "reset" in (a["href"] or "")]
    assert client.get(f"{DESK}password_reset/").status_code in (302, 404)


# The way on


@pytest.mark.parametrize(
    "way_on",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "///x"],
)
@pytest.mark.parametrize("has_app", [False, True])
def test_signing_in_leads_to_no_other_site(client, way_on, has_app):
    user = person("editor")
    if has_app:
        _key, codes = with_app(user)

    answer = typed(client, "editor", way_on=way_on)
    if has_app:
        answer = client.post(answer["Location"], {"code": codes[0]})

    assert answer["Location"] == DESK


def test_signing_in_leads_to_where_one_wanted_to_go(client):
    person("editor")

    answer = typed(client, "editor", way_on="/en/admin/releases/release/add/")

    assert answer["Location"] == "/en/admin/releases/release/add/"


# Passwords


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("short words", "too short"),
        ("administrator", "too common"),
        ("98412376509841", "entirely numeric"),
        ("kim-minji-2026", "too similar"),
    ],
)
def test_a_weak_password_is_not_taken(client, password, fault):
    user = person("editor")
    user.username = "kim-minji-202"
    user.save()
    client.force_login(user)
    sent = {"old_password": PASSWORD, "new_password1": password, "new_password2": password}

    response = client.post(f"{DESK}password_change/", sent)

    assert fault in response.content.decode()
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def changed(client: Client, old: str, new: str = "another lantern at sea", desk: str = DESK):
    """The answer to whoever is signed in and types `old` as their password, to have `new`."""
    sent = {"old_password": old, "new_password1": new, "new_password2": new}
    return client.post(f"{desk}password_change/", sent)


def test_whoever_sits_at_an_open_desk_cannot_try_old_passwords_without_end(client):
    user = person("editor")
    client.force_login(user)

    answers = [changed(client, "wrong").status_code for _ in range(5)]
    right = changed(client, PASSWORD)

    assert answers == [200] * 5
    assert right.status_code == 429
    assert 14 * 60 < int(right["Retry-After"]) <= 15 * 60
    assert "Too many tries. Try again in 15 minutes." in right.content.decode()
    korean = changed(client, PASSWORD, desk="/admin/").content.decode()
    assert "너무 여러 번 시도했습니다. 15분 뒤에" in korean
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_after_the_wait_a_password_can_be_changed(client, monkeypatch):
    client.force_login(person("editor"))
    for _ in range(6):
        changed(client, "wrong")
    later(monkeypatch, minutes=15, seconds=1)

    assert changed(client, PASSWORD).status_code == 302


def test_tries_of_old_passwords_are_over_with_the_right_one_and_are_ones_own(client):
    client.force_login(person("editor"))
    for _ in range(2):
        for _ in range(4):
            changed(client, "wrong")
        changed(client, PASSWORD, "short")  # right, and the new one is not taken
    colleague = Client()
    colleague.force_login(person("author"))

    assert changed(client, "wrong").status_code == 200
    assert changed(colleague, PASSWORD).status_code == 302


def test_whoever_has_an_open_desk_keeps_its_owner_from_nothing_elsewhere(client):
    user = person("editor")
    thief = Client()
    for browser in (thief, client):
        browser.force_login(user)

    answers = [changed(thief, "wrong").status_code for _ in range(60)]

    assert answers == [200] * 5 + [429] * 55
    assert changed(client, PASSWORD).status_code == 302
    assert not is_inside(thief)


def test_many_open_desks_of_one_person_cannot_try_without_end():
    user = person("editor")
    desks = [Client() for _ in range(11)]
    for desk in desks:
        desk.force_login(user)

    answers = [changed(desk, "wrong").status_code for desk in desks for _ in range(5)]

    assert answers == [200] * 50 + [429] * 5


@pytest.mark.parametrize("sent", [{}, {"usable_password": "false", "unset-password": "1"}])
def test_nobody_gives_themselves_a_password_without_the_one_they_have(client, sent):
    user = person("superuser")
    client.force_login(user)
    new = {"usable_password": "true", "password1": "another lantern at sea"}
    address = f"{DESK}auth/user/{user.pk}/password/"

    shown = client.get(address)
    given = client.post(address, new | {"password2": new["password1"]} | sent)

    assert shown["Location"] == given["Location"] == f"{DESK}password_change/"
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
