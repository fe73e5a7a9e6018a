"""How the databases go about what is asked: no page reads the table of releases from end to end.

PostgreSQL may rightly read a small table whole; told not to, it still does where no index serves.
SQLite calls that SCAN, unless an index holds all that is asked for.
"""

from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from releases import census, sitemaps
from releases.models import Release
from releases.search import finding

from .desk.people import EDITOR, person, signed_in
from .reading import known_edition, queries_of

# What has not been committed and vacuumed makes an index look dearer than it will be.
pytestmark = pytest.mark.django_db(transaction=True)

NUMBER = 2_000  # releases
WAYS_OF_SMALL_TABLES = ("seqscan", "bitmapscan", "sort", "incremental_sort")
LIST = "/en/admin/releases/release/"


@pytest.fixture
def middle(monkeypatch) -> Iterator[Release]:
    """The release in the middle of a newsroom of NUMBER, many times what a file of it holds."""
    monkeypatch.setattr(sitemaps.InLanguage, "limit", NUMBER // 20)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # Tests do not wait for the disk, and of what is not written yet no VACUUM says that
            # all see it: an index alone could not answer.
            cursor.execute("SET synchronous_commit = on")
    call_command("make_releases", NUMBER, yes=True, stdout=StringIO())
    if connection.vendor == "sqlite":
        yield Release.objects.public().newest_first()[NUMBER // 2]
        return
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE) releases_release")  # as the server does by itself, later
        # Nor may it sort what an index has in order: of so few releases it costs less.
        for way in WAYS_OF_SMALL_TABLES:
            cursor.execute(f"SET enable_{way} = off")
        yield Release.objects.public().newest_first()[NUMBER // 2]
        cursor.execute("RESET ALL")


def public_addresses(middle: Release) -> list[str]:
    mission, year = middle.mission.slug, middle.release_date.year
    return [
        "/",
        f"/?page={NUMBER // 40}",
        f"/?mission={mission}",
        f"/?mission={mission}&page=5",
        f"/?year={year}",
        f"/?year={year}&month={middle.release_date.month}",
        f"/?month={middle.release_date.month}",
        f"/?year={year}&mission={mission}",
        middle.get_absolute_url(),
        middle.get_text_url(),
        "/missions/",
        f"/missions/{mission}/?page=5",
        "/contacts/",
        "/feed/",
        f"/missions/{mission}/feed/atom/",
        f"/feed/json/?year={year}",
        "/sitemap.xml",
        "/sitemap-releases-ko.xml",
        "/sitemap-releases-en.xml?p=9",
        "/api/releases/",
        f"/api/releases/?page={NUMBER // 40}",
        "/api/releases/?since=2999-01-01",
        f"/api/releases/{middle.pk}/",
        "/releases.csv?year=1999",
    ]


def plan(sql: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {'QUERY PLAN ' if connection.vendor == 'sqlite' else ''}{sql}")
        return [row[-1].strip() for row in cursor.fetchall()]


def reads_all(step: str, allowed: str = "COVERING INDEX") -> bool:
    if connection.vendor == "sqlite":
        return step.startswith("SCAN releases_release") and allowed not in step
    return "Seq Scan on releases_release" in step


def is_in_index_alone(steps: list[str]) -> bool:
    words = "COVERING INDEX" if connection.vendor == "sqlite" else "Index Only Scan"
    return any(words in step for step in steps)


def of_releases(asked: list[str]) -> list[str]:
    return [sql for sql in asked if sql.startswith("SELECT") and '"releases_release"' in sql]


def test_no_page_reads_all_releases(client, middle):
    for address in public_addresses(middle):
        for sql in of_releases(queries_of(client, address)):
            steps = plan(sql)
            assert not any(map(reads_all, steps)), (address, sql, steps)


def test_no_page_asks_more_than_six_times(client, middle):
    for address in public_addresses(middle):
        assert len(queries_of(client, address)) <= 6, address


def test_a_page_far_back_is_found_in_an_index_alone(client, middle):
    mission = middle.mission.slug
    for address in (
        f"/?page={NUMBER // 40}",
        f"/?mission={mission}&page=5",
        "/api/releases/?page=9",
    ):
        skipping = [sql for sql in queries_of(client, address) if " OFFSET " in sql]
        assert len(skipping) == 1, address
        assert is_in_index_alone(plan(skipping[0])), (address, plan(skipping[0]))


def test_releases_are_counted_in_an_index_alone(middle):
    with CaptureQueriesContext(connection) as asked:
        census._count()

    steps = plan(asked.captured_queries[-1]["sql"])

    assert is_in_index_alone(steps), steps
    assert not any(map(reads_all, steps)), steps


def test_no_page_counts_releases_anew(client, middle):
    for address in ("/", "/?month=5", "/missions/", "/feed/"):
        asked = of_releases(queries_of(client, address))

        assert not [sql for sql in asked if "COUNT(" in sql], address


def test_nor_does_the_list_at_the_desk_read_them_all(middle):
    editor = signed_in(person(EDITOR))
    for query in (
        "",
        "?p=5",
        "?state=draft",
        "?state=public",
        f"?mission__id__exact={middle.mission.pk}",
    ):
        with known_edition(), CaptureQueriesContext(connection) as captured:
            assert editor.get(LIST + query).status_code == 200, query
        for sql in of_releases([asked["sql"] for asked in captured.captured_queries]):
            steps = plan(sql)
            # In the order of an index, until the page is full.
            walked = (
                "INDEX" if "LIMIT" in sql and not any("TEMP" in step for step in steps) else "?"
            )
            assert not any(reads_all(step, walked) for step in steps), (query, sql, steps)


def test_a_search_looks_each_release_up_and_compares_it_with_no_hit(client, middle, monkeypatch):
    monkeypatch.setattr(finding, "SOME", 20)  # so that a newsroom of some size has many hits
    name = middle.mission.name_ko
    searches = [sql for sql in queries_of(client, f"/?q={name}") if '"releases_release"' in sql]

    plans = [plan(sql) for sql in searches if "releases_search" in sql]
    assert plans
    for steps in plans:
        assert not [step for step in steps if "Join Filter" in step or "CORRELATED" in step], steps


def test_a_search_that_finds_some_looks_at_those_alone(client, middle):
    name = middle.mission.name_ko
    searches = [sql for sql in queries_of(client, f"/?q={name}") if '"releases_release"' in sql]

    assert searches
    for sql in searches:
        assert "releases_search" not in sql  # what the index holds is asked apart, once
        assert not any(reads_all(step, "?") for step in plan(sql)), (sql, plan(sql))
