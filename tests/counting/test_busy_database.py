"""While the database is busy or away, readers are asked to come again, and nothing is half done."""

import pytest
from django.db import OperationalError, connection

from releases.models import DailyViews, RecentReader, ViewCounter
from tests.factories import ReleaseFactory
from tests.serving import BROWSER

pytestmark = pytest.mark.django_db

FROM_A_PAGE = {"HTTP_SEC_FETCH_SITE": "same-origin", "HTTP_USER_AGENT": BROWSER}


@pytest.fixture
def busy():
    """The database refuses the last statement of a reading."""

    def refuse(execute, sql, *others):
        if "releases_viewcounter AS" in sql:
            raise OperationalError("database is locked")
        return execute(sql, *others)

    with connection.execute_wrapper(refuse):
        yield


@pytest.mark.parametrize(("method", "name"), [("POST", "views/"), ("GET", "views.gif")])
def test_a_reading_that_the_database_cannot_take_is_asked_for_again(client, busy, method, name):
    release = ReleaseFactory()

    answer = client.generic(method, f"/releases/{release.pk}/{name}", **FROM_A_PAGE)

    assert answer.status_code == 503
    assert int(answer["Retry-After"]) > 0
    assert answer["Cache-Control"] == "no-store"
    for table in (RecentReader, DailyViews, ViewCounter):
        assert not table.objects.exists()
