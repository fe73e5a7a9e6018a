"""Pages that are kept: shown again as they are, and never for longer than they are right.

A process of the site is one `Process` here. Clocks stand until a test moves them.
"""

import itertools
import threading
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from io import StringIO
from urllib.parse import unquote_to_bytes
from wsgiref.util import setup_testing_defaults

import pytest
from django.core.cache.backends.base import BaseCache
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.signals import request_started
from django.db import DatabaseError, close_old_connections, transaction
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import URLPattern, get_resolver

from contacts.models import PressContact
from iomnews import pages
from iomnews import settings as site
from iomnews.handler import Handler
from iomnews.stores import BoundedCache
from releases import doctor, edition, workflow
from releases.models import Change, DailyViews, Release, ViewCounter

from .factories import (
    NOT_PUBLIC,
    SEOUL,
    MissionFactory,
    PressContactFactory,
    ReleaseContactFactory,
    ReleaseFactory,
)
from .processes import Clock, Process, starter
from .uploads import file_of, picture_of

pytestmark = pytest.mark.django_db

MORNING = datetime(2026, 11, 24, 9, 0, 0, tzinfo=SEOUL)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
_numbers = itertools.count()


@pytest.fixture(autouse=True)
def _edition_looked_up_each_time():
    """Not here: it is what these tests are about."""


@pytest.fixture
def clock(monkeypatch) -> Clock:
    return Clock(MORNING, monkeypatch)


@pytest.fixture
def start(clock, settings, monkeypatch):
    """Start another process; edits are made in the one that was started first."""
    return starter(clock, settings, monkeypatch)


@pytest.fixture
def process(start) -> Process:
    return start()


