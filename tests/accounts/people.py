"""People at the door: what they type, and what their phone shows."""

import base64
import re
import time

from django.contrib.auth.models import User
from django.test import Client
from django_otp.oath import TOTP

from iomnews.accounts import second_factor
from tests.desk import roles

PASSWORD = "quiet harbour lantern"  # of everybody here
DESK = "/en/admin/"
DOOR, CODE, SET_UP = f"{DESK}login/", f"{DESK}login/code/", f"{DESK}login/second-factor/"
ACCOUNT = f"{DESK}account/"


def person(name: str) -> User:
    """Somebody of the newsroom, who has a password."""
    user = roles.person(name)
    user.set_password(PASSWORD)
    user.save()
    return user


def typed(client: Client, name: str, password: str = PASSWORD, way_on: str = DESK, **sent):
    """The answer to whoever types `name` and `password` at the door."""
    client.get(DOOR)
    return client.post(f"{DOOR}?next={way_on}", {"username": name, "password": password}, **sent)


def code_of(key: str, steps: int = 0) -> str:
    """What an app with `key` shows now, or so many half minutes later."""
    totp = TOTP(bytes.fromhex(key))
    totp.time = time.time() + steps * 30
    return f"{totp.token():06}"


def with_app(user: User) -> tuple[str, list[str]]:
    """Give `user` an app: its key, whose next code is good, and the recovery codes."""
    key = second_factor.new_key()
    codes = second_factor.set_up(user, key, code_of(key, -1))
    return key, codes


def is_inside(client: Client) -> bool:
    return client.get(DESK).status_code == 200


def key_shown(response) -> str:
    """The key on a page that sets an app up, in hexadecimal."""
    letters = re.search(r'<code class="letters">([^<]+)</code>', response.content.decode())[1]
    return base64.b32decode(letters.replace(" ", "")).hex()
