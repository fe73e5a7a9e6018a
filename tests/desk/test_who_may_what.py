"""Who may do what with a release: the whole table, through every door of the desk."""

from datetime import timedelta

import pytest
from django.contrib.admin import site
from django.contrib.auth.models import AnonymousUser, Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import RequestFactory
from django.utils import timezone

from releases import roles, versions, workflow
from releases.admin.saving import MadeFrom
from releases.models import Release, Step
from tests.factories import DRAFT, IN_REVIEW, NINE, SCHEDULED, ReleaseFactory
from tests.reading import read

from .roles import ROLES, person, signed_in

pytestmark = pytest.mark.django_db

# a: its author, o: another author, e: editor, k: contact keeper, l: analyst, s: superuser.
# Whoever is named in no column of a row can never do it: a stranger, and staff without a role.
TABLE = """
                    draft   review  scheduled  leaving  public   withdrawn
    view            a e ls  a e ls  a e ls     a e ls   aoekls   a e ls
    history         a e ls  a e ls  a e ls     a e ls   a e ls   a e ls
    change          a e  s    e  s    e  s       e  s     e  s     e  s
    delete          a e  s    e  s  -          -        -        -
    hide            -       -       -          -          e  s     e  s
    comment         a e  s  a e  s  a e  s     a e  s   a e  s   a e  s
    submit          a e  s  -       -          -        -        -
    take_back       -       a e  s  -          -        -        -
    send_back       -         e  s  -          -        -        -
    publish_now       e  s    e  s    e  s     -        -        -
    schedule          e  s    e  s    e  s     -        -        -
    publish_dated     e  s    e  s  -          -        -        -
    undo_publish    -       -       -            e  s   -        -
    cancel_schedule -       -         e  s     -        -        -
    redate          -       -       -          -          e  s   -
    withdraw        -       -       -          -          e  s   -
    replace         -       -       -          -          e  s   -
    restore         -       -       -          -        -          e  s
    share             e  s    e  s    e  s     -        -        -
"""
ADDS = "author", "other author", "editor", "superuser"
LETTERS = {
    "stranger": "?",
    "staff": "?",
    "author": "a",
    "other author": "o",
    "editor": "e",
    "contact keeper": "k",
    "analyst": "l",
    "superuser": "s",
}
HEAD, *ROWS = TABLE.strip("\n").splitlines()
STATES = HEAD.split()
# Each column is as wide as its head and the blanks after it.
EDGES = [HEAD.index(state) for state in STATES] + [None]
MAY = {
    row.split()[0]: {
        state: set(row[start:end]) - set(" -")
        for state, start, end in zip(STATES, EDGES[:-1], EDGES[1:], strict=True)
    }
    for row in ROWS
}
VERBS = list(workflow.VERBS)
EVERYBODY = pytest.mark.parametrize("who", LETTERS)
EVERYWHERE = pytest.mark.parametrize("state", STATES)

RELEASES = "/admin/releases/release/"
# Cells of the row "view", as (who, state).
CELLS = [(who, state) for who in LETTERS for state in STATES]
AT_THE_DESK = pytest.mark.parametrize(
    ("who", "state"), [cell for cell in CELLS if LETTERS[cell[0]] != "?"]
)
SEEN = pytest.mark.parametrize(
    ("who", "state"), [(who, state) for who, state in CELLS if LETTERS[who] in MAY["view"][state]]
)
UNSEEN = pytest.mark.parametrize(
    ("who", "state"),
    [(who, state) for who, state in CELLS if LETTERS[who] not in MAY["view"][state]],
)


def may(who: str, verb: str, state: str) -> bool:
    return LETTERS[who] in MAY[verb][state]


def may_ever(who: str, verb: str) -> bool:
    return any(may(who, verb, state) for state in STATES)


