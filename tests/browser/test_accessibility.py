"""Every public page passes axe, on a phone and a desktop, in light and dark."""

import pytest

from tests.factories import (
    MissionFactory,
    PressContactFactory,
    ReleaseContactFactory,
    ReleaseFactory,
)

from .axe import faults_of, on_each_screen
from .conftest import LANGUAGES

pytestmark = pytest.mark.django_db(transaction=True)


@LANGUAGES
def test_every_public_page_is_accessible(open_page, prefix):
    mission = MissionFactory(slug="iraq", name_ko="이라크", name_en="Iraq")
    releases = ReleaseFactory.create_batch(20, mission=mission)
    table = f"<table><tr>{'<td>12,345</td>' * 12}</tr></table>"
    wide = ReleaseFactory(mission=mission, body_ko=table * 2)
    ReleaseFactory(summary_ko="구호 물자를 전했다.", body_ko="<p>구호 물자를 전했다.</p>")
    ReleaseContactFactory(release=releases[0], contact=PressContactFactory(mission=mission))
    page = open_page()
    addresses = [
        "/",
        "/?q=nothing",
        "/?q=물자",
        "/?q=소식&mission=iraq&year=1999",
        "/missions/",
        "/missions/iraq/",
        "/contacts/",
        "/api/",
    ]

    texts = [release.get_absolute_url(language="ko") for release in (releases[0], wide)]
    for address in [*addresses, *texts]:
        page.goto(prefix + address)
        for screen in on_each_screen(page):
            assert faults_of(page) == [], (page.url, screen)
