"""The journal of the door: what it says, what it never holds, and who may read it."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from iomnews.accounts import journal
from iomnews.accounts.models import Record
from releases import roles
from tests.desk.roles import ROLES
from tests.reading import read

from .people import ACCOUNT, CODE, DESK, PASSWORD, code_of, key_shown, person, typed, with_app

pytestmark = pytest.mark.django_db

Kind = Record.Kind
JOURNAL = f"{DESK}accounts/record/"


@pytest.fixture
def boss():
    """A superuser at the desk; what making the account wrote is not of interest."""
    client = Client()
    client.force_login(person("superuser"))
    Record.objects.all().delete()
    return client


def written() -> list[tuple]:
    """What the journal says, oldest first."""
    return [
        (record.kind, record.by_name, record.about, record.details)
        for record in Record.objects.order_by("pk")
    ]


def test_it_says_who_came_in_who_went_and_who_was_refused(client):
    person("editor")
    Record.objects.all().delete()

    typed(client, "editor", "wrong")
    typed(client, "editor")
    client.post(f"{DESK}logout/")

    assert written() == [
        (Kind.REFUSED, "", "editor", []),
        (Kind.SIGNED_IN, "editor", "", []),
        (Kind.SIGNED_OUT, "editor", "", []),
    ]


def test_a_name_that_nobody_has_is_not_kept_for_it_may_be_a_password(client):
    typed(client, PASSWORD, "wrong")

    assert written() == [(Kind.REFUSED, "", "", [])]


def test_a_guessers_tries_are_one_line_that_counts(client):
    person("editor")
    Record.objects.all().delete()

    for _ in range(8):
        typed(client, "editor", "wrong")

    assert list(Record.objects.order_by("pk").values_list("kind", "count")) == [
        (Kind.REFUSED, 5),
        (Kind.STOPPED, 3),
    ]


def test_after_an_hour_tries_are_another_line():
    now = timezone.now()
    for minutes in (0, 30, 61):
        journal.write(Kind.REFUSED, at=now + timedelta(minutes=minutes))

    assert list(Record.objects.values_list("count", flat=True)) == [1, 2]


def test_it_says_what_became_of_second_factors(client):
    editor = person("editor")
    key, codes = with_app(editor)
    Record.objects.all().delete()

    typed(client, "editor")
    client.post(CODE, {"code": "wrong"})
    client.post(CODE, {"code": codes[0]})
    client.post(ACCOUNT, {"do": "codes", "code": code_of(key)})
    client.post(ACCOUNT, {"do": "end-others"})

    assert [(kind, by, about) for kind, by, about, _details in written()] == [
        (Kind.CODE_REFUSED, "", "editor"),
        (Kind.CODE_USED, "editor", "editor"),
        (Kind.SIGNED_IN, "editor", ""),
        (Kind.CODES_RENEWED, "editor", "editor"),
    ]


def test_it_says_who_set_a_second_factor_up_and_who_took_it_away(client):
    client.force_login(person("editor"))
    address = f"{ACCOUNT}second-factor/"
    Record.objects.all().delete()

    page = client.post(address, {"code": code_of(key_shown(client.get(address)), -1)})
    codes = [code.words for code in read(page).one("ul", class_="codes").all("code")]
    client.post(ACCOUNT, {"do": "drop", "code": codes[0]})
    client.post(ACCOUNT, {"do": "end-all"})

    assert [(kind, by, about) for kind, by, about, _details in written()] == [
        (Kind.FACTOR_SET_UP, "editor", "editor"),
        (Kind.CODE_USED, "editor", "editor"),
        (Kind.FACTOR_DROPPED, "editor", "editor"),
        (Kind.SESSIONS_ENDED, "editor", "editor"),
        (Kind.SIGNED_OUT, "editor", ""),
    ]


def test_what_an_owner_drops_at_the_server_is_written_down():
    with_app(person("editor"))
    Record.objects.all().delete()

    call_command("drop_second_factor", "editor")

    assert written() == [(Kind.FACTOR_DROPPED, "", "editor", [])]


def form_of(user, **changes) -> dict:
    """The desk's form of an account, as it stands, with `changes`."""
    switches = {
        name: "on" for name in ("is_active", "is_staff", "is_superuser") if getattr(user, name)
    }
    fields = {
        "username": user.username,
        "date_joined_0": "2026-01-01",
        "date_joined_1": "09:00",
        "groups": [group.pk for group in user.groups.all()],
    }
    sent = fields | switches | changes
    return {name: value for name, value in sent.items() if value is not None}


def test_it_says_who_changed_whose_rights_at_the_desk(boss):
    author = person("author")
    editors = Group.objects.get(name=ROLES["editor"])
    Record.objects.all().delete()
    address = f"{DESK}auth/user/{author.pk}/change/"

    boss.post(address, form_of(author, groups=[editors.pk], is_superuser="on", username="kim"))

    assert written() == [
        (
            Kind.CHANGED,
            "superuser",
            "kim",
            ["username: author → kim", "is_superuser: on"],
        ),
        (Kind.RIGHTS, "superuser", "kim", [f"− {ROLES['author']}"]),
        (Kind.RIGHTS, "superuser", "kim", [f"+ {ROLES['editor']}"]),
    ]