class Newsroom:
    """One person at the desk, and releases in one state for them to try things on."""

    def __init__(self, who: str, state: str = "draft"):
        self.who, self.state = who, state
        self.user = person(who)
        self.author = self.user if who == "author" else person("author")
        self.client = signed_in(self.user)

    def release(self) -> Release:
        planned = {"publish_at": NINE}
        times = {
            "draft": DRAFT | planned,
            "review": IN_REVIEW | planned,
            "scheduled": SCHEDULED,
            "leaving": IN_REVIEW,
            "public": {},
            "withdrawn": {"withdrawn_at": timezone.now(), "withdrawal_reason_ko": "오류"},
        }[self.state]
        release = ReleaseFactory(author=self.author, **times)
        if self.state == "leaving":
            workflow.publish_now(release)
        self.steps_before = Step.objects.count()
        self.row_before = self.row(release)
        return release

    def row(self, release: Release) -> dict:
        return Release.objects.filter(pk=release.pk).values().first()

    def outcome(self, verb: str, release: Release) -> str:
        """What became of trying `verb`; it is done whole and recorded, or leaves no trace."""
        steps = Step.objects.filter(release=release).order_by("pk")
        made = Step.objects.count() - self.steps_before
        if not made:
            assert self.row(release) == self.row_before, (verb, "changed without a step")
            return "nothing"
        last = steps.last()
        assert (made, last.verb, last.by) == (1, verb, self.user)
        if verb != "comment":
            assert self.row(release) != self.row_before
        return "done"


def entries(verb: str, *releases: Release) -> dict:
    """What a form of `verb` would send, had it been filled in."""
    at = timezone.localtime() + (timedelta(days=3) if verb == "schedule" else -timedelta(days=3))
    seen = {f"seen-{release.pk}": release.edited_at.isoformat() for release in releases}
    return seen | {
        "at_0": f"{at:%Y-%m-%d}",
        "at_1": f"{at:%H:%M}",
        "comment": "확인 바랍니다",
        "reason_ko": "숫자 오류",
        "despite": "on",
        "replaced_by": ReleaseFactory().pk if verb == "replace" else "",
    }


def step(release: Release, verb: str) -> str:
    return f"{RELEASES}{release.pk}/step/{verb}/"


def answer(who: str, verb: str, state: str) -> str:
    """How the address of a step answers whoever may not use it now."""
    if who == "stranger":
        return "sign in"
    if who == "staff":
        return "forbidden"
    if not may(who, "view", state):
        return "no such release"
    return "back to it" if may_ever(who, verb) else "forbidden"


def answered(response, release: Release) -> str:
    if response.status_code == 403:
        return "forbidden"
    if response.status_code == 302:
        place = response["Location"]
        known = {
            "/admin/": "no such release",
            f"{RELEASES}{release.pk}/change/": "back to it",
            f"{RELEASES}{release.pk}/change/#release-log": "back to it",
        }
        return "sign in" if place.startswith("/admin/login/") else known[place]
    assert response.status_code == 200
    return "page"


def test_the_table_names_every_verb_and_the_roles_are_those_of_the_newsroom():
    expected = {"view", "history", "change", "delete", "share", "hide", *workflow.VERBS}
    assert set(MAY) == expected
    assert set(ROLES.values()) == set(roles.ROLES)


# Through the buttons


@SEEN
def test_each_is_shown_the_buttons_of_what_they_may_do_and_no_other(who, state):
    newsroom = Newsroom(who, state)
    release = newsroom.release()

    response = newsroom.client.get(f"{RELEASES}{release.pk}/change/")

    page = read(response)
    links = {a["data-verb"] for a in page.all("a") if a["data-verb"]}
    posts = {
        form["action"].split("/")[-2] for form in page.all("form") if "/step/" in form["action"]
    }
    saves = {button["value"] for button in page.all("button", name="_step")}
    is_writable = bool(page.all("input", name="_save"))
    can_delete = any(a["href"].endswith("/delete/") for a in page.all("a"))
    assert links | posts == {verb for verb in VERBS if may(who, verb, state)}
    assert saves <= links
    assert is_writable == may(who, "change", state)
    assert can_delete == may(who, "delete", state)
    # Those to whom it is a public release like any other read nothing that was said inside.
    is_outside = who in ("other author", "contact keeper")
    assert bool(page.all("section", id="release-log")) != is_outside
    assert bool(page.all("a", class_="historylink")) == may(who, "history", state)
    assert may(who, "history", state) != is_outside


# Through addresses


