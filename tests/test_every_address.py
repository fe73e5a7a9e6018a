"""Who comes through every address of the site: docs/who-may-what.md is true and whole."""

import os
import re
from pathlib import Path

import pytest

from .every_address import ROLES, Newsroom, done, everything, patterns, told

pytestmark = pytest.mark.django_db

DOCUMENT = Path(__file__).resolve().parent.parent / "docs/who-may-what.md"
WRITES = "WRITE_WHO_MAY_WHAT" in os.environ
HEAD = f"| address | of | {' | '.join(ROLES)} |\n|{'---|' * (len(ROLES) + 2)}\n"
# Addresses of the desk that strangers are not sent away from.
DOOR = {"/admin/login/", "/admin/login/code/", "/admin/login/second-factor/"}


@pytest.fixture
def newsroom():
    return Newsroom()


def table(title: str) -> dict[tuple[str, str], list[str]]:
    """The rows below `title` in the document: what each role is told, by address and release."""
    part = DOCUMENT.read_text().split(f"## {title}\n", 1)[1].split("\n## ", 1)[0]
    rows = [line.strip("|").split("|") for line in part.splitlines() if line.startswith("| `")]
    cells = [[cell.strip() for cell in row] for row in rows]
    return {(row[0].strip("`"), row[1]): row[2:] for row in cells}


def write(title: str, found: dict[tuple[str, str], list[str]]) -> None:
    """Put `found` in the place of the table below `title`."""
    lines = "".join(
        f"| `{route}` | {of} | {' | '.join(cells)} |\n" for (route, of), cells in found.items()
    )
    before, rest = DOCUMENT.read_text().split(f"## {title}\n", 1)
    _old, *after = rest.split("\n## ", 1)
    after = "\n## " + after[0] if after else ""
    DOCUMENT.write_text(f"{before}## {title}\n\n{HEAD}{lines}{after}")


def compare(title: str, found: dict[tuple[str, str], list[str]]) -> None:
    if WRITES:
        write(title, found)
    assert table(title) == found


def test_looking_is_as_the_table_says(newsroom):
    clients = {role: newsroom.client(role) for role in ROLES}
    before = everything()
    found = {
        (address.route, address.of): [
            told(clients[role].get(address.path, newsroom.asked(address))) for role in ROLES
        ]
        for address in newsroom.addresses()
    }

    compare("Looking", found)
    # Whoever looks changes nothing, but for the form's own note of who signs in.
    assert everything() == before


def test_doing_is_as_the_table_says(newsroom):
    found = {}
    for address in newsroom.addresses():
        found[address.route, address.of] = [
            done(newsroom.client(role), address, newsroom.sent(address)) for role in ROLES
        ]

    compare("Doing", found)


@pytest.mark.parametrize("title", ["Looking", "Doing"])
def test_strangers_come_to_no_page_of_the_desk_and_write_nothing_there(title):
    for (route, _of), cells in table(title).items():
        if route.startswith("/admin/") and route not in DOOR:
            assert cells[0] in ("sign in", "moved", "no"), route
        assert cells[0] != "writes" or not route.startswith("/admin/"), route


def test_an_analyst_writes_nothing_but_their_own_account():
    place = ROLES.index("analyst")

    wrote = {route for (route, _of), cells in table("Doing").items() if cells[place] == "writes"}

    desk = {route for route in wrote if route.startswith("/admin/")}
    assert desk <= {
        "/admin/password_change/",
        "/admin/releases/release/<path:object_id>/step/comment/",
    }


def test_accounts_groups_and_the_journal_are_for_superusers_alone():
    closed = ("/admin/auth/", "/admin/accounts/")
    for title in ("Looking", "Doing"):
        for (route, _of), cells in table(title).items():
            if route.startswith(closed):
                assert not {"yes", "writes", "asks"} & set(cells[:-1]), route


def test_nobody_writes_in_the_journal():
    rows = [cells for (route, _), cells in table("Doing").items() if "accounts/record" in route]

    assert rows
    assert not [cells for cells in rows if "writes" in cells]


def test_the_draft_of_somebody_else_is_absent_for_who_may_not_see_it():
    for title in ("Looking", "Doing"):
        for (route, of), cells in table(title).items():
            if of == "draft" and route.startswith("/releases/"):
                for role in ("anonymous", "author", "contact keeper"):
                    assert cells[ROLES.index(role)] not in ("yes", "writes"), (route, role)


def test_a_form_from_another_site_does_nothing_whoever_has_it_sent(newsroom):
    """What needs no token, a reading and a partner's answer, looks where it comes from."""
    for role in ("superuser", "anonymous"):
        client = newsroom.client(role)
        client.handler.enforce_csrf_checks = True
        for address in newsroom.addresses():
            answer = done(client, address, newsroom.sent(address), site="cross-site")
            assert answer in ("no", "–", "absent", "sign in", "moved", "gone"), address


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace", "head"])
def test_other_methods_change_nothing(newsroom, method):
    for role in ("anonymous", "superuser"):
        client = newsroom.client(role)
        before = everything()
        for address in newsroom.addresses():
            answer = getattr(client, method)(address.path)
            assert answer.status_code < 500, (method, address.path)
        assert everything() == before


def test_the_english_addresses_are_as_closed_as_the_korean_ones(newsroom):
    for role in ("anonymous", "author"):
        client = newsroom.client(role)
        for address in newsroom.addresses():
            if address.route.startswith("/admin/"):
                korean, english = client.get(address.path), client.get(f"/en{address.path}")
                assert told(korean) == told(english), address


def test_each_address_of_the_resolver_has_its_row():
    routes = {"/" + pattern.route.replace("<str:verb>/", "") for pattern in patterns()}

    for title in ("Looking", "Doing"):
        rows = {re.sub(r"/step/\w+/", "/step/", route) for route, _of in table(title)}
        assert rows == routes