@pytest.fixture
def release(clock) -> Release:
    return ReleaseFactory(title_ko="겨울나기 물품 지원", mission=MissionFactory(slug="iraq"))


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """`with committed():` what is edited is committed at its end."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def text(response: HttpResponse) -> str:
    return response.content.decode()


# Shown again


def test_a_page_is_made_once_and_then_costs_no_query(process, release, django_assert_num_queries):
    first = process.get("/")

    with django_assert_num_queries(0):
        again = process.get("/")

    assert process.made == ["/"]
    assert again.content == first.content
    assert dict(again.items()) == dict(first.items())
    assert "겨울나기 물품 지원" in text(again)


def test_the_head_alone_is_that_of_the_kept_page(process, release):
    whole = process.get("/")
    head = process.get("/", "head")

    assert process.made == ["/"]
    assert (head.status_code, head["ETag"]) == (200, whole["ETag"])


def test_each_language_has_a_page_of_its_own(process, release):
    assert 'lang="ko"' in text(process.get("/"))
    assert 'lang="en"' in text(process.get("/en/"))
    assert '<html lang="ko">' in text(process.get("/"))
    assert process.made == ["/", "/en/"]


def test_what_a_browser_prefers_to_read_makes_no_other_page(process, release):
    process.get("/", accept_language="en")
    process.get("/", accept_language="ko")

    assert process.made == ["/"]


def test_only_who_can_unpack_gets_a_packed_page(process, release):
    packed = process.get("/", accept_encoding="br, gzip;q=0.8")
    plain = process.get("/")
    again = process.get("/", accept_encoding="gzip, deflate")

    assert packed["Content-Encoding"] == again["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain
    assert packed["Vary"] == plain["Vary"] == "Accept-Encoding"
    assert again.content == packed.content != plain.content
    assert len(process.made) == 2


def test_each_host_has_a_page_of_its_own(process, release, settings):
    settings.ALLOWED_HOSTS = ["one.example.org", "two.example.org"]

    one, two = (process.get("/", host=f"{name}.example.org") for name in ("one", "two"))

    assert "http://one.example.org/" in text(one)
    assert "one.example.org" not in text(two)


def test_one_question_has_one_page_however_it_is_written(process, release):
    year = release.release_date.year
    process.get(f"/?mission=iraq&year={year}")
    process.get(f"/?year={year}&mission=iraq")
    process.get(f"/?q=&year={year}&month=&mission=iraq")
    process.get(f"/?year=1999&mission=iraq&year={year}")

    assert process.made == [f"/?mission=iraq&year={year}"]


def test_a_parameter_that_the_address_does_not_know_makes_no_page(process, release):
    with_it = process.get("/?utm_source=letter&fbclid=1")
    without = process.get("/")

    assert process.made == ["/"]
    assert with_it.content == without.content
    assert "utm_source" not in text(with_it)


@pytest.mark.parametrize("query", ["q=물품", "mission=iraq", "year=2014", "month=9"])
def test_each_filter_makes_a_page_of_its_own(process, release, query):
    plain, filtered = process.get("/"), process.get(f"/?{query}")

    assert filtered.status_code == 200
    assert filtered.content != plain.content
    assert len(process.made) == 2


@pytest.mark.parametrize("query", ["utm_source=x", "q=a&q=b"])
def test_the_api_goes_on_refusing_what_it_does_not_know(process, release, query):
    assert process.get("/api/releases/").status_code == 200
    assert process.get(f"/api/releases/?{query}").status_code == 400
    assert process.get(f"/api/releases/{release.pk}/?{query}").status_code == 400


def test_a_kept_answer_of_the_api_is_open_to_scripts_of_other_sites(process, release):
    first = process.get("/api/releases/")
    again = process.get("/api/releases/", if_none_match=first["ETag"])

    assert again.status_code == 304
    assert process.made == ["/api/releases/"]
    for answer in (first, process.get("/api/releases/"), again):
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert answer["Access-Control-Expose-Headers"] == "ETag"


@pytest.mark.parametrize("encoding", ["", "gzip"])
def test_who_has_the_page_is_told_that_it_stands(process, release, encoding):
    first = process.get("/", accept_encoding=encoding)

    again = process.get("/", accept_encoding=encoding, if_none_match=first["ETag"])
    other = process.get("/", accept_encoding=encoding, if_none_match='"another"')

    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]
    assert again["Cache-Control"] == first["Cache-Control"]
    assert "Content-Type" not in again
    assert again["Content-Security-Policy"] == first["Content-Security-Policy"]
    assert (other.status_code, other.content) == (200, first.content)


def test_a_page_is_kept_whole_though_the_first_to_ask_has_it_already(process, start, release):
    etag = process.get("/")["ETag"]
    other = start()

    assert other.get("/", if_none_match=etag).status_code == 304
    assert "겨울나기 물품 지원" in text(other.get("/"))
    assert other.made == ["/"]


def test_of_many_who_want_a_page_at_once_one_makes_it(process, release):
    together, made = threading.Barrier(4), []

    def make(request):
        made.append(request.path)
        time.sleep(0.05)
        answer = HttpResponse("the page")
        answer["Cache-Control"] = "no-cache"
        return answer

    process.ask.get_response = make
    process.watch.edition()
    answers = []

    def read():
        together.wait()
        answers.append(text(process.get("/")))

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()

    assert answers == ["the page"] * 4
    assert made == ["/"]


def test_when_making_a_page_fails_the_next_to_ask_makes_it(process, release):
    def fail(request):
        raise RuntimeError("no page")

    make, process.ask.get_response = process.ask.get_response, fail
    with pytest.raises(RuntimeError):
        process.get("/")
    process.ask.get_response = make

    assert process.get("/").status_code == 200


# Only what is the same for everyone


def test_staff_neither_see_nor_fill_it(process, release, settings):
    cookie = f"theme=dark; {settings.SESSION_COOKIE_NAME}=somebody"

    for _ in range(2):
        assert "public" not in process.get("/", cookie=cookie)["Cache-Control"]
    process.get("/")
    process.get("/", cookie=cookie)

    assert process.made == ["/"] * 4


def test_who_sends_an_authorization_passes_by(process, release):
    process.get("/")
    process.get("/", authorization="Bearer word")

    assert process.made == ["/"] * 2


def test_another_cookie_makes_no_difference(process, release):
    process.get("/")
    process.get("/", cookie="consent=no")

    assert process.made == ["/"]


@pytest.mark.parametrize(
    "address",
    [
        "/releases/0/none/",
        "/releases/{pk}/another/",
        "/?page=99",
        "/?page=",
        "/?year=x",
        "/api/releases/0/",
    ],
)
def test_what_is_no_page_is_not_kept(process, release, address):
    address = address.format(pk=release.pk)

    answers = [process.get(address) for _ in range(2)]

    assert answers[0].status_code == answers[1].status_code >= 301
    assert "public" not in answers[0].get("Cache-Control", "")
    assert len(process.made) == 2
    assert process.memory.size == 0


@pytest.mark.parametrize("times", NOT_PUBLIC.values(), ids=NOT_PUBLIC)
def test_a_release_that_is_not_public_is_not_kept(process, times):
    hidden = ReleaseFactory(**times)

    answer = process.get(hidden.get_absolute_url())

    assert answer.status_code in (404, 410)
    assert process.memory.size == 0


@pytest.mark.parametrize(
    "change",
    [
        {"Cache-Control": "private"},
        {"Cache-Control": "no-store"},
        {"Cache-Control": "public, max-age=3600"},
        {"Vary": "Cookie"},
        {"Vary": "Accept-Encoding, Cookie"},
    ],
    ids=str,
)
def test_what_says_that_it_is_not_for_everyone_is_left_as_it_is(process, change):
    headers = {"Cache-Control": "no-cache"} | change
    process.ask.get_response = lambda request: HttpResponse("one's own", headers=headers)

    assert process.get("/")["Cache-Control"] == headers["Cache-Control"]
    assert process.memory.size == 0


def test_what_sets_a_cookie_is_not_kept(process):
    def make(request):
        answer = HttpResponse("a page", headers={"Cache-Control": "no-cache"})
        answer.set_cookie("name", "value")
        return answer

    process.ask.get_response = make

    assert "name" in process.get("/").cookies
    assert process.memory.size == 0


def test_nothing_is_shown_again_while_the_site_is_being_worked_on(process, release, settings):
    process.get("/")
    settings.MAINTENANCE = True

    assert process.get("/").status_code == 503


# What visitors can reach and is not kept, with the reason.
NOT_KEPT = {
    "theme": "says itself for how long",
    "robots": "says itself for how long",
    "favicon": "says itself for how long",
    "manifest": "says itself for how long",
    "releases:short": "leads on, at any number of addresses",
    "releases:correction": "a version of it may be hidden at any time",
    "releases:version": "may be hidden at any time",
    "reading": "counts",
    "reading-picture": "counts",
    "picture": "asks the database each time",
    "picture-original": "asks the database each time",
    "release-file": "asks the database each time",
    "embargo": "for whoever has the link",
    "embargo-text": "for whoever has the link",
    "shared-picture": "for whoever has the link",
    "shared-original": "for whoever has the link",
    "shared-file": "for whoever has the link",
    "shared-vcard": "for whoever has the link",
    "approval": "for whoever has the link",
}


def public_addresses() -> dict[str, str]:
    """The name of each address outside the desk, with an example of it."""
    examples = {"pk": 1, "slug": "word", "section": "pages-ko", "place": 0, "picture_pk": 1}
    examples |= {"width": 480, "ending": "webp", "file_pk": 1, "name": "a.pdf", "token": "x"}
    examples["number"] = 1
    found = {}

    def walk(patterns, before: str, space: str):
        for pattern in patterns:
            route = before + str(pattern.pattern)
            if getattr(pattern, "app_name", "") == "admin":
                continue
            if isinstance(pattern, URLPattern):
                parts = route.replace("<", "{").replace(">", "}")
                for kind in ("int:", "str:", "slug:"):
                    parts = parts.replace(kind, "")
                found[space + pattern.name] = "/" + parts.format(**examples)
            else:
                name = getattr(pattern, "namespace", None)
                walk(pattern.url_patterns, route, f"{name}:" if name else space)

    walk(get_resolver().url_patterns, "", "")
    return found


def test_of_each_public_address_is_known_whether_it_is_kept():
    addresses = public_addresses()
    asked = {name: pages.asked_page(RequestFactory().get(at)) for name, at in addresses.items()}

    assert {name for name, page in asked.items() if page is None} == set(NOT_KEPT)
    assert len(asked) > 20


# Before Django


class Gunicorn:
    """Calls the handler as gunicorn does. `begun` holds what Django was asked."""

    def __init__(self, process: Process):
        self.handler = Handler()
        self.handler.pages = process.ask
        self.handler.get_response = process.ask
        self.begun: list[str] = []
        request_started.connect(self._begun)

    def _begun(self, environ, **signal):
        self.begun.append(environ["PATH_INFO"])

    def get(self, address: str, method: str = "GET", **environ) -> tuple[str, dict, bytes]:
        """Status, headers and content."""
        path, _, query = address.partition("?")
        environ |= {"REQUEST_METHOD": method, "QUERY_STRING": query}
        environ["PATH_INFO"] = unquote_to_bytes(path).decode("latin-1")
        setup_testing_defaults(environ)
        said = []
        parts = self.handler(environ, lambda status, headers: said.append((status, headers)))
        content = b"".join(parts)
        ((status, headers),) = said
        assert len(dict(headers)) == len(headers)
        return status, dict(headers), content


@pytest.fixture
def gunicorn(process, release) -> Iterator[Gunicorn]:
    # As Django's test client does it, or the test would lose its database.
    request_started.disconnect(close_old_connections)
    yield Gunicorn(process)
    request_started.connect(close_old_connections)


@pytest.mark.parametrize("query", ["", "?page=1", "?q=%EB%AC%BC%ED%92%88"])
@pytest.mark.parametrize("packed", ["", "gzip"])
def test_what_the_process_has_at_hand_needs_no_django(
    gunicorn, release, query, packed, django_assert_num_queries
):
    address = f"/{query}" if query else release.get_absolute_url()
    first = gunicorn.get(address, HTTP_ACCEPT_ENCODING=packed)
    gunicorn.begun.clear()

    with django_assert_num_queries(0):
        again = gunicorn.get(address, HTTP_ACCEPT_ENCODING=packed)

    assert (first[0], gunicorn.begun) == ("200 OK", [])
    assert again == first


def test_who_has_the_page_is_told_so_without_django(gunicorn, release):
    _status, headers, _content = gunicorn.get(release.get_absolute_url())
    gunicorn.begun.clear()

    status, known, content = gunicorn.get(
        release.get_absolute_url(), HTTP_IF_NONE_MATCH=headers["ETag"]
    )

    assert (status, content, gunicorn.begun) == ("304 Not Modified", b"", [])
    assert (known["ETag"], known["Cache-Control"]) == (headers["ETag"], headers["Cache-Control"])


def test_what_is_not_at_hand_is_for_django(gunicorn, release, clock, committed):
    def begun(address="/", **environ) -> int:
        gunicorn.begun.clear()
        assert gunicorn.get(address, **environ)[0] == "200 OK"
        return len(gunicorn.begun)

    assert (begun(), begun()) == (1, 0)
    assert begun("/en/") == 1  # another page
    assert begun(HTTP_COOKIE="sessionid=x") == 1
    assert begun(HTTP_AUTHORIZATION="Basic x") == 1
    clock.pass_(SECOND)
    assert (begun(), begun()) == (1, 0)  # the edition is looked up
    with committed():
        release.save()
    assert (begun(), begun()) == (1, 0)


def test_without_kept_pages_all_is_for_django(settings):
    settings.PAGE_CACHE_MB = 0

    assert Handler().pages is None


# Never longer than it is right


def test_an_edit_shows_with_the_next_request_in_its_own_process(process, release, committed):
    process.get(release.get_absolute_url())

    with committed():
        release.title_ko = "겨울나기 물품 전달"
        release.save()

    assert "물품 전달" in text(process.get(release.get_absolute_url()))
    assert "물품 전달" in text(process.get("/"))


def test_an_edit_shows_within_a_second_in_every_other_process(
    process, start, clock, release, committed
):
    other = start()
    other.get("/")

    with committed():
        release.title_ko = "겨울나기 물품 전달"
        release.save()
    clock.pass_(SECOND)

    assert "물품 전달" in text(other.get("/"))


def test_each_process_asks_the_database_at_most_once_a_second(
    process, clock, release, django_assert_num_queries
):
    process.get("/")
    clock.pass_(0.9 * SECOND)
    with django_assert_num_queries(0):
        process.get("/")
    clock.pass_(0.1 * SECOND)

    with django_assert_num_queries(3):  # content version, newest release, next ones
        process.get("/")
    with django_assert_num_queries(0):
        process.get("/")


IMPORTED = """(2014/9/9) 이주민 지원
Iraq - 본문이다.
Posted on Tue, Sep-09-2014
"""


def imported(release: Release, folder) -> None:
    (folder / "releases.txt").write_text(IMPORTED)
    call_command(
        "import_releases", folder / "releases.txt", create_missions=True, stdout=StringIO()
    )


EDITS = {
    "headline": lambda release, folder: release.save(),
    "deletion": lambda release, folder: release.delete(),
    "contact row": lambda release, folder: ReleaseContactFactory(release=release),
    "fewer contact rows": lambda release, folder: release.contacts.all().delete(),
    "picture": lambda release, folder: picture_of(release),
    "file": lambda release, folder: file_of(release),
    "mission": lambda release, folder: release.mission.save(),
    "press contact": lambda release, folder: PressContactFactory(),
    "handing over": lambda release, folder: PressContact.objects.get().hand_over(
        date.today(), None
    ),
    "withdrawal": lambda release, folder: workflow.withdraw(release, reason_ko="숫자가 틀렸다."),
    "import": imported,
    "making": lambda release, folder: call_command("make_releases", 1, yes=True, stdout=StringIO()),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_each_edit_makes_another_edition(process, release, committed, tmp_path, settings, edit):
    settings.MEDIA_ROOT = tmp_path
    entry = PressContactFactory()
    ReleaseContactFactory(release=release, contact=entry)
    before = process.watch.edition()

    with committed():
        edit(release, tmp_path)

    assert process.watch.edition() != before


def test_the_samples_make_another_edition(process, committed):
    before = process.watch.edition()

    with committed():
        call_command("load_samples", stdout=StringIO())

    assert process.watch.edition() != before


def test_reading_makes_no_other_edition(process, release, committed):
    process.get(release.get_absolute_url())
    before = process.watch.edition()

    with committed():
        DailyViews.objects.create(release=release, day=MORNING.date(), count=1)
        doctor.note(release)
    process.watch.forget()

    assert process.watch.edition() == before


def test_an_edit_that_is_given_up_makes_no_other_edition(process, release):
    before = process.watch.edition()

    with transaction.atomic():
        release.save()
        transaction.set_rollback(True)
    process.watch.forget()

    assert process.watch.edition() == before


def test_old_marks_are_thinned_out(process, monkeypatch):
    monkeypatch.setattr(edition, "MARKS_KEPT", 10)

    for _ in range(35):
        edition.changed()

    assert 10 <= Change.objects.count() <= 20


def test_a_withdrawal_acts_with_the_next_request(process, start, clock, release, committed):
    other = start()
    address = release.get_absolute_url()
    assert [at.get(address).status_code for at in (process, other)] == [200, 200]

    with committed():
        workflow.withdraw(release, reason_ko="숫자가 틀렸다.")

    assert process.get(address).status_code == 410
    assert "겨울나기" not in text(process.get("/"))
    clock.pass_(SECOND)
    assert other.get(address).status_code == 410
    assert "겨울나기" not in text(other.get("/"))


@pytest.mark.parametrize("address", ["/", "/feed/", "/api/releases/", "/missions/", "/en/"])
def test_a_scheduled_release_appears_on_its_second_everywhere(
    process, start, clock, address, django_assert_num_queries
):
    due = clock.now() + 0.5 * SECOND
    release = ReleaseFactory(title_ko="예정된 소식", mission=MissionFactory(), publish_at=due)
    shown = release.mission.name_ko if address == "/missions/" else "예정된 소식"
    shown = release.mission.name_en if address == "/en/" else shown
    processes = [process, start()]
    for one in processes:
        assert shown not in text(one.get(address))
        assert one.get(release.get_absolute_url()).status_code == 404

    clock.at = due - timedelta(microseconds=1)
    with django_assert_num_queries(0):
        for one in processes:
            assert shown not in text(one.get(address))
    clock.at = due

    with django_assert_num_queries(0):
        assert {one.watch.edition().newest for one in processes} == {due}
    for one in processes:
        assert shown in text(one.get(address))
        assert one.get(release.get_absolute_url()).status_code == 200


def test_what_is_published_now_appears_when_its_grace_is_over(process, clock, settings, committed):
    settings.PUBLISH_GRACE = 60
    draft = ReleaseFactory(title_ko="이제 공개", approved_at=None, publish_at=None)
    with committed():
        workflow.publish_now(draft)
    address = draft.get_absolute_url()

    clock.pass_(59 * SECOND)
    assert process.get(address).status_code == 404
    assert "이제 공개" not in text(process.get("/"))
    clock.pass_(SECOND)

    assert process.get(address).status_code == 200
    assert "이제 공개" in text(process.get("/"))


def test_what_changes_without_an_edit_shows_within_a_minute(process, clock, release):
    before = process.get("/")
    ViewCounter.objects.update_or_create(release=release, defaults={"total": 4711})

    clock.pass_(59 * SECOND)
    assert process.get("/").content == before.content
    clock.pass_(SECOND)

    assert "4,711" in text(process.get("/", if_none_match=before["ETag"]))


def test_who_has_left_is_gone_at_midnight(process, clock):
    clock.at = MORNING.replace(hour=23, minute=59, second=59, microsecond=900_000)
    PressContactFactory(name="Anne Example", left_on=clock.at.date())
    assert "Anne Example" in text(process.get("/contacts/"))

    clock.pass_(0.1 * SECOND)

    assert "Anne Example" not in text(process.get("/contacts/"))


def test_browsers_ask_each_time_and_proxies_after_a_second(process, release):
    told = process.get("/")["Cache-Control"]

    assert told.split(", ") == [
        "public",
        "max-age=0",
        "s-maxage=1",
        "stale-while-revalidate=1",
        "stale-if-error=3600",
    ]


def test_no_proxy_keeps_a_page_past_the_hour_of_a_scheduled_release(process, clock, release):
    ReleaseFactory(publish_at=clock.now() + 10 * SECOND)
    assert "s-maxage=1" in process.get("/")["Cache-Control"]

    clock.pass_(8 * SECOND)  # it is kept here since then

    told = process.get("/")["Cache-Control"]
    assert process.made == ["/"]
    assert "s-maxage=0" in told
    assert "stale-while-revalidate" not in told


# Races


def test_a_page_made_while_its_release_is_withdrawn_is_never_shown_again(
    process, start, clock, release, committed
):
    other, address = start(), release.get_absolute_url()
    make = process.ask.get_response

    def made_while_withdrawn(request):
        page = make(request)
        with committed():
            workflow.withdraw(release, reason_ko="숫자가 틀렸다.")
        return page

    process.ask.get_response = made_while_withdrawn
    assert process.get(address).status_code == 200  # it was read before
    process.ask.get_response = make

    assert process.get(address).status_code == 410
    clock.pass_(SECOND)
    assert other.get(address).status_code == 410


def test_what_is_edited_while_the_edition_is_looked_up_is_not_overlooked(
    process, release, committed, monkeypatch
):
    look_up = edition._look_up

    def looked_up_before_the_edit(*words):
        known = look_up(*words)
        monkeypatch.setattr(edition, "_look_up", look_up)
        with committed():
            release.title_ko = "겨울나기 물품 전달"
            release.save()
        return known

    monkeypatch.setattr(edition, "_look_up", looked_up_before_the_edit)
    process.watch.edition()

    before = edition._look_up(0, MORNING).version
    assert process.watch.edition().version == before


# Trouble


def test_pages_are_shown_though_the_database_is_gone(process, clock, release, monkeypatch):
    ReleaseFactory(publish_at=clock.now() + 30 * SECOND)
    page = process.get("/")

    def gone(*words):
        raise DatabaseError

    monkeypatch.setattr(edition, "_look_up", gone)
    clock.pass_(20 * SECOND)

    assert process.get("/").content == page.content
    clock.pass_(10 * SECOND)
    assert process.watch.edition().newest == clock.now()


def gone(*words):
    raise DatabaseError


def test_a_page_that_stands_without_a_database_says_how_old_it_is(
    process, clock, release, monkeypatch
):
    page = process.get("/")
    monkeypatch.setattr(edition, "_look_up", gone)
    clock.pass_(59 * MINUTE)

    stale = process.get("/")
    known = process.get("/", if_none_match=page["ETag"])

    assert stale.content == page.content
    assert (stale["Age"], known["Age"]) == ("3540", "3540")
    assert stale["Cache-Status"] == 'iomnews; hit; ttl=-3480; detail="database away"'
    assert known.status_code == 304
    assert "Age" not in page
    clock.pass_(MINUTE)
    process.get("/")
    assert process.made == ["/", "/"]


def test_once_the_database_is_back_pages_are_made_anew(process, clock, release, monkeypatch):
    process.get("/")
    with monkeypatch.context() as trouble:
        trouble.setattr(edition, "_look_up", gone)
        clock.pass_(2 * MINUTE)
        assert "Age" in process.get("/")
    clock.pass_(SECOND)

    assert "Age" not in process.get("/")
    assert process.made == ["/", "/"]


def test_a_page_stands_where_making_it_fails_before_anybody_knows_why(process, clock, release):
    page = process.get("/")
    clock.pass_(2 * MINUTE)
    process.ask.get_response = lambda request: HttpResponse(status=503)

    stale = process.get("/")

    assert (stale.status_code, stale.content, stale["Age"]) == (200, page.content, "120")


def test_without_a_database_nothing_appears_that_is_due(process, clock, release, monkeypatch):
    due = ReleaseFactory(title_ko="예정된 소식", publish_at=clock.now() + 30 * SECOND)
    page = process.get("/")
    monkeypatch.setattr(edition, "_look_up", gone)
    clock.pass_(20 * SECOND)
    process.get("/")
    clock.pass_(20 * SECOND)

    assert process.get("/").content == page.content
    assert process.get(due.get_absolute_url()).status_code == 503


def test_what_was_edited_here_before_the_database_went_away_does_not_stand(
    process, clock, release, committed, monkeypatch
):
    process.get(release.get_absolute_url())
    with committed():
        workflow.withdraw(release, reason_ko="숫자가 틀렸다.")
    process.watch.edition()
    monkeypatch.setattr(edition, "_look_up", gone)
    clock.pass_(SECOND)

    assert process.get(release.get_absolute_url()).status_code == 503


def test_a_clock_that_is_put_back_leaves_no_page_in_the_future(process, clock, release):
    clock.pass_(60 * MINUTE)
    process.get("/")
    clock.pass_(-60 * MINUTE)
    process.get("/")

    assert process.made == ["/", "/"]


def test_without_a_database_from_the_start_the_page_itself_says_so(process, monkeypatch):
    def gone(*words):
        raise DatabaseError

    monkeypatch.setattr(edition, "_look_up", gone)
    process.get("/contacts/")

    assert process.made == ["/contacts/"]
    assert process.memory.size == 0


class Shared(BaseCache):
    """A cache that processes share, and that can be down."""

    def __init__(self):
        super().__init__({})
        self.entries, self.is_down, self.asked = {}, False, 0

    def get(self, key, default=None, version=None):
        self._answer()
        return self.entries.get(key, default)

    def set(self, key, value, timeout=None, version=None):
        self._answer()
        self.entries[key] = value

    def _answer(self):
        self.asked += 1
        if self.is_down:
            raise ConnectionError("no cache here")


@pytest.fixture
def shared(start) -> tuple[Shared, Process, Process]:
    cache, one, other = Shared(), start(), start()
    for process in (one, other):
        process.ask.shared = pages.SharedPages(cache)
    return cache, one, other


def test_what_one_process_made_another_need_not_make(shared, release, clock):
    _cache, one, other = shared
    page = one.get("/")

    clock.pass_(50 * SECOND)
    assert other.get("/").content == page.content
    assert other.made == []
    clock.pass_(10 * SECOND)  # it is a minute old, though not in that process

    other.get("/")
    assert other.made == ["/"]


def test_a_shared_cache_that_is_down_breaks_no_page(shared, release):
    cache, one, other = shared
    cache.is_down = True

    assert [process.get("/").status_code for process in (one, other)] == [200, 200]
    asked = cache.asked
    one.get("/en/")

    assert cache.asked == asked  # nobody waits for it again so soon


# Bounds


def test_what_is_kept_stays_within_its_bound(process):
    process.ask.get_response = lambda request: HttpResponse(
        request.path * 1_000, headers={"Cache-Control": "no-cache"}
    )

    for number in range(1_000):
        process.get(f"/releases/{number}/word/")

    assert 2**22 * 0.95 < process.memory.size <= 2**22
    process.made.clear()
    assert process.memory.get("none") is None


def test_what_was_asked_for_longest_ago_goes_first():
    memory = BoundedCache(f"bounds {next(_numbers)}", {"OPTIONS": {"max_bytes": 200_000}})
    for name in "abcdefghijklmnopqrstuvwxyz":
        memory.set(name, b"x" * 9_000)
        memory.get("a")

    assert memory.get("a")
    assert memory.get("b") is None
    assert memory.get("z")


def test_one_file_does_not_put_out_all_pages():
    memory = BoundedCache(f"bounds {next(_numbers)}", {"OPTIONS": {"max_bytes": 200_000}})
    memory.set("page", b"x" * 1_000)
    memory.set("file", b"x" * 100_000)
    memory.set("page of another length", b"x" * 2_000)
    memory.set("page of another length", b"x" * 1_000)

    assert memory.get("file") is None
    assert memory.get("page")
    before = memory.size
    memory.delete("page")
    memory.delete("page of another length")
    assert (before > 2_000, memory.size) == (True, 0)


@pytest.mark.parametrize("written", ["memcached://host", "localhost", "http://host:6379"])
def test_only_a_valkey_or_redis_is_taken_for_the_shared_cache(monkeypatch, written):
    monkeypatch.setenv("CACHE_URL", written)

    with pytest.raises(ImproperlyConfigured, match="CACHE_URL"):
        site.shared_cache("CACHE_URL")


@pytest.mark.parametrize("written", ["valkey://host:6379/0", "redis://host:6379/0"])
def test_a_valkey_is_reached_as_a_redis(monkeypatch, written):
    monkeypatch.setenv("CACHE_URL", written)

    assert site.shared_cache("CACHE_URL")["shared"]["LOCATION"] == "redis://host:6379/0"


def test_a_shared_cache_without_its_client_stops_the_start(monkeypatch):
    monkeypatch.setenv("CACHE_URL", "redis://host:6379/0")
    monkeypatch.setattr(site, "find_spec", lambda name: None)

    with pytest.raises(ImproperlyConfigured, match="pip install redis"):
        site.shared_cache("CACHE_URL")