@EVERYBODY
@EVERYWHERE
def test_each_opens_the_pages_of_what_they_may_do_and_nothing_happens_by_looking(who, state):
    newsroom = Newsroom(who, state)
    release = newsroom.release()

    found = {verb: answered(newsroom.client.get(step(release, verb)), release) for verb in VERBS}

    assert found == {
        verb: "page" if may(who, verb, state) else answer(who, verb, state) for verb in VERBS
    }
    assert newsroom.row(release) == newsroom.row_before
    assert Step.objects.count() == newsroom.steps_before


@EVERYBODY
@EVERYWHERE
def test_a_forged_form_does_no_more_than_its_sender_may_do(who, state):
    newsroom = Newsroom(who, state)
    found, expected = {}, {}

    for verb in VERBS:
        release = newsroom.release()
        response = newsroom.client.post(step(release, verb), entries(verb, release))
        found[verb] = (newsroom.outcome(verb, release), answered(response, release))
        allowed = may(who, verb, state)
        expected[verb] = (
            ("done", "back to it") if allowed else ("nothing", answer(who, verb, state))
        )

    assert found == expected


# Past every page


@pytest.mark.parametrize("who", [who for who in LETTERS if who != "stranger"])
@EVERYWHERE
def test_a_verb_itself_refuses_whoever_may_not_use_it(who, state):
    newsroom = Newsroom(who, state)
    now = timezone.now()
    needs = {
        "send_back": {"comment": "확인 바랍니다"},
        "schedule": {"at": now + timedelta(days=3)},
        "redate": {"at": now - timedelta(days=3)},
        "withdraw": {"reason_ko": "숫자 오류"},
        "replace": {"replaced_by": ReleaseFactory()},
        "comment": {"comment": "확인 바랍니다"},
    }
    found = {}

    for verb in VERBS:
        release = newsroom.release()
        try:
            getattr(workflow, verb)(release, by=newsroom.user, **needs.get(verb, {}))
        except (PermissionDenied, ValidationError) as refusal:
            found[verb] = type(refusal)
            assert newsroom.outcome(verb, release) == "nothing"
        else:
            found[verb] = newsroom.outcome(verb, release)

    assert found == {
        verb: "done"
        if may(who, verb, state)
        else ValidationError
        if may_ever(who, verb) and may(who, "view", state)
        else PermissionDenied
        for verb in VERBS
    }


# Through the list


@EVERYBODY
@EVERYWHERE
def test_an_action_of_the_list_does_no_more_than_its_sender_may_do(who, state):
    newsroom = Newsroom(who, state)
    found, expected = {}, {}

    for verb in VERBS:
        release = newsroom.release()
        ticked = {"action": verb, "_selected_action": [release.pk], "confirmed": "yes"}
        response = newsroom.client.post(RELEASES, ticked | entries(verb, release))
        found[verb] = newsroom.outcome(verb, release)
        listed = verb not in ("undo_publish", "redate", "replace", "comment")
        expected[verb] = "done" if listed and may(who, verb, state) else "nothing"
        assert response.status_code in ((302, 200) if may_ever(who, "view") else (302, 403))

    assert found == expected


@EVERYBODY
@EVERYWHERE
def test_deleting_takes_what_its_sender_may_delete_by_either_door(who, state):
    newsroom = Newsroom(who, state)
    found = []

    for address, sent in [
        ("{pk}/delete/", {"post": "yes"}),
        ("", {"action": "delete_selected", "confirmed": "yes"}),
    ]:
        release = newsroom.release()
        sent = sent | {"_selected_action": [release.pk]}
        newsroom.client.post(RELEASES + address.format(pk=release.pk), sent)
        found.append(newsroom.row(release) is None)
        assert newsroom.row(release) in (None, newsroom.row_before)

    assert found == [may(who, "delete", state)] * 2


# Words


