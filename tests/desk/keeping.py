"""What the tests of versions, conflicts and presence share: people, and a form sent twice."""

import re

from django.contrib.auth.models import Group
from django.test import Client

from releases.models import Release
from releases.roles import ROLES

from ..reading import Element, read, usually

DESK = "/en/admin/"
RELEASES = f"{DESK}releases/release/"
DELETED = f"{RELEASES}deleted/"
AUTHOR, EDITOR, KEEPER, ANALYST = ROLES


def person(users, name, role=EDITOR, **values):
    """An account with a role, as the desk's list of people makes it."""
    made = users.objects.create_user(name, is_staff=True, **values)
    if role:
        made.groups.add(Group.objects.get(name=role))
    return made


def at_desk(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def change(release: Release) -> str:
    return f"{RELEASES}{release.pk}/change/"


def history(release: Release) -> str:
    return f"{RELEASES}{release.pk}/history/"


def form_of(page: Element) -> Element:
    return next(form for form in page.all("form") if form["id"].endswith("_form"))


def opened(client: Client, address: str) -> dict[str, str]:
    """The form at `address` as it stands before anybody writes into it."""
    return form_of(read(client.get(address))).entries


def sent(client: Client, address: str, form: dict[str, str], **entries):
    """Write `entries` over `form` and press the button."""
    form = usually(form) | {name.replace("__", "-"): value for name, value in entries.items()}
    rows = [int(m[1]) + 1 for name in form if (m := re.match(r"contacts-(\d+)-", name))]
    if "contacts-TOTAL_FORMS" in form:
        form["contacts-TOTAL_FORMS"] = max(int(form["contacts-TOTAL_FORMS"]), *rows, 0)
    return client.post(address, form)


def saved(client: Client, release: Release, **entries):
    """Open, change and save a release."""
    return sent(client, change(release), opened(client, change(release)), **entries)
