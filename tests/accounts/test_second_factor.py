"""The second factor: who must have one, setting it up, a lost phone."""

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from iomnews.accounts import second_factor, views
from iomnews.accounts.models import RecoveryCode
from releases.models import Release
from tests.factories import DRAFT, ReleaseFactory
from tests.reading import read

from .people import (
    ACCOUNT,
    CODE,
    DESK,
    DOOR,
    PASSWORD,
    SET_UP,
    code_of,
    is_inside,
    key_shown,
    person,
    typed,
    with_app,
)

pytestmark = pytest.mark.django_db

EVERYBODY = ["author", "editor", "contact keeper", "analyst", "superuser"]


@pytest.mark.parametrize(
    ("setting", "asked"),
    [
        ("off", set()),
        ("editors", {"editor", "superuser"}),
        ("everyone", set(EVERYBODY)),
    ],
)
def test_the_setting_says_who_must_have_one(client, settings, setting, asked):
    settings.SECOND_FACTOR = setting
    for name in EVERYBODY:
        user = person(name)

        answer = typed(client, user.username)

        expected = SET_UP if name in asked else DESK
        assert answer["Location"] == expected, name
        assert is_inside(client) == (name not in asked), name
        client.cookies.clear()


@pytest.mark.parametrize("address", ["", "releases/release/", "account/", "password_change/"])
def test_whoever_must_have_one_comes_to_nothing_else_before(client, settings, address):
    settings.SECOND_FACTOR = "editors"
    person("editor")
    typed(client, "editor")

    assert client.get(DESK + address)["Location"].startswith(DOOR)


def test_an_open_session_of_whoever_must_have_one_now_is_over_everywhere(client, settings):
    editor = person("editor")
    draft = ReleaseFactory(**DRAFT)
    client.force_login(editor)
    preview = Release.objects.get(pk=draft.pk).get_absolute_url()
    before = is_inside(client), client.get(preview).status_code

    settings.SECOND_FACTOR = "editors"

    assert before == (True, 200)
    assert (is_inside(client), client.get(preview).status_code) == (False, 404)


def test_setting_it_up_lets_in_and_shows_recovery_codes_once(client, settings):
    settings.SECOND_FACTOR = "editors"
    editor = person("editor")
    way = f"{DESK}releases/release/add/"
    page = client.get(typed(client, "editor", way_on=way)["Location"])
    key = key_shown(page)

    wrong = client.post(SET_UP, {"code": "000000" if code_of(key) != "000000" else "000001"})
    done = client.post(SET_UP, {"code": code_of(key)})

    assert "not the app" in wrong.content.decode()
    codes = [code.words for code in read(done).one("ul", class_="codes").all("code")]
    assert len(codes) == len(set(codes)) == 10
    assert read(done).one("a", class_="button")["href"] == way
    assert is_inside(client)
    kept = set(editor.recovery_codes.values_list("digest", flat=True))
    assert len(kept) == 10
    assert not kept & set(codes)  # they can't be read from the database


def test_its_picture_and_its_letters_hold_the_same_key(client):
    client.force_login(person("editor"))
    page = client.get(f"{ACCOUNT}second-factor/")

    device = second_factor.device_with(page.wsgi_request.user, key_shown(page))
    assert read(page).one("img", class_="scan")["src"] == second_factor.picture_of(device)
    assert "issuer=iomnews" in device.config_url


def test_a_code_of_the_app_opens_once(client):
    key, _codes = with_app(person("editor"))
    code = code_of(key)

    first = typed(client, "editor")
    outside = is_inside(client)
    second = client.post(CODE, {"code": f"{code[:3]} {code[3:]}"})

    assert first["Location"] == CODE
    assert not outside
    assert second["Location"] == DESK
    assert is_inside(client)
    again = Client()
    typed(again, "editor")
    assert "opens nothing" in again.post(CODE, {"code": code}).content.decode()
    assert not is_inside(again)


def test_a_recovery_code_opens_once_and_says_how_many_are_left(client):
    _key, codes = with_app(person("editor"))
    typed(client, "editor")

    answer = client.post(CODE, {"code": codes[3].upper().replace("-", " ")}, follow=True)

    assert "9 are left" in answer.content.decode()
    again = Client()
    typed(again, "editor")
    assert again.post(CODE, {"code": codes[3]}).status_code == 200
    assert not is_inside(again)


def test_codes_of_others_open_nothing(client):
    with_app(person("editor"))
    key, codes = with_app(person("author"))
    typed(client, "editor")

    for code in (code_of(key), codes[0], "", "x" * 41, "１２３４５６", "000000000000"):
        assert client.post(CODE, {"code": code}).status_code == 200, code
    assert not is_inside(client)


def test_whoever_tries_codes_waits(client):
    _key, codes = with_app(person("editor"))
    typed(client, "editor")

    answers = [client.post(CODE, {"code": f"{n:06}"}).status_code for n in range(10)]
    one_more = client.post(CODE, {"code": "123456"})

    assert answers == [200] * 10
    assert one_more.status_code == 429
    assert "Too many tries. Try again in 15 minutes." in one_more.content.decode()
    assert int(one_more["Retry-After"]) > 0
    # Whoever has only guessed the password cannot keep its owner out.
    assert client.post(CODE, {"code": codes[0]}).status_code == 302
    assert is_inside(client)