@EVERYBODY
@EVERYWHERE
def test_the_words_are_changed_by_those_who_may_and_stand_under_a_name(who, state):
    newsroom = Newsroom(who, state)
    release = newsroom.release()
    sent = {
        "title_ko": "고친 제목",
        "body_en": release.body_en,
        "release_date": "2014-09-09",
        "withdrawal_reason_ko": "오류",
        "correction_kind": "fix" if state == "public" else "",
        "contacts-TOTAL_FORMS": 1,
        "contacts-INITIAL_FORMS": 0,
        "contacts-0-name": "Press desk",
        "contacts-0-release": release.pk,
        "pictures-TOTAL_FORMS": 0,
        "pictures-INITIAL_FORMS": 0,
        "files-TOTAL_FORMS": 0,
        "files-INITIAL_FORMS": 0,
        "_made_from": str(MadeFrom.of(release)),
    }

    newsroom.client.post(f"{RELEASES}{release.pk}/change/", sent)

    after = newsroom.row(release)
    if may(who, "change", state):
        assert after["title_ko"] == "고친 제목"
        assert release.contacts.get().name == "Press desk"
        assert release.versions.first().saved_by == newsroom.user
    else:
        assert after == newsroom.row_before
        assert not release.contacts.exists()


@EVERYBODY
@EVERYWHERE
def test_what_was_public_before_is_hidden_by_those_who_may(who, state):
    newsroom = Newsroom(who, state)
    release = newsroom.release()
    now = timezone.now()
    content = versions.content_of(release)
    for number in (1, 2):
        release.versions.create(number=number, content=content, public_number=number, public_at=now)
    address = f"{RELEASES}{release.pk}/history/hide/"

    page = newsroom.client.get(address, {"version": 1})
    newsroom.client.post(address, {"version": 1, "do": "hide", "reason": "개인 정보"})

    hidden = release.versions.exclude(hidden_at=None)
    assert [version.number for version in hidden] == [1] * may(who, "hide", state)
    assert (page.status_code == 200) == may(who, "hide", state)
    if newsroom.user:
        assert workflow.may_hide_versions(newsroom.user, release) == may(who, "hide", state)


@EVERYBODY
def test_who_may_add_a_release_becomes_its_author_and_nobody_else_adds_one(who):
    newsroom = Newsroom(who)
    sent = {
        "title_ko": "새 글",
        "release_date": "2014-09-09",
        "author": 1,
        "approved_at_0": "2014-09-09",
        "approved_at_1": "09:00",
        "contacts-TOTAL_FORMS": 1,
        "contacts-INITIAL_FORMS": 0,
        "contacts-0-name": "Press desk",
        "pictures-TOTAL_FORMS": 0,
        "pictures-INITIAL_FORMS": 0,
        "files-TOTAL_FORMS": 0,
        "files-INITIAL_FORMS": 0,
    }

    form = newsroom.client.get(f"{RELEASES}add/")
    newsroom.client.post(f"{RELEASES}add/", sent)

    made = [(r.author, r.state, r.contacts.count()) for r in Release.objects.all()]
    assert made == ([(newsroom.user, "draft", 1)] if who in ADDS else [])
    assert (form.status_code == 200) == (who in ADDS)


# Sharing under embargo


@EVERYBODY
@EVERYWHERE
def test_links_to_a_release_are_made_by_those_who_may_publish_it(who, state):
    newsroom = Newsroom(who, state)
    release = newsroom.release()
    address = f"{RELEASES}{release.pk}/sharing/"

    page = newsroom.client.get(address)
    newsroom.client.post(address, {"label": "한국일보", "purpose": "reading", "until": "7"})

    shares = may_ever(who, "share")
    if shares:
        assert bool(read(page).all("input", name="label")) == may(who, "share", state)
    assert (page.status_code == 200) == shares
    made = [(link.release, link.created_by) for link in release.share_links.all()]
    assert made == [(release, newsroom.user)] * may(who, "share", state)


# What one may not see is as what does not exist


@UNSEEN
@pytest.mark.parametrize("method", ["get", "post"])
def test_what_somebody_may_not_see_answers_like_what_does_not_exist(who, state, method):
    newsroom = Newsroom(who, state)
    hidden = newsroom.release().pk
    ask = getattr(newsroom.client, method)

    def told(pk: int, address: str) -> tuple:
        response = ask(f"{RELEASES}{pk}/{address}", follow=True)
        ways = [(place.replace(str(pk), "#"), status) for place, status in response.redirect_chain]
        said = read(response).all("ul", class_="messagelist")
        return response.status_code, ways, [lst.words.replace(str(pk), "#") for lst in said]

    for address in ["change/", "delete/", "history/", *(f"step/{verb}/" for verb in VERBS)]:
        assert told(hidden, address) == told(hidden + 1000, address), address


