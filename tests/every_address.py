"""Every address that the site answers, from the resolver, and who comes through it.

`python -m pytest tests/test_every_address.py` compares what happens with docs/who-may-what.md;
with WRITE_WHO_MAY_WHAT=1 in the environment it writes that table anew, to be read before it is
committed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, NamedTuple

from django.apps import apps
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone, translation

from iomnews.accounts.models import Record
from releases import versions
from releases.admin.saving import MadeFrom
from releases.models import Move, Release, Upload
from tests.corrected import correct
from tests.desk.roles import person
from tests.factories import (
    DRAFT,
    MissionFactory,
    PressContactFactory,
    ReleaseContactFactory,
    ReleaseFactory,
)
from tests.sharing.links import PERSON, link_to, to_approve
from tests.uploads import file_of, picture_of

ROLES = ["anonymous", "author", "editor", "contact keeper", "analyst", "superuser"]
PASSWORD = "quiet harbour lantern"
# What a verb's address is asked for: of a draft, and of a public release.
VERBS = {
    "draft": ["submit", "publish_now", "schedule", "comment"],
    "public": ["withdraw", "comment"],
}
# Written by looking, or by being looked at, and not what somebody does.
NOISE = {"Session", "Record", "RecentReader", "ReaderKey", "LogEntry", "Presence", "LinkOpening"}


class Address(NamedTuple):
    """One address of the resolver, as the newsroom of a test has it."""

    route: str  # as it is written in the table
    of: str  # "draft" or "public", where it is about a release; else ""
    path: str
    name: str


class Pattern(NamedTuple):
    """One entry of the resolver."""

    route: str
    name: str
    is_release: bool


@dataclass
class Newsroom:
    """People in each role, a release of somebody else that is public, and one that is a draft."""

    people: dict[str, User | None] = field(default_factory=dict)
    releases: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self):
        self.people = {role: person(role) for role in ROLES[1:]}
        owner = person("other author")
        self.mission = MissionFactory(slug="iraq")
        self.contact = PressContactFactory(mission=self.mission)
        for state, times in (("public", {}), ("draft", DRAFT)):
            release = ReleaseFactory(author=owner, mission=self.mission, **times)
            ReleaseContactFactory(release=release, position=0, contact=self.contact)
            picture_of(release)
            file_of(release)
            self.releases[state] = release
        correct(self.releases["public"])
        versions.keep(self.releases["draft"])
        self.tokens = {
            "embargo": link_to(self.releases["draft"]).split("/")[-2],
            "approval": to_approve(self.releases["draft"]).split("/")[-2],
        }
        self.link = self.releases["draft"].share_links.first()
        self.upload = Upload.objects.create(by=owner, name="x.pdf", content={})
        self.group = Group.objects.create(name="행사 담당")
        self.user = User.objects.create_user("newcomer", password=PASSWORD)
        self.empty_mission = MissionFactory(slug="empty")
        self.record = Record.objects.first()
        self.move = Move.objects.create(
            name="export.xml", asked_at=timezone.now(), ended_at=timezone.now()
        )
        for user in self.people.values():
            user.set_password(PASSWORD)
            user.save()
        self.people["anonymous"] = None

    def client(self, role: str) -> Client:
        client = Client(headers={"User-Agent": PERSON}, raise_request_exception=False)
        if user := self.people[role]:
            client.force_login(user)
        return client

    def addresses(self) -> list[Address]:
        """Each address of the resolver; those about a release once for each of the two."""
        found = []
        for pattern in patterns():
            for state in ("public", "draft") if pattern.is_release else ("",):
                verbs = VERBS[state] if "<str:verb>" in pattern.route else [""]
                for verb in verbs:
                    route = "/" + pattern.route.replace("<str:verb>", verb)
                    found.append(
                        Address(route, state, self._path(pattern, state, verb), pattern.name)
                    )
        return found

    def _path(self, pattern: Pattern, state: str, verb: str) -> str:
        route = pattern.route
        release = self.releases.get(state or "draft")
        picture, file = release.pictures.first(), release.files.first()
        keys = {
            "releases/release": release.pk,
            "releases/move": self.move.pk,
            "contacts/mission": self.empty_mission.pk,
            "contacts/presscontact": self.contact.pk,
            "auth/group": self.group.pk,
            "auth/user": self.user.pk,
            "accounts/record": self.record.pk,
        }
        key = next((pk for part, pk in keys.items() if part in route), release.pk)
        if route.startswith("contacts/"):
            key = self.contact.pk
        elif route.startswith("embargo/"):
            key = file.pk if "/files/" in route else picture.pk
        values = {
            "pk": key,
            "object_id": key,
            "id": key,
            "picture_pk": picture.pk,
            "file_pk": file.pk,
            "link_pk": self.link.pk,
            "width": picture.widths[0],
            "ending": picture.ending if "original." in route else "webp",
            "name": file.name if "/files/" in route else f"{picture.widths[0]}.webp",
            "token": self.tokens["approval" if "approval" in route else "embargo"],
            "place": 0,
            "slug": release.slug if "releases/" in route else "iraq",
            "number": 1,
            "key": self.upload.key,
            "kind": "txt",
            "verb": verb,
            "section": "releases-ko",
            "content_type_id": ContentType.objects.get_for_model(Release).pk,
            "app_label": "contacts",
            "url": "nothing/",
        }
        return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda part: str(values[part[1]]), route)

    def asked(self, address: Address) -> dict[str, Any]:
        """What a link to `address` asks for, where it must."""
        choices = {"app_label": "releases", "model_name": "releasecontact", "term": "a"}
        return {
            "autocomplete": choices | {"field_name": "release"},
            "releases_release_hide_version": {"version": 1},
            "releases_release_restore_version": {"version": 1},
            "suggestions": {"q": "a"},
        }.get(address.name, {})

    def sent(self, address: Address) -> dict[str, Any]:
        """What a form at `address` would send, so that it is done where it may be."""
        release = self.releases.get(address.of or "draft")
        at = timezone.localtime() + timedelta(days=3)
        inlines = {
            f"{rows}-{total}_FORMS": 0
            for rows in ("contacts", "pictures", "files")
            for total in ("TOTAL", "INITIAL")
        }
        words = {"title_ko": "새 글", "release_date": "2014-09-09", "body_ko": "글", **inlines}
        names = {"name_ko": "요르단", "name_en": "Jordan", "slug": "jordan"}
        zone = {"time_zone": "Asia/Amman"}
        person_at = {"name": "Press desk", "office": "IOM", "mission": self.mission.pk}
        password = {"usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}
        account = {
            "username": "renamed",
            "date_joined_0": "2026-01-01",
            "date_joined_1": "09:00",
            "is_active": "on",
        }
        forms = {
            "auth_group_add": {"name": "새 그룹"},
            "auth_group_change": {"name": "다른 이름"},
            "auth_user_add": {"username": "fresh", **password},
            "auth_user_change": account,
            "auth_user_password_change": password,
            "contacts_mission_add": names | zone,
            "contacts_mission_change": names | zone,
            "contacts_presscontact_add": person_at,
            "contacts_presscontact_change": person_at,
            "contacts_presscontact_hand_over": {"last_day": "2026-01-01", "answers": "newsroom"},
            "releases_move_changelist": {"file": SimpleUploadedFile("old.txt", b"old")},
            "releases_move_change": {"do": "forget"},
            "releases_release_add": words,
            "releases_release_change": words | {"correction_kind": "fix"},
            "releases_release_hide_version": {"version": 1, "do": "hide", "reason": "개인 정보"},
            "releases_release_restore_version": {"version": 1, "correction_kind": "fix"},
            "releases_release_reword": {
                "correction_note_ko": "다른 말",
                "correction_note_en": "Other words",
            },
            "releases_release_sharing": {"label": "신문", "purpose": "reading", "until": "7"},
            "releases_release_step": {
                f"seen-{release.pk}": release.edited_at.isoformat(),
                "at_0": f"{at:%Y-%m-%d}",
                "at_1": f"{at:%H:%M}",
                "comment": "확인 바랍니다",
                "reason_ko": "숫자 오류",
                "despite": "on",
            },
            "password_change": {
                "old_password": PASSWORD,
                "new_password1": "another harbour lantern",
                "new_password2": "another harbour lantern",
            },
            "approval": {"answer": "approved"},
        }
        if address.name == "releases_release_change":
            return forms[address.name] | {"_made_from": str(MadeFrom.of(release))}
        if address.name.endswith("_delete"):
            return {"post": "yes"}
        return forms.get(address.name, {})


def patterns() -> list[Pattern]:
    """Each entry of the resolver once; English ones stand for the same views."""
    found = {}
    with translation.override("ko"):
        walked = list(_walked(get_resolver().url_patterns, ""))
    for route, name in walked:
        # Of two with one route the first answers.
        about_release = (
            re.match(
                r"(admin/releases/release|releases|api/releases|admin/r)/.*<(int:pk|path:object_id)>",
                route,
            )
            is not None
        )
        found.setdefault(route, Pattern(route, name, about_release))
    return sorted(found.values())


def _walked(entries: list, before: str) -> Iterator[tuple[str, str]]:
    for entry in entries:
        route = str(entry.pattern)
        if route.startswith("^"):  # a regular expression of Django's own
            route = "<app_label>/"
        elif route == "(?P<url>.*)$":
            route = "<url>"
        if isinstance(entry, URLResolver):
            yield from _walked(entry.url_patterns, before + route)
        elif isinstance(entry, URLPattern):
            yield before + route, entry.name or ""


def told(response) -> str:
    """How `response` reads in the table."""
    status = response.status_code
    if status in (301, 302):
        return "sign in" if "/login/" in response["Location"] else "moved"
    words = {200: "yes", 204: "yes", 403: "no", 404: "absent", 405: "–", 410: "gone"}
    return words.get(status, str(status))


def everything() -> dict[str, list]:
    """All rows of the database, but for NOISE."""
    return {
        model.__name__: sorted(map(repr, model.objects.values_list()))
        for model in apps.get_models(include_auto_created=True)
        if model.__name__ not in NOISE and model._meta.managed
    }


def done(client: Client, address: Address, sent: dict, site: str = "same-origin") -> str:
    """What comes of a form sent to `address` from a page of `site`: whether it "writes", or what
    is answered. Nothing of it stays.
    """
    before, from_there = everything(), {"Sec-Fetch-Site": site}
    with transaction.atomic():
        if address.name == "reading":  # which takes no word
            response = client.post(address.path, "", "text/plain", headers=from_there)
        else:
            response = client.post(address.path, sent, headers=from_there)
        wrote = everything() != before
        transaction.set_rollback(True)
    assert response.status_code < 500, (address.path, response.status_code)
    if wrote:
        return "writes"
    return "asks" if response.status_code in (200, 422) else told(response)