def test_it_says_who_made_and_deleted_accounts_and_who_set_a_password(boss):
    sent = {
        "username": "kim",
        "usable_password": "true",
        "password1": PASSWORD,
        "password2": PASSWORD,
    }
    boss.post(f"{DESK}auth/user/add/", sent)
    kim = User.objects.get(username="kim")
    new = {
        "usable_password": "true",
        "password1": "other lantern words",
        "password2": "other lantern words",
    }
    boss.post(f"{DESK}auth/user/{kim.pk}/password/", new)
    boss.post(f"{DESK}auth/user/{kim.pk}/delete/", {"post": "yes"})

    assert written() == [
        (Kind.MADE, "superuser", "kim", []),
        (Kind.PASSWORD, "superuser", "kim", []),
        (Kind.DELETED, "superuser", "kim", []),
    ]


def test_it_says_who_changed_a_group(boss):
    permission = Permission.objects.get(codename="view_mission")
    boss.post(f"{DESK}auth/group/add/", {"name": "행사", "permissions": [permission.pk]})
    group = Group.objects.get(name="행사")
    boss.post(f"{DESK}auth/group/{group.pk}/delete/", {"post": "yes"})

    assert written() == [
        (Kind.GROUP_MADE, "superuser", "행사", []),
        (Kind.GROUP_CHANGED, "superuser", "행사", ["+ contacts.view_mission"]),
        (Kind.GROUP_DELETED, "superuser", "행사", []),
    ]


def test_what_is_done_at_the_server_is_nobodys_doing():
    author = person("author")
    Record.objects.all().delete()

    author.is_superuser = True
    author.save()
    author.groups.clear()
    Group.objects.get(name=ROLES["editor"]).user_set.add(author)

    assert written() == [
        (Kind.CHANGED, "", "author", ["is_superuser: on"]),
        (Kind.RIGHTS, "", "author", [f"− {ROLES['author']}"]),
        (Kind.RIGHTS, "", "author", [f"+ {ROLES['editor']}"]),
    ]


def test_roles_that_are_brought_in_step_are_no_news():
    Group.objects.get(name=ROLES["editor"]).permissions.clear()
    Record.objects.all().delete()

    roles.keep_in_step()

    assert written() == []


def test_signing_in_with_an_old_hash_is_no_change_of_password(client, settings):
    person("editor")
    Record.objects.all().delete()
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.ScryptPasswordHasher",
        "django.contrib.auth.hashers.MD5PasswordHasher",
    ]

    typed(client, "editor")

    assert [kind for kind, *_rest in written()] == [Kind.SIGNED_IN]


def test_no_password_and_no_code_stands_in_it(client):
    editor = person("editor")
    key, codes = with_app(editor)
    typed(client, "editor", "a wrong password")
    typed(client, "editor")
    client.post(CODE, {"code": codes[0]})

    held = str(list(Record.objects.values()))

    assert not [secret for secret in (PASSWORD, "a wrong", key, *codes) if secret in held]


def test_it_forgets_after_a_year(settings):
    settings.ACCOUNT_LOG_DAYS = 365
    now = timezone.now()
    journal.write(Kind.SIGNED_IN, at=now - timedelta(days=366))
    journal.write(Kind.SIGNED_IN, at=now - timedelta(days=364))

    journal.write(Kind.SIGNED_IN, at=now)

    assert Record.objects.count() == 2


@pytest.mark.parametrize("who", ["author", "editor", "contact keeper", "analyst", "staff"])
def test_nobody_but_superusers_reads_it(client, who):
    client.force_login(person(who))
    record = Record.objects.first()

    assert client.get(JOURNAL).status_code == 403
    assert client.get(f"{JOURNAL}{record.pk}/change/").status_code == 403
    assert "accounts/record" not in client.get(DESK).content.decode()


def test_superusers_read_it_and_change_nothing(boss):
    journal.write(Kind.RIGHTS, about="kim", details=["+ <b>"])
    record = Record.objects.get()
    address = f"{JOURNAL}{record.pk}/change/"

    listed, shown = boss.get(JOURNAL), boss.get(address)
    changed = boss.post(address, {"about": "lee"})
    deleted = boss.post(f"{JOURNAL}{record.pk}/delete/", {"post": "yes"})
    by_list = boss.post(JOURNAL, {"action": "delete_selected", "_selected_action": [record.pk]})

    assert listed.status_code == shown.status_code == 200
    assert "+ &lt;b&gt;" in listed.content.decode()
    assert (changed.status_code, deleted.status_code) == (403, 403)
    assert by_list.status_code in (200, 302, 403)
    assert Record.objects.get().about == "kim"


def test_it_says_that_old_passwords_were_tried(client):
    client.force_login(person("editor"))
    Record.objects.all().delete()
    sent = {"old_password": "wrong", "new_password1": PASSWORD, "new_password2": PASSWORD}

    for _ in range(7):
        client.post(f"{DESK}password_change/", sent)

    kinds = Record.objects.order_by("pk").values_list("kind", "by_name", "about", "count")
    assert list(kinds) == [
        (Kind.PASSWORD_REFUSED, "editor", "editor", 5),
        (Kind.PASSWORD_STOPPED, "editor", "editor", 2),
    ]