@EVERYBODY
@EVERYWHERE
def test_the_way_to_the_site_gives_no_address_away(who, state):
    newsroom = Newsroom(who, state)
    release = newsroom.release()
    kind = ContentType.objects.get_for_model(Release).pk

    found = newsroom.client.get(f"/admin/r/{kind}/{release.pk}/")
    absent = newsroom.client.get(f"/admin/r/{kind}/{release.pk + 1000}/")

    if may(who, "view", state):
        assert found["Location"].endswith(release.get_absolute_url())
    else:
        assert found.status_code == absent.status_code == (302 if who == "stranger" else 404)
        assert release.slug not in found.get("Location", "")
    assert absent.status_code == (302 if who == "stranger" else 404)


@pytest.mark.parametrize("address", ["0/1", "x/1", "99999999999999999999/1", "1/x"])
def test_there_is_no_way_to_the_site_from_what_is_not_there(address):
    response = signed_in(person("superuser")).get(f"/admin/r/{address}/")

    assert response.status_code == 404


@EVERYBODY
@EVERYWHERE
def test_the_choices_of_a_form_show_what_the_list_shows_and_the_history_is_for_insiders(who, state):
    newsroom = Newsroom(who, state)
    release = newsroom.release()
    Release.objects.filter(pk=release.pk).update(title_ko="찾는 제목")
    asked = {"app_label": "releases", "model_name": "releasecontact", "field_name": "release"}

    history = newsroom.client.get(f"{RELEASES}{release.pk}/history/")
    choices = newsroom.client.get("/admin/autocomplete/", asked | {"term": "찾는"})
    listed = newsroom.client.get(RELEASES)

    visible = may(who, "view", state)
    assert (history.status_code == 200) == may(who, "history", state)
    offered = choices.json()["results"] if choices.status_code == 200 else []
    assert [choice["text"] for choice in offered] == ["(2014/9/9) 찾는 제목"] * visible
    assert ("찾는 제목" in listed.content.decode()) == visible


@AT_THE_DESK
def test_the_database_the_desk_and_the_rule_agree_on_what_somebody_may_see(who, state):
    newsroom = Newsroom(who, state)
    release = newsroom.release()
    request = RequestFactory().get(RELEASES)
    request.user = newsroom.user

    assert {
        Release.objects.on_the_desk_of(newsroom.user).filter(pk=release.pk).exists(),
        site.get_model_admin(Release).has_view_permission(request, release),
        workflow.may_see(newsroom.user, release),
    } == {may(who, "view", state)}


def test_a_release_that_lost_its_author_belongs_to_nobody(client):
    release = ReleaseFactory(**DRAFT)

    assert release.author is None
    assert not Release.objects.on_the_desk_of(AnonymousUser()).exists()
    assert not workflow.may_see(AnonymousUser(), release)


# Roles


def test_the_roles_hold_exactly_their_rights_whatever_somebody_did_to_them():
    group = Group.objects.get(name=ROLES["author"])
    group.permissions.set(Permission.objects.filter(codename="delete_user"))
    own = Group.objects.create(name="행사 담당")
    own.permissions.set(Permission.objects.filter(codename="view_release"))
    Group.objects.get(name=ROLES["editor"]).delete()

    roles.keep_in_step()

    held = {
        group.name: {
            f"{p.content_type.app_label}.{p.codename}"
            for p in group.permissions.select_related("content_type")
        }
        for group in Group.objects.all()
    }
    assert held == {name: set(rights) for name, rights in roles.ROLES.items()} | {
        "행사 담당": {"releases.view_release"}
    }


DIRECTORY_MAY = {"editor": True, "contact keeper": True, "superuser": True}


@EVERYBODY
@pytest.mark.parametrize("model", ["mission", "presscontact"])
def test_the_directory_is_kept_by_editors_and_contact_keepers(who, model):
    client = signed_in(person(who))

    page = client.get(f"/admin/contacts/{model}/add/")
    listing = client.get(f"/admin/contacts/{model}/")

    assert (page.status_code == 200) == DIRECTORY_MAY.get(who, False)
    assert (listing.status_code == 200) == (who not in ("stranger", "staff"))
