"""Every public page passes axe, on a phone and a desktop, in light and dark."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.factories import (
    MissionFactory,
    PressContactFactory,
    ReleaseContactFactory,
    ReleaseFactory,
)

from .conftest import DESKTOP, PHONE

pytestmark = pytest.mark.django_db(transaction=True)

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_every_public_page_is_accessible(open_page, viewport, scheme):
    mission = MissionFactory(slug="iraq", name_ko="이라크", name_en="Iraq")
    releases = ReleaseFactory.create_batch(20, mission=mission)
    table = f"<table><tr>{'<td>12,345</td>' * 12}</tr></table>"
    wide = ReleaseFactory(mission=mission, body_ko=table * 2)
    ReleaseContactFactory(release=releases[0], contact=PressContactFactory(mission=mission))
    page = open_page(viewport, color_scheme=scheme)
    addresses = [
        "/",
        "/?q=nothing",
        "/?q=소식&mission=iraq&year=1999",
        "/missions/",
        "/missions/iraq/",
        "/contacts/",
        "/api/",
    ]

    texts = [release.get_absolute_url(language="ko") for release in (releases[0], wide)]
    for address in [*addresses, *texts]:
        for prefix in ("", "/en"):
            page.goto(prefix + address)
            found = Axe().run(page, options=RULES).response["violations"]
            assert [(v["id"], [n["html"] for n in v["nodes"]]) for v in found] == [], page.url