def test_setting_one_up_at_the_door_ends_what_the_password_alone_has_opened(client, settings):
    settings.SECOND_FACTOR = "off"
    person("editor")
    thief = Client()
    typed(thief, "editor")
    assert is_inside(thief)
    settings.SECOND_FACTOR = "editors"

    typed(client, "editor")
    key = key_shown(client.get(SET_UP))
    client.post(SET_UP, {"code": code_of(key)})
    settings.SECOND_FACTOR = "off"

    assert is_inside(client)
    assert not is_inside(thief)


@pytest.mark.parametrize("address", [CODE, SET_UP])
def test_the_pages_behind_the_password_are_closed_without_it(client, address):
    with_app(person("editor"))

    assert client.get(address)["Location"] == DOOR
    assert client.post(address, {"code": "000000"})["Location"] == DOOR


def test_whoever_has_an_app_sets_up_no_other_with_the_password_alone(client):
    with_app(person("editor"))
    typed(client, "editor")

    assert client.get(SET_UP)["Location"] == CODE
    assert client.post(SET_UP, {"code": "000000"})["Location"] == CODE


@pytest.mark.parametrize("event", ["time", "password", "left"])
def test_a_password_is_not_remembered_for_long(client, monkeypatch, event):
    editor = person("editor")
    with_app(editor)
    typed(client, "editor")
    if event == "time":
        now = views.time.time() + 601
        monkeypatch.setattr(views.time, "time", lambda: now)
    elif event == "password":
        editor.set_password("another long password")
        editor.save()
    else:
        editor.is_active = False
        editor.save()

    assert client.get(CODE)["Location"] == DOOR


def test_setting_it_up_at_the_desk_ends_sessions_that_a_password_opened(client):
    editor = person("editor")
    other = Client()
    other.force_login(editor)
    client.force_login(editor)
    address = f"{ACCOUNT}second-factor/"

    done = client.post(address, {"code": code_of(key_shown(client.get(address)))})

    assert read(done).one("ul", class_="codes")
    assert (is_inside(client), is_inside(other)) == (True, False)
    assert client.get(address)["Location"] == ACCOUNT


def test_the_code_that_set_an_app_up_opens_nothing_more(client):
    client.force_login(person("editor"))
    address = f"{ACCOUNT}second-factor/"
    code = code_of(key_shown(client.get(address)))
    client.post(address, {"code": code})

    again = Client()
    typed(again, "editor")

    assert again.post(CODE, {"code": code}).status_code == 200
    assert not is_inside(again)


def test_new_recovery_codes_cost_a_code_and_end_the_old_ones(client):
    editor = person("editor")
    key, codes = with_app(editor)
    client.force_login(editor)
    before = set(RecoveryCode.objects.values_list("digest", flat=True))

    refused = client.post(ACCOUNT, {"do": "codes", "code": "wrong"})
    kept = set(RecoveryCode.objects.values_list("digest", flat=True))
    client.post(ACCOUNT, {"do": "codes", "code": code_of(key)})

    assert "opens nothing" in refused.content.decode()
    assert kept == before
    assert not before & set(RecoveryCode.objects.values_list("digest", flat=True))
    assert RecoveryCode.objects.count() == 10


def test_taking_it_away_costs_a_code(client):
    editor = person("editor")
    _key, codes = with_app(editor)
    client.force_login(editor)

    client.post(ACCOUNT, {"do": "drop"})
    client.post(ACCOUNT, {"do": "drop", "code": "wrong"})
    kept = second_factor.device_of(editor)
    client.post(ACCOUNT, {"do": "drop", "code": codes[0]})

    assert kept
    assert not second_factor.device_of(editor)
    assert typed(Client(), "editor")["Location"] == DESK


def test_an_owner_takes_it_away_when_phone_and_paper_are_lost(client, capsys):
    editor = person("editor")
    with_app(editor)
    client.force_login(editor)

    call_command("drop_second_factor", "editor")

    assert "taken away" in capsys.readouterr().out
    assert not second_factor.device_of(editor)
    assert not RecoveryCode.objects.exists()
    assert not is_inside(client)
    for name in ("editor", "nobody"):
        with pytest.raises(CommandError, match=name):
            call_command("drop_second_factor", name)


def test_a_wrong_password_never_asks_for_a_code(client):
    with_app(person("editor"))

    answer = typed(client, "editor", "wrong")

    assert answer.status_code == 200
    assert client.get(CODE)["Location"] == DOOR
    assert PASSWORD not in answer.content.decode()


def test_no_page_of_the_desk_shows_anybodys_key(client):
    key, _codes = with_app(person("editor"))
    client.force_login(person("superuser"))

    assert client.get(f"{DESK}otp_totp/totpdevice/").status_code == 404
    assert key not in client.get(f"{DESK}account/").content.decode()
